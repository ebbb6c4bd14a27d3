//! The keychain: one contract over every implementation, and the states a real Secret Service can be in.
//!
//! Which session bus a process talks to is settled by its environment, so each state is met by a process of its own:
//! this program, started again (see `remote`), inside a private session (see `desk`). Hence no libtest harness here;
//! the arguments and the words of the summary are the same. A real keychain that is missing is said and left out,
//! unless `CLINIC2FA_REQUIRE_SERVICES=1`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking, and this program speaks as libtest does"
)]

mod contract;
#[cfg(target_os = "linux")]
mod desk;
mod patience;
#[cfg(target_os = "linux")]
mod remote;
#[cfg(target_os = "linux")]
mod states;

use std::panic::catch_unwind;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const AT_ONCE: usize = 4;

/// One test: its name, and what panics when it fails.
pub(crate) struct Case {
    name: String,
    run: Box<dyn Fn() + std::panic::RefUnwindSafe + Sync>,
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, run: impl Fn() + std::panic::RefUnwindSafe + Sync + 'static) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }
}

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if remote::is_child() {
        remote::serve();
        return ExitCode::SUCCESS;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let exact = arguments.iter().any(|argument| argument == "--exact");
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();

    let mut cases = contract::memory();
    cases.extend(patience::cases());
    cases.extend(real());
    let all = cases.len();
    cases.retain(|case| {
        let fits = |word: &String| {
            if exact { case.name == *word } else { case.name.contains(word.as_str()) }
        };
        wanted.is_empty() || wanted.iter().any(|word| fits(word))
    });
    if arguments.iter().any(|argument| argument == "--list") {
        cases.iter().for_each(|case| println!("{}: test", case.name));
        return ExitCode::SUCCESS;
    }

    println!("\nrunning {} tests", cases.len());
    let failed = run(&cases);
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let passed = cases.len() - failed;
    let filtered = all - cases.len();
    println!(
        "\ntest result: {verdict}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered} filtered out\n"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Several at a time, because most of them wait for a limit to pass; says how many failed.
fn run(cases: &[Case]) -> usize {
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
            let passed = catch_unwind(&case.run).is_ok();
            println!("test {} ... {}", case.name, if passed { "ok" } else { "FAILED" });
            failed.fetch_add(usize::from(!passed), Ordering::SeqCst);
        }
    };
    thread::scope(|scope| {
        for number in 0..AT_ONCE {
            let thread = thread::Builder::new().name(format!("tests {number}"));
            thread.spawn_scoped(scope, work).expect("a thread");
        }
    });
    failed.into_inner()
}

/// The tests that need this system's own keychain.
#[cfg(target_os = "linux")]
fn real() -> Vec<Case> {
    let Err(missing) = desk::available() else {
        return contract::secret_service().into_iter().chain(states::cases()).collect();
    };
    if std::env::var_os("CLINIC2FA_REQUIRE_SERVICES").is_some_and(|set| set == "1") {
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
    if std::env::var_os("CLINIC2FA_REQUIRE_SERVICES").is_some_and(|set| set == "1") {
        return contract::this_system();
    }
    println!("left out: the contract against the login keychain (CLINIC2FA_REQUIRE_SERVICES=1 runs it)");
    Vec::new()
}
