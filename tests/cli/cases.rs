//! Cases as files: what is typed, and what must come of it.
//!
//! ```text
//! $ status --quiet              a command line after the program's name; quotes '…' hold a word together
//! < {password}\r                standard input, a line each; \r, \u{feff} and a final \c (no newline) as written
//! = 2                           the exit status
//! > {"error": {"code": "…"}}    JSON that the one object on standard output must contain; "*" is any value
//! 1 Signed in.                  without `>`: standard output contains this
//! 2 not taken as arguments      standard error contains this
//! ! 384688                      and neither contains that
//! ```
//! `{password}`, `{code}` (a fresh one), `{wrong}` (a wrong code), `{spare}` (a spare code) and `{key}` stand for the clinic's.

use std::fmt::Write;

use serde_json::Value;

use crate::clinic::{Clinic, PASSWORD, place};
use crate::desk::{Ctl, desk_or_leave_out, run, words};

#[derive(Default)]
struct Case {
    at: usize,
    line: String,
    input: String,
    status: Option<i32>,
    json: Option<Value>,
    out: Vec<String>,
    err: Vec<String>,
    never: Vec<String>,
}

fn parse(text: &str, fill: &dyn Fn(&str) -> String) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some((mark, rest)) = line.split_at_checked(2).filter(|(mark, _)| *mark != "# ") else { continue };
        let rest = fill(rest);
        if mark == "$ " {
            cases.push(Case { at: at + 1, line: rest, ..Case::default() });
            continue;
        }
        let case = cases.last_mut().expect("a command line first");
        match mark {
            "< " => {
                let typed = rest.replace("\\r", "\r").replace("\\u{feff}", "\u{feff}");
                match typed.strip_suffix("\\c") {
                    Some(typed) => case.input += typed,
                    None => writeln!(case.input, "{typed}").expect("written"),
                }
            }
            "= " => case.status = Some(rest.parse().expect("a number")),
            "> " => case.json = Some(serde_json::from_str(&rest).expect("JSON")),
            "1 " => case.out.push(rest),
            "2 " => case.err.push(rest),
            "! " => case.never.push(rest),
            mark => panic!("line {}: what is {mark:?}?", at + 1),
        }
    }
    cases
}

fn contains(answer: &Value, wanted: &Value) -> bool {
    match (answer, wanted) {
        (_, Value::String(any)) if any == "*" => true,
        (Value::Object(answer), Value::Object(wanted)) => {
            wanted.iter().all(|(field, wanted)| answer.get(field).is_some_and(|found| contains(found, wanted)))
        }
        (Value::Array(answer), Value::Array(wanted)) => {
            answer.len() == wanted.len() && answer.iter().zip(wanted).all(|(found, wanted)| contains(found, wanted))
        }
        (found, wanted) => found == wanted,
    }
}

fn check(file: &str, ctl: &Ctl<'_>, case: &Case) {
    let place = format!("cases/{file}:{}: {}", case.at, case.line);
    let said = run(ctl.command(words(&case.line)), &case.input);
    assert_eq!(Some(said.status), case.status, "{place}: {said:?}");
    if let Some(wanted) = &case.json {
        let (_, answer) = said.object();
        assert!(contains(&answer, wanted), "{place}: {answer}");
    }
    for (text, wanted) in [(&said.out, &case.out), (&said.err, &case.err)] {
        wanted.iter().for_each(|wanted| assert!(text.contains(wanted.as_str()), "{place}: {said:?}"));
    }
    let words = format!("{}{}", said.out, said.err);
    case.never.iter().for_each(|never| assert!(!words.contains(never.as_str()), "{place}: {said:?}"));
    if case.json.is_none() {
        // In words: what went well on standard output, what did not on standard error, never both.
        assert!(said.out.is_empty() != said.err.is_empty(), "{place}: {said:?}");
        assert_eq!(said.out.is_empty(), said.status != 0, "{place}: {said:?}");
    }
}

fn run_all(file: &str, text: &str, ctl: &Ctl<'_>, fill: &dyn Fn(&str) -> String) {
    let cases = parse(text, fill);
    assert!(!cases.is_empty());
    cases.iter().for_each(|case| check(file, ctl, case));
}

#[test]
fn before_a_clinic_is_set_up() {
    let desk = desk_or_leave_out!();
    let place = place(desk);
    let fill = |line: &str| line.replace("{password}", PASSWORD);
    run_all("new.txt", include_str!("cases/new.txt"), &place.ctl, &fill);
    run_all("usage.txt", include_str!("cases/usage.txt"), &place.ctl, &fill);
    assert_eq!(place.ctl.state(), "new");
}

#[test]
fn in_a_clinic_that_is_set_up() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let wrong = clinic.phone.wrong_code();
    let fill = |line: &str| {
        // A code that is not asked for is not taken from the phone.
        let line = if line.contains("{code}") { line.replace("{code}", &clinic.phone.code()) } else { line.to_owned() };
        line.replace("{password}", PASSWORD)
            .replace("{wrong}", &wrong)
            .replace("{spare}", &clinic.spares[0])
            .replace("{key}", &clinic.key)
    };
    run_all("active.txt", include_str!("cases/active.txt"), clinic.ctl(), &fill);
    clinic.signs_in();
}
