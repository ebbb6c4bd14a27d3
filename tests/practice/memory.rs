//! After a lock nothing of what a sign-in released is left in our process: looked for from outside, in all of its memory.
//!
//! The process is this program started again, with the window's flow, thread and memory, on a clinic of its own. What is
//! released reaches it by its standard input alone.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use clinic2fa::adapters::process;
use clinic2fa::adapters::sms::NetworkGateway;
use clinic2fa::domain::page;
use clinic2fa::domain::presence::Why;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::effects::Courier;
use clinic2fa::flows::program::{Act, Program, Stage};
use clinic2fa::flows::session::Practice;
use clinic2fa::flows::sign_in;
use clinic2fa::ports::Clock as _;
use clinic2fa::worker::Worker;

use crate::clinic::{PASSWORD, STEP};
use crate::office::{Front, is_there, outside};
use crate::scan::Needles;
use crate::server::{ADMIN, Server};

#[global_allocator]
static MEMORY: process::Memory = process::memory();

/// Set for the child alone.
const CHILD: &str = "CLINIC2FA_TEST_MEMORY_CHILD";
const PATIENCE: Duration = Duration::from_secs(60);

/// One line of the standard input, byte by byte: a buffer of the library's would be left behind.
fn line(input: &mut File) -> SecretText {
    let (mut line, mut byte) = (SecretText::default(), [0]);
    while input.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
        line.edit().push(char::from(byte[0]));
    }
    line
}

/// Not by way of libtest, which would hold it back.
fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap();
}

/// The child's side of the tests below; on its own it has nothing to do.
#[test]
fn child() {
    let Some(settings) = std::env::var_os(CHILD) else { return };
    process::pin_keys();
    let mut input = File::from(std::io::stdin().as_fd().try_clone_to_owned().unwrap());
    let key = line(&mut input);
    say("has it");
    line(&mut input);
    let mut front = Front::new();
    let words: Vec<&str> = settings.to_str().unwrap().split(' ').collect();
    let pairs: Vec<(&str, &str)> = words.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    front.sets(&pairs);
    front.keeps(key.expose()).unwrap();
    drop(key);
    front.starts("env >env.new; cat >input; [ -z \"$CLINIC2FA_KEY_FD\" ] || cat /dev/fd/$CLINIC2FA_KEY_FD >file; mv env.new env; exec sleep 60");
    front.clinic.desk.finish();
    page::sweep_stack();
    front.clinic.waits(STEP);

    let (wake, woken) = sync_channel(64);
    let office = front.clinic.office.clone();
    let mut worker = Worker::start(
        move || office.desk().with_outside(outside()),
        Courier::new(Box::new(NetworkGateway)),
        move || {
            wake.try_send(()).ok();
        },
    )
    .unwrap();
    let clock = front.clinic.office.clock.clone();
    let answered = |program: &mut Program, worker: &mut Worker, woken: &Receiver<()>| {
        while program.is_busy() || matches!(&program.stage, Stage::In(flow) if flow.practice == Practice::Starting) {
            match worker.receive() {
                Some(reply) => {
                    let orders = program.answer(reply, &clock.now());
                    worker.send(orders);
                }
                None => drop(woken.recv_timeout(PATIENCE).expect("an answer in time")),
            }
        }
    };
    let (mut program, orders) = Program::start(None);
    worker.send(orders);
    answered(&mut program, &mut worker, &woken);
    let code = SecretText::new(front.clinic.phone.code());
    let act = Act::SignIn(sign_in::Act::SignIn { password: SecretText::from(PASSWORD), code });
    let orders = program.act(act, &clock.now());
    worker.send(orders);
    answered(&mut program, &mut worker, &woken);
    assert!(matches!(&program.stage, Stage::In(flow) if flow.practice == Practice::Running(None)));
    say(front.folder.path().to_str().unwrap());
    line(&mut input);
    let orders = program.act(Act::Lock(Why::Asked), &clock.now());
    worker.send(orders);
    answered(&mut program, &mut worker, &woken);
    assert!(matches!(program.stage, Stage::Lock(_)));
    say("locked");
    line(&mut input);
    worker.end(PATIENCE);
}

/// The parent's end of it.
struct Process {
    child: Child,
    input: ChildStdin,
    said: BufReader<ChildStderr>,
}

impl Process {
    /// With these settings, and the key on its input.
    fn start(settings: &str, key: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "memory::child", "--nocapture"])
            .env(CHILD, settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, said) = (child.stdin.take().unwrap(), BufReader::new(child.stderr.take().unwrap()));
        let mut process = Self { child, input, said };
        assert_eq!(process.goes_on(key), "has it");
        process
    }

    fn goes_on(&mut self, line: &str) -> String {
        writeln!(self.input, "{line}").unwrap();
        let mut said = String::new();
        self.said.read_line(&mut said).unwrap();
        said.trim_end().to_owned()
    }

    #[track_caller]
    fn has(&self, needles: &Needles) -> Vec<String> {
        needles.found_in(self.child.id())
    }

    #[track_caller]
    fn ends(mut self) {
        writeln!(self.input).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

/// 64 hexadecimal digits that no other process has.
fn random() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    data_encoding::HEXLOWER.encode(&bytes)
}

fn needles(key: &str) -> Needles {
    let mut needles = Needles::default();
    needles.text("the key", key);
    needles.bytes("the key", key.as_bytes());
    needles.bytes("its bytes", &data_encoding::HEXLOWER.decode(key.as_bytes()).unwrap());
    needles
}

#[test]
fn a_stored_key_is_not_left_however_it_is_handed_over() {
    for key_by in ["environment", "input", "descriptor"] {
        let key = random();
        let needles = needles(&key);
        let mut process = Process::start(&format!("opens text key-by {key_by}"), &key);
        assert!(!process.has(&needles).is_empty(), "the search finds what is there");
        let folder = process.goes_on("").into();
        handed_over(folder, &key);
        assert_eq!(process.goes_on("lock"), "locked");
        let left = process.has(&needles);
        assert!(left.is_empty(), "{key_by}: {left:#?}");
        process.ends();
    }
}

/// The program has it: what is looked for is what was released.
#[track_caller]
fn handed_over(folder: std::path::PathBuf, key: &str) {
    crate::office::until("the program's files", || folder.join("env").exists());
    let found = crate::search::files_with(key, &folder);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_servers_passwords_are_not_left() {
    let Some(server) = Server::start() else { return };
    if !is_there("psql") {
        return;
    }
    let settings = format!(
        "opens postgres postgres-host 127.0.0.1 postgres-port {} postgres-database office postgres-admin desks \
         postgres-role office",
        server.port
    );
    let mut process = Process::start(&settings, ADMIN);
    let mut needles = Needles::default();
    needles.text("the administrative password", ADMIN);
    assert!(!process.has(&needles).is_empty(), "the search finds what is there");
    let folder = std::path::PathBuf::from(process.goes_on(""));
    crate::office::until("the program's files", || folder.join("env").exists());
    let env = std::fs::read_to_string(folder.join("env")).unwrap();
    let password = env.lines().find_map(|line| line.strip_prefix("PGPASSWORD=")).unwrap();
    needles.text("the desk's password", password);
    needles.bytes("its bytes", &data_encoding::HEXLOWER.decode(password.as_bytes()).unwrap());
    assert_eq!(process.goes_on("lock"), "locked");
    let left = process.has(&needles);
    assert!(left.is_empty(), "{left:#?}");
    process.ends();
}
