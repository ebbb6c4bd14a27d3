//! What is said on standard output and standard error: one JSON object, or plain sentences.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::verify::{Consequence, Verdict};
use crate::effects::{Failure, KeyMishap, TextTrouble};
use crate::explain::{self, Names, Notice};
use crate::ports::{CipherError, KeychainError, StoreError};
use crate::strings::Text;

/// A refusal or failure: two sentences, a documented code and an exit status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) what: Text,
    pub(super) todo: Text,
    pub(super) status: u8,
}

/// The refusals of the command line itself.
const OWN: [(&str, &str, &str); 8] = [
    ("not-an-activation-code", "err-not-an-activation-code", "do-not-an-activation-code"),
    ("cli-setting", "err-cli-setting", "do-cli-setting"),
    ("cli-secret-argument", "err-cli-secret-argument", "do-cli-secret-argument"),
    ("cli-usage", "err-cli-usage", "do-cli-usage"),
    ("cli-input-ended", "err-cli-input-ended", "do-cli-input-ended"),
    ("cli-input-unreadable", "err-cli-input-unreadable", "do-cli-input-unreadable"),
    ("cli-not-written", "err-cli-not-written", "do-cli-not-written"),
    ("cli-program", "err-cli-program", "do-cli-program"),
];

impl Refusal {
    pub(super) fn new(code: &'static str, status: u8) -> Self {
        let (what, todo) = OWN
            .into_iter()
            .find(|(own, ..)| *own == code)
            .map_or(("err-cli-usage", "do-cli-usage"), |(_, what, todo)| (what, todo));
        Self { code, what: Text::new(what), todo: Text::new(todo), status }
    }

    /// The same with another first sentence.
    pub(super) fn but(mut self, what: Text) -> Self {
        self.what = what;
        self
    }

    pub(super) fn of(notice: Notice, status: u8) -> Self {
        Self { code: notice.code, what: notice.what, todo: notice.todo, status }
    }

    pub(super) fn json(&self) -> String {
        json!({"error": {"code": self.code, "what": self.what.get(), "do": self.todo.get()}}).to_string()
    }

    pub(super) fn plain(&self) -> String {
        format!("{} {}", self.what.get(), self.todo.get())
    }
}

impl From<StoreError> for Refusal {
    fn from(err: StoreError) -> Self {
        Failure::from(err).into()
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::of(explain::failure(&failure, &Names::default()), status_of(&failure))
    }
}

fn status_of(failure: &Failure) -> u8 {
    match failure {
        Failure::Refused(verdict) => status_of_verdict(verdict),
        Failure::Weak(_)
        | Failure::SamePassword
        | Failure::Text(TextTrouble::BadNumber(_))
        | Failure::Key(KeyMishap::Unusable | KeyMishap::NotHexadecimal | KeyMishap::NotThisKind) => 2,
        Failure::WrongClinicKey | Failure::BackupKeyWrong => 1,
        Failure::Text(TextTrouble::Wait(_)) => 3,
        Failure::Store(
            StoreError::NotNow
            | StoreError::NobodyThere
            | StoreError::NotReady
            | StoreError::NoDayPass
            | StoreError::NotAllowed
            | StoreError::NameTaken
            | StoreError::LastManager
            | StoreError::SessionOver
            | StoreError::PhoneReplaced
            | StoreError::SlipOver,
        )
        | Failure::RestoreNeedsManager
        | Failure::Text(TextTrouble::NoNumber | TextTrouble::Unfit(_))
        | Failure::Key(KeyMishap::None | KeyMishap::Unset(_) | KeyMishap::StillKept)
        | Failure::Cipher(CipherError::OriginalThere)
        | Failure::NotSignedIn => 5,
        Failure::Keychain(
            KeychainError::Waiting | KeychainError::Locked | KeychainError::Absent | KeychainError::Broken(_),
        )
        | Failure::Store(_)
        | Failure::Closed(_)
        | Failure::Copy(_)
        | Failure::Backup(_)
        | Failure::Program(_)
        | Failure::Login(_)
        | Failure::Cipher(_)
        | Failure::FileExists
        | Failure::FileNotAllowed
        | Failure::FileFull
        | Failure::FileBroken
        | Failure::NoRandomness
        | Failure::NoMemory
        | Failure::ClockImpossible
        | Failure::Text(TextTrouble::Gateway(_) | TextTrouble::QueueFull)
        | Failure::WorkerGone => 4,
    }
}

fn status_of_verdict(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Accepted { .. } => 0,
        Verdict::WrongPassword { .. }
        | Verdict::WrongCode { .. }
        | Verdict::WrongRecovery { .. }
        | Verdict::WrongText { .. }
        | Verdict::TextUsed { .. }
        | Verdict::TextOver { .. }
        | Verdict::Used { .. }
        | Verdict::RecoveryUsed { .. } => 1,
        Verdict::Wait { .. } | Verdict::Manager => 3,
    }
}

/// An answer.
pub(super) enum Answer {
    /// A JSON object, and the same in sentences.
    Object(Value, String),
    /// A judged attempt.
    Verdict(Verdict),
    /// `doctor` and `audit verify` with something wrong: the object, the sentences, the status.
    Bad(Value, String, u8),
    /// Written already: this.
    Told(Shown),
}

/// What was shown once, before it was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Recovery codes.
    Codes,
    /// A clinic recovery key, alone or beside them.
    ClinicKey,
}

impl Answer {
    pub(super) fn new(object: &impl Serialize, plain: String) -> Self {
        Self::Object(serde_json::to_value(object).unwrap_or_default(), plain)
    }

    pub(super) fn done() -> Self {
        Self::Object(json!({}), Text::new("cli-done").get())
    }

    pub(super) fn help() -> Self {
        let help = include_str!("help.txt").trim_end();
        Self::Object(json!({"help": help}), help.to_owned())
    }

    pub(super) fn version() -> Self {
        let (name, version) = ("clinic2factl", env!("CARGO_PKG_VERSION"));
        Self::Object(json!({"name": name, "version": version}), format!("{name} {version}"))
    }

    pub(super) fn status(&self) -> u8 {
        match self {
            Answer::Object(..) | Answer::Told(_) => 0,
            Answer::Verdict(verdict) => status_of_verdict(verdict),
            Answer::Bad(_, _, status) => *status,
        }
    }

    pub(super) fn json(&self) -> String {
        match self {
            Answer::Object(object, _) | Answer::Bad(object, ..) => object.to_string(),
            Answer::Verdict(verdict) => verdict_json(verdict).to_string(),
            Answer::Told(_) => String::new(),
        }
    }

    pub(super) fn plain(&self) -> String {
        match self {
            Answer::Object(_, plain) | Answer::Bad(_, plain, _) => plain.clone(),
            Answer::Verdict(Verdict::Accepted { .. }) => Text::new("cli-accepted").get(),
            Answer::Verdict(verdict) => {
                let notice = explain::verdict(verdict, None);
                format!("{} {}", notice.what.get(), notice.todo.get())
            }
            Answer::Told(_) => String::new(),
        }
    }
}

fn verdict_json(verdict: &Verdict) -> Value {
    let (word, wait, off, left) = match verdict {
        Verdict::Accepted { recovery_left, .. } => ("accepted", None, None, Some(*recovery_left)),
        Verdict::WrongPassword { wait } => ("password", *wait, None, None),
        Verdict::WrongCode { clock_off_secs, then, recovery_left } => {
            let wait = match then {
                Consequence::Locked(left) => Some(*left),
                Consequence::None | Consequence::Manager => None,
            };
            ("code", wait, *clock_off_secs, Some(*recovery_left))
        }
        Verdict::WrongText { then, recovery_left, .. } => {
            let wait = match then {
                Consequence::Locked(left) => Some(*left),
                Consequence::None | Consequence::Manager => None,
            };
            ("code", wait, None, Some(*recovery_left))
        }
        Verdict::TextOver { recovery_left } => ("expired", None, None, Some(*recovery_left)),
        Verdict::WrongRecovery { wait, recovery_left } => ("code", *wait, None, Some(*recovery_left)),
        Verdict::Used { next_in, recovery_left } => ("used", Some(*next_in), None, Some(*recovery_left)),
        Verdict::RecoveryUsed { recovery_left } | Verdict::TextUsed { recovery_left } => {
            ("used", None, None, Some(*recovery_left))
        }
        Verdict::Wait { left, .. } => ("wait", Some(*left), None, None),
        Verdict::Manager => ("manager", None, None, None),
    };
    let wait = wait.map_or(0, |wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    let mut answer = json!({"verdict": word, "wait_secs": wait, "clock_off_secs": off, "recovery_left": left});
    if let (Verdict::Accepted { new_password_due, .. }, Some(fields)) = (verdict, answer.as_object_mut()) {
        fields.insert("new_password_due".to_owned(), (*new_password_due).into());
    }
    answer
}
