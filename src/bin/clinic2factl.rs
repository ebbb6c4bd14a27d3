//! `clinic2factl`: the command line. See `clinic2fa::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(clinic2fa::cli::run(std::env::args_os().skip(1)))
}
