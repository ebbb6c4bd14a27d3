//! The judgement: stored state, what was presented and the time give a verdict, the next state and an audit event.
//!
//! Pure. The store commits all three in one transaction or not at all, and only then is the verdict told.

mod first_code;
mod renewal;
mod texts;

use std::time::Duration;

use super::audit::{Event, WRONG_CODE_LOCKED, WRONG_CODE_MANAGER, What};
use super::code::Code;
use super::keys::{Key, Kind, Place};
use super::lockout::{self, DeskGauge, Hold};
use super::moment::Moment;
use super::presence::{AfterLock, Leave};
use super::recovery::{self, RecoveryCode};
use super::sms::Texted;
use super::state::{Activation, Clinic, DayPass, Factor, FactorStage, Person, PersonStage, Totp};
use super::totp::{self, Match, Seed};
use crate::ports::Now;

pub use first_code::{FirstCode, judge_first_code, judge_linking};
use first_code::{agreed_offset, suspects_of};
pub use renewal::judge_renewal;
use texts::linked_number;
pub use texts::{ReadyText, TextFor, TextJudgement, TextTold, judge_text, open_number};

/// What proves that the person may be judged at all.
pub enum Proof<'a> {
    /// The slot's key, made from a typed password and the device key. It may be the wrong one.
    Password(&'a Key),
    /// The DEK of someone who is signed in: the password was right earlier.
    Session(&'a Key),
    /// The slot's key of someone who is signed in and types the password once more.
    Again(&'a Key),
}

/// What is presented beside the password.
#[derive(Debug)]
pub enum Presented {
    /// A code from the phone.
    Code(Code),
    /// A code from a text.
    Text(Code),
    /// A code from the sheet.
    Recovery(RecoveryCode),
    /// Nothing, because a recovery code was given earlier today on this computer.
    DayPass,
    /// Nothing, because this person was signed in here until a moment ago. The desk alone makes one, from its memory.
    AfterLock(Leave),
}

/// Which factor let someone in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorUsed {
    /// The phone.
    Totp,
    /// A text.
    Sms,
    /// The sheet.
    Recovery,
    /// The sheet, earlier today.
    DayPass,
    /// The password alone, after a lock.
    AfterLock,
}

impl FactorUsed {
    /// Whether it goes by six digits, as a fresh code does then, too.
    #[must_use]
    pub fn is_digits(self) -> bool {
        match self {
            FactorUsed::Totp | FactorUsed::Sms => true,
            FactorUsed::Recovery | FactorUsed::DayPass | FactorUsed::AfterLock => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            FactorUsed::Totp => "totp",
            FactorUsed::Sms => "sms",
            FactorUsed::Recovery => "recovery",
            FactorUsed::DayPass => "day-pass",
            FactorUsed::AfterLock => "after-lock",
        }
    }
}

/// Why an attempt must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// Wrong passwords or wrong recovery codes.
    Passwords,
    /// Too many wrong codes: a lock; a recovery code ends it.
    Codes,
    /// Many failures at this desk.
    Desk,
}

/// What a wrong code leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Try again.
    None,
    /// Locked for so long.
    Locked(Duration),
    /// Only a recovery code or the manager helps.
    Manager,
}

/// The outcome, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Let in.
    Accepted {
        /// By which factor.
        by: FactorUsed,
        /// Recovery codes left.
        recovery_left: u8,
        /// So many codes were wrong this year that a new password is due.
        new_password_due: bool,
    },
    /// The password was wrong.
    WrongPassword {
        /// The wait that follows.
        wait: Option<Duration>,
    },
    /// The password was right and the code was wrong.
    WrongCode {
        /// This computer's clock less the phone's, in seconds, once two codes agree on it.
        clock_off_secs: Option<i64>,
        /// What follows.
        then: Consequence,
        /// Recovery codes left.
        recovery_left: u8,
    },
    /// The password was right and the recovery code was wrong.
    WrongRecovery {
        /// The wait that follows.
        wait: Option<Duration>,
        /// Recovery codes left.
        recovery_left: u8,
    },
    /// The code is right and was used already.
    Used {
        /// Until the phone shows another.
        next_in: Duration,
        /// Recovery codes left.
        recovery_left: u8,
    },
    /// The password was right and the code is not the one that was sent.
    WrongText {
        /// So many tries are left before that code is dead.
        tries_left: u8,
        /// What follows.
        then: Consequence,
        /// Recovery codes left.
        recovery_left: u8,
    },
    /// The code of the text let somebody in before.
    TextUsed {
        /// Recovery codes left.
        recovery_left: u8,
    },
    /// No text's code is waiting: none was sent, it ran out, or it was tried too often. Nothing counts.
    TextOver {
        /// Recovery codes left.
        recovery_left: u8,
    },
    /// The recovery code was used before.
    RecoveryUsed {
        /// Recovery codes left.
        recovery_left: u8,
    },
    /// Nothing was checked: wait.
    Wait {
        /// For so long.
        left: Duration,
        /// Why.
        reason: WaitReason,
    },
    /// Nothing was checked: only a recovery code or the manager helps.
    Manager,
}

/// Why nothing could be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// The person has not finished linking a phone.
    NotReady,
    /// Something of this person's does not open although the password was right.
    Damaged,
    /// There is no leave for today, or to come back, (any more): a code is needed.
    NoDayPass,
    /// The wall clock shows a time from before the last accepted code: no code can be judged by it.
    ClockWentBack,
}

/// A verdict and all that must be stored with it.
pub struct Judgement {
    /// What is told once the rest is stored.
    pub verdict: Verdict,
    /// The person's next state.
    pub person: Person,
    /// The desk's next state.
    pub gauge: DeskGauge,
    /// The log's next entry.
    pub event: Event,
    /// The DEK, when the verdict is [`Verdict::Accepted`].
    pub dek: Option<Key>,
}

/// Judges one attempt.
///
/// # Errors
/// [`Unjudged`]: nothing was counted and nothing changes.
pub fn judge(
    clinic: &Clinic,
    person: &Person,
    proof: &Proof<'_>,
    presented: &Presented,
    now: &Now,
) -> Result<Judgement, Unjudged> {
    if person.stage != PersonStage::Active {
        return Err(Unjudged::NotReady);
    }
    let what = match proof {
        Proof::Password(_) => What::SignIn,
        Proof::Session(_) | Proof::Again(_) => What::FreshCode,
    };
    let trial = Trial { clinic, what, now, person: person.clone(), gauge: clinic.gauge.clone() };
    if let Some(refusal) = trial.must_wait(presented) {
        return Ok(refusal);
    }
    if matches!(presented, Presented::Code(_)) && put_back(person, now) > Some(totp::DOCTOR_REACH * totp::STEP_SECS) {
        return Err(Unjudged::ClockWentBack);
    }
    let dek = match proof {
        Proof::Session(dek) => dek.duplicate(),
        Proof::Password(slot_key) | Proof::Again(slot_key) => match trial.open_slot(slot_key) {
            Ok(dek) => dek,
            Err(WrongPassword) => return Ok(trial.wrong_password()),
        },
    };
    match presented {
        // Somebody whose codes come by text alone types one where an app's is asked for.
        Presented::Code(code) if phones(person) == 0 && linked_number(person).is_some() => Ok(trial.text(code, dek)),
        Presented::Code(code) => trial.code(code, dek),
        Presented::Text(code) => Ok(trial.text(code, dek)),
        Presented::Recovery(code) => trial.recovery(code, dek),
        Presented::DayPass => trial.day_pass(dek),
        Presented::AfterLock(leave) => trial.after_lock(leave, dek),
    }
}

/// Judges an activation code: right, in time and not used before. It is counted like a password.
///
/// With a right code the DEK is there and the verdict says nothing.
#[must_use]
pub fn judge_activation(clinic: &Clinic, person: &Person, slot_key: &Key, now: &Now) -> Judgement {
    let trial = Trial { clinic, what: What::Activation, now, person: person.clone(), gauge: clinic.gauge.clone() };
    if let Some(refusal) = trial.must_wait_for_password() {
        return refusal;
    }
    match trial.open_activation(slot_key) {
        Ok(dek) => trial.close(Verdict::WrongPassword { wait: None }, "activation", "accepted", Some(dek)),
        Err(WrongPassword) => trial.wrong_password(),
    }
}

/// Judges a password alone: before a phone is linked, or before a text is sent. Right or wrong, it clears nothing.
///
/// With a right password the DEK is there and the verdict says nothing.
#[must_use]
pub fn judge_password(clinic: &Clinic, person: &Person, slot_key: &Key, now: &Now) -> Judgement {
    let trial = Trial { clinic, what: What::Password, now, person: person.clone(), gauge: clinic.gauge.clone() };
    if let Some(refusal) = trial.must_wait_for_password() {
        return refusal;
    }
    match trial.open_slot(slot_key) {
        Ok(dek) => trial.close(Verdict::WrongPassword { wait: None }, "", "accepted", Some(dek)),
        Err(WrongPassword) => trial.wrong_password(),
    }
}

struct WrongPassword;

/// One judgement under way.
struct Trial<'a> {
    clinic: &'a Clinic,
    what: What,
    now: &'a Now,
    person: Person,
    gauge: DeskGauge,
}

impl Trial<'_> {
    fn close(self, verdict: Verdict, factor: &'static str, result: &'static str, dek: Option<Key>) -> Judgement {
        let event = Event::by(&self.person.id, self.what, factor, result);
        Judgement { verdict, person: self.person, gauge: self.gauge, event, dek }
    }

    /// A wait or lock in force. Nothing is checked, counted or used up.
    fn must_wait(&self, presented: &Presented) -> Option<Judgement> {
        if let Some(refusal) = self.must_wait_for_password() {
            return Some(refusal);
        }
        match presented {
            // A recovery code with the right password ends a lock.
            Presented::Recovery(_) => None,
            Presented::Code(_) | Presented::Text(_) | Presented::DayPass | Presented::AfterLock(_) => {
                self.locked(presented_name(presented))
            }
        }
    }

    /// A lock in force: no code is checked, and no text is sent.
    fn locked(&self, factor: &'static str) -> Option<Judgement> {
        if needs_manager(&self.person) {
            return Some(self.refuse(Verdict::Manager, factor));
        }
        let left = left_of(self.person.lock.as_ref(), self.now)?;
        Some(self.refuse(Verdict::Wait { left, reason: WaitReason::Codes }, factor))
    }

    fn must_wait_for_password(&self) -> Option<Judgement> {
        let desk = self.clinic.gauge.wait_at(&self.now.boot).map(|left| (left, WaitReason::Desk));
        let person = || left_of(self.person.wait.as_ref(), self.now).map(|left| (left, WaitReason::Passwords));
        let (left, reason) = desk.or_else(person)?;
        Some(self.refuse(Verdict::Wait { left, reason }, ""))
    }

    fn refuse(&self, verdict: Verdict, factor: &'static str) -> Judgement {
        let event = Event::by(&self.person.id, self.what, factor, "must-wait");
        Judgement { verdict, person: self.person.clone(), gauge: self.gauge.clone(), event, dek: None }
    }

    fn open_slot(&self, slot_key: &Key) -> Result<Key, WrongPassword> {
        // Without a password of their own nobody is let in by any.
        let slot = self.person.slot.as_ref().ok_or(WrongPassword)?;
        let place = Place {
            clinic: &self.clinic.id,
            owner: &self.person.id,
            kind: Kind::PersonSlot,
            kdf: Some(&slot.cost.to_string()),
        };
        let dek = slot_key.open(&slot.sealed, &place).map_err(|_| WrongPassword)?;
        Key::from_stored(&dek).map_err(|_| WrongPassword)
    }

    fn open_activation(&self, slot_key: &Key) -> Result<Key, WrongPassword> {
        let activation = self.person.activation.as_ref().filter(|activation| is_in_time(activation, self.now));
        let slot = &activation.ok_or(WrongPassword)?.slot;
        let cost = slot.cost.to_string();
        let (clinic, owner) = (self.clinic.id.as_str(), self.person.id.as_str());
        let place = Place { clinic, owner, kind: Kind::ActivationSlot, kdf: Some(&cost) };
        let dek = slot_key.open(&slot.sealed, &place).map_err(|_| WrongPassword)?;
        Key::from_stored(&dek).map_err(|_| WrongPassword)
    }

    /// Wrong passwords and wrong recovery codes cause waits and nothing else.
    fn count_slow(&mut self) -> Option<Duration> {
        self.person.password_failures = self.person.password_failures.saturating_add(1);
        self.gauge = self.gauge.after_failure(&self.now.boot);
        let wait = lockout::wait_after(self.person.password_failures);
        self.person.wait = wait.map(|left| Hold::new(left, &self.now.boot));
        wait
    }

    fn wrong_password(mut self) -> Judgement {
        let wait = self.count_slow();
        self.close(Verdict::WrongPassword { wait }, "", "wrong-password", None)
    }

    fn accept(mut self, by: FactorUsed, dek: Key) -> Judgement {
        self.person.password_failures = 0;
        self.person.wait = None;
        // A password alone says nothing about who typed wrong codes meanwhile.
        if by != FactorUsed::AfterLock {
            self.person.code_failures = 0;
            self.person.lock = None;
            for app in self.person.factors.iter_mut().filter_map(Factor::app_mut) {
                app.suspects.clear();
            }
        }
        if self.what == What::SignIn {
            self.person.signed_in_unix = Some(self.now.unix_secs);
        }
        let verdict = Verdict::Accepted {
            by,
            recovery_left: self.person.codes_left(),
            new_password_due: recent(&self.person).count()
                >= lockout::guesses_before_new_password(phones(&self.person)),
        };
        self.close(verdict, by.name(), "accepted", Some(dek))
    }

    fn code(mut self, code: &Code, dek: Key) -> Result<Judgement, Unjudged> {
        let mut used = false;
        let mut clock_off_secs = None;
        let mut factors = self.person.factors.clone();
        for factor in factors.iter_mut().filter(|factor| factor.stage == FactorStage::Active) {
            let id = factor.id.clone();
            let Some(app) = factor.app_mut() else { continue };
            let seed = open_seed(self.clinic, &id, app, &dek)?;
            match seed.check(code, self.now.unix_secs, app.last_step) {
                // It is the code of a time that has passed. One that is not gets the clock doctor, as on any wrong clock.
                Match::Fresh(_) | Match::Used if put_back(&self.person, self.now).is_some() => {
                    return Err(Unjudged::ClockWentBack);
                }
                Match::Fresh(step) => {
                    app.last_step = Some(step);
                    self.person.vouched = Some(Moment::of_step(step, self.now));
                    // What other phones' seeds made of this code is no suspicion.
                    let accepted = factor.clone();
                    self.person.factors.iter_mut().filter(|f| f.id == accepted.id).for_each(|f| *f = accepted.clone());
                    return Ok(self.accept(FactorUsed::Totp, dek));
                }
                Match::Used => used = true,
                Match::None => {
                    let found = suspects_of(&seed, code, self.now);
                    clock_off_secs = clock_off_secs.or_else(|| agreed_offset(&app.suspects, &found));
                    app.suspects = found;
                }
            }
        }
        let recovery_left = self.person.codes_left();
        if used {
            let next_in = Duration::from_secs(totp::secs_to_next_step(self.now.unix_secs));
            return Ok(self.close(Verdict::Used { next_in, recovery_left }, "totp", "already-used", None));
        }
        self.person.factors = factors;
        let then = self.count_wrong_code();
        let verdict = Verdict::WrongCode { clock_off_secs, then, recovery_left };
        // What follows says more than why: managers are told of it.
        let result = match then {
            Consequence::Locked(_) => WRONG_CODE_LOCKED,
            Consequence::Manager => WRONG_CODE_MANAGER,
            Consequence::None if clock_off_secs.is_some() => "wrong-code-clock-off",
            Consequence::None => "wrong-code",
        };
        Ok(self.close(verdict, "totp", result, None))
    }

    /// A text's code is judged by nothing but what was sent: no other factor is tried with it, and no clock is asked.
    fn text(mut self, code: &Code, dek: Key) -> Judgement {
        let (clinic, id) = (self.clinic, self.person.id.clone());
        let factor = linked_number(&self.person).map(|factor| factor.id.clone());
        let texted =
            factor.map_or(Texted::Over, |factor| self.person.texts.judge(clinic, &id, &factor, &dek, code, self.now));
        let recovery_left = self.person.codes_left();
        match texted {
            Texted::Right => self.accept(FactorUsed::Sms, dek),
            Texted::Used => self.close(Verdict::TextUsed { recovery_left }, "sms", "already-used", None),
            Texted::Over => self.close(Verdict::TextOver { recovery_left }, "sms", "no-code-waiting", None),
            Texted::Wrong { tries_left } => {
                let then = self.count_wrong_code();
                let verdict = Verdict::WrongText { tries_left, then, recovery_left };
                let result = if tries_left == 0 { "wrong-code-last-try" } else { "wrong-code" };
                self.close(verdict, "sms", result, None)
            }
        }
    }

    fn count_wrong_code(&mut self) -> Consequence {
        let now = self.now;
        self.gauge = self.gauge.after_failure(&now.boot);
        let mut times: Vec<i64> = recent(&self.person).collect();
        times.push(now.unix_secs);
        // More than the threshold says nothing more.
        let surplus = times.len().saturating_sub(lockout::MANAGER_AFTER);
        self.person.wrong_codes_unix = times.split_off(surplus);
        self.person.code_failures = self.person.code_failures.saturating_add(1);
        if needs_manager(&self.person) {
            return Consequence::Manager;
        }
        let limit = self.clinic.settings().wrong_codes.clamp(5, 10);
        if self.person.code_failures.is_multiple_of(limit) {
            self.person.lock = Some(Hold::new(lockout::LONGEST_WAIT, &now.boot));
            return Consequence::Locked(lockout::LONGEST_WAIT);
        }
        Consequence::None
    }

    fn recovery(mut self, code: &RecoveryCode, dek: Key) -> Result<Judgement, Unjudged> {
        let key = open_code_key(self.clinic, &self.person, &dek)?;
        let id = &self.person.id;
        // Every stored code is compared, so that the answer takes as long whichever it is.
        let matches =
            |stored: &&mut super::state::StoredCode| recovery::is_stored(&key, id, stored.number, code, &stored.tag);
        let found = self.person.codes.iter_mut().filter(matches).last();
        let used_before = found.as_ref().is_some_and(|stored| stored.used_unix.is_some());
        match found {
            Some(_) if used_before => {
                let recovery_left = self.person.codes_left();
                Ok(self.close(Verdict::RecoveryUsed { recovery_left }, "recovery", "already-used", None))
            }
            Some(stored) => {
                stored.used_unix = Some(self.now.unix_secs);
                trust_clock(&mut self.person, self.now);
                // The phone is good again at once; the year's memory still demands a new password.
                let kept = lockout::guesses_before_new_password(phones(&self.person));
                let surplus = self.person.wrong_codes_unix.len().saturating_sub(kept);
                self.person.wrong_codes_unix.drain(..surplus);
                self.person.day_pass = Some(DayPass::until_the_day_ends(self.now));
                Ok(self.accept(FactorUsed::Recovery, dek))
            }
            None => {
                let wait = self.count_slow();
                let recovery_left = self.person.codes_left();
                Ok(self.close(Verdict::WrongRecovery { wait, recovery_left }, "recovery", "wrong-code", None))
            }
        }
    }

    fn day_pass(self, dek: Key) -> Result<Judgement, Unjudged> {
        if self.what == What::SignIn && has_day_pass(&self.person, self.now) {
            Ok(self.accept(FactorUsed::DayPass, dek))
        } else {
            Err(Unjudged::NoDayPass)
        }
    }

    fn after_lock(self, leave: &Leave, dek: Key) -> Result<Judgement, Unjudged> {
        let wanted = self.clinic.settings().after_lock == AfterLock::Password;
        if self.what == What::SignIn && wanted && leave.is_good(&self.person.id, &self.now.boot) {
            Ok(self.accept(FactorUsed::AfterLock, dek))
        } else {
            Err(Unjudged::NoDayPass)
        }
    }
}

/// Whether an activation code may still be used: by the wall clock and by the clock that cannot be set.
#[must_use]
pub fn is_in_time(activation: &Activation, now: &Now) -> bool {
    now.unix_secs < activation.until_unix && !activation.hold.left_at(&now.boot).is_zero()
}

/// How far, in seconds, the wall clock is behind the person's last accepted code and the time since, or behind the step of a
/// code that counts as used. A code that was seen back then must not be accepted now.
fn put_back(person: &Person, now: &Now) -> Option<u64> {
    let (step, farthest) = (totp::step_at(now.unix_secs), 2 * totp::WINDOW);
    let ahead = |factor: &Factor| factor.app()?.last_step?.checked_sub(step).filter(|ahead| *ahead > farthest);
    let active = person.factors.iter().filter(|factor| factor.stage == FactorStage::Active);
    let by_step = active.filter_map(ahead).max().map(|steps| steps * totp::STEP_SECS);
    by_step.max(person.vouched.as_ref().and_then(|vouched| vouched.put_back(now)))
}

/// A code from the sheet vouches for the clock as it is: a step from the future, of a day on which the clock was wrong,
/// must not keep the phone out until then. Every step up to now counts as used.
fn trust_clock(person: &mut Person, now: &Now) {
    person.vouched = None;
    let step = totp::step_at(now.unix_secs).saturating_add(totp::WINDOW);
    for app in person.factors.iter_mut().filter_map(Factor::app_mut) {
        app.last_step = app.last_step.map(|last| last.min(step));
    }
}

fn left_of(hold: Option<&Hold>, now: &Now) -> Option<Duration> {
    hold.map(|hold| hold.left_at(&now.boot)).filter(|left| !left.is_zero())
}

fn presented_name(presented: &Presented) -> &'static str {
    match presented {
        Presented::Code(_) => FactorUsed::Totp.name(),
        Presented::Text(_) => FactorUsed::Sms.name(),
        Presented::Recovery(_) => FactorUsed::Recovery.name(),
        Presented::DayPass => FactorUsed::DayPass.name(),
        Presented::AfterLock(_) => FactorUsed::AfterLock.name(),
    }
}

/// Whether a person may do without the phone now: by the wall clock's day and by the clock that cannot be set.
#[must_use]
pub fn has_day_pass(person: &Person, now: &Now) -> bool {
    person.day_pass.as_ref().is_some_and(|pass| {
        (pass.from_unix..pass.until_unix).contains(&now.unix_secs) && !pass.hold.left_at(&now.boot).is_zero()
    })
}

/// Whether only a recovery code or the manager helps this person: too many wrong codes in a row, or within a year, which
/// signing in does not clear.
#[must_use]
pub fn needs_manager(person: &Person) -> bool {
    let most = lockout::guesses_before_manager(phones(person));
    person.code_failures as usize >= most || recent(person).count() >= most
}

/// Apps. A number adds nothing to what a guess can hit: one code of one text, while one is waiting.
fn phones(person: &Person) -> usize {
    person.factors.iter().filter(|factor| factor.stage == FactorStage::Active && factor.app().is_some()).count()
}

/// The year's wrong codes. The year is one that the person's phone vouches for: a clock that was turned forward makes
/// nothing forgotten. A time from the future (a clock that was wrong) counts.
fn recent(person: &Person) -> impl Iterator<Item = i64> {
    let from = person.vouched.as_ref().map(|vouched| vouched.unix_secs.saturating_sub(lockout::YEAR_SECS));
    person.wrong_codes_unix.iter().copied().filter(move |&time| from.is_none_or(|from| time > from))
}

/// Opens a factor's seed.
///
/// # Errors
/// [`Unjudged::Damaged`] when it does not open under this DEK.
pub fn open_seed(clinic: &Clinic, factor: &str, app: &Totp, dek: &Key) -> Result<Seed, Unjudged> {
    let place = Place { clinic: &clinic.id, owner: factor, kind: Kind::Seed, kdf: None };
    let seed = dek.open(&app.seed, &place).map_err(|_| Unjudged::Damaged)?;
    Seed::from_stored(seed).map_err(|_| Unjudged::Damaged)
}

/// Opens the key that a person's recovery codes are stored under.
///
/// # Errors
/// [`Unjudged::Damaged`] when it does not open under this DEK.
pub fn open_code_key(clinic: &Clinic, person: &Person, dek: &Key) -> Result<Key, Unjudged> {
    let place = Place { clinic: &clinic.id, owner: &person.id, kind: Kind::RecoveryCodeKey, kdf: None };
    let key = dek.open(&person.code_key, &place).map_err(|_| Unjudged::Damaged)?;
    Key::from_stored(&key).map_err(|_| Unjudged::Damaged)
}

#[cfg(test)]
mod tests;
