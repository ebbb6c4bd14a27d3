//! A keychain in memory, for tests: it forgets with the process, so the program is never wired with it.
//!
//! Clones share one shelf: a test keeps one to look at the items, to plant values and to write the next mishap.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{checked_name, checked_value};
use crate::domain::secret::Secret;
use crate::ports::{ItemName, Keychain, KeychainError};

/// See the module's own words.
#[derive(Clone, Default)]
pub struct MemoryKeychain(Arc<Mutex<Shelf>>);

#[derive(Default)]
struct Shelf {
    items: BTreeMap<String, Secret>,
    reads: VecDeque<Mishap>,
    changes: VecDeque<Mishap>,
    always: Option<KeychainError>,
}

enum Mishap {
    Fails(KeychainError),
    Hangs(Receiver<()>),
}

/// Which of the next calls a mishap is for.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// The next read.
    Read,
    /// The next write or removal.
    Change,
}

impl MemoryKeychain {
    /// The next call of that kind fails so; mishaps queue up.
    pub fn fails(&self, next: Next, error: KeychainError) {
        self.shelf().queue(next).push_back(Mishap::Fails(error));
    }

    /// The next call of that kind hangs until what is returned is dropped, and is carried out then.
    #[must_use = "dropping this lets the call go on"]
    pub fn hangs(&self, next: Next) -> Sender<()> {
        let (release, held) = mpsc::channel();
        self.shelf().queue(next).push_back(Mishap::Hangs(held));
        release
    }

    /// Every call fails so, until told `None`.
    pub fn is_out(&self, error: Option<KeychainError>) {
        self.shelf().always = error;
    }

    /// The names of all items.
    #[must_use]
    pub fn names(&self) -> Vec<ItemName> {
        self.shelf().items.keys().cloned().map(ItemName).collect()
    }

    /// A copy of what is stored, past every mishap.
    #[must_use]
    pub fn peek(&self, item: &ItemName) -> Option<Secret> {
        self.shelf().items.get(&item.0).map(Secret::duplicate)
    }

    /// Stores a value, or takes it away, past every mishap: what another program or the person did.
    pub fn plant(&self, item: &ItemName, value: Option<Secret>) {
        let mut shelf = self.shelf();
        match value {
            Some(value) => shelf.items.insert(item.0.clone(), value),
            None => shelf.items.remove(&item.0),
        };
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits without holding the shelf, so that a test can look at it meanwhile.
    fn suffer(&self, next: Next) -> Result<(), KeychainError> {
        let mishap = {
            let mut shelf = self.shelf();
            if let Some(error) = shelf.always {
                return Err(error);
            }
            shelf.queue(next).pop_front()
        };
        match mishap {
            Some(Mishap::Fails(error)) => Err(error),
            Some(Mishap::Hangs(held)) => {
                while held.recv().is_ok() {}
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Shelf {
    fn queue(&mut self, next: Next) -> &mut VecDeque<Mishap> {
        match next {
            Next::Read => &mut self.reads,
            Next::Change => &mut self.changes,
        }
    }
}

impl Keychain for MemoryKeychain {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        checked_name(item)?;
        self.suffer(Next::Read)?;
        Ok(self.peek(item))
    }

    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError> {
        checked_name(item)?;
        checked_value(value)?;
        self.suffer(Next::Change)?;
        self.plant(item, Some(value.duplicate()));
        Ok(())
    }

    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError> {
        checked_name(item)?;
        self.suffer(Next::Change)?;
        self.plant(item, None);
        Ok(())
    }

    fn describe(&self) -> String {
        "memory".to_owned()
    }
}
