//! A Mac's desktop: idle time, which the system tells by a safe call. Its notifications (screen locked, going to sleep,
//! another person) have none; a sleep is noticed by the clocks after waking, and the rest by idle time.

use std::time::Duration;

use objc2_core_graphics::{CGEventSource, CGEventSourceStateID, CGEventType};

use crate::ports::{Covered, Presence, Shortcut, Tell};

/// `kCGAnyInputEventType` of `CGEventTypes.h`.
const ANY_INPUT: CGEventType = CGEventType(u32::MAX);

/// The desktop.
pub(super) struct MacDesktop;

impl Presence for MacDesktop {
    fn listen(&mut self, _tell: Tell) {}

    fn idle(&mut self) -> Option<Duration> {
        let secs = CGEventSource::seconds_since_last_event_type(CGEventSourceStateID::HIDSystemState, ANY_INPUT);
        Duration::try_from_secs_f64(secs).ok()
    }

    fn shortcut(&mut self, _wanted: Shortcut) {}

    fn covered(&mut self) -> Covered {
        Covered { idle: self.idle().map(|_| "macOS"), ..Covered::default() }
    }
}
