//! X11: the server's own idle counter, keys that lock from anywhere, and screens that come and go.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::protocol::Event;
use x11rb::protocol::randr::{self, ConnectionExt as _, NotifyMask};
use x11rb::protocol::screensaver::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, Keycode, ModMask, Window};
use x11rb::rust_connection::RustConnection;

use crate::ports::{Shortcut, Sign, Tell};

/// The key of Ctrl+Shift+L, as X11 names it.
const KEYSYM_L: u32 = 0x6c;
/// Caps Lock and Num Lock are modifiers too: a key is taken with each combination of them.
const LOCKS: [u16; 4] = [0, 1 << 1, 1 << 4, (1 << 1) | (1 << 4)];

/// One connection for questions and events.
pub(super) struct X11 {
    connection: Arc<RustConnection>,
    root: Window,
    key: Option<Keycode>,
    counts: bool,
}

impl X11 {
    /// Connects, if there is a display.
    pub(super) fn connect(display: &str) -> Option<Self> {
        let (connection, screen) = x11rb::connect(Some(display)).ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let counts = connection.extension_information(screensaver::X11_EXTENSION_NAME).ok()?.is_some();
        let key = keycode(&connection);
        Some(Self { connection: Arc::new(connection), root, key, counts })
    }

    /// For how long nobody has touched anything. The server counts, in milliseconds.
    pub(super) fn idle(&self) -> Option<Duration> {
        let asked = self.counts.then(|| self.connection.screensaver_query_info(self.root))?;
        let reply = asked.ok()?.reply().ok()?;
        Some(Duration::from_millis(reply.ms_since_user_input.into()))
    }

    /// Listens on a thread of its own, for as long as there is a display.
    pub(super) fn listen(&self, tell: Tell) {
        let has_screens = self.connection.extension_information(randr::X11_EXTENSION_NAME);
        if matches!(has_screens, Ok(Some(_))) {
            let wanted = NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE | NotifyMask::OUTPUT_CHANGE;
            if let Ok(sent) = self.connection.randr_select_input(self.root, wanted) {
                sent.ignore_error();
            }
            self.connection.flush().ok();
        }
        let connection = Arc::clone(&self.connection);
        drop(thread::Builder::new().name("x11".to_owned()).spawn(move || {
            while let Ok(event) = connection.wait_for_event() {
                if matches!(event, Event::KeyPress(_)) {
                    tell(Sign::Shortcut);
                } else if matches!(event, Event::RandrNotify(_) | Event::RandrScreenChangeNotify(_)) {
                    tell(Sign::ScreensChanged);
                }
            }
        }));
    }

    /// Takes the keys, or gives them back. Another program may have them: then they stay its own.
    pub(super) fn shortcut(&self, wanted: Shortcut) {
        self.take(wanted);
    }

    /// Whether the keys are free here, found out by taking them for a moment.
    pub(super) fn can_take_keys(&self) -> bool {
        let taken = self.take(Shortcut::Taken);
        self.take(Shortcut::Free);
        taken
    }

    fn take(&self, wanted: Shortcut) -> bool {
        let Some(key) = self.key else { return false };
        let modifiers = LOCKS.map(|locks| ModMask::from(u16::from(ModMask::CONTROL | ModMask::SHIFT) | locks));
        let done = modifiers.map(|modifiers| match wanted {
            Shortcut::Taken => {
                let asked =
                    self.connection.grab_key(false, self.root, modifiers, key, GrabMode::ASYNC, GrabMode::ASYNC);
                asked.is_ok_and(|asked| asked.check().is_ok())
            }
            Shortcut::Free => {
                let asked = self.connection.ungrab_key(key, self.root, modifiers);
                asked.is_ok_and(|asked| asked.check().is_ok())
            }
        });
        done.into_iter().all(|done| done)
    }
}

/// Where the letter is on this keyboard.
fn keycode(connection: &RustConnection) -> Option<Keycode> {
    let (first, last) = (connection.setup().min_keycode, connection.setup().max_keycode);
    let map = connection.get_keyboard_mapping(first, last - first + 1).ok()?.reply().ok()?;
    let row = usize::from(map.keysyms_per_keycode);
    let at = map.keysyms.chunks(row.max(1)).position(|syms| syms.contains(&KEYSYM_L))?;
    u8::try_from(at).ok()?.checked_add(first)
}
