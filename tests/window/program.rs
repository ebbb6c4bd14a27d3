//! The program with its window, and hands outside of it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::desk::{Desk, Said, finish, leave_out, run, until};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_clinic2fa");

/// Longest until a window is there or a program has ended, in seconds: an unoptimised program on a busy machine.
pub(crate) const SOON: u64 = 60;

/// A desktop with a screen, or the end of a test that needs it.
macro_rules! screen_or_leave_out {
    ($($option:literal),*) => {
        match crate::program::screen(&["--screen", "1366x768", $($option),*]) {
            Some(desk) => desk,
            None => return,
        }
    };
}
pub(crate) use screen_or_leave_out;

/// The desktop, or `None` after saying what is missing for it.
pub(crate) fn screen(options: &[&str]) -> Option<Desk> {
    for tool in ["xdotool", "xprop", "xwininfo", "xclip"] {
        if Command::new(tool).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            leave_out(&format!("{tool} is missing"));
            return None;
        }
    }
    Desk::with(options)
}

/// A window on a data directory.
pub(crate) struct Window<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) data_dir: PathBuf,
    child: Child,
}

/// The program on a data directory, not started yet.
pub(crate) fn command(desk: &Desk, data_dir: &Path) -> Command {
    let mut command = desk.command(PROGRAM);
    command.arg("--data-dir").arg(data_dir).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
    command
}

/// What stands in the support log.
pub(crate) fn log(data_dir: &Path) -> String {
    fs::read_to_string(data_dir.join("logs/clinic2fa.log")).unwrap_or_default()
}

impl<'a> Window<'a> {
    /// Starts it and waits for its first picture.
    #[track_caller]
    pub(crate) fn opens(desk: &'a Desk, data_dir: &Path) -> Self {
        Self::opened(desk, data_dir, command(desk, data_dir))
    }

    /// The same with a command of one's own.
    #[track_caller]
    pub(crate) fn opened(desk: &'a Desk, data_dir: &Path, mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program");
        let drawn = format!("[{}] drawn ", child.id());
        until("the first picture", SOON, || {
            let ended = child.try_wait().expect("a child").is_some();
            ended || log(data_dir).contains(&drawn)
        });
        let mut window = Self { desk, data_dir: data_dir.to_owned(), child };
        assert!(window.is_open(), "it ended: {}", log(data_dir));
        window
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The page that is on the screen, by the support log.
    pub(crate) fn page(&self) -> String {
        let log = log(&self.data_dir);
        let mine = format!("[{}] page name=", self.pid());
        log.lines()
            .filter_map(|line| line.split_once(&mine))
            .next_back()
            .map(|(_, name)| name.to_owned())
            .unwrap_or_default()
    }

    pub(crate) fn is_open(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    /// Its number on the screen.
    pub(crate) fn id(&self) -> String {
        let mut ids = Vec::new();
        until("the desktop to have its one window", SOON, || {
            ids = windows(self.desk);
            ids.len() == 1
        });
        ids[0].clone()
    }

    /// Runs xdotool, which must do as it is told.
    #[track_caller]
    pub(crate) fn hands<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> String {
        hands(self.desk, arguments)
    }

    /// Types, and waits until it has been taken in.
    pub(crate) fn types(&self, text: &str) {
        self.hands(["type", "--delay", "20", "--", text]);
        self.rests();
    }

    /// Presses, and waits until it has been taken in.
    pub(crate) fn key(&self, keys: &str) {
        self.hands(["key", "--delay", "20", keys]);
        self.rests();
    }

    /// Until the program does nothing for a moment, or has ended. On a busy machine a page's letters, Tab and digits
    /// would else come within one frame, and all belong to the field that had the focus when it began.
    pub(crate) fn rests(&self) {
        const LOOKS: usize = 4;
        let used = || {
            let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
            let fields: Vec<String> = stat.split_whitespace().map(str::to_owned).collect();
            // Ticks in the program and in the system, and its state: one that waits for a processor is not at rest.
            (fields.get(13).cloned(), fields.get(14).cloned(), fields.get(2).is_some_and(|state| state == "R"))
        };
        let (mut before, mut same) = (used(), 0);
        until("the window to be at rest", SOON, || {
            std::thread::park_timeout(Duration::from_millis(30));
            let now = used();
            same = if now == before && !now.2 { same + 1 } else { 0 };
            before = now;
            same >= LOOKS
        });
    }

    /// Ended as a power cut ends it.
    pub(crate) fn killed(mut self) {
        self.child.kill().expect("ours");
        self.child.wait().expect("its end");
    }

    /// Waits until it has ended by itself.
    pub(crate) fn ends(self) -> Said {
        finish(self.child)
    }
}

#[track_caller]
pub(crate) fn hands<S: AsRef<OsStr>>(desk: &Desk, arguments: impl IntoIterator<Item = S>) -> String {
    let mut tool = desk.command("xdotool");
    tool.args(arguments);
    let said = run(tool, "");
    assert_eq!(said.status, 0, "xdotool: {said:?}");
    said.out.trim().to_owned()
}

/// The numbers of all windows on the screen.
pub(crate) fn windows(desk: &Desk) -> Vec<String> {
    let mut tool = desk.command("xprop");
    tool.args(["-root", "_NET_CLIENT_LIST"]);
    let said = run(tool, "");
    let list = said.out.split('#').nth(1).unwrap_or_default();
    list.split(',').map(|id| id.trim().to_owned()).filter(|id| id.starts_with("0x")).collect()
}

/// Place and size of a window without its frame: left, top, width, height. Not asked of xdotool, which counts the frame
/// twice.
pub(crate) fn place(desk: &Desk, id: &str) -> [i64; 4] {
    place_of(desk, id).expect("a window")
}

/// The same, or nothing when there is no such window any more.
pub(crate) fn place_of(desk: &Desk, id: &str) -> Option<[i64; 4]> {
    let mut tool = desk.command("xwininfo");
    tool.args(["-id", id]);
    let said = run(tool, "").out;
    let figure = |name: &str| said.lines().find_map(|line| line.trim().strip_prefix(name)?.trim().parse().ok());
    let [left, top, width, height] =
        ["Absolute upper-left X:", "Absolute upper-left Y:", "Width:", "Height:"].map(figure);
    Some([left?, top?, width?, height?])
}
