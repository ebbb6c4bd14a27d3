//! A real gateway on this computer: Kannel, with its own pretended telephone network behind it.
//!
//! Kannel's three programs run on ports of their own in a folder of their own, and end with the value that started them.
//! Where Kannel is not installed that is said and the test is left out, unless `CLINIC2FA_REQUIRE_SERVICES=1`.

#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

const BEARERBOX: &str = "/usr/sbin/bearerbox";
const SMSBOX: &str = "/usr/sbin/smsbox";
const NETWORK: &str = "/usr/lib/kannel/test/fakesmsc";

/// The login of the only account.
pub(crate) const LOGIN: &str = "clinic";
/// Its password, with letters that must be escaped.
pub(crate) const PASSWORD: &str = "p&ss=w rd+%41";

/// How a gateway is set up.
#[derive(Clone, Copy, Default)]
pub(crate) struct Plan<'a> {
    /// Encrypted, with a certificate of a private authority.
    pub(crate) tls: bool,
    /// Texts that may wait while the network is down.
    pub(crate) queue: Option<u32>,
    /// Numbers that begin so have no route.
    pub(crate) deny: Option<&'a str>,
}

/// A running gateway.
pub(crate) struct Kannel {
    folder: TempDir,
    /// Where texts are handed in.
    pub(crate) url: String,
    admin: u16,
    network_port: u16,
    network: Option<Child>,
    boxes: Vec<Child>,
}

/// A text as a telephone got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) text: String,
    /// As UCS-2, and not in the telephones' own alphabet.
    pub(crate) unicode: bool,
}

impl Kannel {
    /// Starts one, or says why there is none.
    pub(crate) fn start(plan: Plan<'_>) -> Option<Self> {
        for program in [BEARERBOX, SMSBOX, NETWORK] {
            if !Path::new(program).exists() {
                leave_out(&format!("{program} is missing (Kannel and its extras)"));
                return None;
            }
        }
        let folder = TempDir::new().expect("a folder");
        fs::create_dir(folder.path().join("spool")).expect("a spool");
        let [admin, smsbox, network_port, http] = free_ports();
        let (core_tls, box_tls) = if plan.tls { certificates(folder.path()) } else { Default::default() };
        let deny = plan.deny.map(|start| format!("denied-prefix = \"{start}\"\n")).unwrap_or_default();
        let queue = plan.queue.map(|most| format!("sms-outgoing-queue-limit = {most}\n")).unwrap_or_default();
        let dir = folder.path().display();
        let conf = format!(
            "group = core\nadmin-port = {admin}\nadmin-interface = \"127.0.0.1\"\nadmin-password = admin\n\
             smsbox-port = {smsbox}\nsmsbox-interface = \"127.0.0.1\"\nbox-deny-ip = \"*.*.*.*\"\n\
             box-allow-ip = \"127.0.0.1\"\nlog-file = \"{dir}/bearerbox.log\"\nlog-level = 1\nstore-type = spool\n\
             store-location = \"{dir}/spool\"\ndlr-storage = internal\nsms-resend-freq = 1\n{queue}{core_tls}\n\
             group = smsc\nsmsc = fake\nsmsc-id = FAKE\nport = {network_port}\nconnect-allow-ip = 127.0.0.1\n{deny}\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {http}\nsendsms-interface = \"127.0.0.1\"\n\
             {box_tls}log-file = \"{dir}/smsbox.log\"\nlog-level = 1\n\n\
             group = sendsms-user\nusername = {LOGIN}\npassword = \"{PASSWORD}\"\nconcatenation = true\nmax-messages = 4\n\
             user-deny-ip = \"*.*.*.*\"\nuser-allow-ip = \"127.0.0.1\"\n\n\
             group = sms-service\nkeyword = default\nmax-messages = 0\ntext = \"none\"\n"
        );
        fs::write(folder.path().join("kannel.conf"), conf).expect("written");
        let (scheme, host) = if plan.tls { ("https", "localhost") } else { ("http", "127.0.0.1") };
        let url = format!("{scheme}://{host}:{http}/cgi-bin/sendsms");
        let mut kannel = Self { folder, url, admin, network_port, network: None, boxes: Vec::new() };
        kannel.start_box(BEARERBOX);
        kannel.wait("bearerbox", |status| status.contains("Status: running"));
        kannel.network_up();
        kannel.start_box(SMSBOX);
        kannel.wait("smsbox", |status| status.contains("smsbox:"));
        until("its port", || TcpStream::connect(("127.0.0.1", http)).is_ok());
        Some(kannel)
    }

    /// The authority whose certificate it has, when encrypted.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The same address for somebody else's certificate checks: by number where the certificate has a name, and back.
    pub(crate) fn port(&self) -> u16 {
        let after = self.url.rsplit(':').next().and_then(|rest| rest.split('/').next());
        after.and_then(|port| port.parse().ok()).expect("a port")
    }

    /// The telephone network is gone.
    pub(crate) fn network_down(&mut self) {
        if let Some(child) = self.network.take() {
            end(child);
        }
        self.wait("the network's end", |status| !status.contains("(online"));
    }

    /// The telephone network is back.
    pub(crate) fn network_up(&mut self) {
        let port = self.network_port.to_string();
        // One message of its own that nobody asks for; without one it does not start.
        let child = Command::new(NETWORK)
            .args(["-H", "127.0.0.1", "-r", &port, "-m", "0", "-i", "0.01", "1 2 text nop"])
            .stdin(Stdio::null())
            .stdout(self.log("network.out"))
            .stderr(self.log("network.out"))
            .spawn()
            .expect("fakesmsc");
        self.network = Some(child);
        self.wait("the network", |status| status.contains("(online"));
    }

    /// Every text that reached a telephone, oldest first.
    pub(crate) fn delivered(&self) -> Vec<Delivered> {
        let log = fs::read(self.folder.path().join("network.out")).unwrap_or_default();
        String::from_utf8_lossy(&log).lines().filter_map(delivered).collect()
    }

    /// The next text after so many, once it is there.
    #[track_caller]
    pub(crate) fn text_after(&self, before: usize) -> Delivered {
        until("a text", || self.delivered().len() > before);
        self.delivered().remove(before)
    }

    fn start_box(&mut self, program: &str) {
        let child = Command::new(program)
            .args(["-v", "3"])
            .arg(self.folder.path().join("kannel.conf"))
            .stdin(Stdio::null())
            .stdout(self.log("boxes.out"))
            .stderr(self.log("boxes.out"))
            .spawn()
            .expect("a part of Kannel");
        self.boxes.push(child);
    }

    fn log(&self, name: &str) -> fs::File {
        let mut options = fs::OpenOptions::new();
        options.create(true).append(true).open(self.folder.path().join(name)).expect("a log")
    }

    fn wait(&self, what: &str, so: impl Fn(&str) -> bool) {
        until(what, || self.status().is_ok_and(|status| so(&status)));
    }

    fn status(&self) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.admin))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /status.txt?password=admin HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer)?;
        Ok(answer)
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        for child in self.boxes.drain(..).rev().chain(self.network.take()) {
            end(child);
        }
    }
}

/// By its own id, with time to close its files.
fn end(mut child: Child) {
    let id = child.id().to_string();
    drop(Command::new("kill").args(["-TERM", &id]).status());
    let gone = (0..300).any(|_| {
        std::thread::park_timeout(Duration::from_millis(20));
        !matches!(child.try_wait(), Ok(None))
    });
    if !gone {
        drop(child.kill());
        drop(child.wait());
    }
}

/// `… Got message 1: <OakTree +447700900123 text 482913 is your code …>`
fn delivered(line: &str) -> Option<Delivered> {
    let (_, rest) = line.split_once("Got message ")?;
    let inner = rest.split_once('<')?.1.strip_suffix('>')?;
    // A sender may hold blanks: the number is the word before the kind.
    for (kind, unicode) in [(" text ", false), (" ucs-2 ", true), (" data ", true)] {
        let Some((head, text)) = inner.split_once(kind) else { continue };
        let (from, to) = head.rsplit_once(' ')?;
        let text = if unicode { ucs2(text) } else { text.to_owned() };
        return Some(Delivered { from: from.to_owned(), to: to.to_owned(), text, unicode });
    }
    None
}

fn ucs2(escaped: &str) -> String {
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(&escaped.replace('+', " ")).collect();
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    let held: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind(("127.0.0.1", 0)).expect("a port"));
    held.map(|listener| listener.local_addr().expect("its number").port())
}

/// A private authority and a certificate for `localhost`, and the lines that use them.
fn certificates(folder: &Path) -> (String, String) {
    let script = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=clinic test authority' \
        -keyout ca.key -out ca.pem \
        && openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout srv.key -out srv.csr \
        && printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' > ext \
        && openssl x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out srv.pem";
    let made = Command::new("sh").args(["-c", script]).current_dir(folder).output().expect("sh");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let dir = folder.display();
    (
        format!("ssl-server-cert-file = \"{dir}/srv.pem\"\nssl-server-key-file = \"{dir}/srv.key\"\n"),
        "sendsms-port-ssl = yes\n".to_owned(),
    )
}

#[track_caller]
fn until(what: &str, so: impl Fn() -> bool) {
    let so = (0..1500).any(|_| {
        let so = so();
        if !so {
            std::thread::park_timeout(Duration::from_millis(20));
        }
        so
    });
    assert!(so, "not within half a minute: {what}");
}

/// Says on the real standard error what is not tested here; fails where everything must be there.
pub(crate) fn leave_out(why: &str) {
    let required = std::env::var_os("CLINIC2FA_REQUIRE_SERVICES").is_some_and(|set| set == "1");
    assert!(!required, "required here: {why}");
    writeln!(std::io::stderr(), "left out: {why}").expect("written");
}

/// A gateway, or the end of a test that needs one.
macro_rules! kannel_or_leave_out {
    ($plan:expr) => {
        match crate::kannel::Kannel::start($plan) {
            Some(kannel) => kannel,
            None => return,
        }
    };
}
pub(crate) use kannel_or_leave_out;
