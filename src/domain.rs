//! What two-factor sign-in means, as pure functions and plain values.
//!
//! Nothing in here reads a clock, a generator, a file or a keychain: time and randomness are arguments.
//! Nothing in here knows egui, rusqlite or keyring (`tests/core/layering.rs` says so).

pub mod secret;
pub mod square;
pub mod suggest;
