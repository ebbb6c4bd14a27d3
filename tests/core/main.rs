//! What the program promises below its screens: the rules of an attempt on real parts (a SQLite file, a keychain in
//! memory, a clock turned by hand), the store's contract, and the walls of the architecture.
//!
//! Names of tests and comments carry the numbers of the field reports they answer: grep for C15.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

#[path = "../fuzz/bodies.rs"]
mod bodies;
#[cfg(target_os = "linux")]
#[path = "../support/buses.rs"]
mod buses;
#[path = "../support/clinic.rs"]
mod clinic;
#[path = "../support/texting.rs"]
mod texting;

mod at_once;
mod attempts;
mod backups;
mod bytes;
mod changes;
mod choices;
mod clocks;
mod codes;
mod columns;
mod come_back;
mod coming_back;
mod contract;
mod damage;
mod fuzz;
mod interrupted;
mod interrupted_changes;
mod layering;
mod people;
mod recovery;
mod renewals;
mod restore;
mod rights;
mod secrecy;
mod set_up;
#[cfg(target_os = "linux")]
mod signs;
mod states;
mod summer_time;
mod texts;
mod turned_clocks;
mod waiting;
mod watching;
