//! What is asked about a SQLite file that is encrypted with `SQLCipher`, through the `sqlcipher` program.

use std::path::{Path, PathBuf};

use crate::domain::secret::SecretText;

/// How a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// A SQLite database that anybody can read.
    Plain,
    /// The key opens it.
    Opens,
    /// The key does not open it.
    Shut,
}

/// What came of encrypting a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protected {
    /// It is encrypted now.
    Now {
        /// Tables that were compared.
        tables: u64,
        /// Rows that were compared.
        rows: u64,
        /// Where the unencrypted original is kept.
        original: PathBuf,
    },
    /// It was already, under this key.
    Already,
}

/// Why it was not done. The file is then as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CipherError {
    /// The `sqlcipher` program cannot be started.
    NoProgram,
    /// It is another SQLite shell, without encryption.
    NoCipher,
    /// There is no such file, or it may not be read.
    NoFile,
    /// It is no SQLite database.
    NotADatabase,
    /// Another program has it open.
    InUse,
    /// The original of last time is still there.
    OriginalThere,
    /// The copy is not the same, row for row.
    Differs,
    /// There is no space.
    Full,
    /// It may not be written there.
    NotAllowed,
    /// The key does not open the file.
    Shut,
    /// The program ended otherwise than it should.
    Broken,
}

/// Encrypts files and changes their keys. A key is told to `sqlcipher` on its standard input, never as an argument.
pub trait CipherFiles: Send {
    /// How the file stands with that key.
    ///
    /// # Errors
    /// See [`CipherError`].
    fn state(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<FileState, CipherError>;

    /// Makes an encrypted copy, compares it row for row, and puts it in the place of the file, whose old self is kept
    /// beside it. At every moment the file's name is one or the other, whole. Done already, it says so again.
    ///
    /// # Errors
    /// See [`CipherError`].
    fn protect(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<Protected, CipherError>;

    /// Removes the unencrypted original, once the key is seen to open the encrypted file.
    ///
    /// # Errors
    /// [`CipherError::NoFile`] when there is none; see [`CipherError`].
    fn remove_original(&mut self, program: &str, file: &Path, key: &SecretText) -> Result<(), CipherError>;

    /// Encrypts the file anew under another key, in one transaction.
    ///
    /// # Errors
    /// See [`CipherError`]; one of the two keys opens the file.
    fn rekey(&mut self, program: &str, file: &Path, old: &SecretText, new: &SecretText) -> Result<(), CipherError>;
}
