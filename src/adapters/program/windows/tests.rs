//! Programs that end with us.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::windows::process::{CommandExt, ExitStatusExt};
use std::process::{ChildStdout, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use super::*;

/// A command line that, once it is in its job, starts another one, which says a word and waits for as long as its input is
/// open. What comes back are the child, its job and all that the two will say after that word.
fn two_that_wait() -> (Child, Tied, BufReader<ChildStdout>) {
    // Quoted as cmd reads it, which is not as others do.
    let mut command = Command::new("cmd");
    command.raw_arg(r#"/D /C "set /p go=& cmd /D /C "echo begun& set /p line=""""#);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let tied = tied(&child);
    assert!(tied.0.is_some(), "it is in no job");
    writeln!(child.stdin.as_mut().unwrap(), "go\r").unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut word = String::new();
    out.read_line(&mut word).unwrap();
    assert_eq!(word.trim(), "begun");
    assert_eq!(child.try_wait().unwrap(), None);
    (child, tied, out)
}

/// Whether the last who holds it has ended, or does within a while.
fn comes_to_its_end(mut out: BufReader<ChildStdout>) -> bool {
    let (ended, has_ended) = channel();
    let read = move || {
        out.read_to_end(&mut Vec::new()).unwrap();
        ended.send(()).unwrap();
    };
    thread::Builder::new().name("output".to_owned()).spawn(read).unwrap();
    has_ended.recv_timeout(Duration::from_secs(10)).is_ok()
}

/// How our process ends makes no difference to Windows: it closes the last handle of the job.
#[test]
fn a_program_and_what_it_has_started_end_when_the_job_is_closed() {
    let (mut child, tied, out) = two_that_wait();
    // Its input stays open: neither ends by itself.
    let input = child.stdin.take();
    drop(tied);
    assert!(comes_to_its_end(out), "something still runs");
    child.wait().unwrap();
    drop(input);
}

#[test]
fn a_program_that_is_closed_firmly_ends_with_what_it_has_started() {
    let (mut child, tied, out) = two_that_wait();
    let input = child.stdin.take();
    close(&mut child, &tied, Ties::Own, Manner::Firmly);
    assert!(comes_to_its_end(out), "something still runs");
    assert_eq!(child.wait().unwrap(), ExitStatus::from_raw(1));
    drop(input);
}
