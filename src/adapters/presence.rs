//! The desktop as each system shows it: idle time, lock screen, sleep, other people, keys that lock from anywhere.

#[cfg(target_os = "linux")]
pub mod linux;
#[cfg(any(target_os = "macos", test))]
pub(super) mod mac_signs;
#[cfg(target_os = "macos")]
mod macos;
pub mod manual;
#[cfg(windows)]
mod windows;

use crate::ports::Presence;

/// This system's desktop. Nothing is opened before it is asked.
pub(super) fn system() -> Box<dyn Presence> {
    #[cfg(target_os = "linux")]
    let desktop = Box::new(linux::LinuxDesktop::of_this_session());
    #[cfg(windows)]
    let desktop = Box::new(windows::WindowsDesktop::default());
    #[cfg(target_os = "macos")]
    let desktop = Box::new(macos::MacDesktop::default());
    #[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
    let desktop = Box::new(manual::ManualDesktop::default());
    desktop
}
