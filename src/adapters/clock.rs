//! The system's clocks, and their readings as text.
//!
//! The only place that reads a clock. Everything else is given a [`Now`].

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ports::{BootTime, Clock, Now};

/// The clocks of this computer.
///
/// The boot clock is one that counts through sleep: `CLOCK_BOOTTIME` on Linux, `CLOCK_MONOTONIC` on macOS (where it
/// does), `GetTickCount64` on Windows. A clock that stops while the lid is shut would make a wait last overnight.
#[derive(Clone, Debug)]
pub struct SystemClock {
    boot_id: String,
    #[cfg(unix)]
    began: (std::time::Instant, Duration),
}

impl SystemClock {
    /// Reads the name of this run of the computer, which lasts as long as the process does.
    #[must_use]
    #[cfg_attr(unix, expect(clippy::disallowed_methods, reason = "this is where clocks are read"))]
    pub fn new() -> Self {
        Self {
            boot_id: system::boot_id(),
            #[cfg(unix)]
            // In this order, so that a pause between two readings looks like being awake.
            began: (std::time::Instant::now(), system::since_start()),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let unix_secs = system::unix_secs();
        Now {
            unix_secs,
            day_ends_unix: day_end(unix_secs, TimeZone::system()),
            boot: BootTime { boot_id: self.boot_id.clone(), since_start: system::since_start() },
        }
    }

    /// On Unix the standard library's `Instant` stands still while the computer sleeps (`CLOCK_MONOTONIC` on Linux,
    /// `CLOCK_UPTIME_RAW` on macOS), and the boot clock does not. Windows counts the two itself.
    #[cfg_attr(unix, expect(clippy::disallowed_methods, reason = "this is where clocks are read"))]
    fn asleep(&self) -> Duration {
        #[cfg(unix)]
        let asleep = {
            let passed = system::since_start().saturating_sub(self.began.1);
            passed.saturating_sub(self.began.0.elapsed())
        };
        #[cfg(windows)]
        let asleep = crate::adapters::os::asleep();
        asleep
    }
}

#[cfg(unix)]
mod system {
    use std::time::{Duration, SystemTime};

    use rustix::time::{ClockId, clock_gettime};

    #[cfg(target_os = "linux")]
    const THROUGH_SLEEP: ClockId = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    const THROUGH_SLEEP: ClockId = ClockId::Monotonic;

    /// Whole seconds since 1970, rounded down, so that -0.5 s is -1. By the C library, so that whoever tries a wrong clock
    /// with `faketime` tries this program's.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    pub(super) fn unix_secs() -> i64 {
        let secs = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => secs(since),
            Err(before) => {
                let before = before.duration();
                -secs(before) - i64::from(before.subsec_nanos() > 0)
            }
        }
    }

    pub(super) fn since_start() -> Duration {
        let time = clock_gettime(THROUGH_SLEEP);
        Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    /// Linux makes a new random id at each start; elsewhere there is no name that safe code can ask for.
    pub(super) fn boot_id() -> String {
        if cfg!(target_os = "linux") {
            std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
        } else {
            String::new()
        }
    }
}

#[cfg(windows)]
mod system {
    pub(super) use crate::adapters::os::{since_start, unix_secs};

    /// Windows has no name for one run of the computer.
    pub(super) fn boot_id() -> String {
        String::new()
    }
}

/// Time since the computer started, sleep included, for adapters that note when something happened.
#[cfg(all(target_os = "linux", feature = "desktop"))]
pub(super) fn since_start() -> Duration {
    system::since_start()
}

/// A clock turned by hand, for tests and demonstrations. Clones show the same time. Never wired into the program.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<Mutex<Hands>>);

#[derive(Debug)]
struct Hands {
    now: Now,
    zone: TimeZone,
    asleep: Duration,
}

impl TestClock {
    /// A clock standing at that wall time, on a computer that started an hour ago.
    #[must_use]
    pub fn at(unix_secs: i64) -> Self {
        let boot = BootTime { boot_id: "boot-1".to_owned(), since_start: Duration::from_hours(1) };
        let now = Now { unix_secs, day_ends_unix: 0, boot };
        Self(Arc::new(Mutex::new(Hands { now, zone: TimeZone::UTC, asleep: Duration::ZERO })))
    }

    /// Its people live elsewhere from now on; without a call, in UTC. The zone is named by its rule, after POSIX
    /// ("CET-1CEST,M3.5.0,M10.5.0/3"), so that no system needs to know it; whether it is a rule.
    #[must_use]
    pub fn lives_by(&self, rule: &str) -> bool {
        let zone = TimeZone::posix(rule);
        let known = zone.is_ok();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).zone = zone.unwrap_or(TimeZone::UTC);
        known
    }

    /// Lets time pass: both clocks go on.
    pub fn advance(&self, by: Duration) {
        self.turn(|now| {
            let millis = u64::from(now.boot.since_start.subsec_millis()) + u64::from(by.subsec_millis());
            now.unix_secs = now.unix_secs.saturating_add_unsigned(by.as_secs() + millis / 1_000);
            now.boot.since_start = now.boot.since_start.saturating_add(by);
        });
    }

    /// The computer sleeps for so long: both clocks go on.
    pub fn sleep(&self, by: Duration) {
        self.advance(by);
        let mut hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hands.asleep = hands.asleep.saturating_add(by);
    }

    /// Turns the wall clock alone, as a person does in the settings.
    pub fn set_wall(&self, unix_secs: i64) {
        self.turn(|now| now.unix_secs = unix_secs);
    }

    /// Starts the computer again: another run, its boot clock at zero, the wall clock where it was.
    pub fn reboot(&self) {
        self.turn(|now| {
            let run: u64 = now.boot.boot_id.rsplit('-').next().and_then(|run| run.parse().ok()).unwrap_or(0);
            now.boot = BootTime { boot_id: format!("boot-{}", run + 1), since_start: Duration::ZERO };
        });
    }

    /// Takes the name of the run away, as Windows and macOS have none.
    pub fn forget_boot_id(&self) {
        self.turn(|now| now.boot.boot_id.clear());
    }

    fn turn(&self, change: impl FnOnce(&mut Now)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).now);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Now {
        let hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut now, zone) = (hands.now.clone(), hands.zone.clone());
        now.day_ends_unix = day_end(now.unix_secs, zone);
        now
    }

    fn asleep(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).asleep
    }
}

const DAY_SECS: i64 = 24 * 3600;

/// When the day that a time falls into ends there: the next local midnight, also on the days that clocks change.
fn day_end(unix_secs: i64, zone: TimeZone) -> i64 {
    let today = timestamp(unix_secs).to_zoned_datetime(zone);
    let ends = today.tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
    ends.map_or_else(|_| unix_secs.saturating_add(DAY_SECS), |ends| ends.timestamp().as_second())
}

/// The time of day here, as "10:42". A time outside the years -9999 to 9999 shows as the nearest inside.
#[must_use]
pub fn local_time_text(unix_secs: i64) -> String {
    timestamp(unix_secs).to_zoned_datetime(TimeZone::system()).strftime("%H:%M").to_string()
}

/// The date here, as "25 November 2026".
#[must_use]
pub fn local_date_text(unix_secs: i64) -> String {
    timestamp(unix_secs).to_zoned_datetime(TimeZone::system()).strftime("%-d %B %Y").to_string()
}

/// The time zone here, as "UTC+01:00".
#[must_use]
pub fn local_zone_text(unix_secs: i64) -> String {
    timestamp(unix_secs).to_zoned_datetime(TimeZone::system()).strftime("UTC%:z").to_string()
}

/// The name of the local day that ends then, for files: "2026-11-25".
#[must_use]
pub fn local_day_name(day_ends_unix: i64) -> String {
    let last_second = timestamp(day_ends_unix.saturating_sub(1));
    last_second.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d").to_string()
}

/// The moment here, as "25 November 2026, 10:42 (UTC+01:00)".
#[must_use]
pub fn local_moment_text(unix_secs: i64) -> String {
    format!("{}, {} ({})", local_date_text(unix_secs), local_time_text(unix_secs), local_zone_text(unix_secs))
}

/// The time in UTC after RFC 3339, as "2026-11-25T10:42:00Z"; out of range as in [`local_time_text`].
#[must_use]
pub fn utc_text(unix_secs: i64) -> String {
    timestamp(unix_secs).to_string()
}

fn timestamp(unix_secs: i64) -> Timestamp {
    // A clock can be set to anything; a log line with the nearest time that can be written beats a panic.
    let nearest = unix_secs.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(nearest).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clocks_go_on() {
        let clock = SystemClock::new();
        let first = clock.now();
        let second = clock.now();
        assert!(first.unix_secs > 1_600_000_000, "{first:?}");
        assert!(second.boot.since_start >= first.boot.since_start && first.boot.since_start > Duration::ZERO);
        assert_eq!(first.boot.boot_id, second.boot.boot_id);
        if cfg!(target_os = "linux") {
            assert_eq!(first.boot.boot_id.len(), 36, "{first:?}");
        }
    }

    #[test]
    fn a_test_clock_is_turned_by_hand() {
        let clock = TestClock::at(59);
        let other = clock.clone();
        clock.advance(Duration::from_secs(31));
        clock.advance(Duration::from_millis(600));
        assert_eq!((other.now().unix_secs, other.now().boot.since_start), (90, Duration::from_millis(3_631_600)));
        clock.advance(Duration::from_millis(600));
        assert_eq!(other.now().unix_secs, 91, "parts of a second add up");
        clock.set_wall(-5);
        assert_eq!((clock.now().unix_secs, clock.now().boot.since_start.as_secs()), (-5, 3_632));
        clock.reboot();
        assert_eq!(clock.now().boot, BootTime { boot_id: "boot-2".to_owned(), since_start: Duration::ZERO });
    }

    #[test]
    fn any_time_can_be_written() {
        for (secs, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (20_000_000_000, "2603-10-11T11:33:20Z"),
            (i64::MIN, "-009999-01-02T01:59:59Z"),
            (i64::MAX, "9999-12-30T22:00:00Z"),
        ] {
            assert_eq!(utc_text(secs), text);
            assert_eq!(local_time_text(secs).len(), 5, "{secs}");
            assert!(local_date_text(secs).contains(' '), "{secs}");
            assert_eq!(local_zone_text(secs).chars().nth(6), Some(':'), "{secs}");
        }
    }
}
