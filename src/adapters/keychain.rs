//! The operating system's keychain.
//!
//! ```text
//! caller ── Patient: waits at most the limit ──▶ thread "keychain" ── Direct ──▶ keyring store of this system
//!                                                 may block for ever            linux / windows / macos
//! ```
//!
//! [`OsKeychain`] is what the program is wired with; [`memory::MemoryKeychain`] stands in for it in tests. Nothing
//! here ever falls back to another place: a keychain that is absent, locked or silent is reported as that, and no
//! value is ever kept in a file instead. Kernel keyutils (which forget at reboot) are not compiled in.

use std::time::Duration;

use crate::domain::secret::Secret;
use crate::ports::{ItemName, Keychain, KeychainError};

mod direct;
pub mod memory;
pub mod patient;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

/// How long a person may look at a screen that says "asking the keychain" before it says more.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The longest value. In base64, with its mark, it stays below the 2,560 bytes of a Windows credential.
pub const LONGEST_VALUE: usize = 1024;

const LONGEST_NAME: usize = 64;

/// The keychain of this operating system.
pub struct OsKeychain(patient::Patient);

impl OsKeychain {
    /// Nothing is opened before the first call, so a missing keychain never keeps the window from opening.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self(patient::Patient::new(system::NAME, limit, direct::Direct::default))
    }
}

impl Default for OsKeychain {
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

impl Keychain for OsKeychain {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        self.0.read(item)
    }

    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError> {
        self.0.write(item, value)
    }

    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError> {
        self.0.remove(item)
    }

    fn describe(&self) -> String {
        self.0.describe()
    }
}

/// Refuses names that two systems would not tell apart in the same way.
///
/// Windows joins user and service with a dot and ignores case: `Anna` would be `anna` there, and `a.b` could be
/// another service's `a`. The rule is the same on every system, so that a test on one speaks for all.
fn checked_name(item: &ItemName) -> Result<&str, KeychainError> {
    let name = item.0.as_str();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain) {
        Ok(name)
    } else {
        Err(KeychainError::Broken("not a name for an item"))
    }
}

fn checked_value(value: &Secret) -> Result<&[u8], KeychainError> {
    if value.expose().len() <= LONGEST_VALUE {
        Ok(value.expose())
    } else {
        Err(KeychainError::Broken("value too long"))
    }
}
