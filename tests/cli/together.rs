//! Several processes at once.

use std::fs::{self, File};
use std::io::Write;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::clinic::{BEGIN, Clinic, PASSWORD, Phone, place};
use crate::desk::{Ctl, Desk, desk_or_leave_out, finish, words};

fn start(ctl: &Ctl<'_>, line: &str, input: &str) -> Child {
    let mut command = ctl.command(words(line));
    command.arg("--json").stdin(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
    child
}

/// Takes as long as a process waits for another's turn; so it runs beside the next test's many.
fn a_set_up_waits_for_its_turn(ctl: &Ctl<'_>, meanwhile: impl FnOnce()) {
    fs::create_dir(&ctl.data_dir).expect("a folder");
    let turn = File::create(ctl.data_dir.join("state.lock")).expect("the lock's file");
    turn.lock().expect("the lock");
    let child = start(ctl, BEGIN, &format!("{PASSWORD}\n"));
    meanwhile();
    let (status, answer) = finish(child).object();
    assert_eq!((status, &answer["error"]["code"]), (4, &"database-busy".into()));
    assert!(!ctl.data_dir.join("state.db").exists(), "nothing was created");
    turn.unlock().expect("released");
    ctl.done(BEGIN, &[PASSWORD]);
}

#[test]
fn of_many_with_one_code_exactly_one_is_let_in() {
    const MANY: usize = 20;
    let desk = desk_or_leave_out!();
    a_set_up_waits_for_its_turn(&place(desk).ctl, || one_of_many(desk, MANY));
}

fn one_of_many(desk: &Desk, many: usize) {
    let clinic = Clinic::set_up(desk);
    let input = format!("{PASSWORD}\n{}\n", clinic.phone.code());
    let children: Vec<Child> = (0..many).map(|_| start(clinic.ctl(), "sign-in --person msantos", &input)).collect();
    let mut verdicts: Vec<(i32, Value)> =
        children.into_iter().map(|child| finish(child).object()).map(|(s, a)| (s, a["verdict"].clone())).collect();
    verdicts.sort_by_key(|(status, _)| *status);
    assert_eq!(verdicts[0], (0, "accepted".into()));
    assert!(verdicts[1..].iter().all(|verdict| *verdict == (1, "used".into())), "{verdicts:?}");
    let answer = clinic.ctl().done("audit verify", &[]);
    assert_eq!(answer["events"], clinic.entries());
    let tries = clinic.ctl().done("audit list --event sign-in", &[]);
    assert_eq!(tries["events"].as_array().map(Vec::len), Some(many));
}

// C91
#[test]
fn of_two_first_set_ups_one_counts() {
    let desk = desk_or_leave_out!();
    let place = place(desk);
    let ctl = &place.ctl;
    let children = [0, 1].map(|_| start(ctl, BEGIN, &format!("{PASSWORD}\n")));
    let phones = children.map(|child| {
        let (status, offer) = finish(child).object();
        assert_eq!(status, 0, "{offer}");
        Phone::of(&offer)
    });
    assert_eq!(ctl.done("status", &[])["people"], 1);
    let log = ctl.done("audit list", &[]);
    assert_eq!(log["events"].as_array().map(Vec::len), Some(1), "one clinic, begun once: {log}");
    // The one begun last is the one that counts; the other's square is void.
    let tries = phones.map(|phone| ctl.json("setup confirm --person msantos", &[PASSWORD, &phone.code()]).0);
    assert!(tries == [0, 5] || tries == [1, 0], "{tries:?}");
    assert_eq!(ctl.state(), "active");
    ctl.done("audit verify", &[]);
    let files = fs::read_dir(&ctl.data_dir).expect("a folder").count();
    assert_eq!(files, 3, "one database, one lock, the support log");
}
