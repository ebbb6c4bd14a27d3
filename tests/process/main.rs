//! Processes: many at the same moment with one code, of which exactly one is let in; and one that is killed, or whose disk
//! fails, at every point where it changes a file. What was told was stored, what was not told is as before or as after,
//! nothing that counts falls, and the next attempt works.
//!
//! A process is this program, started again; see `child`. The points are met one after the other by a small library in
//! front of the C library's calls (`trip.c`), and then a thousand at random by the clock on the wall.

#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::expect_used,
        clippy::panic,
        clippy::print_stdout,
        clippy::indexing_slicing,
        clippy::wildcard_enum_match_arm,
        clippy::unwrap_in_result,
        reason = "a test fails by panicking, and this program speaks as libtest does"
    )
)]

#[cfg(target_os = "linux")]
mod changes;
#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
#[path = "../support/clinic.rs"]
mod clinic;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod points;
#[cfg(target_os = "linux")]
#[path = "../support/runner.rs"]
mod runner;
#[cfg(target_os = "linux")]
mod stories;
#[cfg(target_os = "linux")]
mod together;
#[cfg(target_os = "linux")]
mod world;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == "child"
    {
        return child::run(rest);
    }
    let mut cases = points::cases();
    cases.extend(together::cases());
    runner::main(cases)
}

/// The calls are Linux's.
#[cfg(not(target_os = "linux"))]
fn main() {}
