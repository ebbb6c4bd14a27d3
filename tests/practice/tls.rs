//! A PostgreSQL server on another computer, as far as TLS can tell: reached by an address of this one that is not its
//! loopback, with certificates of a private authority that the test makes with openssl.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use clinic2fa::effects::{Failure, KeyState};
use clinic2fa::ports::LoginError;
use tempfile::TempDir;

use crate::office::{Front, leave_out};
use crate::postgres::own_address;
use crate::server::{ADMIN, Server};

/// A private authority's folder.
struct Authority(TempDir);

impl Authority {
    fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            leave_out("what needs openssl, which is not installed");
            return None;
        }
        let authority = Self(tempfile::tempdir().unwrap());
        authority.does(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=clinic test authority' \
             -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.pem",
        );
        Some(authority)
    }

    fn does(&self, script: &str) {
        let output = Command::new("sh").args(["-ec", script]).current_dir(self.0.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("ca.pem")
    }

    /// A server with a certificate for that name, good for these days from now.
    fn server(&self, name: &str, days: &str) -> Option<Server> {
        self.does(&format!(
            "openssl req -newkey rsa:2048 -nodes -subj /CN=office -keyout server.key -out server.csr
             printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName={name}\n' >extensions
             openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial {days} -extfile extensions \
                 -out server.pem"
        ));
        Server::start_for_others(&self.0.path().join("server.pem"), &self.0.path().join("server.key"))
    }
}

/// A desk of that server's.
fn front(server: &Server, host: &str, certificate: &str) -> Front {
    let mut front = Front::new();
    let port = server.port.to_string();
    front.sets(&[
        ("opens", "postgres"),
        ("postgres-host", host),
        ("postgres-port", &port),
        ("postgres-database", "office"),
        ("postgres-admin", "desks"),
        ("postgres-role", "office"),
        ("postgres-certificate", certificate),
    ]);
    front.keeps(ADMIN).unwrap();
    front.starts(
        "env >env; psql -X -A -t -w -c \"SELECT current_user || ' ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()\" \
         >who.new 2>&1; mv who.new who; exec sleep 60",
    );
    front
}

#[test]
fn a_server_that_proves_who_it_is_is_used_and_the_program_checks_it_too() {
    let Some((authority, address)) = Authority::new().zip(own_address()) else { return };
    let Some(server) = authority.server(&format!("IP:{address}"), "-days 2") else { return };
    let mut front = front(&server, &address, authority.root().to_str().unwrap());
    front.for_a_change();
    assert!(matches!(front.clinic.desk.check_key(), Ok(KeyState::Server { .. })));
    front.opens();
    let who = front.written("who");
    assert!(who.starts_with("clinic2fa_") && who.ends_with(" true\n"), "{who}");
    let env = fs::read_to_string(front.path("env")).unwrap();
    let root = format!("PGSSLROOTCERT={}", authority.root().display());
    assert!(env.contains("PGSSLMODE=verify-full") && env.contains(&root), "{env}");
    front.clinic.desk.finish();
    // The key is changed over the same line.
    front.for_a_change();
    front.clinic.desk.rotate_key(None).unwrap();
    assert!(!server.lets_in("desks", ADMIN));
}

/// Another authority's, another computer's, an old one: told as what it is, and nothing was said to it.
#[test]
fn a_server_that_does_not_prove_who_it_is_gets_nothing() {
    let Some(address) = own_address() else { return };
    let (Some(ours), Some(other)) = (Authority::new(), Authority::new()) else { return };
    let here = format!("IP:{address}");
    let elsewhere = "DNS:db.clinic.example".to_owned();
    let root = ours.root().display().to_string();
    for (authority, name, days, certificate) in [
        (&other, &here, "-days 2", root.as_str()),
        (&ours, &elsewhere, "-days 2", root.as_str()),
        (&ours, &here, "-days -1", root.as_str()),
        // The system trusts no private authority.
        (&ours, &here, "-days 2", ""),
        (&ours, &here, "-days 2", "/no/such/file.pem"),
    ] {
        let Some(server) = authority.server(name, days) else { return };
        let mut front = front(&server, &address, certificate);
        front.signs_in();
        let failure = front.clinic.desk.start_practice();
        assert_eq!(failure, Err(Failure::Login(LoginError::Certificate)), "{name} {days} {certificate}");
        assert!(!front.path("who").exists());
        assert!(
            !server.log().contains("SCRAM-SHA-256$") && !server.log().contains("role \"desks\""),
            "nothing was said to it"
        );
    }
}
