//! The keychain: one contract over every implementation, and the states a real Secret Service can be in.
//!
//! Which session bus a process talks to is settled by its environment, so each state is met by a process of its own:
//! this program, started again (see `remote`), inside a private session (see `desk`). Hence no libtest harness here;
//! the arguments and the words of the summary are the same. A real keychain that is missing is said and left out,
//! unless `CLINIC2FA_REQUIRE_SERVICES=1`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and this program speaks as libtest does"
)]
#![cfg_attr(target_os = "linux", expect(clippy::panic, clippy::unwrap_in_result, reason = "a test fails by panicking"))]

mod contract;
#[cfg(target_os = "linux")]
mod desk;
mod patience;
#[cfg(target_os = "linux")]
mod remote;
#[cfg(target_os = "linux")]
mod states;

#[path = "../support/runner.rs"]
mod runner;

use std::process::ExitCode;

use runner::Case;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if remote::is_child() {
        remote::serve();
        return ExitCode::SUCCESS;
    }
    let mut cases = contract::memory();
    cases.extend(patience::cases());
    cases.extend(real());
    runner::main(cases)
}

/// Whether what is missing is a failure: in CI.
#[cfg(not(windows))]
fn everything_is_required() -> bool {
    std::env::var_os("CLINIC2FA_REQUIRE_SERVICES").is_some_and(|set| set == "1")
}

/// The tests that need this system's own keychain.
#[cfg(target_os = "linux")]
fn real() -> Vec<Case> {
    let Err(missing) = desk::available() else {
        return contract::secret_service().into_iter().chain(states::cases()).collect();
    };
    if everything_is_required() {
        return vec![Case::new("services_are_there", move || panic!("{missing} cannot be run"))];
    }
    println!("left out: everything against a real Secret Service, because {missing} cannot be run");
    Vec::new()
}

#[cfg(windows)]
fn real() -> Vec<Case> {
    contract::this_system()
}

/// The login keychain asks the person at the screen before an unsigned program may read, so it is only run on demand.
#[cfg(target_os = "macos")]
fn real() -> Vec<Case> {
    if everything_is_required() {
        return contract::this_system();
    }
    println!("left out: the contract against the login keychain (CLINIC2FA_REQUIRE_SERVICES=1 runs it)");
    Vec::new()
}
