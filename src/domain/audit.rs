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
    /// The signed-in person locked the program.
    Locked,
}

impl What {
    /// All of them, for documentation and for reading filters.
    pub const ALL: [Self; 14] = [
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
        What::Locked,
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
            What::Locked => "locked",
        }
    }
}

/// One entry before it has a place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub what: What,
    /// The person it happened to; empty for the clinic.
    pub person: String,
    /// Who did it; usually the same person.
    pub actor: String,
    /// `totp`, `recovery`, `day-pass`, or empty.
    pub factor: &'static str,
    /// `done`, `accepted`, `wrong-code`, …; a fixed word.
    pub result: &'static str,
}

impl Event {
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
    fn names_are_unique() {
        let mut names: Vec<_> = What::ALL.iter().map(|what| what.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), What::ALL.len());
    }
}
