//! The curtain on the screens there are: two, one of them unplugged and plugged in again, and another program's window.

use std::time::Duration;

use tempfile::TempDir;

use crate::desk::{Desk, run, until};
use crate::keeping::{comes_back, locks, set_up, signs_in};
use crate::program::{SOON, Window, place, place_of, screen, windows};

const LEFT: [i64; 4] = [0, 0, 1366, 768];
const RIGHT: [i64; 4] = [1366, 0, 1024, 768];

/// `xrandr`, as a plug that is pulled or put in.
pub(crate) fn xrandr(desk: &Desk, arguments: &[&str]) {
    let mut tool = desk.command("xrandr");
    tool.args(arguments);
    let said = run(tool, "");
    assert_eq!(said.status, 0, "{said:?}");
}

/// Where the windows stand, those of `other` programs left out.
fn covered(desk: &Desk, other: &str) -> Vec<[i64; 4]> {
    let ids = windows(desk);
    let mut places: Vec<_> = ids.iter().filter(|id| *id != other).filter_map(|id| place_of(desk, id)).collect();
    places.sort_unstable();
    places
}

/// Waits until our windows stand so, and no other is left.
#[track_caller]
fn covers(desk: &Desk, other: &str, wanted: &[[i64; 4]]) {
    let mut seen = Vec::new();
    for _ in 0..600 {
        seen = covered(desk, other);
        if seen == wanted {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    assert_eq!(seen, wanted, "where our windows stand");
}

/// All windows, the lowest first.
fn stack(desk: &Desk) -> Vec<String> {
    let mut tool = desk.command("xprop");
    tool.args(["-root", "_NET_CLIENT_LIST_STACKING"]);
    let list = run(tool, "").out;
    let list = list.split('#').nth(1).unwrap_or_default();
    list.split(',').map(|id| id.trim().to_owned()).filter(|id| id.starts_with("0x")).collect()
}

#[test]
fn the_curtain_covers_every_screen_and_follows_them() {
    let Some(desk) = screen(&["--screen", "1366x768,1024x768"]) else { return };
    let clinic = set_up(&desk);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    // A window of another program, which somebody may bring to the front.
    let dir = TempDir::new().expect("a folder");
    let ours = windows(&desk);
    let other_program = Window::opens(&desk, dir.path());
    let other = || windows(&desk).into_iter().find(|id| !ours.contains(id));
    until("the other window", SOON, || other().is_some());
    let other = other().expect("it is there");
    window.hands(["windowfocus", "--sync", &ours[0]]);
    window.rests();

    locks(&window, &clinic);
    covers(&desk, &other, &[LEFT, RIGHT]);
    window.hands(["windowactivate", &other]);
    window.hands(["windowraise", &other]);
    window.rests();
    until("both covers above the other window", SOON, || stack(&desk).first() == Some(&other));
    window.hands(["windowfocus", "--sync", &ours[0]]);

    xrandr(&desk, &["--output", "DUMMY1", "--off"]);
    covers(&desk, &other, &[LEFT]);
    xrandr(&desk, &["--output", "DUMMY1", "--mode", "1024x768-DUMMY1", "--right-of", "DUMMY0"]);
    covers(&desk, &other, &[LEFT, RIGHT]);
    // The screen with the prompt goes: it is asked on the one that is left.
    xrandr(&desk, &["--output", "DUMMY0", "--off", "--output", "DUMMY1", "--pos", "0x0", "--primary"]);
    covers(&desk, &other, &[[0, 0, RIGHT[2], RIGHT[3]]]);
    xrandr(
        &desk,
        &["--output", "DUMMY1", "--pos", "1366x0", "--output", "DUMMY0", "--mode", "1366x768-DUMMY0", "--pos", "0x0"],
    );
    covers(&desk, &other, &[LEFT, RIGHT]);

    comes_back(&window, &clinic);
    until("the curtain to be gone", SOON, || windows(&desk).len() == 2);
    let [left, top, width, height] = place(&desk, &ours[0]);
    assert!(width < LEFT[2] && height < LEFT[3], "a window like any other: {left} {top} {width} {height}");
    other_program.killed();
    window.killed();
}
