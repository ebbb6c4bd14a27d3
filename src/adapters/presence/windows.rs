//! A Windows session.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::adapters::os::session::{self, Listener, Message};
use crate::ports::{Awake, Covered, Presence, Shortcut, Sign, Tell};

/// The session, and the thread of its hidden window once that is there.
#[derive(Default)]
pub(super) struct WindowsDesktop(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    listener: Option<Listener>,
    /// What was wanted before there was a window.
    taken: bool,
}

impl Presence for WindowsDesktop {
    fn listen(&mut self, tell: Tell) {
        let shared = Arc::clone(&self.0);
        let ready = move |listener: Listener| {
            let mut heard = shared.lock().unwrap_or_else(PoisonError::into_inner);
            heard.listener = Some(listener);
            listener.hotkey(heard.taken);
        };
        let tell = move |message| {
            tell(match message {
                Message::Locked => Sign::SystemLocked,
                Message::SwitchedAway => Sign::SwitchedAway,
                Message::RemoteGone => Sign::RemoteGone,
                Message::GoesToSleep(guard) => Sign::GoesToSleep(Awake::new(guard)),
                Message::Woke => Sign::Woke,
                Message::Hotkey => Sign::Shortcut,
                Message::ScreensChanged => Sign::ScreensChanged,
            });
        };
        // Without it nothing is told; the clocks notice a sleep nevertheless.
        drop(thread::Builder::new().name("session".to_owned()).spawn(move || session::listen(ready, tell)));
    }

    fn idle(&mut self) -> Option<Duration> {
        session::idle()
    }

    fn shortcut(&mut self, wanted: Shortcut) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.taken = wanted == Shortcut::Taken;
        if let Some(listener) = heard.listener {
            listener.hotkey(heard.taken);
        }
    }

    fn covered(&mut self) -> Covered {
        let told = session::is_told().then_some("Windows");
        Covered {
            idle: session::idle().map(|_| "Windows"),
            system_lock: told,
            sleep: Some("Windows"),
            switching: told,
            remote: told,
            shortcut: Some("Windows"),
        }
    }
}
