//! A clinic whose sign-ins open something.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::adapters::postgres::PgLogins;
use clinic2fa::adapters::program::OsPrograms;
use clinic2fa::adapters::sqlcipher::SqlcipherFiles;
use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::verify::{Presented, Verdict};
use clinic2fa::effects::{Failure, KeyChange, Managed, Outside, Purpose, Started};
use clinic2fa::ports::Clock;
use tempfile::TempDir;

use crate::clinic::{Clinic, MARIA, PASSWORD, STEP, digits};

pub(crate) fn outside() -> Outside {
    Outside {
        programs: Box::new(OsPrograms::default()),
        logins: Box::new(PgLogins::default()),
        files: Box::new(SqlcipherFiles),
    }
}

/// A clinic with the outside behind its desk, and a folder for what programs leave.
pub(crate) struct Front {
    pub(crate) clinic: Clinic,
    pub(crate) folder: TempDir,
}

impl Front {
    pub(crate) fn new() -> Self {
        let mut clinic = Clinic::oak_tree();
        clinic.desk = clinic.office.desk().with_outside(outside());
        Self { clinic, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a program wrote into a file of the folder, once it is there and ends with a line.
    pub(crate) fn written(&self, name: &str) -> String {
        let path = self.path(name);
        until(&format!("{name} to be written"), || fs::read_to_string(&path).is_ok_and(|text| text.ends_with('\n')));
        fs::read_to_string(path).unwrap()
    }

    /// For one change, as on the command line.
    pub(crate) fn for_a_change(&mut self) {
        self.clinic.waits(STEP);
        let code = Presented::Code(digits(&self.clinic.phone.code()));
        let (verdict, _) =
            self.clinic.desk.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Change).unwrap();
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    }

    #[track_caller]
    pub(crate) fn sets(&mut self, pairs: &[(&str, &str)]) {
        self.tries_to_set(pairs).unwrap();
    }

    pub(crate) fn tries_to_set(&mut self, pairs: &[(&str, &str)]) -> Result<(), Failure> {
        let mut settings = self.clinic.desk.look().unwrap().unwrap().settings;
        for (key, value) in pairs {
            settings.practice.set(key, value).unwrap_or_else(|_| panic!("{key} {value}"));
        }
        self.for_a_change();
        self.clinic.desk.managed(Managed::Settings(Edit::whole(settings)))
    }

    pub(crate) fn keeps(&mut self, key: &str) -> Result<(), Failure> {
        self.for_a_change();
        self.clinic.desk.set_key(&KeyChange::Keep(SecretText::from(key).into()))
    }

    /// The program that a sign-in starts: a shell script.
    pub(crate) fn starts(&mut self, script: &str) {
        let path = self.path("program.sh");
        fs::write(&path, script).unwrap();
        let arguments = format!("\"{}\"", path.to_str().unwrap());
        let folder = self.folder.path().to_str().unwrap().to_owned();
        self.sets(&[("start-program", "/bin/sh"), ("start-arguments", &arguments), ("start-folder", &folder)]);
    }

    /// Maria signs in.
    #[track_caller]
    pub(crate) fn signs_in(&mut self) {
        self.clinic.waits(STEP);
        let (verdict, _) = self.clinic.maria_signs_in().unwrap();
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    }

    /// Maria signs in, and the program is started.
    #[track_caller]
    pub(crate) fn opens(&mut self) {
        self.signs_in();
        assert_eq!(self.clinic.desk.start_practice(), Ok(Started::Running));
    }
}

/// Looks again and again, on the real clock: other processes do not go by the turned one.
#[track_caller]
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let clock = SystemClock::new();
    let end = clock.now().boot.since_start + Duration::from_secs(20);
    while !so() {
        assert!(clock.now().boot.since_start < end, "not within 20 s: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Whether a program is there; says what is left out when it is not, and fails where everything must be.
pub(crate) fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        leave_out(&format!("what needs {program}, which is not installed"));
    }
    found
}

pub(crate) fn leave_out(why: &str) {
    let required = std::env::var_os("CLINIC2FA_REQUIRE_SERVICES").is_some_and(|set| set == "1");
    assert!(!required, "required here: {why}");
    writeln!(std::io::stderr(), "left out: {why}").expect("written");
}
