//! The outside world, one file a thing. Only `wire` names these to the rest of the program.

#[cfg(feature = "desktop")]
pub mod alert;
#[cfg(feature = "desktop")]
pub mod clipboard;
pub mod clock;
pub mod keychain;
pub mod logs;
#[cfg(any(windows, target_os = "macos"))]
mod os;
pub mod paper;
pub mod place;
pub mod postgres;
pub mod presence;
pub mod process;
pub mod program;
#[cfg(feature = "desktop")]
pub mod raise;
#[cfg(feature = "desktop")]
pub mod screens;
pub mod sms;
pub mod sqlcipher;
pub mod sqlite;
pub mod time_server;

mod wire;

pub use wire::{Config, Wired, system_clock, wire};
