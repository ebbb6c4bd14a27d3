//! What is asked of the operating system's keychain.

use crate::domain::secret::Secret;

/// The name of one item in the keychain: an opaque id of 1 to 64 lower-case ASCII letters, digits and dashes.
///
/// Lower-case alone, because Windows does not tell `Anna` from `anna`; any other name is refused by every call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemName(pub String);

/// The operating system's keychain, as a store of small secrets.
///
/// A missing item is `Ok(None)`, never an error. Values are arbitrary bytes up to 1,024 long.
pub trait Keychain: Send {
    /// The value under `item`.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError>;

    /// Writes the value and reads it back through a new handle; success means it is there.
    ///
    /// # Errors
    /// See [`KeychainError`]; after an error the item holds the old value or the new one.
    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError>;

    /// Removes the item; one that is not there is no error.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError>;

    /// Which keychain this is, for `doctor`: "Secret Service", "Windows Credential Manager", "macOS login keychain".
    fn describe(&self) -> String;
}

/// Why the keychain gave no answer. None of these ever means "not set up".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainError {
    /// The system is asking the person something (a password to the key store), and has not been answered yet.
    Waiting,
    /// Locked, and the person declined to unlock it or the system could not ask; macOS "Deny" too.
    Locked,
    /// No keychain in this session: no service installed, no session bus, no interactive logon.
    Absent,
    /// It answered something that cannot be used; the word is for `doctor` and holds no secret.
    Broken(&'static str),
}
