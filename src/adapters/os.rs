//! The one place with `unsafe`: calls to the system for which neither the standard library nor a crate of ours has a
//! safe function. Each takes and returns plain values. Linux needs none of them.

#![expect(unsafe_code, reason = "foreign functions; every call here takes plain values or a buffer that outlives it")]

#[cfg(target_os = "macos")]
pub(crate) mod mac_session;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
pub(crate) mod session;
#[cfg(windows)]
mod windows;
#[cfg(all(windows, feature = "desktop"))]
mod windows_window;

#[cfg(target_os = "macos")]
pub(crate) use macos::*;
#[cfg(windows)]
pub(crate) use session::asleep;
#[cfg(windows)]
pub(crate) use windows::*;
#[cfg(all(windows, feature = "desktop"))]
pub(crate) use windows_window::*;
