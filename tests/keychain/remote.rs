//! The real [`OsKeychain`] in a process of its own, spoken to in lines.
//!
//! `read NAME`, `write NAME HEX`, `remove NAME`, `describe`; names travel in hexadecimal too.
//! Answered by `value HEX`, `none`, `done`, `waiting`, `locked`, `absent`, `broken WORDS` or `is WORDS`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use clinic2fa::adapters::keychain::OsKeychain;
use clinic2fa::domain::secret::Secret;
use clinic2fa::ports::{ItemName, Keychain, KeychainError};
use data_encoding::HEXLOWER;

use crate::desk::Desk;

/// Set for the child alone; its value is the limit in milliseconds.
const CHILD: &str = "CLINIC2FA_TEST_KEYCHAIN_CHILD";

/// How much later than the limit an answer may come on a busy machine before the limit counts as broken.
const SLACK: Duration = Duration::from_secs(8);

pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// The child's side, until its input ends.
pub(crate) fn serve() {
    let limit = std::env::var(CHILD).ok().and_then(|text| text.parse().ok()).expect("a limit");
    let mut keychain = OsKeychain::new(Duration::from_millis(limit));
    for line in std::io::stdin().lines() {
        println!("{}", answer(&mut keychain, &line.expect("a line")));
    }
}

fn answer(keychain: &mut OsKeychain, line: &str) -> String {
    let bytes = |hex: Option<&str>| HEXLOWER.decode(hex.unwrap_or_default().as_bytes()).expect("hexadecimal");
    let mut words = line.split(' ');
    let verb = words.next().expect("a verb");
    let item = ItemName(String::from_utf8(bytes(words.next())).expect("a name"));
    let result = match verb {
        "read" => keychain.read(&item).map(|found| match found {
            Some(value) => format!("value {}", HEXLOWER.encode(value.expose())),
            None => "none".to_owned(),
        }),
        "write" => keychain.write(&item, &Secret::new(bytes(words.next()))).map(|()| "done".to_owned()),
        "remove" => keychain.remove(&item).map(|()| "done".to_owned()),
        "describe" => Ok(format!("is {}", keychain.describe())),
        other => panic!("no such verb: {other}"),
    };
    result.unwrap_or_else(|error| match error {
        KeychainError::Waiting => "waiting".to_owned(),
        KeychainError::Locked => "locked".to_owned(),
        KeychainError::Absent => "absent".to_owned(),
        KeychainError::Broken(words) => format!("broken {words}"),
    })
}

/// The test's side: a keychain like any other, so that the contract runs against it.
pub(crate) struct Remote {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
    patience: Duration,
}

impl Remote {
    /// With a limit that nothing should run into.
    pub(crate) fn start(desk: &Desk) -> Self {
        Self::with_limit(desk, Duration::from_secs(20))
    }

    pub(crate) fn with_limit(desk: &Desk, limit: Duration) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        desk.enter(&mut command);
        Self::spawn(command, limit)
    }

    pub(crate) fn spawn(mut command: Command, limit: Duration) -> Self {
        command.env(CHILD, limit.as_millis().to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the child");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (said, answers) = mpsc::channel();
        thread::Builder::new()
            .name("child's answers".to_owned())
            .spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| said.send(line)))
            .expect("a thread");
        Self { child, input, answers, patience: limit + SLACK }
    }

    fn ask(&mut self, line: &str) -> Result<String, KeychainError> {
        writeln!(self.input, "{line}").expect("the child listens");
        let answer = self.answers.recv_timeout(self.patience).expect("an answer within the limit");
        match answer.as_str() {
            "waiting" => Err(KeychainError::Waiting),
            "locked" => Err(KeychainError::Locked),
            "absent" => Err(KeychainError::Absent),
            other => match other.strip_prefix("broken ") {
                Some(words) => Err(KeychainError::Broken(words.to_owned().leak())),
                None => Ok(answer),
            },
        }
    }
}

fn hex(text: &ItemName) -> String {
    HEXLOWER.encode(text.0.as_bytes())
}

impl Keychain for Remote {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        let answer = self.ask(&format!("read {}", hex(item)))?;
        Ok(answer
            .strip_prefix("value ")
            .map(|text| Secret::new(HEXLOWER.decode(text.as_bytes()).expect("hexadecimal"))))
    }

    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError> {
        let answer = self.ask(&format!("write {} {}", hex(item), HEXLOWER.encode(value.expose())))?;
        assert_eq!(answer, "done");
        Ok(())
    }

    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError> {
        let answer = self.ask(&format!("remove {}", hex(item)))?;
        assert_eq!(answer, "done");
        Ok(())
    }

    fn describe(&self) -> String {
        "a keychain in another process".to_owned()
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // Gone already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
