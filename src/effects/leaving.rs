//! Leaving the desk and coming back: every lock wipes every key; in memory stays who may come back with the password
//! alone, and until when.

use std::time::Duration;

use super::{Desk, Failure, Open, Purpose, SignedIn};
use crate::domain::audit::{Event, What};
use crate::domain::presence::{Leave, Why, slept_between};
use crate::domain::secret::SecretText;
use crate::domain::verify::{FactorUsed, Presented, Verdict};
use crate::ports::{BootTime, StoreError};

/// A sign-in with everything that is asked.
#[derive(Clone)]
pub(super) struct FullSignIn {
    /// When.
    pub(super) at: BootTime,
    /// By which factor.
    pub(super) by: FactorUsed,
    /// How long the computer had slept by then.
    pub(super) asleep: Duration,
    /// How long it lasts, as the clinic chose.
    pub(super) longest: Duration,
}

/// What the desk remembers of somebody who was locked out: no key, and nothing that opens one.
#[derive(Clone)]
pub(super) struct WayBack {
    pub(super) leave: Leave,
    pub(super) full: FullSignIn,
    pub(super) generation: u32,
}

impl Desk {
    /// Wipes every key, because somebody asked for it.
    pub fn lock(&mut self) {
        self.lock_because(Why::Asked);
    }

    /// Wipes every key. Writes it to the log when somebody was signed in, if the log can be written. What is handed back
    /// says who may come back with the password alone.
    pub fn lock_because(&mut self, why: Why) -> Option<Leave> {
        if !why.leaves_way_back() {
            self.way_back = None;
        }
        let now = self.clock.now();
        // The keys first: what follows may take a while, and the computer may be about to sleep.
        let left = self.open.take().map(|Open { person, full, generation, .. }| (person, full, generation));
        self.leave_work(&now);
        let (person, full, generation) = left?;
        self.way_back = full.filter(|_| why.leaves_way_back()).and_then(|full| {
            let leave = Leave::after_lock(&person, &full.at, full.longest, &now.boot)?;
            let awake = !slept_between(full.asleep, self.clock.asleep());
            awake.then_some(WayBack { leave, full, generation })
        });
        // The lock itself never depends on the disk or the keychain.
        if let Ok(guarded) = self.guard() {
            let event = Event::by(&person, What::Locked, "", why.name());
            if let Ok(committed) = self.store.note(&guarded.keys, &event, &guarded.now) {
                self.raise(&guarded, committed).ok();
            }
        }
        self.way_back.as_ref().map(|back| back.leave.clone())
    }

    /// Judges the password of somebody who comes back after a short absence.
    ///
    /// # Errors
    /// [`StoreError::NoDayPass`] when a code is needed; see [`Failure`]. Nothing was counted and nothing is told.
    pub fn come_back(&mut self, person: &str, password: &SecretText) -> Result<(Verdict, Option<SignedIn>), Failure> {
        let now = self.clock.now();
        let asleep = self.clock.asleep();
        let back = self
            .way_back
            .clone()
            .filter(|back| back.leave.is_good(person, &now.boot) && !slept_between(back.full.asleep, asleep));
        let Some(back) = back else { return Err(StoreError::NoDayPass.into()) };
        let presented = Presented::AfterLock(back.leave.clone());
        self.attempt_sign_in(person, password, &presented, Purpose::Work, Some(&back))
    }
}
