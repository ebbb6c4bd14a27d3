//! The ends of a first set-up: given up, or proved by the two sheets.

use rusqlite::Transaction;

use super::desk::{Changed, Desk};
use super::open::sql;
use super::phone::{linking_kind, promote_phone, take_codes};
use super::rows;
use crate::domain::audit::{Event, What};
use crate::domain::state::{ClinicStage, PersonStage};
use crate::ports::{NewCodes, StoreError};

/// Takes away a set-up that was not finished, and refuses any other.
pub(super) fn drop(tx: Transaction<'_>) -> Result<(), StoreError> {
    let stage = match rows::clinic_unproved(&tx) {
        Ok(found) => found.map(|(clinic, _)| clinic.stage),
        Err(err) => return Err(err),
    };
    if stage.is_some_and(|stage| stage != ClinicStage::Pending) {
        return Err(StoreError::NotNow);
    }
    let clear = || {
        tx.execute_batch(
            "DELETE FROM recovery_code; DELETE FROM factor; DELETE FROM person; DELETE FROM audit; DELETE FROM clinic;",
        )
    };
    clear().map_err(|err| sql(&err))?;
    tx.commit().map_err(|err| sql(&err))
}

pub(super) fn prove(desk: &mut Desk<'_>, person: &str, codes: NewCodes, recovery_slot: Vec<u8>) -> Changed {
    if desk.clinic.stage != ClinicStage::Pending {
        return Err(StoreError::NotNow);
    }
    let own_set_up = desk.next_entry();
    let kind = linking_kind(&desk.person(person)?);
    desk.edit(person, |person| {
        promote_phone(person)?;
        person.stage = PersonStage::Active;
        // Nobody is told at the first sign-in that they have just set themselves up.
        person.seen = own_set_up;
        take_codes(person, codes);
        Ok(())
    })?;
    desk.clinic.stage = ClinicStage::Proved;
    desk.clinic.recovery_slot = Some(recovery_slot);
    Ok(((), Event::by(person, What::EnrolmentFinished, kind, "done")))
}
