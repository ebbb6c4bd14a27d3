//! Whole copies of the state: made by SQLite's own backup, read back, and only then given their name.
//!
//! ```text
//! backups/.making.db ─▶ whole? ours? ─▶ flushed ─▶ backups/daily-2026-03-02-412.db    the last seven days
//!                                                  backups/asked-2026-03-02-431.db    the last seven asked for
//! ```
//! The number is the state's epoch: a clock that was wrong for a week does not push good backups out.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::open::{self, sql};
use super::rows;
use crate::adapters::clock::local_day_name;
use crate::adapters::place::try_turn;
use crate::domain::keys::StateKeys;
use crate::ports::{BackupFile, BackupKind, Copied, CopyError, CopyTo, Now, StoreError};

/// Backups of each kind that are kept.
const KEPT: usize = 7;
/// The folder beside the state.
const FOLDER: &str = "backups";
/// What is not finished yet.
const MAKING: &str = ".making.db";
/// Whose lock says that one is being made. It lies beside the state, so that the folder holds backups alone.
const LOCK: &str = "backups.lock";

/// How sound a database is, by SQLite's own check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Soundness {
    /// All of it.
    Whole,
    /// Every page is, but single values are not what their column holds: damage of a row, which the row's tag finds too.
    ValuesOff,
    /// Not even that.
    Broken,
}

/// Reads every page.
pub(super) fn soundness(connection: &Connection) -> Result<Soundness, StoreError> {
    let read = || -> rusqlite::Result<Vec<String>> {
        connection.prepare("PRAGMA integrity_check")?.query_map([], |row| row.get(0))?.collect()
    };
    let said = match read() {
        Ok(said) => said,
        Err(err) => {
            let err = sql(&err);
            return if err == StoreError::Damaged { Ok(Soundness::Broken) } else { Err(err) };
        }
    };
    let of_a_value = |line: &String| {
        ["CHECK constraint failed in ", "NULL value in "].iter().any(|start| line.starts_with(start))
            || (line.starts_with("non-") && line.contains(" value in "))
    };
    Ok(if said == ["ok"] {
        Soundness::Whole
    } else if said.iter().all(of_a_value) {
        Soundness::ValuesOff
    } else {
        Soundness::Broken
    })
}

/// The folder of the backups of the state at `state`.
pub(super) fn folder(state: &Path) -> PathBuf {
    state.with_file_name(FOLDER)
}

/// Makes a copy; `state` is the path that `source` was opened at.
pub(super) fn copy(
    source: &Connection,
    state: &Path,
    keys: &StateKeys,
    to: CopyTo<'_>,
    now: &Now,
) -> Result<Copied, CopyError> {
    match to {
        CopyTo::File(file) => to_file(source, state, keys, file),
        CopyTo::Folder(kind) => into_folder(source, state, keys, kind, now),
    }
}

fn to_file(source: &Connection, state: &Path, keys: &StateKeys, file: &Path) -> Result<Copied, CopyError> {
    let name = file.file_name().ok_or(CopyError::NotAllowed)?;
    let beside = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        Some(_) | None => PathBuf::from("."),
    };
    let there = beside.canonicalize().map_err(|err| io(&err))?;
    // A file of any name beside the state could become one of SQLite's own, such as a journal that is played back.
    if state.parent().and_then(|own| own.canonicalize().ok()).is_some_and(|own| own == there) {
        return Err(CopyError::NotAllowed);
    }
    if file.symlink_metadata().is_ok() {
        return Err(CopyError::Exists);
    }
    let making = there.join(format!(".{}.{}.making", name.to_string_lossy(), std::process::id()));
    let made = write(source, &making, keys).and_then(|(people, _)| {
        take_name(&making, file)?;
        flush_folder(&there)?;
        Ok(Copied { path: file.to_owned(), people })
    });
    if made.is_err() {
        open::remove_all(&making).ok();
    }
    made
}

/// Gives a finished copy its name, never over a file that is there. Killed at any moment, the name is missing or leads to
/// the whole copy; only on a file system without hard links, as of many sticks, it may be left empty.
fn take_name(making: &Path, file: &Path) -> Result<(), CopyError> {
    match fs::hard_link(making, file) {
        Ok(()) => {
            // Both names are the copy's; should the hidden one stay, it is a whole backup too.
            fs::remove_file(making).ok();
            Ok(())
        }
        Err(err) if err.kind() == ErrorKind::AlreadyExists => Err(CopyError::Exists),
        Err(_) => {
            new_file(file)?;
            fs::rename(making, file).map_err(|err| {
                fs::remove_file(file).ok();
                io(&err)
            })
        }
    }
}

fn into_folder(
    source: &Connection,
    state: &Path,
    keys: &StateKeys,
    kind: BackupKind,
    now: &Now,
) -> Result<Copied, CopyError> {
    let folder = folder(state);
    // Something else has its name: nothing that anybody chose.
    own_folder(&folder).map_err(|err| if err == CopyError::Exists { CopyError::Broken } else { err })?;
    let _turn = try_turn(&state.with_file_name(LOCK)).map_err(|err| io(&err))?.ok_or(CopyError::Busy)?;
    let making = folder.join(MAKING);
    let made = write(source, &making, keys).and_then(|(people, epoch)| {
        let path = folder.join(format!("{}-{}-{epoch}.db", kind.name(), local_day_name(now.day_ends_unix)));
        fs::rename(&making, &path).map_err(|err| io(&err))?;
        flush_folder(&folder)?;
        Ok(Copied { path, people })
    });
    match &made {
        Ok(copied) => prune(&folder, kind, &copied.path),
        Err(_) => drop(open::remove_all(&making)),
    }
    made
}

/// A copy under a name of its own, read back and flushed; people in it and its epoch.
fn write(source: &Connection, making: &Path, keys: &StateKeys) -> Result<(usize, u64), CopyError> {
    // What a process that was killed has left.
    open::remove_all(making).map_err(|err| io(&err))?;
    new_file(making)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(making, flags).map_err(|err| failed(&err))?;
    {
        let backup = Backup::new(source, &mut copy).map_err(|err| failed(&err))?;
        // All pages under one read lock, which stops no writer: in pieces it would begin anew with every change.
        if backup.step(-1).map_err(|err| failed(&err))? != StepResult::Done {
            // Not every page, or the source is locked as a whole, which nobody of ours does.
            return Err(CopyError::Store(StoreError::Busy));
        }
    }
    // One file without side files, whatever the state uses.
    copy.query_row("PRAGMA journal_mode = delete", [], |_| Ok(())).map_err(|err| failed(&err))?;
    if soundness(&copy)? == Soundness::Broken {
        let source_too = soundness(source)? == Soundness::Broken;
        return Err(if source_too { StoreError::Damaged.into() } else { CopyError::Differs });
    }
    let clinic = rows::clinic(&copy, keys).map_err(|err| {
        let not_ours = matches!(err, StoreError::ClinicChanged | StoreError::Damaged | StoreError::NotNow);
        if not_ours { CopyError::Differs } else { CopyError::Store(err) }
    })?;
    drop(copy);
    let file = OpenOptions::new().read(true).write(true).open(making).map_err(|err| io(&err))?;
    file.sync_all().map_err(|err| io(&err))?;
    Ok((clinic.roll.len(), clinic.epoch))
}

/// The backups in the folder, newest first.
pub(super) fn list(folder: &Path) -> Result<Vec<BackupFile>, StoreError> {
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(err) if err.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(err) => return Err(open::io(&err)),
    };
    let mut found: Vec<BackupFile> = entries.flatten().filter_map(|entry| named(&entry.path())).collect();
    found.sort_by_key(|backup| (std::cmp::Reverse(backup.number), backup.path.clone()));
    Ok(found)
}

/// A file of the folder, by its name.
fn named(path: &Path) -> Option<BackupFile> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".db")?;
    let (kind, rest) = stem.split_once('-')?;
    let (day, number) = rest.rsplit_once('-')?;
    if day.split('-').count() != 3 {
        return None;
    }
    let kind = BackupKind::ALL.into_iter().find(|known| known.name() == kind)?;
    let about = path.metadata().ok().filter(fs::Metadata::is_file)?;
    let written = about.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(BackupFile {
        path: path.to_owned(),
        kind,
        day: day.to_owned(),
        number: number.parse().ok()?,
        written_unix: i64::try_from(written.as_secs()).ok()?,
    })
}

/// Whether there is a daily backup of this local day.
pub(super) fn has_todays(folder: &Path, now: &Now) -> Result<bool, StoreError> {
    let today = local_day_name(now.day_ends_unix);
    Ok(list(folder)?.iter().any(|backup| backup.kind == BackupKind::Daily && backup.day == today))
}

/// Removes what is older than the last seven of a kind; never the one that was just made.
fn prune(folder: &Path, kind: BackupKind, made: &Path) {
    let Ok(all) = list(folder) else { return };
    let of_kind = all.into_iter().filter(|backup| backup.kind == kind);
    for old in of_kind.skip(KEPT).filter(|backup| backup.path != made) {
        // One that cannot be removed is one too many, and no reason to call the new one failed.
        fs::remove_file(&old.path).ok();
    }
}

/// The folder, for its owner alone.
fn own_folder(folder: &Path) -> Result<(), CopyError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|err| io(&err))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = folder.metadata().map_err(|err| io(&err))?.permissions();
        if rights.mode() & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(|err| io(&err))?;
        }
    }
    Ok(())
}

/// Never over a file that is there; for its owner alone.
fn new_file(path: &Path) -> Result<(), CopyError> {
    open::new_file(path).map(drop).map_err(|err| io(&err))
}

fn flush_folder(folder: &Path) -> Result<(), CopyError> {
    open::flush_folder(folder).map_err(|err| io(&err))
}

/// What a failed call on the copy means. SQLite does not say which of the two files it was; damage can only be the
/// source's.
fn failed(err: &rusqlite::Error) -> CopyError {
    match err.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => CopyError::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => CopyError::NotAllowed,
        // It was made a moment before: what cannot be opened now, the disk keeps.
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => CopyError::Broken,
        Some(_) | None => CopyError::Store(sql(err)),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's list of kinds is open")]
fn io(err: &std::io::Error) -> CopyError {
    match err.kind() {
        ErrorKind::AlreadyExists => CopyError::Exists,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => CopyError::Full,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => CopyError::NotAllowed,
        _ => CopyError::Broken,
    }
}
