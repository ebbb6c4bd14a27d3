//! The walls of the architecture (DESIGN 4), read off the source files: who may name whom.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every source file below `src`, by its path from there with `/`, without comments and without its tests.
fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    let named = found.into_iter().map(|path| {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        (name, plain(&text))
    });
    let sources: BTreeMap<_, _> =
        named.filter(|(name, _)| !name.ends_with("tests.rs") && !name.contains("/tests/")).collect();
    assert!(sources.len() > 50, "these are not the sources");
    sources
}

/// Without comments, and without the tests at the bottom.
fn plain(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    code.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Lines of the files that `whose` picks in which one of the words stands.
fn lines_with(whose: impl Fn(&str) -> bool, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in sources().iter().filter(|(name, _)| whose(name)) {
        let hits = text.lines().filter(|line| words.iter().any(|word| line.contains(word)));
        found.extend(hits.map(|line| format!("{name}: {}", line.trim())));
    }
    found
}

fn nobody(whose: impl Fn(&str) -> bool, words: &[&str]) {
    assert_eq!(lines_with(whose, words), Vec::<String>::new());
}

fn is_under(name: &str, module: &str) -> bool {
    name == format!("{module}.rs") || name.starts_with(&format!("{module}/"))
}

const OUTSIDE: [&str; 10] =
    ["egui", "eframe", "rusqlite", "keyring", "ureq", "std::fs", "std::net", "std::env", "std::process", "std::thread"];
const CLOCKS: [&str; 7] =
    ["SystemTime", "Instant", "clock_gettime", "Timestamp::now", "Zoned::now", "clock.now", "getrandom"];

#[test]
fn the_domain_is_pure() {
    nobody(|name| is_under(name, "domain"), &OUTSIDE);
    nobody(|name| is_under(name, "domain"), &CLOCKS);
    nobody(
        |name| is_under(name, "domain"),
        &["adapters", "effects", "crate::flows", "crate::cli", "crate::desktop", "crate::worker", "crate::strings"],
    );
    // Of the ports it knows the time it is told, and nothing it could call.
    let known = lines_with(|name| is_under(name, "domain"), &["crate::ports"]);
    let plain = [": use crate::ports::Now;", ": use crate::ports::BootTime;", ": use crate::ports::{BootTime, Now};"];
    assert!(!known.is_empty(), "the search finds what is there");
    assert!(known.iter().all(|line| plain.iter().any(|end| line.ends_with(end))), "{known:?}");
}

#[test]
fn flows_never_reach_outside() {
    nobody(|name| is_under(name, "flows"), &OUTSIDE);
    nobody(|name| is_under(name, "flows"), &CLOCKS);
    nobody(
        |name| is_under(name, "flows"),
        &["adapters", "Desk::", "dyn Store", "dyn Keychain", "dyn Clock", "crate::cli", "crate::desktop"],
    );
}

#[test]
fn only_the_adapters_know_what_they_adapt() {
    let outside = |name: &str| !is_under(name, "adapters");
    nobody(
        outside,
        &[
            "rusqlite",
            "keyring",
            "secret_service",
            "zbus",
            "windows_sys",
            "rustix",
            "security_framework",
            "region::",
            "libc::",
        ],
    );
    // The window's own crates are the window's and its clipboard's.
    nobody(
        |name| outside(name) && !is_under(name, "desktop") && name != "bin/clinic2fa.rs",
        &["egui", "eframe", "arboard"],
    );
    nobody(|name| name != "adapters/clock.rs" && name != "adapters/os/windows.rs", &["SystemTime", "Instant::now"]);
}

/// What the ports can do is asked by the desk alone; adapters may ask each other.
#[test]
fn only_effects_call_ports() {
    let verbs_of = |file: &str, head: &str| -> Vec<String> {
        let ports = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let body = ports.split(head).nth(1).unwrap().split("\n}\n").next().unwrap();
        body.lines().map(str::to_owned).collect()
    };
    let mut lines = verbs_of("src/ports/store.rs", "pub trait Store: Backups + Send {");
    lines.extend(verbs_of("src/ports/backup.rs", "pub trait Backups {"));
    let verbs: Vec<String> = lines
        .iter()
        .filter_map(|line| line.trim().strip_prefix("fn ")?.split('(').next())
        .map(|verb| format!("store.{verb}("))
        .collect();
    assert!(verbs.len() > 15, "{verbs:?}");
    let verbs: Vec<&str> = verbs.iter().map(String::as_str).collect();
    let may = |name: &str| is_under(name, "effects") || is_under(name, "adapters");
    nobody(|name| !may(name), &verbs);
    nobody(
        |name| !may(name),
        &["keychain.read(", "keychain.write(", "keychain.remove(", "programs.start(", "logins.open(", "files.rekey("],
    );
    nobody(
        |name| !may(name) && !is_under(name, "ports"),
        &["dyn Store", "dyn Keychain", "impl Store for", "impl Keychain for", "ports::Keychain;", "ports::Store;"],
    );
}

/// Which real thing stands behind a port is said in one place.
#[test]
fn only_wire_names_the_adapters_behind_the_ports() {
    nobody(
        |name| !is_under(name, "adapters"),
        &[
            "SqliteStore",
            "OsKeychain",
            "MemoryKeychain",
            "SystemClock",
            "TestClock",
            "DataDir",
            "OsPrograms",
            "PgLogins",
            "SqlcipherFiles",
        ],
    );
    // Beyond what is wired, these are tools without a port: times as text, paper, the clipboard, one window only, the list of
    // screens, where the logs are, a closed process.
    const TOOLS: [&str; 9] = [
        "adapters::clock::",
        "adapters::paper",
        "adapters::clipboard",
        "adapters::raise",
        "adapters::screens",
        "adapters::logs",
        "adapters::process",
        "adapters::Wired",
        "adapters::{Config, ",
    ];
    let named = lines_with(|name| !is_under(name, "adapters"), &["adapters::"]);
    let others: Vec<_> = named
        .iter()
        .filter(|line| !TOOLS.iter().any(|tool| line.contains(tool)) && !line.contains("adapters::{self"))
        .filter(|line| !line.contains("adapters::wire") && !line.contains("adapters::Config"))
        .collect();
    assert!(others.is_empty(), "{others:#?}");
    // And the clock adapter is there for its texts: nobody takes the time from it.
    let clock = lines_with(|name| !is_under(name, "adapters"), &["adapters::clock"]);
    assert!(clock.iter().all(|line| line.contains("_text")), "{clock:?}");
}

/// Bans by name in clippy.toml do not reach constants.
#[test]
fn colours_have_names_of_the_theme() {
    let inks = ["Color32::WHITE", "Color32::BLACK", "Color32::TRANSPARENT", "Color32::RED", "Color32::GRAY"];
    let literal = |line: &str| {
        let after = line.split("Color32::").nth(1).unwrap_or_default();
        after.chars().next().is_some_and(char::is_uppercase) && !after.starts_with("PLACEHOLDER")
    };
    let others = lines_with(|name| name != "desktop/theme.rs" && name != "desktop/art.rs", &["Color32::"]);
    let others: Vec<_> = others.into_iter().filter(|line| literal(line)).collect();
    assert_eq!(others, Vec::<String>::new());
    assert!(lines_with(|name| name == "desktop/theme.rs", &inks).len() > 1, "the search finds what is there");
}

#[test]
fn modules_are_files_beside_their_folders() {
    assert!(sources().keys().all(|name| !name.ends_with("mod.rs")));
}

/// Nothing names a place on somebody's machine.
#[test]
fn no_paths_of_a_machine() {
    nobody(|_| true, &["/home/", "/work/", "C:\\\\Users", "/tmp/"]);
}
