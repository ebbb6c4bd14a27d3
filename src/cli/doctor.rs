//! `doctor`: what works here and what is missing. It shows no secrets and changes nothing that stays.

use std::path::Path;

use serde_json::json;

use super::answer::Answer;
use crate::adapters::Wired;
use crate::adapters::clock::utc_text;
use crate::adapters::logs;
use crate::config::Remembered;
use crate::domain::audit::What;
use crate::domain::totp::{CLOCK_MATTERS_SECS, EARLIEST_UNIX};
use crate::effects::{Desk, Failure, Standing};
use crate::explain::{self, Names};
use crate::ports::EntryFilter;
use crate::strings::Text;

/// Free space under which a sign-in may soon not be recorded, in bytes.
const LITTLE_SPACE: u64 = 50 << 20;

struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

/// Runs every check.
pub(super) fn examine(desk: &mut Desk, wired: &Wired) -> Answer {
    let checks = [
        keychain(desk),
        database(desk, wired),
        backups(desk),
        space(wired),
        clock(desk, wired),
        renderer(wired),
        display(),
        support_log(wired),
        locking(wired),
    ];
    let rows: Vec<_> =
        checks.iter().map(|check| json!({"name": check.name, "ok": check.ok, "detail": check.detail})).collect();
    let word = |ok| Text::new(if ok { "cli-check-ok" } else { "cli-check-bad" }).get();
    let plain: Vec<String> =
        checks.iter().map(|check| format!("{:9} {:6} {}", check.name, word(check.ok), check.detail)).collect();
    let object = json!({"checks": rows});
    if checks.iter().all(|check| check.ok) {
        Answer::new(&object, plain.join("\n"))
    } else {
        Answer::Bad(object, plain.join("\n"), 4)
    }
}

fn sentence(failure: &Failure) -> String {
    let notice = explain::failure(failure, &Names::default());
    format!("{} {}", notice.what.get(), notice.todo.get())
}

/// A value written, read back through a new handle, removed.
fn keychain(desk: &mut Desk) -> Check {
    let name = desk.keychain_name();
    match desk.try_keychain() {
        Ok(()) => Check { name: "keychain", ok: true, detail: name },
        Err(failure) => Check { name: "keychain", ok: false, detail: format!("{name}: {}", sentence(&failure)) },
    }
}

fn database(desk: &mut Desk, wired: &Wired) -> Check {
    let path = wired.dir.database().display().to_string();
    let (ok, state) = match desk.stand() {
        Ok(Standing::New) => (true, "new".to_owned()),
        Ok(Standing::Pending(_)) => (true, "pending".to_owned()),
        Ok(Standing::Active(look)) => (true, format!("active, {} people", look.people.len())),
        Err(failure) => (false, sentence(&failure)),
    };
    Check { name: "database", ok, detail: format!("{path}: {state}") }
}

/// How many there are, and whether the last one that was tried was made.
fn backups(desk: &mut Desk) -> Check {
    let last = |desk: &mut Desk, what: What| {
        let filter = EntryFilter { event: Some(what.name().to_owned()), limit: Some(1), ..EntryFilter::default() };
        desk.entries(&filter).ok().and_then(|entries| entries.last().cloned())
    };
    let made = last(desk, What::BackupCreated).map_or(0, |entry| entry.number);
    let failed = last(desk, What::BackupFailed).filter(|entry| entry.number > made);
    let kept = match desk.backups() {
        Ok(kept) => kept,
        Err(failure) => return Check { name: "backups", ok: false, detail: sentence(&failure) },
    };
    let mut detail = kept.first().map_or_else(
        || Text::new("cli-backups-none").get(),
        |newest| {
            let count = i64::try_from(kept.len()).unwrap_or(i64::MAX);
            Text::new("cli-backups-last").with("count", count).with("day", newest.day.clone()).get()
        },
    );
    if let Some(failed) = &failed {
        let said = Text::new("cli-backups-not-made").with("time", utc_text(failed.unix_secs)).get();
        detail = format!("{detail}; {said} ({})", failed.result);
    }
    Check { name: "backups", ok: failed.is_none(), detail }
}

fn space(wired: &Wired) -> Check {
    match wired.dir.free_bytes() {
        Some(bytes) => Check { name: "space", ok: bytes >= LITTLE_SPACE, detail: format!("{} MiB free", bytes >> 20) },
        None => Check { name: "space", ok: true, detail: "the system does not say".to_owned() },
    }
}

/// This computer's clock, beside the clinic's time server's where there is one.
fn clock(desk: &mut Desk, wired: &Wired) -> Check {
    let now = wired.clock.now();
    let (possible, time) = (now.unix_secs >= EARLIEST_UNIX, utc_text(now.unix_secs));
    let server = desk.look().ok().flatten().map(|look| look.settings.time_server).filter(|server| !server.is_empty());
    let Some(server) = server else { return Check { name: "clock", ok: possible, detail: time } };
    let (ok, said) = match wired.time_check().ask(&server) {
        Some(off) => (off.unsigned_abs() < CLOCK_MATTERS_SECS, format!("{off:+} s from {server}")),
        None => (possible, format!("{server} does not answer")),
    };
    Check { name: "clock", ok: possible && ok, detail: format!("{time}, {said}") }
}

/// What drew the last window, or would draw the first. Nothing to look for outside Linux, where it belongs to the
/// system.
fn renderer(wired: &Wired) -> Check {
    let detail = match Remembered::load(wired.dir.path()).renderer {
        Some(renderer) => format!("{} drew the last window", renderer.name()),
        None if !cfg!(target_os = "linux") => "no window yet; glow is tried first".to_owned(),
        None if has_library("libGL.so.1") => "no window yet; glow (OpenGL) is tried first".to_owned(),
        None if has_library("libvulkan.so.1") => "no window yet; wgpu (Vulkan) is there".to_owned(),
        None => "none: the window needs OpenGL (libGL.so.1) or Vulkan (libvulkan.so.1)".to_owned(),
    };
    // As with the display: said, and no fault of the command line's.
    Check { name: "renderer", ok: true, detail }
}

/// By what a desk that was left is noticed, and what is not noticed here.
fn locking(wired: &Wired) -> Check {
    let covered = wired.watcher().covered();
    let parts = [
        ("idle", covered.idle),
        ("system-lock", covered.system_lock),
        ("sleep", covered.sleep),
        ("switching", covered.switching),
        ("remote", covered.remote),
        ("shortcut", covered.shortcut),
    ];
    let there: Vec<String> = parts.iter().filter_map(|(part, by)| Some(format!("{part}: {}", (*by)?))).collect();
    let missing: Vec<&str> = parts.iter().filter(|(_, by)| by.is_none()).map(|(part, _)| *part).collect();
    let mut said = there;
    if !missing.is_empty() {
        said.push(format!("not here: {}", missing.join(", ")));
    }
    // A sleep that nobody announces is noticed by the clocks; idle time is then the window's own.
    Check { name: "locking", ok: true, detail: said.join(", ") }
}

/// Where the files for support are. A folder that is not there yet is no fault.
fn support_log(wired: &Wired) -> Check {
    let folder = logs::folder(wired.dir.path());
    Check { name: "log", ok: true, detail: folder.display().to_string() }
}

/// Where Linux systems keep libraries: the usual folders, and one below them for each kind of processor.
fn has_library(name: &str) -> bool {
    ["/usr/lib", "/usr/lib64", "/usr/local/lib"].into_iter().map(Path::new).any(|folder| {
        let below = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
        below.chain([folder.to_owned()]).any(|folder| folder.join(name).exists())
    })
}

/// Whether a window could open. Nothing to look for outside Linux.
fn display() -> Check {
    let names = ["WAYLAND_DISPLAY", "DISPLAY"];
    let found = names.into_iter().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let detail = if cfg!(target_os = "linux") { found.unwrap_or("none: the window needs one") } else { "the system's" };
    // The command line works without one, so a missing display is said and nothing more.
    Check { name: "display", ok: true, detail: detail.to_owned() }
}
