//! The command line from outside: the real program, a real SQLite file, a real Secret Service.
//!
//! Nothing here knows more than the contract: arguments, standard input, exit status, one JSON object. Each test has a
//! data directory of its own; most share one private desktop (`.ci/desk`), which is also how the program is shown to
//! keep clinics apart. Where that desktop cannot be had it is said and the tests are left out, unless
//! `CLINIC2FA_REQUIRE_SERVICES=1`.
//!
//! The clock is the real one: a phone whose code has just been used is asked for the next step, which counts already.

#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking; a field that is missing from a JSON answer is null and fails the comparison"
)]

mod backups;
mod cases;
mod clinic;
mod codes;
mod desk;
#[path = "../support/kannel.rs"]
mod kannel;
mod keychain;
mod life;
mod memory;
mod network;
mod oldest;
mod output;
mod people;
mod places;
mod practice;
#[path = "../support/scan.rs"]
mod scan;
#[path = "../support/search.rs"]
mod search;
mod secrecy;
mod sms;
mod time;
mod together;
