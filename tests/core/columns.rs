//! One damaged value hurts one person, not the clinic: every column of every table, each with every kind of wrong value.

use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::{PersonStage, Role};
use clinic2fa::domain::verify::FirstCode;
use clinic2fa::effects::{Closed, Failure, Standing};
use clinic2fa::ports::StoreError;

use super::clinic::{Clinic, Phone, STEP, digits, is_in, recovers_at};
use super::people::{BEN, BENS, Colleague, maria_is_about_to_change, with_ben};

const NEW: &str = "gravel sunrise teapot 31";

/// Columns of a table, with their types.
fn columns(clinic: &Clinic, table: &str) -> Vec<(String, String)> {
    let connection = rusqlite::Connection::open(clinic.office.database()).unwrap();
    let mut statement = connection.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(1)?, row.get(2)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Values of a column's type that are not what stands there, as SQL.
fn wrong(kind: &str) -> &'static [&'static str] {
    match kind {
        "TEXT" => &["''", "'x'", "'{}'", "'[]'", "'[[1,2]]'", "char(0)", "hex(zeroblob(5000))", "NULL"],
        "INTEGER" => &["-1", "0", "7", "9223372036854775807", "-9223372036854775808", "NULL"],
        "BLOB" => &["x''", "x'00'", "zeroblob(32)", "zeroblob(61)", "zeroblob(100000)", "NULL"],
        other => panic!("a column of type {other}"),
    }
}

/// Sets one value behind the program's back, past the schema's own rules; whether anything was changed by it.
fn spoils(clinic: &Clinic, table: &str, column: &str, value: &str, whose: &str) -> bool {
    let connection = rusqlite::Connection::open(clinic.office.database()).unwrap();
    connection.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF").unwrap();
    let script = format!("UPDATE {table} SET {column} = {value} WHERE {whose} AND {column} IS NOT {value}");
    // NOT NULL and unique columns refuse some: SQLite keeps those rules for us.
    matches!(connection.execute(&script, []), Ok(rows) if rows > 0)
}

/// A clinic with something in every column: Ben has counted failures, a wait, a lock, a day's leave and a slip of old.
fn with_history() -> (Clinic, Colleague) {
    let (mut clinic, ben) = with_ben();
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0])));
    for n in 0..3 {
        let wrong = ben.phone.wrong_code(n);
        super::clinic::signs_in_at(&mut clinic.desk, BEN, BENS, &wrong).unwrap();
    }
    clinic.desk.lock();
    clinic.waits(STEP);
    (clinic, ben)
}

#[test]
fn every_column_of_a_person_closes_that_person_alone() {
    let mut tried = 0;
    for (table, whose) in [
        ("person", format!("id = '{BEN}'")),
        ("factor", format!("person = '{BEN}'")),
        ("recovery_code", format!("person = '{BEN}' AND number = 2")),
    ] {
        let (clinic, _) = with_history();
        for (column, kind) in columns(&clinic, table) {
            for value in wrong(&kind) {
                let (mut clinic, ben) = with_history();
                if !spoils(&clinic, table, &column, value, &whose) {
                    continue;
                }
                tried += 1;
                let story = format!("{table}.{column} = {value}");
                let told = ben.signs_in(&mut clinic.desk);
                assert_eq!(told, Err(StoreError::PersonDamaged.into()), "{story}");
                let told = recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[1]);
                assert_eq!(told, Err(StoreError::PersonDamaged.into()), "{story}");
                // The clinic, its log and everybody else are as they were, and he is still on the list.
                assert!(matches!(clinic.desk.stand(), Ok(Standing::Active(_))), "{story}");
                assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))), "{story}");
                let look = clinic.desk.look().unwrap().unwrap();
                assert!(look.people.iter().any(|person| person.id == BEN), "{story}");
                assert!(is_in(&clinic.maria_signs_in()), "{story}");
                clinic.desk.lock();
            }
        }
    }
    assert!(tried > 90, "{tried}");
}

/// C53: a manager's reset makes the record anew, whatever was damaged in it; so does removing.
#[test]
fn c53_a_managers_reset_mends_a_damaged_record() {
    for (table, column, value) in [
        ("person", "slot_cost", "'md5'"),
        ("person", "id", "'nobody'"),
        ("person", "name", "''"),
        ("person", "name", "'Maria Santos'"),
        ("person", "role", "'manager'"),
        ("person", "generation", "-1"),
        ("factor", "seed", "x''"),
        ("factor", "person", "'nobody'"),
        ("factor", "kind", "'sms'"),
        ("recovery_code", "tag", "x''"),
    ] {
        let story = format!("{table}.{column} = {value}");
        let spoilt = || {
            let (clinic, ben) = with_ben();
            let whose = if table == "person" { format!("id = '{BEN}'") } else { format!("person = '{BEN}'") };
            assert!(spoils(&clinic, table, column, value, &whose), "{story}");
            (clinic, ben)
        };
        let (mut clinic, ben) = spoilt();
        maria_is_about_to_change(&mut clinic);
        let slip = clinic.desk.reset_person(BEN).unwrap();
        clinic.desk.lock();
        let look = clinic.desk.look().unwrap().unwrap();
        let person = look.people.iter().find(|person| person.id == BEN).unwrap();
        assert_eq!((person.stage, person.role), (Some(PersonStage::Reset), Role::Staff), "{story}");
        let name = if column == "id" || column == "name" { BEN } else { "Ben Ashdown" };
        assert_eq!(person.name, name, "{story}");
        // Nothing old opens; the slip does.
        assert_eq!(ben.signs_in(&mut clinic.desk), Err(StoreError::NotReady.into()), "{story}");
        let code = RecoveryCode::parse(slip.code.expose()).unwrap();
        let offer = clinic.desk.activate(BEN, &code, &SecretText::from(NEW));
        let offer = offer.unwrap_or_else(|err| panic!("{story}: {err:?}"));
        let phone = Phone::scans(&offer, &clinic.office.clock);
        assert_eq!(clinic.desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right), "{story}");
        clinic.desk.phone_sheets().unwrap();
        clinic.desk.finish_phone().unwrap();
        clinic.desk.lock();
        clinic.waits(STEP);
        assert!(is_in(&super::clinic::signs_in_at(&mut clinic.desk, BEN, NEW, &phone.code())), "{story}");

        let (mut clinic, _) = spoilt();
        maria_is_about_to_change(&mut clinic);
        assert_eq!(clinic.desk.remove_person(BEN).map(drop), Ok(()), "{story}");
        let look = clinic.desk.look().unwrap().unwrap();
        assert!(look.people.iter().all(|person| person.id != BEN), "{story}");
    }
}

#[test]
fn every_column_of_the_clinic_closes_the_clinic_and_the_spare_key_opens_it() {
    let clinic = Clinic::oak_tree();
    let mut tried = 0;
    for (column, kind) in columns(&clinic, "clinic") {
        for value in wrong(&kind) {
            let mut clinic = Clinic::oak_tree();
            clinic.desk.stand().unwrap();
            if !spoils(&clinic, "clinic", &column, value, "1") {
                continue;
            }
            tried += 1;
            let story = format!("clinic.{column} = {value}");
            let told = clinic.maria_signs_in();
            let closed = matches!(
                told,
                Err(Failure::Closed(Closed::Changed | Closed::KeyMissing) | Failure::Store(StoreError::NotNow))
            );
            assert!(closed, "{story}: {told:?}");
            let stands = clinic.desk.stand();
            assert!(matches!(stands, Err(Failure::Closed(_))), "{story}: {stands:?}");
            let again = clinic.desk.begin_setup(&super::clinic::new_setup("Another", "Somebody Else")).map(|_| ());
            assert!(again.is_err(), "{story}");
            // What the keys do not depend on, the clinic's spare key makes good; the rest stays closed, and a backup helps.
            let key = clinic2fa::domain::recovery::ClinicKey::parse(&clinic.clinic_key).unwrap();
            match clinic.desk.recover(&key) {
                Ok(()) => {
                    clinic.waits(2 * STEP);
                    assert!(is_in(&clinic.maria_signs_in()), "{story}");
                }
                Err(_) => assert!(clinic.maria_signs_in().is_err(), "{story}"),
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

/// The log is evidence and decides nothing: a spoilt entry is named, and everybody signs in.
#[test]
fn every_column_of_the_log_is_found_and_keeps_nobody_out() {
    let clinic = Clinic::oak_tree();
    let mut tried = 0;
    for (column, kind) in columns(&clinic, "audit") {
        for value in wrong(&kind) {
            let mut clinic = Clinic::oak_tree();
            clinic.desk.stand().unwrap();
            if !spoils(&clinic, "audit", &column, value, "number = 2") {
                continue;
            }
            tried += 1;
            let told = clinic.desk.verify_log();
            assert!(matches!(told, Ok(Err(1..=3))), "audit.{column} = {value}: {told:?}");
            let told = clinic.maria_signs_in();
            if column == "number" && value.starts_with("9223372036854775807") {
                // The highest number there is leaves no room for another: said, and not passed over.
                assert!(told.is_err() || is_in(&told), "{told:?}");
            } else {
                assert!(is_in(&told), "audit.{column} = {value}: {told:?}");
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

/// Words of the keychain's mishaps that nobody vouches for: dropped, and in nobody's way.
#[test]
fn what_waits_for_the_log_keeps_nobody_out() {
    for script in [
        "INSERT INTO mishap VALUES ('keychain-locked', -9223372036854775808)",
        "INSERT INTO mishap VALUES ('', 0)",
        "INSERT INTO mishap VALUES ('set-up-begun', 9223372036854775807)",
        "INSERT INTO mishap VALUES (hex(zeroblob(5000)), 1)",
    ] {
        let mut clinic = Clinic::oak_tree();
        clinic.office.sql(script);
        assert!(is_in(&clinic.maria_signs_in()), "{script}");
        assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))), "{script}");
    }
}
