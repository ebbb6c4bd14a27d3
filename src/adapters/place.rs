//! The data directory: where it is, whose it is, and whether it may hold a database.
//!
//! It knows nothing of what the database says. Its two locks are the system's own, so that they end with the
//! process that holds them, however it ends.

mod network;

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// How long to wait between two looks at a lock that another process holds.
const LOOK: Duration = Duration::from_millis(5);

/// The file whose lock spans judging, committing and raising.
const STATE_LOCK: &str = "state.lock";
/// The file whose lock says that a window is open.
const WINDOW_LOCK: &str = "window.lock";
/// The database.
const DATABASE: &str = "state.db";

/// A folder of this computer that is ours and can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    canonical: PathBuf,
}

/// Why a folder cannot hold the database. Nothing has been written to it, except perhaps an empty lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceError {
    /// None was given, and the system does not say where programs keep their data (no home folder).
    Nowhere,
    /// It lies on another computer; the kind is the system's word for it ("nfs", "network share").
    Network {
        /// What kind of network place it is.
        kind: String,
    },
    /// It belongs to another person of this computer.
    NotOurs,
    /// This person may not write there, or nobody may.
    ReadOnly,
    /// The disk is full.
    Full,
    /// The path is a file, or leads through one.
    NotAFolder,
    /// Another process held the lock for the whole of the time allowed.
    Busy,
    /// Anything else: a disk that was pulled out, a path that is too long.
    Unusable(io::ErrorKind),
}

impl DataDir {
    /// Opens the folder given, or the system's own for this program, and creates it for its owner alone.
    ///
    /// The caller passes `--data-dir`, else `CLINIC2FA_DATA_DIR`, else nothing. An existing folder that is empty or
    /// already ours loses the rights of others; one with other files in it keeps them.
    ///
    /// # Errors
    /// See [`PlaceError`].
    pub fn open(path: Option<PathBuf>) -> Result<Self, PlaceError> {
        let path = match path {
            Some(path) => std::path::absolute(path).map_err(|error| PlaceError::from(&error))?,
            None => directories::ProjectDirs::from("", "", "clinic2fa")
                .map(|places| places.data_local_dir().to_owned())
                .ok_or(PlaceError::Nowhere)?,
        };
        // Asked of the bare name first: to resolve a share's name is to wait for its server.
        refuse_network(&path)?;
        // And before anything is created: a refused share must stay as it was.
        let standing = path.ancestors().find_map(|folder| folder.canonicalize().ok());
        refuse_network(standing.as_deref().unwrap_or(&path))?;
        create(&path)?;
        let canonical = path.canonicalize().map_err(|error| PlaceError::from(&error))?;
        refuse_network(&canonical)?;
        let place = Self { canonical };
        place.claim()?;
        open_lock(&place.canonical.join(STATE_LOCK)).map_err(|error| PlaceError::from(&error))?;
        Ok(place)
    }

    /// The folder, with links resolved.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.canonical
    }

    /// Where the database is, or will be.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.canonical.join(DATABASE)
    }

    /// Names this folder in the keychain: 32 hexadecimal digits from its canonical path. A moved folder gets another.
    #[must_use]
    pub fn marker_id(&self) -> String {
        let digest = Sha256::digest(self.canonical.as_os_str().as_encoded_bytes());
        let mut id = HEXLOWER.encode(&digest);
        id.truncate(32);
        id
    }

    /// Waits for our turn among all processes and threads that use this folder; it ends when the value is dropped.
    ///
    /// # Errors
    /// [`PlaceError::Busy`] when `limit` has passed; others when the lock file cannot be opened.
    pub fn lock(&self, limit: Duration) -> Result<Turn, PlaceError> {
        // The system's waiting lock has no limit, and a thread that waits in it cannot be called back.
        let looks = limit.as_millis() / LOOK.as_millis();
        for _ in 0..looks {
            if let Some(turn) = self.try_turn(STATE_LOCK)? {
                return Ok(turn);
            }
            // Parked and not asleep: whoever ends this thread can wake it. Waking too early only looks again sooner.
            thread::park_timeout(LOOK);
        }
        self.try_turn(STATE_LOCK)?.ok_or(PlaceError::Busy)
    }

    /// The right to be the one window on this folder, or `None` when another process has it.
    ///
    /// # Errors
    /// When the lock file cannot be opened.
    pub fn only_window(&self) -> Result<Option<Turn>, PlaceError> {
        self.try_turn(WINDOW_LOCK)
    }

    /// Bytes that can still be written, or `None` when the system does not say.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        free_bytes(&self.canonical)
    }

    fn try_turn(&self, name: &str) -> Result<Option<Turn>, PlaceError> {
        try_turn(&self.canonical.join(name)).map_err(|error| PlaceError::from(&error))
    }

    /// Checks the owner and takes the rights of others away.
    #[cfg(unix)]
    fn claim(&self) -> Result<(), PlaceError> {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let about = self.canonical.metadata().map_err(|error| PlaceError::from(&error))?;
        if about.uid() != rustix::process::geteuid().as_raw() {
            return Err(PlaceError::NotOurs);
        }
        if about.mode() & 0o077 != 0 && self.holds_nothing_foreign() {
            std::fs::set_permissions(&self.canonical, std::fs::Permissions::from_mode(0o700))
                .map_err(|error| PlaceError::from(&error))?;
        }
        Ok(())
    }

    /// A folder under the Windows profile inherits rights for its owner, the system and administrators.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "the same shape as on Unix")]
    fn claim(&self) -> Result<(), PlaceError> {
        Ok(())
    }

    /// Whether the folder is empty or already holds our files; `--data-dir ~` must not shut a home folder.
    #[cfg(unix)]
    fn holds_nothing_foreign(&self) -> bool {
        self.canonical.join(STATE_LOCK).exists()
            || self.canonical.read_dir().is_ok_and(|mut entries| entries.next().is_none())
    }
}

/// A lock that is held. It ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct Turn(File);

impl Drop for Turn {
    fn drop(&mut self) {
        // Closing the file ends it too; a copy of the handle in a child that is just starting would not.
        drop(self.0.unlock());
    }
}

/// Our turn at what the lock file at `path` guards, or `None` when somebody else has it.
///
/// # Errors
/// When the file cannot be opened or locked.
pub(super) fn try_turn(path: &Path) -> io::Result<Option<Turn>> {
    let file = open_lock(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Turn(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A lock file is never removed: a process that still waits for it would then hold a lock nobody else sees.
fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl From<&io::Error> for PlaceError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's kinds are not ours and grow")]
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Self::NotAFolder,
            kind => Self::Unusable(kind),
        }
    }
}

fn refuse_network(path: &Path) -> Result<(), PlaceError> {
    network::kind(path).map_or(Ok(()), |kind| Err(PlaceError::Network { kind }))
}

/// Creates the folder and those above it, each for its owner alone.
fn create(path: &Path) -> Result<(), PlaceError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| PlaceError::from(&error))
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(folder).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

#[cfg(windows)]
fn free_bytes(folder: &Path) -> Option<u64> {
    crate::adapters::os::free_bytes(folder)
}

#[cfg(test)]
mod tests;
