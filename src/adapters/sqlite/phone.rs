//! A phone from its first square to the code that counts, and the sheet beside it: what each step changes about a person.

use super::desk::{Changed, Desk};
use crate::domain::audit::{Event, What};
use crate::domain::code::Code;
use crate::domain::keys::Key;
use crate::domain::state::{Factor, FactorStage, Joins, Person, PersonStage};
use crate::domain::verify::{self, FirstCode, Verdict};
use crate::ports::{NewCodes, Now, StoreError};

pub(super) fn begin(desk: &mut Desk<'_>, person: &str, factor: Factor) -> Changed {
    let kind = factor.kind.name();
    desk.edit(person, |person| {
        person.factors.retain(|factor| factor.stage == FactorStage::Active);
        person.factors.push(factor);
        Ok(())
    })?;
    Ok(((), Event::by(person, What::EnrolmentBegun, kind, "done")))
}

pub(super) fn first_code(
    desk: &mut Desk<'_>,
    person: &str,
    factor: &str,
    dek: &Key,
    code: &Code,
    now: &Now,
) -> Changed<FirstCode> {
    let before = desk.person(person)?;
    let waiting = still_waiting(&before, factor)?;
    let (outcome, after) = verify::judge_linking(&desk.clinic, &before, factor, dek, code, now)?;
    let kind = waiting.kind.name();
    desk.save(Some(&before), &after)?;
    let result = match outcome {
        FirstCode::Right => "accepted",
        FirstCode::Used { .. } => "already-used",
        FirstCode::Wrong { .. } | FirstCode::WrongText { .. } => "not-confirmed",
        FirstCode::TextOver => "no-code-waiting",
    };
    Ok((outcome, Event::by(person, What::EnrolmentCode, kind, result)))
}

pub(super) fn renewal_code(
    desk: &mut Desk<'_>,
    person: &str,
    factor: &str,
    dek: &Key,
    code: &Code,
    now: &Now,
) -> Changed<Verdict> {
    let before = desk.person(person)?;
    still_waiting(&before, factor)?;
    let judged = verify::judge_renewal(&desk.clinic, &before, factor, dek, code, now)?;
    desk.clinic.gauge = judged.gauge;
    desk.save(Some(&before), &judged.person)?;
    Ok((judged.verdict, judged.event))
}

fn still_waiting<'a>(person: &'a Person, factor: &str) -> Result<&'a Factor, StoreError> {
    let waiting = person.factors.iter().find(|waiting| waiting.id == factor).ok_or(StoreError::PhoneReplaced)?;
    if waiting.stage == FactorStage::Active { Err(StoreError::NotNow) } else { Ok(waiting) }
}

pub(super) fn drop(desk: &mut Desk<'_>, person: &str) -> Changed {
    let kind = linking_kind(&desk.person(person)?);
    desk.edit(person, |person| {
        // Whoever cannot sign in yet has nothing else: without it the password would lead nowhere.
        if person.stage != PersonStage::Active {
            return Err(StoreError::NotNow);
        }
        person.factors.retain(|factor| factor.stage == FactorStage::Active);
        Ok(())
    })?;
    Ok(((), Event::by(person, What::EnrolmentDropped, kind, "done")))
}

pub(super) fn finish(
    desk: &mut Desk<'_>,
    person: &str,
    factor: &str,
    codes: Option<NewCodes>,
    recovery_slot: Option<Vec<u8>>,
) -> Changed {
    let own_set_up = desk.next_entry();
    let linked = desk.person(person)?.factors.into_iter().find(|linked| linked.id == factor);
    let kind = linked.map_or("", |linked| linked.kind.name());
    desk.edit(person, |person| {
        // Done already when the keychain did not answer the first time.
        let phone = person.factors.iter().find(|phone| phone.id == factor);
        let phone = phone.ok_or(StoreError::PhoneReplaced)?;
        let repeated = person.stage == PersonStage::Active
            && phone.stage == FactorStage::Active
            && codes.as_ref().is_none_or(|codes| has_sheet(person, codes));
        if !repeated {
            promote_phone(person)?;
            if person.stage != PersonStage::Active {
                person.stage = PersonStage::Active;
                person.seen = own_set_up;
            }
            if let Some(codes) = codes {
                take_codes(person, codes);
            }
        }
        Ok(())
    })?;
    if let Some(slot) = recovery_slot {
        desk.clinic.recovery_slot = Some(slot);
        desk.clinic.key_due = None;
    }
    Ok(((), Event::by(person, What::EnrolmentFinished, kind, "done")))
}

pub(super) fn replace_codes(desk: &mut Desk<'_>, person: &str, codes: NewCodes) -> Changed {
    desk.edit(person, |person| {
        if !has_sheet(person, &codes) {
            take_codes(person, codes);
        }
        Ok(())
    })?;
    Ok(((), Event::by(person, What::RecoveryCodesRenewed, "recovery", "done")))
}

/// The proved phone counts from now on, in the place of the others or beside them.
pub(super) fn promote_phone(person: &mut Person) -> Result<(), StoreError> {
    let proved = person.factors.iter_mut().find(|factor| factor.stage == FactorStage::Proved);
    let factor = proved.ok_or(StoreError::NotNow)?;
    factor.stage = FactorStage::Active;
    let (id, joins, kind) = (factor.id.clone(), factor.joins, factor.kind.name());
    match joins {
        // A new app replaces apps, a new number the number: whoever has both keeps the other.
        Joins::InTheirPlace => {
            let stays = |other: &Factor| other.stage == FactorStage::Active && other.kind.name() != kind;
            person.factors.retain(|factor| factor.id == id || stays(factor));
        }
        Joins::Beside => person.factors.retain(|factor| factor.stage == FactorStage::Active),
    }
    Ok(())
}

/// The kind of what is being linked, for the log.
pub(super) fn linking_kind(person: &Person) -> &'static str {
    let linking = person.factors.iter().find(|factor| factor.stage != FactorStage::Active);
    linking.map_or("", |factor| factor.kind.name())
}

/// Whether these very codes are stored already: the keychain did not answer the first time, so it is asked again.
/// Storing them twice would bring back to life what was spent meanwhile. No two sheets are sealed alike.
fn has_sheet(person: &Person, codes: &NewCodes) -> bool {
    person.code_key == codes.code_key
}

pub(super) fn take_codes(person: &mut Person, codes: NewCodes) {
    person.code_key = codes.code_key;
    person.codes = codes.codes;
}
