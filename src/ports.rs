//! What the program asks of the outside, and the small errors it may get. `effects` is the only caller.

mod backup;
mod clock;
mod keychain;
mod look;
mod store;
mod store_values;
mod time_server;

pub use backup::{BackupError, BackupFile, BackupKind, Backups, Copied, CopyError, CopyTo, Judge};
pub use clock::{BootTime, Clock, Now};
pub use keychain::{ItemName, Keychain, KeychainError};
pub use look::{Begins, Look, PersonLook, PhoneLook};
pub use store::{Attempt, Committed, PasswordTold, Store, Told, Turn};
pub use store_values::{
    EntryFilter, KeychainMishap, ManagerChange, NewClinic, NewCodes, RecoveredManager, RecoverySlots, StoreError,
};
pub use time_server::TimeServer;
