//! What is asked of the clocks.

use std::time::Duration;

/// One reading of both clocks, taken once per event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall clock: seconds since 1970-01-01T00:00:00Z, negative before.
    pub unix_secs: i64,
    /// When this local day ends, on the same clock: a spare code is good until then.
    pub day_ends_unix: i64,
    /// The clock that waits run on.
    pub boot: BootTime,
}

/// A clock that counts through sleep, starts at zero when the computer starts and cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootTime {
    /// Names this run of the computer; empty where the system has no such name.
    pub boot_id: String,
    /// Time since the computer started, sleep included.
    pub since_start: Duration,
}

/// The system's clocks.
pub trait Clock: Send + Sync {
    /// Reads both clocks.
    fn now(&self) -> Now;

    /// How long this computer has slept, counted from some moment before this process began: two answers that differ
    /// by a second or more have a sleep between them.
    fn asleep(&self) -> Duration;
}
