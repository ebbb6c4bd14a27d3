//! The code of a phone that is being linked, and the clock doctor.

use std::time::Duration;

use super::{Unjudged, open_seed};
use crate::domain::code::Code;
use crate::domain::keys::Key;
use crate::domain::sms::Texted;
use crate::domain::state::{Clinic, FactorKind, FactorStage, Person, Suspect, Totp};
use crate::domain::totp::{self, Match, Seed};
use crate::ports::Now;

/// Every step within a day that a wrong code belongs to, and how far it is from here.
pub(super) fn suspects_of(seed: &Seed, code: &Code, now: &Now) -> Vec<Suspect> {
    let here = i64::try_from(totp::step_at(now.unix_secs)).unwrap_or(i64::MAX);
    let offset = |step: u64| i64::try_from(step).unwrap_or(i64::MAX).saturating_sub(here);
    seed.matches_within_a_day(code, now.unix_secs)
        .into_iter()
        .map(|step| Suspect { offset: offset(step), step })
        .collect()
}

/// The clock doctor: two different codes in succession that belong to the same offset, one step either way.
pub(super) fn agreed_offset(before: &[Suspect], found: &[Suspect]) -> Option<i64> {
    let agrees =
        |new: &&Suspect| before.iter().any(|old| old.step != new.step && (old.offset - new.offset).unsigned_abs() <= 1);
    let nearest = found.iter().filter(agrees).min_by_key(|suspect| suspect.offset.unsigned_abs())?;
    let step = i64::try_from(totp::STEP_SECS).unwrap_or(i64::MAX);
    Some(nearest.offset.saturating_mul(-step))
}

/// What a code typed while linking a phone comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstCode {
    /// Right: the phone is linked once the rest is proved.
    Right,
    /// Right, but of a step that has counted already.
    Used {
        /// Until the phone shows another.
        next_in: Duration,
    },
    /// Wrong; never counted as a sign-in.
    Wrong {
        /// This computer's clock less the phone's, in seconds, once two codes agree on it.
        clock_off_secs: Option<i64>,
    },
    /// Not the code of the text; never counted as a sign-in.
    WrongText {
        /// So many tries are left before the code is dead.
        tries_left: u8,
    },
    /// No text's code is waiting: it ran out, or was tried too often.
    TextOver,
}

/// Judges the code of an app that is being linked, and hands back its next state.
#[must_use]
pub fn judge_first_code(app: &Totp, seed: &Seed, code: &Code, now: &Now) -> (FirstCode, Totp) {
    let mut next = app.clone();
    let outcome = match seed.check(code, now.unix_secs, app.last_step) {
        Match::Fresh(step) => {
            next.last_step = Some(step);
            next.suspects.clear();
            FirstCode::Right
        }
        Match::Used => FirstCode::Used { next_in: Duration::from_secs(totp::secs_to_next_step(now.unix_secs)) },
        Match::None => {
            let found = suspects_of(seed, code, now);
            let clock_off_secs = agreed_offset(&app.suspects, &found);
            next.suspects = found;
            FirstCode::Wrong { clock_off_secs }
        }
    };
    (outcome, next)
}

/// Judges the code of a factor that is being linked, and hands back the person's next state.
///
/// # Errors
/// [`Unjudged::Damaged`] when it does not open under this DEK, or when there is no such factor.
pub fn judge_linking(
    clinic: &Clinic,
    person: &Person,
    factor: &str,
    dek: &Key,
    code: &Code,
    now: &Now,
) -> Result<(FirstCode, Person), Unjudged> {
    let mut after = person.clone();
    let mut factors = std::mem::take(&mut after.factors);
    let linking = factors.iter_mut().find(|waiting| waiting.id == factor).ok_or(Unjudged::Damaged)?;
    let outcome = match &mut linking.kind {
        FactorKind::Totp(app) => {
            let seed = open_seed(clinic, factor, app, dek)?;
            let (outcome, next) = judge_first_code(app, &seed, code, now);
            *app = next;
            outcome
        }
        FactorKind::Sms(_) => match after.texts.judge(clinic, &after.id, factor, dek, code, now) {
            Texted::Right => FirstCode::Right,
            Texted::Wrong { tries_left } => FirstCode::WrongText { tries_left },
            Texted::Used | Texted::Over => FirstCode::TextOver,
        },
    };
    if outcome == FirstCode::Right {
        linking.stage = FactorStage::Proved;
    }
    after.factors = factors;
    Ok((outcome, after))
}
