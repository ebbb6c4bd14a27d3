//! C54: our process is killed outright while somebody is signed in on a server.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::effects::LOGIN_VALID;
use clinic2fa::ports::Clock as _;

use crate::child::Process;
use crate::office::{is_there, until};
use crate::server::{ADMIN, Server};

/// Whatever the process did, nobody gets in with its login a minute later. The minute is a real one: it is the server's.
#[test]
fn a_minute_after_a_kill_the_login_lets_nobody_in_c54() {
    let Some(server) = Server::start() else { return };
    if !is_there("psql") {
        return;
    }
    let mut process = Process::start(&server.settings(), ADMIN);
    let folder = PathBuf::from(process.goes_on(""));
    until("the program's environment", || folder.join("env").exists());
    let env = fs::read_to_string(folder.join("env")).unwrap();
    let value = |name: &str| env.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    let (user, password) = (value("PGUSER="), value("PGPASSWORD="));
    let program = fs::read_to_string(folder.join("pid")).unwrap();
    let end = || server.done(&format!("SELECT rolvaliduntil FROM pg_roles WHERE rolname = '{user}'"));
    let first = end();
    until("a renewal", || end() != first);
    assert!(server.lets_in(&user, &password));

    process.dies();
    let clock = SystemClock::new();
    let killed = clock.now().boot.since_start;
    until("the program to end", || {
        fs::read_to_string(format!("/proc/{}/stat", program.trim())).map_or(true, |stat| stat.contains(") Z "))
    });
    let last = end();
    let passed = || clock.now().boot.since_start - killed;
    while server.lets_in(&user, &password) {
        assert!(passed() < LOGIN_VALID + Duration::from_secs(2), "a minute later it still lets people in");
        std::thread::park_timeout(Duration::from_millis(500));
    }
    assert!(passed() > Duration::from_secs(20), "not ended by anything else: {:?}", passed());
    assert_eq!(end(), last, "nobody renewed it");
    let open = format!("SELECT count(*) FROM pg_stat_activity WHERE usename IN ('{user}', 'desks')");
    assert_eq!(server.done(&open), "0");
}
