//! What managers change, and what a new person does with an activation code: one transaction each.

use super::desk::{Changed, Desk};
use super::open::sql;
use super::rows;
use crate::domain::audit::{Event, What};
use crate::domain::kdf::SALT_LEN;
use crate::domain::keys::Key;
use crate::domain::names;
use crate::domain::state::{Activation, ClinicStage, DayPass, Factor, FactorStage, Person, PersonStage, Role, Slot};
use crate::domain::verify;
use crate::ports::{ManagerChange, Now, PasswordTold, StoreError};

pub(super) fn judge_activation(
    desk: &mut Desk<'_>,
    person: &str,
    slot_key: &Key,
    salt: [u8; SALT_LEN],
    now: &Now,
) -> Changed<PasswordTold> {
    let before = desk.person(person)?;
    if before.activation.as_ref().is_none_or(|activation| activation.slot.salt != salt) {
        return Err(StoreError::SaltChanged);
    }
    let judged = verify::judge_activation(&desk.clinic, &before, slot_key, now);
    desk.clinic.gauge = judged.gauge;
    desk.save(Some(&before), &judged.person)?;
    let told = judged.dek.map_or(PasswordTold::Refused(judged.verdict), PasswordTold::Right);
    Ok((told, judged.event))
}

pub(super) fn begin(
    desk: &mut Desk<'_>,
    person: &str,
    judged: [u8; SALT_LEN],
    (slot, factor): (Slot, Factor),
    now: &Now,
) -> Changed {
    let kind = factor.kind.name();
    desk.edit(person, |person| {
        // Used up by this: it opens nothing a second time. A newer code, of a reset since it was judged, stays.
        let used = person.activation.take_if(|activation| activation.slot.salt == judged);
        used.ok_or(StoreError::NotNow)?;
        person.slot = Some(slot);
        person.password_unix = now.unix_secs;
        person.password_failures = 0;
        person.wait = None;
        person.factors = vec![factor];
        Ok(())
    })?;
    Ok(((), Event::by(person, What::EnrolmentBegun, kind, "done")))
}

pub(super) fn manage(desk: &mut Desk<'_>, actor: &str, change: ManagerChange, now: &Now) -> Changed {
    let manager = desk.person(actor)?;
    let may = manager.role == Role::Manager && manager.stage == PersonStage::Active;
    // Whoever sets the clinic up chooses the service that texts their own first code.
    let sets_up = manager.role == Role::Manager
        && desk.clinic.stage == ClinicStage::Pending
        && matches!(change, ManagerChange::Settings(_) | ManagerChange::SmsSecret(_));
    if !sets_up && (!may || desk.clinic.stage != ClinicStage::Active) {
        return Err(StoreError::NotAllowed);
    }
    match change {
        ManagerChange::Add(person) => add(desk, actor, &person),
        ManagerChange::Reset { person, activation } => reset(desk, actor, &person, activation),
        ManagerChange::Remove(person) => remove(desk, actor, &person),
        ManagerChange::Role(person, role) => set_role(desk, actor, &person, role),
        ManagerChange::DayPass(person) => give_day_pass(desk, actor, &person, now),
        ManagerChange::Settings(edit) => {
            let before = desk.clinic.settings();
            let settings = edit.of(&before);
            let mut changed = settings.changed(&before);
            desk.clinic.settings_json = settings.over(&desk.clinic.settings_json);
            // An entry for each: what was lowered must not hide behind what else was changed.
            let last = changed.pop().unwrap_or("nothing");
            for name in changed {
                desk.enter(&Event::to("", actor, What::SettingChanged, name), now.unix_secs)?;
            }
            Ok(((), Event::to("", actor, What::SettingChanged, last)))
        }
        ManagerChange::SmsSecret(sealed) => {
            desk.clinic.sms_secret = sealed;
            Ok(((), Event::to("", actor, What::SettingChanged, "sms-password")))
        }
        ManagerChange::DatabaseKey(keys) => {
            let result = match (&keys.present, &keys.next) {
                (None, _) => "removed",
                (Some(_), None) => "kept",
                (Some(_), Some(_)) => "begun",
            };
            desk.clinic.database_key = keys;
            Ok(((), Event::to("", actor, What::DatabaseKeyChanged, result)))
        }
        ManagerChange::RecoverySlot(slot) => {
            desk.clinic.recovery_slot = Some(slot);
            desk.clinic.key_due = None;
            Ok(((), Event::to("", actor, What::ClinicKeyRenewed, "done")))
        }
    }
}

fn add(desk: &mut Desk<'_>, actor: &str, person: &Person) -> Changed {
    let same = |other: &Result<Person, String>| match other {
        Ok(other) => other.id == person.id || names::is_mistaken_for(&other.name, &person.name),
        Err(id) => *id == person.id,
    };
    if rows::people_unproved(&desk.tx).map_err(|err| sql(&err))?.iter().any(same) {
        return Err(StoreError::NameTaken);
    }
    // Somebody else may have had this id before: what is in the log of them is not told to the new one, and a session
    // of theirs that is still open somewhere must not become the new one's.
    let next = desk.clinic.head.number.saturating_add(1);
    let generation = u32::try_from(next).unwrap_or(u32::MAX);
    desk.save(None, &Person { seen: next, generation, ..person.clone() })?;
    Ok(((), Event::to(&person.id, actor, What::PersonAdded, "done")))
}

fn reset(desk: &mut Desk<'_>, actor: &str, id: &str, activation: Activation) -> Changed {
    if id == actor {
        // One's own phone can be replaced, never taken away: that would be the way around the code.
        return Err(StoreError::NotAllowed);
    }
    let before = match desk.person(id) {
        Err(StoreError::PersonDamaged) => return mend(desk, actor, id, activation),
        other => other?,
    };
    let mut person = before.clone();
    person.clear();
    person.stage = if before.stage == PersonStage::Pending { PersonStage::Pending } else { PersonStage::Reset };
    person.activation = Some(activation);
    desk.save(Some(&before), &person)?;
    Ok(((), Event::to(id, actor, What::PersonReset, "done")))
}

/// C53: a damaged record is made anew. Nothing in it is believed but the name, where one can be read that nobody else has:
/// it is what the manager sees beforehand.
fn mend(desk: &mut Desk<'_>, actor: &str, id: &str, activation: Activation) -> Changed {
    let others = rows::people_unproved(&desk.tx).map_err(|err| sql(&err))?;
    let named = rows::name_unproved(&desk.tx, id).map_err(|err| sql(&err))?.and_then(|name| names::tidy(&name).ok());
    let taken = |name: &str| {
        others.iter().any(|other| match other {
            Ok(other) => other.id != id && names::is_mistaken_for(&other.name, name),
            Err(other) => other != id && other == name,
        })
    };
    let name = named.filter(|name| !taken(name)).unwrap_or_else(|| id.to_owned());
    rows::delete_person(&desk.tx, &mut desk.clinic, id).map_err(|err| sql(&err))?;
    no_key_due(desk, id);
    let next = desk.next_entry();
    let mut person = Person::nobody(id.to_owned(), Role::Staff);
    person.name_key = names::key(&name);
    person.name = name;
    person.stage = PersonStage::Reset;
    person.activation = Some(activation);
    person.seen = next;
    // Above every session that the damaged record has let in.
    person.generation = u32::try_from(next).unwrap_or(u32::MAX);
    desk.save(None, &person)?;
    Ok(((), Event::to(id, actor, What::PersonReset, "done")))
}

fn remove(desk: &mut Desk<'_>, actor: &str, id: &str) -> Changed {
    if id == actor {
        // The last manager among them: whoever removes a manager is another one who stays.
        return Err(if managers(desk) <= 1 { StoreError::LastManager } else { StoreError::NotAllowed });
    }
    let deleted = rows::delete_person(&desk.tx, &mut desk.clinic, id).map_err(|err| sql(&err))?;
    if !deleted {
        return Err(StoreError::NobodyThere);
    }
    no_key_due(desk, id);
    Ok(((), Event::to(id, actor, What::PersonRemoved, "done")))
}

fn set_role(desk: &mut Desk<'_>, actor: &str, id: &str, role: Role) -> Changed {
    if id == actor && role == Role::Staff && managers(desk) <= 1 {
        return Err(StoreError::LastManager);
    }
    if role == Role::Staff {
        no_key_due(desk, id);
    }
    desk.edit(id, |person| {
        person.role = role;
        Ok(())
    })?;
    Ok(((), Event::to(id, actor, What::RoleChanged, role.name())))
}

/// Managers who can sign in: whoever was put into the file or is damaged is none.
fn managers(desk: &Desk<'_>) -> usize {
    let can = |person: &Person| person.role == Role::Manager && person.stage == PersonStage::Active;
    desk.clinic.roll.keys().filter(|id| desk.person(id).is_ok_and(|person| can(&person))).count()
}

/// A clinic recovery key is for a manager's eyes: not for whoever is staff now, nor for the next one with this id.
fn no_key_due(desk: &mut Desk<'_>, id: &str) {
    desk.clinic.key_due.take_if(|due| due == id);
}

fn give_day_pass(desk: &mut Desk<'_>, actor: &str, id: &str, now: &Now) -> Changed {
    if id == actor {
        return Err(StoreError::NotAllowed);
    }
    desk.edit(id, |person| {
        if person.stage != PersonStage::Active {
            return Err(StoreError::NotReady);
        }
        person.day_pass = Some(DayPass::until_the_day_ends(now));
        Ok(())
    })?;
    Ok(((), Event::to(id, actor, What::DayPassGiven, "done")))
}

pub(super) fn remove_phone(desk: &mut Desk<'_>, person: &str, factor: &str) -> Changed {
    let removed = desk.person(person)?.factors.into_iter().find(|phone| phone.id == factor);
    let kind = removed.map_or("", |removed| removed.kind.name());
    desk.edit(person, |person| {
        let active = person.factors.iter().filter(|factor| factor.stage == FactorStage::Active);
        let (mut count, mut found) = (0_usize, false);
        for phone in active {
            count += 1;
            found |= phone.id == factor;
        }
        if count < 2 || !found {
            return Err(StoreError::NotNow);
        }
        person.factors.retain(|phone| phone.id != factor);
        Ok(())
    })?;
    Ok(((), Event::by(person, What::PhoneRemoved, kind, "done")))
}
