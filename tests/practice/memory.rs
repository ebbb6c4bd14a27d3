//! After a lock nothing of what a sign-in released is left in our process: looked for from outside, in all of its memory.

use std::path::{Path, PathBuf};

use clinic2fa::adapters::process;

use crate::child::Process;
use crate::office::{is_there, until};
use crate::scan::Needles;
use crate::search::files_with;
use crate::server::{ADMIN, Server};

#[global_allocator]
static MEMORY: process::Memory = process::memory();

/// 64 hexadecimal digits that no other process has.
fn random() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    data_encoding::HEXLOWER.encode(&bytes)
}

fn needles(key: &str) -> Needles {
    let mut needles = Needles::default();
    needles.text("the key", key);
    needles.bytes("the key", key.as_bytes());
    needles.bytes("its bytes", &data_encoding::HEXLOWER.decode(key.as_bytes()).unwrap());
    needles
}

#[test]
fn a_stored_key_is_not_left_however_it_is_handed_over() {
    for key_by in ["environment", "input", "descriptor"] {
        let key = random();
        let needles = needles(&key);
        let mut process = Process::start(&format!("opens text key-by {key_by}"), &key);
        assert!(!needles.found_in(process.id()).is_empty(), "the search finds what is there");
        let folder = PathBuf::from(process.goes_on(""));
        handed_over(&folder, &key);
        assert_eq!(process.goes_on("lock"), "locked");
        let left = needles.found_in(process.id());
        assert!(left.is_empty(), "{key_by}: {left:#?}");
        process.ends();
    }
}

/// The program has it: what is looked for is what was released.
#[track_caller]
fn handed_over(folder: &Path, key: &str) {
    until("the program's files", || folder.join("env").exists());
    let found = files_with(key, folder);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_servers_passwords_are_not_left() {
    let Some(server) = Server::start() else { return };
    if !is_there("psql") {
        return;
    }
    let mut process = Process::start(&server.settings(), ADMIN);
    let mut needles = Needles::default();
    needles.text("the administrative password", ADMIN);
    assert!(!needles.found_in(process.id()).is_empty(), "the search finds what is there");
    let folder = PathBuf::from(process.goes_on(""));
    until("the program's files", || folder.join("env").exists());
    let env = std::fs::read_to_string(folder.join("env")).unwrap();
    let password = env.lines().find_map(|line| line.strip_prefix("PGPASSWORD=")).unwrap();
    needles.text("the desk's password", password);
    needles.bytes("its bytes", &data_encoding::HEXLOWER.decode(password.as_bytes()).unwrap());
    assert_eq!(process.goes_on("lock"), "locked");
    let left = needles.found_in(process.id());
    assert!(left.is_empty(), "{left:#?}");
    process.ends();
}
