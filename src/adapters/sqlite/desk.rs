//! An open transaction on a verified clinic, with the log's entry that ends it.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::open::sql;
use super::rows;
use crate::domain::audit::{Entry, Event, Head, What};
use crate::domain::keys::StateKeys;
use crate::domain::moment::Moment;
use crate::domain::state::{Clinic, Person};
use crate::ports::{Now, StoreError};

/// A change and its entry in the log.
pub(super) type Changed<T = ()> = Result<(T, Event), StoreError>;

pub(super) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|err| sql(&err))
}

/// An open transaction with the clinic's verified row, on a computer with a name.
pub(super) struct Desk<'a> {
    pub(super) tx: Transaction<'a>,
    pub(super) clinic: Clinic,
    pub(super) keys: &'a StateKeys,
    pub(super) name: String,
}

impl Desk<'_> {
    /// The number that this change's entry in the log will have.
    pub(super) fn next_entry(&self) -> i64 {
        self.clinic.head.number.saturating_add(1)
    }

    pub(super) fn person(&self, id: &str) -> Result<Person, StoreError> {
        rows::person(&self.tx, &self.clinic, self.keys, id)
    }

    pub(super) fn save(&mut self, before: Option<&Person>, person: &Person) -> Result<(), StoreError> {
        rows::save_person(&self.tx, &mut self.clinic, self.keys, before, person).map_err(|err| sql(&err))
    }

    pub(super) fn edit(
        &mut self,
        id: &str,
        edit: impl FnOnce(&mut Person) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let before = self.person(id)?;
        let mut person = before.clone();
        edit(&mut person)?;
        self.save(Some(&before), &person)
    }

    pub(super) fn enter(&mut self, event: &Event, unix_secs: i64) -> Result<Entry, StoreError> {
        let entry = self.clinic.head.next(event, &self.name, unix_secs, &self.keys.audit);
        self.clinic.head = Head { number: entry.number, tag: entry.tag };
        rows::save_entry(&self.tx, &entry).map_err(|err| sql(&err))?;
        Ok(entry)
    }

    /// Enters what could not be entered when it happened: mishaps of the keychain, and a clock that was turned.
    pub(super) fn catch_up(&mut self, now: &Now) -> Result<(), StoreError> {
        for (event, unix_secs) in rows::take_mishaps(&self.tx).map_err(|err| sql(&err))? {
            self.enter(&event, unix_secs)?;
        }
        if let Some(jump) = self.clinic.clocks.jump(now) {
            self.enter(&Event::to("", "", What::ClockJump, jump.name()), now.unix_secs)?;
        }
        Ok(())
    }

    pub(super) fn close(mut self, event: &Event, now: &Now) -> Result<(u64, Entry), StoreError> {
        let entry = self.enter(event, now.unix_secs)?;
        self.clinic.epoch = self.clinic.epoch.saturating_add(1);
        self.clinic.clocks = Moment::of(now);
        rows::save_clinic(&self.tx, &self.clinic, self.keys).map_err(|err| sql(&err))?;
        let epoch = self.clinic.epoch;
        self.tx.commit().map_err(|err| sql(&err))?;
        Ok((epoch, entry))
    }
}
