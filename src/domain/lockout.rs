//! Waits and locks, on a clock that counts through sleep and cannot be set.
//!
//! What is stored is how long was left and when, on that clock, it was written. Setting the wall clock changes
//! nothing; a restart starts the remainder again at worst and never ends it.

use std::time::Duration;

use crate::ports::BootTime;

/// Wrong passwords that cost nothing.
pub const FREE_TRIES: u32 = 2;
/// Each further wrong password adds this much to the wait.
pub const WAIT_STEP: Duration = Duration::from_secs(5);
/// The longest wait, and the length of a lock.
pub const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Wrong codes in a row, or within a year under one password, after which only a recovery code or the manager helps.
///
/// A guess hits one of three codes in a million. So whoever has stolen a password gets less than one chance in 10,000
/// out of it, however they spread their guesses; see [`guesses_before_manager`] for more phones than one.
pub const MANAGER_AFTER: usize = 30;
/// Wrong codes within a year, under one password, after which a new password is due.
pub const YEARLY: usize = 20;
/// A year in seconds.
pub const YEAR_SECS: i64 = 365 * 24 * 3600;

/// Failures an hour at one desk above which every attempt waits.
const DESK_PER_HOUR: u32 = 30;
/// How long it waits then.
const DESK_PAUSE: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_secs(3600);

/// [`MANAGER_AFTER`] for a person with so many phones: with each of them a guess hits three codes more.
#[must_use]
pub fn guesses_before_manager(phones: usize) -> usize {
    (MANAGER_AFTER / phones.max(1)).max(1)
}

/// [`YEARLY`] for a person with so many phones.
#[must_use]
pub fn guesses_before_new_password(phones: usize) -> usize {
    (YEARLY / phones.max(1)).max(1)
}

/// A stretch of time that was left at a moment of the boot clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// How long was left.
    pub left: Duration,
    /// When.
    pub at: BootTime,
}

impl Hold {
    /// Begins a hold.
    #[must_use]
    pub fn new(left: Duration, now: &BootTime) -> Self {
        Self { left, at: now.clone() }
    }

    /// How long is left now. After a restart only the time since it is sure to have passed.
    #[must_use]
    pub fn left_at(&self, now: &BootTime) -> Duration {
        self.left.saturating_sub(passed(&self.at, now))
    }
}

/// Time that has surely passed between two readings of the boot clock.
pub(super) fn passed(then: &BootTime, now: &BootTime) -> Duration {
    if restarted(then, now) { now.since_start } else { now.since_start.saturating_sub(then.since_start) }
}

/// Whether the computer was started between two readings. Where its runs have no names, only a clock that went back shows
/// it; where they have, that is a reading from a moment before, taken by somebody who waited.
pub(super) fn restarted(then: &BootTime, now: &BootTime) -> bool {
    then.boot_id != now.boot_id || (now.boot_id.is_empty() && now.since_start < then.since_start)
}

/// The wait after so many wrong passwords in a row.
#[must_use]
pub fn wait_after(failures: u32) -> Option<Duration> {
    (failures > FREE_TRIES).then(|| WAIT_STEP.saturating_mul(failures).min(LONGEST_WAIT))
}

/// A bucket that fills with failures at this desk and drains at thirty an hour; nobody is locked by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskGauge {
    /// How long it would take to drain.
    pub level: Duration,
    /// When it was written.
    pub at: BootTime,
}

impl DeskGauge {
    /// An empty one.
    #[must_use]
    pub fn new(now: &BootTime) -> Self {
        Self { level: Duration::ZERO, at: now.clone() }
    }

    fn level_at(&self, now: &BootTime) -> Duration {
        self.level.saturating_sub(passed(&self.at, now))
    }

    /// The fuller of two.
    #[must_use]
    pub fn fuller(self, other: &Self, now: &BootTime) -> Self {
        if other.level_at(now) > self.level_at(now) { other.clone() } else { self }
    }

    /// How long an attempt must still wait: 20 s after the last failure while the bucket is over its brim.
    #[must_use]
    pub fn wait_at(&self, now: &BootTime) -> Option<Duration> {
        let left = DESK_PAUSE.saturating_sub(passed(&self.at, now));
        (self.level_at(now) > HOUR && !left.is_zero()).then_some(left)
    }

    /// The gauge after one more failure.
    #[must_use]
    pub fn after_failure(&self, now: &BootTime) -> Self {
        // It never holds more than a brimful and a little, so that a bad hour is over within an hour.
        let drop = HOUR / DESK_PER_HOUR;
        Self { level: (self.level_at(now) + drop).min(HOUR + 2 * drop), at: now.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(boot: &str, secs: u64) -> BootTime {
        BootTime { boot_id: boot.into(), since_start: Duration::from_secs(secs) }
    }

    fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn a_hold_counts_down_and_survives_restarts() {
        let hold = Hold::new(secs(900), &at("a", 1000));
        for (now, left) in [
            (at("a", 1000), 900),
            (at("a", 1899), 1),
            (at("a", 1900), 0),
            (at("a", 99_999), 0),
            // after a restart: only the new uptime is sure
            (at("b", 0), 900),
            (at("b", 300), 600),
            (at("b", 5000), 0),
        ] {
            assert_eq!(hold.left_at(&now), secs(left), "{now:?}");
        }
    }

    #[test]
    fn without_a_boot_id_a_restart_never_ends_a_hold_early() {
        let hold = Hold::new(secs(900), &at("", 1000));
        assert_eq!(hold.left_at(&at("", 200)), secs(700));
        // An unnoticed restart counts too little, never too much: at least 1,500 s have passed here.
        assert_eq!(hold.left_at(&at("", 1500)), secs(400));
    }

    #[test]
    fn a_reading_from_before_ends_no_hold() {
        // Another process began the hold while the one that asks was still waiting for its turn.
        let hold = Hold::new(secs(900), &at("a", 50_000));
        assert_eq!(hold.left_at(&at("a", 49_999)), secs(900));
        let mut gauge = DeskGauge::new(&at("a", 49_000));
        for _ in 0..31 {
            gauge = gauge.after_failure(&at("a", 50_000));
        }
        assert_eq!(gauge.wait_at(&at("a", 49_999)), Some(DESK_PAUSE));
    }

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour() {
        let waits: Vec<_> = (0..5).map(wait_after).collect();
        assert_eq!(waits, [None, None, None, Some(secs(15)), Some(secs(20))]);
        assert_eq!(wait_after(180), Some(secs(900)));
        assert_eq!(wait_after(u32::MAX), Some(secs(900)));
    }

    #[test]
    fn the_desk_slows_down_above_thirty_an_hour_and_recovers() {
        let mut gauge = DeskGauge::new(&at("a", 0));
        for n in 0..30 {
            gauge = gauge.after_failure(&at("a", n));
            assert_eq!(gauge.wait_at(&at("a", n)), None, "{n}");
        }
        gauge = gauge.after_failure(&at("a", 30));
        gauge = gauge.after_failure(&at("a", 30));
        assert_eq!(gauge.wait_at(&at("a", 30)), Some(secs(20)));
        assert_eq!(gauge.wait_at(&at("a", 45)), Some(secs(5)));
        assert_eq!(gauge.wait_at(&at("a", 50)), None);
        for n in 0..1000 {
            gauge = gauge.after_failure(&at("a", 60 + n));
        }
        assert_eq!(gauge.wait_at(&at("a", 1060 + 3600 + 240)), None);
        assert!(gauge.level_at(&at("a", 1060 + 3600 + 240)).is_zero());
    }
}
