//! Whether this computer's wall clock can be right, judged by the clock that cannot be set.
//!
//! Two things are kept. What the wall clock showed when something was last written shows where it was turned, for the
//! log. The step of the code that last let a person in is what their phone's clock vouched for: since then at least the
//! boot clock's time has passed, so a wall clock that shows less was put back, and a code that was seen or sent long ago
//! must not be judged by it.

use std::time::Duration;

use super::canon::Canon;
use super::lockout::{passed, restarted};
use super::state::millis;
use super::totp;
use crate::ports::{BootTime, Now};

/// A difference between the two clocks that is somebody's doing (or a network time server's first correction), in seconds.
const JUMP_SECS: i64 = 120;

/// A wall-clock time and when it was so on the clock that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// UTC seconds.
    pub unix_secs: i64,
    /// The boot clock then.
    pub at: BootTime,
}

/// Which way a wall clock was turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// It shows later than time can have passed.
    Forward,
    /// It shows earlier than time has surely passed.
    Back,
}

impl Jump {
    /// The result in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Jump::Forward => "forward",
            Jump::Back => "back",
        }
    }
}

impl Moment {
    /// Both clocks as they are.
    #[must_use]
    pub fn of(now: &Now) -> Self {
        Self { unix_secs: now.unix_secs, at: now.boot.clone() }
    }

    /// The start of a step that counted just now.
    #[must_use]
    pub fn of_step(step: totp::Step, now: &Now) -> Self {
        let secs = step.saturating_mul(totp::STEP_SECS);
        Self { unix_secs: i64::try_from(secs).unwrap_or(i64::MAX), at: now.boot.clone() }
    }

    /// How far the wall clock is from where it would be had it gone on like the boot clock, in seconds.
    fn off_by(&self, now: &Now) -> i64 {
        let since = i64::try_from(passed(&self.at, &now.boot).as_secs()).unwrap_or(i64::MAX);
        now.unix_secs.saturating_sub(self.unix_secs.saturating_add(since))
    }

    /// How long ago it was. Within one run of the computer the wall clock has no say; over a restart, what it shows
    /// counts where it shows more than the computer has run for.
    #[must_use]
    pub fn age(&self, now: &Now) -> Duration {
        let sure = passed(&self.at, &now.boot);
        let wall = u64::try_from(now.unix_secs.saturating_sub(self.unix_secs)).unwrap_or(0);
        if restarted(&self.at, &now.boot) { sure.max(Duration::from_secs(wall)) } else { sure }
    }

    /// Whether both are one moment, as exactly as one is stored: to the millisecond.
    #[must_use]
    pub fn is_stored_as(&self, other: &Self) -> bool {
        let stored = |moment: &Self| (moment.unix_secs, millis(moment.at.since_start));
        stored(self) == stored(other) && self.at.boot_id == other.at.boot_id
    }

    /// For a tag.
    pub(super) fn fields(&self, canon: Canon) -> Canon {
        canon.int(self.unix_secs).text(&self.at.boot_id).int(millis(self.at.since_start))
    }

    /// Whether the wall clock was turned since, and which way. Forward is seen within one run of the computer alone:
    /// while it was off, any time may have passed.
    #[must_use]
    pub fn jump(&self, now: &Now) -> Option<Jump> {
        let off = self.off_by(now);
        // Where runs have no name, a later one that has lasted longer looks like the same one.
        let same_run = !now.boot.boot_id.is_empty() && self.at.boot_id == now.boot.boot_id;
        if off < -JUMP_SECS {
            Some(Jump::Back)
        } else if off > JUMP_SECS && same_run {
            Some(Jump::Forward)
        } else {
            None
        }
    }

    /// How far the wall clock was put back since, in seconds; nothing within what clocks drift.
    #[must_use]
    pub fn put_back(&self, now: &Now) -> Option<u64> {
        let off = self.off_by(now);
        (off < -JUMP_SECS).then_some(off.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(unix_secs: i64, boot: &str, since_start: u64) -> Now {
        let boot = BootTime { boot_id: boot.to_owned(), since_start: Duration::from_secs(since_start) };
        Now { unix_secs, day_ends_unix: unix_secs, boot }
    }

    #[test]
    fn a_clock_that_was_turned_is_seen() {
        let seen = Moment::of(&now(10_000, "a", 1_000));
        for (wall, boot, since, jump) in [
            (10_500, "a", 1_500, None),
            (10_619, "a", 1_500, None),
            (10_621, "a", 1_500, Some(Jump::Forward)),
            (10_381, "a", 1_500, None),
            (10_379, "a", 1_500, Some(Jump::Back)),
            // Another run: any time may have passed, but surely as much as it has lasted.
            (90_000, "b", 50, None),
            (10_000, "b", 50, None),
            (9_929, "b", 50, Some(Jump::Back)),
            (90_000, "", 1_500, None),
            (i64::MIN, "a", 1_500, Some(Jump::Back)),
            (i64::MAX, "a", 1_500, Some(Jump::Forward)),
        ] {
            assert_eq!(seen.jump(&now(wall, boot, since)), jump, "{wall} {boot} {since}");
        }
        let unnamed = Moment::of(&now(10_000, "", 1_000));
        assert_eq!(unnamed.jump(&now(90_000, "", 2_000)), None, "a later run that has lasted longer");
        assert_eq!(unnamed.jump(&now(10_000, "", 2_000)), Some(Jump::Back));
    }

    #[test]
    fn a_reading_from_a_moment_before_is_no_restart() {
        let seen = Moment::of(&now(100_000, "a", 50_000));
        let before = now(99_999, "a", 49_999);
        assert_eq!((seen.jump(&before), seen.put_back(&before), seen.age(&before)), (None, None, Duration::ZERO));
    }

    #[test]
    fn what_a_phone_vouched_for_is_not_undone() {
        let vouched = Moment::of_step(400, &now(12_010, "a", 1_000));
        assert_eq!(vouched.unix_secs, 12_000);
        for (wall, since, back) in [(12_010, 1_000, None), (11_880, 1_000, None), (11_879, 1_000, Some(121))] {
            assert_eq!(vouched.put_back(&now(wall, "a", since)), back, "{wall}");
        }
        // Ten minutes later it must show ten minutes more.
        assert_eq!(vouched.put_back(&now(12_400, "a", 1_600)), Some(200));
        assert_eq!(vouched.put_back(&now(12_600, "a", 1_600)), None);
    }
}
