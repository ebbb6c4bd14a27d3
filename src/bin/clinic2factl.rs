//! `clinic2factl`: the command line. See `clinic2fa::cli`.

use std::process::ExitCode;

use clinic2fa::adapters::process;

#[global_allocator]
static MEMORY: process::Memory = process::memory();

fn main() -> ExitCode {
    process::harden();
    ExitCode::from(clinic2fa::cli::run(std::env::args_os().skip(1)))
}
