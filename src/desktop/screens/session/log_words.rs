//! The log in plain words.

use crate::domain::audit::{Entry, WRONG_CODE_LOCKED, WRONG_CODE_MANAGER, What};
use crate::tr;

/// What happened, as a sentence; a name that is not known is shown as it is.
pub(super) fn sentence(entry: &Entry) -> String {
    let known = What::ALL.into_iter().find(|what| what.name() == entry.event);
    let what = known.map_or_else(|| entry.event.clone(), event);
    match result(&entry.result) {
        None => what,
        Some(result) => tr!("log-refused", what = what, result = result),
    }
}

/// An event.
pub(super) fn event(what: What) -> String {
    match what {
        What::SetUpBegun => tr!("log-set-up-begun"),
        What::SetUpDropped => tr!("log-set-up-dropped"),
        What::SetUpFinished => tr!("log-set-up-finished"),
        What::SignIn => tr!("log-sign-in"),
        What::FreshCode => tr!("log-fresh-code"),
        What::Password => tr!("log-password"),
        What::EnrolmentBegun => tr!("log-enrolment-begun"),
        What::EnrolmentCode => tr!("log-enrolment-code"),
        What::EnrolmentDropped => tr!("log-enrolment-dropped"),
        What::EnrolmentFinished => tr!("log-enrolment-finished"),
        What::RecoveryCodesRenewed => tr!("log-recovery-codes-renewed"),
        What::PasswordChanged => tr!("log-password-changed"),
        What::SlotRaised => tr!("log-slot-raised"),
        What::PersonAdded => tr!("log-person-added"),
        What::PersonReset => tr!("log-person-reset"),
        What::PersonRemoved => tr!("log-person-removed"),
        What::RoleChanged => tr!("log-role-changed"),
        What::DayPassGiven => tr!("log-day-pass-given"),
        What::Activation => tr!("log-activation"),
        What::PhoneRemoved => tr!("log-phone-removed"),
        What::SettingChanged => tr!("log-setting-changed"),
        What::ClinicKeyRenewed => tr!("log-recovery-key-renewed"),
        What::DatabaseKeyChanged => tr!("log-database-key-changed"),
        What::Recovered => tr!("log-recovered"),
        What::NoticesSeen => tr!("log-notices-seen"),
        What::Locked => tr!("log-locked"),
        What::ClockJump => tr!("log-clock-jump"),
        What::KeychainFailed => tr!("log-keychain-failed"),
        What::BackupCreated => tr!("log-backup-created"),
        What::BackupFailed => tr!("log-backup-failed"),
        What::Restored => tr!("log-restored"),
        What::TextAsked => tr!("log-text-asked"),
        What::TextSent => tr!("log-text-sent"),
    }
}

/// Why it did not go well; nothing when it did.
fn result(result: &str) -> Option<String> {
    Some(match result {
        "done" | "accepted" => return None,
        "wrong-code" => tr!("log-result-wrong-code"),
        WRONG_CODE_LOCKED => tr!("log-result-wrong-code-locked"),
        WRONG_CODE_MANAGER => tr!("log-result-wrong-code-manager"),
        "wrong-key" => tr!("log-result-wrong-key"),
        "wrong-password" => tr!("log-result-wrong-password"),
        "must-wait" => tr!("log-result-must-wait"),
        "wrong-code-clock-off" => tr!("log-result-clock-off"),
        "already-used" => tr!("log-result-already-used"),
        "clock-went-back" => tr!("log-result-clock-went-back"),
        "too-soon" => tr!("log-result-too-soon"),
        "too-often" | "day-limit" | "clinic-day-limit" | "clinic-month-limit" => tr!("log-result-limit"),
        "off" => tr!("log-result-texts-off"),
        "no-number" => tr!("log-result-no-number"),
        "no-code-waiting" => tr!("log-result-no-code-waiting"),
        "wrong-code-last-try" => tr!("log-result-last-try"),
        "queued" => tr!("log-result-queued"),
        "delivered" => tr!("log-result-delivered"),
        "not-delivered" => tr!("log-result-not-delivered"),
        "unknown" => tr!("log-result-unknown"),
        why if why.starts_with("sms-") => tr!("log-result-not-sent"),
        "forward" => tr!("log-result-forward"),
        "back" => tr!("log-result-back"),
        "keychain-waiting" | "keychain-locked" => tr!("log-result-keychain-locked"),
        "keychain-absent" => tr!("log-result-keychain-absent"),
        "keychain-broken" => tr!("log-result-keychain-broken"),
        "key-missing" => tr!("log-result-key-missing"),
        "disk-full" => tr!("log-result-disk-full"),
        "database-damaged" => tr!("log-result-database-damaged"),
        "no-rights" => tr!("log-result-no-rights"),
        "not-read-back" => tr!("log-result-not-read-back"),
        "idle" => tr!("log-result-idle"),
        "system-locked" => tr!("log-result-system-locked"),
        "sleep" => tr!("log-result-sleep"),
        "switched-away" => tr!("log-result-switched-away"),
        "remote-gone" => tr!("log-result-remote-gone"),
        "clock-jumped" => tr!("log-result-clock-jumped"),
        "too-long" => tr!("log-result-too-long"),
        "program-ended" => tr!("log-result-program-ended"),
        "unwatched" => tr!("log-result-unwatched"),
        "session-over" => tr!("log-result-session-over"),
        other => other.replace('-', " "),
    })
}
