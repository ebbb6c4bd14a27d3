//! What the clinic remembers on paper and phone while its computer dies again and again, and what must hold after each death.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::totp::{self, Seed};
use clinic2fa::domain::verify::{Presented, Verdict};
use clinic2fa::effects::{Desk, Failure, Purpose, Standing};
use data_encoding::BASE32_NOPAD;
use rusqlite::Connection;

use crate::clinic::{MARIA, PASSWORD, T0};
use crate::files;

/// How the process ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// At one call that changes a file, in one way; see `trip.c`.
    At { call: u32, how: &'static str },
    /// Killed from outside after so long.
    After(Duration),
    /// By itself.
    Itself,
}

/// What a process told before it ended.
pub(crate) struct Told {
    lines: Vec<String>,
    /// Whether the call with that number was met at all.
    pub(crate) met: bool,
    /// How long it lived.
    pub(crate) lived: Duration,
    /// Whether it was killed.
    pub(crate) killed: bool,
}

impl Told {
    fn of(output: &std::process::Output, lived: Duration, met: bool) -> Self {
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(!words.contains("panicked"), "{words}");
        let lines = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        let killed = std::os::unix::process::ExitStatusExt::signal(&output.status) == Some(9);
        Self { lines, met, lived, killed }
    }

    pub(crate) fn says(&self, line: &str) -> bool {
        self.lines.iter().any(|told| told == line)
    }

    fn last<'a>(&'a self, start: &str) -> Option<&'a str> {
        self.lines.iter().rev().find_map(|line| line.strip_prefix(start))
    }
}

/// What must never fall.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
struct Heights {
    epoch: i64,
    entries: i64,
    step: i64,
}

/// A clinic in a folder, and what its people have in their hands.
pub(crate) struct World {
    folder: tempfile::TempDir,
    trip: PathBuf,
    pub(crate) unix: i64,
    pub(crate) seed: Option<String>,
    pub(crate) password: String,
    /// The codes that were printed, spent ones taken off.
    pub(crate) sheet: Vec<String>,
    /// The clinic recovery key, as printed.
    pub(crate) clinic_key: String,
    heights: Heights,
    files: u32,
}

impl World {
    pub(crate) fn new(trip: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            folder,
            trip: trip.to_owned(),
            unix: T0,
            seed: None,
            password: PASSWORD.to_owned(),
            sheet: Vec::new(),
            clinic_key: String::new(),
            heights: Heights::default(),
            files: 0,
        }
    }

    /// One that has been set up, half a minute ago.
    pub(crate) fn set_up(trip: &Path) -> Self {
        let mut world = Self::new(trip);
        let told = world.child("set-up", &[], End::Itself);
        assert!(told.says("end"), "{:?}", told.lines);
        world.waits(30);
        world
    }

    /// A file that is not there yet.
    pub(crate) fn new_file(&mut self, name: &str) -> PathBuf {
        self.files += 1;
        self.folder.path().join(format!("{name}-{}", self.files))
    }

    pub(crate) fn waits(&mut self, secs: i64) {
        self.unix += secs;
    }

    /// The code so many steps from now.
    pub(crate) fn code(&self, steps: i64) -> String {
        self.code_of(self.seed.as_ref().expect("scanned"), steps)
    }

    /// What a phone with that entry shows so many steps from now.
    pub(crate) fn code_of(&self, seed: &str, steps: i64) -> String {
        let seed = BASE32_NOPAD.decode(seed.as_bytes()).expect("base32");
        let seed = Seed::from_stored(Secret::new(seed)).expect("160 bits");
        totp::code_at(&seed, totp::step_at(self.unix + 30 * steps))
    }

    /// Six digits that the phone does not show within minutes.
    pub(crate) fn wrong_code(&self) -> String {
        let near: Vec<String> = (-10..=10).map(|steps| self.code(steps)).collect();
        (0..).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).expect("one in a million")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("child").arg(self.folder.path()).arg(self.unix.to_string()).args(words);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Processes that do these stories at the same moment, each to its end.
    pub(crate) fn children(&self, stories: &[Vec<&str>]) -> Vec<Told> {
        let start = |words: &Vec<&str>| self.command(words).spawn().expect("started");
        let running: Vec<_> = stories.iter().map(start).collect();
        let ended = running.into_iter().map(|child| child.wait_with_output().expect("ended"));
        ended.map(|output| Told::of(&output, Duration::ZERO, false)).collect()
    }

    /// A process that does one story and ends somehow.
    pub(crate) fn child(&mut self, story: &str, arguments: &[&str], end: End) -> Told {
        let mark = self.folder.path().join("met");
        std::fs::remove_file(&mark).ok();
        let mut command = self.command(&[&[story], arguments].concat());
        if let End::At { call, how } = end {
            command
                .env("LD_PRELOAD", &self.trip)
                .env("TRIP_FOLDER", self.folder.path().canonicalize().expect("a folder"))
                .env("TRIP_AT", call.to_string())
                .env("TRIP_HOW", how)
                .env("TRIP_TOLD", &mark);
        }
        let clock = clinic2fa::adapters::system_clock();
        let began = clock.now().boot.since_start;
        let mut child = command.spawn().expect("started");
        if let End::After(time) = end {
            // The killer's own patience: what dies is a process, and no clock of ours can be turned for it.
            std::thread::park_timeout(time);
            child.kill().ok();
        }
        let output = child.wait_with_output().expect("ended");
        let lived = clock.now().boot.since_start.saturating_sub(began);
        let told = Told::of(&output, lived, mark.exists());
        if let Some(uri) = told.last("uri ") {
            let seed = seed_in(uri);
            let over = told.says("over");
            // C05: the square that was scanned stays the one, unless the program said that it starts over.
            assert!(over || self.seed.as_ref().is_none_or(|before| *before == seed), "another square");
            self.seed = Some(seed);
        }
        if story == "set-up" {
            self.sheet = told.sheet().unwrap_or_else(|| self.sheet.clone());
            self.clinic_key = told.clinic_key().unwrap_or_else(|| self.clinic_key.clone());
        }
        told
    }

    /// The keychain is emptied, as after a password of the computer's was reset by somebody else.
    pub(crate) fn loses_keychain(&self) {
        let keys = files::keys(self.folder.path());
        std::fs::remove_dir_all(&keys).expect("keys");
        std::fs::create_dir(&keys).expect("a folder");
    }

    /// The manager at a desk of our own, about to change something.
    pub(crate) fn manager(&self) -> Desk {
        let mut desk = self.desk();
        let code = Presented::Code(crate::clinic::digits(&self.code(0)));
        let told = desk.sign_in(MARIA, &SecretText::from(self.password.as_str()), &code, Purpose::Change);
        assert!(matches!(told, Ok((Verdict::Accepted { .. }, _))), "{told:?}");
        desk
    }

    pub(crate) fn desk(&self) -> Desk {
        files::desk(self.folder.path(), &files::clock(self.unix)).expect("a data directory")
    }

    /// One sign-in at a desk of our own.
    pub(crate) fn tries(&self, password: &str, presented: &Presented) -> Verdict {
        self.tries_as(MARIA, password, presented)
    }

    pub(crate) fn tries_as(&self, person: &str, password: &str, presented: &Presented) -> Verdict {
        let told = self.desk().sign_in(person, &SecretText::from(password), presented, Purpose::Work);
        told.unwrap_or_else(|failure| panic!("{failure:?}")).0
    }

    pub(crate) fn tries_code(&self, code: &str) -> Verdict {
        self.tries(&self.password, &Presented::Code(crate::clinic::digits(code)))
    }

    pub(crate) fn tries_spare(&self, spare: &str) -> Verdict {
        let spare = RecoveryCode::parse(spare).unwrap_or_else(|_| panic!("{spare}"));
        self.tries(&self.password, &Presented::Recovery(spare))
    }

    pub(crate) fn number(&self, query: &str) -> i64 {
        let connection = Connection::open(self.database()).expect("the file");
        connection.query_row(query, [], |row| row.get(0)).expect("one number")
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("data").join("state.db")
    }

    /// What holds after every death: the file is whole, nothing fell, the log's chain has no break, the keychain is not
    /// ahead of the file, and the clinic stands where it stood.
    pub(crate) fn is_sound(&mut self, end: End) {
        if !self.database().exists() {
            assert!(matches!(self.desk().stand(), Ok(Standing::New)), "{end:?}: never a lost database");
            return;
        }
        // First this program, which mends what has to be mended; then a look behind its back.
        let standing = self.desk().stand();
        let connection = Connection::open(self.database()).expect("the file");
        let whole: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
        assert_eq!(whole, "ok", "{end:?}");
        match standing {
            Ok(Standing::Active(_)) => {}
            Ok(Standing::New | Standing::Pending(_)) if self.heights == Heights::default() => return,
            other => panic!("{end:?}: {other:?}"),
        }
        let heights = Heights {
            epoch: self.number("SELECT epoch FROM clinic"),
            entries: self.number("SELECT head_number FROM clinic"),
            step: self.number("SELECT max(last_step) FROM factor WHERE person = 'msantos'"),
        };
        let before = self.heights;
        assert!(
            heights.epoch >= before.epoch && heights.entries >= before.entries && heights.step >= before.step,
            "{end:?}: {before:?} fell to {heights:?}"
        );
        self.heights = heights;
        let keychain = std::fs::read_dir(files::keys(self.folder.path())).expect("keys").flatten();
        let item = keychain.map(|entry| entry.path()).find(|path| path.display().to_string().contains("epoch-"));
        let kept = std::fs::read(item.expect("an epoch")).expect("read");
        let kept = i64::from_be_bytes(kept.try_into().expect("eight bytes"));
        assert!(kept <= heights.epoch, "{end:?}: the keychain is ahead of the file");
        assert!(matches!(self.desk().verify_log(), Ok(Ok(_))), "{end:?}: the log");
        // Everybody who is set up has one phone that counts and ten codes; nobody else has any.
        assert_eq!(self.number("SELECT count(*) FROM person WHERE id = 'msantos' AND stage = 'active'"), 1, "{end:?}");
        let uneven = "SELECT count(*) FROM person
            WHERE (SELECT count(*) FROM factor WHERE person = person.id AND stage = 'active') <> (person.stage = 'active')
               OR (SELECT count(*) FROM recovery_code WHERE person = person.id) <> 10 * (person.stage = 'active')";
        assert_eq!(self.number(uneven), 0, "{end:?}: half an enrolment");
        let nobodys = "SELECT (SELECT count(*) FROM factor WHERE person NOT IN (SELECT id FROM person))
            + (SELECT count(*) FROM recovery_code WHERE person NOT IN (SELECT id FROM person))";
        assert_eq!(self.number(nobodys), 0, "{end:?}: what is left of somebody who is gone");
    }

    /// The next honest sign-in works.
    pub(crate) fn goes_on(&mut self, end: End) {
        self.waits(90);
        let told = self.tries_code(&self.code(0));
        assert!(matches!(told, Verdict::Accepted { .. }), "{end:?}: {told:?}");
    }
}

fn seed_in(uri: &str) -> String {
    uri.split_once("?secret=").and_then(|(_, rest)| rest.split('&').next()).expect("a seed").to_owned()
}

impl Told {
    /// What another phone than the manager's first has scanned.
    pub(crate) fn scanned(&self) -> Option<String> {
        self.last("scanned ").map(seed_in)
    }

    /// The slips, in their order.
    pub(crate) fn slips(&self) -> Vec<&str> {
        self.lines.iter().filter_map(|line| line.strip_prefix("slip ")).collect()
    }

    fn clinic_key(&self) -> Option<String> {
        self.last("sheet ")?.split_once(' ').map(|(_codes, key)| key.to_owned())
    }

    /// The ten codes printed last.
    pub(crate) fn sheet(&self) -> Option<Vec<String>> {
        let (codes, _key) = self.last("sheet ")?.split_once(' ')?;
        Some(codes.split(',').map(str::to_owned).collect())
    }

    /// Nobody is told anything by a process that could not do it.
    pub(crate) fn failed(&self) -> Option<&str> {
        self.last("failure ")
    }
}

/// A failure that a full or failing disk, or a failing keychain, explains.
pub(crate) fn is_honest(failure: &str) -> bool {
    let known = [
        Failure::Store(clinic2fa::ports::StoreError::Full),
        Failure::Store(clinic2fa::ports::StoreError::ReadOnly),
        Failure::Store(clinic2fa::ports::StoreError::Damaged),
        Failure::Copy(clinic2fa::ports::CopyError::Full),
        Failure::Copy(clinic2fa::ports::CopyError::Broken),
        Failure::Copy(clinic2fa::ports::CopyError::Store(clinic2fa::ports::StoreError::Full)),
    ];
    known.iter().any(|known| failure == format!("{known:?}"))
        || failure.starts_with("Store(Broken(")
        || failure.starts_with("Copy(Store(Broken(")
        || failure.starts_with("Keychain(Broken(")
}
