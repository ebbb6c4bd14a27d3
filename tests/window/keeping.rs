//! What the real window keeps: nothing after a lock, nothing after a kill, nothing on paper that nobody printed; and
//! that it stays locked whatever is done to it from outside.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::clinic::{Clinic, PASSWORD, place as folder};
use crate::desk::{Desk, finish, run, until};
use crate::program::{SOON, Window, log, screen_or_leave_out};
use crate::scan::{ClinicKeys, Needles};

/// Events of the log, oldest first. Read from the file: a process for each look would keep the window from its work.
pub(crate) fn events(clinic: &Clinic<'_>) -> Vec<String> {
    let db = rusqlite::Connection::open(clinic.database()).expect("the database");
    let mut rows = db.prepare("SELECT event || ' ' || result FROM audit ORDER BY number").expect("a log");
    let events = rows.query_map([], |row| row.get(0)).expect("rows");
    events.collect::<Result<_, _>>().expect("texts")
}

pub(crate) fn set_up(desk: &Desk) -> Clinic<'_> {
    Clinic::set_up_in(folder(desk))
}

/// Types what it takes; the sixth digit signs in.
#[track_caller]
pub(crate) fn signs_in(window: &Window<'_>, clinic: &Clinic<'_>) {
    // Keys that come while the program still asks where the clinic stands are nobody's.
    until("the lock screen", SOON, || window.page() == "lock");
    let before = events(clinic).len();
    let id = window.id();
    window.hands(["windowfocus", "--sync", &id]);
    window.rests();
    window.types(PASSWORD);
    // Over the eye beside the password.
    window.key("Tab");
    window.key("Tab");
    window.types(&clinic.phone.code());
    until("the sign-in", SOON, || events(clinic).len() > before);
    assert_eq!(events(clinic)[before], "sign-in accepted");
}

#[track_caller]
pub(crate) fn locks(window: &Window<'_>, clinic: &Clinic<'_>) {
    let before = events(clinic).len();
    until("the page of whoever is signed in", SOON, || window.page() == "signed-in");
    window.key("ctrl+l");
    until("the lock", SOON, || events(clinic)[before..].iter().any(|event| event.starts_with("locked")));
}

/// With the password alone, as after every short absence.
#[track_caller]
pub(crate) fn comes_back(window: &Window<'_>, clinic: &Clinic<'_>) {
    until("the lock screen", SOON, || window.page() == "lock");
    let before = events(clinic).len();
    window.rests();
    window.types(PASSWORD);
    window.key("Return");
    until("the return", SOON, || events(clinic).len() > before);
    assert_eq!(events(clinic)[before], "sign-in accepted");
    until("the page of whoever is signed in", SOON, || window.page() == "signed-in");
}

fn device_item(clinic: &Clinic<'_>) -> String {
    let name = format!("device-{}", clinic.keychain_id());
    let mut tool = clinic.ctl().desk.command("secret-tool");
    finish(tool.args(["lookup", "service", "clinic2fa", "username", &name]).spawn().expect("secret-tool")).out
}

fn needles(clinic: &Clinic<'_>, keys: &ClinicKeys) -> Needles {
    let mut needles = Needles::default();
    let seed = data_encoding::BASE32.decode(clinic.phone.secret.as_bytes()).expect("base32");
    needles.bytes("the seed", &seed);
    needles.bytes("the DEK", keys.dek.expose());
    needles.bytes("the slot's key", keys.slot.expose());
    needles.bytes("the device key", keys.device.expose());
    needles.bytes("the state key", keys.state.state.expose());
    needles.bytes("the audit key", keys.state.audit.expose());
    needles
}

/// Looking is the administrator's alone: the program closes itself to everyone else.
#[test]
fn after_a_lock_no_key_is_left_in_the_window() {
    let desk = screen_or_leave_out!();
    let clinic = set_up(&desk);
    let keys = ClinicKeys::of(&clinic.database(), "msantos", PASSWORD, &device_item(&clinic));
    let needles = needles(&clinic, &keys);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    if let Err(error) = File::open(format!("/proc/{}/mem", window.pid())) {
        // Not to be had by installing something: whoever is not root is kept out, which is what was wanted.
        writeln!(std::io::stderr(), "left out: the window's memory is closed to us ({error})").expect("said");
        assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
        return window.killed();
    }
    signs_in(&window, &clinic);
    until("the key to be found where it must be", SOON, || {
        needles.found_in(window.pid()).iter().any(|place| place.starts_with("the DEK, raw"))
    });
    locks(&window, &clinic);
    until("the lock screen", SOON, || window.page() == "lock");
    // And what it is drawn with is settled.
    std::thread::park_timeout(Duration::from_secs(1));
    let mut needles = needles;
    needles.text("the password", PASSWORD);
    let left = needles.found_in(window.pid());
    assert!(left.is_empty(), "{left:#?}");
    let mut typed = Needles::default();
    // A piece of it: the field's text grew letter by letter, and each time into another place.
    typed.text("a piece of the password", PASSWORD.get(9..15).expect("letters"));
    for copy in typed.found_in(window.pid()) {
        writeln!(std::io::stderr(), "typed text that stays, best effort: {copy}").expect("said");
    }
    window.killed();
}

/// The process is closed to other programs of the same person, and a crash leaves no picture of it. As root everything
/// can be read, so root becomes somebody else for this.
#[test]
fn the_process_leaves_no_core_and_lets_nobody_look() {
    let desk = screen_or_leave_out!();
    let dir = tempfile::TempDir::new().expect("a folder");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).expect("rights");
    let root = fs::metadata("/proc/self").expect("a process").uid() == 0;
    // Where the program is built may be closed to others.
    let program = dir.path().join("clinic2fa");
    fs::copy(crate::program::PROGRAM, &program).expect("a copy");
    let somebody = |arguments: &[&str]| {
        let who = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        let words: Vec<&str> =
            if root { who.into_iter().chain(arguments.iter().copied()).collect() } else { arguments.to_vec() };
        let mut command = desk.command(words[0]);
        command.args(&words[1..]);
        command
    };
    // A session that would like to keep pictures of crashes.
    let data = dir.path().join("data");
    let [program, data_text] = [&program, &data].map(|path| path.to_str().expect("plain"));
    let script = "ulimit -c unlimited && exec \"$@\"";
    let start = somebody(&["sh", "-c", script, "sh", program, "--data-dir", data_text]);
    let window = Window::opened(&desk, &data, start);
    let limits = fs::read_to_string(format!("/proc/{}/limits", window.pid())).expect("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line");
    let limit: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(limit, ["0", "unlimited"], "ours is nothing; what a person starts may ask for its own");
    let looks = |pid: u32| run(somebody(&["cat", &format!("/proc/{pid}/environ")]), "").status == 0;
    let other = somebody(&["cat"]).stdin(Stdio::piped()).spawn().expect("a program");
    until("somebody's own program to be there", SOON, || looks(other.id()));
    assert!(!looks(window.pid()), "and this one is closed");
    drop(finish(other));
    window.killed();
}

/// C54: killed while somebody is signed in, nothing is open, and nothing was left on the disk.
#[test]
fn c54_a_kill_leaves_nothing_open() {
    let desk = screen_or_leave_out!();
    let clinic = set_up(&desk);
    let keys = ClinicKeys::of(&clinic.database(), "msantos", PASSWORD, &device_item(&clinic));
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    window.killed();
    let mut sought = needles(&clinic, &keys);
    sought.text("the password", PASSWORD);
    let home = desk.home();
    let searched = below(&home, &mut |path, bytes| {
        // The keyring's own file holds the device key, under its own password.
        assert_eq!(sought.in_bytes(bytes), None::<&str>, "{}", path.display());
    });
    let data = below(&clinic.ctl().data_dir, &mut |path, bytes| {
        assert_eq!(sought.in_bytes(bytes), None::<&str>, "{}", path.display());
    });
    assert!(searched > 1 && data >= 4, "{searched} {data}");
    // And the next start is a lock screen that asks for both.
    let before = events(&clinic).len();
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    assert!(events(&clinic).len() > before);
    window.killed();
}

fn below(folder: &Path, see: &mut dyn FnMut(&Path, &[u8])) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let kind = fs::symlink_metadata(&path).expect("a file").file_type();
        if kind.is_dir() {
            files += below(&path, see);
        } else if kind.is_file() {
            see(&path, &fs::read(&path).expect("read"));
            files += 1;
        }
    }
    files
}

/// C98: with everything turned up that libraries would say, neither they nor the log nor the arguments tell a secret.
#[test]
fn c98_the_window_tells_nothing_it_was_told() {
    let desk = screen_or_leave_out!();
    let clinic = set_up(&desk);
    let mut window = Window::opens(&desk, &clinic.ctl().data_dir);
    signs_in(&window, &clinic);
    let code = clinic.phone.same_code();
    let mut places = vec![("log", log(&clinic.ctl().data_dir).into_bytes())];
    for file in ["cmdline", "environ"] {
        // Closed to whoever is not root, for the environment.
        if let Ok(bytes) = fs::read(format!("/proc/{}/{file}", window.pid())) {
            places.push((file, bytes));
        }
    }
    locks(&window, &clinic);
    until("the lock screen", SOON, || window.page() == "lock");
    // Closing the curtain would uncover the desk: it stays, and somebody has to be there first.
    window.key("alt+F4");
    assert!(window.is_open());
    comes_back(&window, &clinic);
    window.key("alt+F4");
    let said = window.ends();
    assert_eq!(said.status, 0, "{said:?}");
    places.push(("standard error", said.err.clone().into_bytes()));
    assert!(!said.err.contains("TRACE") && !said.err.contains("DEBUG"), "{}", said.err);
    let mut sought = Needles::default();
    sought.text("the password", PASSWORD);
    sought.text("the seed", &clinic.phone.secret);
    for (place, bytes) in &places {
        assert_eq!(sought.in_bytes(bytes), None::<&str>, "{place}");
        let text = String::from_utf8_lossy(bytes);
        assert!(place == &"environ" || !text.contains(&code), "{place}: {text}");
    }
    let log = log(&clinic.ctl().data_dir);
    assert!(log.contains(" started ") && log.trim_end().ends_with("ended status=0"), "{log}");
}

/// Keys held, a book pasted, sizes, scales, put away, closed: nobody gets in, and the right person does afterwards.
#[test]
fn the_real_lock_screen_stays_locked() {
    let desk = screen_or_leave_out!();
    let clinic = set_up(&desk);
    let mut window = Window::opens(&desk, &clinic.ctl().data_dir);
    let (id, before) = (window.id(), events(&clinic));
    window.hands(["windowfocus", "--sync", &id]);
    // No digits: six of them, by chance in the code's field beside a filled password, would rightly be an attempt.
    for [key, times] in [["Return", "600"], ["a", "600"], ["BackSpace", "60"], ["space", "60"], ["Escape", "60"]] {
        window.hands(["key", "--repeat", times, "--delay", "1", "--repeat-delay", "1", key]);
    }
    window.hands(["key", "--repeat", "50", "--repeat-delay", "5", "Tab"]);
    let mut clip = desk.command("xclip");
    let mut clip = clip.args(["-selection", "clipboard"]).stdin(Stdio::piped()).spawn().expect("xclip");
    clip.stdin.take().expect("its input").write_all("9".repeat(5_000_000).as_bytes()).expect("written");
    clip.wait().expect("its end");
    for _ in 0..4 {
        window.hands(["key", "--repeat", "5", "--repeat-delay", "20", "ctrl+v"]);
        window.key("Tab");
    }
    for [width, height] in [["200", "150"], ["1366", "700"], ["360", "300"], ["1100", "720"]] {
        window.hands(["windowsize", &id, width, height]);
        window.hands(["key", "--repeat", "8", "--repeat-delay", "10", "ctrl+plus"]);
        window.hands(["key", "--repeat", "12", "--repeat-delay", "10", "ctrl+minus"]);
        window.key("ctrl+0");
    }
    window.hands(["windowminimize", "--sync", &id]);
    window.hands(["windowmap", "--sync", &id]);
    let second = finish(crate::program::command(&desk, &clinic.ctl().data_dir).spawn().expect("the program"));
    assert_eq!(second.status, 0);
    assert!(window.is_open());
    assert_eq!(events(&clinic), before, "nothing of that was an attempt");
    // Closing is no way round it either: the next start asks again.
    window.hands(["windowfocus", "--sync", &id]);
    window.key("alt+F4");
    assert_eq!(window.ends().status, 0);
    let window = Window::opens(&desk, &clinic.ctl().data_dir);
    assert_eq!(events(&clinic), before);
    signs_in(&window, &clinic);
    window.killed();
}
