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

fn in_zone(ctl: &Ctl<'_>, zone: &str, line: &str, input: &[&str]) -> (i32, Value) {
    let mut command = ctl.command(words(line));
    command.arg("--json").env("TZ", zone);
    run(command, &joined(input)).object()
}

/// C25: a lock that begins in one time zone is as long in another, also where clocks are being put forward, and the log's
/// times are the same ones.
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
