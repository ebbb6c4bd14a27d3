//! What an X11 display tells, by the real adapter: idle time over all programs, keys that lock from anywhere, screens that
//! come and go.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

use clinic2fa::adapters::presence::linux::{LinuxDesktop, Where};
use clinic2fa::ports::{Presence as _, Shortcut, Sign};

use crate::desk::{Desk, run, until};
use crate::program::{SOON, hands, screen, screen_or_leave_out};
use crate::screens::xrandr;

pub(crate) fn display(desk: &Desk) -> String {
    let mut tool = desk.command("printenv");
    tool.arg("DISPLAY");
    run(tool, "").out.trim().to_owned()
}

fn adapter(desk: &Desk) -> (LinuxDesktop, Receiver<Sign>) {
    let (told, signs) = mpsc::channel();
    let mut desktop = LinuxDesktop::at(Where { display: Some(display(desk)), ..Where::default() });
    desktop.listen(Arc::new(move |sign| drop(told.send(sign))));
    (desktop, signs)
}

/// Asks the window manager to let a window fill its screen, as a click on its button does.
pub(crate) fn maximise(desk: &Desk, id: &str) {
    let (connection, screen) = x11rb::connect(Some(&display(desk))).expect("the screen");
    let atom =
        |name: &str| connection.intern_atom(false, name.as_bytes()).expect("asked").reply().expect("a name").atom;
    let id = u32::from_str_radix(id.trim_start_matches("0x"), 16).expect("a number");
    let add = 1;
    let wanted = [add, atom("_NET_WM_STATE_MAXIMIZED_VERT"), atom("_NET_WM_STATE_MAXIMIZED_HORZ"), 2, 0];
    let message = ClientMessageEvent::new(32, id, atom("_NET_WM_STATE"), wanted);
    let to = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
    let root = connection.setup().roots[screen].root;
    connection.send_event(false, root, to, message).expect("sent").check().expect("taken");
}

/// Hands anywhere on the screen end it, in whatever window; nothing else does.
#[test]
fn idle_time_grows_until_somebody_touches_anything() {
    let desk = screen_or_leave_out!();
    let (mut desktop, _signs) = adapter(&desk);
    let mut idle = || desktop.idle().expect("X11 counts");
    for touch in [&["mousemove", "300", "300"][..], &["key", "a"], &["click", "1"]] {
        until("a pause of a second", SOON, || idle() >= Duration::from_secs(1));
        let before = idle();
        std::thread::park_timeout(Duration::from_millis(300));
        let after = idle();
        assert!(after > before && after - before < Duration::from_secs(5), "{before:?} {after:?}");
        hands(&desk, touch);
        // On a slow machine there is time between the touch and the look, but less than the pause before.
        assert!(idle() < after, "{touch:?}");
    }
}

#[test]
fn the_keys_lock_from_anywhere_while_they_are_taken() {
    let desk = screen_or_leave_out!();
    let (mut desktop, signs) = adapter(&desk);
    let press = || hands(&desk, ["key", "ctrl+shift+l"]);
    press();
    desktop.shortcut(Shortcut::Taken);
    press();
    assert!(matches!(signs.recv_timeout(Duration::from_secs(SOON)), Ok(Sign::Shortcut)));
    // With Caps Lock on too.
    hands(&desk, ["key", "Caps_Lock"]);
    press();
    assert!(matches!(signs.recv_timeout(Duration::from_secs(SOON)), Ok(Sign::Shortcut)));
    hands(&desk, ["key", "Caps_Lock"]);
    desktop.shortcut(Shortcut::Free);
    press();
    assert!(signs.recv_timeout(Duration::from_millis(300)).is_err(), "they are another program's now");
}

#[test]
fn a_screen_that_is_unplugged_and_plugged_in_is_told() {
    let Some(desk) = screen(&["--screen", "1366x768,1024x768"]) else { return };
    let (_desktop, signs) = adapter(&desk);
    for arguments in [
        &["--output", "DUMMY1", "--off"][..],
        &["--output", "DUMMY1", "--mode", "1024x768-DUMMY1", "--right-of", "DUMMY0"],
    ] {
        xrandr(&desk, arguments);
        assert!(matches!(signs.recv_timeout(Duration::from_secs(SOON)), Ok(Sign::ScreensChanged)), "{arguments:?}");
        while signs.recv_timeout(Duration::from_millis(300)).is_ok() {}
    }
}
