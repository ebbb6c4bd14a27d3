//! What can be seen of people without any key.

use std::time::Duration;

use crate::domain::lockout::Hold;
use crate::domain::state::{Clinic, Factor, FactorKind, FactorStage, Person, PersonStage, Role};
use crate::domain::verify;
use crate::ports::{Begins, KeyKept, Look, Now, PasswordKept, PersonLook, PhoneKind, PhoneLook, TextsLook};

fn phone_look(factor: &Factor) -> PhoneLook {
    let kind = match &factor.kind {
        FactorKind::Totp(_) => PhoneKind::App,
        FactorKind::Sms(sms) => PhoneKind::Texts { ending: sms.ending.clone() },
    };
    PhoneLook { id: factor.id.clone(), label: factor.label.clone(), kind, linked_unix: factor.created_unix }
}

fn begins(person: &Person, now: &Now) -> Begins {
    let slip = person.activation.as_ref().filter(|activation| verify::is_in_time(activation, now));
    match (person.stage, slip) {
        (PersonStage::Active, _) => Begins::Done,
        (PersonStage::Pending | PersonStage::Reset, Some(slip)) => Begins::WithSlip { until_unix: slip.until_unix },
        (PersonStage::Pending | PersonStage::Reset, None) if person.slot.is_some() => Begins::WithPassword,
        (PersonStage::Pending | PersonStage::Reset, None) => Begins::NeedsNewSlip,
    }
}

/// The clinic and everybody in it, as the rows say.
pub(super) fn look(clinic: &Clinic, mut people: Vec<Result<Person, String>>, now: &Now) -> Look {
    // Whoever is on the roll and has no row is damaged, not gone: nobody must vanish from the lock screen unnoticed.
    let there = |id: &String, people: &[Result<Person, String>]| {
        people.iter().any(|person| person.as_ref().map_or_else(|lost| lost == id, |person| person.id == *id))
    };
    for id in clinic.roll.keys() {
        if !there(id, &people) {
            people.push(Err(id.clone()));
        }
    }
    Look {
        clinic_id: clinic.id.clone(),
        keychain_id: clinic.keychain_id.clone(),
        stage: clinic.stage,
        name: clinic.name.clone(),
        created_unix: clinic.created_unix,
        settings: clinic.settings(),
        texts: TextsLook {
            password: if clinic.sms_secret.is_some() { PasswordKept::Yes } else { PasswordKept::No },
            this_month: clinic.texts.this_month(now),
        },
        database_key: key_kept(clinic),
        epoch: clinic.epoch,
        people: people.into_iter().map(|person| person_look(person, now)).collect(),
    }
}

fn key_kept(clinic: &Clinic) -> KeyKept {
    if clinic.database_key.present.is_some() { KeyKept::Yes } else { KeyKept::No }
}

/// One person's tile; a row that cannot be read leaves its id.
fn person_look(person: Result<Person, String>, now: &Now) -> PersonLook {
    match person {
        Ok(person) => {
            let left =
                |hold: &Option<Hold>| hold.as_ref().map(|hold| hold.left_at(&now.boot)).filter(|d| *d > Duration::ZERO);
            PersonLook {
                role: person.role,
                stage: Some(person.stage),
                begins: begins(&person, now),
                phones: person
                    .factors
                    .iter()
                    .filter(|factor| factor.stage == FactorStage::Active)
                    .map(phone_look)
                    .collect(),
                recovery_left: person.codes_left(),
                wait: left(&person.wait).max(left(&person.lock)),
                manager_needed: verify::needs_manager(&person),
                day_pass: verify::has_day_pass(&person, now),
                signed_in_unix: person.signed_in_unix,
                id: person.id,
                name: person.name,
            }
        }
        Err(id) => PersonLook {
            name: id.clone(),
            id,
            role: Role::Staff,
            stage: None,
            phones: Vec::new(),
            begins: Begins::Done,
            recovery_left: 0,
            wait: None,
            manager_needed: false,
            day_pass: false,
            signed_in_unix: None,
        },
    }
}
