//! The desktop as each system shows it: idle time, lock screen, sleep, other people, keys that lock from anywhere.

#[cfg(target_os = "linux")]
pub mod linux;
#[cfg(target_os = "macos")]
mod macos;
pub mod manual;
#[cfg(windows)]
mod windows;

use crate::ports::Presence;

/// Makes the window library list the screens anew, where it does not by itself. `window` is its number for our window.
#[cfg(feature = "desktop")]
pub fn list_screens_anew(window: u64) {
    #[cfg(target_os = "linux")]
    linux::list_screens_anew(window);
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}

/// This system's desktop. Nothing is opened before it is asked.
pub(super) fn system() -> Box<dyn Presence> {
    #[cfg(target_os = "linux")]
    let desktop = Box::new(linux::LinuxDesktop::of_this_session());
    #[cfg(windows)]
    let desktop = Box::new(windows::WindowsDesktop::default());
    #[cfg(target_os = "macos")]
    let desktop = Box::new(macos::MacDesktop);
    #[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
    let desktop = Box::new(manual::ManualDesktop::default());
    desktop
}
