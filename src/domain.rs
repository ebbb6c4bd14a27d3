//! What two-factor sign-in means, as pure functions and plain values.
//!
//! Nothing in here reads a clock, a generator, a file or a keychain: time and randomness are arguments.
//! Nothing in here knows egui, rusqlite or keyring (`tests/core/layering.rs` says so).

pub mod audit;
pub mod canon;
pub mod code;
pub mod dice;
pub mod edit;
pub mod kdf;
pub mod keys;
pub mod lockout;
pub mod moment;
pub mod names;
pub mod otpauth;
pub mod page;
pub mod password;
pub mod practice;
pub mod presence;
pub mod recovery;
pub mod restore;
pub mod secret;
pub mod sms;
pub mod square;
pub mod state;
pub mod suggest;
pub mod totp;
pub mod verify;
