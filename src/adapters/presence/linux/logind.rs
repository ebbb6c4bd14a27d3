//! systemd's logind: the session's lock, sleep with a moment's delay, and who is at the seat.

use std::sync::Arc;
use std::thread;

use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::zvariant::{OwnedFd, OwnedObjectPath, OwnedValue};
use zbus::{MatchRule, Message};

use crate::ports::{Awake, Sign, Tell};

const NAME: &str = "org.freedesktop.login1";
const MANAGER_PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const USER: &str = "org.freedesktop.login1.User";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Whether logind answers.
pub(super) fn is_there(bus: &Connection) -> bool {
    get(bus, MANAGER_PATH, MANAGER, "PreparingForSleep").is_some()
}

/// This process's session: its own, or where it was started outside of one (as user services are) the person's display.
pub(super) fn session(bus: &Connection) -> Option<OwnedObjectPath> {
    let manager = |method: &str, pid: u32| {
        let reply = bus.call_method(Some(NAME), MANAGER_PATH, Some(MANAGER), method, &(pid,)).ok()?;
        reply.body().deserialize::<OwnedObjectPath>().ok()
    };
    let display = || {
        let user = manager("GetUserByPID", std::process::id())?;
        let (_, path): (String, OwnedObjectPath) = get(bus, user.as_str(), USER, "Display")?.try_into().ok()?;
        (path.as_str() != "/").then_some(path)
    };
    manager("GetSessionByPID", std::process::id()).or_else(display)
}

fn get(bus: &Connection, path: &str, interface: &str, property: &str) -> Option<OwnedValue> {
    let reply = bus.call_method(Some(NAME), path, Some(PROPERTIES), "Get", &(interface, property)).ok()?;
    reply.body().deserialize().ok()
}

/// Asks for a moment before the next sleep.
fn delay(bus: &Connection) -> Option<OwnedFd> {
    let words = ("sleep", "clinic2fa", "The desk is locked before the computer sleeps", "delay");
    let reply = bus.call_method(Some(NAME), MANAGER_PATH, Some(MANAGER), "Inhibit", &words).ok()?;
    reply.body().deserialize().ok()
}

/// Listens on a thread of its own, for as long as there is a bus.
pub(super) fn listen(bus: &Connection, tell: &Tell) {
    let (bus, tell) = (bus.clone(), Arc::clone(tell));
    // Without it nothing is told; `doctor` and the clocks notice a sleep nevertheless.
    drop(thread::Builder::new().name("logind".to_owned()).spawn(move || follow(&bus, &tell)));
}

fn follow(bus: &Connection, tell: &Tell) -> Option<()> {
    let rule = MatchRule::builder().msg_type(Type::Signal).sender(NAME).ok()?.build();
    let signals = MessageIterator::for_match_rule(rule, bus, None).ok()?;
    let mut held = delay(bus);
    let mine = session(bus);
    for signal in signals {
        let Ok(signal) = signal else { break };
        let header = signal.header();
        let (member, path) = (header.member()?.as_str().to_owned(), header.path()?.as_str().to_owned());
        let is_mine = mine.as_ref().is_some_and(|mine| mine.as_str() == path);
        match member.as_str() {
            "PrepareForSleep" => match signal.body().deserialize::<bool>() {
                Ok(true) => {
                    // Asked for at the start and after each waking; where it was refused there is no moment to hold.
                    let guard = held.take();
                    tell(Sign::GoesToSleep(Awake::new(guard)));
                }
                Ok(false) => {
                    tell(Sign::Woke);
                    held = delay(bus);
                }
                Err(_) => {}
            },
            "Lock" if is_mine => tell(Sign::SystemLocked),
            "PropertiesChanged" if is_mine => {
                if let Some(sign) = sign_of(&signal) {
                    tell(sign);
                }
            }
            _ => {}
        }
    }
    None
}

/// What a changed property of the session means: it is no longer the one at the seat, or the desktop has locked it.
fn sign_of(signal: &Message) -> Option<Sign> {
    type Changed = (String, std::collections::HashMap<String, OwnedValue>, Vec<String>);
    let body = signal.body();
    let (interface, changed, _) = body.deserialize::<Changed>().ok()?;
    let is = |name: &str, wanted: bool| {
        let value = changed.get(name).and_then(|value| bool::try_from(value.clone()).ok());
        interface == SESSION && value == Some(wanted)
    };
    if is("LockedHint", true) {
        return Some(Sign::SystemLocked);
    }
    is("Active", false).then_some(Sign::SwitchedAway)
}
