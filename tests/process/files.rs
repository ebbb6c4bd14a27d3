//! A clinic of which everything is in files, so that a process may die and the next goes on.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clinic2fa::adapters::clock::TestClock;
use clinic2fa::adapters::place::DataDir;
use clinic2fa::adapters::sqlite::SqliteStore;
use clinic2fa::domain::dice::{Dice, NoRandomness};
use clinic2fa::domain::kdf::Cost;
use clinic2fa::domain::secret::Secret;
use clinic2fa::effects::{CostPolicy, Desk, DeskConfig};
use clinic2fa::ports::{ItemName, Keychain, KeychainError, StoreError, Turn};

use crate::clinic::T0;

/// A keychain of files: whole or not there, as an operating system's is.
pub(crate) struct FileKeychain(pub(crate) PathBuf);

impl FileKeychain {
    fn path(&self, item: &ItemName) -> PathBuf {
        self.0.join(&item.0)
    }
}

fn broken(_: std::io::Error) -> KeychainError {
    KeychainError::Broken("file")
}

impl Keychain for FileKeychain {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        match fs::read(self.path(item)) {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(err) if err.kind() == ErrorKind::NotFound => Ok(None),
            Err(err) => Err(broken(err)),
        }
    }

    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError> {
        let new = self.0.join(".new");
        let mut file = File::create(&new).map_err(broken)?;
        file.write_all(value.expose()).and_then(|()| file.sync_all()).map_err(broken)?;
        fs::rename(&new, self.path(item)).map_err(broken)
    }

    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError> {
        match fs::remove_file(self.path(item)) {
            Err(err) if err.kind() != ErrorKind::NotFound => Err(broken(err)),
            _ => Ok(()),
        }
    }

    fn describe(&self) -> String {
        "files".to_owned()
    }
}

/// Where the keychain's files are.
pub(crate) fn keys(folder: &Path) -> PathBuf {
    folder.join("keys")
}

/// The clock of a process that starts at that time, on a computer that has been on since an hour before [`T0`].
pub(crate) fn clock(unix_secs: i64) -> TestClock {
    let clock = TestClock::at(T0);
    clock.advance(Duration::from_secs(u64::try_from(unix_secs - T0).expect("after T0")));
    clock
}

/// A desk on those files, as far as the disk lets them be used.
pub(crate) fn desk(folder: &Path, clock: &TestClock) -> Result<Desk, StoreError> {
    let place = DataDir::open(Some(folder.join("data"))).map_err(StoreError::from)?;
    fs::create_dir_all(keys(folder)).expect("a folder");
    let marker = ItemName(format!("marker-{}", place.marker_id()));
    let (turns, database) = (place.clone(), place.database());
    let turns = Box::new(move || turns.lock(Duration::from_secs(30)).map(Turn::new).map_err(StoreError::from));
    let store = SqliteStore::new(database, turns, "front-1".to_owned());
    let dice = Dice::new(Box::new(|out| getrandom::fill(out).map_err(|_| NoRandomness)));
    let config = DeskConfig { marker, cost: CostPolicy::Fixed(Cost { memory_kib: 8, passes: 1 }) };
    Ok(Desk::new(Box::new(store), Box::new(FileKeychain(keys(folder))), Arc::new(clock.clone()), dice, config))
}
