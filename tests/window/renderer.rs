//! Which renderer draws, and what is said when none can (C78).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::desk::{Desk, Said, finish, until};
use crate::program::{SOON, Window, command, log, screen_or_leave_out};

/// No Vulkan either.
const NO_VULKAN: [(&str, &str); 2] = [("VK_ICD_FILENAMES", "/dev/null"), ("VK_DRIVER_FILES", "/dev/null")];

fn renderer_of_doctor(desk: &Desk, data_dir: &Path) -> String {
    let (_, answer) = desk.ctl(data_dir).json("doctor", &[]);
    let checks = answer["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["name"] == "renderer").expect("the renderer");
    check["detail"].as_str().expect("words").to_owned()
}

/// A program that could not open its window: one line, no back trace, a status that says so.
#[track_caller]
pub(crate) fn one_line(said: &Said) -> &str {
    assert_eq!(said.status, 1, "{said:?}");
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    for trace in ["panicked", "backtrace", "RUST_BACKTRACE", ".rs:", "0x"] {
        assert!(!said.err.contains(trace), "{}", said.err);
    }
    said.err.trim_end()
}

#[test]
fn c78_glow_draws_where_it_can_and_is_remembered() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    assert!(renderer_of_doctor(&desk, dir.path()).contains("glow (OpenGL) is tried first"));
    let window = Window::opens(&desk, dir.path());
    until("it to be written down", SOON, || dir.path().join("window.json").exists());
    assert_eq!(renderer_of_doctor(&desk, dir.path()), "glow drew the last window");
    window.killed();
}

#[test]
fn c78_without_opengl_the_program_starts_itself_again_once_and_remembers() {
    let desk = screen_or_leave_out!("--no-glx");
    let dir = TempDir::new().expect("a folder");
    let window = Window::opens(&desk, dir.path());
    let first = log(dir.path());
    let tries: Vec<&str> = first.lines().filter_map(|line| line.split("] ").nth(1)).collect();
    assert!(tries[1].starts_with("no-window renderer=glow"), "{first}");
    assert!(tries.contains(&"drawn renderer=wgpu"), "{first}");
    window.id();
    until("it to be written down", SOON, || dir.path().join("window.json").exists());
    assert_eq!(renderer_of_doctor(&desk, dir.path()), "wgpu drew the last window");
    // The second try has the window's lock, and a door of its own.
    let second = finish(command(&desk, dir.path()).spawn().expect("the program"));
    assert_eq!((second.status, second.err.as_str()), (0, ""));
    window.killed();
    // The next start does not try in vain first.
    Window::opens(&desk, dir.path()).killed();
    let next = log(dir.path()).strip_prefix(&first).expect("the same file").to_owned();
    assert!(!next.contains("no-window") && next.contains("drawn renderer=wgpu"), "{next}");
}

#[test]
fn c78_a_renderer_that_was_asked_for_is_the_only_one_tried() {
    let desk = screen_or_leave_out!("--no-glx");
    let dir = TempDir::new().expect("a folder");
    let said = finish(command(&desk, dir.path()).args(["--renderer", "glow"]).spawn().expect("the program"));
    assert!(one_line(&said).starts_with("clinic2fa could not draw its window ("), "{said:?}");
    assert_eq!(log(dir.path()).matches(" started ").count(), 1);
    let mut asked = command(&desk, dir.path());
    asked.args(["--renderer", "wgpu"]);
    Window::opened(&desk, dir.path(), asked).killed();
}

#[test]
fn c78_what_was_remembered_and_is_gone_falls_back_too() {
    let desk = screen_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    fs::write(dir.path().join("window.json"), "{\"renderer\":\"wgpu\"}").expect("written");
    let mut start = command(&desk, dir.path());
    start.envs(NO_VULKAN);
    Window::opened(&desk, dir.path(), start).killed();
    let log = log(dir.path());
    assert!(log.contains("no-window renderer=wgpu") && log.contains("drawn renderer=glow"), "{log}");
}

#[test]
fn c78_with_neither_there_is_a_box_a_line_and_a_status() {
    let desk = screen_or_leave_out!("--no-glx");
    let dir = TempDir::new().expect("a folder");
    // Stands in for the desktop's own: writes down what it was given.
    let (programs, box_shown) = (dir.path().join("programs"), dir.path().join("box"));
    fs::create_dir(&programs).expect("a folder");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >{0}.part && mv {0}.part {0}\n", box_shown.display());
    fs::write(programs.join("zenity"), script).expect("written");
    fs::set_permissions(programs.join("zenity"), fs::Permissions::from_mode(0o700)).expect("rights");
    let path = std::env::var("PATH").expect("a path");
    let data = dir.path().join("data");
    let mut start = command(&desk, &data);
    start.envs(NO_VULKAN).env("PATH", format!("{}:{path}", programs.display()));
    let said = finish(start.spawn().expect("the program"));
    let line = one_line(&said);
    assert!(line.starts_with("clinic2fa could not draw its window (") && line.contains("driver"), "{line}");
    until("the box", SOON, || box_shown.exists());
    let shown = fs::read_to_string(&box_shown).expect("its words");
    let words: Vec<&str> = shown.lines().collect();
    assert_eq!(words, ["--error", "--no-markup", "--title", "ClinicOffice sign-in", "--text", line]);
    // Two tries, no third; each in the log with what the system said.
    let log = log(&data);
    assert_eq!((log.matches(" started ").count(), log.matches(" no-window ").count()), (2, 2), "{log}");
}
