//! What a sign-in opens, by the command line alone.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::clinic::{Clinic, PASSWORD};
use crate::desk::{desk_or_leave_out, run, until, words};
use crate::search::{files_with, processes_with};

const KEY: &str = "thistle-6-anchor-2-plum";

/// Settings, a key from standard input, a program that finds it, and nobody who finds it elsewhere.
#[test]
fn a_program_after_the_dashes_gets_the_key_as_it_is_set() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    // A key is never an argument, and what was put there is not repeated.
    let (status, answer) = ctl.json(&format!("settings set key {KEY} --as msantos"), &[]);
    assert_eq!((status, &answer["error"]["code"]), (2, &Value::from("cli-secret-argument")));
    assert!(!answer.to_string().contains(KEY));
    ctl.refused("settings set opens oracle --as msantos", &[], 2, "cli-setting");
    ctl.refused("settings set start-program office --as msantos", &[], 2, "cli-setting");
    ctl.refused("settings set opens text at-lock never --as msantos", &[], 2, "cli-setting");
    assert_eq!(ctl.done("settings show", &[])["settings"]["opens"], "nothing", "all or nothing");

    // Whatever changes the key makes a backup at once: those from before have none, or one that opens nothing.
    let backups = || {
        let there = fs::read_dir(ctl.data_dir.join("backups")).into_iter().flatten().flatten();
        there.filter(|entry| entry.file_name().to_string_lossy().starts_with("asked-")).count()
    };
    let set = "settings set opens text key-by environment:OFFICE_KEY at-lock close:5 --as msantos";
    ctl.done(set, &[PASSWORD, &clinic.phone.code()]);
    // Without a key nothing is started, and the reason is told.
    let spare = |number: usize| clinic.spares[number].clone();
    let start = "sign-in --recovery --person msantos -- sh -c";
    let none = run(ctl.command(words(&format!("{start} 'echo started'"))), &format!("{PASSWORD}\n{}\n", spare(0)));
    assert_eq!((none.status, none.out.as_str()), (125, ""), "{none:?}");

    ctl.done("settings set key given --as msantos", &[PASSWORD, &clinic.phone.code(), KEY]);
    assert_eq!(backups(), 1);
    let settings = ctl.done("settings show", &[])["settings"].clone();
    assert_eq!((&settings["key"], &settings["at-lock"]), (&json!("kept"), &json!("close:5")));
    assert!(!settings.to_string().contains(KEY));
    let script =
        "printf %s\\\\n \"$OFFICE_KEY\"; tr \"\\\\0\" \"\\\\n\" </proc/$PPID/environ | grep -c OFFICE_KEY; exit 7";
    let given = run(ctl.command(words(&format!("{start} '{script}'"))), &format!("{PASSWORD}\n{}\n", spare(1)));
    assert_eq!((given.status, given.out.as_str()), (7, format!("{KEY}\n0\n").as_str()), "{given:?}");
    // A sign-in that is refused starts nothing.
    let refused = run(ctl.command(words(&format!("{start} 'echo started'"))), &format!("{PASSWORD}\n{}\n", spare(1)));
    assert_eq!((refused.status, refused.out.as_str()), (121, ""), "{refused:?}");

    // C54: killed outright, our program takes the other one with it.
    let folder = tempfile::tempdir().expect("a folder");
    let pid = folder.path().join("pid");
    let script = format!("echo $$ >{0}.new; mv {0}.new {0}; exec sleep 60", pid.display());
    let mut command = ctl.command(words(&format!("{start} '{script}'")));
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the program");
    let typed = format!("{PASSWORD}\n{}\n", spare(2));
    child.stdin.take().expect("its input").write_all(typed.as_bytes()).expect("written");
    until("the program to be started", 20, || pid.exists());
    let stat = format!("/proc/{}/stat", fs::read_to_string(&pid).expect("a number").trim());
    let runs = || fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
    assert!(runs());
    // While it has the key: in its environment, and nowhere else.
    let number = fs::read_to_string(&pid).expect("a number");
    assert_eq!(processes_with(KEY, &[]), [format!("environ of {}", number.trim())]);
    for folder in [&ctl.data_dir, &desk.home(), folder.path()] {
        assert_eq!(files_with(KEY, folder), [] as [PathBuf; 0]);
    }
    assert!(!files_with("ran command=", &ctl.data_dir.join("logs")).is_empty(), "the log was searched");
    child.kill().expect("killed");
    child.wait().expect("its end");
    until("the other to end", 10, || !runs());
    ctl.judged("key rotate --as msantos", &[PASSWORD, &clinic.phone.wrong_code(), "another"], 1, "code");
    assert_eq!(backups(), 1);
    ctl.done("key rotate --as msantos", &[PASSWORD, &clinic.phone.code(), "another"]);
    assert_eq!(backups(), 2);
    let log = ctl.done("audit list --event database-key-changed", &[]);
    assert_eq!(log["events"].as_array().map(Vec::len), Some(3), "kept; both sealed; the new one kept");
}
