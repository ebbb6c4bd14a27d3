//! What happened since a person's last sign-in: to their own account, and for managers to the clinic.

use super::{Desk, Failure};
use crate::domain::audit::{WRONG_CODE_LOCKED, WRONG_CODE_MANAGER};
use crate::domain::state::Role;
use crate::ports::{EntryFilter, Now};

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

/// At most so many entries of the log are looked at: a bad night must not delay a sign-in.
const LOOKED_AT: usize = 500;

impl Desk {
    /// What the signed-in person has not been told yet, newest last; and marks it as told.
    ///
    /// # Errors
    /// See [`Failure`]; nobody is signed out by it.
    pub fn happenings(&mut self) -> Result<Vec<Happening>, Failure> {
        let now = self.clock.now();
        let person = self.open()?.person.clone();
        let (role, seen) = {
            let guarded = self.guard_open(&now)?;
            let (_, stored) = self.store.person(&guarded.keys, &person)?;
            (stored.role, stored.seen)
        };
        let filter = EntryFilter { after: Some(seen), limit: Some(LOOKED_AT), ..EntryFilter::default() };
        let entries = self.store.entries(&filter)?;
        let Some(last) = entries.last().map(|entry| entry.number) else { return Ok(Vec::new()) };
        let look = self.store.look(&now)?;
        let called = |id: &str| {
            let person = look.iter().flat_map(|look| &look.people).find(|person| person.id == id);
            person.map_or_else(|| id.to_owned(), |person| person.name.clone())
        };
        let mut told: Vec<Happening> = Vec::new();
        for entry in entries.iter().filter(|entry| is_told(entry, &person, role)) {
            match told.last_mut() {
                Some(before)
                    if before.event == entry.event
                        && before.result == entry.result
                        && before.person == entry.person =>
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
        self.mark_seen(&person, last, &now)?;
        Ok(told)
    }

    fn mark_seen(&mut self, person: &str, number: i64, now: &Now) -> Result<(), Failure> {
        let guarded = self.guard_open(now)?;
        let committed = self.store.mark_seen(&guarded.keys, person, number, now)?;
        self.raise(&guarded, committed)
    }
}

/// Failures, resets, phones and codes of one's own; for managers also what was done to others, and whom wrong codes shut out.
fn is_told(entry: &crate::domain::audit::Entry, person: &str, role: Role) -> bool {
    if entry.result == "not-allowed" {
        // It did not happen.
        return false;
    }
    let mine = entry.person == person;
    let done_by_others = entry.actor != person;
    match entry.event.as_str() {
        "sign-in" | "fresh-code" | "password" => {
            let failed = !matches!(entry.result.as_str(), "accepted" | "already-used" | "must-wait");
            let shut_out = matches!(entry.result.as_str(), WRONG_CODE_LOCKED | WRONG_CODE_MANAGER);
            (mine && (failed || (entry.result == "accepted" && entry.factor == "recovery")))
                || (role == Role::Manager && shut_out)
        }
        "enrolment-finished" | "recovery-codes-renewed" | "phone-removed" => mine,
        "person-reset" | "day-pass-given" | "role-changed" | "person-removed" | "person-added" => {
            (mine || role == Role::Manager) && done_by_others
        }
        "recovered"
        | "recovery-key-renewed"
        | "database-key-changed"
        | "setting-changed"
        | "restored"
        | "backup-failed" => role == Role::Manager && done_by_others,
        _ => false,
    }
}
