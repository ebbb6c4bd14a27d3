//! Encrypted SQLite files, through the `sqlcipher` program: our own SQLite cannot read them.
//!
//! ```text
//! FILE ──copy──▶ FILE.clinic2fa-copy ──compare row for row──▶ a second name for FILE: FILE.clinic2fa-original
//!                                                             ──▶ the copy renamed over FILE
//! ```
//! Renaming is one step for the file system, so FILE is the old one or the new one at every moment. Nobody can write to
//! it meanwhile: a transaction of ours is open on it from before the copy until after the renaming.

mod copy;
mod shell;

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use self::shell::Shell;
use crate::domain::secret::SecretText;
use crate::ports::{CipherError, CipherFiles, FileState, Protected};

/// What every unencrypted SQLite file begins with (file format, section 1.3).
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

/// Files on this computer, and the program on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SqlcipherFiles;

impl CipherFiles for SqlcipherFiles {
    fn state(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<FileState, CipherError> {
        if is_plain(file)? {
            return Ok(FileState::Plain);
        }
        let shell = Shell::new(program)?;
        Ok(if shell.opens(file, key)? { FileState::Opens } else { FileState::Shut })
    }

    fn protect(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<Protected, CipherError> {
        let shell = Shell::new(program)?;
        if is_plain(file)? {
            return copy::protect(&shell, file, key);
        }
        if shell.opens(file, key)? { Ok(Protected::Already) } else { Err(CipherError::Shut) }
    }

    fn remove_original(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<(), CipherError> {
        let original = original_of(file);
        if !original.exists() {
            return Err(CipherError::NoFile);
        }
        match self.state(program, file, key)? {
            FileState::Opens => fs::remove_file(original).map_err(|err| io(&err)),
            FileState::Plain | FileState::Shut => Err(CipherError::Shut),
        }
    }

    fn rekey(&mut self, program: &str, file: &Path, old: &SecretText, new: &SecretText) -> Result<(), CipherError> {
        let shell = Shell::new(program)?;
        if is_plain(file)? || !shell.opens(file, old)? {
            return Err(CipherError::Shut);
        }
        shell.rekey(file, old, new)?;
        if shell.opens(file, new)? { Ok(()) } else { Err(CipherError::Shut) }
    }
}

/// Whether the file is a SQLite database that anybody can read.
fn is_plain(file: &Path) -> Result<bool, CipherError> {
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(PLAIN.len() as u64).read_to_end(&mut start));
    read.map_err(|_| CipherError::NoFile)?;
    if start.len() < PLAIN.len() { Err(CipherError::NotADatabase) } else { Ok(start == PLAIN) }
}

/// The file's name with something after it.
fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Where the unencrypted original is kept.
fn original_of(file: &Path) -> PathBuf {
    beside(file, ".clinic2fa-original")
}

fn io(err: &std::io::Error) -> CipherError {
    let is = |kinds: &[ErrorKind]| kinds.contains(&err.kind());
    if is(&[ErrorKind::StorageFull, ErrorKind::QuotaExceeded]) {
        CipherError::Full
    } else if is(&[ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem]) {
        CipherError::NotAllowed
    } else if is(&[ErrorKind::NotFound]) {
        CipherError::NoFile
    } else {
        CipherError::Broken
    }
}
