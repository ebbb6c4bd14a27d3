//! Taking a backup in again: judged by the present state, or without a usable one by the clinic recovery key.

use std::path::Path;

use super::{Closed, Desk, Failure, Standing, items};
use crate::domain::audit::{Event, What};
use crate::domain::keys::{self, Key, Kind, Place, StateKeys};
use crate::domain::recovery::ClinicKey;
use crate::domain::restore::Plan;
use crate::domain::secret::Secret;
use crate::domain::state::{PersonStage, Role, believable_epoch};
use crate::ports::{BackupError, Judge, Now, RecoverySlots, StoreError};

/// Who has to vouch for a restore here and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouches {
    /// A manager, with a fresh code: the present state can judge.
    Manager,
    /// Whoever holds the clinic recovery key: it cannot, or nobody is left who could ask it.
    ClinicKey,
}

/// What a clinic recovery key opened.
struct Opened {
    keys: StateKeys,
    device: Key,
    slots: RecoverySlots,
}

impl Desk {
    /// Who has to vouch for a restore. A keychain that does not answer is no answer.
    ///
    /// # Errors
    /// See [`Failure`]: what is another program's, newer or not ours to write is never replaced.
    pub fn vouches(&mut self) -> Result<Vouches, Failure> {
        match self.stand() {
            Ok(Standing::Active(_)) => {
                let can_judge = self.store.is_whole()? && self.has_manager()?;
                Ok(if can_judge { Vouches::Manager } else { Vouches::ClinicKey })
            }
            Ok(Standing::New | Standing::Pending(_))
            | Err(
                Failure::Closed(
                    Closed::KeyMissing
                    | Closed::Elsewhere
                    | Closed::DatabaseLost
                    | Closed::RolledBack
                    | Closed::Changed,
                )
                | Failure::Store(StoreError::Damaged),
            ) => Ok(Vouches::ClinicKey),
            Err(failure) => Err(failure),
        }
    }

    /// Whether some manager's rows are whole, so that they could sign in.
    fn has_manager(&mut self) -> Result<bool, Failure> {
        let guarded = self.guard()?;
        for person in &guarded.look.people {
            if let Ok((_, person)) = self.store.person(&guarded.keys, &person.id)
                && person.role == Role::Manager
                && person.stage == PersonStage::Active
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What restoring this backup would change. Nothing is changed, and nobody is asked for anything. Where the keychain has
    /// the key, the backup is proved with it.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn restore_plan(&mut self, file: &Path) -> Result<Plan, Failure> {
        let actor = self.open.as_ref().map(|open| open.person.clone());
        let vouches = self.vouches()?;
        let keys = match vouches {
            // An actor who is not known yet is one of the managers: nobody else may.
            Vouches::Manager => Some(self.guard()?.keys),
            Vouches::ClinicKey => self.known_keys(file)?,
        };
        let judge = match (&actor, &keys) {
            (Some(actor), Some(_)) => Judge::Manager(actor),
            _ => Judge::ClinicKey,
        };
        let _turn = self.store.turn()?;
        let now = self.clock.now();
        match (self.store.plan(keys.as_ref(), file, judge, &now), vouches) {
            // The keychain's key may be the one that is wrong: who holds the clinic recovery key will prove it.
            (Err(BackupError::Damaged), Vouches::ClinicKey) => Ok(self.store.plan(None, file, judge, &now)?),
            (plan, _) => Ok(plan?),
        }
    }

    /// The keys for a backup as far as this computer's keychain has them.
    fn known_keys(&mut self, file: &Path) -> Result<Option<StateKeys>, Failure> {
        let slots = {
            let _turn = self.store.turn()?;
            self.store.backup_slots(file, &self.clock.now())?
        };
        let (device_item, _) = items(&slots.keychain_id);
        let device = self.keychain.read(&device_item).ok().flatten();
        let device = device.and_then(|device| Key::from_stored(&device).ok());
        Ok(device.map(|device| StateKeys::of(&device, &slots.clinic_id)))
    }

    /// Takes a backup in. A manager's fresh code must have been given just before.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`]; [`Failure::Backup`]; see [`Failure`]. The state is as it was.
    pub fn restore(&mut self, file: &Path) -> Result<Plan, Failure> {
        self.code_time()?;
        let (actor, ..) = self.fresh()?;
        let guarded = self.guard_open()?;
        let (_, person) = self.store.person(&guarded.keys, &actor)?;
        let event = |result| Event::to("", &actor, What::Restored, result);
        if person.role != Role::Manager || person.stage != PersonStage::Active {
            return self.refuse(&guarded, &event("not-allowed"), StoreError::NotAllowed);
        }
        match self.store.restore(&guarded.keys, file, Judge::Manager(&actor), guarded.epoch, &guarded.now) {
            Ok(committed) => {
                let plan = self.raise(&guarded, committed)?;
                self.spend_fresh();
                Ok(plan)
            }
            Err(err) => {
                // Every try is written down; the refusal stands whether or not that succeeds.
                if let Ok(noted) = self.store.note(&guarded.keys, &event("refused"), &guarded.now) {
                    self.raise(&guarded, noted).ok();
                }
                Err(err.into())
            }
        }
    }

    /// What restoring this backup with the clinic recovery key would change.
    ///
    /// # Errors
    /// [`Failure::BackupKeyWrong`], [`Failure::RestoreNeedsManager`]; see [`Failure`].
    pub fn restore_plan_with(&mut self, file: &Path, key: &ClinicKey) -> Result<Plan, Failure> {
        self.code_time()?;
        self.only_with_key()?;
        let _turn = self.store.turn()?;
        let now = self.clock.now();
        let opened = self.open_backup(file, key, &now)?;
        let plan = self.store.plan(Some(&opened.keys), file, Judge::ClinicKey, &now)?;
        let known = self.known_epoch(&opened.slots.keychain_id)?;
        Ok(with_known(plan, known, opened.slots.epoch))
    }

    /// Takes a backup in with the clinic recovery key, here or on a new computer. It opens nothing by itself: people sign
    /// in afterwards.
    ///
    /// Device key, file, epoch, marker: in an order in which a kill leaves the clinic closed and this repeatable.
    ///
    /// # Errors
    /// [`Failure::BackupKeyWrong`], [`Failure::RestoreNeedsManager`]; see [`Failure`]. The state is as it was, or this can
    /// be repeated.
    pub fn restore_with(&mut self, file: &Path, key: &ClinicKey) -> Result<Plan, Failure> {
        // Whoever was here was here with another file.
        self.way_back = None;
        self.code_time()?;
        self.open = None;
        self.only_with_key()?;
        let _turn = self.store.turn()?;
        let now = self.clock.now();
        let Opened { keys, device, slots } = self.open_backup(file, key, &now)?;
        let (device_item, _) = items(&slots.keychain_id);
        let known = self.known_epoch(&slots.keychain_id)?;
        // Refused before anything is written to the keychain.
        self.store.plan(Some(&keys), file, Judge::ClinicKey, &now)?;
        self.keychain.write(&device_item, &device.to_secret())?;
        let committed = self.store.restore(&keys, file, Judge::ClinicKey, known, &now)?;
        self.write_epoch(&slots.keychain_id, committed.epoch)?;
        let id = Secret::new(slots.keychain_id.clone().into_bytes());
        self.keychain.write(&self.config.marker, &id)?;
        Ok(with_known(committed.value, known, slots.epoch))
    }

    fn only_with_key(&mut self) -> Result<(), Failure> {
        match self.vouches()? {
            Vouches::ClinicKey => Ok(()),
            Vouches::Manager => Err(Failure::RestoreNeedsManager),
        }
    }

    /// The keychain's epoch of a clinic; 0 on a new computer.
    fn known_epoch(&mut self, keychain_id: &str) -> Result<u64, Failure> {
        let (_, epoch_item) = items(keychain_id);
        let known = self.keychain.read(&epoch_item)?;
        let known = known.and_then(|epoch| <[u8; 8]>::try_from(epoch.expose()).ok()).map_or(0, u64::from_be_bytes);
        Ok(believable_epoch(known))
    }

    /// The key is compared with the later of the two states that can be proved: a sheet that was renewed since opens
    /// nothing any more, where that is known. The DEK that it gives is the same in both.
    fn open_backup(&mut self, file: &Path, key: &ClinicKey, now: &Now) -> Result<Opened, Failure> {
        let slots = self.store.backup_slots(file, now)?;
        let clinic = slots.clinic_id.clone();
        let place = |kind| Place { clinic: &clinic, owner: "", kind, kdf: None };
        let wrap = keys::recovery_slot_key(&key.secret(), &clinic);
        let dek_of = |sealed: &[u8]| {
            let opened = wrap.open(sealed, &place(Kind::RecoverySlot)).ok()?;
            Key::from_stored(&opened).ok()
        };
        let present = self.store.recovery(now).ok().filter(|present| present.clinic_id == clinic);
        let by_backup = dek_of(&slots.dek);
        let by_present = present.as_ref().and_then(|present| dek_of(&present.dek));
        let opens_present = by_present.is_some();
        let dek = by_backup.or(by_present).ok_or(Failure::BackupKeyWrong)?;
        let damaged = |_| Failure::Backup(BackupError::Damaged);
        let device = dek.open(&slots.device, &place(Kind::DeviceKey)).map_err(damaged)?;
        let device = Key::from_stored(&device).map_err(damaged)?;
        let keys = StateKeys::of(&device, &clinic);
        let later = present.filter(|present| present.epoch >= slots.epoch);
        if later.is_some() && !opens_present && self.store.check(&keys).is_ok() {
            return Err(Failure::BackupKeyWrong);
        }
        Ok(Opened { keys, device, slots })
    }
}

/// Where there is no present file, the keychain still counts how much has happened since.
fn with_known(mut plan: Plan, known: u64, backup: u64) -> Plan {
    plan.changes_since = plan.changes_since.max(known.saturating_sub(backup));
    plan
}
