//! `backup create` and `backup restore` through the real program: the files they leave, and what they answer.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clinic::{BEGIN, Clinic, PASSWORD, Phone, place};
use crate::desk::{Ctl, desk_or_leave_out, run};

const ADD: &str = "people add --name 'Ben Ashdown' --as msantos";

fn made(ctl: &Ctl<'_>) -> Vec<PathBuf> {
    let entries = fs::read_dir(ctl.data_dir.join("backups")).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn create(file: &Path) -> String {
    format!("backup create '{}'", file.display())
}

fn restore(file: &Path) -> String {
    format!("backup restore '{}'", file.display())
}

fn fate<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let people = answer["plan"]["people"].as_array().expect("people");
    people.iter().find(|person| person["id"] == id).unwrap_or(&Value::Null)
}

fn events(ctl: &Ctl<'_>, event: &str) -> Vec<Value> {
    let log = ctl.done(&format!("audit list --event {event}"), &[]);
    log["events"].as_array().expect("a list").clone()
}

/// The first sign-in of a day leaves a backup, after the verdict was told; the next ones do not, nor do refused ones.
#[test]
fn the_first_sign_in_of_a_day_makes_one() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    assert_eq!(made(ctl), [] as [PathBuf; 0]);
    ctl.judged("sign-in --person msantos", &["not the password", "123456"], 1, "password");
    assert_eq!(made(ctl), [] as [PathBuf; 0]);
    clinic.signs_in();
    let first = made(ctl);
    assert_eq!(first.len(), 1);
    let name = first[0].file_name().and_then(|name| name.to_str()).expect("a name");
    assert!(name.starts_with("daily-20") && name.ends_with(".db"), "{name}");
    assert_eq!(fs::metadata(&first[0]).expect("a file").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(ctl.data_dir.join("backups")).expect("a folder").permissions().mode() & 0o777, 0o700);
    assert_eq!(events(ctl, "backup-created").len(), 1);
    clinic.signs_in_by_spare(1);
    assert_eq!(made(ctl), first);
    let checks = ctl.done("doctor", &[]);
    let backups = checks["checks"].as_array().and_then(|all| all.iter().find(|check| check["name"] == "backups"));
    assert_eq!(backups.expect("a check")["ok"], true);

    // Beside a program that the sign-in was for, too; and the status is the program's.
    let other = Clinic::set_up(desk);
    let code = other.phone.code();
    assert_eq!(other.ctl().plain("sign-in --person msantos -- sh -c 'exit 7'", &[PASSWORD, &code]).status, 7);
    assert_eq!(made(other.ctl()).len(), 1);
}

/// A backup that cannot be made changes neither answer nor status of a sign-in; `doctor` and the log say it.
#[test]
fn a_backup_that_cannot_be_made_stops_no_sign_in() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    fs::write(ctl.data_dir.join("backups"), "in the way").expect("written");
    clinic.signs_in();
    assert_eq!(events(ctl, "backup-failed").len(), 1);
    let (status, doctor) = ctl.json("doctor", &[]);
    let backups = doctor["checks"].as_array().and_then(|all| all.iter().find(|check| check["name"] == "backups"));
    assert_eq!((status, &backups.expect("a check")["ok"]), (4, &json!(false)));
}

#[test]
fn a_backup_is_made_without_a_sign_in_and_over_no_file() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let elsewhere = TempDir::new().expect("a folder");
    let file = elsewhere.path().join("copy.db");
    assert_eq!(ctl.done(&create(&file), &[]), json!({"people": 1}));
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    let whole: String = rusqlite::Connection::open(&file)
        .and_then(|copy| copy.query_row("PRAGMA integrity_check", [], |row| row.get(0)))
        .expect("checked");
    assert_eq!(whole, "ok");
    let before = fs::read(&file).expect("read");
    ctl.refused(&create(&file), &[], 4, "paper-exists");
    assert_eq!(fs::read(&file).expect("read"), before);
    ctl.refused(&create(&ctl.data_dir.join("state.db-journal")), &[], 4, "backup-no-rights");
    ctl.refused(&create(&elsewhere.path().join("no/such/folder.db")), &[], 4, "backup-not-written");
    ctl.refused("backup create", &[], 2, "cli-usage");
    ctl.refused(&format!("{} --as msantos", create(&file)), &[], 2, "cli-usage");
    ctl.refused(&format!("{} 123456", create(&file)), &[], 2, "cli-secret-argument");
    assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 1, "no half of one is left");
    // Nothing sealed in it is readable: neither the phone's key nor a spare code nor the password.
    let hex = data_encoding::BASE32.decode(clinic.phone.secret.as_bytes()).expect("base32");
    for secret in [clinic.phone.secret.as_bytes(), clinic.spares[2].as_bytes(), PASSWORD.as_bytes(), hex.as_slice()] {
        assert!(!before.windows(secret.len()).any(|bytes| bytes == secret));
    }
    place(desk).ctl.refused(&create(&elsewhere.path().join("none.db")), &[], 5, "not-set-up");
}

/// Judged by the present state: what changes is said beforehand, and whoever differs is reset.
#[test]
fn a_manager_brings_a_backup_back() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let elsewhere = TempDir::new().expect("a folder");
    let file = elsewhere.path().join("copy.db");
    ctl.done(ADD, &[PASSWORD, &clinic.phone.code()]);
    ctl.done(&create(&file), &[]);
    ctl.done("people remove --person bashdown --as msantos", &[PASSWORD, &clinic.phone.code()]);

    let dry = ctl.done(&format!("{} --dry-run", restore(&file)), &[]);
    assert_eq!((&dry["people"], &dry["dry_run"]), (&json!(2), &json!(true)));
    assert_eq!(fate(&dry, "bashdown")["fate"], "reset");
    assert_eq!(fate(&dry, "bashdown")["why"], "removed-since");
    assert_eq!((&fate(&dry, "msantos")["fate"], &fate(&dry, "msantos")["codes_void"]), (&json!("stays"), &json!(10)));
    assert_eq!((&dry["plan"]["log"], &dry["plan"]["settings"]), (&json!("goes-on"), &json!("same")));
    assert!(dry["plan"]["changes_since"].as_u64() >= Some(2), "{dry}");
    assert_eq!(ctl.done("people list", &[])["people"].as_array().map(Vec::len), Some(1), "nothing was done");

    ctl.refused(&restore(&file), &[&clinic.key], 5, "restore-needs-manager");
    let by = format!("{} --as msantos", restore(&file));
    ctl.judged(&by, &[PASSWORD, &clinic.phone.wrong_code()], 1, "code");
    ctl.judged(&by, &["not the password", &clinic.phone.wrong_code()], 1, "password");
    let done = ctl.done(&by, &[PASSWORD, &clinic.phone.code()]);
    assert_eq!((&done["people"], &done["dry_run"]), (&json!(2), &Value::Null));
    assert_eq!(fate(&done, "bashdown"), fate(&dry, "bashdown"));
    let people = ctl.done("people list", &[]);
    let ben = people["people"].as_array().and_then(|all| all.iter().find(|person| person["id"] == "bashdown"));
    assert_eq!(ben.expect("Ben")["state"], "reset");
    ctl.refused("sign-in --person bashdown", &[PASSWORD, "123456"], 5, "person-unknown");
    // Codes up to now are used, the sheet is void, the next code counts.
    ctl.judged("sign-in --recovery --person msantos", &[PASSWORD, &clinic.spares[0]], 1, "used");
    ctl.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.same_code()], 1, "used");
    assert_eq!(ctl.done("audit verify", &[])["ok"], true);
    let last = events(ctl, "restored");
    assert_eq!(
        (&last.last().expect("an entry")["actor"], &last[last.len() - 1]["result"]),
        (&json!("msantos"), &json!("done"))
    );
    let said = ctl.plain(&format!("{} --dry-run", restore(&file)), &[]);
    assert!(said.status == 0 && said.out.contains("signs in as before"), "{said:?}");
}

#[test]
fn what_is_no_backup_is_refused_in_words() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let elsewhere = TempDir::new().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        fs::write(elsewhere.path().join(name), bytes).expect("written");
        elsewhere.path().join(name)
    };
    let copy = elsewhere.path().join("copy.db");
    ctl.done(&create(&copy), &[]);
    let whole = fs::read(&copy).expect("read");
    let newer = file("newer.db", &whole);
    rusqlite::Connection::open(&newer).and_then(|db| db.pragma_update(None, "user_version", 9999)).expect("set");
    let foreign = elsewhere.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).and_then(|db| db.execute_batch("CREATE TABLE patients (x)")).expect("made");
    let edited = file("edited.db", &whole);
    rusqlite::Connection::open(&edited).and_then(|db| db.execute_batch("UPDATE clinic SET name = 'Elm'")).expect("set");
    for (file, why) in [
        (elsewhere.path().join("none.db"), "backup-missing"),
        (file("letter.txt", b"dear"), "backup-damaged"),
        (file("cut.db", &whole[..whole.len() / 2]), "backup-damaged"),
        (edited, "backup-damaged"),
        (newer, "backup-newer"),
        (foreign, "backup-foreign"),
        (elsewhere.path().to_owned(), "backup-unreadable"),
        (clinic.database(), "backup-in-use"),
    ] {
        let entries = clinic.entries();
        ctl.refused(&format!("{} --dry-run", restore(&file)), &[], 4, why);
        // Before any password is asked for: it costs no code.
        ctl.refused(&format!("{} --as msantos", restore(&file)), &[PASSWORD, "123456"], 4, why);
        assert_eq!(clinic.entries(), entries, "{why}");
    }
}

/// A new computer, another account: the clinic's spare key from standard input, and everybody's own password.
#[test]
fn a_new_computer_with_the_spare_key() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let elsewhere = TempDir::new().expect("a folder");
    let file = elsewhere.path().join("copy.db");
    clinic.ctl().done(&create(&file), &[]);
    let other = desk_or_leave_out!("unlocked");
    let new = other.ctl(&elsewhere.path().join("data"));
    assert_eq!(new.state(), "new");
    let dry = new.done(&format!("{} --dry-run", restore(&file)), &[]);
    assert_eq!((&dry["people"], &dry["plan"]["log"]), (&json!(1), &json!("from-backup")));
    assert_eq!(new.state(), "new");
    new.refused(&restore(&file), &["0000-1111"], 2, "not-a-clinic-key");
    new.refused(&restore(&file), &["YHE5-2GF2-DSFD-6B8J-WAMT-9FK1-7VMS-NC0G"], 1, "backup-key-wrong");
    assert_eq!(new.state(), "new", "nothing was begun");
    new.refused(&restore(&file), &[], 2, "cli-input-ended");
    let done = new.done(&restore(&file), &[&clinic.key.to_lowercase()]);
    assert_eq!(done["people"], 1);
    assert_eq!(new.state(), "active");
    new.refused(BEGIN, &[PASSWORD], 5, "already-set-up");
    new.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.code()], 1, "used");
    // Past the step that may still have been seen.
    let code = {
        clinic.phone.code();
        clinic.phone.code()
    };
    new.judged("sign-in --person msantos", &[PASSWORD, &code], 0, "accepted");
    assert_eq!(new.done("audit verify", &[])["ok"], true);
}

/// Lost, emptied, torn: the day's own backup brings it back, and what was there is kept.
#[test]
fn a_lost_or_damaged_file_comes_back_from_the_days_own_backup() {
    let desk = desk_or_leave_out!();
    for (story, instead) in [("lost", None), ("emptied", Some(Vec::new())), ("torn", Some(vec![0xa5; 9000]))] {
        let clinic = Clinic::set_up(desk);
        let ctl = clinic.ctl();
        clinic.signs_in();
        let file = made(ctl).pop().expect("the day's backup");
        fs::remove_file(clinic.database()).expect("removed");
        if let Some(bytes) = &instead {
            fs::write(clinic.database(), bytes).expect("written");
        }
        let why = if story == "torn" { "database-damaged" } else { "database-lost" };
        ctl.refused("sign-in --person msantos", &[PASSWORD, "123456"], 4, why);
        ctl.refused(&format!("{} --as msantos", restore(&file)), &[PASSWORD, "123456"], 4, why);
        let done = ctl.done(&restore(&file), &[&clinic.key]);
        assert_eq!(done["plan"]["log"], "from-backup", "{story}");
        assert_eq!(ctl.state(), "active", "{story}");
        let kept = fs::read_dir(&ctl.data_dir).expect("a folder").flatten();
        let kept = kept.filter(|entry| entry.file_name().to_string_lossy().starts_with("replaced-")).count();
        assert_eq!(kept, usize::from(instead.is_some()), "{story}");
        assert_eq!(ctl.done("audit verify", &[])["ok"], true);
    }
}

/// A new spare key makes a backup of its own at once: those from before are open with the old one, which is destroyed.
#[test]
fn a_new_spare_key_comes_with_a_backup_that_it_opens() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let renewed = ctl.done("recovery-key renew --as msantos", &[PASSWORD, &clinic.phone.code()]);
    let key = renewed["recovery_key"].as_str().expect("a key").to_owned();
    let file = made(ctl).pop().expect("a backup");
    fs::remove_file(clinic.database()).expect("removed");
    ctl.refused(&restore(&file), &[&clinic.key], 1, "backup-key-wrong");
    ctl.done(&restore(&file), &[&key]);
    assert_eq!(ctl.state(), "active");
}

/// The same for a manager who came back with the spare key, which is destroyed then; another phone makes none.
#[test]
fn coming_back_as_a_manager_makes_a_backup_that_the_new_key_opens() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    ctl.done("enrol renew --person msantos", &[PASSWORD, &clinic.phone.code()]);
    let begun = ctl.done("recover --manager msantos", &[&clinic.key, PASSWORD]);
    assert_eq!(made(ctl), [] as [PathBuf; 0]);
    let phone = Phone::of(&begun);
    let sheets = ctl.done("enrol confirm --person msantos", &[PASSWORD, &phone.code()]);
    let key = sheets["recovery_key"].as_str().expect("a key").to_owned();
    let [file] = made(ctl).try_into().expect("a backup");
    let next = Phone::of(&ctl.done("enrol renew --person msantos", &[PASSWORD, &phone.code()]));
    ctl.done("enrol confirm --person msantos", &[PASSWORD, &next.code()]);
    assert_eq!(made(ctl).len(), 1, "the spare key is the same");
    fs::remove_file(clinic.database()).expect("removed");
    ctl.refused(&restore(&file), &[&clinic.key], 1, "backup-key-wrong");
    ctl.done(&restore(&file), &[&key]);
    assert_eq!(ctl.state(), "active");
}

/// On a terminal, what would change is read before anything is typed.
#[test]
fn on_a_terminal_the_plan_comes_first() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let elsewhere = TempDir::new().expect("a folder");
    let file = elsewhere.path().join("copy.db");
    ctl.done(&create(&file), &[]);
    // `script` lends a terminal. What is typed there is refused, which ends it.
    let program = ctl.command(["backup", "restore"]);
    let program = program.get_program().to_str().expect("a path").to_owned();
    let line =
        format!("'{program}' --data-dir '{}' backup restore '{}' --as msantos", ctl.data_dir.display(), file.display());
    let mut command = desk.command("script");
    command.args(["-qec", &line, "/dev/null"]);
    let said = run(command, &format!("not the password\n{}\n", clinic.phone.wrong_code()));
    let plan = said.out.find("signs in as before");
    let prompt = said.out.find("Password:");
    assert!(plan.is_some() && prompt.is_some() && plan < prompt, "{said:?}");
}
