//! Judging a password or an attempt, inside the transaction that counts it.

use super::desk::{Changed, Desk};
use crate::domain::kdf::SALT_LEN;
use crate::domain::keys::Key;
use crate::domain::state::ClinicStage;
use crate::domain::verify::{self, Unjudged};
use crate::ports::{Attempt, Now, PasswordTold, StoreError, Told};

pub(super) fn password(
    desk: &mut Desk<'_>,
    person: &str,
    slot_key: &Key,
    salt: [u8; SALT_LEN],
    now: &Now,
) -> Changed<PasswordTold> {
    let before = desk.person(person)?;
    if before.slot.as_ref().is_none_or(|slot| slot.salt != salt) {
        return Err(StoreError::SaltChanged);
    }
    let judged = verify::judge_password(&desk.clinic, &before, slot_key, now);
    desk.clinic.gauge = judged.gauge;
    desk.save(Some(&before), &judged.person)?;
    let told = judged.dek.map_or(PasswordTold::Refused(judged.verdict), PasswordTold::Right);
    Ok((told, judged.event))
}

pub(super) fn attempt(desk: &mut Desk<'_>, attempt: &Attempt<'_>, now: &Now) -> Changed<Told> {
    if desk.clinic.stage != ClinicStage::Active {
        return Err(StoreError::NotNow);
    }
    let before = desk.person(attempt.person)?;
    if attempt.generation.is_some_and(|generation| generation != before.generation) {
        return Err(StoreError::SessionOver);
    }
    if attempt.salt.is_some_and(|salt| before.slot.as_ref().is_none_or(|slot| slot.salt != salt)) {
        return Err(StoreError::SaltChanged);
    }
    let judged = verify::judge(&desk.clinic, &before, &attempt.proof, attempt.presented, now)?;
    desk.clinic.gauge = judged.gauge;
    desk.save(Some(&before), &judged.person)?;
    let (before_unix, settings) = (before.signed_in_unix, desk.clinic.settings());
    Ok((Told { verdict: judged.verdict, dek: judged.dek, person: judged.person, before_unix, settings }, judged.event))
}

impl From<Unjudged> for StoreError {
    fn from(unjudged: Unjudged) -> Self {
        match unjudged {
            Unjudged::NotReady => StoreError::NotReady,
            Unjudged::Damaged => StoreError::PersonDamaged,
            Unjudged::NoDayPass => StoreError::NoDayPass,
            Unjudged::ClockWentBack => StoreError::ClockWentBack,
        }
    }
}
