//! Opening the file: what is not ours or not of our time is refused before anything is written to it.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, ffi};

use crate::ports::StoreError;

/// "C2FA" in the file's header: whose database it is (`PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x4332_4641;

/// One script a version, in order; `user_version` is how many have run.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/0001.sql")];

/// The `user_version` that this program writes.
const VERSION: i64 = 1;
const _: () = assert!(MIGRATIONS.len() == 1, "one script a version");

/// How long a writer waits for another process.
const BUSY: Duration = Duration::from_secs(5);

/// Opens an existing database; `None` when there is none (no file, or one in which nothing was ever committed).
pub(super) fn existing(path: &Path) -> Result<Option<Opened>, StoreError> {
    let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    // Another desk of this process has it open: it was looked at then, and must not be looked at again.
    if !identity(path).is_some_and(|it| all.contains(&it)) {
        match peek(path)? {
            Peek::Nothing => return Ok(None),
            Peek::Ours => {}
        }
    }
    let connection = open(path, OpenFlags::empty())?;
    Ok(Some(Opened::enter(connection, path, &mut all)))
}

/// The databases that this process has open. On Unix, closing any handle on a file ends all locks that the process has on
/// it, SQLite's among them; SQLite sees to that for its own handles, and nobody for ours.
static OPEN: Mutex<Vec<Identity>> = Mutex::new(Vec::new());

/// An open database of this process.
pub(super) struct Opened {
    pub(super) connection: Connection,
    /// Which file it is.
    identity: Option<Identity>,
}

impl Opened {
    fn enter(connection: Connection, path: &Path, all: &mut Vec<Identity>) -> Self {
        let identity = identity(path);
        all.extend(identity);
        Self { connection, identity }
    }

    /// Whether the path still names this file. On Windows it does: an open database cannot be renamed or removed there.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        self.identity == identity(path)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = all.iter().position(|it| Some(*it) == self.identity) {
            all.swap_remove(at);
        }
    }
}

/// Opens the database, making it when there is none.
pub(super) fn or_create(path: &Path) -> Result<Opened, StoreError> {
    if let Some(opened) = existing(path)? {
        return Ok(opened);
    }
    let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    owner_only(path)?;
    let connection = open(path, OpenFlags::SQLITE_OPEN_CREATE)?;
    Ok(Opened::enter(connection, path, &mut all))
}

/// What a file is by its header.
pub(super) enum Peek {
    /// Not there, or empty.
    Nothing,
    /// A database of this program.
    Ours,
}

/// Reads the 100-byte header, of a file that this process does not have open (sqlite.org/fileformat2, section 1.3) without touching the file.
pub(super) fn peek(path: &Path) -> Result<Peek, StoreError> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(Peek::Nothing),
        Err(err) => return Err(io(&err)),
    };
    let mut header = Vec::with_capacity(100);
    file.by_ref().take(100).read_to_end(&mut header).map_err(|err| io(&err))?;
    if header.is_empty() {
        return Ok(Peek::Nothing);
    }
    let word = |at: usize| header.get(at..at + 4).and_then(|b| b.try_into().ok()).map(i32::from_be_bytes);
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::Damaged);
    }
    let version = usize::try_from(word(60).unwrap_or(0)).unwrap_or(usize::MAX);
    if word(68) != Some(APPLICATION_ID) {
        return Err(if version > MIGRATIONS.len() { StoreError::Newer } else { StoreError::Foreign });
    }
    if version > MIGRATIONS.len() {
        return Err(StoreError::Newer);
    }
    Ok(Peek::Ours)
}

/// Makes an empty file that its owner alone may read; SQLite gives its side files the same rights.
fn owner_only(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|err| io(&err))
}

/// Opens the database with everything that it must be opened with.
pub(super) fn open(path: &Path, extra: OpenFlags) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra;
    let mut connection = Connection::open_with_flags(path, flags).map_err(|err| not_opened(&err, path))?;
    prepare(&mut connection).map_err(|err| not_opened(&err, path))??;
    Ok(connection)
}

/// SQLite says of a file that cannot be opened only that it cannot: the file system is asked for the reason.
fn not_opened(err: &rusqlite::Error, path: &Path) -> StoreError {
    if err.sqlite_error_code() != Some(ErrorCode::CannotOpen) {
        return sql(err);
    }
    // The database itself, and a new file beside it: the log and its index.
    let beside = path.with_extension("try");
    let tried = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .and_then(|_| fs::OpenOptions::new().write(true).create_new(true).open(&beside))
        .and_then(|_| fs::remove_file(&beside));
    tried.map_or_else(|err| io(&err), |()| sql(err))
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<Result<(), StoreError>> {
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is deleted or overwritten is gone from the file, too.
    connection.pragma_update(None, "secure_delete", true)?;
    if let Err(refused) = migrate(connection)? {
        return Ok(Err(refused));
    }
    // Only now: in a fresh file the header with our name is then in the file itself, not only in the log beside it.
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(Ok(()))
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<Result<(), StoreError>> {
    let version = |c: &Connection| c.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    if version(connection)? == VERSION {
        return Ok(Ok(()));
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Again inside the lock: another process may have done it meanwhile.
    let done = version(&tx)?;
    let Some(to_do) = usize::try_from(done).ok().and_then(|done| MIGRATIONS.get(done..)) else {
        return Ok(Err(StoreError::Newer));
    };
    for script in to_do {
        tx.execute_batch(script)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(Ok(()))
}

/// Which file a path names: device and number on it.
pub(super) type Identity = (u64, u64);

/// The file at a path; nothing on Windows, where an open database cannot be renamed or removed.
pub(super) fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).ok().map(|about| (about.dev(), about.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// A new file that its owner alone may read; never over one that is there.
pub(super) fn new_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes a database with its side files; what is not there is no error.
pub(super) fn remove_all(path: &Path) -> std::io::Result<()> {
    for path in with_side_files(path) {
        match fs::remove_file(path) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(err),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// A database and the files that SQLite puts beside it, the database first.
pub(super) fn with_side_files(path: &Path) -> [std::path::PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|end| {
        let mut path = path.as_os_str().to_owned();
        path.push(end);
        path.into()
    })
}

/// Makes a rename last through a power cut. Windows does that by itself, and has no such call.
pub(super) fn flush_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// What a failed call to SQLite means for a person.
pub(super) fn sql(err: &rusqlite::Error) -> StoreError {
    match err.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            StoreError::Busy
        }
        Some(ErrorCode::DiskFull) => StoreError::Full,
        // SQLite has no better word for a log's index that finds no room on the disk.
        Some(ErrorCode::SystemIoFailure) if err.sqlite_extended_error_code() == Some(ffi::SQLITE_IOERR_SHMSIZE) => {
            StoreError::Full
        }
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly,
        Some(ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => StoreError::NotOurs,
        Some(ErrorCode::CannotOpen) => StoreError::Broken("open"),
        Some(ErrorCode::SystemIoFailure) => StoreError::Broken("disk"),
        // Without a code: a value of another type than the schema says.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch) | None => {
            StoreError::Damaged
        }
        Some(_) => StoreError::Broken("sqlite"),
    }
}

/// What a failed call to the file system means for a person.
#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's list of kinds is open")]
pub(super) fn io(err: &std::io::Error) -> StoreError {
    use std::io::ErrorKind;
    match err.kind() {
        ErrorKind::PermissionDenied => StoreError::NotOurs,
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Broken("file"),
    }
}
