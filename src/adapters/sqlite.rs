//! The store on one SQLite file, for one computer.
//!
//! WAL with `synchronous=FULL`, immediate transactions, foreign keys, and nothing trusted that the file says about
//! itself. The inter-process lock beside the file spans a commit and the keychain's raise after it.

mod backup;
mod look;
mod open;
mod people;
mod phone;
mod recover;
mod restore;
mod rows;
mod texts;

use std::path::PathBuf;

use rusqlite::{Connection, Transaction, TransactionBehavior, params_from_iter};

use self::look::person_look;
use self::open::sql;
use self::phone::{has_sheet, linking_kind, promote_phone, take_codes};
use crate::domain::audit::{Entry, Event, Head, What};
use crate::domain::code::Code;
use crate::domain::kdf::SALT_LEN;
use crate::domain::keys::{Key, StateKeys};
use crate::domain::moment::Moment;
use crate::domain::state::{Clinic, ClinicStage, DatabaseKey, Factor, FactorStage, Person, PersonStage, Slot};
use crate::domain::verify::{self, FirstCode, Unjudged};
use crate::ports::{
    Attempt, Committed, Counted, EntryFilter, KeyKept, KeychainMishap, Look, ManagerChange, NewClinic, NewCodes, Now,
    PasswordKept, PasswordTold, RecoveredManager, RecoverySlots, Store, StoreError, TextAsk, TextEnd, TextsLook, Told,
    Turn,
};

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
        work: impl FnOnce(&mut Desk<'_>) -> Result<(T, Event), StoreError>,
    ) -> Result<Committed<T>, StoreError> {
        self.change_and_tell(keys, now, work).map(|Committed { value: (value, _), epoch }| Committed { value, epoch })
    }

    /// The same, with the entry of the log that the change was written down as.
    fn change_and_tell<T>(
        &mut self,
        keys: &StateKeys,
        now: &Now,
        work: impl FnOnce(&mut Desk<'_>) -> Result<(T, Event), StoreError>,
    ) -> Result<Committed<(T, Entry)>, StoreError> {
        let desk_name = self.desk.clone();
        let tx = begin(self.connection()?)?;
        let clinic = rows::clinic(&tx, keys)?;
        let mut desk = Desk { tx, clinic, keys };
        desk.catch_up(&desk_name, now)?;
        let (value, event) = work(&mut desk)?;
        desk.close(&event, &desk_name, now).map(|(epoch, entry)| Committed { value: (value, entry), epoch })
    }
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|err| sql(&err))
}

/// An open transaction with the clinic's verified row.
struct Desk<'a> {
    tx: Transaction<'a>,
    clinic: Clinic,
    keys: &'a StateKeys,
}

impl Desk<'_> {
    /// The number that this change's entry in the log will have.
    fn next_entry(&self) -> i64 {
        self.clinic.head.number.saturating_add(1)
    }

    fn person(&self, id: &str) -> Result<Person, StoreError> {
        rows::person(&self.tx, &self.clinic, self.keys, id)
    }

    fn save(&mut self, before: Option<&Person>, person: &Person) -> Result<(), StoreError> {
        rows::save_person(&self.tx, &mut self.clinic, self.keys, before, person).map_err(|err| sql(&err))
    }

    fn edit(&mut self, id: &str, edit: impl FnOnce(&mut Person) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let before = self.person(id)?;
        let mut person = before.clone();
        edit(&mut person)?;
        self.save(Some(&before), &person)
    }

    fn enter(&mut self, event: &Event, desk_name: &str, unix_secs: i64) -> Result<Entry, StoreError> {
        let entry = self.clinic.head.next(event, desk_name, unix_secs, &self.keys.audit);
        self.clinic.head = Head { number: entry.number, tag: entry.tag };
        rows::save_entry(&self.tx, &entry).map_err(|err| sql(&err))?;
        Ok(entry)
    }

    /// Enters what could not be entered when it happened: mishaps of the keychain, and a clock that was turned.
    fn catch_up(&mut self, desk_name: &str, now: &Now) -> Result<(), StoreError> {
        for (event, unix_secs) in rows::take_mishaps(&self.tx).map_err(|err| sql(&err))? {
            self.enter(&event, desk_name, unix_secs)?;
        }
        if let Some(jump) = self.clinic.clocks.jump(now) {
            self.enter(&Event::to("", "", What::ClockJump, jump.name()), desk_name, now.unix_secs)?;
        }
        Ok(())
    }

    fn close(mut self, event: &Event, desk_name: &str, now: &Now) -> Result<(u64, Entry), StoreError> {
        let entry = self.enter(event, desk_name, now.unix_secs)?;
        self.clinic.epoch = self.clinic.epoch.saturating_add(1);
        self.clinic.clocks = Moment::of(now);
        rows::save_clinic(&self.tx, &self.clinic, self.keys).map_err(|err| sql(&err))?;
        let epoch = self.clinic.epoch;
        self.tx.commit().map_err(|err| sql(&err))?;
        Ok((epoch, entry))
    }
}

impl Store for SqliteStore {
    fn look(&mut self, now: &Now) -> Result<Option<Look>, StoreError> {
        let Some(connection) = self.existing()? else { return Ok(None) };
        let Some((clinic, _tag)) = rows::clinic_unproved(connection)? else { return Ok(None) };
        let mut people = rows::people_unproved(connection).map_err(|err| sql(&err))?;
        // Whoever is on the roll and has no row is damaged, not gone: nobody must vanish from the lock screen unnoticed.
        let there = |id: &String, people: &[Result<Person, String>]| {
            people.iter().any(|person| person.as_ref().map_or_else(|lost| lost == id, |person| person.id == *id))
        };
        for id in clinic.roll.keys() {
            if !there(id, &people) {
                people.push(Err(id.clone()));
            }
        }
        Ok(Some(Look {
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
            database_key: key_kept(&clinic),
            epoch: clinic.epoch,
            people: people.into_iter().map(|person| person_look(person, now)).collect(),
        }))
    }

    fn turn(&mut self) -> Result<Turn, StoreError> {
        (self.turns)()
    }

    fn begin_setup(&mut self, keys: &StateKeys, new: NewClinic, now: &Now) -> Result<Committed<()>, StoreError> {
        self.drop_setup()?;
        if self.opened.is_none() {
            self.opened = Some(open::or_create(&self.path)?);
        }
        let desk_name = self.desk.clone();
        let tx = begin(self.connection()?)?;
        let mut desk = Desk { tx, clinic: new.clinic, keys };
        desk.save(None, &new.person)?;
        let event = Event::by(&new.person.id, What::SetUpBegun, "", "done");
        desk.close(&event, &desk_name, now).map(|(epoch, _)| Committed { value: (), epoch })
    }

    fn drop_setup(&mut self) -> Result<(), StoreError> {
        let Some(connection) = self.existing()? else { return Ok(()) };
        let tx = begin(connection)?;
        let stage = match rows::clinic_unproved(&tx) {
            Ok(found) => found.map(|(clinic, _)| clinic.stage),
            Err(err) => return Err(err),
        };
        if stage.is_some_and(|stage| stage != ClinicStage::Pending) {
            return Err(StoreError::NotNow);
        }
        let clear = || {
            tx.execute_batch("DELETE FROM recovery_code; DELETE FROM factor; DELETE FROM person; DELETE FROM audit; DELETE FROM clinic;")
        };
        clear().map_err(|err| sql(&err))?;
        tx.commit().map_err(|err| sql(&err))
    }

    fn prove_setup(
        &mut self,
        keys: &StateKeys,
        person: &str,
        codes: NewCodes,
        recovery_slot: Vec<u8>,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
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
        })
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
        self.change(keys, now, |desk| {
            let before = desk.person(person)?;
            if before.slot.as_ref().is_none_or(|slot| slot.salt != salt) {
                return Err(StoreError::SaltChanged);
            }
            let judged = verify::judge_password(&desk.clinic, &before, slot_key, now);
            desk.clinic.gauge = judged.gauge;
            desk.save(Some(&before), &judged.person)?;
            let told = judged.dek.map_or(PasswordTold::Refused(judged.verdict), PasswordTold::Right);
            Ok((told, judged.event))
        })
    }

    fn attempt(&mut self, keys: &StateKeys, attempt: &Attempt<'_>, now: &Now) -> Result<Committed<Told>, StoreError> {
        self.change(keys, now, |desk| {
            if desk.clinic.stage != ClinicStage::Active {
                return Err(StoreError::NotNow);
            }
            let before = desk.person(attempt.person)?;
            if attempt.generation.is_some_and(|generation| generation != before.generation) {
                return Err(StoreError::SessionOver);
            }
            if attempt.salt.is_some_and(|salt| before.slot.as_ref().is_none_or(|slot| slot.salt != salt)) {
                return Err(StoreError::SaltChanged);
            }
            let judged = verify::judge(&desk.clinic, &before, &attempt.proof, attempt.presented, now)?;
            desk.clinic.gauge = judged.gauge;
            desk.save(Some(&before), &judged.person)?;
            Ok((Told { verdict: judged.verdict, dek: judged.dek, person: judged.person }, judged.event))
        })
    }

    fn begin_phone(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: Factor,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
            let kind = factor.kind.name();
            desk.edit(person, |person| {
                person.factors.retain(|factor| factor.stage == FactorStage::Active);
                person.factors.push(factor);
                Ok(())
            })?;
            Ok(((), Event::by(person, What::EnrolmentBegun, kind, "done")))
        })
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
        self.change(keys, now, |desk| {
            let before = desk.person(person)?;
            let waiting = before.factors.iter().find(|waiting| waiting.id == factor);
            let waiting = waiting.ok_or(StoreError::PhoneReplaced)?;
            if waiting.stage == FactorStage::Active {
                return Err(StoreError::NotNow);
            }
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
        })
    }

    fn drop_phone(&mut self, keys: &StateKeys, person: &str, now: &Now) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
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
        })
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
        self.change(keys, now, |desk| {
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
        })
    }

    fn replace_codes(
        &mut self,
        keys: &StateKeys,
        person: &str,
        codes: NewCodes,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| {
            desk.edit(person, |person| {
                if !has_sheet(person, &codes) {
                    take_codes(person, codes);
                }
                Ok(())
            })?;
            Ok(((), Event::by(person, What::RecoveryCodesRenewed, "recovery", "done")))
        })
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
        let desk_name = self.desk.clone();
        let tx = begin(self.connection()?)?;
        let mut desk = recover::accepted(tx, keys, epoch, now)?;
        let event = recover::reset_manager(&mut desk, manager, now)?;
        desk.close(&event, &desk_name, now).map(|(epoch, _)| Committed { value: (), epoch })
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
        counted: Counted,
        end: TextEnd,
        now: &Now,
    ) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |desk| texts::ended(desk, person, counted, end))
    }

    fn note(&mut self, keys: &StateKeys, event: &Event, now: &Now) -> Result<Committed<()>, StoreError> {
        self.change(keys, now, |_| Ok(((), event.clone())))
    }

    fn entries(&mut self, filter: &EntryFilter) -> Result<Vec<Entry>, StoreError> {
        let Some(connection) = self.existing()? else { return Ok(Vec::new()) };
        let (query, values) = rows::entries_query(filter);
        let read = || -> rusqlite::Result<Vec<Entry>> {
            connection.prepare(&query)?.query_map(params_from_iter(values), rows::entry_of)?.collect()
        };
        let mut entries = read().map_err(|err| sql(&err))?;
        entries.reverse();
        Ok(entries)
    }

    fn entries_after(&mut self, number: i64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let Some(connection) = self.existing()? else { return Ok(Vec::new()) };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let read = || -> rusqlite::Result<Vec<Entry>> {
            connection
                .prepare_cached(&format!("{} WHERE number > ?1 ORDER BY number LIMIT ?2", rows::ENTRY))?
                .query_map([number, limit], rows::entry_of)?
                .collect()
        };
        read().map_err(|err| sql(&err))
    }

    fn verify_log(&mut self, keys: &StateKeys) -> Result<Result<i64, i64>, StoreError> {
        let connection = self.connection()?;
        // One snapshot: a sign-in meanwhile must not look like a break.
        let tx = connection.transaction().map_err(|err| sql(&err))?;
        let clinic = rows::clinic(&tx, keys)?;
        let mut head = Head::EMPTY;
        let walk = || -> rusqlite::Result<Result<Head, i64>> {
            let mut statement = tx.prepare(&format!("{} ORDER BY number", rows::ENTRY))?;
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                if let Err(at) = head.follow(&rows::entry_of(row)?, &keys.audit) {
                    return Ok(Err(at));
                }
            }
            Ok(Ok(head))
        };
        let end = walk().map_err(|err| sql(&err))?;
        Ok(end.and_then(|end| if end == clinic.head { Ok(end.number) } else { Err(end.number + 1) }))
    }
}

/// Whether a person without a row should have one.
fn on_the_roll(connection: &Connection, person: &str) -> Result<bool, StoreError> {
    Ok(rows::clinic_unproved(connection)?.is_some_and(|(clinic, _)| clinic.roll.contains_key(person)))
}

fn key_kept(clinic: &Clinic) -> KeyKept {
    if clinic.database_key.present.is_some() { KeyKept::Yes } else { KeyKept::No }
}

impl From<Unjudged> for StoreError {
    fn from(unjudged: Unjudged) -> Self {
        match unjudged {
            Unjudged::NotReady => StoreError::NotReady,
            Unjudged::Damaged => StoreError::PersonDamaged,
            Unjudged::NoDayPass => StoreError::NoDayPass,
            Unjudged::ClockWentBack => StoreError::ClockWentBack,
        }
    }
}
