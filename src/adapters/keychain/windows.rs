//! Windows: the Credential Manager, generic credentials.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use keyring::{CredentialStore, Error};
use windows_native_keyring_store::Store;

use crate::ports::KeychainError;

pub(super) const NAME: &str = "Windows Credential Manager";

pub(super) fn connect() -> Result<Arc<CredentialStore>, KeychainError> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(_) => Err(KeychainError::Absent),
    }
}

/// The store's default, Enterprise, roams with the profile: the key of this computer would travel to others.
pub(super) fn modifiers() -> HashMap<&'static str, &'static str> {
    HashMap::from([("persistence", "Local")])
}

pub(super) fn prepare_after(refused: Error) -> keyring::Result<()> {
    Err(refused)
}

/// The store says this for one cause only, `ERROR_NO_SUCH_LOGON_SESSION` (1312): reached over SSH, WinRM or as a
/// scheduled task, where there is no interactive log-on and so no Credential Manager.
pub(super) fn no_access(_cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    KeychainError::Absent
}

pub(super) fn failure(_cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    KeychainError::Broken("the Credential Manager failed a call")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C45: no interactive log-on is "no keychain here", not a lock that somebody could open.
    #[test]
    fn no_log_on_session_is_absent() {
        assert_eq!(no_access(&std::fmt::Error), KeychainError::Absent);
        assert!(matches!(failure(&std::fmt::Error), KeychainError::Broken(_)));
    }
}
