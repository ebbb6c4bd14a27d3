//! What the program asks of the outside, and the small errors it may get. `effects` is the only caller.

mod backup;
mod cipher;
mod clock;
mod keychain;
mod login;
mod look;
mod presence;
mod program;
mod sms;
mod store;
mod store_values;
mod time_server;

pub use backup::{BackupError, BackupFile, BackupKind, Backups, Copied, CopyError, CopyTo, Judge};
pub use cipher::{CipherError, CipherFiles, FileState, Protected};
pub use clock::{BootTime, Clock, Now};
pub use keychain::{ItemName, Keychain, KeychainError};
pub use login::{Login, LoginError, Logins, ServerSeen};
pub use look::{Begins, KeyKept, Look, PasswordKept, PersonLook, PhoneKind, PhoneLook, TextsLook};
pub use presence::{Awake, Covered, Presence, Shortcut, Sign, Tell, Words};
pub use program::{Ending, Handover, Manner, ProgramError, Programs, Running, Start, Ties, ToldBy};
pub use sms::{GatewayAccount, GatewayError, Outgoing, Sent, SentStage, SmsGateway, Transcript};
pub use store::{Attempt, Committed, PasswordTold, Store, TextAsk, Told, Turn};
pub use store_values::{
    Counted, EntryFilter, KeychainMishap, Limits, ManagerChange, NewClinic, NewCodes, RecoveredManager, RecoverySlots,
    Results, StoreError, TextEnd,
};
pub use time_server::TimeServer;
