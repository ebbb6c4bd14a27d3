//! After a lock no key is left in the process: looked for from outside, in all of its memory.
//!
//! The process is this program started again: it runs the window's flow on the window's thread for the desk, against
//! the real keychain and the real file, with the window's own memory (`adapters::process`). Only what would keep us from
//! looking is left out of it. What the window's toolkit adds is looked through in `tests/window`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use clinic2fa::adapters::{Config, process, system_clock, wire};
use clinic2fa::domain::secret::SecretText;
use clinic2fa::flows::program::{Act, Program, Stage};
use clinic2fa::flows::sign_in;
use clinic2fa::journal;
use clinic2fa::worker::Worker;

use crate::clinic::{Clinic, PASSWORD};
use crate::desk::{Ctl, Desk, desk_or_leave_out, finish};
use crate::scan::{ClinicKeys, Needles};

#[global_allocator]
static MEMORY: process::Memory = process::memory();

/// Set for the child alone: its data directory.
const CHILD: &str = "CLINIC2FA_TEST_MEMORY_CHILD";
const PATIENCE: Duration = Duration::from_secs(60);

/// The child's side of the test below; on its own it has nothing to do.
#[test]
fn child() {
    let Some(data_dir) = std::env::var_os(CHILD) else { return };
    process::pin_keys();
    journal::panics_tell_only_their_place(|place| writeln!(std::io::stderr(), "stopped at {place}").expect("said"));
    let wired = wire(&Config { data_dir: Some(data_dir.into()) }).expect("a data directory");
    let clock = system_clock();
    let (wake, woken) = sync_channel(64);
    let courier = wired.courier();
    let mut worker = Worker::start(
        move || wired.desk(),
        courier,
        move || {
            wake.try_send(()).ok();
        },
    )
    .expect("a thread");
    let (mut program, orders) = Program::start(None);
    worker.send(orders);
    let answered = |program: &mut Program, worker: &mut Worker, woken: &Receiver<()>| {
        while program.is_busy() {
            match worker.receive() {
                Some(reply) => {
                    let orders = program.answer(reply, &clock.now());
                    worker.send(orders);
                }
                None => {
                    woken.recv_timeout(PATIENCE).expect("an answer in time");
                }
            }
        }
        let stage = match &program.stage {
            Stage::In(_) => "in",
            Stage::Lock(_) => "locked",
            Stage::Starting | Stage::Closed(_) | Stage::SetUp(_) | Stage::Recover(_) | Stage::Restore(_) => "elsewhere",
        };
        // Not by way of libtest, which would hold it back.
        writeln!(std::io::stderr(), "{stage}").expect("said");
    };
    answered(&mut program, &mut worker, &woken);
    let mut line = String::new();
    while std::io::stdin().read_line(&mut line).expect("a line") > 0 {
        let act = match line.trim_end().split_once('\t') {
            Some(("panic", words)) => panic!("{words}"),
            Some((password, code)) => {
                Act::SignIn(sign_in::Act::SignIn { password: SecretText::from(password), code: SecretText::from(code) })
            }
            None => Act::Lock(clinic2fa::domain::presence::Why::Asked),
        };
        line.clear();
        let orders = program.act(act, &clock.now());
        worker.send(orders);
        answered(&mut program, &mut worker, &woken);
    }
}

/// The parent's end of it.
struct Session {
    child: Child,
    input: ChildStdin,
    said: BufReader<std::process::ChildStderr>,
}

impl Session {
    fn start(ctl: &Ctl<'_>) -> Self {
        let this = std::env::current_exe().expect("a path");
        let mut command: Command = ctl.desk.command(this.to_str().expect("plain"));
        command.args(["--exact", "memory::child", "--nocapture"]).env(CHILD, &ctl.data_dir);
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
        let mut child = command.stdin(Stdio::piped()).spawn().expect("this program");
        let input = child.stdin.take().expect("its input");
        let said = BufReader::new(child.stderr.take().expect("its words"));
        let mut session = Self { child, input, said };
        assert_eq!(session.line(), "locked");
        session
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    fn does(&mut self, what: &str) -> String {
        writeln!(self.input, "{what}").expect("written");
        self.line()
    }

    /// Everything it says from here to its end, however that is.
    fn last_words(mut self) -> String {
        drop(self.input);
        let mut words = String::new();
        std::io::Read::read_to_string(&mut self.said, &mut words).expect("text");
        let output = self.child.wait_with_output().expect("its end");
        assert!(!output.status.success());
        words + &String::from_utf8(output.stdout).expect("text")
    }

    fn end(self) {
        drop(self.input);
        let said = finish(self.child);
        assert_eq!(said.status, 0, "{said:?}");
    }
}

/// This computer's key, as the keychain holds it.
pub(crate) fn device_item(desk: &Desk, keychain_id: &str) -> String {
    let name = format!("device-{keychain_id}");
    let mut tool = desk.command("secret-tool");
    let found = finish(tool.args(["lookup", "service", "clinic2fa", "username", &name]).spawn().expect("secret-tool"));
    assert_eq!(found.status, 0, "{found:?}");
    found.out
}

fn needles(clinic: &Clinic<'_>, keys: &ClinicKeys) -> Needles {
    let mut needles = Needles::default();
    let seed = data_encoding::BASE32.decode(clinic.phone.secret.as_bytes()).expect("base32");
    needles.bytes("the seed", &seed);
    needles.bytes("the DEK", keys.dek.expose());
    needles.bytes("the slot's key", keys.slot.expose());
    needles.bytes("the device key", keys.device.expose());
    needles.bytes("the state key", keys.state.state.expose());
    needles.bytes("the audit key", keys.state.audit.expose());
    needles
}

#[test]
fn after_a_lock_no_key_is_left_in_the_process() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let keys = ClinicKeys::of(&clinic.database(), "msantos", PASSWORD, &device_item(desk, &clinic.keychain_id()));
    let needles = needles(&clinic, &keys);
    let mut session = Session::start(clinic.ctl());
    let pid = session.child.id();
    for round in 1..=2 {
        assert_eq!(session.does(&format!("{PASSWORD}\t{}", clinic.phone.code())), "in");
        let held = needles.found_in(pid);
        // The search finds what is there: the DEK, once, on its page; nothing else is needed to stay signed in.
        assert!(held.iter().any(|place| place.starts_with("the DEK, raw")), "round {round}: {held:#?}");
        assert!(locked_kib(pid) > 0, "its page is kept out of the swap file");
        assert_eq!(session.does("lock"), "locked");
        let left = needles.found_in(pid);
        assert!(left.is_empty(), "round {round}: {left:#?}");
        assert_eq!(locked_kib(pid), 0, "and given back");
    }
    session.end();
}

/// C98: whatever was being worked with when the program stops, it says the place and nothing else, and so does its log.
#[test]
fn c98_a_panic_tells_its_place_and_nothing_else() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let wrong = clinic.phone.wrong_code();
    let mut session = Session::start(clinic.ctl());
    assert_eq!(session.does(&format!("{PASSWORD}\t{wrong}")), "locked");
    writeln!(session.input, "panic\t{PASSWORD} {wrong}").expect("written");
    let said = session.last_words();
    assert!(said.starts_with("stopped at tests/cli/memory.rs:"), "{said}");
    let folder = clinic.ctl().data_dir.join("logs");
    let log = std::fs::read_to_string(folder.join("clinic2fa.log")).expect("a log");
    assert!(log.lines().last().expect("a line").contains("panicked place=tests/cli/memory.rs:"), "{log}");
    for secret in [PASSWORD, &wrong, &clinic.phone.secret, &clinic.key, &clinic.spares[0]] {
        assert!(!said.contains(secret) && !log.contains(secret), "{secret}: {said}\n{log}");
    }
}

/// How much of its memory a process has pinned.
fn locked_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).expect("a figure");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
