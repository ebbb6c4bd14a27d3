//! The clinic's own time server: what `doctor` says of this computer's clock beside it.

use std::net::UdpSocket;
use std::thread;

use serde_json::Value;

use crate::clinic::{Clinic, PASSWORD};

use crate::desk::{Ctl, desk_or_leave_out, joined, run, unix_secs, words};

/// Answers every question with a time that is so far ahead (RFC 5905, figure 8), until the test ends.
fn time_server(ahead: u64) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address").to_string();
    let answers = move || {
        let mut asked = [0; 48];
        while let Ok((_, from)) = socket.recv_from(&mut asked) {
            let time = u32::try_from((unix_secs() + ahead + 2_208_988_800) & 0xffff_ffff).expect("32 bits");
            let mut answer = [0; 48];
            answer[..2].copy_from_slice(&[0b00_100_100, 2]);
            answer[24..32].copy_from_slice(&asked[40..48]);
            answer[32..36].copy_from_slice(&time.to_be_bytes());
            answer[40..44].copy_from_slice(&time.to_be_bytes());
            socket.send_to(&answer, from).ok();
        }
    };
    thread::Builder::new().name("time server".to_owned()).spawn(answers).expect("a thread");
    address
}

fn clock(ctl: &Ctl<'_>) -> (i32, bool, String) {
    let (status, doctor) = ctl.json("doctor", &[]);
    let checks = doctor["checks"].as_array().expect("checks");
    let clock = checks.iter().find(|check| check["name"] == "clock").cloned().unwrap_or_default();
    (status, clock["ok"] == true, clock["detail"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn doctor_compares_the_clock_with_the_clinics_time_server() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let (_, ok, detail) = clock(ctl);
    assert!(ok && !detail.contains(" s from "), "off until it is set: {detail}");
    let set = |server: &str| {
        let line = format!("settings set time-server '{server}' --as msantos");
        assert_eq!(ctl.done(&line, &[PASSWORD, &clinic.phone.code()]), Value::Object(serde_json::Map::new()));
    };
    ctl.refused("settings set time-server 'time server' --as msantos", &[PASSWORD, "123456"], 2, "cli-setting");
    let slow = time_server(180);
    set(&slow);
    let (status, ok, detail) = clock(ctl);
    assert_eq!((status, ok), (4, false), "{detail}");
    assert!(["-181", "-180", "-179"].iter().any(|off| detail.contains(&format!("{off} s from "))), "{detail}");
    // It explains and decides nothing.
    clinic.signs_in_by_spare(1);
    set(&time_server(0));
    let (status, ok, detail) = clock(ctl);
    assert!(status == 0 && ok && detail.contains(" s from 127.0.0.1"), "{detail}");
    // One that is down is said, and is no fault of this computer's.
    set("127.0.0.1:9");
    let (status, ok, detail) = clock(ctl);
    assert!(status == 0 && ok && detail.contains("127.0.0.1:9 does not answer"), "{detail}");
}

pub(crate) fn in_zone(ctl: &Ctl<'_>, zone: &str, line: &str, input: &[&str]) -> (i32, Value) {
    let mut command = ctl.command(words(line));
    command.arg("--json").env("TZ", zone);
    run(command, &joined(input)).object()
}

/// C25: a lock that begins in one time zone is as long in another, and the log's times are the same ones. The days on which
/// clocks are put forward and back are in `tests/core/summer_time.rs`, where a clock can be turned.
#[test]
fn c25_a_lock_is_as_long_in_every_time_zone() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let wrong = clinic.phone.wrong_code();
    let sign_in = |zone| in_zone(clinic.ctl(), zone, "sign-in --person msantos", &[PASSWORD, &wrong]);
    for _ in 0..9 {
        assert_eq!(sign_in("Asia/Kolkata").0, 1);
    }
    let began = unix_secs();
    let (_, locked) = sign_in("Asia/Kolkata");
    assert_eq!((&locked["verdict"], &locked["wait_secs"]), (&"code".into(), &900.into()), "{locked}");
    for zone in ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "XXX-24"] {
        let (status, told) = sign_in(zone);
        let left = told["wait_secs"].as_u64().expect("seconds");
        let passed = unix_secs() - began;
        assert_eq!((status, &told["verdict"]), (3, &"wait".into()), "{zone}: {told}");
        assert!((left + passed).abs_diff(900) <= 2, "{zone}: {left} s left after {passed} s");
    }
    let log = |zone| in_zone(clinic.ctl(), zone, "audit list", &[]).1;
    assert_eq!(log("Asia/Kolkata"), log("America/New_York"));
}

/// The program on a computer whose clock is off; the one that cannot be set goes on as it does.
fn off_by(ctl: &Ctl<'_>, clock: &str, line: &str, input: &[&str]) -> (i32, Value) {
    let program = ctl.command(words(line));
    let mut command = ctl.desk.command("faketime");
    command.arg("-f").arg(clock).arg(program.get_program()).args(program.get_args()).arg("--json");
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("TZ", "UTC");
    run(command, &joined(input)).object()
}

fn faketime_or_leave_out() -> bool {
    let there = std::process::Command::new("faketime").arg("--version").output().is_ok();
    if !there {
        crate::desk::leave_out("wrong clocks, because faketime cannot be run");
    }
    there
}

/// C20, C22: real processes on computers whose clocks are off.
#[test]
fn c20_c22_a_wrong_clock_is_named_and_lets_nobody_in() {
    let desk = desk_or_leave_out!();
    if !faketime_or_leave_out() {
        return;
    }
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let sign_in = "sign-in --person msantos";
    // Three minutes slow: two codes of the phone, whose clock is right, name it.
    let step = unix_secs() / 30;
    for (ahead, told) in [(1, Value::Null), (2, (-180).into())] {
        let (status, answer) = off_by(ctl, "-180s", sign_in, &[PASSWORD, &clinic.phone.code_at(step + ahead)]);
        assert_eq!((status, &answer["verdict"]), (1, &"code".into()), "{answer}");
        let off = answer["clock_off_secs"].as_i64();
        let expected = told.as_i64();
        assert_eq!(off.is_some(), expected.is_some(), "{answer}");
        assert!(off.zip(expected).is_none_or(|(off, expected)| (off - expected).abs() <= 60), "{answer}");
    }
    // Long before this program was made: it stands, and says that no code can match.
    for clock in ["@1969-12-31 23:00:00", "@2001-01-01 10:00:00"] {
        assert_eq!(off_by(ctl, clock, "status", &[]).1["state"], "active", "{clock}");
        let (status, answer) = off_by(ctl, clock, sign_in, &[PASSWORD, "123456"]);
        assert_eq!((status, &answer["error"]["code"]), (4, &"clock-impossible".into()), "{clock}: {answer}");
    }
    // An hour before the phone was linked and used: what was seen then is not judged now.
    clinic.signs_in();
    let (status, answer) = off_by(ctl, "-1h", sign_in, &[PASSWORD, &clinic.phone.code_at(step - 120)]);
    assert_eq!((status, &answer["error"]["code"]), (4, &"clock-went-back".into()), "{answer}");
    // After 2038 it works, and the turn is in the log.
    let then: u64 = 2_147_483_700;
    let answer = off_by(ctl, "@2038-01-19 03:15:00", sign_in, &[PASSWORD, &clinic.phone.code_at(then / 30)]);
    assert_eq!((answer.0, &answer.1["verdict"]), (0, &"accepted".into()), "{answer:?}");
    let log = ctl.done("audit list --event clock-jump", &[]);
    let turns: Vec<&str> =
        log["events"].as_array().expect("entries").iter().filter_map(|entry| entry["result"].as_str()).collect();
    assert!(turns.starts_with(&["back"]) && turns.ends_with(&["forward"]), "{log}");
    assert_eq!(ctl.done("audit verify", &[])["ok"], true);
}
