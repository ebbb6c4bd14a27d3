//! Linux: the Secret Service on the session bus (GNOME Keyring, KWallet, KeePassXC).

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use keyring::{CredentialStore, Error};
use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error as ServiceError};
use zbus_secret_service_keyring_store::Store;

use crate::ports::KeychainError;

pub(super) const NAME: &str = "Secret Service";

/// No session bus, nobody on it who offers the service, nobody who opens a session: for the person it is one thing,
/// "this desktop has no keychain", and one remedy, so whatever fails before the first call is [`KeychainError::Absent`].
pub(super) fn connect() -> Result<Arc<CredentialStore>, KeychainError> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(_) => Err(KeychainError::Absent),
    }
}

/// The label is what a person who tidies up in "Passwords and Keys" reads. A `target` would ask for a keyring of its
/// own, with a prompt of its own: never add one.
pub(super) fn modifiers() -> HashMap<&'static str, &'static str> {
    HashMap::from([("label", "clinic2fa: needed for signing in, do not delete")])
}

/// A session in which no keyring was ever made (automatic log-in) refuses a write without asking anything. Then we ask
/// for the first keyring, as libsecret does: the desktop lets the person choose its password.
pub(super) fn prepare_after(refused: Error) -> keyring::Result<()> {
    if !is_without_a_keyring(&refused) {
        return Err(refused);
    }
    let service = SecretService::connect(EncryptionType::Dh).map_err(wrap)?;
    service.create_collection("Default keyring", "default").map_err(wrap)?;
    Ok(())
}

fn is_without_a_keyring(refused: &Error) -> bool {
    let Error::NoStorageAccess(cause) = refused else {
        return false;
    };
    matches!(cause.downcast_ref(), Some(ServiceError::NoResult))
}

/// As the store itself sorts them.
fn wrap(error: ServiceError) -> Error {
    if matches!(error, ServiceError::Locked | ServiceError::NoResult | ServiceError::Prompt) {
        Error::NoStorageAccess(Box::new(error))
    } else {
        Error::PlatformFailure(Box::new(error))
    }
}

/// Locked, a prompt that was dismissed, a first keyring that was not made: the person has the next move in all three.
pub(super) fn no_access(_cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    KeychainError::Locked
}

/// A call failed on a connection that had just been made.
pub(super) fn failure(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    match cause.downcast_ref() {
        Some(ServiceError::Unavailable) => KeychainError::Absent,
        Some(ServiceError::PromptDisconnected) => KeychainError::Locked,
        Some(ServiceError::Crypto(_)) => KeychainError::Broken("the Secret Service's encryption failed"),
        _ => KeychainError::Broken("the Secret Service failed a call"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_outcome() {
        assert_eq!(failure(&ServiceError::Unavailable), KeychainError::Absent);
        assert_eq!(failure(&ServiceError::PromptDisconnected), KeychainError::Locked);
        assert_eq!(no_access(&ServiceError::Prompt), KeychainError::Locked);
        for other in [&ServiceError::Crypto("x") as &(dyn StdError + Send + Sync), &std::fmt::Error] {
            assert!(matches!(failure(other), KeychainError::Broken(_)));
        }
    }
}
