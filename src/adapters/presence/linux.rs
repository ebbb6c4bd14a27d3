//! A Linux desktop: logind on the system bus, screen savers and GNOME's idle monitor on the session bus, the X11 idle
//! counter, Wayland's idle protocol. Whatever of these is there is used; none of them is needed.
//!
//! ```text
//! logind.rs   Lock, PrepareForSleep with a delay, another person at the seat
//! saver.rs    screen savers that became active; GNOME's idle monitor
//! x11.rs      idle time, keys that lock from anywhere, screens that come and go
//! wayland.rs  idle time by ext-idle-notify-v1
//! notify.rs   the warning, where no window of ours may stand above others
//! ```

mod logind;
mod notify;
mod saver;
#[cfg(feature = "desktop")]
mod wayland;
#[cfg(feature = "desktop")]
mod x11;

use std::time::Duration;

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;

use crate::ports::{Covered, Presence, Shortcut, Tell, Words};

/// How long a bus service may take: one that hangs must not keep the watcher from the clocks.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where to find the desktop.
#[derive(Clone, Debug, Default)]
pub struct Where {
    /// The system bus's address; the usual one when absent.
    pub system_bus: Option<String>,
    /// The session bus's address; nothing when absent.
    pub session_bus: Option<String>,
    /// An X11 display; nothing when absent.
    pub display: Option<String>,
    /// A Wayland compositor's socket; nothing when absent.
    pub wayland: Option<String>,
}

/// The desktop.
pub struct LinuxDesktop {
    place: Where,
    opened: Option<Opened>,
}

struct Opened {
    system: Option<Connection>,
    session: Option<Connection>,
    #[cfg(feature = "desktop")]
    x11: Option<x11::X11>,
    #[cfg(feature = "desktop")]
    wayland: Option<wayland::IdleWatch>,
    /// The notification that is shown.
    said: Option<u32>,
}

impl LinuxDesktop {
    /// The desktop that this process was started from.
    #[must_use]
    pub fn of_this_session() -> Self {
        let named = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self::at(Where {
            system_bus: named("DBUS_SYSTEM_BUS_ADDRESS"),
            session_bus: named("DBUS_SESSION_BUS_ADDRESS"),
            display: named("DISPLAY"),
            wayland: named("WAYLAND_DISPLAY"),
        })
    }

    /// The desktop at a place.
    #[must_use]
    pub fn at(place: Where) -> Self {
        Self { place, opened: None }
    }

    fn open(&mut self) -> &mut Opened {
        let place = &self.place;
        self.opened.get_or_insert_with(|| {
            #[cfg(feature = "desktop")]
            let compositor = place.wayland.as_deref().and_then(wayland::reach);
            Opened {
                system: system_bus(place),
                session: place.session_bus.as_deref().and_then(bus),
                // Under Wayland an X11 display is a guest: it sees neither other programs' input nor their keys. Where nobody
                // answers to Wayland's name, the window is X11's too.
                #[cfg(feature = "desktop")]
                x11: place.display.as_deref().filter(|_| compositor.is_none()).and_then(x11::X11::connect),
                #[cfg(feature = "desktop")]
                wayland: compositor.and_then(wayland::IdleWatch::over),
                said: None,
            }
        })
    }
}

fn bus(address: &str) -> Option<Connection> {
    Builder::address(address).ok()?.method_timeout(PATIENCE).build().ok()
}

fn system_bus(place: &Where) -> Option<Connection> {
    match &place.system_bus {
        Some(address) => bus(address),
        None => Builder::system().ok()?.method_timeout(PATIENCE).build().ok(),
    }
}

impl Opened {
    fn idle_by(&self) -> Option<(&'static str, Duration)> {
        #[cfg(feature = "desktop")]
        if let Some(idle) = self.x11.as_ref().and_then(x11::X11::idle) {
            return Some(("X11", idle));
        }
        if let Some(idle) = self.session.as_ref().and_then(saver::mutter_idle) {
            return Some(("GNOME", idle));
        }
        #[cfg(feature = "desktop")]
        if let Some(idle) = self.wayland.as_ref().and_then(wayland::IdleWatch::idle) {
            return Some(("Wayland", idle));
        }
        None
    }
}

impl Presence for LinuxDesktop {
    fn listen(&mut self, tell: Tell) {
        let opened = self.open();
        if let Some(system) = &opened.system {
            logind::listen(system, &tell);
        }
        if let Some(session) = &opened.session {
            saver::listen(session, &tell);
        }
        #[cfg(feature = "desktop")]
        if let Some(x11) = &opened.x11 {
            x11.listen(tell);
        }
    }

    fn idle(&mut self) -> Option<Duration> {
        self.open().idle_by().map(|(_, idle)| idle)
    }

    fn shortcut(&mut self, wanted: Shortcut) {
        #[cfg(feature = "desktop")]
        if let Some(x11) = &self.open().x11 {
            x11.shortcut(wanted);
        }
        #[cfg(not(feature = "desktop"))]
        let _ = wanted;
    }

    fn say(&mut self, words: Option<&Words>) {
        let opened = self.open();
        let Some(bus) = &opened.session else { return };
        // Under X11 our own window does it better: it counts the seconds.
        #[cfg(feature = "desktop")]
        if opened.x11.is_some() {
            return;
        }
        if let Some(number) = opened.said.take() {
            notify::take_away(bus, number);
        }
        opened.said = words.and_then(|words| notify::show(bus, words));
    }

    fn covered(&mut self) -> Covered {
        let opened = self.open();
        let logind = opened.system.as_ref().is_some_and(logind::is_there).then_some("logind");
        let session = opened.system.as_ref().filter(|_| logind.is_some()).and_then(logind::session);
        let session = session.map(|_| "logind");
        let saver = opened.session.as_ref().and_then(saver::which);
        #[cfg(feature = "desktop")]
        let shortcut = opened.x11.as_ref().filter(|x11| x11.can_take_keys()).map(|_| "X11");
        #[cfg(not(feature = "desktop"))]
        let shortcut = None;
        Covered {
            idle: opened.idle_by().map(|(name, _)| name),
            system_lock: saver.or(session),
            sleep: logind,
            switching: session,
            remote: None,
            shortcut,
        }
    }
}
