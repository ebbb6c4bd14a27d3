//! Whoever can write to the SQLite file can close a person or the clinic, and nothing more: nothing opens, nothing
//! panics, and what is not ours or not of our time stays untouched.

use std::path::Path;

use clinic2fa::domain::secret::SecretText;
use clinic2fa::effects::{Closed, Failure, Standing};
use clinic2fa::ports::{Look, StoreError};

use super::clinic::{Clinic, MARIA, Office, PASSWORD, STEP, accepted_by_phone, is_in, new_setup, verdict};
use super::rights::assert_rights;

const CHANGED: Failure = Failure::Closed(Closed::Changed);

fn damaged() -> Failure {
    Failure::Store(StoreError::PersonDamaged)
}

/// C53: one field of one person's rows.
#[test]
fn c53_a_damaged_person_is_closed_and_nothing_panics() {
    for script in [
        "UPDATE factor SET seed = x''",
        "UPDATE factor SET seed = x'30313839'",
        "UPDATE factor SET seed = zeroblob(61)",
        "UPDATE factor SET last_step = -1",
        "UPDATE factor SET last_step = 0",
        "UPDATE factor SET last_step = NULL",
        "UPDATE factor SET last_step = 9223372036854775807",
        "UPDATE factor SET suspects = 'x'",
        "UPDATE factor SET suspects = '[[-9223372036854775808, 18446744073709551615]]'",
        "UPDATE factor SET stage = 'proved'",
        "UPDATE factor SET created_unix = -9223372036854775808",
        "DELETE FROM factor",
        "INSERT INTO factor SELECT 'another', person, kind, label, stage, joins, seed, NULL, suspects, created_unix, number, ending FROM factor",
        "UPDATE person SET slot_salt = x'00'",
        "UPDATE person SET slot_salt = zeroblob(16)",
        "UPDATE person SET slot_cost = 'md5'",
        "UPDATE person SET slot_cost = 'argon2id,m=4294967295,t=1,p=1'",
        "UPDATE person SET slot_cost = 'argon2id,m=9,t=1,p=1'",
        "UPDATE person SET slot_sealed = x''",
        "UPDATE person SET activation_salt = slot_salt, activation_cost = slot_cost, activation_sealed = slot_sealed",
        "UPDATE person SET generation = generation + 1",
        "UPDATE person SET generation = -1",
        "UPDATE person SET seen = 1000",
        "UPDATE factor SET label = 'another phone'",
        "UPDATE factor SET joins = 'beside'",
        "UPDATE person SET code_key = x''",
        "UPDATE person SET name = 'Somebody Else'",
        "UPDATE person SET role = 'staff'",
        "UPDATE person SET stage = 'pending'",
        "UPDATE person SET password_failures = -1",
        "UPDATE person SET code_failures = 0",
        "UPDATE person SET code_failures = 4294967296",
        "UPDATE person SET lock = '{'",
        "UPDATE person SET lock = '{\"left_ms\":18446744073709551615,\"boot\":\"\",\"at_ms\":18446744073709551615}'",
        "UPDATE person SET wait = '{\"left_ms\":-1,\"boot\":\"\",\"at_ms\":0}'",
        "UPDATE person SET wrong_codes = '[]'",
        "UPDATE person SET day_pass = '{\"from_unix\":0,\"until_unix\":9223372036854775807,\"hold\":{\"left_ms\":9999999999,\"boot\":\"boot-1\",\"at_ms\":0}}'",
        "UPDATE person SET signed_in_unix = NULL, password_unix = 0",
        "DELETE FROM person",
        "DELETE FROM recovery_code WHERE number = 3",
        "UPDATE recovery_code SET used_unix = NULL",
        "UPDATE recovery_code SET tag = x'00' WHERE number = 10",
        "UPDATE recovery_code SET number = 300 WHERE number = 10",
    ] {
        let mut clinic = Clinic::oak_tree();
        // Something to take away: a wrong code counted, a recovery code spent and a day's leave.
        assert!(is_in(&clinic.maria_uses_spare(1)));
        clinic.wrong_codes(1);
        clinic.office.sql(&format!("PRAGMA foreign_keys = ON; {script}"));
        let (epoch, log) = (clinic.office.file_epoch(), clinic.log_end());
        clinic.waits(STEP);
        let told = clinic.maria_signs_in();
        assert_eq!(told, Err(damaged()), "{script}");
        assert_eq!(clinic.maria_uses_spare(2).map(|_| ()), Err(damaged()), "{script}");
        assert_eq!(clinic.maria_uses_day_pass().map(|_| ()), Err(damaged()), "{script}");
        assert_eq!(clinic.desk.resume(MARIA, &SecretText::from(PASSWORD)).map(|_| ()), Err(damaged()), "{script}");
        // She is still named, by her id where nothing else is left: nobody vanishes unnoticed.
        let look = clinic.desk.look().unwrap().unwrap();
        assert!(look.people.iter().any(|person| person.id == MARIA), "{script}");
        // Closed to this person only: the clinic stands, and its log is whole.
        assert!(matches!(clinic.desk.stand(), Ok(Standing::Active(_))), "{script}");
        assert_eq!(clinic.desk.verify_log(), Ok(Ok(log)), "{script}");
        assert_eq!(clinic.office.file_epoch(), epoch, "{script}: nothing was written");
    }
}

/// The rows that can be read still name who it is; the others leave the id.
#[test]
fn c53_the_lock_screen_still_names_a_damaged_person() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.sql("UPDATE person SET slot_cost = 'md5'");
    let Some(Look { people, .. }) = clinic.desk.look().unwrap() else { panic!("a clinic") };
    assert_eq!((people[0].id.as_str(), people[0].stage), (MARIA, None));
}

/// An old state of one person, every row of it genuine, put back into a present file.
#[test]
fn an_old_state_of_a_person_put_back_is_found() {
    let mut clinic = Clinic::oak_tree();
    let kept: Vec<String> = ["person", "factor", "recovery_code"]
        .map(|table| format!("CREATE TABLE kept_{table} AS SELECT * FROM {table};"))
        .to_vec();
    clinic.office.sql(&kept.concat());
    assert!(is_in(&clinic.maria_uses_spare(1)));
    clinic.wrong_codes(9);
    clinic.office.sql(
        "DELETE FROM recovery_code; DELETE FROM factor; DELETE FROM person;
         INSERT INTO person SELECT * FROM kept_person;
         INSERT INTO factor SELECT * FROM kept_factor;
         INSERT INTO recovery_code SELECT * FROM kept_recovery_code;",
    );
    clinic.waits(STEP);
    assert_eq!(clinic.maria_signs_in(), Err(damaged()));
    assert_eq!(clinic.maria_uses_spare(1).map(|_| ()), Err(damaged()));
}

/// A person whom the roll does not know was put there by somebody else.
#[test]
fn a_person_put_into_the_file_does_not_exist() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.sql(
        "CREATE TABLE eve AS SELECT * FROM person;
         UPDATE eve SET id = 'eve', name = 'Eve', name_key = 'eve';
         INSERT INTO person SELECT * FROM eve;",
    );
    let code = clinic.phone.code();
    assert_eq!(clinic.signs_in("eve", PASSWORD, &code), Err(StoreError::NobodyThere.into()));
    assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), accepted_by_phone(10));
}

#[test]
fn a_changed_clinic_row_closes_the_clinic() {
    for script in [
        "UPDATE clinic SET name = 'Elm Tree Surgery'",
        "UPDATE clinic SET settings = '{\"wrong_codes\":10000}'",
        "UPDATE clinic SET settings = '{}'",
        "UPDATE clinic SET epoch = epoch + 1000",
        "UPDATE clinic SET epoch = -1",
        "UPDATE clinic SET gauge = '{\"left_ms\":0,\"boot\":\"\",\"at_ms\":0}'",
        "UPDATE clinic SET gauge = 'x'",
        "UPDATE clinic SET device_key = x''",
        "UPDATE clinic SET recovery_slot = NULL",
        "UPDATE clinic SET roll = '{}'",
        "UPDATE clinic SET roll = 'x'",
        "UPDATE clinic SET head_number = head_number - 1",
        "UPDATE clinic SET head_tag = zeroblob(32)",
        "UPDATE clinic SET created_unix = 0",
        "UPDATE clinic SET tag = zeroblob(32)",
        "UPDATE clinic SET tag = x''",
        "UPDATE clinic SET stage = 'proved'",
    ] {
        let mut clinic = Clinic::oak_tree();
        clinic.office.sql(script);
        assert_eq!(clinic.desk.stand(), Err(CHANGED), "{script}");
        assert_eq!(clinic.maria_signs_in(), Err(CHANGED), "{script}");
        assert_eq!(clinic.maria_uses_spare(1), Err(CHANGED), "{script}");
        let again = clinic.desk.begin_setup(&new_setup("Another", "Somebody Else")).map(|_| ());
        assert_eq!(again, Err(CHANGED), "{script}");
    }
    // Names of other keys: there is nothing under them.
    for script in ["UPDATE clinic SET id = 'other'", "UPDATE clinic SET keychain_id = 'other'"] {
        let mut clinic = Clinic::oak_tree();
        clinic.office.sql(script);
        let told = clinic.maria_signs_in().map(|_| ());
        assert!(matches!(told, Err(Failure::Closed(Closed::Changed | Closed::KeyMissing))), "{script}: {told:?}");
    }
    // No clinic at all, beside a marker.
    let mut clinic = Clinic::oak_tree();
    clinic.office.sql("DELETE FROM clinic");
    assert_eq!(clinic.desk.stand(), Err(Failure::Closed(Closed::DatabaseLost)));
}

/// Epochs are compared after the row is proved: a raised epoch in the file is no way past a rollback.
#[test]
fn a_raised_epoch_in_an_old_copy_does_not_help() {
    let mut clinic = Clinic::oak_tree();
    let copy = clinic.office.copies_database("old.db");
    clinic.wrong_codes(2);
    clinic.desk = Office::new().desk();
    clinic.office.puts_back(&copy);
    clinic.office.sql("UPDATE clinic SET epoch = epoch + 1000");
    assert_eq!(clinic.office.desk().stand(), Err(CHANGED));
}

#[test]
fn a_cut_edited_or_reordered_log_is_found_with_its_number() {
    // Set-up leaves four entries, the wrong codes are 5 to 8.
    for (script, first_bad) in [
        ("UPDATE audit SET result = 'accepted' WHERE number = 6", 6),
        ("UPDATE audit SET unix_secs = unix_secs - 1 WHERE number = 2", 2),
        ("UPDATE audit SET person = 'eve', actor = 'eve' WHERE number = 7", 7),
        ("UPDATE audit SET desk = 'front-2' WHERE number = 1", 1),
        ("UPDATE audit SET tag = x'00' WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 3", 3),
        ("DELETE FROM audit WHERE number > 6", 7),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("DELETE FROM audit", 1),
        (
            "UPDATE audit SET number = 100 WHERE number = 6; UPDATE audit SET number = 6 WHERE number = 7;
             UPDATE audit SET number = 7 WHERE number = 100",
            6,
        ),
        (
            "INSERT INTO audit SELECT number + 1, unix_secs, event, person, actor, desk, factor, result, tag FROM audit
          WHERE number = 8",
            9,
        ),
    ] {
        let mut clinic = Clinic::oak_tree();
        clinic.wrong_codes(4);
        assert_eq!(clinic.desk.verify_log(), Ok(Ok(8)));
        clinic.office.sql(script);
        assert_eq!(clinic.desk.verify_log(), Ok(Err(first_bad)), "{script}");
    }
}

/// A file's bytes, its time of change, and what lies beside it.
fn state_of(path: &Path) -> (Vec<u8>, std::time::SystemTime, Vec<String>) {
    let about = path.metadata().unwrap();
    let beside = path.parent().unwrap().read_dir().unwrap();
    let mut names: Vec<_> = beside.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    (std::fs::read(path).unwrap(), about.modified().unwrap(), names)
}

/// C49: made by a newer program, or by another: refused, and not a byte is written.
#[test]
fn c49_newer_and_foreign_files_are_refused_untouched() {
    let made = |script: &str| -> (Office, std::path::PathBuf) {
        let office = Office::new();
        let connection = rusqlite::Connection::open(office.database()).unwrap();
        connection.execute_batch(script).unwrap();
        drop(connection);
        let path = office.database();
        (office, path)
    };
    let ours = |version: i64| {
        format!("CREATE TABLE t (x); PRAGMA application_id = 1127368257; PRAGMA user_version = {version}")
    };
    for (script, why) in [
        // As in the field report: a newer schema that does not even carry our name.
        (
            "CREATE TABLE schema_info (version INTEGER); CREATE TABLE from_the_future (x); PRAGMA user_version = 9999",
            StoreError::Newer,
        ),
        (ours(9999).as_str(), StoreError::Newer),
        (ours(2).as_str(), StoreError::Newer),
        (ours(-1).as_str(), StoreError::Newer),
        ("CREATE TABLE patients (x); PRAGMA application_id = 252006674", StoreError::Foreign),
        ("CREATE TABLE patients (x)", StoreError::Foreign),
    ] {
        let (office, path) = made(script);
        let before = state_of(&path);
        let mut desk = office.desk();
        let refused = Failure::Store(why);
        assert_eq!(desk.stand(), Err(refused.clone()), "{script}");
        assert_eq!(desk.begin_setup(&new_setup("Oak Tree", "Maria Santos")).map(|_| ()), Err(refused.clone()));
        assert_eq!(desk.drop_setup(), Err(refused.clone()), "{script}");
        let told = super::clinic::signs_in_at(&mut desk, MARIA, PASSWORD, "123456");
        assert_eq!(told, Err(refused), "{script}");
        assert_eq!(state_of(&path), before, "{script}");
        assert_eq!(office.keychain.names(), [], "{script}");
    }
}

#[test]
fn what_is_no_database_is_damage_and_untouched() {
    for bytes in [&b"not a database"[..], &[0; 4096], b"SQLite format 3\0", &[0xff; 100]] {
        let office = Office::new();
        std::fs::write(office.database(), bytes).unwrap();
        let before = state_of(&office.database());
        assert_eq!(office.desk().stand(), Err(Failure::Store(StoreError::Damaged)));
        assert_eq!(state_of(&office.database()), before);
    }
    // An empty file is what a kill just after its making leaves: nothing was ever in it.
    let office = Office::new();
    std::fs::write(office.database(), b"").unwrap();
    assert_eq!(office.desk().stand(), Ok(Standing::New));
    assert!(office.desk().begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).is_ok());
}

/// Pages that are torn in the middle close; they do not panic, open or enrol.
#[test]
fn a_torn_file_opens_nothing() {
    let clinic = Clinic::oak_tree();
    let whole = std::fs::read(clinic.office.copies_database("whole.db")).unwrap();
    let office = clinic.office.clone();
    drop(clinic);
    let mut wrecked = 0;
    for page in 0..whole.len() / 4096 {
        let mut torn = whole.clone();
        torn[page * 4096 + 100..(page + 1) * 4096].fill(0xa5);
        office.loses_database();
        std::fs::write(office.database(), &torn).unwrap();
        let mut desk = office.desk();
        office.clock.advance(STEP);
        let stands = desk.stand();
        wrecked += u32::from(stands.is_err());
        assert!(!matches!(stands, Ok(Standing::New | Standing::Pending(_))), "page {page}: {stands:?}");
        let told = super::clinic::signs_in_at(&mut desk, MARIA, super::clinic::WRONG, "123456");
        assert!(!is_in(&told));
        let again = desk.begin_setup(&new_setup("Another", "Somebody Else")).map(|_| ());
        assert!(again.is_err(), "page {page}");
    }
    assert!(wrecked > 0);
}

/// Rights for the owner alone, on every file of the folder.
#[test]
fn files_are_their_owners_alone() {
    let mut clinic = Clinic::oak_tree();
    clinic.maria_signs_in().unwrap();
    let folder = clinic.office.place.path().to_owned();
    assert_rights(&folder, 0o700);
    let mut seen = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert_rights(&entry.path(), 0o600);
        seen.push(name);
    }
    seen.sort();
    assert_eq!(seen, ["state.db", "state.db-shm", "state.db-wal", "state.lock"], "and nothing else is there");
}
