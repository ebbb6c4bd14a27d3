//! Signing in, and the fresh code before a change.

use super::choices::Choices;
use super::leaving::{FullSignIn, WayBack};
use super::{Desk, Failure, Fresh, Guarded, Open};
use crate::domain::audit::{Event, What};
use crate::domain::keys;
use crate::domain::secret::SecretText;
use crate::domain::state::{Person, Role, Settings};
use crate::domain::verify::{FactorUsed, Presented, Proof, Verdict};
use crate::ports::{Attempt, BootTime, Committed, StoreError, Told};

/// What a sign-in is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To work.
    Work,
    /// For exactly one change, as on the command line: the code counts as the fresh one.
    Change,
}

/// What the signed-in page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Short Latin id.
    pub person: String,
    /// Name as typed.
    pub name: String,
    /// What the pages offer; the store decides again.
    pub role: Role,
    /// Since when, UTC seconds.
    pub since_unix: i64,
    /// The sign-in before this one, UTC seconds.
    pub before_unix: Option<i64>,
    /// When password and code were given: before a return with the password alone.
    pub full_at: BootTime,
    /// By which factor.
    pub by: FactorUsed,
    /// Recovery codes left.
    pub recovery_left: u8,
    /// A new password is due.
    pub new_password_due: bool,
    /// When the password was set, UTC seconds.
    pub password_unix: i64,
    /// The last two digits of the number that texts go to.
    pub number_ending: Option<String>,
    /// What holds at the clinic: the lock screen may have been there since before it was last changed.
    pub settings: Settings,
}

impl Desk {
    /// Judges a sign-in. Whoever was signed in before is locked out first.
    ///
    /// # Errors
    /// See [`Failure`]; nothing was counted and nothing is told.
    pub fn sign_in(
        &mut self,
        person: &str,
        password: &SecretText,
        presented: &Presented,
        purpose: Purpose,
    ) -> Result<(Verdict, Option<SignedIn>), Failure> {
        // Leave to come back is the desk's own to give.
        if matches!(presented, Presented::AfterLock(_)) {
            return Err(StoreError::NoDayPass.into());
        }
        self.attempt_sign_in(person, password, presented, purpose, None)
    }

    /// A sign-in, or the return of somebody who was locked out a moment ago.
    pub(super) fn attempt_sign_in(
        &mut self,
        person: &str,
        password: &SecretText,
        presented: &Presented,
        purpose: Purpose,
        back: Option<&WayBack>,
    ) -> Result<(Verdict, Option<SignedIn>), Failure> {
        // Another process may seal the password anew while this one stretches it. Nothing was counted then.
        const AGAIN: usize = 2;
        for _ in 0..AGAIN {
            match self.try_sign_in(person, password, presented, purpose, back) {
                Err(Failure::Store(StoreError::SaltChanged)) => {}
                other => return other,
            }
        }
        self.try_sign_in(person, password, presented, purpose, back)
    }

    fn try_sign_in(
        &mut self,
        person: &str,
        password: &SecretText,
        presented: &Presented,
        purpose: Purpose,
        back: Option<&WayBack>,
    ) -> Result<(Verdict, Option<SignedIn>), Failure> {
        self.open = None;
        let now = self.clock.now();
        self.leave_work(&now);
        self.code_time()?;
        let before = self.clock.now().boot.since_start;
        let (stretched, salt) = self.stretch(person, password)?;
        let now = self.code_time()?;
        let took = now.boot.since_start.saturating_sub(before);
        let guarded = self.guard()?;
        let slot_key = keys::slot_key(&stretched, &guarded.device, &guarded.look.clinic_id);
        let generation = back.map(|back| back.generation);
        let attempt = Attempt { person, proof: Proof::Password(&slot_key), salt: Some(salt), presented, generation };
        let committed = self.store.attempt(&guarded.keys, &attempt, &guarded.now);
        let committed = self.or_noted(committed, person, What::SignIn, &guarded)?;
        let told = self.raise(&guarded, committed)?;
        let signed_in = match (&told.verdict, told.dek) {
            (Verdict::Accepted { by, recovery_left, new_password_due }, Some(dek)) => {
                let fresh = match purpose {
                    Purpose::Work => Fresh::Nothing,
                    Purpose::Change => Fresh::PasswordAndCode,
                };
                let clinic = &guarded.look.clinic_id;
                let longest = told.settings.full_sign_in();
                let full = back.map_or_else(
                    || FullSignIn { at: guarded.now.boot.clone(), by: *by, asleep: self.clock.asleep(), longest },
                    |back| FullSignIn { longest, ..back.full.clone() },
                );
                // What stands for the phone goes on standing for it; a spare code is crossed out once.
                let by = match (back, full.by) {
                    (Some(_), FactorUsed::Recovery) => FactorUsed::DayPass,
                    (Some(_) | None, by) => by,
                };
                self.way_back = None;
                // Whoever signs in for one change is not at a desk that they could leave.
                let (full_at, full) = (full.at.clone(), (purpose == Purpose::Work).then_some(full));
                let choices =
                    full.is_some().then(|| Choices::new(told.settings.clone(), guarded.file_epoch, &guarded.now));
                self.open =
                    Some(Open { fresh, full, choices, ..Open::new(person, clinic, dek, told.person.generation) });
                self.raise_cost(password, &told.person, &guarded, took);
                let number_ending = told.person.number_ending().map(str::to_owned);
                let Person { name, role, password_unix, .. } = told.person;
                Some(SignedIn {
                    person: person.to_owned(),
                    name,
                    role,
                    since_unix: guarded.now.unix_secs,
                    full_at,
                    before_unix: told.before_unix,
                    by,
                    recovery_left: *recovery_left,
                    new_password_due: *new_password_due,
                    password_unix,
                    number_ending,
                    settings: told.settings,
                })
            }
            _ => None,
        };
        Ok((told.verdict, signed_in))
    }

    /// Judges the code of somebody who is signed in, before a change.
    ///
    /// # Errors
    /// See [`Failure`]; nothing was counted and nothing is told.
    pub fn fresh_code(&mut self, presented: &Presented) -> Result<Verdict, Failure> {
        self.code_time()?;
        let (person, dek, generation) = {
            let open = self.open()?;
            (open.person.clone(), open.dek.duplicate(), Some(open.generation))
        };
        let guarded = self.guard_open()?;
        let attempt = Attempt { person: &person, proof: Proof::Session(&dek), salt: None, presented, generation };
        self.freshly(&guarded, &attempt, Fresh::Code)
    }

    /// Judges the password and the code of somebody who is signed in, before what cannot be taken back. The session
    /// stays whatever comes of it; a wrong password counts as it does on the lock screen.
    ///
    /// # Errors
    /// See [`Failure`]; nothing was counted and nothing is told.
    pub fn fresh_sign_in(&mut self, password: &SecretText, presented: &Presented) -> Result<Verdict, Failure> {
        match self.try_fresh_sign_in(password, presented) {
            // Another process sealed the password anew while this one stretched it. Nothing was counted.
            Err(Failure::Store(StoreError::SaltChanged)) => self.try_fresh_sign_in(password, presented),
            other => other,
        }
    }

    fn try_fresh_sign_in(&mut self, password: &SecretText, presented: &Presented) -> Result<Verdict, Failure> {
        self.code_time()?;
        let (person, generation) = {
            let open = self.open()?;
            (open.person.clone(), Some(open.generation))
        };
        let (stretched, salt) = self.stretch(&person, password)?;
        let guarded = self.guard_open()?;
        let slot_key = keys::slot_key(&stretched, &guarded.device, &guarded.look.clinic_id);
        let proof = Proof::Again(&slot_key);
        let attempt = Attempt { person: &person, proof, salt: Some(salt), presented, generation };
        self.freshly(&guarded, &attempt, Fresh::PasswordAndCode)
    }

    /// An attempt for the next change; what was given before counts no more, however this one ends.
    fn freshly(&mut self, guarded: &Guarded, attempt: &Attempt<'_>, fresh: Fresh) -> Result<Verdict, Failure> {
        let committed = self.store.attempt(&guarded.keys, attempt, &guarded.now);
        let committed = self.or_noted(committed, attempt.person, What::FreshCode, guarded)?;
        let told = self.raise(guarded, committed)?;
        if let Some(open) = &mut self.open {
            let accepted = matches!(told.verdict, Verdict::Accepted { .. });
            open.fresh = if accepted { fresh } else { Fresh::Nothing };
        }
        Ok(told.verdict)
    }

    /// An attempt that no clock could judge changes nothing, and is written down nevertheless.
    fn or_noted(
        &mut self,
        committed: Result<Committed<Told>, StoreError>,
        person: &str,
        what: What,
        guarded: &Guarded,
    ) -> Result<Committed<Told>, Failure> {
        if let Err(StoreError::ClockWentBack) = committed {
            let event = Event::by(person, what, "totp", "clock-went-back");
            let noted = self.store.note(&guarded.keys, &event, &guarded.now)?;
            self.raise(guarded, noted)?;
        }
        Ok(committed?)
    }
}
