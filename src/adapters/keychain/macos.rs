//! macOS: the login keychain.
//!
//! Items belong to the code signature that wrote them: a build with another one makes the system ask again.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use apple_native_keyring_store::keychain::Store;
use keyring::{CredentialStore, Error};

use crate::ports::KeychainError;

pub(super) const NAME: &str = "macOS login keychain";

pub(super) fn connect() -> Result<Arc<CredentialStore>, KeychainError> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(_) => Err(KeychainError::Absent),
    }
}

pub(super) fn modifiers() -> HashMap<&'static str, &'static str> {
    HashMap::new()
}

pub(super) fn prepare_after(refused: Error) -> keyring::Result<()> {
    Err(refused)
}

pub(super) fn no_access(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    outcome(cause)
}

pub(super) fn failure(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    outcome(cause)
}

/// By the system's number, because the store sorts the person's "Deny" among the platform failures.
fn outcome(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    cause
        .downcast_ref::<security_framework::base::Error>()
        .map_or(KeychainError::Broken("the keychain failed a call"), |error| by_number(error.code()))
}

fn by_number(status: i32) -> KeychainError {
    match status {
        // errSecUserCanceled, errSecAuthFailed (Deny), errSecInteractionNotAllowed (locked, and nobody can be asked),
        // wrPermErr, errSecInvalidOwnerEdit, errSecReadOnly, errSecDuplicateItem (there, but not ours to change)
        -128 | -25293 | -25308 | -61 | -25244 | -25292 | -25299 => KeychainError::Locked,
        // errSecNotAvailable, errSecNoSuchKeychain, errSecNoDefaultKeychain
        -25291 | -25294 | -25307 => KeychainError::Absent,
        // errSecInvalidKeychain
        -25295 => KeychainError::Broken("the keychain is damaged"),
        _ => KeychainError::Broken("the keychain failed a call"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C44: "Deny" is a refusal of the keychain, to be tried again, and nothing else.
    #[test]
    fn deny_reads_as_locked() {
        for status in [-128, -25293, -25308] {
            let cause = security_framework::base::Error::from_code(status);
            assert_eq!(outcome(&cause), KeychainError::Locked);
        }
        assert_eq!(outcome(&security_framework::base::Error::from_code(-25307)), KeychainError::Absent);
        assert!(matches!(outcome(&std::fmt::Error), KeychainError::Broken(_)));
    }
}
