//! What the program asks of the outside, and the small errors it may get. `effects` is the only caller.

mod backup;
mod clock;
mod keychain;
mod look;
mod sms;
mod store;
mod store_values;
mod time_server;

pub use backup::{BackupError, BackupFile, BackupKind, Backups, Copied, CopyError, CopyTo, Judge};
pub use clock::{BootTime, Clock, Now};
pub use keychain::{ItemName, Keychain, KeychainError};
pub use look::{Begins, Look, PasswordKept, PersonLook, PhoneKind, PhoneLook, TextsLook};
pub use sms::{GatewayAccount, GatewayError, Outgoing, Sent, SentStage, SmsGateway, Transcript};
pub use store::{Attempt, Committed, PasswordTold, Store, TextAsk, Told, Turn};
pub use store_values::{
    Counted, EntryFilter, KeychainMishap, ManagerChange, NewClinic, NewCodes, RecoveredManager, RecoverySlots,
    StoreError, TextEnd,
};
pub use time_server::TimeServer;
