//! What is written down: one entry for every attempt, enrolment and change, without any secret or code.

use super::canon::{Canon, Tag};
use super::keys::Key;

/// What happened. The names are a documented list; they are never reused for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The clinic's first set-up was begun.
    SetUpBegun,
    /// A first set-up that was not finished was given up and starts over.
    SetUpDropped,
    /// The clinic's first set-up was finished.
    SetUpFinished,
    /// A sign-in was judged.
    SignIn,
    /// A fresh code was judged before a change.
    FreshCode,
    /// A password was judged alone.
    Password,
    /// Linking a phone was begun.
    EnrolmentBegun,
    /// A code of a phone that is being linked was judged.
    EnrolmentCode,
    /// Linking a phone was given up.
    EnrolmentDropped,
    /// A phone was linked.
    EnrolmentFinished,
    /// New recovery codes replaced the old ones.
    RecoveryCodesRenewed,
    /// A password was changed.
    PasswordChanged,
    /// A password's stretching was made to cost more.
    SlotRaised,
    /// A manager added a person.
    PersonAdded,
    /// A manager reset a person.
    PersonReset,
    /// A manager removed a person.
    PersonRemoved,
    /// A manager changed a person's role.
    RoleChanged,
    /// A manager let a person do without the phone for a day.
    DayPassGiven,
    /// An activation code was judged.
    Activation,
    /// A person unlinked one of several phones.
    PhoneRemoved,
    /// A manager changed a setting.
    SettingChanged,
    /// A new clinic recovery key replaced the old one.
    ClinicKeyRenewed,
    /// The database key was kept, changed or forgotten.
    DatabaseKeyChanged,
    /// The clinic recovery key brought this computer's key back.
    Recovered,
    /// A person was told what happened since.
    NoticesSeen,
    /// The signed-in person locked the program.
    Locked,
    /// This computer's clock was turned: `forward` or `back`.
    ClockJump,
    /// The operating system's keychain gave no key: the result is the error's code.
    KeychainFailed,
    /// A backup was made and read back.
    BackupCreated,
    /// No backup could be made: the result is the reason.
    BackupFailed,
    /// A backup was taken in.
    Restored,
    /// A text was asked for and judged.
    TextAsked,
    /// What the gateway said about a text.
    TextSent,
}

impl What {
    /// All of them, for documentation and for reading filters.
    pub const ALL: [Self; 33] = [
        What::SetUpBegun,
        What::SetUpDropped,
        What::SetUpFinished,
        What::SignIn,
        What::FreshCode,
        What::Password,
        What::EnrolmentBegun,
        What::EnrolmentCode,
        What::EnrolmentDropped,
        What::EnrolmentFinished,
        What::RecoveryCodesRenewed,
        What::PasswordChanged,
        What::SlotRaised,
        What::PersonAdded,
        What::PersonReset,
        What::PersonRemoved,
        What::RoleChanged,
        What::DayPassGiven,
        What::Activation,
        What::PhoneRemoved,
        What::SettingChanged,
        What::ClinicKeyRenewed,
        What::DatabaseKeyChanged,
        What::Recovered,
        What::NoticesSeen,
        What::Locked,
        What::ClockJump,
        What::KeychainFailed,
        What::BackupCreated,
        What::BackupFailed,
        What::Restored,
        What::TextAsked,
        What::TextSent,
    ];

    /// The name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            What::SetUpBegun => "set-up-begun",
            What::SetUpDropped => "set-up-dropped",
            What::SetUpFinished => "set-up-finished",
            What::SignIn => "sign-in",
            What::FreshCode => "fresh-code",
            What::Password => "password",
            What::EnrolmentBegun => "enrolment-begun",
            What::EnrolmentCode => "enrolment-code",
            What::EnrolmentDropped => "enrolment-dropped",
            What::EnrolmentFinished => "enrolment-finished",
            What::RecoveryCodesRenewed => "recovery-codes-renewed",
            What::PasswordChanged => "password-changed",
            What::SlotRaised => "slot-raised",
            What::PersonAdded => "person-added",
            What::PersonReset => "person-reset",
            What::PersonRemoved => "person-removed",
            What::RoleChanged => "role-changed",
            What::DayPassGiven => "day-pass-given",
            What::Activation => "activation",
            What::PhoneRemoved => "phone-removed",
            What::SettingChanged => "setting-changed",
            What::ClinicKeyRenewed => "recovery-key-renewed",
            What::DatabaseKeyChanged => "database-key-changed",
            What::Recovered => "recovered",
            What::NoticesSeen => "notices-seen",
            What::Locked => "locked",
            What::ClockJump => "clock-jump",
            What::KeychainFailed => "keychain-failed",
            What::BackupCreated => "backup-created",
            What::BackupFailed => "backup-failed",
            What::Restored => "restored",
            What::TextAsked => "text-asked",
            What::TextSent => "text-sent",
        }
    }
}

/// The result of a wrong code that locked its person out for a while.
pub const WRONG_CODE_LOCKED: &str = "wrong-code-locked";
/// The result of a wrong code after which only a recovery code or a manager helps its person.
pub const WRONG_CODE_MANAGER: &str = "wrong-code-manager";

/// One entry before it has a place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub what: What,
    /// The person it happened to; empty for the clinic.
    pub person: String,
    /// Who did it; usually the same person.
    pub actor: String,
    /// `totp`, `sms`, `recovery`, `day-pass`, `after-lock`, `activation`, or empty.
    pub factor: &'static str,
    /// `done`, `accepted`, `wrong-code`, …; a fixed word.
    pub result: &'static str,
}

impl Event {
    /// Something one person did to another, or to the clinic when `person` is empty.
    #[must_use]
    pub fn to(person: &str, actor: &str, what: What, result: &'static str) -> Self {
        Self { what, person: person.to_owned(), actor: actor.to_owned(), factor: "", result }
    }

    /// Something a person did to themselves.
    #[must_use]
    pub fn by(person: &str, what: What, factor: &'static str, result: &'static str) -> Self {
        Self { what, person: person.to_owned(), actor: person.to_owned(), factor, result }
    }
}

/// One entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1 without gaps.
    pub number: i64,
    /// When, seconds since 1970 UTC.
    pub unix_secs: i64,
    /// The event's name.
    pub event: String,
    /// The person's id.
    pub person: String,
    /// Who did it.
    pub actor: String,
    /// The computer.
    pub desk: String,
    /// The factor.
    pub factor: String,
    /// The result.
    pub result: String,
    /// This entry's link of the chain.
    pub tag: Tag,
}

/// An entry as a line of CSV (RFC 4180). A field that a spreadsheet would take for a formula begins with an apostrophe,
/// and control characters become blanks.
#[must_use]
pub fn csv_line(entry: &Entry) -> String {
    let fields = [
        entry.number.to_string(),
        utc(entry.unix_secs),
        entry.event.clone(),
        entry.person.clone(),
        entry.actor.clone(),
        entry.desk.clone(),
        entry.factor.clone(),
        entry.result.clone(),
    ];
    fields.map(|field| csv_field(&field)).join(",") + "\r\n"
}

fn csv_field(field: &str) -> String {
    let tame: String = field.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let formula = tame.trim_start().starts_with(['=', '+', '-', '@']);
    let tame = if formula { format!("'{tame}") } else { tame };
    if tame.contains([',', '"']) || formula { format!("\"{}\"", tame.replace('"', "\"\"")) } else { tame }
}

/// An entry as JSON, with the names of the command line's contract.
#[must_use]
pub fn json(entry: &Entry) -> serde_json::Value {
    serde_json::json!({
        "n": entry.number, "at": utc(entry.unix_secs), "event": entry.event, "person": entry.person,
        "actor": entry.actor, "desk": entry.desk, "factor": entry.factor, "result": entry.result,
    })
}

/// An entry as a line of JSON.
#[must_use]
pub fn json_line(entry: &Entry) -> String {
    json(entry).to_string() + "\n"
}

/// RFC 3339 in UTC; a time that cannot be written is the nearest that can.
fn utc(unix_secs: i64) -> String {
    let (min, max) = (jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    jiff::Timestamp::from_second(unix_secs.clamp(min, max)).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// The end of the chain, covered by the clinic row: a cut tail is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last entry's number; 0 for an empty log.
    pub number: i64,
    /// Its tag.
    pub tag: Tag,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Self = Self { number: 0, tag: [0; 32] };

    /// The next entry.
    #[must_use]
    pub fn next(&self, event: &Event, desk: &str, unix_secs: i64, key: &Key) -> Entry {
        let mut entry = Entry {
            number: self.number + 1,
            unix_secs,
            event: event.what.name().to_owned(),
            person: event.person.clone(),
            actor: event.actor.clone(),
            desk: desk.to_owned(),
            factor: event.factor.to_owned(),
            result: event.result.to_owned(),
            tag: [0; 32],
        };
        entry.tag = self.link(&entry, key);
        entry
    }

    /// The tag that an entry following this head must have.
    #[must_use]
    pub fn link(&self, entry: &Entry, key: &Key) -> Tag {
        Canon::of("clinic2fa audit entry 1")
            .bytes(&self.tag)
            .int(entry.number)
            .int(entry.unix_secs)
            .text(&entry.event)
            .text(&entry.person)
            .text(&entry.actor)
            .text(&entry.desk)
            .text(&entry.factor)
            .text(&entry.result)
            .tag(key.expose())
    }

    /// Checks that an entry follows this head and moves on to it.
    ///
    /// # Errors
    /// The number where the chain breaks.
    pub fn follow(&mut self, entry: &Entry, key: &Key) -> Result<(), i64> {
        if entry.number != self.number + 1 || self.link(entry, key) != entry.tag {
            return Err(self.number + 1);
        }
        *self = Self { number: entry.number, tag: entry.tag };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::loaded;
    use super::*;

    fn log(key: &Key) -> Vec<Entry> {
        let mut head = Head::EMPTY;
        (0..5)
            .map(|n| {
                let event = Event::by("msantos", What::SignIn, "totp", if n == 3 { "wrong-code" } else { "accepted" });
                let entry = head.next(&event, "front-1", 1_772_442_000 + n, key);
                head = Head { number: entry.number, tag: entry.tag };
                entry
            })
            .collect()
    }

    fn first_break(log: &[Entry], key: &Key) -> Option<i64> {
        let mut head = Head::EMPTY;
        log.iter().find_map(|entry| head.follow(entry, key).err())
    }

    #[test]
    fn edits_deletions_and_reordering_break_the_chain_where_they_are() {
        let key = Key::roll(&mut loaded(1)).unwrap();
        let good = log(&key);
        assert_eq!(first_break(&good, &key), None);
        let edit = |change: fn(&mut Vec<Entry>)| {
            let mut log = good.clone();
            change(&mut log);
            first_break(&log, &key)
        };
        assert_eq!(edit(|log| log[3].result = "accepted".into()), Some(4));
        assert_eq!(edit(|log| log[2].unix_secs += 1), Some(3));
        assert_eq!(edit(|log| drop(log.remove(1))), Some(2));
        assert_eq!(edit(|log| log.swap(1, 2)), Some(2));
        assert_eq!(first_break(&good, &Key::roll(&mut loaded(2)).unwrap()), Some(1));
    }

    #[test]
    fn exported_lines_are_safe_to_open() {
        let mut entry = log(&Key::roll(&mut loaded(1)).unwrap()).remove(0);
        entry.desk = "=cmd|'/c calc'!A1".into();
        entry.result = "a,\"b\"\nc".into();
        let line = csv_line(&entry);
        assert_eq!(
            line,
            "1,2026-03-02T09:00:00Z,sign-in,msantos,msantos,\"'=cmd|'/c calc'!A1\",totp,\"a,\"\"b\"\" c\"\r\n"
        );
        for start in ["+1", "-1", "@x", " =1", "\t=1"] {
            assert!(csv_field(start).starts_with("\"'"), "{start:?}");
        }
        assert!(json_line(&entry).ends_with("\"result\":\"a,\\\"b\\\"\\nc\"}\n"), "{}", json_line(&entry));
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = What::ALL.iter().map(|what| what.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), What::ALL.len());
    }
}
