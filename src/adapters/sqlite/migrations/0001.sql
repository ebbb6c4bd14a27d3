-- State of one clinic. Every table is STRICT: a value of another type is damage, not something to guess about.
-- Times are UTC seconds; stretches of time are milliseconds; holds are JSON {"left_ms","boot","at_ms"}.

CREATE TABLE clinic (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    id            TEXT    NOT NULL,
    keychain_id   TEXT    NOT NULL,
    stage         TEXT    NOT NULL CHECK (stage IN ('pending', 'proved', 'active')),
    name          TEXT    NOT NULL,
    created_unix  INTEGER NOT NULL,
    settings      TEXT    NOT NULL,
    epoch         INTEGER NOT NULL,
    gauge         TEXT    NOT NULL,
    clocks        TEXT    NOT NULL, -- JSON {"unix_secs","boot","at_ms"}: both clocks at the last change
    device_key    BLOB    NOT NULL,
    sms_secret    BLOB,             -- the password of the service that sends texts, sealed
    texts         TEXT    NOT NULL, -- JSON: texts of this day and this month
    recovery_slot BLOB,
    key_due       TEXT,
    database_key  BLOB,
    database_next BLOB,
    roll          TEXT    NOT NULL, -- JSON {person: tag}: which row of each person is the right one
    head_number   INTEGER NOT NULL,
    head_tag      BLOB    NOT NULL,
    tag           BLOB    NOT NULL  -- over all of the above
) STRICT;

CREATE TABLE person (
    id                TEXT    PRIMARY KEY,
    name              TEXT    NOT NULL,
    name_key          TEXT    NOT NULL UNIQUE,
    role              TEXT    NOT NULL CHECK (role IN ('staff', 'manager')),
    stage             TEXT    NOT NULL CHECK (stage IN ('pending', 'active', 'reset')),
    slot_salt         BLOB,
    slot_cost         TEXT,
    slot_sealed       BLOB,
    activation_salt   BLOB,
    activation_cost   TEXT,
    activation_sealed BLOB,
    activation_until  TEXT, -- JSON {"until_unix", "hold"}
    generation        INTEGER NOT NULL,
    seen              INTEGER NOT NULL,
    code_key          BLOB    NOT NULL,
    password_unix     INTEGER NOT NULL,
    signed_in_unix    INTEGER,
    password_failures INTEGER NOT NULL,
    wait              TEXT,
    code_failures     INTEGER NOT NULL,
    lock              TEXT,
    wrong_codes       TEXT    NOT NULL,
    day_pass          TEXT,
    vouched           TEXT, -- JSON as clinic.clocks: the time of the last accepted code
    texts             TEXT    NOT NULL -- JSON: texts of the last day, and the last one's request; its code is not stored
) STRICT;

CREATE TABLE factor (
    id           TEXT    PRIMARY KEY,
    person       TEXT    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL CHECK (kind IN ('totp', 'sms')),
    label        TEXT    NOT NULL,
    stage        TEXT    NOT NULL CHECK (stage IN ('shown', 'proved', 'active')),
    joins        TEXT    NOT NULL CHECK (joins IN ('in-their-place', 'beside')),
    seed         BLOB, -- totp: sealed, like every number and password here
    last_step    INTEGER,
    suspects     TEXT,
    created_unix INTEGER NOT NULL,
    number       BLOB, -- sms: sealed
    ending       TEXT, -- sms: its last two digits
    CHECK ((kind = 'totp') = (seed IS NOT NULL AND suspects IS NOT NULL)),
    CHECK ((kind = 'sms') = (number IS NOT NULL AND ending IS NOT NULL))
) STRICT;
CREATE INDEX factor_person ON factor (person);

CREATE TABLE recovery_code (
    person    TEXT    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    tag       BLOB    NOT NULL,
    used_unix INTEGER,
    PRIMARY KEY (person, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number    INTEGER PRIMARY KEY,
    unix_secs INTEGER NOT NULL,
    event     TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    desk      TEXT    NOT NULL,
    factor    TEXT    NOT NULL,
    result    TEXT    NOT NULL,
    tag       BLOB    NOT NULL
) STRICT;
CREATE INDEX audit_person ON audit (person, number);
CREATE INDEX audit_event ON audit (event, number);

-- What could not be entered into the log when it happened, because the keychain gave no key to enter it with. It moves there
-- with the next change. Nothing vouches for these rows, so they are read as words from a list and mean nothing else.
CREATE TABLE mishap (
    result    TEXT    PRIMARY KEY,
    unix_secs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
