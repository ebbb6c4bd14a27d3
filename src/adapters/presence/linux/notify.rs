//! The desktop's own notifications, where no window of ours may stand above others.

use std::collections::HashMap;

use zbus::blocking::Connection;
use zbus::zvariant::Value;

use crate::ports::Words;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// Stays until it is taken away, also above a window that fills the screen.
const CRITICAL: u8 = 2;
/// Should nobody take it away: in milliseconds.
const GONE_AFTER: i32 = 60_000;

/// Shows it; the number to take it away by.
pub(super) fn show(bus: &Connection, words: &Words) -> Option<u32> {
    // Not kept in a list: afterwards it is no longer true.
    let hints = HashMap::from([("urgency", Value::from(CRITICAL)), ("transient", Value::from(true))]);
    let none = Vec::<&str>::new();
    let body = ("clinic2fa", 0_u32, "", words.what.as_str(), words.then.as_str(), none, hints, GONE_AFTER);
    let reply = bus.call_method(Some(NAME), PATH, Some(NAME), "Notify", &body).ok()?;
    reply.body().deserialize().ok()
}

/// Takes it away.
pub(super) fn take_away(bus: &Connection, number: u32) {
    drop(bus.call_method(Some(NAME), PATH, Some(NAME), "CloseNotification", &(number,)));
}
