//! The few columns that hold more than one value, as JSON.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Unreadable;
use crate::domain::lockout::Hold;
use crate::domain::moment::Moment;
use crate::domain::state::{DayPass, millis};
use crate::ports::BootTime;

/// A stretch of time that was left at a moment of the boot clock.
#[derive(Serialize, Deserialize)]
pub(super) struct HoldJson {
    left_ms: u64,
    boot: String,
    at_ms: u64,
}

impl From<&Hold> for HoldJson {
    fn from(hold: &Hold) -> Self {
        Self {
            left_ms: millis(hold.left).unsigned_abs(),
            boot: hold.at.boot_id.clone(),
            at_ms: millis(hold.at.since_start).unsigned_abs(),
        }
    }
}

impl From<HoldJson> for Hold {
    fn from(json: HoldJson) -> Self {
        let at = BootTime { boot_id: json.boot, since_start: Duration::from_millis(json.at_ms) };
        Self { left: Duration::from_millis(json.left_ms), at }
    }
}

/// Leave to do without the phone for a day.
#[derive(Serialize, Deserialize)]
pub(super) struct DayPassJson {
    from_unix: i64,
    until_unix: i64,
    hold: HoldJson,
}

impl From<&DayPass> for DayPassJson {
    fn from(pass: &DayPass) -> Self {
        Self { from_unix: pass.from_unix, until_unix: pass.until_unix, hold: HoldJson::from(&pass.hold) }
    }
}

impl From<DayPassJson> for DayPass {
    fn from(json: DayPassJson) -> Self {
        Self { from_unix: json.from_unix, until_unix: json.until_unix, hold: json.hold.into() }
    }
}

/// What both clocks showed.
#[derive(Serialize, Deserialize)]
pub(super) struct MomentJson {
    unix_secs: i64,
    boot: String,
    at_ms: u64,
}

impl From<&Moment> for MomentJson {
    fn from(moment: &Moment) -> Self {
        Self {
            unix_secs: moment.unix_secs,
            boot: moment.at.boot_id.clone(),
            at_ms: millis(moment.at.since_start).unsigned_abs(),
        }
    }
}

impl From<MomentJson> for Moment {
    fn from(json: MomentJson) -> Self {
        let at = BootTime { boot_id: json.boot, since_start: Duration::from_millis(json.at_ms) };
        Self { unix_secs: json.unix_secs, at }
    }
}

/// When an activation code ends.
#[derive(Serialize, Deserialize)]
pub(super) struct UntilJson {
    pub(super) until_unix: i64,
    pub(super) hold: HoldJson,
}

/// JSON of a plain value; a value of ours always has one.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn from_json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable)
}
