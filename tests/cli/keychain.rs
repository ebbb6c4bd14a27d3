//! A keychain that is locked, missing, silent or emptied: never new, never open, never a half-done thing.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::clinic::{BEGIN, Clinic, PASSWORD, place};
use crate::desk::{Desk, desk_or_leave_out, run, timed};

/// Longer than the ten seconds after which the program gives up.
const SOON: Duration = Duration::from_secs(14);

/// Our items in this desktop's keyring that have to do with that id.
fn items(desk: &Desk, containing: &str) -> usize {
    let mut tool = desk.command("secret-tool");
    tool.args(["search", "--all", "service", "clinic2fa"]);
    // It prints attributes on standard error and values on standard output.
    let said = run(tool, "");
    let lines = said.out.lines().chain(said.err.lines());
    lines.filter(|line| line.contains("attribute.username") && line.contains(containing)).count()
}

fn clear(desk: &Desk, item: &str) {
    let mut tool = desk.command("secret-tool");
    tool.args(["clear", "service", "clinic2fa", "username", item]);
    assert_eq!(run(tool, "").status, 0);
    assert_eq!(items(desk, item), 0);
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

// C38, C45
#[test]
fn without_a_keychain_nothing_is_begun() {
    for desk in [desk_or_leave_out!("absent"), desk_or_leave_out!("no-bus")] {
        let place = place(&desk);
        let ctl = &place.ctl;
        for (line, input) in [
            ("status", &[][..]),
            (BEGIN, &[PASSWORD]),
            ("setup confirm --person msantos", &[PASSWORD, "123456"]),
            ("sign-in --person msantos", &[PASSWORD, "123456"]),
        ] {
            ctl.refused(line, input, 4, "keychain-absent");
        }
        assert_eq!(files(&ctl.data_dir), ["logs", "state.lock"], "nothing else was created");
        let said = ctl.plain("status", &[]);
        assert!(said.out.is_empty() && said.err.lines().count() == 1, "{said:?}");
        let (status, doctor) = ctl.json("doctor", &[]);
        let failed: Vec<_> =
            doctor["checks"].as_array().expect("checks").iter().filter(|check| check["ok"] == false).collect();
        assert_eq!((status, failed.len()), (4, 2), "{doctor}");
        assert_eq!(failed[0]["name"], "keychain");
    }
}

#[test]
fn a_keychain_that_cannot_be_written_begins_nothing_that_counts() {
    let desk = desk_or_leave_out!("locked");
    let place = place(&desk);
    let ctl = &place.ctl;
    let (took, ()) = timed(|| ctl.refused(BEGIN, &[PASSWORD], 4, "keychain-locked"));
    assert!(took < SOON, "{took:?}");
    assert_eq!(ctl.state(), "new", "nothing is left of it");
    let (_, doctor) = ctl.json("doctor", &[]);
    assert_eq!((&doctor["checks"][0]["name"], &doctor["checks"][0]["ok"]), (&json!("keychain"), &json!(false)));
    desk.keyring("unlock");
    Clinic::set_up_in(place);

    // No keyring was ever made, and nobody is there to choose its password.
    let desk = desk_or_leave_out!("fresh");
    let place = crate::clinic::place(&desk);
    let (took, ()) = timed(|| place.ctl.refused(BEGIN, &[PASSWORD], 4, "keychain-locked"));
    assert!(took < SOON, "{took:?}");
    assert_eq!(place.ctl.state(), "new");
}

#[test]
fn locked_or_silent_decides_nothing_and_works_again() {
    let desk = desk_or_leave_out!("unlocked");
    let clinic = Clinic::set_up(&desk);
    let ctl = clinic.ctl();
    let entries = clinic.entries();
    let code = clinic.phone.code();
    for (action, back, expected) in [("lock", "unlock", "keychain-locked"), ("hang", "resume", "keychain-waiting")] {
        desk.keyring(action);
        let (took, ()) = timed(|| ctl.refused("sign-in --person msantos", &[PASSWORD, &code], 4, expected));
        assert!(took < SOON, "{expected}: {took:?}");
        if action == "lock" {
            ctl.refused("status", &[], 4, expected);
            ctl.refused(BEGIN, &[PASSWORD], 4, expected);
            ctl.refused("audit verify", &[], 4, expected);
            // The marker cannot be asked for: that is not "no marker".
            let away = clinic.database().with_extension("away");
            fs::rename(clinic.database(), &away).expect("moved away");
            ctl.refused("status", &[], 4, expected);
            ctl.refused(BEGIN, &[PASSWORD], 4, expected);
            assert!(!clinic.database().exists());
            fs::rename(&away, clinic.database()).expect("moved back");
        }
        desk.keyring(back);
    }
    assert_eq!(clinic.entries(), entries, "nothing was counted");
    ctl.judged("sign-in --person msantos", &[PASSWORD, &code], 0, "accepted");
}

// C41
#[test]
fn what_is_lost_closes_the_clinic_and_opens_nothing() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let code = clinic.phone.code();
    let closed = |why: &str| {
        ctl.refused("sign-in --person msantos", &[PASSWORD, &code], 4, why);
        ctl.refused("sign-in --recovery --person msantos", &[PASSWORD, &clinic.spares[9]], 4, why);
        ctl.refused("recovery renew --person msantos", &[PASSWORD, &code], 4, why);
        ctl.refused("audit verify", &[], 4, why);
        ctl.refused(BEGIN, &[PASSWORD], 5, why);
        assert_eq!(ctl.state(), "closed", "{why}");
        assert_eq!(ctl.plain("sign-in --person msantos -- true", &[PASSWORD, &code]).status, 124, "{why}");
    };

    // An older copy put back: closed, until the newer one is there again.
    let older = clinic.copy();
    clinic.signs_in_by_spare(1);
    let newer = clinic.copy();
    fs::write(clinic.database(), older).expect("put back");
    closed("rolled-back");
    fs::write(clinic.database(), &newer).expect("put back");
    clinic.signs_in_by_spare(2);
    let newest = clinic.copy();

    // Not the row that was written here.
    let db = rusqlite::Connection::open(clinic.database()).expect("the database");
    assert_eq!(db.execute("UPDATE clinic SET name = 'Elm Tree Surgery'", []), Ok(1));
    drop(db);
    closed("clinic-damaged");

    // The database is gone, or emptied: a lost one, not a new clinic.
    fs::remove_file(clinic.database()).expect("removed");
    closed("database-lost");
    ctl.refused("people list", &[], 4, "database-lost");
    ctl.refused("audit list", &[], 4, "database-lost");
    assert!(!clinic.database().exists(), "and none was made");
    fs::write(clinic.database(), "").expect("emptied");
    closed("database-lost");
    assert_eq!(fs::read(clinic.database()).map(|bytes| bytes.len()).ok(), Some(0));
    fs::write(clinic.database(), &newest).expect("put back");
    clinic.signs_in_by_spare(3);

    // The folder under another name is the same clinic, which the keychain then knows by both.
    let moved = ctl.data_dir.with_file_name("moved");
    fs::rename(&ctl.data_dir, &moved).expect("moved");
    assert_eq!(desk.ctl(&moved).state(), "active");
    fs::rename(&moved, &ctl.data_dir).expect("moved back");

    // The keychain forgets: first the key, then everything.
    let id = clinic.keychain_id();
    // That the key was missing waits for the log in a row of its own; the clinic's row is as it was.
    let row = || -> Vec<u8> {
        rusqlite::Connection::open(clinic.database())
            .and_then(|db| db.query_row("SELECT tag FROM clinic", [], |row| row.get(0)))
            .expect("a tag")
    };
    let before = row();
    clear(desk, &format!("device-{id}"));
    closed("key-missing");
    clear(desk, &format!("epoch-{id}"));
    closed("key-missing");
    assert_eq!(row(), before);
    assert_eq!(items(desk, &id), 0, "and no new key was made");
}

#[test]
fn two_folders_never_share_a_keychain_entry() {
    let desk = desk_or_leave_out!("unlocked");
    let one = Clinic::set_up(&desk);
    assert_eq!(items(&desk, ""), 3, "device key, epoch, marker");
    let two = Clinic::set_up(&desk);
    assert_eq!(items(&desk, ""), 6);
    assert_ne!(one.keychain_id(), two.keychain_id());
    assert_ne!(one.phone.secret, two.phone.secret);
    assert_ne!(one.key, two.key);
    // One's papers and codes are worth nothing at the other.
    let line = "sign-in --recovery --person msantos";
    two.ctl().judged(line, &[PASSWORD, &one.spares[0]], 1, "code");
    // A set-up that is begun again leaves nothing of the first behind.
    let three = place(&desk);
    three.ctl.done(BEGIN, &[PASSWORD]);
    three.ctl.done(BEGIN, &[PASSWORD]);
    assert_eq!(items(&desk, ""), 8);
    for item in [format!("device-{}", one.keychain_id()), format!("epoch-{}", one.keychain_id())] {
        clear(&desk, &item);
    }
    one.ctl().refused("sign-in --person msantos", &[PASSWORD, "123456"], 4, "key-missing");
    two.signs_in();
    // `doctor` takes its own value away again.
    two.ctl().done("doctor", &[]);
    assert_eq!(items(&desk, "doctor"), 0);
}
