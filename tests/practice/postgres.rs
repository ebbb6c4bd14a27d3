//! A PostgreSQL server that lets the desk in only while somebody is signed in.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::adapters::postgres::PgLogins;
use clinic2fa::domain::practice::Server as At;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::effects::{Failure, KeyChange, KeyMishap, KeyState, LOGIN_VALID, News, Outside, Started};
use clinic2fa::ports::{Clock, Login, LoginError, Logins, ServerSeen};

use crate::office::{Front, outside, until};
use crate::search::{files_with, processes_with};
use crate::server::{ADMIN, Server};

/// Says who it is and with what, then stays connected.
const PROGRAM: &str = "env >env.new; mv env.new env
    psql -X -A -t -w -c 'SELECT current_user' >who.new 2>&1; mv who.new who
    exec psql -X -A -t -w -c 'SELECT pg_sleep(60)'";

fn front(server: &Server) -> Front {
    let mut front = Front::new();
    let port = server.port.to_string();
    front.sets(&[
        ("opens", "postgres"),
        ("postgres-host", "127.0.0.1"),
        ("postgres-port", &port),
        ("postgres-database", "office"),
        ("postgres-admin", "desks"),
        ("postgres-role", "office"),
    ]);
    front.keeps(ADMIN).unwrap();
    front.starts(PROGRAM);
    front
}

/// The desk's login and its password, as the program found them.
fn given(front: &Front) -> (String, String) {
    until("the program's environment", || front.path("env").exists());
    let env = fs::read_to_string(front.path("env")).unwrap();
    let value = |name: &str| env.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    (value("PGUSER="), value("PGPASSWORD="))
}

fn sessions(server: &Server, user: &str) -> String {
    server.done(&format!("SELECT count(*) FROM pg_stat_activity WHERE usename = '{user}'"))
}

#[test]
fn psql_gets_in_only_through_a_sign_in() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    assert_eq!(server.done("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'clinic2fa%'"), "0");
    front.opens();
    let (user, password) = given(&front);
    assert_eq!(front.written("who"), format!("{user}\n"));
    assert!(user.starts_with("clinic2fa_"), "{user}");
    assert!(server.lets_in(&user, &password));
    assert!(!server.lets_in(&user, ADMIN) && !server.lets_in(&user, ""));
    until("its session", || sessions(&server, &user) == "1");

    front.clinic.desk.lock();
    assert!(!server.lets_in(&user, &password), "after the lock");
    until("its session to end", || sessions(&server, &user) == "0");

    fs::remove_file(front.path("env")).unwrap();
    front.opens();
    let (same_user, other) = given(&front);
    assert_eq!(user, same_user, "one login a desk");
    assert_ne!(password, other, "with another password each time");
    assert!(server.lets_in(&user, &other) && !server.lets_in(&user, &password));
    front.clinic.desk.finish();
    assert!(!server.lets_in(&user, &other), "after the end of the program");

    // The role is the practice's member and nothing more.
    let attributes = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolinherit,
                             pg_has_role(rolname, 'office', 'USAGE') FROM pg_roles WHERE rolname = ";
    assert_eq!(server.done(&format!("{attributes}'{user}'")), "f|f|f|f|f|t|t");
}

/// The server's log, with every statement in it, shows no password; nor do files, arguments, other environments.
#[test]
fn no_password_is_found_anywhere_else() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    front.opens();
    let (_, password) = given(&front);
    fs::remove_file(front.path("env")).unwrap();
    let log = server.log();
    assert!(log.contains("ALTER ROLE") && log.contains("SCRAM-SHA-256$4096:"), "{log}");
    assert!(!log.contains(&password) && !log.contains(&format!("clinic2fa password {ADMIN}")));
    for secret in [password.as_str(), ADMIN] {
        let data = front.clinic.office.place.path();
        assert_eq!(files_with(secret, data), Vec::<std::path::PathBuf>::new());
        assert_eq!(files_with(secret, front.folder.path()), Vec::<std::path::PathBuf>::new());
    }
    let of: Vec<String> = processes_with(&password, &[]);
    assert!(!of.is_empty() && of.iter().all(|place| place.starts_with("environ")), "{of:?}");
    front.clinic.desk.finish();
    until("nobody to have it", || processes_with(&password, &[]).is_empty());
}

/// A service file on a descriptor: the password is in nobody's environment.
#[test]
fn libpq_reads_the_service_file_on_the_descriptor_again_and_again() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    front.sets(&[("key-by", "descriptor")]);
    front.opens();
    let who = front.written("who");
    assert!(who.starts_with("clinic2fa_"), "{who}");
    let env = fs::read_to_string(front.path("env")).unwrap();
    assert!(!env.contains("PGPASSWORD") && env.contains("PGSERVICE=clinic2fa"), "{env}");
    until("the second connection", || sessions(&server, who.trim()) == "1");
    front.clinic.desk.finish();
}

/// The server's own clock says when the login ends; renewing goes by the desk's.
#[test]
fn the_login_is_renewed_while_somebody_is_signed_in() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    // It connects to nothing: below, the login has ended for a while.
    front.starts("env >env.new; mv env.new env; exec sleep 60");
    front.opens();
    let (user, _) = given(&front);
    let left = || -> f64 {
        let left = format!("SELECT extract(epoch FROM rolvaliduntil - now()) FROM pg_roles WHERE rolname = '{user}'");
        server.done(&left).parse().unwrap()
    };
    assert!((50.0..=60.0).contains(&left()), "{}", left());
    server.done(&format!("ALTER ROLE {user} VALID UNTIL '2020-01-01'"));
    front.clinic.waits(Duration::from_secs(19));
    assert_eq!(front.clinic.desk.tick(), []);
    assert!(left() < 0.0, "not due yet");
    front.clinic.waits(Duration::from_secs(1));
    assert_eq!(front.clinic.desk.tick(), []);
    until("the renewal", || left() > 50.0);
    assert_eq!(LOGIN_VALID, Duration::from_secs(60));
    front.clinic.desk.finish();
    assert!(left() <= 0.0);
}

/// C54: killed outright, nothing of ours renews the login, and the server ends it by itself.
#[test]
fn a_login_that_nobody_renews_ends_by_itself_c54() {
    let Some(server) = Server::start() else { return };
    let at = At {
        host: "127.0.0.1".into(),
        port: server.port,
        database: "office".into(),
        admin: "desks".into(),
        role: "office".into(),
        certificate: String::new(),
    };
    let login = |valid| Login {
        name: "clinic2fa_test".into(),
        mark: "ours".into(),
        password: SecretText::from("pw"),
        valid: Duration::from_secs(valid),
    };
    let mut logins = PgLogins::default();
    logins.open(&at, &SecretText::from(ADMIN), login(60)).unwrap();
    assert!(server.lets_in("clinic2fa_test", "pw"));
    logins.open(&at, &SecretText::from(ADMIN), login(1)).unwrap();
    until("the login to end", || !server.lets_in("clinic2fa_test", "pw"));
    logins.close().unwrap();
}

/// Each with its own true words, and nothing half done: no role of ours is there after any of them.
#[test]
fn what_is_wrong_with_the_server_is_told_and_nothing_is_half_done() {
    let Some(mut server) = Server::start() else { return };
    let mut front = front(&server);
    let tries = |front: &mut Front| {
        front.signs_in();
        let failure = front.clinic.desk.start_practice().unwrap_err();
        assert!(!front.clinic.desk.wants_ticks());
        assert!(!front.path("env").exists(), "{failure:?}: nothing was started");
        failure
    };
    let roles = |server: &Server| server.done("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'clinic2fa%'");

    server.done("REVOKE pg_signal_backend FROM desks");
    assert_eq!(tries(&mut front), Failure::Login(LoginError::NoRights));
    server.done("GRANT pg_signal_backend TO desks");
    server.done("ALTER ROLE desks NOCREATEROLE");
    assert_eq!(tries(&mut front), Failure::Login(LoginError::NoRights));
    server.done("ALTER ROLE desks CREATEROLE");
    front.sets(&[("postgres-role", "nurses")]);
    assert_eq!(tries(&mut front), Failure::Login(LoginError::NoRole));
    front.sets(&[("postgres-role", "super")]);
    assert_eq!(tries(&mut front), Failure::Login(LoginError::NoRights));
    front.sets(&[("postgres-role", "office"), ("postgres-database", "nothing")]);
    assert_eq!(tries(&mut front), Failure::Login(LoginError::NoDatabase));
    front.sets(&[("postgres-database", "office")]);
    front.keeps("another password").unwrap();
    assert_eq!(tries(&mut front), Failure::Login(LoginError::AdminRefused));
    front.keeps(ADMIN).unwrap();
    front.sets(&[("postgres-host", "")]);
    assert_eq!(tries(&mut front), Failure::Key(KeyMishap::Unset("postgres-host")));
    front.sets(&[("postgres-host", "127.0.0.1")]);
    front.sets(&[("start-program", "/no/such/program")]);
    assert!(matches!(tries(&mut front), Failure::Program(_)));
    let open = "SELECT count(*) FROM pg_authid WHERE rolname LIKE 'clinic2fa%' AND rolpassword IS NOT NULL";
    assert_eq!(server.done(open), "0", "the login was taken back");
    let name = server.done("SELECT rolname FROM pg_roles WHERE rolname LIKE 'clinic2fa%'");
    server.done(&format!("DROP ROLE {name}"));
    assert_eq!(roles(&server), "0");

    front.sets(&[("start-program", "/bin/sh")]);
    server.done(&format!("CREATE ROLE {name} LOGIN PASSWORD 'somebody'"));
    assert_eq!(tries(&mut front), Failure::Login(LoginError::NameTaken));
    assert!(server.lets_in(&name, "somebody"), "left as it was");
    server.done(&format!("DROP ROLE {name}"));

    server.dies();
    assert_eq!(tries(&mut front), Failure::Login(LoginError::Unreachable));
}

/// C51: connections that died over an idle night are made anew, and a server that takes calls and says nothing is given up;
/// nobody is let in to the database, nobody is signed out, and it goes on by itself.
#[test]
fn c51_dead_connections_and_a_server_that_hangs() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    front.signs_in();
    assert_eq!(front.clinic.desk.start_practice(), Ok(Started::Running));
    front.clinic.desk.lock();
    server.done("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'postgres' AND pid <> pg_backend_pid()");
    front.signs_in();
    assert_eq!(front.clinic.desk.start_practice(), Ok(Started::Running), "at the first try");
    front.clinic.desk.lock();

    // The system takes the call; nobody ever answers it.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    front.sets(&[("postgres-port", &silent.local_addr().unwrap().port().to_string())]);
    front.signs_in();
    let clock = clinic2fa::adapters::system_clock();
    let began = clock.now().boot.since_start;
    assert_eq!(front.clinic.desk.start_practice(), Err(Failure::Login(LoginError::Unreachable)));
    let took = clock.now().boot.since_start.saturating_sub(began);
    assert!(took < Duration::from_secs(12), "given up after {took:?}");
    assert!(!front.clinic.desk.wants_ticks(), "nothing runs, and nothing is renewed");
    drop(silent);
    front.sets(&[("postgres-port", &server.port.to_string())]);
    front.signs_in();
    assert_eq!(front.clinic.desk.start_practice(), Ok(Started::Running));
}

/// A lock that the server was too slow for must not end the next person's login, when the server comes to it at last.
#[test]
fn a_late_end_of_one_login_is_not_the_end_of_the_next() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    front.opens();
    given(&front);
    let ours = "FROM pg_stat_activity WHERE usename = 'desks'";
    let process = server.done(&format!("SELECT pid {ours}"));
    let signal = move |what: &str| {
        let done = std::process::Command::new("kill").args([what, &process]).status();
        assert!(done.unwrap().success(), "{what}");
    };
    signal("-STOP");
    front.clinic.desk.lock();
    fs::remove_file(front.path("env")).unwrap();
    let wakes = move || {
        std::thread::park_timeout(Duration::from_secs(2));
        signal("-CONT");
    };
    let server_wakes = std::thread::Builder::new().name("server wakes".to_owned()).spawn(wakes).unwrap();
    front.opens();
    let (user, password) = given(&front);
    server_wakes.join().unwrap();
    until("the end of the first login's thread", || server.done(&format!("SELECT count(*) {ours}")) == "1");
    assert!(server.lets_in(&user, &password));
    front.clinic.desk.finish();
}

/// Encryption is asked for wherever something leaves this computer, and a server without it gets nothing.
#[test]
fn another_computer_without_encryption_gets_nothing() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    // This computer by an address that is not its loopback.
    let Some(address) = own_address() else { return };
    front.sets(&[("postgres-host", &address)]);
    front.signs_in();
    assert_eq!(front.clinic.desk.start_practice(), Err(Failure::Login(LoginError::NoEncryption)));
    assert!(!server.log().contains("SCRAM-SHA-256$"), "nothing was said to it");
}

/// An address of this computer that is not its loopback.
pub(crate) fn own_address() -> Option<String> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: this only chooses the way.
    if socket.connect("192.0.2.1:9").is_err() {
        crate::office::leave_out("what needs an address besides the loopback one");
        return None;
    }
    Some(socket.local_addr().unwrap().ip().to_string())
}

/// The server goes away while somebody works: told once; back again, told once, and the login is renewed.
#[test]
fn a_server_that_went_away_is_told_once() {
    let Some(mut server) = Server::start() else { return };
    let mut front = front(&server);
    front.starts("exec sleep 60");
    front.opens();
    server.dies();
    let mut news = Vec::new();
    for _ in 0..4 {
        front.clinic.waits(Duration::from_secs(20));
        until("an answer", || {
            std::thread::park_timeout(Duration::from_millis(300));
            true
        });
        news.extend(front.clinic.desk.tick());
    }
    assert_eq!(news.len(), 1, "{news:?}");
    assert!(matches!(news[0], News::LoginStuck(LoginError::Lost | LoginError::Unreachable)), "{news:?}");
    front.clinic.desk.finish();
}

#[test]
fn the_administrative_password_is_rotated_and_the_old_one_opens_nothing() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    front.for_a_change();
    assert_eq!(front.clinic.desk.set_key(&KeyChange::New), Err(Failure::Key(KeyMishap::NotThisKind)));
    front.clinic.desk.rotate_key(None).unwrap();
    assert!(!server.lets_in("desks", ADMIN));
    front.opens();
    given(&front);
    front.clinic.desk.finish();
}

/// Killed between the change at the server and our own note of it: both were sealed, and the right one is found.
#[test]
fn a_rotation_that_was_cut_off_finds_out_which_password_counts() {
    let Some(server) = Server::start() else { return };
    for cut in [Cut::Before, Cut::After] {
        server.done(&format!("ALTER ROLE desks PASSWORD '{ADMIN}'"));
        let mut front = front(&server);
        let whole = std::mem::replace(&mut front.clinic.desk, front.clinic.office.desk());
        let logins = Box::new(CutOff(PgLogins::default(), cut));
        front.clinic.desk = front.clinic.office.desk().with_outside(Outside { logins, ..outside() });
        front.for_a_change();
        assert_eq!(front.clinic.desk.rotate_key(None), Err(Failure::Login(LoginError::Lost)));
        front.clinic.desk = whole;
        assert_eq!(server.lets_in("desks", ADMIN), cut == Cut::Before);
        assert_eq!(front.clinic.office.sql_number("SELECT count(database_next) FROM clinic"), 1, "both are kept");
        front.opens();
        given(&front);
        assert_eq!(front.clinic.office.sql_number("SELECT count(database_next) FROM clinic"), 0, "settled");
        front.clinic.desk.finish();
    }
}

/// When the line to the server breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Before,
    After,
}

/// The real logins, whose change of the administrative password is cut off.
struct CutOff(PgLogins, Cut);

impl Logins for CutOff {
    fn look(&mut self, server: &At, admin: &SecretText) -> Result<ServerSeen, LoginError> {
        self.0.look(server, admin)
    }

    fn open(&mut self, server: &At, admin: &SecretText, login: Login) -> Result<ServerSeen, LoginError> {
        self.0.open(server, admin, login)
    }

    fn renew(&mut self) -> Result<(), LoginError> {
        self.0.renew()
    }

    fn close(&mut self) -> Result<(), LoginError> {
        self.0.close()
    }

    fn change_admin(&mut self, server: &At, old: &SecretText, new: &SecretText) -> Result<(), LoginError> {
        if self.1 == Cut::After {
            self.0.change_admin(server, old, new)?;
        }
        Err(LoginError::Lost)
    }
}

#[test]
fn a_check_tells_the_servers_version_and_how_its_clock_differs() {
    let Some(server) = Server::start() else { return };
    let mut front = front(&server);
    front.for_a_change();
    let KeyState::Server { version, clock_off_secs } = front.clinic.desk.check_key().unwrap() else {
        panic!("a server")
    };
    assert!(version.chars().next().unwrap().is_ascii_digit(), "{version}");
    // The desk's clock is turned by hand and stands in March; the server's is the real one.
    let real = SystemClock::new().now().unix_secs;
    let off = real - front.clinic.office.now().unix_secs;
    assert!((clock_off_secs - off).abs() < 60, "{clock_off_secs} {off}");
}

/// The same for a program that asks by itself: the login ends with what it holds.
#[test]
fn a_program_that_asks_by_itself_gets_a_login_for_as_long_as_it_holds_it() {
    let Some(server) = Server::start() else { return };
    let front = front(&server);
    front.clinic.waits(crate::clinic::STEP);
    let desk = front.clinic.office.desk().with_outside(outside());
    let password = SecretText::from(crate::clinic::PASSWORD);
    let code = front.clinic.phone.code();
    let opened = clinic2fa::embed::open_at(desk, crate::clinic::MARIA, &password, &code).unwrap();
    let (login, key) = (opened.login().to_owned(), opened.key().to_owned());
    assert!(server.lets_in(&login, &key));
    drop(opened);
    assert!(!server.lets_in(&login, &key));
}
