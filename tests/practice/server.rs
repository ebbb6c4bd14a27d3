//! A PostgreSQL server of a test's own: made by `initdb`, reached by a socket's port on the loopback address, gone with
//! the test.

use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::office::{leave_out, until};

/// The administrative login's password, as the IT helper made it.
pub(crate) const ADMIN: &str = "pebble-7-lantern-2-moss";
const SUPERUSER: &str = "granite-1-meadow-6-lark";

pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
    process: Child,
}

/// A program of the server's, wherever the distribution keeps it.
fn program(name: &str) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .chain(std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop()
}

/// PostgreSQL refuses to run as root: then it is nobody's.
fn unprivileged(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if let Some((user, group)) = owner {
        command.args(["--reuid", &user.to_string(), "--regid", &group.to_string(), "--clear-groups"]);
    }
    command.arg("--").arg(program).stdin(Stdio::null());
    command
}

impl Server {
    /// Started, with the practice's database, its role, and an administrative login as the README says.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(None)
    }

    /// The same for other computers, with this certificate and its key.
    pub(crate) fn start_for_others(certificate: &Path, key: &Path) -> Option<Self> {
        Self::start_with(Some((certificate, key)))
    }

    /// The clinic's settings for it, as `settings set` takes them.
    pub(crate) fn settings(&self) -> String {
        format!(
            "opens postgres postgres-host 127.0.0.1 postgres-port {} postgres-database office postgres-admin desks \
             postgres-role office",
            self.port
        )
    }

    fn start_with(identity: Option<(&Path, &Path)>) -> Option<Self> {
        let (Some(initdb), Some(postgres)) = (program("initdb"), program("postgres")) else {
            leave_out("what needs a PostgreSQL server, which is not installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let root = fs::metadata(folder.path()).unwrap().uid() == 0;
        let owner = root.then_some((65_534, 65_534));
        let secret = folder.path().join("superuser");
        fs::write(&secret, SUPERUSER).unwrap();
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).unwrap();
            chown(&secret, Some(user), Some(group)).unwrap();
        }
        let data = folder.path().join("data");
        let made = unprivileged(&initdb, owner)
            .args(["--auth", "scram-sha-256", "--username", "super", "--no-sync", "--locale", "C.UTF-8", "--pwfile"])
            .arg(&secret)
            .arg("--pgdata")
            .arg(&data)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut more = Vec::new();
        if let Some((certificate, key)) = identity {
            for (file, name) in [(certificate, "server.pem"), (key, "server.key")] {
                let file_there = folder.path().join(name);
                fs::copy(file, &file_there).unwrap();
                fs::set_permissions(&file_there, fs::Permissions::from_mode(0o600)).unwrap();
                if let Some((user, group)) = owner {
                    chown(&file_there, Some(user), Some(group)).unwrap();
                }
            }
            let rule = "hostssl all all all scram-sha-256\n";
            fs::OpenOptions::new()
                .append(true)
                .open(data.join("pg_hba.conf"))
                .unwrap()
                .write_all(rule.as_bytes())
                .unwrap();
            let there = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
            more.push("ssl=on".to_owned());
            more.push(format!("ssl_cert_file={}", there("server.pem")));
            more.push(format!("ssl_key_file={}", there("server.key")));
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = File::create(folder.path().join("log")).unwrap();
        let process = unprivileged(&postgres, owner)
            .arg("-D")
            .arg(&data)
            .args(["-h", "*", "-p", &port.to_string(), "-F", "-k"])
            .arg(folder.path())
            .args(["-c", "log_statement=all", "-c", "shared_buffers=16MB"])
            .args(more.iter().flat_map(|setting| ["-c", setting]))
            .current_dir(folder.path())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self { port, folder, process };
        until("the server to answer", || server.sql("SELECT 1").status.success());
        server.done("CREATE ROLE office NOLOGIN");
        server.done("CREATE DATABASE office OWNER office");
        server.done(&format!("CREATE ROLE desks LOGIN CREATEROLE PASSWORD '{ADMIN}'"));
        server.done("GRANT office TO desks WITH ADMIN OPTION");
        server.done("GRANT pg_signal_backend TO desks");
        Some(server)
    }

    /// As its superuser.
    pub(crate) fn sql(&self, statement: &str) -> Output {
        self.psql("super", SUPERUSER).args(["-c", statement]).output().unwrap()
    }

    #[track_caller]
    pub(crate) fn done(&self, statement: &str) -> String {
        let output = self.sql(statement);
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// psql as anybody.
    pub(crate) fn psql(&self, user: &str, password: &str) -> Command {
        let mut command = Command::new("psql");
        command
            .args(["-X", "-A", "-t", "-w", "-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", user, "postgres"])
            .env("PGPASSWORD", password)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn lets_in(&self, user: &str, password: &str) -> bool {
        self.psql(user, password).args(["-c", "SELECT 1"]).output().unwrap().status.success()
    }

    /// Everything that it has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// As when the power goes.
    pub(crate) fn dies(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
