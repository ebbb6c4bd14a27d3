//! Passwords at the desk: stretched before any lock is taken, new ones judged and sealed into a slot.

use std::time::Duration;

use super::{CostPolicy, Desk, Failure, Fresh, Guarded};
use crate::domain::kdf::{self, Cost, SALT_LEN};
use crate::domain::keys::{self, Key, Kind, Place};
use crate::domain::password;
use crate::domain::secret::SecretText;
use crate::domain::state::{Person, Slot};

impl Desk {
    /// Stretches a typed password for a person's slot.
    pub(super) fn stretch(&mut self, person: &str, typed: &SecretText) -> Result<(Key, [u8; SALT_LEN]), Failure> {
        let slot = self.store.slot(person)?;
        let stretched = kdf::stretch(&password::normalised(typed), &slot.salt, slot.cost)?;
        Ok((stretched, slot.salt))
    }

    /// Seals the DEK into a new slot for a new password.
    pub(super) fn new_slot(
        &mut self,
        typed: &SecretText,
        person: &str,
        clinic: &str,
        dek: &Key,
        device: &Key,
    ) -> Result<Slot, Failure> {
        let cost = self.cost()?;
        self.slot_at(cost, typed, person, clinic, dek, device)
    }

    fn slot_at(
        &mut self,
        cost: Cost,
        typed: &SecretText,
        person: &str,
        clinic: &str,
        dek: &Key,
        device: &Key,
    ) -> Result<Slot, Failure> {
        let salt = *self.dice.bytes::<SALT_LEN>()?;
        let stretched = kdf::stretch(&password::normalised(typed), &salt, cost)?;
        let wrap = keys::slot_key(&stretched, device, clinic);
        let place = Place { clinic, owner: person, kind: Kind::PersonSlot, kdf: Some(&cost.to_string()) };
        let sealed = wrap.seal(&dek.to_secret(), &place, &mut self.dice)?;
        Ok(Slot { salt, cost, sealed })
    }

    pub(super) fn cost(&self) -> Result<Cost, Failure> {
        match self.config.cost {
            CostPolicy::Fixed(cost) => Ok(cost),
            CostPolicy::Calibrated => {
                let before = self.clock.now().boot.since_start;
                kdf::stretch(&SecretText::from("calibration"), &[0; SALT_LEN], Cost::START)?;
                let took = self.clock.now().boot.since_start.saturating_sub(before);
                Ok(Cost::calibrated(took))
            }
        }
    }

    /// Seals the slot again at a higher cost when this computer has become fast enough for it. Whoever signed in stays
    /// signed in whatever comes of it: the old slot is as good as it was.
    pub(super) fn raise_cost(&mut self, typed: &SecretText, person: &Person, guarded: &Guarded, took: Duration) {
        let Some(cost) = person.slot.as_ref().and_then(|slot| self.config.cost.dearer(slot.cost, took)) else { return };
        let Some(open) = &self.open else { return };
        let (clinic, dek) = (open.clinic.clone(), open.dek.duplicate());
        let raise = |desk: &mut Self| -> Result<(), Failure> {
            let slot = desk.slot_at(cost, typed, &person.id, &clinic, &dek, &guarded.device)?;
            let now = desk.clock.now();
            let committed = desk.store.raise_slot(&guarded.keys, &person.id, slot, &now)?;
            desk.raise(guarded, committed)
        };
        raise(self).ok();
    }

    /// Replaces the signed-in person's password. A fresh code must have been given just before.
    ///
    /// # Errors
    /// [`Failure::Weak`] when it is not good enough and [`Failure::SamePassword`] when it is the present one (the fresh
    /// code still counts); see [`Failure`].
    pub fn change_password(&mut self, new: &SecretText) -> Result<(), Failure> {
        let now = self.clock.now();
        let (person, clinic, dek) = {
            let open = self.open.as_ref().filter(|open| open.fresh.is_code()).ok_or(Failure::NotSignedIn)?;
            (open.person.clone(), open.clinic.clone(), open.dek.duplicate())
        };
        self.check_new_password(new, &person, &now)?;
        let device = self.guard_open()?.device;
        let present = self.store.slot(&person)?;
        if opens(&present, new, &person, &clinic, &device)? {
            // A new password is asked for when somebody may know the old one; the old one again would only forget why.
            if self.open()?.new_salt != Some(present.salt) {
                return Err(Failure::SamePassword);
            }
            // Stored a moment ago, and the keychain did not answer.
            let guarded = self.guard_open()?;
            self.raise_to_file(&guarded)?;
            self.spend_fresh();
            return Ok(());
        }
        let slot = self.new_slot(new, &person, &clinic, &dek, &device)?;
        if let Some(open) = &mut self.open {
            open.new_salt = Some(slot.salt);
        }
        let guarded = self.guard_open()?;
        let committed = self.store.replace_slot(&guarded.keys, &person, slot, &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.spend_fresh();
        Ok(())
    }

    pub(super) fn spend_fresh(&mut self) {
        if let Some(open) = &mut self.open {
            open.fresh = Fresh::Nothing;
            open.draft = None;
            open.new_salt = None;
        }
    }
}

/// Whether a password opens a slot.
fn opens(slot: &Slot, typed: &SecretText, person: &str, clinic: &str, device: &Key) -> Result<bool, Failure> {
    let stretched = kdf::stretch(&password::normalised(typed), &slot.salt, slot.cost)?;
    let place = Place { clinic, owner: person, kind: Kind::PersonSlot, kdf: Some(&slot.cost.to_string()) };
    Ok(keys::slot_key(&stretched, device, clinic).open(&slot.sealed, &place).is_ok())
}
