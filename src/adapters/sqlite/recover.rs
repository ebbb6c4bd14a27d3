//! Coming back with the clinic recovery key: the present file is accepted under this computer's key.

use rusqlite::{Connection, Transaction};

use super::desk::Desk;
use super::open::sql;
use super::rows;
use crate::domain::audit::{Event, Head, What};
use crate::domain::keys::StateKeys;
use crate::domain::state::{Factor, PersonStage, Role};
use crate::domain::totp;
use crate::ports::{Now, RecoveredManager, RecoverySlots, StoreError};

/// The sealed things that the clinic recovery key opens.
pub(super) fn slots(connection: &Connection, now: &Now) -> Result<RecoverySlots, StoreError> {
    let clinic = rows::clinic_to_recover(connection, now)?.ok_or(StoreError::NotNow)?;
    Ok(RecoverySlots {
        dek: clinic.recovery_slot.ok_or(StoreError::NotNow)?,
        clinic_id: clinic.id,
        keychain_id: clinic.keychain_id,
        device: clinic.device_key,
        epoch: clinic.epoch,
    })
}

/// The file as it is, tagged anew: whoever holds the clinic recovery key vouches for it. What cannot be read stays
/// damaged; the log's chain goes on from its last entry, and a break in it stays where it is.
pub(super) fn accepted<'a>(
    (tx, name): (Transaction<'a>, String),
    keys: &'a StateKeys,
    epoch: u64,
    now: &Now,
) -> Result<Desk<'a>, StoreError> {
    let mut clinic = rows::clinic_to_recover(&tx, now)?.ok_or(StoreError::NotNow)?;
    clinic.epoch = clinic.epoch.max(epoch);
    clinic.head = last_entry(&tx).map_err(|err| sql(&err))?;
    let everyone = rows::people_unproved(&tx).map_err(|err| sql(&err))?;
    let mut desk = Desk { tx, clinic, keys, name };
    for person in everyone {
        match person {
            Ok(before) => {
                let mut person = before.clone();
                // Codes of any step up to now may have been used on another copy of this file.
                let step = totp::step_at(now.unix_secs).saturating_add(totp::WINDOW);
                // Leave for today was given on the computer that this file was on then.
                person.day_pass = None;
                // And whoever holds the clinic recovery key vouches for the clock: a step from the future, of a day on
                // which the clock was wrong, must not keep anybody out until then.
                person.vouched = None;
                for app in person.factors.iter_mut().filter_map(Factor::app_mut) {
                    app.last_step = Some(step);
                }
                // So may the code of a text.
                person.texts.code = None;
                desk.save(Some(&before), &person)?;
            }
            // On the roll with a tag that nothing has: damaged, for a manager to remove.
            Err(id) => drop(desk.clinic.roll.insert(id, [0; 32])),
        }
    }
    Ok(desk)
}

/// The end of the log as it stands, whatever the clinic's row says.
pub(super) fn last_entry(connection: &Connection) -> rusqlite::Result<Head> {
    let mut statement = connection.prepare(&format!("{} ORDER BY number DESC LIMIT 1", rows::ENTRY))?;
    let mut rows = statement.query([])?;
    match rows.next()? {
        Some(row) => rows::entry_of(row).map(|entry| Head { number: entry.number, tag: entry.tag }),
        None => Ok(Head::EMPTY),
    }
}

/// Resets the manager who came back, with the new password and the phone that is being linked.
pub(super) fn reset_manager(
    desk: &mut Desk<'_>,
    manager: Option<RecoveredManager>,
    now: &Now,
) -> Result<Event, StoreError> {
    let Some(RecoveredManager { person: id, slot, factor }) = manager else {
        return Ok(Event::to("", "", What::Recovered, "done"));
    };
    desk.edit(&id, |person| {
        if person.role != Role::Manager {
            return Err(StoreError::NotAllowed);
        }
        person.clear();
        person.stage = PersonStage::Reset;
        person.slot = Some(slot);
        person.password_unix = now.unix_secs;
        person.factors = vec![factor];
        Ok(())
    })?;
    desk.clinic.key_due = Some(id.clone());
    Ok(Event::to(&id, &id, What::Recovered, "done"))
}
