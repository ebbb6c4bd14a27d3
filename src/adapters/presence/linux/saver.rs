//! Screen savers and lock screens of the desktops, and GNOME's idle monitor, on the session bus.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use zbus::MatchRule;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::names::BusName;

use crate::ports::{Sign, Tell};

/// They all say `ActiveChanged(b)`, each on an interface of its own name: KDE and Xfce, GNOME, Cinnamon, MATE.
const SAVERS: [(&str, &str); 4] = [
    ("org.gnome.ScreenSaver", "GNOME"),
    ("org.cinnamon.ScreenSaver", "Cinnamon"),
    ("org.mate.ScreenSaver", "MATE"),
    ("org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver"),
];

const MUTTER: &str = "org.gnome.Mutter.IdleMonitor";
const MUTTER_CORE: &str = "/org/gnome/Mutter/IdleMonitor/Core";

/// Which screen saver is there.
pub(super) fn which(bus: &Connection) -> Option<&'static str> {
    let names = DBusProxy::new(bus).ok()?;
    SAVERS.into_iter().find_map(|(name, known_as)| {
        let has = names.name_has_owner(BusName::try_from(name).ok()?).unwrap_or(false);
        has.then_some(known_as)
    })
}

/// For how long nobody has touched anything, where the desktop is GNOME.
pub(super) fn mutter_idle(bus: &Connection) -> Option<Duration> {
    let reply = bus.call_method(Some(MUTTER), MUTTER_CORE, Some(MUTTER), "GetIdletime", &()).ok()?;
    reply.body().deserialize().ok().map(Duration::from_millis)
}

/// Listens on a thread of its own, for as long as there is a bus. Any program of this person may say that a screen saver
/// is up; all that it can do by that is to lock.
pub(super) fn listen(bus: &Connection, tell: &Tell) {
    let (bus, tell) = (bus.clone(), Arc::clone(tell));
    drop(thread::Builder::new().name("saver".to_owned()).spawn(move || follow(&bus, &tell)));
}

fn follow(bus: &Connection, tell: &Tell) -> Option<()> {
    let rule = MatchRule::builder().msg_type(Type::Signal).member("ActiveChanged").ok()?.build();
    for signal in MessageIterator::for_match_rule(rule, bus, None).ok()? {
        let Ok(signal) = signal else { break };
        let header = signal.header();
        let is_saver = header.interface().is_some_and(|name| SAVERS.iter().any(|(saver, _)| name.as_str() == *saver));
        if is_saver && signal.body().deserialize::<bool>() == Ok(true) {
            tell(Sign::SystemLocked);
        }
    }
    None
}
