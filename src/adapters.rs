//! The outside world, one file a thing. Only `wire` names these to the rest of the program.

#[cfg(feature = "desktop")]
pub mod clipboard;
pub mod clock;
pub mod keychain;
#[cfg(windows)]
pub mod os;
pub mod paper;
pub mod place;
pub mod sqlite;
pub mod time_server;

mod wire;

pub use wire::{Config, Wired, system_clock, wire};
