//! What a restored backup does to each person: judged by the present state, and never a way back in.
//!
//! Two states are laid side by side. The later one that can be proved is the reference; the other may only take away. So
//! nobody gets a password, phone, spare code or right back that was taken since, and nobody keeps one that the backup
//! does not know of: whoever differs between the two is reset, and a manager sets them up again.

use super::lockout::Hold;
use super::sms::Texts;
use super::state::{Factor, FactorStage, Person, PersonStage, Role};
use super::totp::{self, Step};
use crate::ports::Now;

/// A person's rows in one of the two states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// As they were written.
    Whole(Box<Person>),
    /// Not readable, or not the ones that were written.
    Damaged,
}

/// Which of two states is the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The present state: it is proved, and not older than the backup.
    Present,
    /// The backup: there is no present state, or it cannot be proved, or it is older.
    Backup,
}

/// Why a person is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The password, a phone, the role or the set-up changed since.
    Changed,
    /// Added since the backup.
    Added,
    /// Removed since the backup.
    Removed,
    /// The record is damaged in one of the two.
    Damaged,
}

/// What a restore does to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Signs in as before; codes up to now are used, and so many spare codes no longer count.
    Stays {
        /// Spare codes that were good until now.
        codes_void: u8,
    },
    /// Had not finished setting up, and goes on with it.
    GoesOn,
    /// Signs in with nothing until a manager sets them up again.
    Reset(Why),
    /// Damaged in both: stays so, for a manager to remove.
    StaysDamaged,
    /// Not taken in: somebody who is here now has that name, or one that looks the same.
    LeftOut,
}

impl Fate {
    /// The name on the command line: fate and reason.
    #[must_use]
    pub fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Fate::Stays { .. } => ("stays", None),
            Fate::GoesOn => ("goes-on", None),
            Fate::Reset(why) => (
                "reset",
                Some(match why {
                    Why::Changed => "changed-since",
                    Why::Added => "added-since",
                    Why::Removed => "removed-since",
                    Why::Damaged => "damaged",
                }),
            ),
            Fate::StaysDamaged => ("damaged", None),
            Fate::LeftOut => ("left-out", None),
        }
    }
}

/// One line of what a restore changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonPlan {
    /// Short Latin id.
    pub id: String,
    /// Name; the id of somebody whose record cannot be read.
    pub name: String,
    /// What they may do afterwards.
    pub role: Role,
    /// What happens to them.
    pub fate: Fate,
}

/// What a restore changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The clinic's name in the backup.
    pub clinic: String,
    /// When the last change before the backup was made, UTC seconds.
    pub as_of_unix: i64,
    /// Changes made since then that are known of.
    pub changes_since: u64,
    /// Backups in the folder that are newer than this one.
    pub newer_backups: usize,
    /// Whether the clinic's choices become other ones.
    pub settings: SettingsFate,
    /// Which database key is kept afterwards.
    pub database_key: KeyFate,
    /// Whether the present log goes on.
    pub log: LogFate,
    /// Everyone, by name.
    pub people: Vec<PersonPlan>,
}

/// What becomes of the clinic's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsFate {
    /// They are the same in both.
    Same,
    /// Those of the backup.
    FromBackup,
}

/// Which database key is kept afterwards, with what signing in opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFate {
    /// None, or the present one: it opens what it opened.
    Present,
    /// The backup's. It opens nothing if it was changed since: nobody can tell.
    Backup,
}

/// Which log goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFate {
    /// The present one.
    Present,
    /// The backup's: the present one cannot be read.
    Backup,
}

impl Plan {
    /// Whether there was a present state to compare with.
    #[must_use]
    pub fn present(&self) -> Present {
        match self.log {
            LogFate::Present => Present::There,
            LogFate::Backup => Present::Gone,
        }
    }

    /// People who will be there afterwards.
    #[must_use]
    pub fn people_after(&self) -> usize {
        self.people.iter().filter(|person| person.fate != Fate::LeftOut).count()
    }

    /// Managers who can sign in afterwards.
    #[must_use]
    pub fn managers_after(&self) -> usize {
        let can = |person: &&PersonPlan| person.role == Role::Manager && matches!(person.fate, Fate::Stays { .. });
        self.people.iter().filter(can).count()
    }
}

/// What every person's decision needs to know.
pub struct Circumstances<'a> {
    /// Which state is the reference.
    pub reference: Reference,
    /// Whether there is a present state at all, proved or not.
    pub present: Present,
    /// The manager who asked for it and was judged by the present state.
    pub actor: Option<&'a str>,
    /// The number that the restore's entry in the log will have.
    pub next_entry: i64,
    /// Now.
    pub now: &'a Now,
}

/// Whether there is a present state to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Present {
    /// There is.
    There,
    /// Nothing that can be read.
    Gone,
}

/// What becomes of one person: their rows afterwards, `None` where there are none to write, and why.
///
/// `present` and `backup` are their rows in the two states; `None` when they are in neither, or not there afterwards.
#[must_use]
pub fn decide(
    present: Option<&Row>,
    backup: Option<&Row>,
    about: &Circumstances<'_>,
) -> Option<(Option<Person>, Fate)> {
    let is_actor = |person: &Person| about.actor == Some(person.id.as_str());
    Some(match (present, backup) {
        // Whoever asked has just proved password and phone against the present state.
        (Some(Row::Whole(here)), _) if is_actor(here) => stays(here, about),
        (Some(Row::Whole(here)), Some(Row::Whole(there))) => {
            let (first, second) = match about.reference {
                Reference::Present => (here, there),
                Reference::Backup => (there, here),
            };
            if is_same(first, second) {
                stays(&higher(first, second, about.now), about)
            } else {
                reset(first, first.role, Why::Changed, (first, second), about)
            }
        }
        (Some(Row::Whole(here)), None) => match about.reference {
            Reference::Present => reset(here, here.role, Why::Added, (here, here), about),
            // Not in the later one. Rights that only an earlier or unproved state gives are not given.
            Reference::Backup => reset(here, Role::Staff, Why::Removed, (here, here), about),
        },
        (Some(Row::Whole(here)), Some(Row::Damaged)) => reset(here, here.role, Why::Damaged, (here, here), about),
        // The last role of theirs that can be proved.
        (Some(Row::Damaged), Some(Row::Whole(there))) => reset(there, there.role, Why::Damaged, (there, there), about),
        (None, Some(Row::Whole(there))) => match (about.present, about.reference) {
            (Present::Gone, _) => stays(there, about),
            (Present::There, Reference::Present) => reset(there, Role::Staff, Why::Removed, (there, there), about),
            (Present::There, Reference::Backup) => reset(there, there.role, Why::Added, (there, there), about),
        },
        (Some(Row::Damaged), None | Some(Row::Damaged)) => (None, Fate::StaysDamaged),
        (None, Some(Row::Damaged)) => match about.present {
            Present::Gone => (None, Fate::StaysDamaged),
            Present::There => return None,
        },
        (None, None) => return None,
    })
}

/// The step up to which every code counts as used.
fn used_up_to(now: &Now) -> Step {
    totp::step_at(now.unix_secs).saturating_add(totp::WINDOW)
}

fn stays(person: &Person, about: &Circumstances<'_>) -> (Option<Person>, Fate) {
    let mut person = person.clone();
    let codes_void = person.codes_left();
    for code in &mut person.codes {
        code.used_unix = code.used_unix.or(Some(about.now.unix_secs));
    }
    person.day_pass = None;
    let step = used_up_to(about.now);
    // A text's code may have been used since.
    person.texts.code = None;
    for factor in person.factors.iter_mut().filter_map(Factor::app_mut) {
        factor.last_step = Some(if about.actor.is_some() {
            factor.last_step.map_or(step, |last| last.max(step))
        } else {
            // As on coming back with the clinic recovery key, whose holder vouches for the clock: a step from the
            // future, of a day on which the clock was wrong, keeps nobody out.
            step
        });
    }
    if about.actor.is_none() {
        person.vouched = None;
    }
    let finished = person.stage == PersonStage::Active;
    (Some(person), if finished { Fate::Stays { codes_void } } else { Fate::GoesOn })
}

fn reset(
    person: &Person,
    role: Role,
    why: Why,
    (one, other): (&Person, &Person),
    about: &Circumstances<'_>,
) -> (Option<Person>, Fate) {
    let mut person = person.clone();
    let generation = one.generation.max(other.generation);
    person.clear();
    person.role = role;
    person.stage = PersonStage::Reset;
    // Above every session that either state has let in.
    let next = u32::try_from(about.next_entry).unwrap_or(u32::MAX);
    person.generation = generation.saturating_add(1).max(next);
    person.seen = person.seen.max(about.next_entry);
    (Some(person), Fate::Reset(why))
}

impl Person {
    /// Somebody who has nothing yet to sign in with.
    #[must_use]
    pub fn nobody(id: String, role: Role) -> Self {
        Self {
            id,
            name: String::new(),
            name_key: String::new(),
            role,
            stage: PersonStage::Pending,
            slot: None,
            activation: None,
            generation: 0,
            seen: 0,
            code_key: Vec::new(),
            password_unix: 0,
            signed_in_unix: None,
            password_failures: 0,
            wait: None,
            code_failures: 0,
            lock: None,
            wrong_codes_unix: Vec::new(),
            day_pass: None,
            vouched: None,
            texts: Texts::default(),
            factors: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// Everything the person could sign in with, and all that was counted, is gone.
    pub fn clear(&mut self) {
        self.slot = None;
        self.activation = None;
        self.generation = self.generation.saturating_add(1);
        self.code_key = Vec::new();
        self.codes = Vec::new();
        self.factors = Vec::new();
        self.password_failures = 0;
        self.wait = None;
        self.code_failures = 0;
        self.lock = None;
        self.wrong_codes_unix = Vec::new();
        self.day_pass = None;
        self.vouched = None;
        // What was sent stays counted.
        self.texts.code = None;
    }
}

/// Whether two rows are of the same person with the same password, phones and rights. The slot may differ: the same
/// password is sealed anew when its cost is raised. Who has not finished setting up must have the very same slip.
fn is_same(one: &Person, other: &Person) -> bool {
    let phones = |person: &Person| -> Vec<(String, Vec<u8>)> {
        let active = person.factors.iter().filter(|factor| factor.stage == FactorStage::Active);
        let mut phones: Vec<_> = active.map(|factor| (factor.id.clone(), factor.sealed().to_vec())).collect();
        phones.sort();
        phones
    };
    let (finished, same_slip) = (one.stage == PersonStage::Active, one.activation == other.activation);
    one.name == other.name
        && one.name_key == other.name_key
        && one.role == other.role
        && one.stage == other.stage
        && one.generation == other.generation
        && one.password_unix == other.password_unix
        && one.slot.is_some() == other.slot.is_some()
        && phones(one) == phones(other)
        && (finished || (same_slip && one.slot == other.slot))
}

/// The first, with whatever the second has counted higher.
fn higher(first: &Person, second: &Person, now: &Now) -> Person {
    let mut person = first.clone();
    person.password_failures = person.password_failures.max(second.password_failures);
    person.code_failures = person.code_failures.max(second.code_failures);
    person.seen = person.seen.max(second.seen);
    person.signed_in_unix = person.signed_in_unix.max(second.signed_in_unix);
    person.wait = longer(person.wait.take(), second.wait.as_ref(), now);
    person.lock = longer(person.lock.take(), second.lock.as_ref(), now);
    person.wrong_codes_unix.extend(&second.wrong_codes_unix);
    person.wrong_codes_unix.sort_unstable();
    person.wrong_codes_unix.dedup();
    for factor in &mut person.factors {
        let same = second.factors.iter().find(|other| other.id == factor.id);
        if let Some(app) = factor.app_mut() {
            app.last_step = app.last_step.max(same.and_then(Factor::app).and_then(|same| same.last_step));
        }
    }
    person.texts.join(&second.texts);
    person
}

fn longer(one: Option<Hold>, other: Option<&Hold>, now: &Now) -> Option<Hold> {
    match (one, other) {
        (None, other) => other.cloned(),
        (one, None) => one,
        (Some(one), Some(other)) => {
            Some(if other.left_at(&now.boot) > one.left_at(&now.boot) { other.clone() } else { one })
        }
    }
}

#[cfg(test)]
mod tests;
