//! When a desk is left: why it locks, how soon by itself, and who may come back with the password alone.
//!
//! Everything here is measured on the clock that cannot be set and on the desktop's own count of idle time, never on the
//! wall clock: a wall clock that is put back must not keep a desk open (case C60 of the field reports).

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lockout::Hold;
use super::moment::Moment;
use crate::ports::{BootTime, Now};

/// How long after a lock the same person may come back with the password alone.
pub const RETURN_WITHIN: Duration = Duration::from_secs(3600);
/// How long a sign-in with password and code lasts at most, returns included: what a clinic may choose from, in hours.
pub const FULL_SIGN_IN_HOURS: RangeInclusive<u32> = 1..=24;
/// How long before it locks by itself the desk says so.
pub const WARNING: Duration = Duration::from_secs(30);
/// A sleep shorter than this is the two clocks' reading one after the other.
const SLEPT: Duration = Duration::from_secs(1);
/// At the latest so often is looked whether the computer slept, where nothing tells of it.
const LOOK_AT_LEAST_EVERY: Duration = Duration::from_secs(10);
/// And at most so often, while somebody may be about to be locked out.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// Why the desk is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Somebody asked for it, or closed the window.
    Asked,
    /// Nobody has touched the computer for the set time.
    Idle,
    /// The system's own lock screen came up.
    SystemLocked,
    /// The computer goes to sleep, or slept.
    Sleep,
    /// Another person of this computer is at the screen.
    SwitchedAway,
    /// The remote session was disconnected.
    RemoteGone,
    /// The wall clock jumped while somebody was signed in.
    ClockJumped,
    /// The clinic's longest time after password and code were given, half a day if it chose none.
    TooLong,
    /// What the sign-in had opened has ended by itself.
    ProgramEnded,
    /// A manager reset or removed whoever was signed in.
    SessionOver,
    /// What watches over the desk has failed: then nobody is left signed in.
    Unwatched,
}

impl Why {
    /// The result in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Why::Asked => "done",
            Why::Idle => "idle",
            Why::SystemLocked => "system-locked",
            Why::Sleep => "sleep",
            Why::SwitchedAway => "switched-away",
            Why::RemoteGone => "remote-gone",
            Why::ClockJumped => "clock-jumped",
            Why::TooLong => "too-long",
            Why::ProgramEnded => "program-ended",
            Why::SessionOver => "session-over",
            Why::Unwatched => "unwatched",
        }
    }

    /// Whether the same person may come back with the password alone, if the clinic wants that.
    #[must_use]
    pub fn leaves_way_back(self) -> bool {
        match self {
            Why::Asked | Why::Idle | Why::SystemLocked | Why::SwitchedAway | Why::RemoteGone | Why::ProgramEnded => {
                true
            }
            Why::Sleep | Why::ClockJumped | Why::TooLong | Why::SessionOver | Why::Unwatched => false,
        }
    }
}

/// What is asked after a short absence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum AfterLock {
    /// The password alone.
    #[default]
    Password,
    /// The same as in the morning.
    PasswordAndCode,
}

impl AfterLock {
    /// The word in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AfterLock::Password => "password",
            AfterLock::PasswordAndCode => "password-and-code",
        }
    }

    /// The choice with that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [AfterLock::Password, AfterLock::PasswordAndCode].into_iter().find(|choice| choice.name() == word)
    }
}

impl From<String> for AfterLock {
    /// A word of a newer program is taken for the stricter choice.
    fn from(word: String) -> Self {
        Self::named(&word).unwrap_or(AfterLock::PasswordAndCode)
    }
}

impl From<AfterLock> for String {
    fn from(choice: AfterLock) -> Self {
        choice.name().to_owned()
    }
}

/// What a locked desk looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum LockScreen {
    /// Every screen is covered.
    #[default]
    Curtain,
    /// A window like any other.
    Window,
}

impl LockScreen {
    /// The word in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LockScreen::Curtain => "curtain",
            LockScreen::Window => "window",
        }
    }

    /// The choice with that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [LockScreen::Curtain, LockScreen::Window].into_iter().find(|choice| choice.name() == word)
    }
}

impl From<String> for LockScreen {
    /// A word of a newer program is taken for the one that covers more.
    fn from(word: String) -> Self {
        Self::named(&word).unwrap_or(LockScreen::Curtain)
    }
}

impl From<LockScreen> for String {
    fn from(choice: LockScreen) -> Self {
        choice.name().to_owned()
    }
}

/// Leave to come back with the password alone. It lives in the desk's memory and dies with the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Who.
    pub person: String,
    hold: Hold,
}

impl Leave {
    /// For somebody who is locked out now and gave password and code at `full`; nothing once that is `longest` ago.
    #[must_use]
    pub fn after_lock(person: &str, full: &BootTime, longest: Duration, now: &BootTime) -> Option<Self> {
        let since = now.since_start.checked_sub(full.since_start)?;
        let left = longest.checked_sub(since)?.min(RETURN_WITHIN);
        let same_run = full.boot_id == now.boot_id && !left.is_zero();
        same_run.then(|| Self { person: person.to_owned(), hold: Hold::new(left, now) })
    }

    /// Whether it is this person's, and still in time.
    #[must_use]
    pub fn is_good(&self, person: &str, now: &BootTime) -> bool {
        let began = &self.hold.at;
        // A clock that went back is another run of a computer that names none.
        let same_run = began.boot_id == now.boot_id && began.since_start <= now.since_start;
        self.person == person && same_run && !self.hold.left_at(now).is_zero()
    }
}

/// One look at the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Both clocks.
    pub now: Now,
    /// How long the computer has slept since it started.
    pub asleep: Duration,
    /// For how long nobody has touched anything.
    pub idle: Duration,
}

/// What a look at the desktop means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Somebody is there. Look again after so long.
    Present(Duration),
    /// Nobody is: it locks after so long, unless somebody touches something. Look again after the second.
    Leaving {
        /// Until it locks.
        left: Duration,
        /// Until the next look.
        again: Duration,
    },
    /// Lock.
    Lock(Why),
}

/// Watches over one session, from its sign-in to its lock.
#[derive(Clone, Debug)]
pub struct Guard {
    after: Duration,
    longest: Duration,
    full: BootTime,
    moment: Moment,
    asleep: Duration,
}

impl Guard {
    /// From now on. `full` is when password and code were given, `longest` how long they last, `after` how long nobody
    /// may touch anything.
    #[must_use]
    pub fn new(full: &BootTime, longest: Duration, after: Duration, at: &Reading) -> Self {
        Self { after, longest, full: full.clone(), moment: Moment::of(&at.now), asleep: at.asleep }
    }

    /// Judges a look.
    #[must_use]
    pub fn judge(&self, at: &Reading) -> Finding {
        if slept_between(self.asleep, at.asleep) {
            return Finding::Lock(Why::Sleep);
        }
        if self.moment.jump(&at.now).is_some() {
            return Finding::Lock(Why::ClockJumped);
        }
        let since = at.now.boot.since_start.saturating_sub(self.full.since_start);
        let Some(ends) = self.longest.checked_sub(since).filter(|left| !left.is_zero()) else {
            return Finding::Lock(Why::TooLong);
        };
        let Some(left) = self.after.checked_sub(at.idle).filter(|left| !left.is_zero()) else {
            return Finding::Lock(Why::Idle);
        };
        if left <= WARNING {
            return Finding::Leaving { left, again: left.clamp(Duration::from_millis(20), LOOK_AT_MOST_EVERY) };
        }
        let again = (left - WARNING).min(ends).clamp(LOOK_AT_MOST_EVERY, LOOK_AT_LEAST_EVERY);
        Finding::Present(again)
    }
}

/// Whether a computer slept between two readings of how long it has slept.
#[must_use]
pub fn slept_between(then: Duration, now: Duration) -> bool {
    now.saturating_sub(then) >= SLEPT
}

#[cfg(test)]
mod tests;
