//! The clinic's first set-up, from the first password to the marker.
//!
//! ```text
//! row pending ─▶ device key and epoch in the keychain, read back ─▶ code judged ─▶ sheets proved from paper
//!   ─▶ row proved, everything stored ─▶ marker ─▶ row active
//! ```
//! Killed before "proved", it is resumed with the password or starts over with new keys; killed after, the next start
//! writes the marker and goes on.

use super::{Desk, Draft, DraftFor, Failure, Open, PhoneOffer, Sheets, Unfinished, items};
use crate::domain::audit::Head;
use crate::domain::keys::{Key, Kind, Place, StateKeys};
use crate::domain::lockout::DeskGauge;
use crate::domain::moment::Moment;
use crate::domain::names;
use crate::domain::password;
use crate::domain::secret::{Secret, SecretText};
use crate::domain::state::{Clinic, ClinicStage, DatabaseKey, Joins, Person, Role, Settings};
use crate::domain::totp::Seed;
use crate::ports::{NewClinic, NewCodes, StoreError};

/// What a new clinic's first page comes to. Names are tidied already.
#[derive(Debug)]
pub struct NewSetup {
    /// The clinic's name.
    pub clinic: String,
    /// The manager's name.
    pub person: String,
    /// Whom to ask for help; may be empty.
    pub support: String,
    /// The manager's password.
    pub password: SecretText,
}

impl Desk {
    /// Begins the first set-up, in the place of one that was not finished: new keys, a pending row, a square to show.
    ///
    /// # Errors
    /// [`Failure::Weak`]; [`StoreError::NotNow`] when the clinic is set up or looks as if it had been; see [`Failure`].
    pub fn begin_setup(&mut self, new: &NewSetup) -> Result<PhoneOffer, Failure> {
        match self.stand()? {
            super::Standing::New | super::Standing::Pending(_) => {}
            super::Standing::Active(_) => return Err(StoreError::NotNow.into()),
        }
        let settings = Settings { support: new.support.clone(), ..Settings::default() };
        let own = [new.clinic.as_str(), new.person.as_str(), settings.program.as_str()];
        password::check(&new.password, settings.shortest_password, &own).map_err(Failure::Weak)?;

        let now = self.clock.now();
        let id = names::person_id(&new.person, &|_| false);
        let clinic_id = self.random_id()?;
        let (device, dek) = (Key::roll(&mut self.dice)?, Key::roll(&mut self.dice)?);
        let slot = self.new_slot(&new.password, &id, &clinic_id, &dek, &device)?;
        let seed = Seed::roll(&mut self.dice)?;
        let factor = self.new_factor(&seed, &clinic_id, &dek, ("", Joins::InTheirPlace), &now)?;
        let place = Place { clinic: &clinic_id, owner: "", kind: Kind::DeviceKey, kdf: None };
        let clinic = Clinic {
            keychain_id: self.random_id()?,
            stage: ClinicStage::Pending,
            name: new.clinic.clone(),
            created_unix: now.unix_secs,
            settings_json: serde_json::to_string(&settings).unwrap_or_default(),
            epoch: 0,
            gauge: DeskGauge::new(&now.boot),
            clocks: Moment::of(&now),
            sms_secret: None,
            texts: crate::domain::sms::TextGauge::default(),
            device_key: dek.seal(&device.to_secret(), &place, &mut self.dice)?,
            recovery_slot: None,
            key_due: None,
            database_key: DatabaseKey::default(),
            roll: std::collections::BTreeMap::new(),
            head: Head::EMPTY,
            id: clinic_id,
        };
        let person = Person {
            name: new.person.clone(),
            name_key: names::key(&new.person),
            slot: Some(slot),
            password_unix: now.unix_secs,
            factors: vec![factor],
            ..Person::nobody(id, Role::Manager)
        };
        self.store_setup(clinic, person, &device, dek, &seed)
    }

    fn store_setup(
        &mut self,
        clinic: Clinic,
        person: Person,
        device: &Key,
        dek: Key,
        seed: &Seed,
    ) -> Result<PhoneOffer, Failure> {
        let offer = PhoneOffer::new(&clinic.settings().program, &clinic.name, &person.id, seed);
        let linking = person.factors.first().map(|factor| factor.id.clone());
        let unfinished = Unfinished::Clinic;
        let open = Open { linking, unfinished, ..Open::new(&person.id, &clinic.id, dek, person.generation) };
        let keys = StateKeys::of(device, &clinic.id);
        let keychain_id = clinic.keychain_id.clone();
        let _turn = self.store.turn()?;
        self.forget_old_items();
        let committed = self.store.begin_setup(&keys, NewClinic { clinic, person }, &self.clock.now())?;
        let (device_item, _) = items(&keychain_id);
        let kept = self.keychain.write(&device_item, &device.to_secret()).map_err(Failure::from);
        if let Err(failure) = kept.and_then(|()| self.write_epoch(&keychain_id, committed.epoch)) {
            // A row whose key is nowhere could never be confirmed, and would look like a clinic that lost its key.
            // An item that was written after all goes with it.
            self.forget_old_items();
            self.store.drop_setup().ok();
            return Err(failure);
        }
        self.open = Some(open);
        Ok(offer)
    }

    /// Gives up a set-up that was not finished.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] and [`super::Closed`] when the clinic is set up or looks as if it had been; see
    /// [`Failure`].
    pub fn drop_setup(&mut self) -> Result<(), Failure> {
        // The row alone says "pending", and anybody can write that: with a marker beside it, nothing is taken away.
        if let super::Standing::Active(_) = self.stand()? {
            return Err(StoreError::NotNow.into());
        }
        let _turn = self.store.turn()?;
        self.forget_old_items();
        self.open = None;
        Ok(self.store.drop_setup()?)
    }

    /// Removes the keychain items of an unfinished set-up; what cannot be removed stays behind and opens nothing.
    fn forget_old_items(&mut self) {
        if let Ok(Some(look)) = self.store.look(&self.clock.now())
            && look.stage == ClinicStage::Pending
        {
            let (device, epoch) = items(&look.keychain_id);
            self.keychain.remove(&device).ok();
            self.keychain.remove(&epoch).ok();
        }
    }

    /// Ten recovery codes and the clinic recovery key, to be shown and proved; nothing is stored yet. Asked again, it
    /// makes new ones, and the earlier ones were never good.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn setup_sheets(&mut self) -> Result<Sheets, Failure> {
        let (shown, codes) = self.draft_codes()?;
        let (clinic_key, slot) = self.draft_clinic_key()?;
        self.keep_draft(Some(codes), DraftFor::SetUp(slot));
        Ok(Sheets { codes: shown, clinic_key: Some(clinic_key) })
    }

    pub(super) fn keep_draft(&mut self, codes: Option<NewCodes>, purpose: DraftFor) {
        if let Some(open) = &mut self.open {
            open.draft = Some(Draft { codes, purpose });
        }
    }

    /// Stores what was shown and proved; the clinic is then in use and nobody is signed in.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn finish_setup(&mut self) -> Result<(), Failure> {
        let (person, draft) = self.draft()?;
        let DraftFor::SetUp(slot) = draft.purpose else { return Err(Failure::NotSignedIn) };
        let guarded = self.guard_open()?;
        // Proved already when the keychain did not answer the first time: then only the end is missing.
        if guarded.look.stage == ClinicStage::Pending {
            let codes = draft.codes.ok_or(Failure::NotSignedIn)?;
            let committed = self.store.prove_setup(&guarded.keys, &person, codes, slot, &guarded.now)?;
            self.raise(&guarded, committed)?;
        } else if self.store.person(&guarded.keys, &person)?.0.recovery_slot != Some(slot) {
            // Another sheet than the one that is stored: it must not be taken for good.
            return Err(StoreError::NotNow.into());
        }
        drop(guarded);
        self.settle_proved()?;
        self.open = None;
        Ok(())
    }

    /// The last two steps of a set-up: the marker, then the active row.
    pub(super) fn settle_proved(&mut self) -> Result<(), Failure> {
        let guarded = self.guard()?;
        let id = Secret::new(guarded.look.keychain_id.clone().into_bytes());
        self.keychain.write(&self.config.marker, &id)?;
        let committed = self.store.activate(&guarded.keys, &guarded.now)?;
        if committed.epoch > guarded.file_epoch {
            return self.raise(&guarded, committed);
        }
        // It was active already, when the keychain did not answer.
        self.raise_to_file(&guarded)
    }

    pub(super) fn random_id(&mut self) -> Result<String, Failure> {
        Ok(data_encoding::HEXLOWER.encode(self.dice.bytes::<16>()?.as_slice()))
    }
}
