//! C80: how old a Linux system the programs still start on, as the README promises it.

use std::path::Path;
use std::process::Command;

/// The oldest C library, by the name the README gives it: Ubuntu 22.04 has this one, Debian 12 a newer one.
const OLDEST: (u32, u32) = (2, 35);

/// The newest C library on which such a build can be made: a newer one's headers ask for what older ones have not.
const NEWEST_TO_BUILD_ON: (u32, u32) = (2, 36);

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, rest) = text.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// This system's own, where that is glibc.
fn of_this_system() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    version(String::from_utf8_lossy(&said.stdout).trim().strip_prefix("glibc ")?)
}

/// The newest version of the C library that a program asks for, as objdump (binutils) shows its symbols.
fn newest_asked_for(program: &Path) -> (u32, u32) {
    let shown = Command::new("objdump").arg("-T").arg(program).output().expect("objdump, of the binutils that link it");
    assert!(shown.status.success(), "{shown:?}");
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    text.split("GLIBC_").skip(1).filter_map(version).max().expect("a program that is linked to the C library")
}

#[test]
fn c80_the_programs_start_on_the_oldest_system_that_the_readme_names() {
    let (major, minor) = OLDEST;
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    assert!(readme.contains(&format!("glibc {major}.{minor}")), "the README names another system");
    if of_this_system().is_none_or(|here| here > NEWEST_TO_BUILD_ON) {
        println!("left out: what is built here is for systems as new as this one");
        return;
    }
    let window = option_env!("CARGO_BIN_EXE_clinic2fa").map(Path::new);
    for program in [Path::new(env!("CARGO_BIN_EXE_clinic2factl"))].into_iter().chain(window) {
        let asked = newest_asked_for(program);
        println!("{}: glibc {}.{}", program.display(), asked.0, asked.1);
        assert!(asked <= OLDEST, "{} asks for glibc {}.{}", program.display(), asked.0, asked.1);
    }
}
