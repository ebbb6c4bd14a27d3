//! Backups: made by themselves once a day, by a manager's wish, or to a file; and the list of them.

use std::path::Path;

use super::{Desk, Failure};
use crate::domain::audit::{Event, What};
use crate::domain::state::ClinicStage;
use crate::ports::{BackupFile, BackupKind, Copied, CopyError, CopyTo, StoreError};

/// What came of a daily backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Daily {
    /// There is one of today already.
    HadOne,
    /// It was made.
    Made(Copied),
}

impl Desk {
    /// Makes the backup of this day, unless there is one. Called after the day's first sign-in was told, beside whatever
    /// else is going on: nothing waits for it, and nothing depends on it.
    ///
    /// # Errors
    /// See [`Failure`]; the log says so where it can be written.
    pub fn daily_backup(&mut self) -> Result<Daily, Failure> {
        let now = self.clock.now();
        // A folder that does not say is tried: what is wrong with it comes out then, and into the log.
        if self.store.has_todays(&now) == Ok(true) {
            return Ok(Daily::HadOne);
        }
        match self.copy(CopyTo::Folder(BackupKind::Daily)) {
            // Another window or the command line is at it.
            Err(Failure::Copy(CopyError::Busy)) => Ok(Daily::HadOne),
            other => other.map(Daily::Made),
        }
    }

    /// Makes a backup in the folder now.
    ///
    /// # Errors
    /// See [`Failure`]; the log says so where it can be written.
    pub fn backup_now(&mut self) -> Result<Copied, Failure> {
        self.copy(CopyTo::Folder(BackupKind::Asked))
    }

    /// Makes a backup in a new file.
    ///
    /// # Errors
    /// See [`Failure`]; the log says so where it can be written.
    pub fn backup_to(&mut self, file: &Path) -> Result<Copied, Failure> {
        self.copy(CopyTo::File(file))
    }

    /// The backups in the folder, newest first.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn backups(&mut self) -> Result<Vec<BackupFile>, Failure> {
        Ok(self.store.backups()?)
    }

    fn copy(&mut self, to: CopyTo<'_>) -> Result<Copied, Failure> {
        let (keys, now) = {
            // The lock between processes is let go again: a copy of a long log takes a while, and nobody waits for it.
            let guarded = self.guard()?;
            if guarded.look.stage != ClinicStage::Active {
                return Err(StoreError::NotNow.into());
            }
            (guarded.keys, guarded.now)
        };
        let made = self.store.copy(&keys, to, &now);
        let event = match &made {
            Ok(_) => Event::to("", "", What::BackupCreated, "done"),
            Err(CopyError::Busy | CopyError::Exists) => return made.map_err(Failure::from),
            Err(err) => Event::to("", "", What::BackupFailed, reason(*err)),
        };
        let noted = self.note_backup(&event);
        match (made, noted) {
            (Ok(copied), Ok(())) => Ok(copied),
            (Err(err), _) => Err(err.into()),
            // The copy is good; but what the log does not know of is not said to be done.
            (Ok(_), Err(failure)) => Err(failure),
        }
    }

    pub(super) fn note_backup(&mut self, event: &Event) -> Result<(), Failure> {
        let guarded = self.guard()?;
        let committed = self.store.note(&guarded.keys, event, &guarded.now)?;
        self.raise(&guarded, committed)
    }
}

/// The result in the log.
fn reason(err: CopyError) -> &'static str {
    match err {
        CopyError::Store(StoreError::Full) | CopyError::Full => "disk-full",
        CopyError::Store(StoreError::Damaged) => "database-damaged",
        CopyError::Store(StoreError::Busy) | CopyError::Busy => "database-busy",
        CopyError::NotAllowed => "no-rights",
        CopyError::Exists => "exists",
        CopyError::Differs => "not-read-back",
        CopyError::Store(_) | CopyError::Broken => "disk-broken",
    }
}
