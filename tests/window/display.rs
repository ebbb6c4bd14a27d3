//! Screens that are not there, or not where they were (C81, C82).

use std::fs;
use std::process::Stdio;

use tempfile::TempDir;

use crate::desk::{finish, run, until};
use crate::program::{SOON, Window, command, log, place, screen_or_leave_out};
use crate::renderer::one_line;

/// What is changed in a desktop's environment; `None` takes a variable out of it.
type Variables = &'static [(&'static str, Option<&'static str>)];

#[test]
fn c81_without_a_display_there_is_one_line_and_the_command_line_works() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    let gone: [(&str, Variables); 4] = [
        ("found no display", &[("DISPLAY", None)]),
        ("found no display", &[("DISPLAY", None), ("WAYLAND_DISPLAY", Some("wayland-9"))]),
        ("could not open its window", &[("DISPLAY", Some(":977"))]),
        ("could not open its window", &[("DISPLAY", Some(":977")), ("WAYLAND_DISPLAY", Some("wayland-9"))]),
    ];
    for (sentence, variables) in gone {
        let surround = |command: &mut std::process::Command| {
            for (name, value) in variables {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
        };
        let mut start = command(&desk, dir.path());
        surround(&mut start);
        let said = finish(start.stdout(Stdio::piped()).spawn().expect("the program"));
        let line = one_line(&said);
        assert!(line.starts_with("clinic2fa ") && line.contains(sentence), "{variables:?}: {line}");
        let mut status = desk.ctl(dir.path()).command(["status", "--json"]);
        surround(&mut status);
        assert_eq!(run(status, "").status, 0);
    }
}

#[test]
fn c81_a_dead_wayland_or_no_session_folder_leaves_x11() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    let mut dead = command(&desk, dir.path());
    dead.env("WAYLAND_DISPLAY", "wayland-9");
    Window::opened(&desk, dir.path(), dead).killed();
    let mut bare = command(&desk, dir.path());
    bare.env_remove("XDG_RUNTIME_DIR");
    Window::opened(&desk, dir.path(), bare).killed();
    let mut both = command(&desk, dir.path());
    both.env("WAYLAND_DISPLAY", "wayland-0").env_remove("XDG_RUNTIME_DIR");
    Window::opened(&desk, dir.path(), both).killed();
}

/// The loader takes the first file of that name, and this one is no library: as good as missing.
#[test]
fn c80_a_missing_library_of_the_desktop_is_named() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    let libraries = dir.path().join("lib");
    fs::create_dir(&libraries).expect("a folder");
    fs::write(libraries.join("libxkbcommon-x11.so.0"), "").expect("written");
    let data = dir.path().join("data");
    let mut start = command(&desk, &data);
    start.env("LD_LIBRARY_PATH", &libraries);
    let said = finish(start.spawn().expect("the program"));
    let line = one_line(&said);
    assert!(line.starts_with("clinic2fa could not open its window") && line.contains("libxkbcommon-x11"), "{line}");
    let log = log(&data);
    assert!(log.contains("panicked place=") && log.matches(" no-window ").count() == 2, "{log}");
}

/// The command line is for servers and SSH too.
#[test]
fn c80_the_command_line_needs_no_library_of_a_desktop() {
    let said = std::process::Command::new("ldd").arg(env!("CARGO_BIN_EXE_clinic2factl")).output().expect("ldd");
    let needed = String::from_utf8(said.stdout).expect("text");
    assert!(said.status.success() && needed.contains("libc.so"), "{needed}");
    for library in ["libX", "libxcb", "libxkb", "libwayland", "libGL", "libEGL", "libvulkan"] {
        assert!(!needed.contains(library), "{needed}");
    }
}

#[test]
fn c82_a_window_comes_up_on_the_screen_whatever_was_remembered() {
    const SCREEN: [i64; 2] = [1366, 768];
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    let file = dir.path().join("window.json");
    let noise: Vec<u8> = (0..3000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let remembered: [&[u8]; 6] = [
        b"{\"size\":[1100,720],\"position\":[-3000,200]}",
        b"{\"size\":[0,0],\"position\":[40,40]}",
        b"{\"size\":[20000,20000],\"position\":[0,0]}",
        b"{\"size\":[900,600],\"position\":[1300,740]}",
        b"{\"size\":[1100,720],\"pos",
        &noise,
    ];
    for text in remembered {
        let shown = String::from_utf8_lossy(text).into_owned();
        fs::write(&file, text).expect("written");
        let window = Window::opens(&desk, dir.path());
        let id = window.id();
        let fits = || {
            let [left, top, width, height] = place(&desk, &id);
            let on = left >= 0 && top >= 0 && left + width <= SCREEN[0] && top + height <= SCREEN[1];
            on && width >= 360 && height >= 300
        };
        until(&format!("the window to be on the screen: {shown}: {:?}", place(&desk, &id)), SOON, fits);
        until("the file to be written anew", SOON, || {
            fs::read_to_string(&file).is_ok_and(|text| text.starts_with('{') && text.contains("\"renderer\":\"glow\""))
        });
        window.killed();
    }
}

/// Everything twice as large: the window is remembered as it stood, and not smaller at each start.
#[test]
fn a_larger_scale_makes_the_window_no_smaller_at_the_next_start() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    let file = dir.path().join("window.json");
    let sizes = [0, 1].map(|_| {
        let mut command = command(&desk, dir.path());
        command.args(["--scale", "2"]);
        let window = Window::opened(&desk, dir.path(), command);
        let id = window.id();
        let told = || fs::read_to_string(&file).is_ok_and(|text| text.contains("\"size\":["));
        until("its size to be written down", SOON, told);
        let [_, _, width, height] = place(&desk, &id);
        window.killed();
        [width, height]
    });
    assert!(sizes[1][0] + 60 > sizes[0][0] && sizes[1][1] + 60 > sizes[0][1], "{sizes:?}");
}
