//! What signing in opens, on real parts: programs of this system, a PostgreSQL server that is started here, the
//! `sqlcipher` program. The clinic is a real desk on a real SQLite file, its clock turned by hand.
//!
//! What needs a program that is not there says so and is left out, unless `CLINIC2FA_REQUIRE_SERVICES=1`.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking"
)]

#[path = "../support/clinic.rs"]
mod clinic;
#[path = "../support/scan.rs"]
mod scan;
#[path = "../support/search.rs"]
mod search;

mod backups;
mod child;
mod killed;
mod memory;
mod office;
mod postgres;
mod programs;
mod server;
mod sqlcipher;
mod tls;
