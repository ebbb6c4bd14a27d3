//! What happened since a person's last sign-in: to their own account, and for managers to the clinic.

use super::{Desk, Failure};
use crate::domain::audit::{Entry, WRONG_CODE_LOCKED, WRONG_CODE_MANAGER, What};
use crate::domain::state::Role;
use crate::ports::{EntryFilter, Results};

/// Something a person is told at sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// The event's name in the log.
    pub event: String,
    /// Its result in the log.
    pub result: String,
    /// Whom it happened to.
    pub person: String,
    /// What they are called; the id of somebody who is not here any more.
    pub person_name: String,
    /// Who did it.
    pub actor: String,
    /// What they are called, likewise.
    pub actor_name: String,
    /// How often in a row of equal ones.
    pub times: u32,
    /// The last of them, UTC seconds.
    pub unix_secs: i64,
}

/// At most so many entries of each kind are looked at: a bad night must not delay a sign-in.
const LOOKED_AT: usize = 500;

impl Desk {
    /// What the signed-in person has not been told yet, newest last; and marks it as told.
    ///
    /// # Errors
    /// See [`Failure`]; nobody is signed out by it.
    pub fn happenings(&mut self) -> Result<Vec<Happening>, Failure> {
        let person = self.open()?.person.clone();
        let (role, seen) = {
            let guarded = self.guard_open()?;
            let (_, stored) = self.store.person(&guarded.keys, &person)?;
            (stored.role, stored.seen)
        };
        let newest = EntryFilter { after: Some(seen), limit: Some(1), ..EntryFilter::default() };
        let Some(last) = self.store.entries(&newest)?.last().map(|entry| entry.number) else { return Ok(Vec::new()) };
        let entries = self.entries_told(&person, role, seen)?;
        let look = self.store.look(&self.clock.now())?;
        let called = |id: &str| {
            let person = look.iter().flat_map(|look| &look.people).find(|person| person.id == id);
            person.map_or_else(|| id.to_owned(), |person| person.name.clone())
        };
        let mut told: Vec<Happening> = Vec::new();
        for entry in &entries {
            match told.last_mut() {
                Some(before)
                    if before.event == entry.event
                        // Which setting it was stands in the log.
                        && (before.result == entry.result || entry.event == What::SettingChanged.name())
                        && before.person == entry.person
                        && before.actor == entry.actor =>
                {
                    before.times += 1;
                    before.unix_secs = entry.unix_secs;
                }
                _ => told.push(Happening {
                    event: entry.event.clone(),
                    result: entry.result.clone(),
                    person: entry.person.clone(),
                    person_name: called(&entry.person),
                    actor: entry.actor.clone(),
                    actor_name: called(&entry.actor),
                    times: 1,
                    unix_secs: entry.unix_secs,
                }),
            }
        }
        self.mark_seen(&person, last)?;
        Ok(told)
    }

    /// Each kind by itself: a thousand wrong codes, or a month of sign-ins, must not push a reset out of sight.
    fn entries_told(&mut self, person: &str, role: Role, seen: i64) -> Result<Vec<Entry>, Failure> {
        let mut told = Vec::new();
        for (what, results, to, by) in TOLD {
            let of = match (to, role) {
                (To::Person, _) | (To::PersonAndManagers, Role::Staff) => Some(person.to_owned()),
                (To::PersonAndManagers | To::Managers, Role::Manager) => None,
                (To::Managers, Role::Staff) => continue,
            };
            let filter = EntryFilter {
                person: of,
                event: Some(what.name().to_owned()),
                results,
                after: Some(seen),
                limit: Some(LOOKED_AT),
                ..EntryFilter::default()
            };
            let entries = self.store.entries(&filter)?.into_iter();
            told.extend(entries.filter(|entry| is_news(entry) && (by == By::Anybody || entry.actor != person)));
        }
        told.sort_by_key(|entry| entry.number);
        Ok(told)
    }

    fn mark_seen(&mut self, person: &str, number: i64) -> Result<(), Failure> {
        let guarded = self.guard_open()?;
        let committed = self.store.mark_seen(&guarded.keys, person, number, &guarded.now)?;
        self.raise(&guarded, committed)
    }
}

/// Who is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    /// Whom it happened to.
    Person,
    /// The same, and every manager.
    PersonAndManagers,
    /// Every manager.
    Managers,
}

/// Who must have done it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Anybody,
    Others,
}

const LOCKED_OUT: Results = Results::Only(&[WRONG_CODE_LOCKED, WRONG_CODE_MANAGER]);
/// What was judged, and is not told otherwise.
const FAILED: Results =
    Results::AllBut(&["accepted", "must-wait", "already-used", "not-allowed", WRONG_CODE_LOCKED, WRONG_CODE_MANAGER]);
/// Tried with the password alone; what a whole session mistypes at its own square is no news.
const WRONG_RENEWAL: Results = Results::Only(&["wrong-code"]);
const HAPPENED: Results = Results::AllBut(&["not-allowed"]);
const CAME_IN: Results = Results::Only(&["accepted"]);

/// What is told: failures, resets, phones and codes of one's own; for managers also what was done to others, and whom
/// wrong codes shut out.
const TOLD: [(What, Results, To, By); 23] = [
    (What::SignIn, CAME_IN, To::Person, By::Anybody),
    (What::SignIn, FAILED, To::Person, By::Anybody),
    (What::SignIn, LOCKED_OUT, To::PersonAndManagers, By::Anybody),
    (What::FreshCode, CAME_IN, To::Person, By::Anybody),
    (What::FreshCode, FAILED, To::Person, By::Anybody),
    (What::FreshCode, LOCKED_OUT, To::PersonAndManagers, By::Anybody),
    (What::Password, FAILED, To::Person, By::Anybody),
    (What::EnrolmentCode, WRONG_RENEWAL, To::Person, By::Anybody),
    (What::EnrolmentCode, LOCKED_OUT, To::PersonAndManagers, By::Anybody),
    (What::EnrolmentFinished, HAPPENED, To::Person, By::Anybody),
    (What::RecoveryCodesRenewed, HAPPENED, To::Person, By::Anybody),
    (What::PhoneRemoved, HAPPENED, To::Person, By::Anybody),
    (What::PersonReset, HAPPENED, To::PersonAndManagers, By::Others),
    (What::DayPassGiven, HAPPENED, To::PersonAndManagers, By::Others),
    (What::RoleChanged, HAPPENED, To::PersonAndManagers, By::Others),
    (What::PersonRemoved, HAPPENED, To::PersonAndManagers, By::Others),
    (What::PersonAdded, HAPPENED, To::PersonAndManagers, By::Others),
    (What::Recovered, HAPPENED, To::Managers, By::Others),
    (What::ClinicKeyRenewed, HAPPENED, To::Managers, By::Others),
    (What::DatabaseKeyChanged, HAPPENED, To::Managers, By::Others),
    (What::SettingChanged, HAPPENED, To::Managers, By::Others),
    (What::Restored, HAPPENED, To::Managers, By::Others),
    (What::BackupFailed, HAPPENED, To::Managers, By::Others),
];

/// A sign-in is news when it cost a spare code.
fn is_news(entry: &Entry) -> bool {
    entry.result != "accepted" || entry.factor == "recovery"
}
