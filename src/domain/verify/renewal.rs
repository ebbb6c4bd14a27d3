//! The code of a new phone from somebody who counts already and gave nothing but the password.
//!
//! A session that began with everything may try first codes as often as it likes: it could sign in anyway. Here the code
//! stands between the password and ten new spare codes, so it is judged, counted and locked out like a sign-in's.

use super::first_code::{FirstCode, judge_linking};
use super::{Consequence, FactorUsed, Judgement, Trial, Unjudged, Verdict, WRONG_CODE_LOCKED, WRONG_CODE_MANAGER};
use crate::domain::audit::What;
use crate::domain::code::Code;
use crate::domain::keys::Key;
use crate::domain::state::{Clinic, FactorKind, Person};
use crate::ports::Now;

/// Judges it. [`Verdict::Accepted`] proves the new phone, and clears no counter.
///
/// # Errors
/// [`Unjudged::Damaged`] when the factor does not open under this DEK, or when there is no such factor.
pub fn judge_renewal(
    clinic: &Clinic,
    person: &Person,
    factor: &str,
    dek: &Key,
    code: &Code,
    now: &Now,
) -> Result<Judgement, Unjudged> {
    let linking = person.factors.iter().find(|linking| linking.id == factor).ok_or(Unjudged::Damaged)?;
    let (by, kind) = match linking.kind {
        FactorKind::Totp(_) => (FactorUsed::Totp, linking.kind.name()),
        FactorKind::Sms(_) => (FactorUsed::Sms, linking.kind.name()),
    };
    let what = What::EnrolmentCode;
    let mut trial = Trial { clinic, what, now, person: person.clone(), gauge: clinic.gauge.clone() };
    if let Some(refusal) = trial.must_wait_for_password().or_else(|| trial.locked(kind)) {
        return Ok(refusal);
    }
    let (outcome, after) = judge_linking(clinic, person, factor, dek, code, now)?;
    trial.person = after;
    let recovery_left = trial.person.codes_left();
    Ok(match outcome {
        FirstCode::Right => {
            let verdict = Verdict::Accepted { by, recovery_left, new_password_due: false };
            trial.close(verdict, kind, "accepted", Some(dek.duplicate()))
        }
        FirstCode::Used { next_in } => {
            trial.close(Verdict::Used { next_in, recovery_left }, kind, "already-used", None)
        }
        FirstCode::TextOver => trial.close(Verdict::TextOver { recovery_left }, kind, "no-code-waiting", None),
        FirstCode::Wrong { clock_off_secs } => {
            let then = trial.count_wrong_code();
            trial.close(Verdict::WrongCode { clock_off_secs, then, recovery_left }, kind, result(then), None)
        }
        FirstCode::WrongText { tries_left } => {
            let then = trial.count_wrong_code();
            trial.close(Verdict::WrongText { tries_left, then, recovery_left }, kind, result(then), None)
        }
    })
}

fn result(then: Consequence) -> &'static str {
    match then {
        Consequence::Locked(_) => WRONG_CODE_LOCKED,
        Consequence::Manager => WRONG_CODE_MANAGER,
        Consequence::None => "wrong-code",
    }
}
