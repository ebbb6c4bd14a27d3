//! The store on one SQLite file, for one computer.
//!
//! WAL with `synchronous=FULL`, immediate transactions, foreign keys, and nothing trusted that the file says about
//! itself. The inter-process lock beside the file spans a commit and the keychain's raise after it.

mod attempts;
mod backup;
mod desk;
mod log;
mod look;
mod open;
mod people;
mod phone;
mod recover;
mod restore;
mod rows;
mod set_up;
mod texts;

use std::path::PathBuf;

use rusqlite::Connection;

use self::desk::{Changed, Desk, begin};
use self::open::sql;
use super::place::{self, PlaceError};
use crate::domain::audit::{Entry, Event, What};
use crate::domain::code::Code;
use crate::domain::kdf::SALT_LEN;
use crate::domain::keys::{Key, StateKeys};
use crate::domain::state::{Clinic, ClinicStage, DatabaseKey, Factor, Person, Slot};
use crate::domain::verify::{self, FirstCode};
use crate::ports::{
    Attempt, Committed, Counted, EntryFilter, KeychainMishap, Look, ManagerChange, NewClinic, NewCodes, Now,
    PasswordTold, RecoveredManager, RecoverySlots, Store, StoreError, TextAsk, TextEnd, Told, Turn,
};

/// The file whose lock spans a change of the database key.
const KEY_LOCK: &str = "key.lock";

/// State in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    turns: Box<dyn FnMut() -> Result<Turn, StoreError> + Send>,
    desk: String,
    opened: Option<open::Opened>,
}

impl SqliteStore {
    /// A store on the file at `path`, which is opened when it is first needed. `turns` takes the inter-process lock
    /// beside it; `desk` is this computer's name, for the log.
    #[must_use]
    pub fn new(path: PathBuf, turns: Box<dyn FnMut() -> Result<Turn, StoreError> + Send>, desk: String) -> Self {
        Self { path, turns, desk, opened: None }
    }

    fn existing(&mut self) -> Result<Option<&mut Connection>, StoreError> {
        // Restored or lost behind our back: what is still open is then a file that nobody else has.
        if self.opened.as_ref().is_some_and(|opened| !opened.is_at(&self.path)) {
            self.opened = None;
        }
        if self.opened.is_none() {
            self.opened = open::existing(&self.path)?;
        }
        Ok(self.opened.as_mut().map(|opened| &mut opened.connection))
    }

    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.existing()?.ok_or(StoreError::NotNow)
    }

    /// Load, verify, change, write the log's entry, commit: the one way in which anything changes.
    fn change<T>(
        &mut self,
        keys: &StateKeys,
        now: &Now,
        work: impl FnOnce(&mut Desk<'_>) -> Changed<T>,
    ) -> Result<Committed<T>, StoreError> {
        self.change_and_tell(keys, now, work).map(|Committed { value: (value, _), epoch }| Committed { value, epoch })
    }

    /// The same, with the entry of the log that the change was written down as.
    fn change_and_tell<T>(
        &mut self,
        keys: &StateKeys,
        now: &Now,
        work: impl FnOnce(&mut Desk<'_>) -> Changed<T>,
    ) -> Result<Committed<(T, Entry)>, StoreError> {
        let name = self.desk.clone();
        let tx = begin(self.connection()?)?;
        let clinic = rows::clinic(&tx, keys)?;
        let mut desk = Desk { tx, clinic, keys, name };
        desk.catch_up(now)?;
        let (value, event) = work(&mut desk)?;
        desk.close(&event, now).map(|(epoch, entry)| Committed { value: (value, entry), epoch })
    }
}

impl Store for SqliteStore {
    fn look(&mut self, now: &Now) -> Result<Option<Look>, StoreError> {
        let Some(connection) = self.existing()? else { return Ok(None) };
        let Some((clinic, _tag)) = rows::clinic_unproved(connection)? else { return Ok(None) };
        Ok(Some(look::look(&clinic, rows::people_unproved(connection).map_err(|err| sql(&err))?, now)))
    }

    fn turn(&mut self) -> Result<Turn, StoreError> {
        (self.turns)()
    }

    fn key_turn(&mut self) -> Result<Turn, StoreError> {
        let turn = place::try_turn(&self.path.with_file_name(KEY_LOCK)).map_err(|err| PlaceError::from(&err))?;
        Ok(Turn::new(turn.ok_or(PlaceError::Busy)?))
    }

    fn begin_setup(&mut self, keys: &StateKeys, new: NewClinic, now: &Now) -> Result<Committed<()>, StoreError> {
        self.drop_setup()?;
        if self.opened.is_none() {
            self.opened = Some(open::or_create(&self.path)?);
        }
        let name = self.desk.clone();
        let tx = begin(self.connection()?)?;
        let mut desk = Desk { tx, clinic: new.clinic, keys, name };
        desk.save(None, &new.person)?;
        let event = Event::by(&new.person.id, What::SetUpBegun, "", "done");
        desk.close(&event, now).map(|(epoch, _)| Committed { value: (), epoch })
    }

    fn drop_setup(&mut self) -> Result<(), StoreError> {
        let Some(connection) = self.existing()? else { return Ok(()) };
        set_up::drop(begin(connection)?)
    }

    fn prove_setup(
        &mut self,
        keys: &StateKeys,
        person: &str,
        codes: NewCodes,
        recovery_slot: Vec<u8>,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| set_up::prove(desk, person, codes, recovery_slot))
    }

    fn activate(&mut self, keys: &StateKeys, now: &Now) -> Result<Committed<()>, StoreError> {
        let clinic = rows::clinic(self.connection()?, keys)?;
        if clinic.stage == ClinicStage::Active {
            return Ok(Committed { value: (), epoch: clinic.epoch });
        }
        self.change(keys, now, |desk| {
            if desk.clinic.stage != ClinicStage::Proved {
                return Err(StoreError::NotNow);
            }
            desk.clinic.stage = ClinicStage::Active;
            Ok(((), Event::by("", What::SetUpFinished, "", "done")))
        })
    }

    fn slot(&mut self, person: &str) -> Result<Slot, StoreError> {
        let connection = self.connection()?;
        match rows::slot(connection, person) {
            Err(StoreError::NobodyThere) if on_the_roll(connection, person)? => Err(StoreError::PersonDamaged),
            other => other,
        }
    }

    fn person(&mut self, keys: &StateKeys, person: &str) -> Result<(Clinic, Person), StoreError> {
        let connection = self.connection()?;
        let clinic = rows::clinic(connection, keys)?;
        let person = rows::person(connection, &clinic, keys, person)?;
        Ok((clinic, person))
    }

    fn check(&mut self, keys: &StateKeys) -> Result<u64, StoreError> {
        rows::clinic(self.connection()?, keys).map(|clinic| clinic.epoch)
    }

    fn password(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot_key: &Key,
        salt: [u8; SALT_LEN],
        now: &Now,
    ) -> Result<Committed<PasswordTold>, StoreError> {
        self.change(keys, now, |desk| attempts::password(desk, person, slot_key, salt, now))
    }

    fn attempt(&mut self, keys: &StateKeys, attempt: &Attempt<'_>, now: &Now) -> Result<Committed<Told>, StoreError> {
        self.change(keys, now, |desk| attempts::attempt(desk, attempt, now))
    }

    fn begin_phone(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: Factor,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| phone::begin(desk, person, factor))
    }

    fn first_code(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        dek: &Key,
        code: &Code,
        now: &Now,
    ) -> Result<Committed<FirstCode>, StoreError> {
        self.change(keys, now, |desk| phone::first_code(desk, person, factor, dek, code, now))
    }

    fn renewal_code(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        dek: &Key,
        code: &Code,
        now: &Now,
    ) -> Result<Committed<verify::Verdict>, StoreError> {
        self.change(keys, now, |desk| phone::renewal_code(desk, person, factor, dek, code, now))
    }

    fn drop_phone(&mut self, keys: &StateKeys, person: &str, now: &Now) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| phone::drop(desk, person))
    }

    fn finish_phone(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        codes: Option<NewCodes>,
        recovery_slot: Option<Vec<u8>>,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| phone::finish(desk, person, factor, codes, recovery_slot))
    }

    fn replace_codes(
        &mut self,
        keys: &StateKeys,
        person: &str,
        codes: NewCodes,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| phone::replace_codes(desk, person, codes))
    }

    fn replace_slot(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot: Slot,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
            desk.edit(person, |person| {
                person.slot = Some(slot);
                person.password_unix = now.unix_secs;
                person.wrong_codes_unix.clear();
                Ok(())
            })?;
            Ok(((), Event::by(person, What::PasswordChanged, "", "done")))
        })
    }

    fn raise_slot(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot: Slot,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
            desk.edit(person, |person| {
                person.slot = Some(slot);
                Ok(())
            })?;
            Ok(((), Event::by(person, What::SlotRaised, "", "done")))
        })
    }

    fn activation(&mut self, person: &str) -> Result<Slot, StoreError> {
        rows::activation(self.connection()?, person)
    }

    fn activate_person(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot_key: &Key,
        salt: [u8; SALT_LEN],
        now: &Now,
    ) -> Result<Committed<PasswordTold>, StoreError> {
        self.change(keys, now, |desk| people::judge_activation(desk, person, slot_key, salt, now))
    }

    fn begin_person(
        &mut self,
        keys: &StateKeys,
        person: &str,
        judged: [u8; SALT_LEN],
        slot: Slot,
        factor: Factor,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| people::begin(desk, person, judged, (slot, factor), now))
    }

    fn manage(
        &mut self,
        keys: &StateKeys,
        actor: &str,
        change: ManagerChange,
        now: &Now,
    ) -> Result<Committed<Entry>, StoreError> {
        self.change_and_tell(keys, now, |desk| people::manage(desk, actor, change, now))
            .map(|Committed { value: ((), entry), epoch }| Committed { value: entry, epoch })
    }

    fn settle_key(
        &mut self,
        keys: &StateKeys,
        person: &str,
        seen: &DatabaseKey,
        settled: DatabaseKey,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
            if desk.clinic.database_key != *seen {
                return Err(StoreError::Busy);
            }
            desk.clinic.database_key = settled;
            Ok(((), Event::to("", person, What::DatabaseKeyChanged, "settled")))
        })
    }

    fn remove_phone(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| people::remove_phone(desk, person, factor))
    }

    fn mark_seen(
        &mut self,
        keys: &StateKeys,
        person: &str,
        number: i64,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
            desk.edit(person, |person| {
                person.seen = person.seen.max(number);
                Ok(())
            })?;
            Ok(((), Event::by(person, What::NoticesSeen, "", "done")))
        })
    }

    fn recovery(&mut self, now: &Now) -> Result<RecoverySlots, StoreError> {
        recover::slots(self.connection()?, now)
    }

    fn recover(
        &mut self,
        keys: &StateKeys,
        epoch: u64,
        manager: Option<RecoveredManager>,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        let name = self.desk.clone();
        let tx = begin(self.connection()?)?;
        let mut desk = recover::accepted((tx, name), keys, epoch, now)?;
        let event = recover::reset_manager(&mut desk, manager, now)?;
        desk.close(&event, now).map(|(epoch, _)| Committed { value: (), epoch })
    }

    fn remember(&mut self, mishap: KeychainMishap, now: &Now) -> Result<(), StoreError> {
        let connection = self.connection()?;
        rows::save_mishap(connection, mishap, now.unix_secs).map_err(|err| sql(&err))
    }

    fn text(
        &mut self,
        keys: &StateKeys,
        ask: &TextAsk<'_>,
        now: &Now,
    ) -> Result<Committed<verify::TextTold>, StoreError> {
        self.change(keys, now, |desk| texts::ask(desk, ask, now))
    }

    fn text_ended(
        &mut self,
        keys: &StateKeys,
        person: &str,
        counted: &Counted,
        end: TextEnd,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| texts::ended(desk, person, counted, end, now))
    }

    fn note(&mut self, keys: &StateKeys, event: &Event, now: &Now) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |_| Ok(((), event.clone())))
    }

    fn entries(&mut self, filter: &EntryFilter) -> Result<Vec<Entry>, StoreError> {
        let Some(connection) = self.existing()? else { return Ok(Vec::new()) };
        log::entries(connection, filter)
    }

    fn entries_after(&mut self, number: i64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let Some(connection) = self.existing()? else { return Ok(Vec::new()) };
        log::entries_after(connection, number, limit)
    }

    fn verify_log(&mut self, keys: &StateKeys) -> Result<Result<i64, i64>, StoreError> {
        log::verify(self.connection()?, keys)
    }
}

/// Whether a person without a row should have one.
fn on_the_roll(connection: &Connection, person: &str) -> Result<bool, StoreError> {
    Ok(rows::clinic_unproved(connection)?.is_some_and(|(clinic, _)| clinic.roll.contains_key(person)))
}
