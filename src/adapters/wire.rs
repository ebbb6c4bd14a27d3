//! The only place that names adapters: which real thing stands behind each port.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::clock::SystemClock;
use super::keychain::OsKeychain;
use super::logs;
use super::place::{DataDir, PlaceError};
use super::postgres::PgLogins;
use super::presence;
use super::program::OsPrograms;
use super::sms::NetworkGateway;
use super::sqlcipher::SqlcipherFiles;
use super::sqlite::SqliteStore;
use super::time_server::SntpServer;
use crate::domain::dice::{Dice, NoRandomness};
use crate::effects::{CostPolicy, Courier, Desk, DeskConfig, Outside, TimeCheck, Watcher};
use crate::ports::{Clock, ItemName, StoreError, Turn};

/// How long one process waits for another's turn at the store.
const TURN_LIMIT: Duration = Duration::from_secs(10);

/// What the command line or the environment chose.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The data directory; the system's own when absent.
    pub data_dir: Option<PathBuf>,
}

/// The data directory, and the desk on it.
pub struct Wired {
    /// The data directory.
    pub dir: DataDir,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
}

/// Opens the data directory. Neither the database nor the keychain is touched yet.
///
/// # Errors
/// [`StoreError`], when there is no directory that may hold a database.
pub fn wire(config: &Config) -> Result<Wired, StoreError> {
    let dir = DataDir::open(config.data_dir.clone())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    logs::keep(dir.path(), Arc::clone(&clock));
    Ok(Wired { dir, clock })
}

/// The system's clocks, for a window that says why it has no data directory.
#[must_use]
pub fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

impl Wired {
    /// What asks the clinic's own time server.
    #[must_use]
    pub fn time_check(&self) -> TimeCheck {
        TimeCheck::new(Box::new(SntpServer::new()), Arc::clone(&self.clock))
    }

    /// What watches over whoever is signed in.
    #[must_use]
    pub fn watcher(&self) -> Watcher {
        Watcher::new(presence::system(), Arc::clone(&self.clock))
    }

    /// A desk with real ports. Made on the thread that uses it.
    #[must_use]
    pub fn desk(&self) -> Desk {
        let turns_dir = self.dir.clone();
        let turns = Box::new(move || turns_dir.lock(TURN_LIMIT).map(Turn::new).map_err(StoreError::from));
        let store = SqliteStore::new(self.dir.database(), turns, computer_name());
        let config =
            DeskConfig { marker: ItemName(format!("marker-{}", self.dir.marker_id())), cost: CostPolicy::Calibrated };
        let dice = Dice::new(Box::new(|out| getrandom::fill(out).map_err(|_| NoRandomness)));
        Desk::new(Box::new(store), Box::new(OsKeychain::default()), Arc::clone(&self.clock), dice, config)
            .with_outside(outside())
    }
}

/// Programs, servers and files that a sign-in opens.
fn outside() -> Outside {
    Outside {
        programs: Box::new(OsPrograms::default()),
        logins: Box::new(PgLogins::default()),
        files: Box::new(SqlcipherFiles),
    }
}

impl Wired {
    /// The caller of whatever service the clinic chose.
    #[must_use]
    pub fn courier(&self) -> Courier {
        Courier::new(Box::new(NetworkGateway))
    }
}

impl From<PlaceError> for StoreError {
    fn from(err: PlaceError) -> Self {
        match err {
            PlaceError::Nowhere => StoreError::Nowhere,
            PlaceError::Network { .. } => StoreError::NetworkPath,
            PlaceError::NotOurs => StoreError::NotOurs,
            PlaceError::ReadOnly => StoreError::ReadOnly,
            PlaceError::Full => StoreError::Full,
            PlaceError::Busy => StoreError::Busy,
            PlaceError::NotAFolder | PlaceError::Unusable(_) => StoreError::Broken("folder"),
        }
    }
}

/// This computer's name, for the log.
fn computer_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    name
}
