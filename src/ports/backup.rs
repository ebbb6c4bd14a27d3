//! What is asked of the store about whole copies of its state: making them, listing them, and taking one in again.

use std::path::{Path, PathBuf};

use super::{Committed, Now, RecoverySlots, StoreError};
use crate::domain::keys::StateKeys;
use crate::domain::restore::Plan;

/// Why a backup in the folder was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupKind {
    /// By itself, at the first sign-in of a day.
    Daily,
    /// A manager pressed "Make a backup now".
    Asked,
}

impl BackupKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Daily, Self::Asked];

    /// The first word of the file's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            BackupKind::Daily => "daily",
            BackupKind::Asked => "asked",
        }
    }
}

/// One backup in the folder beside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFile {
    /// Where it is.
    pub path: PathBuf,
    /// Why it was made.
    pub kind: BackupKind,
    /// Of which local day it is, as in its name: `2026-03-02`.
    pub day: String,
    /// The state's epoch in it: a later one has a higher number, whatever the clock showed.
    pub number: u64,
    /// When it was written, UTC seconds.
    pub written_unix: i64,
}

/// Where a copy goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyTo<'a> {
    /// Into the folder of backups, of which the last seven of each kind are kept.
    Folder(BackupKind),
    /// To a new file.
    File(&'a Path),
}

/// A copy that was made and read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Where it is.
    pub path: PathBuf,
    /// People in it.
    pub people: usize,
}

/// Why no copy was made. What was there before is there still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyError {
    /// The state itself cannot be read.
    Store(StoreError),
    /// There is a file of that name already.
    Exists,
    /// No file may be written there.
    NotAllowed,
    /// No space for it.
    Full,
    /// The file cannot be written there.
    Broken,
    /// What was written does not read back as what it should be.
    Differs,
    /// Another process is making one at this moment.
    Busy,
}

/// Why a backup was not taken in. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupError {
    /// The present state, or the disk it is on.
    Store(StoreError),
    /// There is no file of that name.
    Missing,
    /// The file may not be read.
    NotReadable,
    /// It is not a backup of this program.
    Foreign,
    /// It was made by a newer version of this program.
    Newer,
    /// It is damaged, or it was changed after it was made.
    Damaged,
    /// It is another clinic's.
    OtherClinic,
    /// It is the file that is in use.
    InUse,
}

impl From<StoreError> for CopyError {
    fn from(err: StoreError) -> Self {
        CopyError::Store(err)
    }
}

impl From<StoreError> for BackupError {
    fn from(err: StoreError) -> Self {
        BackupError::Store(err)
    }
}

/// Who vouches for a restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge<'a> {
    /// A manager of the present state, judged by it with a fresh code just before.
    Manager(&'a str),
    /// Whoever holds the clinic recovery key, where the present state cannot judge.
    ClinicKey,
}

/// The part of the store that deals in whole copies.
pub trait Backups {
    /// Makes a consistent copy while others go on working, and reads it back: the file is whole, and the clinic's row and
    /// roll are the ones that were written here. What a person's damaged row holds is copied as it is.
    ///
    /// # Errors
    /// See [`CopyError`]; no half of a copy is left under the name asked for.
    fn copy(&mut self, keys: &StateKeys, to: CopyTo<'_>, now: &Now) -> Result<Copied, CopyError>;

    /// The backups in the folder, newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn backups(&mut self) -> Result<Vec<BackupFile>, StoreError>;

    /// Whether there is a daily backup of this local day.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn has_todays(&mut self, now: &Now) -> Result<bool, StoreError>;

    /// Whether the last entry of the log was written on another computer.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn is_from_elsewhere(&mut self) -> Result<bool, StoreError>;

    /// Whether every page of the present file is sound, or there is none: a question of seconds for a long log.
    ///
    /// # Errors
    /// See [`StoreError`]; damage is no error but the answer "no".
    fn is_whole(&mut self) -> Result<bool, StoreError>;

    /// The sealed things in a backup that the clinic recovery key opens.
    ///
    /// # Errors
    /// See [`BackupError`].
    fn backup_slots(&mut self, file: &Path, now: &Now) -> Result<RecoverySlots, BackupError>;

    /// What a restore would change. Without keys nothing of it is proved: it is what the two files say. The
    /// inter-process lock must be held.
    ///
    /// # Errors
    /// See [`BackupError`].
    fn plan(&mut self, keys: Option<&StateKeys>, file: &Path, judge: Judge<'_>, now: &Now)
    -> Result<Plan, BackupError>;

    /// Takes a backup in: into the present file where that can be read, in one transaction; else in its place, and what
    /// was there is kept beside it. The new epoch is above both and above `epoch`. The inter-process lock must be held.
    ///
    /// # Errors
    /// See [`BackupError`]; the state is as it was.
    fn restore(
        &mut self,
        keys: &StateKeys,
        file: &Path,
        judge: Judge<'_>,
        epoch: u64,
        now: &Now,
    ) -> Result<Committed<Plan>, BackupError>;
}
