//! What libtest does for the tests of a program that has to start itself again as another process: the arguments and the
//! words of the summary are the same.

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

/// Runs those that the arguments ask for.
pub(crate) fn main(mut cases: Vec<Case>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let exact = arguments.iter().any(|argument| argument == "--exact");
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
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

/// Several at a time, because most of them wait; says how many failed.
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
