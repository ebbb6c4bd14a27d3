//! A bus of a test's own, with a logind, screen savers and GNOME's idle monitor on it that say what the test wants.
//!
//! They are served by zbus, as the real ones are by systemd and the desktops: names, paths, interfaces and types are those
//! of `org.freedesktop.login1(5)` and of the introspection that the desktops give.

use std::io::{PipeReader, Read, Write as _};
use std::os::fd::OwnedFd as Descriptor;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{ObjectPath, OwnedFd, OwnedObjectPath, Value};

/// Everybody may own every name, and nothing is started on demand.
const CONFIG: &str = "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"
 \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">
<busconfig><type>session</type><keep_umask/><listen>unix:path={dir}/bus</listen><auth>EXTERNAL</auth>
<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>
</busconfig>
";

const MANAGER: &str = "/org/freedesktop/login1";
/// The session that a process of the test belongs to, and another.
pub(crate) const MINE: &str = "/org/freedesktop/login1/session/_32";
pub(crate) const OTHERS: &str = "/org/freedesktop/login1/session/_37";
const USER: &str = "/org/freedesktop/login1/user/_1000";
const SESSION: &str = "org.freedesktop.login1.Session";

/// The bus. It ends with this.
pub(crate) struct Bus {
    daemon: Child,
    dir: TempDir,
}

impl Bus {
    /// Starts one, or says that there is no `dbus-daemon`.
    #[expect(clippy::unwrap_in_result, reason = "nothing is the answer to one thing alone: that there is no program")]
    pub(crate) fn start() -> Option<Self> {
        let dir = TempDir::new().expect("a folder");
        let config = dir.path().join("bus.conf");
        std::fs::write(&config, CONFIG.replace("{dir}", dir.path().to_str().expect("plain"))).expect("written");
        let daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut daemon) = daemon else {
            let required = std::env::var_os("CLINIC2FA_REQUIRE_SERVICES").is_some_and(|set| set == "1");
            assert!(!required, "required here: dbus-daemon is missing");
            writeln!(std::io::stderr(), "left out: dbus-daemon is missing").expect("said");
            return None;
        };
        // It says its address once it listens.
        let mut first = [0];
        daemon.stdout.as_mut().expect("its output").read_exact(&mut first).expect("an address");
        Some(Self { daemon, dir })
    }

    pub(crate) fn address(&self) -> String {
        format!("unix:path={}/bus", self.dir.path().display())
    }

    /// A service under that name on it.
    fn owns(&self, name: &str) -> Builder<'static> {
        owns(&self.address(), name)
    }

    /// GNOME's idle monitor.
    pub(crate) fn idle_monitor(&self) -> IdleMonitor {
        let millis = Arc::new(AtomicU64::new(0));
        let served = Core(Arc::clone(&millis));
        let bus = self.owns("org.gnome.Mutter.IdleMonitor").serve_at("/org/gnome/Mutter/IdleMonitor/Core", served);
        IdleMonitor { millis, _bus: bus.expect("served").build().expect("an idle monitor") }
    }
}

fn owns(address: &str, name: &str) -> Builder<'static> {
    let builder = Builder::address(address).expect("an address");
    builder.name(name.to_owned()).expect("a name")
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

/// Whether a process is in a session of its own, or was started outside of one as user services are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartedIn {
    Session,
    UserService,
}

/// systemd's logind.
pub(crate) struct Logind {
    bus: Connection,
    held: Held,
}

type Held = Arc<Mutex<Vec<PipeReader>>>;

struct Manager {
    started_in: StartedIn,
    held: Held,
}

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _pid: u32) -> zbus::fdo::Result<OwnedObjectPath> {
        match self.started_in {
            StartedIn::Session => Ok(ObjectPath::from_static_str_unchecked(MINE).into()),
            StartedIn::UserService => Err(zbus::fdo::Error::Failed("PID does not belong to any known session".into())),
        }
    }

    #[zbus(name = "GetUserByPID")]
    fn get_user_by_pid(&self, _pid: u32) -> OwnedObjectPath {
        ObjectPath::from_static_str_unchecked(USER).into()
    }

    fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::fdo::Result<OwnedFd> {
        if (what, mode) != ("sleep", "delay") || who.is_empty() || why.is_empty() {
            return Err(zbus::fdo::Error::InvalidArgs(format!("{what} {mode}")));
        }
        let (reader, writer) = std::io::pipe().map_err(|error| zbus::fdo::Error::IOError(error.to_string()))?;
        rustix::fs::fcntl_setfl(&reader, rustix::fs::OFlags::NONBLOCK)
            .map_err(|error| zbus::fdo::Error::IOError(error.to_string()))?;
        self.held.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        Ok(Descriptor::from(writer).into())
    }

    #[zbus(property)]
    fn preparing_for_sleep(&self) -> bool {
        false
    }
}

struct User;

#[zbus::interface(name = "org.freedesktop.login1.User")]
impl User {
    #[zbus(property)]
    fn display(&self) -> (String, OwnedObjectPath) {
        ("2".to_owned(), ObjectPath::from_static_str_unchecked(MINE).into())
    }
}

impl Logind {
    pub(crate) fn on(bus: &Bus, started_in: StartedIn) -> Self {
        let held = Held::default();
        let manager = Manager { started_in, held: Arc::clone(&held) };
        let builder = bus.owns("org.freedesktop.login1").serve_at(MANAGER, manager).expect("served");
        Self { bus: builder.serve_at(USER, User).expect("served").build().expect("a logind"), held }
    }

    fn says<B: serde::Serialize + zbus::zvariant::DynamicType>(
        &self,
        path: &str,
        interface: &str,
        name: &str,
        body: &B,
    ) {
        self.bus.emit_signal(None::<&str>, path, interface, name, body).expect("said");
    }

    /// `loginctl lock-session`, or a desktop's lock key.
    pub(crate) fn locks(&self, session: &str) {
        self.says(session, SESSION, "Lock", &());
    }

    pub(crate) fn prepares_for_sleep(&self, begins: bool) {
        self.says(MANAGER, "org.freedesktop.login1.Manager", "PrepareForSleep", &(begins,));
    }

    /// A property of a session is another now.
    pub(crate) fn changes(&self, session: &str, property: &str, value: bool) {
        let changed = std::collections::HashMap::from([(property, Value::from(value))]);
        let body = (SESSION, changed, Vec::<String>::new());
        self.says(session, "org.freedesktop.DBus.Properties", "PropertiesChanged", &body);
    }

    /// Delays that were asked for so far.
    pub(crate) fn asked(&self) -> usize {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether the delay that was asked for last has not been given back yet.
    pub(crate) fn is_held(&self) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut last) = held.last() else { return false };
        // A pipe with no writer left has an end; one that has would be waited for.
        last.read(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

/// A desktop's screen saver.
pub(crate) struct Saver {
    name: String,
    bus: Connection,
}

impl Saver {
    /// One of that name on the bus at that address, which says nothing yet.
    pub(crate) fn on(address: &str, name: &str) -> Self {
        Self { name: name.to_owned(), bus: owns(address, name).build().expect("a screen saver") }
    }

    /// It says `ActiveChanged`, from the path that is its name.
    pub(crate) fn is_active(&self, active: bool) {
        let path = format!("/{}", self.name.replace('.', "/"));
        self.bus
            .emit_signal(None::<&str>, path.as_str(), self.name.as_str(), "ActiveChanged", &(active,))
            .expect("said");
    }
}

/// A desktop's notifications: what is shown now, by number.
#[derive(Clone, Default)]
pub(crate) struct Notices(Arc<Mutex<Shown>>);

#[derive(Default)]
struct Shown {
    last: u32,
    now: Vec<(u32, String)>,
}

impl Notices {
    /// On the bus at that address, for as long as what is handed back lives.
    pub(crate) fn on(address: &str) -> (Self, Connection) {
        let notices = Self::default();
        let builder = owns(address, "org.freedesktop.Notifications");
        let builder = builder.serve_at("/org/freedesktop/Notifications", notices.clone()).expect("served");
        (notices, builder.build().expect("notifications"))
    }

    pub(crate) fn shown(&self) -> Vec<String> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.now.iter().map(|(_, words)| words.clone()).collect()
    }
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notices {
    #[expect(clippy::too_many_arguments, clippy::needless_pass_by_value, reason = "they are the interface's")]
    fn notify(
        &self,
        _app: &str,
        replaces: u32,
        _icon: &str,
        summary: &str,
        body: &str,
        _actions: Vec<String>,
        hints: std::collections::HashMap<String, Value<'_>>,
        _expires: i32,
    ) -> u32 {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.last += 1;
        let number = shown.last;
        let urgent = hints.get("urgency") == Some(&Value::from(2_u8)) && replaces == 0;
        shown.now.push((number, format!("{summary} {body}{}", if urgent { "!" } else { "" })));
        number
    }

    fn close_notification(&self, number: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now.retain(|(shown, _)| *shown != number);
    }
}

/// GNOME's idle monitor.
pub(crate) struct IdleMonitor {
    millis: Arc<AtomicU64>,
    _bus: Connection,
}

impl IdleMonitor {
    pub(crate) fn counts(&self, millis: u64) {
        self.millis.store(millis, Ordering::Relaxed);
    }
}

struct Core(Arc<AtomicU64>);

#[zbus::interface(name = "org.gnome.Mutter.IdleMonitor")]
impl Core {
    fn get_idletime(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
