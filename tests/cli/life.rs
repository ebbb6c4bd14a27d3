//! A clinic's whole life, in the order in which it happens.

use std::fs;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::clinic::{BEGIN, Clinic, PASSWORD, Phone, place, spares};
use crate::desk::{Ctl, desk_or_leave_out, run, unix_secs};

const NEW_PASSWORD: &str = "teapot gravel sunrise";

#[test]
fn from_the_first_password_to_new_spare_codes() {
    let desk = desk_or_leave_out!();
    let place = place(desk);
    let ctl = &place.ctl;
    assert_eq!(ctl.done("status", &[]), json!({"state": "new", "clinic": null, "people": 0}));
    assert_eq!(ctl.done("people list", &[]), json!({"people": []}));
    ctl.refused("sign-in --person msantos", &[PASSWORD, "123456"], 5, "not-set-up");

    let offer = ctl.done(BEGIN, &[PASSWORD]);
    assert_eq!(offer["person"], "msantos");
    let account = "ClinicOffice:Oak%20Tree%20Surgery%20msantos?";
    assert!(offer["uri"].as_str().expect("a URI").contains(account), "{offer}");
    let phone = Phone::of(&offer);
    let pending = json!({"state": "pending", "clinic": "Oak Tree Surgery", "people": 1});
    assert_eq!(ctl.done("status", &[]), pending);
    // Nobody signs in before the set-up is confirmed, and a wrong first code costs nothing.
    ctl.refused("sign-in --person msantos", &[PASSWORD, "123456"], 5, "not-set-up");
    ctl.judged("setup confirm --person msantos", &[PASSWORD, &phone.wrong_code()], 1, "code");
    ctl.judged("setup confirm --person msantos", &["quarter lantern mosaik", &phone.wrong_code()], 1, "password");
    ctl.refused("setup confirm --person nobody", &[PASSWORD, "123456"], 5, "person-unknown");
    assert_eq!(ctl.done("status", &[]), pending);

    let sheets = ctl.done("setup confirm --person 'maria SANTOS'", &[PASSWORD, &phone.code()]);
    assert_eq!(sheets.as_object().map(serde_json::Map::len), Some(2), "{sheets}");
    let active = json!({"state": "active", "clinic": "Oak Tree Surgery", "people": 1});
    assert_eq!(ctl.done("status", &[]), active);
    ctl.refused("setup confirm --person msantos", &[PASSWORD, "123456"], 5, "already-set-up");
    ctl.refused(BEGIN, &[PASSWORD], 5, "already-set-up");
    let key = sheets["recovery_key"].as_str().expect("a key").to_owned();
    let clinic = Clinic { place, phone, spares: spares(&sheets), key };

    a_code_counts_once(&clinic);
    a_spare_code_counts_once(&clinic);
    new_spare_codes_replace_the_old(&clinic);
    lists(&clinic);
    the_log_tells_when_it_was_changed(&clinic);
}

fn a_code_counts_once(clinic: &Clinic<'_>) {
    let ctl = clinic.ctl();
    // C101, and the first rule of codes: the one that confirmed the phone does not sign in.
    let used = ctl.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.same_code()], 1, "used");
    assert!(used["wait_secs"].as_u64().is_some_and(|secs| secs <= 30), "{used}");
    let wrong = ctl.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.wrong_code()], 1, "code");
    assert_eq!((&wrong["recovery_left"], &wrong["clock_off_secs"]), (&json!(10), &Value::Null));
    assert_eq!(clinic.signs_in()["recovery_left"], 10);
    ctl.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.same_code()], 1, "used");
    // A second opinion on what a phone shows.
    let now = format!("@{}", unix_secs());
    let mut oathtool = ctl.desk.command("oathtool");
    oathtool.args(["--totp", "--base32", "--now", &now, &clinic.phone.secret]);
    let shown = run(oathtool, "").out;
    let step = now.trim_start_matches('@').parse::<u64>().expect("a number") / 30;
    assert_eq!(shown.trim(), clinic.phone.code_at(step));
}

fn a_spare_code_counts_once(clinic: &Clinic<'_>) {
    let ctl = clinic.ctl();
    let typed = clinic.spares[6].to_lowercase().replace('-', "");
    assert_ne!(typed, clinic.spares[6]);
    let by_spare = "sign-in --recovery --person 'Maria Santos'";
    assert_eq!(ctl.judged(by_spare, &[PASSWORD, &typed], 0, "accepted")["recovery_left"], 9);
    assert_eq!(ctl.judged(by_spare, &[PASSWORD, &clinic.spares[6]], 1, "used")["recovery_left"], 9);
    let told = ctl.judged(by_spare, &["not the password at all", &clinic.spares[0]], 1, "password");
    assert_eq!(told["recovery_left"], Value::Null, "a wrong password learns nothing");
    ctl.refused(by_spare, &[PASSWORD, "12345"], 2, "not-a-spare");
    assert_eq!(clinic.signs_in_by_spare(2)["recovery_left"], 8);
    assert_eq!(clinic.signs_in_by_spare(1)["recovery_left"], 7);
}

fn new_spare_codes_replace_the_old(clinic: &Clinic<'_>) {
    let ctl = clinic.ctl();
    let renewed = spares(&ctl.done("recovery renew --person msantos", &[PASSWORD, &clinic.phone.code()]));
    let by_spare = "sign-in --recovery --person msantos";
    let old = ctl.judged(by_spare, &[PASSWORD, &clinic.spares[3]], 1, "code");
    assert_eq!(old["recovery_left"], 10);
    assert_eq!(ctl.judged(by_spare, &[PASSWORD, &renewed[3]], 0, "accepted")["recovery_left"], 9);
    // A spare code stands in for the phone at the door, not for a change.
    ctl.refused("recovery renew --person msantos", &[PASSWORD, &renewed[4]], 2, "not-a-code");
}

fn lists(clinic: &Clinic<'_>) {
    let ctl = clinic.ctl();
    let person = json!({
        "id": "msantos", "name": "Maria Santos", "role": "manager", "state": "active", "factors": ["totp"],
        "recovery_left": 9,
    });
    assert_eq!(ctl.done("people list", &[]), json!({"people": [person]}));
    let doctor = ctl.done("doctor", &[]);
    let checks: Vec<&str> =
        doctor["checks"].as_array().expect("checks").iter().filter_map(|check| check["name"].as_str()).collect();
    assert_eq!(checks, ["keychain", "database", "backups", "space", "clock", "renderer", "display", "log", "locking"]);

    let events = |line: &str| -> Vec<Value> { ctl.done(line, &[])["events"].as_array().expect("a list").clone() };
    let all = events("audit list");
    let numbers: Vec<_> = all.iter().filter_map(|entry| entry["n"].as_u64()).collect();
    assert!(numbers.iter().copied().eq(1..=all.len() as u64), "{numbers:?}");
    for entry in &all {
        let mut fields: Vec<&str> = entry.as_object().expect("an entry").keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["actor", "at", "desk", "event", "factor", "n", "person", "result"]);
        let at = entry["at"].as_str().expect("a time");
        assert!(at.len() == 20 && at.ends_with('Z') && at.starts_with("20"), "{at}");
    }
    // C101: each kind of try is told apart.
    let found = |event: &str, result: &str| {
        all.iter().filter(|entry| entry["event"] == event && entry["result"] == result).count()
    };
    let seen = [
        ("set-up-begun", "done", 1),
        ("enrolment-code", "not-confirmed", 1),
        ("password", "wrong-password", 1),
        ("enrolment-code", "accepted", 1),
        ("set-up-finished", "done", 1),
        ("sign-in", "accepted", 6),
        ("sign-in", "wrong-code", 2),
        ("sign-in", "already-used", 3),
        ("sign-in", "wrong-password", 1),
        ("recovery-codes-renewed", "done", 1),
    ];
    for (event, result, times) in seen {
        assert_eq!(found(event, result), times, "{event} {result}: {all:#?}");
    }
    assert_eq!(events("audit list --limit 2"), all[all.len() - 2..]);
    assert_eq!(events("audit list --limit 0"), [Value::Null; 0]);
    let sign_ins: Vec<Value> = all.iter().filter(|entry| entry["event"] == "sign-in").cloned().collect();
    assert_eq!(events("audit list --event sign-in"), sign_ins);
    let hers: Vec<Value> = all.iter().filter(|entry| entry["person"] == "msantos").cloned().collect();
    assert_eq!(events("audit list --person msantos"), hers);
    assert_eq!(events("audit list --person 'MARIA santos'"), hers, "by full name too");
    assert_eq!(events("audit list --person nobody"), [Value::Null; 0]);
    assert_eq!(events("audit list --since 2000-01-01T00:00:00Z"), all);
    assert_eq!(events("audit list --since 2000-01-01T01:00:00+01:00 --event sign-in --limit 1"), sign_ins[11..]);
    assert_eq!(events("audit list --since 2100-01-01T00:00:00Z"), [Value::Null; 0]);
    assert_eq!(ctl.done("audit verify", &[]), json!({"events": all.len(), "ok": true}));
    let plain = ctl.plain("audit list --limit 1", &[]);
    assert!(plain.status == 0 && plain.err.is_empty() && plain.out.lines().count() == 1, "{plain:?}");
}

fn the_log_tells_when_it_was_changed(clinic: &Clinic<'_>) {
    let ctl = clinic.ctl();
    let whole = clinic.copy();
    let entries = clinic.entries();
    let edits: [(&str, usize); 4] = [
        ("UPDATE audit SET result = 'refused' WHERE number = 2", 2),
        ("UPDATE audit SET unix_secs = unix_secs - 60 WHERE number = 5", 5),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)", entries),
    ];
    for (edit, first_bad) in edits {
        let db = Connection::open(clinic.database()).expect("the database");
        assert_eq!(db.execute(edit, []), Ok(1), "{edit}");
        drop(db);
        let (status, answer) = ctl.json("audit verify", &[]);
        assert_eq!((status, &answer["first_bad"]), (4, &json!(first_bad)), "{edit}: {answer}");
        let plain = ctl.plain("audit verify", &[]);
        assert!(plain.status == 4 && plain.out.is_empty() && plain.err.contains(&first_bad.to_string()), "{plain:?}");
        fs::write(clinic.database(), &whole).expect("put back");
    }
    ctl.done("audit verify", &[]);
}

#[test]
fn a_new_password() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let change = "password --person msantos";
    ctl.judged(change, &["not the password at all", &clinic.phone.wrong_code(), NEW_PASSWORD], 1, "password");
    ctl.judged(change, &[PASSWORD, &clinic.phone.wrong_code(), NEW_PASSWORD], 1, "code");
    ctl.refused(change, &[PASSWORD, &clinic.phone.code(), PASSWORD], 2, "password-same");
    assert_eq!(ctl.done(change, &[PASSWORD, &clinic.phone.code(), NEW_PASSWORD]), json!({}));
    let by_spare = "sign-in --recovery --person msantos";
    ctl.judged(by_spare, &[PASSWORD, &clinic.spares[0]], 1, "password");
    ctl.judged(by_spare, &[NEW_PASSWORD, &clinic.spares[0]], 0, "accepted");
}

#[test]
fn a_new_phone() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    ctl.refused("enrol confirm --person msantos", &[PASSWORD, "123456"], 5, "not-now");
    ctl.judged("enrol renew --person msantos", &[PASSWORD, &clinic.phone.wrong_code()], 1, "code");
    let phone = Phone::of(&ctl.done("enrol renew --person msantos", &[PASSWORD, &clinic.phone.code()]));
    assert_ne!(phone.secret, clinic.phone.secret);

    // Until it is confirmed, the old phone works and the new one does not.
    ctl.judged("sign-in --person msantos", &[PASSWORD, &phone.code_at(unix_secs() / 30)], 1, "code");
    clinic.signs_in();
    ctl.judged("enrol confirm --person msantos", &[PASSWORD, &phone.wrong_code()], 1, "code");
    ctl.judged("enrol confirm --person msantos", &["not the password at all", &phone.wrong_code()], 1, "password");
    // The sheet cannot be written: nothing is confirmed.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let mut unwritten = ctl.command(["enrol", "confirm", "--person", "msantos", "--json"]);
    unwritten.stdout(full);
    assert_eq!(run(unwritten, &format!("{PASSWORD}\n{}\n", phone.code())).status, 4);
    assert_eq!(clinic.signs_in_by_spare(1)["recovery_left"], 9, "the old sheet is still good");

    let sheets = ctl.done("enrol confirm --person msantos", &[PASSWORD, &phone.code()]);
    let new = Clinic { spares: spares(&sheets), phone, key: String::new(), place: clinic.place };
    assert_eq!(sheets.get("recovery_key"), None);
    let ctl = new.ctl();
    let old_code = clinic.phone.code_at(unix_secs() / 30 + 1);
    ctl.judged("sign-in --person msantos", &[PASSWORD, &old_code], 1, "code");
    ctl.judged("sign-in --recovery --person msantos", &[PASSWORD, &clinic.spares[1]], 1, "code");
    assert_eq!(new.signs_in()["recovery_left"], 10);
    assert_eq!(ctl.done("people list", &[])["people"][0]["factors"], json!(["totp"]));
}

#[test]
fn wrong_passwords_cause_waits_which_no_time_zone_changes_c25() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let try_it = |password: &str, status, verdict| {
        let code = clinic.phone.wrong_code();
        ctl.judged("sign-in --person msantos", &[password, &code], status, verdict)["wait_secs"].as_u64()
    };
    // Texts that cannot be codes are no attempts, and the password beside them is not looked at.
    for text in ["12345", "1234567", "abcdef", ""] {
        ctl.refused("sign-in --person msantos", &["not the password at all", text], 2, "not-a-code");
    }
    assert_eq!(try_it("not the password at all", 1, "password"), Some(0));
    assert_eq!(try_it("not the password at all", 1, "password"), Some(0));
    assert_eq!(try_it("not the password at all", 1, "password"), Some(15));
    // Now nothing is checked: neither a wrong password nor the right one, neither a code nor a spare one.
    assert!(try_it("not the password at all", 3, "wait").is_some_and(|left| left <= 15));
    ctl.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.code()], 3, "wait");
    ctl.judged("sign-in --recovery --person msantos", &[PASSWORD, &clinic.spares[0]], 3, "wait");
    let started = ctl.plain("sign-in --person msantos -- true", &[PASSWORD, "123456"]);
    assert!(started.status == 123 && !started.err.is_empty(), "{started:?}");
    assert_eq!(ctl.done("people list", &[])["people"][0]["state"], "locked");
    let left = |zone: &str| left_in(ctl, zone);
    let (east, west) = (left("Asia/Kolkata"), left("America/New_York"));
    assert!(east <= 15 && west <= east && east - west < 4, "{east} {west}");
    // When it is over, what was not checked was not used up either.
    ctl.until_free(30);
    clinic.signs_in_by_spare(1);
    assert_eq!(try_it("not the password at all", 1, "password"), Some(0), "counted from the beginning");
}

fn left_in(ctl: &Ctl<'_>, zone: &str) -> u64 {
    let mut command = ctl.command(["sign-in", "--person", "msantos", "--json"]);
    command.env("TZ", zone);
    let (status, answer) = run(command, &format!("{PASSWORD}\n123456\n")).object();
    assert_eq!((status, &answer["verdict"]), (3, &json!("wait")));
    answer["wait_secs"].as_u64().expect("seconds")
}

#[test]
fn the_program_that_a_sign_in_is_for() {
    let desk = desk_or_leave_out!();
    let new = place(desk);
    assert_eq!(new.ctl.plain("sign-in --person msantos -- true", &[PASSWORD, "123456"]).status, 125);

    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let refusals = [
        (121, "sign-in --person msantos -- true", "not the password at all", clinic.phone.wrong_code()),
        (121, "sign-in --person msantos -- true", PASSWORD, clinic.phone.wrong_code()),
        (121, "sign-in --person msantos -- true", PASSWORD, clinic.phone.same_code()),
        (122, "sign-in --person msantos -- true", PASSWORD, "12345".to_owned()),
        (122, "sign-in --json --person msantos -- true", PASSWORD, "12345".to_owned()),
        (122, "sign-in -- true", PASSWORD, clinic.phone.wrong_code()),
        (125, "sign-in --person nobody -- true", PASSWORD, clinic.phone.wrong_code()),
    ];
    for (status, line, password, code) in refusals {
        let said = ctl.plain(line, &[password, &code]);
        assert_eq!(said.status, status, "{line}: {said:?}");
        assert!(said.out.is_empty() != line.contains("--json"), "{line}: {said:?}");
    }
    // What comes after the secrets is the program's, and so are its words and its status.
    let line = "sign-in --person msantos -- sh -c 'cat; echo out; echo err >&2; exit 7' --json";
    let said = ctl.plain(line, &[PASSWORD, &clinic.phone.code(), "one", "two"]);
    assert_eq!((said.status, said.out.as_str(), said.err.as_str()), (7, "one\ntwo\nout\n", "err\n"));
    let said = ctl.plain("sign-in --person msantos -- ./no-such-program", &[PASSWORD, &clinic.phone.code()]);
    assert!(said.status == 124 && said.err.lines().count() == 1, "{said:?}");
    let ended = "sign-in --recovery --person msantos -- sh -c 'kill -TERM $$'";
    assert_eq!(ctl.plain(ended, &[PASSWORD, &clinic.spares[1]]).status, 128 + 15);
    // It gets no file of ours to hold open.
    let mut directly = desk.command("ls");
    directly.arg("/proc/self/fd");
    let open = run(directly, "").out;
    let command = ctl.command(["sign-in", "--recovery", "--person", "msantos", "--", "ls", "/proc/self/fd"]);
    let said = run(command, &format!("{PASSWORD}\n{}\n", clinic.spares[0]));
    assert_eq!((said.status, said.out), (0, open));
}
