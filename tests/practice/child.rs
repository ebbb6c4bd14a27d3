//! A window's process without the window: this program started again, with the window's flow, thread and memory, on a
//! clinic of its own. What is released reaches it by its standard input alone.

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
use crate::office::{Front, outside};

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
    writeln!(std::io::stderr(), "{text}").expect("said");
}

/// The child's side; on its own it has nothing to do. Its clock is five times as fast as the real one.
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
    front.starts("echo $$ >pid; env >env.new; cat >input; [ -z \"$CLINIC2FA_KEY_FD\" ] || cat /dev/fd/$CLINIC2FA_KEY_FD >file; mv env.new env; exec sleep 60");
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
    let turned = clock.clone();
    let turn = move || loop {
        std::thread::park_timeout(Duration::from_millis(100));
        turned.advance(Duration::from_millis(500));
    };
    std::thread::Builder::new().name("clock".to_owned()).spawn(turn).unwrap();
    let answered = |program: &mut Program, worker: &mut Worker, woken: &Receiver<()>| {
        while program.is_busy() || matches!(&program.stage, Stage::In(flow) if flow.practice == Practice::Starting) {
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

/// The parent's end of it. Each line that it is given takes it one step on: it has the key; somebody is signed in (it
/// answers with the folder of its program's files); it is locked; the end.
pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    said: BufReader<ChildStderr>,
    /// For everything that it leaves when it is killed.
    _folder: tempfile::TempDir,
}

impl Process {
    /// With these settings, and the key on its input.
    pub(crate) fn start(settings: &str, key: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::child", "--nocapture"])
            .env(CHILD, settings)
            .env("TMPDIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, said) = (child.stdin.take().unwrap(), BufReader::new(child.stderr.take().unwrap()));
        let mut process = Self { child, input, said, _folder: folder };
        assert_eq!(process.goes_on(key), "has it");
        process
    }

    pub(crate) fn goes_on(&mut self, line: &str) -> String {
        writeln!(self.input, "{line}").unwrap();
        let mut said = String::new();
        self.said.read_line(&mut said).unwrap();
        said.trim_end().to_owned()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// As by `kill -9`.
    pub(crate) fn dies(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    #[track_caller]
    pub(crate) fn ends(mut self) {
        writeln!(self.input).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}
