//! Every failure in two sentences: what happened, what to do. The code is what `--json` answers with.

pub mod leaver;
pub mod plan_words;

use std::time::Duration;

use crate::domain::names::BadName;
use crate::domain::password::Weak;
use crate::domain::verify::{Consequence, Verdict, WaitReason};
use crate::effects::{Closed, Failure};
use crate::flows::Mishap;
use crate::ports::{BackupError, CopyError, KeychainError, StoreError};
use crate::strings::Text;

/// How much it matters; never told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Wait or look again.
    Warning,
    /// Refused, or broken.
    Danger,
}

/// Two sentences and a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The documented name: `code-wrong`, `keychain-locked`.
    pub code: &'static str,
    /// What happened.
    pub what: Text,
    /// What to do.
    pub todo: Text,
    /// How much it matters.
    pub tone: Tone,
}

/// A notice whose sentences are `err-CODE` and `do-CODE`.
macro_rules! notice {
    ($tone:ident, $code:literal) => {
        notice!($tone, $code, $code)
    };
    ($tone:ident, $code:literal, $todo:literal) => {
        Notice {
            code: $code,
            what: Text::new(concat!("err-", $code)),
            todo: Text::new(concat!("do-", $todo)),
            tone: Tone::$tone,
        }
    };
}

mod practice;
pub mod texts;

pub use practice::login;

/// Minutes and seconds, as on a clock: "4:12".
#[must_use]
pub fn minutes_and_seconds(left: Duration) -> String {
    let secs = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// Seconds, rounded up: never "0 seconds" while something is left.
fn whole_secs(left: Duration) -> i64 {
    i64::try_from(left.as_secs() + u64::from(left.subsec_nanos() > 0)).unwrap_or(i64::MAX)
}

/// What a person needs to know to put names into sentences.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The practice program's.
    pub office: String,
    /// The person's.
    pub person: String,
}

/// A mishap on a page. `left` is how much of a wait is left now; without it the sentence is the one for the moment
/// after.
#[must_use]
pub fn mishap(mishap: &Mishap, left: Option<Duration>, names: &Names) -> Notice {
    match mishap {
        Mishap::Failure(failure) => self::failure(failure, names),
        Mishap::Refused(verdict) => self::verdict(verdict, left),
        Mishap::NotACode => {
            let mut notice = notice!(Warning, "not-a-code");
            notice.todo = notice.todo.with("office", names.office.clone());
            notice
        }
        Mishap::NotASpare => notice!(Warning, "not-a-spare"),
        Mishap::NoPassword => notice!(Warning, "no-password"),
        Mishap::ClockOff(off) | Mishap::FirstCodeWrong { clock_off_secs: Some(off), .. } => clock_off(*off),
        Mishap::FirstCodeWrong { clock_off_secs: None, times } if *times > 1 => {
            notice!(Danger, "first-code-wrong-again")
        }
        Mishap::FirstCodeWrong { .. } => notice!(Danger, "first-code-wrong"),
        Mishap::FirstTextWrong { tries_left } => text_wrong(*tries_left),
        Mishap::FirstTextOver => notice!(Warning, "text-over"),
        Mishap::FirstCodeUsed { next_in } => used(left.unwrap_or(*next_in)),
        Mishap::NotAClinicKey => notice!(Warning, "not-a-clinic-key"),
        Mishap::BadName(bad) => bad_name(*bad),
        Mishap::WrongProof => notice!(Danger, "proof-wrong"),
    }
}

/// A name that was not taken.
#[must_use]
pub fn bad_name(bad: BadName) -> Notice {
    match bad {
        BadName::Empty => notice!(Warning, "name-empty"),
        BadName::TooLong => notice!(Warning, "name-long"),
        BadName::Control => notice!(Warning, "name-invisible"),
        BadName::LookAlikes => notice!(Warning, "name-look-alikes"),
    }
}

/// A refused attempt; `left` as in [`mishap`].
#[must_use]
pub fn verdict(verdict: &Verdict, left: Option<Duration>) -> Notice {
    let timed = |mut notice: Notice, wait: Duration| {
        notice.todo = notice.todo.with("time", minutes_and_seconds(left.unwrap_or(wait)));
        notice
    };
    match verdict {
        // Never shown: whoever is let in sees the next page.
        Verdict::Accepted { .. } => notice!(Warning, "worker-stuck"),
        Verdict::WrongPassword { wait: None } => notice!(Danger, "password-wrong"),
        Verdict::WrongPassword { wait: Some(wait) } => timed(notice!(Danger, "password-wrong", "wait"), *wait),
        Verdict::WrongCode { clock_off_secs: Some(off), then: Consequence::None, .. } => clock_off(*off),
        Verdict::WrongCode { then: Consequence::None, .. } => notice!(Danger, "code-wrong"),
        Verdict::WrongCode { then: Consequence::Locked(wait), .. }
        | Verdict::WrongText { then: Consequence::Locked(wait), .. } => timed(notice!(Danger, "locked"), *wait),
        Verdict::WrongCode { then: Consequence::Manager, .. }
        | Verdict::WrongText { then: Consequence::Manager, .. }
        | Verdict::Manager => notice!(Danger, "manager"),
        Verdict::WrongRecovery { wait: None, .. } => notice!(Danger, "spare-wrong"),
        Verdict::WrongRecovery { wait: Some(wait), .. } => timed(notice!(Danger, "spare-wrong", "wait"), *wait),
        Verdict::Used { next_in, .. } => used(left.unwrap_or(*next_in)),
        Verdict::RecoveryUsed { .. } => notice!(Warning, "spare-used"),
        Verdict::WrongText { then: Consequence::None, tries_left, .. } => text_wrong(*tries_left),
        Verdict::TextUsed { .. } => notice!(Warning, "text-used"),
        Verdict::TextOver { .. } => notice!(Warning, "text-over"),
        Verdict::Wait { left, reason: WaitReason::Passwords } => timed(notice!(Warning, "wait"), *left),
        Verdict::Wait { left, reason: WaitReason::Codes } => timed(notice!(Warning, "locked"), *left),
        Verdict::Wait { left, reason: WaitReason::Desk } => timed(notice!(Warning, "desk-wait"), *left),
    }
}

fn text_wrong(tries_left: u8) -> Notice {
    let mut notice = notice!(Danger, "text-wrong");
    notice.todo = notice.todo.with("left", tries_left);
    notice
}

fn used(left: Duration) -> Notice {
    let mut notice = notice!(Warning, "code-used");
    notice.todo = notice.todo.with("seconds", whole_secs(left));
    notice
}

/// This computer's clock less the phone's, in seconds.
fn clock_off(off: i64) -> Notice {
    // Two codes agree to within a step or two; a whole hour within two minutes is a time zone, not a slow clock.
    const CLOSE_TO_THE_HOUR_SECS: u64 = 120;
    let size = off.unsigned_abs();
    let hours = (size + 1800) / 3600;
    const DAY_SECS: u64 = 24 * 3600;
    let (amount, unit) = if size > DAY_SECS + CLOSE_TO_THE_HOUR_SECS {
        ((size + DAY_SECS / 2) / DAY_SECS, "days")
    } else if hours > 0 && size.abs_diff(hours * 3600) <= CLOSE_TO_THE_HOUR_SECS {
        (hours, "hours")
    } else {
        ((size + 30) / 60, "minutes")
    };
    let mut notice = match (unit, off < 0) {
        ("days", true) => notice!(Warning, "clock-days-slow"),
        ("days", false) => notice!(Warning, "clock-days-fast"),
        ("hours", true) => notice!(Warning, "clock-hours-slow"),
        ("hours", false) => notice!(Warning, "clock-hours-fast"),
        (_, true) => notice!(Warning, "clock-slow"),
        (_, false) => notice!(Warning, "clock-fast"),
    };
    notice.what = notice.what.with(unit, i64::try_from(amount).unwrap_or(i64::MAX));
    notice
}

/// A failure of the desk.
#[must_use]
pub fn failure(failure: &Failure, names: &Names) -> Notice {
    match failure {
        Failure::Store(err) => store(*err, names),
        Failure::Keychain(err) => keychain(*err),
        Failure::Closed(Closed::KeyMissing) => notice!(Danger, "key-missing"),
        Failure::Closed(Closed::Elsewhere) => notice!(Danger, "database-elsewhere"),
        Failure::Closed(Closed::DatabaseLost) => notice!(Danger, "database-lost"),
        Failure::Closed(Closed::RolledBack) => notice!(Danger, "rolled-back"),
        Failure::Closed(Closed::Changed) => notice!(Danger, "clinic-damaged"),
        Failure::NoRandomness => notice!(Danger, "random"),
        Failure::ClockImpossible => notice!(Danger, "clock-impossible"),
        Failure::FileExists => notice!(Warning, "paper-exists"),
        Failure::FileNotAllowed => notice!(Warning, "paper-no-rights"),
        Failure::FileFull => notice!(Danger, "paper-full"),
        Failure::FileBroken => notice!(Danger, "paper-broken"),
        Failure::WrongClinicKey => notice!(Danger, "clinic-key-wrong"),
        Failure::Copy(err) => copy(*err, names),
        Failure::Backup(err) => backup(*err, names),
        Failure::BackupKeyWrong => notice!(Danger, "backup-key-wrong"),
        Failure::RestoreNeedsManager => notice!(Warning, "restore-needs-manager"),
        Failure::NoMemory => notice!(Danger, "no-memory"),
        Failure::Weak(weak) => self::weak(*weak),
        Failure::Refused(verdict) => self::verdict(verdict, None),
        Failure::SamePassword => notice!(Warning, "password-same"),
        Failure::Program(err) => practice::program(*err, names),
        Failure::Login(err) => login(err),
        Failure::Cipher(err) => practice::cipher(*err),
        Failure::Key(mishap) => practice::key(*mishap),
        Failure::NotSignedIn => notice!(Danger, "not-signed-in"),
        Failure::WorkerGone => notice!(Danger, "worker-stuck"),
        Failure::Text(trouble) => texts::trouble(trouble, None),
    }
}

/// A copy that was not made.
fn copy(err: CopyError, names: &Names) -> Notice {
    match err {
        CopyError::Store(err) => store(err, names),
        CopyError::Exists => notice!(Warning, "paper-exists"),
        CopyError::NotAllowed => notice!(Danger, "backup-no-rights"),
        CopyError::Full => notice!(Danger, "backup-full"),
        CopyError::Broken => notice!(Danger, "backup-not-written"),
        CopyError::Differs => notice!(Danger, "backup-not-read-back"),
        CopyError::Busy => notice!(Warning, "backup-busy"),
    }
}

/// A backup that was not taken in.
fn backup(err: BackupError, names: &Names) -> Notice {
    match err {
        BackupError::Store(err) => store(err, names),
        BackupError::Missing => notice!(Warning, "backup-missing"),
        BackupError::NotReadable => notice!(Danger, "backup-unreadable"),
        BackupError::Foreign => notice!(Warning, "backup-foreign"),
        BackupError::Newer => notice!(Danger, "backup-newer"),
        BackupError::Damaged => notice!(Danger, "backup-damaged"),
        BackupError::OtherClinic => notice!(Warning, "backup-other-clinic"),
        BackupError::InUse => notice!(Warning, "backup-in-use"),
    }
}

/// A new password that is not good enough.
#[must_use]
pub fn weak(weak: Weak) -> Notice {
    match weak {
        Weak::Short { missing } => {
            let mut notice = notice!(Warning, "password-short");
            notice.todo = notice.todo.with("count", i64::try_from(missing).unwrap_or(i64::MAX));
            notice
        }
        Weak::TooLong => {
            let mut notice = notice!(Warning, "password-long");
            let longest = i64::try_from(crate::domain::password::LONGEST).unwrap_or(i64::MAX);
            notice.todo = notice.todo.with("count", longest);
            notice
        }
        Weak::Name => notice!(Warning, "password-name"),
        Weak::Guessable => notice!(Warning, "password-guessable"),
    }
}

fn keychain(err: KeychainError) -> Notice {
    match err {
        KeychainError::Waiting => notice!(Warning, "keychain-waiting"),
        KeychainError::Locked => notice!(Warning, "keychain-locked"),
        KeychainError::Absent if cfg!(windows) => notice!(Danger, "keychain-absent", "keychain-absent-windows"),
        KeychainError::Absent if cfg!(target_os = "macos") => {
            notice!(Danger, "keychain-absent", "keychain-absent-macos")
        }
        KeychainError::Absent => notice!(Danger, "keychain-absent"),
        KeychainError::Broken(_) => notice!(Danger, "keychain-broken"),
    }
}

fn store(err: StoreError, names: &Names) -> Notice {
    let named = |mut notice: Notice| {
        notice.what = notice.what.with("name", names.person.clone());
        notice.todo = notice.todo.with("name", names.person.clone());
        notice
    };
    match err {
        StoreError::Busy | StoreError::SaltChanged => notice!(Warning, "database-busy"),
        StoreError::Full => notice!(Danger, "disk-full"),
        StoreError::ReadOnly => notice!(Danger, "database-readonly"),
        StoreError::NotOurs => notice!(Danger, "folder-owner"),
        StoreError::Nowhere => notice!(Danger, "folder-none"),
        StoreError::NetworkPath => notice!(Danger, "network-path"),
        StoreError::Newer => notice!(Danger, "database-newer"),
        StoreError::Foreign => notice!(Danger, "database-foreign"),
        StoreError::Damaged => notice!(Danger, "database-damaged"),
        StoreError::Broken(_) => notice!(Danger, "folder-broken"),
        StoreError::ClinicChanged => notice!(Danger, "clinic-damaged"),
        StoreError::PersonDamaged => named(notice!(Danger, "person-damaged")),
        StoreError::NobodyThere => notice!(Danger, "person-unknown"),
        StoreError::NotReady => named(notice!(Danger, "person-not-ready")),
        StoreError::NoDayPass => notice!(Warning, "code-needed"),
        StoreError::ClockWentBack => notice!(Danger, "clock-went-back"),
        StoreError::NotNow => notice!(Danger, "not-now"),
        StoreError::NotAllowed => notice!(Danger, "not-allowed"),
        StoreError::NameTaken => notice!(Warning, "name-taken"),
        StoreError::LastManager => notice!(Warning, "last-manager"),
        StoreError::SessionOver => notice!(Danger, "session-over"),
        StoreError::PhoneReplaced => notice!(Danger, "phone-replaced"),
        StoreError::SlipOver => notice!(Warning, "slip-over"),
    }
}
