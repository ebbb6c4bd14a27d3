//! The real window, as it is started: on a screen of its own, with keys and clicks from outside.
//!
//! What a page shows is proved under `egui_kittest` and by `demo.sh`; here it is what only the whole program can do:
//! start on screens that lack something, be there once, and keep nothing. Where that desktop cannot be had it is said and
//! the tests are left out, unless `CLINIC2FA_REQUIRE_SERVICES=1`.

#![cfg(target_os = "linux")]
#![allow(
    dead_code,
    unused_macros,
    unused_imports,
    reason = "the desktop and the clinic are the command line's tests', and each test binary uses a part"
)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking; a field that is missing from a JSON answer is null and fails the comparison"
)]

#[path = "../support/buses.rs"]
mod buses;
#[path = "../cli/clinic.rs"]
mod clinic;
#[path = "../cli/codes.rs"]
mod codes;
#[path = "../cli/desk.rs"]
mod desk;
#[path = "../support/scan.rs"]
mod scan;

mod compositor;
mod display;
mod keeping;
mod leaving;
mod one;
mod program;
mod renderer;
mod screens;
mod signs;
mod wayland;
mod x11;
