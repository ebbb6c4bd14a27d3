//! A Mac's desktop.
//!
//! Its notifications of a locked screen and of another person come at once, but a program that macOS takes for idle may be
//! passed over, and Apple has promised nothing of their names: so the session is looked at as well, whenever idle time is.

#[cfg(feature = "desktop")]
mod keys;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use objc2_core_graphics::{CGEventSource, CGEventSourceStateID, CGEventType};

use super::mac_signs::{Notified, Session};
use crate::adapters::os::mac_session::{self, Message};
use crate::ports::{Awake, Covered, Presence, Shortcut, Sign, Tell};

/// `kCGAnyInputEventType` of `CGEventTypes.h`.
const ANY_INPUT: CGEventType = CGEventType(u32::MAX);

/// The session, for whoever looks at it and for the thread that is told of it.
#[derive(Default)]
pub(super) struct MacDesktop(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    tell: Option<Tell>,
    /// The session at the last look since somebody signed in.
    session: Option<Session>,
}

/// Looks at the session, and tells what has become of it.
fn look(seen: &Mutex<Seen>) {
    let Some(now) = mac_session::session() else { return };
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let sign = now.since(seen.session.replace(now));
    let tell = seen.tell.clone();
    drop(seen);
    if let (Some(sign), Some(tell)) = (sign, tell) {
        tell(sign);
    }
}

impl Presence for MacDesktop {
    fn listen(&mut self, tell: Tell) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).tell = Some(Arc::clone(&tell));
        let seen = Arc::clone(&self.0);
        let told = move |message| match message {
            Message::Notified(Notified::Locked) => tell(Sign::SystemLocked),
            Message::Notified(Notified::Look) => look(&seen),
            Message::Notified(Notified::Nothing) => {}
            Message::GoesToSleep(guard) => tell(Sign::GoesToSleep(Awake::new(guard))),
            Message::Woke => tell(Sign::Woke),
            Message::ScreensChanged => tell(Sign::ScreensChanged),
        };
        // Without it the looks remain, and the clocks notice a sleep nevertheless.
        drop(thread::Builder::new().name("session".to_owned()).spawn(move || mac_session::listen(told)));
    }

    fn idle(&mut self) -> Option<Duration> {
        look(&self.0);
        let secs = CGEventSource::seconds_since_last_event_type(CGEventSourceStateID::HIDSystemState, ANY_INPUT);
        Duration::try_from_secs_f64(secs).ok()
    }

    fn shortcut(&mut self, wanted: Shortcut) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if wanted == Shortcut::Taken {
            // Somebody has just signed in: a screen that is locked already is news.
            seen.session = None;
        }
        #[cfg(feature = "desktop")]
        if let Some(tell) = &seen.tell {
            keys::take(wanted, Arc::clone(tell));
        }
    }

    fn covered(&mut self) -> Covered {
        let session = mac_session::session().map(|_| "macOS");
        Covered {
            idle: self.idle().map(|_| "macOS"),
            system_lock: session,
            sleep: mac_session::hears_of_sleep().then_some("macOS"),
            switching: session,
            remote: None,
            shortcut: session.filter(|_| cfg!(feature = "desktop")),
        }
    }
}
