//! One window a data directory (C91).

use tempfile::TempDir;

use crate::desk::{finish, until};
use crate::program::{SOON, Window, command, log, screen_or_leave_out, windows};

#[test]
fn c91_five_starts_at_once_make_one_window() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    // Before the folder exists: all five want to be the first.
    let data = dir.path().join("data");
    let ctl = desk.ctl(&data);
    let mut starts: Vec<_> = (0..5).map(|_| command(&desk, &data).spawn().expect("the program")).collect();
    // Somebody runs the command line at the same moment.
    assert_eq!(ctl.state(), "new");
    until("four of them to end", SOON, || {
        let left = starts.iter_mut().filter_map(|start| start.try_wait().expect("a child").is_none().then_some(()));
        left.count() == 1
    });
    let (mut ended, mut open) = (Vec::new(), Vec::new());
    for mut start in starts {
        if start.try_wait().expect("a child").is_some() { ended.push(start) } else { open.push(start) }
    }
    for start in ended {
        let said = finish(start);
        assert_eq!((said.status, said.err.as_str()), (0, ""), "{said:?}");
    }
    until("the window", SOON, || log(&data).contains(" drawn ") && !windows(&desk).is_empty());
    assert_eq!(windows(&desk).len(), 1);
    // It was raised, however many asked; what they said of themselves is nothing.
    until("it to be raised", SOON, || log(&data).contains(" raised by=second-start"));
    assert_eq!(log(&data).matches(" started ").count(), 1, "{}", log(&data));
    let mut open = open.pop().expect("one");
    open.kill().expect("ours");
    open.wait().expect("its end");
}

#[test]
fn c91_a_second_start_brings_back_a_window_that_was_put_away() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    let window = Window::opens(&desk, dir.path());
    let id = window.id();
    let state = |id: &str| {
        let mut tool = desk.command("xprop");
        tool.args(["-id", id, "WM_STATE"]);
        crate::desk::run(tool, "").out
    };
    window.hands(["windowminimize", &id]);
    until("it to be put away", SOON, || state(&id).contains("Iconic"));
    let second = finish(command(&desk, dir.path()).spawn().expect("the program"));
    assert_eq!((second.status, second.err.as_str()), (0, ""));
    until("it to come back", SOON, || state(&id).contains("Normal"));
    assert_eq!(windows(&desk), [id]);
    window.killed();
}

/// Two folders are two clinics: each has its window.
#[test]
fn another_folder_has_a_window_of_its_own() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    let one = Window::opens(&desk, &dir.path().join("one"));
    let other = Window::opens(&desk, &dir.path().join("other"));
    until("both on the screen", SOON, || windows(&desk).len() == 2);
    one.killed();
    other.killed();
}

/// A window that was killed leaves its door behind; the next start is not kept out by it.
#[test]
fn after_a_kill_the_next_start_opens() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    Window::opens(&desk, dir.path()).killed();
    assert!(dir.path().join("window.sock").exists());
    Window::opens(&desk, dir.path()).killed();
}
