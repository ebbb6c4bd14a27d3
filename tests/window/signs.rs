//! What the system tells locks the real window, from a bus of the test's own; and the computer sleeps after the lock, not
//! before. Each sign by itself: the adapter's tests.

use crate::buses::{Bus, Logind, MINE, Saver, StartedIn};
use crate::clinic::Clinic;
use crate::desk::{Desk, run, until};
use crate::keeping::{comes_back, events, set_up, signs_in};
use crate::program::{SOON, Window, command, screen_or_leave_out};

fn session_bus(desk: &Desk) -> String {
    let mut tool = desk.command("printenv");
    tool.arg("DBUS_SESSION_BUS_ADDRESS");
    run(tool, "").out.trim().to_owned()
}

/// Says it until the window has locked for that reason: it begins to listen on threads of its own.
#[track_caller]
fn locks(clinic: &Clinic<'_>, before: usize, why: &str, say: &dyn Fn()) {
    let wanted = format!("locked {why}");
    until(&wanted, SOON, || {
        say();
        std::thread::park_timeout(std::time::Duration::from_millis(200));
        events(clinic)[before..].contains(&wanted)
    });
}

#[test]
fn what_the_system_tells_locks_the_real_window() {
    let desk = screen_or_leave_out!();
    let Some(bus) = Bus::start() else { return };
    let logind = Logind::on(&bus, StartedIn::Session);
    let saver = Saver::on(&session_bus(&desk), "org.freedesktop.ScreenSaver");
    let clinic = set_up(&desk);
    let mut start = command(&desk, &clinic.ctl().data_dir);
    start.env("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
    let window = Window::opened(&desk, &clinic.ctl().data_dir, start);
    signs_in(&window, &clinic);
    until("the page of whoever is signed in", SOON, || window.page() == "signed-in");
    let signs: [(&str, &dyn Fn()); 3] = [
        ("system-locked", &|| logind.locks(MINE)),
        ("switched-away", &|| logind.changes(MINE, "Active", false)),
        ("system-locked", &|| saver.is_active(true)),
    ];
    for (why, say) in signs {
        locks(&clinic, events(&clinic).len(), why, say);
        comes_back(&window, &clinic);
    }
    // The computer is about to sleep, and waits.
    assert!(logind.is_held(), "no delay was asked for");
    let before = events(&clinic).len();
    // The disk is slow, so that there is a moment between the sign and the end of the lock.
    let other = rusqlite::Connection::open(clinic.database()).expect("the database");
    other.execute_batch("BEGIN IMMEDIATE").expect("ours for a moment");
    logind.prepares_for_sleep(true);
    std::thread::park_timeout(std::time::Duration::from_millis(700));
    assert!(logind.is_held(), "it was let go before the lock");
    other.execute_batch("ROLLBACK").expect("given back");
    until("the computer to be let go", SOON, || !logind.is_held());
    assert_eq!(events(&clinic)[before..], ["locked sleep"], "locked before it was let go");
    logind.prepares_for_sleep(false);
    until("a delay for the next sleep", SOON, || logind.is_held());
    // After a sleep the code is asked for again.
    window.rests();
    signs_in(&window, &clinic);
    window.killed();
}
