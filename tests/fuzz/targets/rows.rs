#![no_main]

#[path = "../bodies.rs"]
mod bodies;
#[path = "../../support/clinic.rs"]
mod clinic;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::rows(data));
