//! Texts through real services: a Kannel with a pretended telephone network behind it, and servers of our own that
//! behave as Twilio's description says, or as badly as servers can.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking"
)]

#[path = "../support/clinic.rs"]
mod clinic;
#[path = "../support/kannel.rs"]
mod kannel;
#[path = "../support/texting.rs"]
mod texting;

mod changed;
mod contract;
mod delivered;
mod described;
mod hanging;
mod rough;
mod server;
mod twilio;
