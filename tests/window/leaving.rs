//! Somebody leaves the desk, in the real window: nobody touches anything, or the window is put away when it has to lock.

use tempfile::TempDir;

use crate::clinic::{Clinic, PASSWORD};
use crate::desk::{Desk, run, until};
use crate::keeping::{comes_back, events, locks, set_up, signs_in};
use crate::program::{SOON, Window, place, screen_or_leave_out, windows};
use crate::x11::maximise;

/// The warning stands above whatever people work in, takes no keys from it, and goes when somebody moves the mouse; when
/// nobody does, the desk locks. The screen's clock, by which X11 counts, runs three times as fast.
#[test]
fn nobody_touches_anything_and_it_warns_and_locks() {
    let desk = screen_or_leave_out!("--pace", "3");
    let clinic = set_up(&desk);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    // By command, while somebody is signed in to the window.
    locks_after_a_minute(&clinic);
    // They work in another program.
    let ours = windows(&desk);
    let dir = TempDir::new().expect("a folder");
    let other = Window::opens(&desk, dir.path());
    until("the other window", SOON, || windows(&desk).len() == 2);
    let all = || every_window(&desk);
    let other_id = windows(&desk).into_iter().find(|id| !ours.contains(id)).expect("it is there");
    let touch = |x: &str| window.hands(["mousemove", x, "700"]);
    touch("100");
    window.hands(["windowfocus", "--sync", &other_id]);
    let without = all();
    let warnings = || all().into_iter().filter(|id| !without.contains(id)).collect::<Vec<_>>();
    until("the warning", SOON, || !warnings().is_empty());
    assert_eq!(focus(&desk), number(&other_id), "what is typed goes where it went");
    touch("200");
    until("the warning to be gone", SOON, || warnings().is_empty());
    let left: Vec<String> = events(&clinic).into_iter().filter(|event| event.starts_with("locked")).collect();
    assert!(left.is_empty(), "{left:?}");
    until("the lock", SOON, || events(&clinic).iter().any(|event| event == "locked idle"));
    until("the curtain", SOON, || place(&desk, &ours[0]) == [0, 0, 1366, 768]);
    other.killed();
    window.killed();
}

/// Nothing is painted in a window that was put away: it comes for the warning, and goes again.
#[test]
fn a_window_that_was_put_away_comes_to_warn() {
    let desk = screen_or_leave_out!("--pace", "3");
    let clinic = set_up(&desk);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    until("the page of whoever is signed in", SOON, || window.page() == "signed-in");
    let id = window.id();
    let stands = |wanted: &str| state(&desk, &id).contains(wanted);
    window.hands(["windowminimize", "--sync", &id]);
    until("it to be put away", SOON, || stands("Iconic"));
    // What is changed by command reaches a window that nobody sees.
    locks_after_a_minute(&clinic);
    window.hands(["mousemove", "100", "700"]);
    until("the warning", SOON, || stands("Normal"));
    window.hands(["mousemove", "200", "700"]);
    until("it to be put away again", SOON, || stands("Iconic"));
    let left: Vec<String> = events(&clinic).into_iter().filter(|event| event.starts_with("locked")).collect();
    assert!(left.is_empty(), "{left:?}");
    until("the lock", SOON, || events(&clinic).iter().any(|event| event == "locked idle"));
    until("the curtain", SOON, || stands("Normal") && place(&desk, &id) == [0, 0, 1366, 768]);
    window.killed();
}

#[track_caller]
fn locks_after_a_minute(clinic: &Clinic<'_>) {
    clinic.ctl().done("settings set lock-after-minutes 1 --as msantos", &[PASSWORD, &clinic.phone.code()]);
}

/// Whether a window is to be seen, or put away.
fn state(desk: &Desk, id: &str) -> String {
    let mut tool = desk.command("xprop");
    tool.args(["-id", id, "WM_STATE"]);
    run(tool, "").out
}

/// Every window that can be seen, also those that no task bar lists.
fn every_window(desk: &Desk) -> Vec<String> {
    let mut tool = desk.command("xdotool");
    tool.args(["search", "--onlyvisible", "--class", "clinic2fa"]);
    run(tool, "").out.lines().map(str::to_owned).collect()
}

fn number(id: &str) -> u64 {
    u64::from_str_radix(id.trim_start_matches("0x"), 16).expect("a number")
}

/// The window that has the keyboard, as a number.
fn focus(desk: &Desk) -> u64 {
    let mut tool = desk.command("xdotool");
    tool.arg("getwindowfocus");
    run(tool, "").out.trim().parse().expect("a number")
}

/// Put away, a window is not drawn: the curtain comes up nevertheless.
#[test]
fn a_window_that_was_put_away_comes_up_as_the_curtain() {
    let desk = screen_or_leave_out!();
    let clinic = set_up(&desk);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    until("the page of whoever is signed in", SOON, || window.page() == "signed-in");
    let id = window.id();
    window.hands(["windowminimize", "--sync", &id]);
    window.rests();
    window.hands(["key", "ctrl+shift+l"]);
    until("the lock", SOON, || events(&clinic).iter().any(|event| event.starts_with("locked")));
    until("the curtain", SOON, || state(&desk, &id).contains("Normal") && place(&desk, &id) == [0, 0, 1366, 768]);
    window.killed();
}

/// Whoever comes back finds the window where it was, the first time and later.
#[test]
fn after_the_curtain_the_window_stands_where_it_stood() {
    let desk = screen_or_leave_out!();
    let clinic = set_up(&desk);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    let id = window.id();
    for _ in 0..2 {
        window.rests();
        let before = place(&desk, &id);
        locks(&window, &clinic);
        until("the curtain", SOON, || place(&desk, &id) == [0, 0, 1366, 768]);
        comes_back(&window, &clinic);
        until("the window's old place", SOON, || place(&desk, &id) == before);
        window.rests();
        assert_eq!(place(&desk, &id), before, "and there it stays");
        window.hands(["windowmove", "--sync", &id, "40", "30"]);
    }
    window.killed();
}

/// And one that filled its screen fills it again, as a window like any other.
#[test]
fn after_the_curtain_a_maximised_window_is_maximised() {
    let desk = screen_or_leave_out!();
    let clinic = set_up(&desk);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    let id = window.id();
    let state = || {
        let mut tool = desk.command("xprop");
        tool.args(["-id", &id, "_NET_WM_STATE"]);
        run(tool, "").out
    };
    let is_maximised = || {
        let state = state();
        state.contains("MAXIMIZED_VERT") && state.contains("MAXIMIZED_HORZ") && !state.contains("FULLSCREEN")
    };
    maximise(&desk, &id);
    until("it to fill the screen", SOON, is_maximised);
    window.rests();
    let before = place(&desk, &id);
    for _ in 0..2 {
        locks(&window, &clinic);
        until("the curtain", SOON, || place(&desk, &id) == [0, 0, 1366, 768]);
        comes_back(&window, &clinic);
        until("it to fill the screen again", SOON, || is_maximised() && place(&desk, &id) == before);
        window.rests();
        assert!(is_maximised() && place(&desk, &id) == before, "and so it stays: {}", state());
    }
    window.killed();
}
