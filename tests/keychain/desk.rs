//! A private desktop session: a message bus, on it a keyring daemon or none, and a home that is thrown away.
//!
//! Every process is a child, ended by its own id. Nothing can be started on demand on this bus: what a test did not
//! start is not there.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use tempfile::TempDir;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";
const PASSWORD: &str = "desk";

/// What the daemon finds when it starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyring {
    /// No daemon at all.
    None,
    /// A daemon in a home where no keyring was ever made.
    Fresh,
    /// The login keyring, open.
    Unlocked,
}

pub(crate) struct Desk {
    place: TempDir,
    address: String,
    bus: Child,
    daemon: Option<Child>,
    /// Our own seat on the bus; dropping it would give up the prompter's name.
    seat: Connection,
}

/// Which of the programs a desk is made of is missing.
pub(crate) fn available() -> Result<(), &'static str> {
    for program in ["dbus-daemon", "gnome-keyring-daemon"] {
        let run = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !run.is_ok_and(|status| status.success()) {
            return Err(program);
        }
    }
    Ok(())
}

impl Desk {
    pub(crate) fn start(keyring: Keyring) -> Self {
        let place = TempDir::new().expect("a place");
        for folder in ["run", "run/keyring", "home"] {
            let path = place.path().join(folder);
            fs::create_dir(&path).expect("a folder");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("rights");
        }
        let configuration = place.path().join("bus.conf");
        let socket = place.path().join("run/bus");
        fs::write(&configuration, BUS.replace("SOCKET", socket.to_str().expect("a path"))).expect("written");
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", configuration.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a bus");
        let mut address = String::new();
        let said = BufReader::new(bus.stdout.take().expect("its output")).read_line(&mut address);
        assert!(said.is_ok_and(|length| length > 0), "the bus did not tell its address");
        let address = address.trim().to_owned();
        let seat = Builder::address(address.as_str()).and_then(Builder::build).expect("a seat on the bus");
        let mut desk = Self { place, address, bus, daemon: None, seat };
        if keyring != Keyring::None {
            desk.start_keyring(keyring);
        }
        desk
    }

    /// Gives the command this session instead of the tester's own.
    pub(crate) fn enter(&self, command: &mut Command) {
        let home = self.home();
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("XDG_RUNTIME_DIR", self.place.path().join("run"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("HOME", &home)
            .env_remove("GNOME_KEYRING_CONTROL")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
    }

    fn home(&self) -> PathBuf {
        self.place.path().join("home")
    }

    pub(crate) fn start_keyring(&mut self, keyring: Keyring) {
        assert!(self.daemon.is_none(), "one daemon at a time");
        let taken = DBusProxy::new(&self.seat).expect("the bus");
        let mut changes = taken.receive_name_owner_changed_with_args(&[(0, SECRETS)]).expect("told of new names");
        let mut command = Command::new("gnome-keyring-daemon");
        self.enter(&mut command);
        command
            .args(["--foreground", "--components=secrets"])
            .arg(format!("--control-directory={}", self.place.path().join("run/keyring").display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if keyring == Keyring::Unlocked {
            command.arg("--unlock").stdin(Stdio::piped());
        } else {
            command.stdin(Stdio::null());
        }
        let mut daemon = command.spawn().expect("a keyring");
        if let Some(mut input) = daemon.stdin.take() {
            // No newline: it would become part of the password.
            input.write_all(PASSWORD.as_bytes()).expect("the password");
        }
        self.daemon = Some(daemon);
        let there = changes.any(|change| change.args().is_ok_and(|args| args.new_owner().is_some()));
        assert!(there, "the keyring did not take its name");
    }

    pub(crate) fn kill_keyring(&mut self) {
        let mut daemon = self.daemon.take().expect("a daemon");
        daemon.kill().expect("killed");
        daemon.wait().expect("ended");
        // The bus has noticed when it no longer knows the name's owner; only then is the next one's start seen.
        let bus = DBusProxy::new(&self.seat).expect("the bus");
        let gone = (0..100_000).any(|_| !bus.name_has_owner(SECRETS.try_into().expect("a name")).expect("told"));
        assert!(gone, "the bus still knows the daemon");
    }

    /// Stops or continues the daemon: it keeps its name and answers nothing meanwhile.
    pub(crate) fn signal_keyring(&self, signal: Signal) {
        let id = self.daemon.as_ref().expect("a daemon").id();
        let pid = Pid::from_raw(id.try_into().expect("an id")).expect("an id");
        kill_process(pid, signal).expect("signalled");
    }

    /// Takes the place of the desktop's password dialogue and never answers: a person who is not at the desk. Without
    /// it there is no dialogue at all, which the daemon takes for one that was dismissed.
    pub(crate) fn nobody_answers_the_prompt(&self) {
        self.seat.request_name("org.gnome.keyring.SystemPrompter").expect("the prompter's name");
    }

    pub(crate) fn lock(&self) {
        let login = ObjectPath::try_from(LOGIN).expect("a path");
        self.call("org.freedesktop.Secret.Service", "Lock", &(vec![login],));
        assert!(self.is_locked());
    }

    /// Unlocks without a dialogue, through the daemon's door for the log-in.
    pub(crate) fn unlock(&self) {
        let opened = self.call("org.freedesktop.Secret.Service", "OpenSession", &("plain", Value::from("")));
        let (_, session): (OwnedValue, OwnedObjectPath) = opened.body().deserialize().expect("a session");
        let login = ObjectPath::try_from(LOGIN).expect("a path");
        let master = (session, Vec::<u8>::new(), PASSWORD.as_bytes(), "text/plain");
        let door = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface";
        self.call(door, "UnlockWithMasterPassword", &(login, master));
        assert!(!self.is_locked());
    }

    fn is_locked(&self) -> bool {
        let service = self.service();
        service.get_default_collection().and_then(|login| login.is_locked()).expect("the login keyring")
    }

    fn call<B: serde::Serialize + zbus::zvariant::DynamicType>(
        &self,
        interface: &str,
        method: &str,
        body: &B,
    ) -> zbus::Message {
        self.seat.call_method(Some(SECRETS), SERVICE, Some(interface), method, body).expect("the daemon's answer")
    }

    /// The keyring as another program sees it.
    pub(crate) fn service(&self) -> SecretService<'_> {
        SecretService::connect_with_existing(EncryptionType::Plain, self.seat.clone()).expect("the service")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        for child in self.daemon.iter_mut().chain([&mut self.bus]) {
            // Gone already is as good.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
