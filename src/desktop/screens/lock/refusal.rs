//! A mishap as a notice that counts down, and what may be tried meanwhile.

use std::time::Duration;

use eframe::egui::{Context, Ui};

use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::screens::notices;
use crate::desktop::widgets::{Notice, NoticeKind};
use crate::domain::verify::{Consequence, Verdict};
use crate::effects::{Closed, Failure};
use crate::explain::{self, Tone};
use crate::flows::Mishap;
use crate::ports::{KeychainError, StoreError};
use crate::tr;

/// How a mishap stands to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Timed {
    /// Try again whenever you like.
    No,
    /// The next code comes then; another may be tried before, for the phone's clock may be ahead.
    NextCode,
    /// Nothing is checked before it ends.
    Wait,
}

fn timed(mishap: &Mishap) -> Timed {
    let Mishap::Refused(verdict) = mishap else { return Timed::No };
    match verdict {
        Verdict::Used { .. } => Timed::NextCode,
        Verdict::WrongPassword { wait: Some(_) }
        | Verdict::WrongRecovery { wait: Some(_), .. }
        | Verdict::WrongCode { then: Consequence::Locked(_), .. }
        | Verdict::WrongText { then: Consequence::Locked(_), .. }
        | Verdict::Wait { .. } => Timed::Wait,
        Verdict::WrongPassword { wait: None }
        | Verdict::WrongRecovery { wait: None, .. }
        | Verdict::WrongCode { then: Consequence::None | Consequence::Manager, .. }
        | Verdict::WrongText { then: Consequence::None | Consequence::Manager, .. }
        | Verdict::TextUsed { .. }
        | Verdict::TextOver { .. }
        | Verdict::RecoveryUsed { .. }
        | Verdict::Manager
        | Verdict::Accepted { .. } => Timed::No,
    }
}

/// The wait that a mishap speaks of, as it was when it was told.
pub(in crate::desktop::screens) fn wait_told(mishap: &Mishap) -> Option<Duration> {
    let Mishap::Refused(verdict) = mishap else { return None };
    match verdict {
        Verdict::Used { next_in, .. } => Some(*next_in),
        Verdict::WrongPassword { wait } | Verdict::WrongRecovery { wait, .. } => *wait,
        Verdict::WrongCode { then: Consequence::Locked(left), .. }
        | Verdict::WrongText { then: Consequence::Locked(left), .. }
        | Verdict::Wait { left, .. } => Some(*left),
        Verdict::WrongCode { then: Consequence::None | Consequence::Manager, .. }
        | Verdict::WrongText { then: Consequence::None | Consequence::Manager, .. }
        | Verdict::TextUsed { .. }
        | Verdict::TextOver { .. }
        | Verdict::RecoveryUsed { .. }
        | Verdict::Manager
        | Verdict::Accepted { .. } => None,
    }
}

/// Whether trying again now would only be answered with "wait".
pub(in crate::desktop::screens) fn must_wait(mishap: Option<&Mishap>, left: Option<Duration>) -> bool {
    left.is_some() && mishap.is_some_and(|mishap| timed(mishap) == Timed::Wait)
}

/// Whether it is the computer that refused, and not the password or code: the button then says "Try again", as the
/// sentences do.
pub(in crate::desktop::screens) fn is_failure(mishap: Option<&Mishap>) -> bool {
    matches!(mishap, Some(Mishap::Failure(failure)) if trying_again_helps(failure))
}

/// Whether asking again can end otherwise while the program stays open.
pub(in crate::desktop::screens) fn trying_again_helps(failure: &Failure) -> bool {
    match failure {
        Failure::Keychain(
            KeychainError::Waiting | KeychainError::Locked | KeychainError::Absent | KeychainError::Broken(_),
        )
        | Failure::Store(
            StoreError::Busy
            | StoreError::Full
            | StoreError::ReadOnly
            | StoreError::NotOurs
            | StoreError::Damaged
            | StoreError::Broken(_)
            | StoreError::SaltChanged
            | StoreError::ClockWentBack
            | StoreError::NotNow,
        )
        | Failure::Closed(
            Closed::KeyMissing | Closed::Elsewhere | Closed::DatabaseLost | Closed::RolledBack | Closed::Changed,
        )
        | Failure::Program(_)
        | Failure::Login(_)
        | Failure::Cipher(_)
        | Failure::ClockImpossible
        | Failure::NoRandomness
        | Failure::NoMemory => true,
        Failure::Store(
            StoreError::Nowhere
            | StoreError::NetworkPath
            | StoreError::Newer
            | StoreError::Foreign
            | StoreError::ClinicChanged
            | StoreError::PersonDamaged
            | StoreError::NobodyThere
            | StoreError::NotReady
            | StoreError::NoDayPass
            | StoreError::NotAllowed
            | StoreError::NameTaken
            | StoreError::LastManager
            | StoreError::SessionOver
            | StoreError::SlipOver
            | StoreError::PhoneReplaced,
        )
        | Failure::Weak(_)
        | Failure::SamePassword
        | Failure::Key(_)
        | Failure::Refused(_)
        | Failure::NotSignedIn
        | Failure::FileExists
        | Failure::FileNotAllowed
        | Failure::FileFull
        | Failure::FileBroken
        | Failure::Copy(_)
        | Failure::Backup(_)
        | Failure::BackupKeyWrong
        | Failure::RestoreNeedsManager
        | Failure::WrongClinicKey
        | Failure::Text(_)
        | Failure::WorkerGone => false,
    }
}

/// Whether the notice itself says that Caps Lock is on.
pub(in crate::desktop::screens) fn speaks_of_caps(mishap: Option<&Mishap>, screen: &Screen<'_>) -> bool {
    screen.caps_lock && matches!(mishap, Some(Mishap::Refused(Verdict::WrongPassword { wait: None })))
}

/// Shows it. `left` is what is left of a wait now.
pub(in crate::desktop::screens) fn notice_ui(
    ui: &mut Ui,
    id: &'static str,
    mishap: &Mishap,
    left: Option<Duration>,
    screen: &Screen<'_>,
) -> eframe::egui::Response {
    let timed = timed(mishap);
    if let (Some(left), Timed::NextCode | Timed::Wait) = (left, timed) {
        wake_at_next_second(ui.ctx(), left);
    }
    let words = explain::mishap(mishap, Some(left.unwrap_or_default()), screen.names);
    let todo = match (timed, left) {
        (Timed::Wait, None) => tr!("lock-ready-again"),
        (Timed::No, _) if speaks_of_caps(Some(mishap), screen) => tr!("do-password-wrong-caps"),
        (Timed::No | Timed::NextCode | Timed::Wait, _) => notices::todo_text(&words, screen.now),
    };
    let kind = match words.tone {
        Tone::Warning => NoticeKind::Warning,
        Tone::Danger => NoticeKind::Danger,
    };
    let what = words.what.get();
    let notice = Notice::new(id, kind, &what, &todo);
    match timed {
        Timed::No => notice.show(ui),
        Timed::NextCode | Timed::Wait => notice.icon(Icon::Clock).show(ui),
    }
}

/// A countdown repaints once a second, and only while there is one.
pub(in crate::desktop::screens) fn wake_at_next_second(ctx: &Context, left: Duration) {
    let part = Duration::from_nanos(left.subsec_nanos().into());
    let next = if part.is_zero() { Duration::from_secs(1) } else { part };
    // A little late, so that the second has passed whatever the timer's grain.
    ctx.request_repaint_after(next + Duration::from_millis(5));
}
