//! A SQLite file that only a sign-in opens.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clinic2fa::adapters::sqlcipher::SqlcipherFiles;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::verify::Presented;
use clinic2fa::effects::{Failure, KeyChange, KeyMishap, KeyState, Outside, Purpose};
use clinic2fa::ports::{CipherError, CipherFiles, FileState, Protected, StoreError};
use rusqlite::Connection;

use crate::clinic::{MARIA, PASSWORD, STEP, digits, is_in, signs_in_at};
use crate::office::{Front, is_there, outside, until};
use crate::search::files_with;

/// What a practice program might have: types, bytes, texts that look alike, indexes, triggers, a table without rowid.
const RECORDS: &str = "
    PRAGMA user_version = 42; PRAGMA application_id = 7;
    CREATE TABLE patient (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, photo BLOB, weight REAL, note);
    CREATE INDEX patient_name ON patient (name);
    CREATE TABLE word (word TEXT PRIMARY KEY, times) WITHOUT ROWID;
    CREATE TABLE \"odd \"\"name\"\"\" (\"a b\", \"select\");
    CREATE VIEW heavy AS SELECT * FROM patient WHERE weight > 80;
    CREATE TRIGGER counted AFTER INSERT ON patient BEGIN INSERT OR IGNORE INTO word VALUES (new.name, 1); END;
    INSERT INTO patient (name, photo, weight, note) VALUES
        ('Zoë Fairweather', x'00ff27', 71.123456789012345, NULL), ('a', NULL, 1, '1'), ('A', x'', 1e300, 1),
        ('zero' || char(0) || 'byte', NULL, -0.0, 1.0), ('a', NULL, 1, '1');
    INSERT INTO \"odd \"\"name\"\"\" VALUES ('it''s', 'x|y');
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        INSERT INTO patient (name, weight) SELECT 'patient ' || i, i FROM n;";

struct Office {
    front: Front,
    file: PathBuf,
}

/// A clinic with an unencrypted database, or nothing when there is no `sqlcipher` here.
fn office(journal: &str) -> Option<Office> {
    if !is_there("sqlcipher") {
        return None;
    }
    let front = Front::new();
    let file = front.path("office.db");
    let db = Connection::open(&file).unwrap();
    db.pragma_update(None, "journal_mode", journal).unwrap();
    db.execute_batch(RECORDS).unwrap();
    Some(Office { front, file })
}

impl Office {
    fn protects(&mut self) -> Result<Protected, Failure> {
        self.front.for_a_change();
        self.front.clinic.desk.protect(&self.file)
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(end);
        name.into()
    }

    fn is_plain(&self) -> bool {
        fs::read(&self.file).unwrap().starts_with(b"SQLite format 3\0")
    }

    /// The practice program: a shell that opens the file with its key and writes down what it sees.
    fn reads(&mut self) -> String {
        let script =
            "{ printf 'PRAGMA key = \"x'\"'%s'\"'\";\\n' \"$CLINIC2FA_KEY\"; echo 'SELECT name, weight FROM heavy
            ORDER BY id DESC LIMIT 1; SELECT count(*) FROM patient;'; } | sqlcipher -batch office.db >seen.new 2>&1
            mv seen.new seen; exec sleep 60";
        self.front.starts(script);
        self.front.opens();
        until("what it saw", || self.front.path("seen").exists());
        let seen = self.front.written("seen");
        fs::remove_file(self.front.path("seen")).unwrap();
        self.front.clinic.desk.lock();
        seen.replace("ok\n", "")
    }
}

const SEEN: &str = "patient 500|500.0\n505\n";

/// What anybody's shell makes of the file.
fn shell(file: &Path, commands: &str) -> (bool, String) {
    let mut child = Command::new("sqlcipher")
        .args(["-batch", "-bail"])
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(commands.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_shell_opens_the_file_only_through_a_sign_in() {
    for journal in ["delete", "wal"] {
        let Some(mut office) = office(journal) else { return };
        fs::set_permissions(&office.file, fs::Permissions::from_mode(0o640)).unwrap();
        let before = fs::read(&office.file).unwrap();
        let done = office.protects().unwrap();
        let original = office.beside(".clinic2fa-original");
        assert_eq!(done, Protected::Now { tables: 3, rows: 505 + 504 + 1, original: original.clone() }, "{journal}");
        assert!(!office.is_plain());
        assert_eq!(fs::metadata(&office.file).unwrap().mode() & 0o777, 0o640);
        let (opened, _) = shell(&office.file, "SELECT count(*) FROM patient;");
        assert!(!opened, "without a key");
        let guess = format!("PRAGMA key = \"x'{}'\";\nSELECT count(*) FROM patient;", "00".repeat(32));
        assert!(!shell(&office.file, &guess).0, "with another");
        assert!(Connection::open(&office.file).unwrap().execute_batch("SELECT * FROM patient").is_err());
        assert_eq!(office.reads(), SEEN);

        // The original is kept as it was until the manager removes it.
        if journal == "delete" {
            assert_eq!(fs::read(&original).unwrap(), before);
        }
        let kept = Connection::open(&original).unwrap();
        let rows: i64 = kept.query_row("SELECT count(*) FROM patient", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 505);
        drop(kept);
        office.front.for_a_change();
        office.front.clinic.desk.remove_original().unwrap();
        assert!(!original.exists());
        assert_eq!(
            files_with("Fairweather", office.front.folder.path()),
            Vec::<PathBuf>::new(),
            "nowhere in the clear"
        );
        office.front.for_a_change();
        let again = office.front.clinic.desk.remove_original();
        assert_eq!(again, Err(Failure::Cipher(CipherError::NoFile)));
    }
}

#[test]
fn everything_a_file_has_is_in_the_encrypted_one() {
    let Some(mut office) = office("wal") else { return };
    office.protects().unwrap();
    let script = "{ printf 'PRAGMA key = \"x'\"'%s'\"'\";\\n' \"$CLINIC2FA_KEY\"; echo 'PRAGMA user_version; PRAGMA
        application_id; PRAGMA journal_mode; SELECT count(*) FROM sqlite_master; SELECT hex(name) FROM patient WHERE id = 4;
        PRAGMA integrity_check;'; } | sqlcipher -batch office.db >seen.new; mv seen.new seen; exec sleep 60";
    office.front.starts(script);
    office.front.opens();
    let seen = office.front.written("seen").replace("ok\n", "");
    assert_eq!(seen, "42\n7\nwal\n6\n7A65726F0062797465\n");
}

#[test]
fn a_file_that_is_protected_already_stays_as_it_is() {
    let Some(mut office) = office("delete") else { return };
    office.protects().unwrap();
    let before = fs::read(&office.file).unwrap();
    assert_eq!(office.protects(), Ok(Protected::Already));
    assert_eq!(fs::read(&office.file).unwrap(), before);
    office.front.for_a_change();
    assert_eq!(office.front.clinic.desk.check_key(), Ok(KeyState::FileOpens));
}

/// A step, and what is left of it.
type Left = (&'static str, fn(&Office));

/// Killed at any step, the file is the old or the new one, whole, and the command is repeated.
#[test]
fn whatever_step_it_was_cut_off_at_the_file_is_whole_and_the_command_goes_on() {
    let leave: [Left; 3] = [
        ("the copy was begun", |office| fs::write(office.beside(".clinic2fa-copy"), "half a copy").unwrap()),
        ("the copy's own log is left", |office| {
            fs::write(office.beside(".clinic2fa-copy"), "x").unwrap();
            fs::write(office.beside(".clinic2fa-copy-journal"), "x").unwrap();
        }),
        ("it had its second name", |office| {
            fs::write(office.beside(".clinic2fa-copy"), "a whole copy").unwrap();
            fs::hard_link(&office.file, office.beside(".clinic2fa-original")).unwrap();
        }),
    ];
    for (step, left) in leave {
        let Some(mut office) = office("delete") else { return };
        left(&office);
        assert!(office.is_plain(), "{step}");
        let done = office.protects();
        assert!(matches!(done, Ok(Protected::Now { .. })), "{step}: {done:?}");
        assert!(!office.beside(".clinic2fa-copy").exists(), "{step}");
        assert_eq!(office.reads(), SEEN, "{step}");
    }
    // After the renaming, with our own note of it missing: the key was sealed before, and opens it.
    let Some(mut office) = office("delete") else { return };
    office.protects().unwrap();
    assert_eq!(office.protects(), Ok(Protected::Already));
    assert_eq!(office.reads(), SEEN);
}

#[test]
fn what_cannot_be_done_leaves_the_file_as_it_was() {
    let Some(mut office) = office("delete") else { return };
    let same = |office: &Office, before: &[u8]| {
        assert_eq!(fs::read(&office.file).unwrap(), before);
        assert!(!office.beside(".clinic2fa-copy").exists() && !office.beside(".clinic2fa-original").exists());
    };
    let before = fs::read(&office.file).unwrap();
    let other = Connection::open(&office.file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE patient SET weight = 1").unwrap();
    assert_eq!(office.protects(), Err(Failure::Cipher(CipherError::InUse)));
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    same(&office, &before);

    office.front.sets(&[("sqlcipher-program", "/no/such/program")]);
    assert_eq!(office.protects(), Err(Failure::Cipher(CipherError::NoProgram)));
    // A shell that takes the key and writes in the clear.
    let fake = office.front.path("fake");
    fs::write(&fake, "#!/bin/sh\ncat >/dev/null\n").unwrap();
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    office.front.sets(&[("sqlcipher-program", fake.to_str().unwrap())]);
    assert_eq!(office.protects(), Err(Failure::Cipher(CipherError::NoCipher)));
    // One that loses a row on the way.
    let script = "#!/bin/sh\nsed \"s/^SELECT sqlcipher_export('enc');/&\\nDELETE FROM enc.word WHERE word = 'a';/\" |
        exec sqlcipher \"$@\"\n";
    fs::write(&fake, script).unwrap();
    assert_eq!(office.protects(), Err(Failure::Cipher(CipherError::Differs)));
    same(&office, &before);

    fs::write(office.beside(".clinic2fa-original"), "somebody's").unwrap();
    office.front.sets(&[("sqlcipher-program", "sqlcipher")]);
    assert_eq!(office.protects(), Err(Failure::Cipher(CipherError::OriginalThere)));
    assert_eq!(fs::read(office.beside(".clinic2fa-original")).unwrap(), b"somebody's");
    fs::remove_file(office.beside(".clinic2fa-original")).unwrap();
    same(&office, &before);

    let file = std::mem::replace(&mut office.file, office.front.path("missing.db"));
    let another = Err(Failure::Key(KeyMishap::StillKept));
    assert_eq!(office.protects(), another, "a key that is kept is for one file");
    office.file = file;
    assert!(matches!(office.protects(), Ok(Protected::Now { .. })));
}

/// The only key of an encrypted file is neither written over nor forgotten while the file is set.
#[test]
fn the_key_of_an_encrypted_file_is_not_lost_by_a_setting() {
    let Some(mut office) = office("delete") else { return };
    office.protects().unwrap();
    let still = Err(Failure::Key(KeyMishap::StillKept));
    for change in [KeyChange::New, KeyChange::Forget, KeyChange::Keep(SecretText::new("0".repeat(64)).into())] {
        office.front.for_a_change();
        assert_eq!(office.front.clinic.desk.set_key(&change), still, "{change:?}");
    }
    assert_eq!(office.front.tries_to_set(&[("opens", "text")]), still);
    assert_eq!(office.reads(), SEEN);
}

#[test]
fn the_key_is_rotated_and_the_old_one_opens_nothing() {
    for journal in ["delete", "wal"] {
        let Some(mut office) = office(journal) else { return };
        office.protects().unwrap();
        let before = key(&mut office);
        office.front.for_a_change();
        office.front.clinic.desk.rotate_key(None).unwrap();
        let after = key(&mut office);
        assert_ne!(before, after);
        let state = |key: &str| SqlcipherFiles.state("sqlcipher", &office.file, &SecretText::from(key)).unwrap();
        assert_eq!((state(&before), state(&after)), (FileState::Shut, FileState::Opens));
        assert_eq!(office.reads(), SEEN);
    }
}

/// As the program gets it.
fn key(office: &mut Office) -> String {
    office.front.starts("printf '%s\\n' \"$CLINIC2FA_KEY\" >key.new; mv key.new key; exec sleep 60");
    office.front.opens();
    until("the key", || office.front.path("key").exists());
    let key = office.front.written("key").trim().to_owned();
    fs::remove_file(office.front.path("key")).unwrap();
    office.front.clinic.desk.lock();
    key
}

#[test]
fn a_rotation_that_was_cut_off_finds_out_which_key_counts() {
    for cut in [Cut::Before, Cut::After] {
        let Some(mut office) = office("delete") else { return };
        office.protects().unwrap();
        let whole = std::mem::replace(&mut office.front.clinic.desk, office.front.clinic.office.desk());
        let files = Box::new(CutOff(SqlcipherFiles, cut, Box::new(|| ())));
        office.front.clinic.desk = office.front.clinic.office.desk().with_outside(Outside { files, ..outside() });
        office.front.for_a_change();
        assert_eq!(office.front.clinic.desk.rotate_key(None), Err(Failure::Cipher(CipherError::Broken)));
        office.front.clinic.desk = whole;
        assert_eq!(office.front.clinic.office.sql_number("SELECT count(database_next) FROM clinic"), 1);
        assert_eq!(office.reads(), SEEN, "{cut:?}");
        assert_eq!(office.front.clinic.office.sql_number("SELECT count(database_next) FROM clinic"), 0);
    }
}

/// Somebody signs in, and another manager's window rotates too, while the file is being given its new key; and then the
/// process that does it dies. The new key must not have been forgotten meanwhile: nobody else has it.
#[test]
fn a_rotation_is_not_settled_by_somebody_else_while_it_goes_on() {
    let Some(mut office) = office("delete") else { return };
    office.protects().unwrap();
    office.front.starts("exec sleep 60");
    let rooms = office.front.clinic.office.clone();
    let phone = office.front.clinic.phone.clone();
    let meanwhile = move || {
        let busy = Err(Failure::Store(StoreError::Busy));
        let mut other = rooms.desk().with_outside(outside());
        rooms.clock.advance(STEP);
        assert!(is_in(&signs_in_at(&mut other, MARIA, PASSWORD, &phone.code())));
        assert_eq!(other.start_practice().map(drop), busy);
        rooms.clock.advance(STEP);
        let code = Presented::Code(digits(&phone.code()));
        assert!(is_in(&other.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Change)));
        assert_eq!(other.rotate_key(None), busy);
        assert_eq!(other.set_key(&KeyChange::Forget), busy);
    };
    let whole = std::mem::replace(&mut office.front.clinic.desk, office.front.clinic.office.desk());
    let files = Box::new(CutOff(SqlcipherFiles, Cut::After, Box::new(meanwhile)));
    office.front.clinic.desk = office.front.clinic.office.desk().with_outside(Outside { files, ..outside() });
    office.front.for_a_change();
    assert_eq!(office.front.clinic.desk.rotate_key(None), Err(Failure::Cipher(CipherError::Broken)));
    office.front.clinic.desk = whole;
    assert_eq!(office.reads(), SEEN);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Before,
    After,
}

/// The real files, whose change of key takes long, so that others do something meanwhile, and is cut off.
struct CutOff(SqlcipherFiles, Cut, Box<dyn FnMut() + Send>);

impl CipherFiles for CutOff {
    fn state(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<FileState, CipherError> {
        self.0.state(program, file, key)
    }

    fn protect(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<Protected, CipherError> {
        self.0.protect(program, file, key)
    }

    fn remove_original(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<(), CipherError> {
        self.0.remove_original(program, file, key)
    }

    fn rekey(&mut self, program: &str, file: &Path, old: &SecretText, new: &SecretText) -> Result<(), CipherError> {
        (self.2)();
        if self.1 == Cut::After {
            self.0.rekey(program, file, old, new)?;
        }
        Err(CipherError::Broken)
    }
}
