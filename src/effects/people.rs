//! What a manager does for others, and how a new or reset person begins.

use super::phone::waiting;
use super::{Desk, DraftFor, Failure, Fresh, Guarded, Open, PhoneOffer, Unfinished};
use crate::domain::audit::{Entry, Event, What};
use crate::domain::edit::Edit;
use crate::domain::kdf::{self, SALT_LEN};
use crate::domain::keys::{self, Key, Kind, Place};
use crate::domain::lockout::Hold;
use crate::domain::names;
use crate::domain::password;
use crate::domain::recovery::{ClinicKey, RecoveryCode};
use crate::domain::secret::{Secret, SecretText};
use crate::domain::state::{Activation, Joins, Person, Role, Slot, believable_epoch};
use crate::domain::totp::Seed;
use crate::ports::{Begins, ManagerChange, Now, PasswordTold, RecoveredManager, StoreError};

/// How long an activation code is good: 24 hours.
pub(super) const ACTIVATION_SECS: u32 = 24 * 3600;

/// A one-time code for a new or reset person, to be printed on a slip.
#[derive(Debug)]
pub struct ActivationSlip {
    /// Whose.
    pub person: String,
    /// As printed.
    pub code: SecretText,
}

/// Somebody was removed: what a proof of it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Whose id.
    pub person: String,
    /// What they were called.
    pub name: String,
    /// The manager's id.
    pub by: String,
    /// What the manager is called.
    pub by_name: String,
    /// The computer on which it was done.
    pub desk: String,
    /// When, UTC seconds.
    pub unix_secs: i64,
    /// The number of its entry in the log.
    pub number: i64,
}

/// A manager's change that has no secret to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Managed {
    /// Another role.
    Role(String, Role),
    /// Leave to do without the phone today.
    DayPass(String),
    /// Other settings.
    Settings(Edit),
}

impl Desk {
    /// Who is signed in with a fresh code, and the DEK.
    pub(super) fn fresh(&self) -> Result<(String, String, Key), Failure> {
        let open = self.open.as_ref().filter(|open| open.fresh.is_code()).ok_or(Failure::NotSignedIn)?;
        Ok((open.person.clone(), open.clinic.clone(), open.dek.duplicate()))
    }

    /// The same for what cannot be taken back: the password was given with the code.
    fn fresh_with_password(&self) -> Result<(String, String, Key), Failure> {
        match self.open.as_ref().map_or(Fresh::Nothing, |open| open.fresh) {
            Fresh::PasswordAndCode => self.fresh(),
            Fresh::Nothing | Fresh::Code => Err(Failure::NotSignedIn),
        }
    }

    fn manage(&mut self, change: ManagerChange) -> Result<Entry, Failure> {
        let (actor, ..) = self.fresh()?;
        let guarded = self.guard_open()?;
        let refused = change.event(&actor, "not-allowed");
        let committed = match self.store.manage(&guarded.keys, &actor, change, &guarded.now) {
            Err(err @ (StoreError::NotAllowed | StoreError::LastManager)) => {
                return self.refuse(&guarded, &refused, err);
            }
            other => other?,
        };
        let entry = self.raise(&guarded, committed)?;
        self.spend_fresh();
        Ok(entry)
    }

    /// Every try is written down; the refusal stands whether or not that succeeds.
    pub(super) fn refuse<T>(&mut self, guarded: &Guarded, event: &Event, why: StoreError) -> Result<T, Failure> {
        if let Ok(noted) = self.store.note(&guarded.keys, event, &guarded.now) {
            self.raise(guarded, noted).ok();
        }
        Err(why.into())
    }

    /// Performs a change without secrets. A manager's fresh code must have been given just before.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`], [`StoreError::LastManager`]; see [`Failure`].
    pub fn managed(&mut self, change: Managed) -> Result<(), Failure> {
        let change = match change {
            Managed::Role(person, role) => ManagerChange::Role(person, role),
            Managed::DayPass(person) => ManagerChange::DayPass(person),
            Managed::Settings(edit) => {
                self.check_practice(&edit)?;
                ManagerChange::Settings(edit)
            }
        };
        let edit = if let ManagerChange::Settings(edit) = &change { Some(edit.clone()) } else { None };
        self.manage(change)?;
        if let Some(edit) = edit {
            self.choices_changed(&edit);
        }
        Ok(())
    }

    /// Removes a person, at once. A manager's password and fresh code must have been given just before.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`], [`StoreError::LastManager`], [`StoreError::NobodyThere`]; see [`Failure`].
    pub fn remove_person(&mut self, person: &str) -> Result<Removal, Failure> {
        self.fresh_with_password()?;
        let now = self.clock.now();
        // Afterwards nobody knows any more what the person was called.
        let look = self.store.look(&now)?.ok_or(StoreError::NotNow)?;
        let entry = self.manage(ManagerChange::Remove(person.to_owned()))?;
        let called = |id: &str| {
            let person = look.people.iter().find(|person| person.id == id);
            person.map_or_else(|| id.to_owned(), |person| person.name.clone())
        };
        let (name, by_name) = (called(&entry.person), called(&entry.actor));
        let Entry { number, unix_secs, person, actor: by, desk, .. } = entry;
        Ok(Removal { person, name, by, by_name, desk, unix_secs, number })
    }

    /// Adds a person. A manager's fresh code must have been given just before; the name is tidied already.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], [`StoreError::NotAllowed`]; see [`Failure`].
    pub fn add_person(&mut self, name: &str, role: Role) -> Result<ActivationSlip, Failure> {
        let now = self.clock.now();
        let (_, clinic, dek) = self.fresh()?;
        let look = self.store.look(&now)?.ok_or(StoreError::NotNow)?;
        let id = names::person_id(name, &|id| look.people.iter().any(|person| person.id == id));
        let (code, activation) = self.new_activation(&id, &clinic, &dek, &now)?;
        let person = Person {
            name: name.to_owned(),
            name_key: names::key(name),
            activation: Some(activation),
            ..Person::nobody(id.clone(), role)
        };
        self.manage(ManagerChange::Add(Box::new(person)))?;
        Ok(ActivationSlip { person: id, code })
    }

    /// Resets a person. A manager's password and fresh code must have been given just before.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`]; see [`Failure`].
    pub fn reset_person(&mut self, person: &str) -> Result<ActivationSlip, Failure> {
        let now = self.clock.now();
        let (_, clinic, dek) = self.fresh_with_password()?;
        let (code, activation) = self.new_activation(person, &clinic, &dek, &now)?;
        self.manage(ManagerChange::Reset { person: person.to_owned(), activation })?;
        Ok(ActivationSlip { person: person.to_owned(), code })
    }

    fn new_activation(
        &mut self,
        person: &str,
        clinic: &str,
        dek: &Key,
        now: &Now,
    ) -> Result<(SecretText, Activation), Failure> {
        let device = self.guard()?.device;
        let code = RecoveryCode::roll(&mut self.dice)?.written();
        let salt = *self.dice.bytes::<SALT_LEN>()?;
        let cost = self.cost()?;
        let stretched = kdf::stretch(&code, &salt, cost)?;
        let wrap = keys::slot_key(&stretched, &device, clinic);
        let place = Place { clinic, owner: person, kind: Kind::ActivationSlot, kdf: Some(&cost.to_string()) };
        let sealed = wrap.seal(&dek.to_secret(), &place, &mut self.dice)?;
        let day = std::time::Duration::from_secs(ACTIVATION_SECS.into());
        let activation = Activation {
            slot: Slot { salt, cost, sealed },
            until_unix: now.unix_secs.saturating_add(ACTIVATION_SECS.into()),
            hold: Hold::new(day, &now.boot),
        };
        Ok((code, activation))
    }

    /// A new or reset person begins: the activation code is judged, then a password of their own and a square. From
    /// here on it is as with a new phone: `first_code`, `phone_sheets`, `finish_phone`.
    ///
    /// # Errors
    /// [`Failure::Weak`] and [`StoreError::SlipOver`] before the code is judged; [`Failure::Refused`] for a wrong code or
    /// a wait; see [`Failure`].
    pub fn activate(
        &mut self,
        person: &str,
        code: &RecoveryCode,
        new_password: &SecretText,
    ) -> Result<PhoneOffer, Failure> {
        self.open = None;
        let now = self.clock.now();
        self.check_new_password(new_password, person, &now)?;
        let look = self.store.look(&now)?.ok_or(StoreError::NotNow)?;
        if look.people.iter().any(|look| look.id == person && look.begins == Begins::NeedsNewSlip) {
            return Err(StoreError::SlipOver.into());
        }
        let Slot { salt, cost, .. } = self.store.activation(person)?;
        let stretched = kdf::stretch(&code.written(), &salt, cost)?;
        let guarded = self.guard()?;
        let clinic = guarded.look.clinic_id.clone();
        let slot_key = keys::slot_key(&stretched, &guarded.device, &clinic);
        let committed = self.store.activate_person(&guarded.keys, person, &slot_key, salt, &guarded.now)?;
        let dek = match self.raise(&guarded, committed)? {
            PasswordTold::Right(dek) => dek,
            PasswordTold::Refused(verdict) => return Err(Failure::Refused(verdict)),
        };
        let device = guarded.device.duplicate();
        drop(guarded);

        let slot = self.new_slot(new_password, person, &clinic, &dek, &device)?;
        let seed = Seed::roll(&mut self.dice)?;
        let factor = self.new_factor(&seed, &clinic, &dek, ("", Joins::InTheirPlace), &now)?;
        let guarded = self.guard()?;
        let committed = self.store.begin_person(&guarded.keys, person, salt, slot, factor, &guarded.now)?;
        self.raise(&guarded, committed)?;
        let (_, stored) = self.store.person(&guarded.keys, person)?;
        let offer = PhoneOffer::new(&guarded.look.settings.program, &guarded.look.name, person, &seed);
        let linking = waiting(&stored).map(|factor| factor.id.clone());
        let unfinished = Unfinished::Person;
        self.open = Some(Open { linking, unfinished, ..Open::new(person, &clinic, dek, stored.generation) });
        Ok(offer)
    }

    /// A new clinic recovery key, to be shown and proved. A manager's fresh code must have been given just before.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn new_clinic_key(&mut self) -> Result<SecretText, Failure> {
        let (actor, ..) = self.fresh()?;
        {
            let guarded = self.guard_open()?;
            let (_, person) = self.store.person(&guarded.keys, &actor)?;
            if person.role != Role::Manager {
                // Nobody else is shown one, not even one that would never count.
                let refused = ManagerChange::RecoverySlot(Vec::new()).event(&actor, "not-allowed");
                return self.refuse(&guarded, &refused, StoreError::NotAllowed);
            }
        }
        let (shown, slot) = self.draft_clinic_key()?;
        self.spend_fresh();
        self.keep_draft(None, DraftFor::ClinicKey(slot));
        Ok(shown)
    }

    /// The clinic recovery key that was shown takes the old one's place.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn finish_clinic_key(&mut self) -> Result<(), Failure> {
        let (actor, draft) = self.draft()?;
        let DraftFor::ClinicKey(slot) = draft.purpose else { return Err(Failure::NotSignedIn) };
        let guarded = self.guard_open()?;
        let committed = self.store.manage(&guarded.keys, &actor, ManagerChange::RecoverySlot(slot), &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.spend_fresh();
        Ok(())
    }

    /// Unlinks one of the signed-in person's phones. A fresh code must have been given just before.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] for the last phone; see [`Failure`].
    pub fn remove_phone(&mut self, factor: &str) -> Result<(), Failure> {
        let (person, ..) = self.fresh()?;
        let guarded = self.guard_open()?;
        let committed = self.store.remove_phone(&guarded.keys, &person, factor, &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.spend_fresh();
        Ok(())
    }

    /// Brings this computer's key back with the clinic recovery key and accepts the present file.
    ///
    /// # Errors
    /// [`Failure::WrongClinicKey`]; see [`Failure`].
    pub fn recover(&mut self, key: &ClinicKey) -> Result<(), Failure> {
        self.way_back = None;
        self.recover_with(key, None).map(drop)
    }

    /// The same, and resets one manager, who sets a new password and links a phone; a new clinic recovery key follows
    /// with the recovery codes.
    ///
    /// # Errors
    /// [`Failure::WrongClinicKey`], [`Failure::Weak`], [`StoreError::NotAllowed`]; see [`Failure`].
    pub fn recover_manager(
        &mut self,
        key: &ClinicKey,
        manager: &str,
        new_password: &SecretText,
    ) -> Result<PhoneOffer, Failure> {
        let now = self.clock.now();
        self.check_new_password(new_password, manager, &now)?;
        let look = self.store.look(&now)?.ok_or(StoreError::NotNow)?;
        let person = look.people.iter().find(|person| person.id == manager).ok_or(StoreError::NobodyThere)?;
        if person.role != Role::Manager {
            return Err(StoreError::NotAllowed.into());
        }
        self.recover_with(key, Some((manager, new_password)))?.ok_or(Failure::NotSignedIn)
    }

    fn recover_with(
        &mut self,
        key: &ClinicKey,
        manager: Option<(&str, &SecretText)>,
    ) -> Result<Option<PhoneOffer>, Failure> {
        let now = self.code_time()?;
        self.open = None;
        let slots = self.store.recovery(&now)?;
        let clinic = slots.clinic_id.clone();
        let place = |kind| Place { clinic: &clinic, owner: "", kind, kdf: None };
        let wrap = keys::recovery_slot_key(&key.secret(), &clinic);
        let opened = wrap.open(&slots.dek, &place(Kind::RecoverySlot));
        let dek = opened.ok().and_then(|dek| Key::from_stored(&dek).ok()).ok_or_else(|| self.wrong_clinic_key())?;
        let damaged = |_| Failure::Store(StoreError::Damaged);
        let device = dek.open(&slots.device, &place(Kind::DeviceKey)).map_err(damaged)?;
        let device = Key::from_stored(&device).map_err(damaged)?;

        let mut begun = None;
        if let Some((person, password)) = manager {
            let slot = self.new_slot(password, person, &clinic, &dek, &device)?;
            let seed = Seed::roll(&mut self.dice)?;
            let factor = self.new_factor(&seed, &clinic, &dek, ("", Joins::InTheirPlace), &now)?;
            begun = Some((RecoveredManager { person: person.to_owned(), slot, factor }, seed));
        }
        let (recovered, seed) = begun.map_or((None, None), |(manager, seed)| (Some(manager), Some(seed)));
        self.accept_file(&slots.keychain_id, &clinic, &device, recovered)?;
        let (Some((person, _)), Some(seed)) = (manager, seed) else { return Ok(None) };
        let look = self.store.look(&now)?.ok_or(StoreError::NotNow)?;
        let guarded = self.guard()?;
        let (_, stored) = self.store.person(&guarded.keys, person)?;
        let linking = waiting(&stored).map(|factor| factor.id.clone());
        let unfinished = Unfinished::Person;
        self.open = Some(Open { linking, unfinished, ..Open::new(person, &clinic, dek, stored.generation) });
        Ok(Some(PhoneOffer::new(&look.settings.program, &look.name, person, &seed)))
    }

    /// Enters it into the log, where there is a key to enter it with: a closed clinic has none.
    fn wrong_clinic_key(&mut self) -> Failure {
        let event = Event::to("", "", What::Recovered, "wrong-key");
        let noted = self.guard().and_then(|guarded| {
            let committed = self.store.note(&guarded.keys, &event, &guarded.now)?;
            self.raise(&guarded, committed)
        });
        noted.ok();
        Failure::WrongClinicKey
    }

    /// Device key, file, epoch, marker: in an order in which a kill leaves the clinic closed and this repeatable.
    fn accept_file(
        &mut self,
        keychain_id: &str,
        clinic: &str,
        device: &Key,
        manager: Option<RecoveredManager>,
    ) -> Result<(), Failure> {
        let (device_item, epoch_item) = super::items(keychain_id);
        let keys = keys::StateKeys::of(device, clinic);
        let _turn = self.store.turn()?;
        let known = self.keychain.read(&epoch_item)?;
        let known = known.and_then(|epoch| <[u8; 8]>::try_from(epoch.expose()).ok()).map_or(0, u64::from_be_bytes);
        let known = believable_epoch(known);
        self.keychain.write(&device_item, &device.to_secret())?;
        let committed = self.store.recover(&keys, known, manager, &self.clock.now())?;
        self.write_epoch(keychain_id, committed.epoch)?;
        let id = Secret::new(keychain_id.to_owned().into_bytes());
        self.keychain.write(&self.config.marker, &id)?;
        Ok(())
    }

    /// Whether a password would do for a person, before anything is asked of anybody.
    pub(super) fn check_new_password(&mut self, new: &SecretText, person: &str, now: &Now) -> Result<(), Failure> {
        let look = self.store.look(now)?.ok_or(Failure::NotSignedIn)?;
        let name = look.people.iter().find(|look| look.id == person).map_or("", |look| look.name.as_str());
        let own = [look.name.as_str(), name, look.settings.program.as_str()];
        password::check(new, look.settings.shortest_password, &own).map_err(Failure::Weak)
    }
}
