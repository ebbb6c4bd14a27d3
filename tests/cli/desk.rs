//! A private desktop that stays while tests run programs on it, and what a program said there.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::ports::Clock;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_clinic2factl");
const DESK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/desk");

/// The environment of a desktop, which lasts as long as this does.
pub(crate) struct Desk {
    keeper: Child,
    environment: Vec<(OsString, OsString)>,
}

impl Desk {
    /// The desktop that most tests share.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Desk>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start("unlocked")).as_ref()
    }

    /// A desktop with a keyring in that state, or `None` after saying why there is none.
    pub(crate) fn start(keyring: &str) -> Option<Self> {
        Self::with(&["--screen", "none", "--keyring", keyring])
    }

    /// A desktop made with these options of `.ci/desk`.
    pub(crate) fn with(options: &[&str]) -> Option<Self> {
        // `cat` ends when this process does, however it does, and the desktop with it.
        let keep =
            "for tool in oathtool secret-tool; do command -v $tool >/dev/null || { echo $tool is missing >&2; exit 1; }
            done; env -0; printf '\\0'; exec cat >/dev/null";
        let mut keeper = Command::new(DESK)
            .args(options)
            .args(["--", "sh", "-c", keep])
            .env("RUST_LOG", "trace")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("python3 and .ci/desk");
        let mut environment = Vec::new();
        let mut said = BufReader::new(keeper.stdout.take().expect("its output"));
        loop {
            let mut entry = Vec::new();
            said.read_until(0, &mut entry).expect("its environment");
            match entry.strip_suffix(&[0]) {
                Some([]) => return Some(Self { keeper, environment }),
                Some(entry) => {
                    let at = entry.iter().position(|byte| *byte == b'=').expect("NAME=VALUE");
                    let (name, value) = entry.split_at(at);
                    environment.push((OsStr::from_bytes(name).into(), OsStr::from_bytes(&value[1..]).into()));
                }
                None => {
                    let mut why = String::new();
                    keeper.stderr.take().expect("its errors").read_to_string(&mut why).expect("text");
                    leave_out(why.trim());
                    return None;
                }
            }
        }
    }

    pub(crate) fn home(&self) -> PathBuf {
        let home = self.environment.iter().find(|(name, _)| name == "HOME");
        PathBuf::from(&home.expect("a home").1)
    }

    /// A program on this desktop.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What happens to keyrings: `lock`, `unlock`, `hang`, `resume`.
    pub(crate) fn keyring(&self, action: &str) {
        let done = self.command(DESK).args(["keyring", action]).output().expect("run");
        assert!(done.status.success(), "keyring {action}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// The program on a data directory.
    pub(crate) fn ctl(&self, data_dir: &Path) -> Ctl<'_> {
        Ctl { desk: self, data_dir: data_dir.to_owned() }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        drop(self.keeper.wait());
    }
}

/// Says on the real standard error what is not tested here; fails where everything must be there.
pub(crate) fn leave_out(why: &str) {
    let required = std::env::var_os("CLINIC2FA_REQUIRE_SERVICES").is_some_and(|set| set == "1");
    assert!(!required, "required here: {why}");
    writeln!(std::io::stderr(), "left out: {why}").expect("written");
}

/// The desktop shared by most tests, or the end of a test that needs it.
macro_rules! desk_or_leave_out {
    () => {
        match crate::desk::Desk::shared() {
            Some(desk) => desk,
            None => return,
        }
    };
    ($keyring:literal) => {
        match crate::desk::Desk::start($keyring) {
            Some(desk) => desk,
            None => return,
        }
    };
}
pub(crate) use desk_or_leave_out;

/// The program on one data directory.
#[derive(Clone)]
pub(crate) struct Ctl<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) data_dir: PathBuf,
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ctl<'_> {
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.desk.command(PROGRAM);
        command.arg("--data-dir").arg(&self.data_dir).args(arguments);
        command
    }

    /// Runs without `--json`.
    pub(crate) fn plain(&self, line: &str, input: &[&str]) -> Said {
        run(self.command(words(line)), &joined(input))
    }

    /// Runs with `--json`; the exit status and the one object.
    pub(crate) fn json(&self, line: &str, input: &[&str]) -> (i32, Value) {
        self.bytes(line, joined(input).as_bytes())
    }

    /// The same with standard input as bytes.
    pub(crate) fn bytes(&self, line: &str, input: &[u8]) -> (i32, Value) {
        let mut command = self.command(words(line));
        command.arg("--json");
        run_bytes(command, input).object()
    }

    /// Runs, and the answer must be that refusal.
    #[track_caller]
    pub(crate) fn refused(&self, line: &str, input: &[&str], status: i32, code: &str) {
        let (got, answer) = self.json(line, input);
        assert_eq!((got, &answer["error"]["code"]), (status, &Value::from(code)), "{line}: {answer}");
    }

    /// Runs, and it must be done; the answer.
    #[track_caller]
    pub(crate) fn done(&self, line: &str, input: &[&str]) -> Value {
        let (status, answer) = self.json(line, input);
        assert_eq!(status, 0, "{line}: {answer}");
        answer
    }

    /// Runs, and it must be judged like that.
    #[track_caller]
    pub(crate) fn judged(&self, line: &str, input: &[&str], status: i32, verdict: &str) -> Value {
        let (got, answer) = self.json(line, input);
        assert_eq!((got, &answer["verdict"]), (status, &Value::from(verdict)), "{line}: {answer}");
        let fields: Vec<&str> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
        for field in ["verdict", "wait_secs", "clock_off_secs", "recovery_left"] {
            assert!(fields.contains(&field), "{line}: {answer}");
        }
        answer
    }

    /// Waits until nothing keeps the only person from trying again. Asks seldom: each look is a process.
    #[track_caller]
    pub(crate) fn until_free(&self, secs: usize) {
        const A_SECOND: usize = 2;
        let free = (0..secs * A_SECOND).any(|_| {
            std::thread::park_timeout(Duration::from_millis(500));
            self.done("people list", &[])["people"][0]["state"] == "active"
        });
        assert!(free, "still waiting after {secs} s");
    }

    /// `status`, which must answer.
    #[track_caller]
    pub(crate) fn state(&self) -> String {
        self.done("status", &[])["state"].as_str().expect("a word").to_owned()
    }
}

impl Said {
    /// Standard output is exactly one JSON object and standard error is silent; an error is a documented one.
    #[track_caller]
    pub(crate) fn object(&self) -> (i32, Value) {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        let answer: Value = serde_json::from_str(&self.out).expect("JSON");
        assert!(answer.is_object() && self.err.is_empty(), "{self:?}");
        if let Some(error) = answer.get("error") {
            let code = error["code"].as_str().expect("a code");
            assert!(crate::codes::documented().contains(code), "{code} is not in the list of error codes");
            for sentence in [&error["what"], &error["do"]] {
                let sentence = sentence.as_str().expect("a sentence");
                assert!(sentence.ends_with('.') && !sentence.contains(['{', '}']), "{code}: {sentence}");
            }
        }
        (self.status, answer)
    }
}

/// Words at blanks; what stands between single quotes is one word.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut open = false;
    for letter in line.chars() {
        match letter {
            '\'' => (quoted, open) = (!quoted, true),
            ' ' if !quoted => {
                if open {
                    words.push(String::new());
                }
                open = false;
            }
            letter => {
                words.last_mut().expect("a word").push(letter);
                open = true;
            }
        }
    }
    if !open {
        words.pop();
    }
    words
}

pub(crate) fn joined(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// Runs to the end with that input.
pub(crate) fn run(command: Command, input: &str) -> Said {
    run_bytes(command, input.as_bytes())
}

pub(crate) fn run_bytes(mut command: Command, input: &[u8]) -> Said {
    command.stdin(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    // It may have ended already without reading.
    drop(child.stdin.take().expect("its input").write_all(input));
    finish(child)
}

/// Waits for the end of a program.
pub(crate) fn finish(child: Child) -> Said {
    let output = child.wait_with_output().expect("its end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Said { status: status_of(output.status), out: text(output.stdout), err: text(output.stderr) }
}

/// A signal is no exit status: no test expects one.
pub(crate) fn status_of(status: ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}

pub(crate) fn unix_secs() -> u64 {
    SystemClock::new().now().unix_secs.try_into().expect("after 1970")
}

/// Looks again and again until it is so; fails when it is not within the time.
#[track_caller]
pub(crate) fn until(what: &str, secs: u64, mut so: impl FnMut() -> bool) {
    let clock = SystemClock::new();
    let end = clock.now().boot.since_start + Duration::from_secs(secs);
    while !so() {
        assert!(clock.now().boot.since_start < end, "not within {secs} s: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// How long something took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let clock = SystemClock::new();
    let start = clock.now().boot.since_start;
    let value = work();
    (clock.now().boot.since_start - start, value)
}
