//! Bringing a backup back: judged by the present state or by the clinic recovery key, and never a way back in.

use std::path::PathBuf;
use std::time::Duration;

use clinic2fa::domain::recovery::{ClinicKey, RecoveryCode};
use clinic2fa::domain::restore::{Fate, LogFate, Plan, SettingsFate, Why};
use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::state::{PersonStage, Role, Settings};
use clinic2fa::domain::verify::{Presented, Verdict};
use clinic2fa::effects::{Closed, Failure, Managed, Purpose, Standing, Vouches};
use clinic2fa::ports::{BackupError, StoreError};

use super::clinic::{
    Clinic, Fails, MARIA, Office, STEP, accepted_by_phone, copy_by_hand, digits, is_in, recovers_at, signs_in_at,
    verdict,
};
use super::people::{BEN, BENS, Colleague, joins, maria_is_about_to_change, with_ben};

const NEW: &str = "gravel sunrise teapot 31";

fn key(clinic: &Clinic) -> ClinicKey {
    ClinicKey::parse(&clinic.clinic_key).unwrap()
}

fn backup(clinic: &mut Clinic) -> PathBuf {
    clinic.desk.backup_now().unwrap().path
}

fn fate(plan: &Plan, id: &str) -> Option<Fate> {
    plan.people.iter().find(|person| person.id == id).map(|person| person.fate)
}

/// Maria signs in for exactly this and brings it back.
fn maria_restores(clinic: &mut Clinic, file: &std::path::Path) -> Plan {
    maria_is_about_to_change(clinic);
    let planned = clinic.desk.restore_plan(file).unwrap();
    let done = clinic.desk.restore(file).unwrap();
    assert_eq!(planned.people, done.people, "what was said is what was done");
    clinic.desk.lock();
    clinic.waits(2 * STEP);
    done
}

fn stage(clinic: &mut Clinic, id: &str) -> Option<PersonStage> {
    let look = clinic.desk.look().ok().flatten()?;
    look.people.into_iter().find(|person| person.id == id).and_then(|person| person.stage)
}

fn is_sound(clinic: &mut Clinic) {
    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
    assert!(matches!(clinic.desk.stand(), Ok(Standing::Active(_))));
    assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch());
}

#[test]
fn with_nothing_changed_everyone_goes_on_and_spare_codes_are_void() {
    let (mut clinic, ben) = with_ben();
    let file = backup(&mut clinic);
    let (epoch, log) = (clinic.office.file_epoch(), clinic.log_end());
    let plan = maria_restores(&mut clinic, &file);
    for id in [MARIA, BEN] {
        assert_eq!(fate(&plan, id), Some(Fate::Stays { codes_void: 10 }), "{id}");
    }
    assert_eq!((plan.people_after(), plan.managers_after(), plan.settings), (2, 1, SettingsFate::Same));
    assert!(clinic.office.file_epoch() > epoch && clinic.log_end() > log);
    assert!(clinic.log_from(log).contains(&("restored".to_owned(), "done".to_owned())));
    is_sound(&mut clinic);
    assert_eq!(verdict(ben.signs_in(&mut clinic.desk)), accepted_by_phone(0));
    let told = verdict(recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0]));
    assert_eq!(told, Verdict::RecoveryUsed { recovery_left: 0 });
    assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(0));
}

/// Codes that the phone shows at the moment of the restore are used, also those that nobody has typed.
#[test]
fn codes_up_to_now_are_used() {
    let (mut clinic, ben) = with_ben();
    let file = backup(&mut clinic);
    maria_is_about_to_change(&mut clinic);
    clinic.desk.restore(&file).unwrap();
    for secs in [-30, 0, 30] {
        let code = ben.phone.code_in(secs);
        let told = verdict(signs_in_at(&mut clinic.desk, BEN, BENS, &code));
        assert!(matches!(told, Verdict::Used { .. }), "{secs}: {told:?}");
    }
}

/// C48, and whatever a manager took away: nothing of it comes back to life.
#[test]
fn c48_what_changed_since_the_backup_is_reset_and_nothing_old_works() {
    type Since = fn(&mut Clinic, &Colleague);
    let since: [(&str, Since, Why); 5] = [
        (
            "removed",
            |clinic, _| {
                maria_is_about_to_change(clinic);
                clinic.desk.remove_person(BEN).unwrap();
            },
            Why::Removed,
        ),
        (
            "another password",
            |clinic, ben| {
                clinic.waits(STEP);
                let code = Presented::Code(digits(&ben.phone.code()));
                clinic.desk.sign_in(BEN, &SecretText::from(BENS), &code, Purpose::Change).unwrap();
                clinic.desk.change_password(&SecretText::from(NEW)).unwrap();
            },
            Why::Changed,
        ),
        (
            "reset",
            |clinic, _| {
                maria_is_about_to_change(clinic);
                clinic.desk.reset_person(BEN).unwrap();
            },
            Why::Changed,
        ),
        (
            "another role",
            |clinic, _| {
                maria_is_about_to_change(clinic);
                clinic.desk.managed(Managed::Role(BEN.to_owned(), Role::Manager)).unwrap();
            },
            Why::Changed,
        ),
        (
            "damaged",
            |clinic, _| clinic.office.sql("UPDATE factor SET seed = x'00' WHERE person = 'bashdown'"),
            Why::Damaged,
        ),
    ];
    for (story, since, why) in since {
        let (mut clinic, ben) = with_ben();
        let file = backup(&mut clinic);
        clinic.waits(Duration::from_secs(5));
        since(&mut clinic, &ben);
        clinic.desk.lock();
        let plan = maria_restores(&mut clinic, &file);
        assert_eq!(fate(&plan, BEN), Some(Fate::Reset(why)), "{story}");
        assert_eq!(stage(&mut clinic, BEN), Some(PersonStage::Reset), "{story}");
        for password in [BENS, NEW] {
            let told = signs_in_at(&mut clinic.desk, BEN, password, &ben.phone.code());
            assert_eq!(told, Err(StoreError::NotReady.into()), "{story}");
            let told = recovers_at(&mut clinic.desk, BEN, password, &ben.sheet[0]);
            assert_eq!(told, Err(StoreError::NotReady.into()), "{story}");
        }
        is_sound(&mut clinic);
        // A manager sets him up again, and he is back.
        maria_is_about_to_change(&mut clinic);
        let slip = clinic.desk.reset_person(BEN).unwrap();
        let code = RecoveryCode::parse(slip.code.expose()).unwrap();
        assert!(clinic.desk.activate(BEN, &code, &SecretText::from(NEW)).is_ok(), "{story}");
    }
}

/// Somebody who was added since is not in the backup: still named, and reset.
#[test]
fn who_was_added_since_is_still_named() {
    let mut clinic = Clinic::oak_tree();
    let file = backup(&mut clinic);
    let ben = joins(&mut clinic, "Ben Ashdown", Role::Manager, BENS);
    let plan = maria_restores(&mut clinic, &file);
    assert_eq!(fate(&plan, BEN), Some(Fate::Reset(Why::Added)));
    assert_eq!(ben.signs_in(&mut clinic.desk), Err(StoreError::NotReady.into()));
    let look = clinic.desk.look().unwrap().unwrap();
    assert_eq!(look.find(BEN).unwrap().role, Role::Manager, "a right of the present state stays");
}

/// Rights that were taken since do not come back, nor does a session that was open.
#[test]
fn a_right_that_was_taken_and_a_session_that_was_open_do_not_come_back() {
    let mut clinic = Clinic::oak_tree();
    let ben = joins(&mut clinic, "Ben Ashdown", Role::Manager, BENS);
    let mut bens_desk = clinic.second_desk();
    assert!(is_in(&ben.signs_in(&mut bens_desk)));
    let file = backup(&mut clinic);
    maria_is_about_to_change(&mut clinic);
    clinic.desk.remove_person(BEN).unwrap();
    clinic.desk.lock();
    maria_restores(&mut clinic, &file);
    let look = clinic.desk.look().unwrap().unwrap();
    assert_eq!(look.find(BEN).unwrap().role, Role::Staff, "he was a manager in the backup, and was removed since");
    let code = digits(&ben.phone.code());
    assert_eq!(bens_desk.fresh_code(&Presented::Code(code)).map(|_| ()), Err(StoreError::SessionOver.into()));
}

/// A namesake who came since stays; the one in the backup is left out.
#[test]
fn nobody_comes_back_under_a_name_that_somebody_has_now() {
    let mut clinic = Clinic::oak_tree();
    joins(&mut clinic, "Ben Ashdown", Role::Staff, BENS);
    let file = backup(&mut clinic);
    maria_is_about_to_change(&mut clinic);
    clinic.desk.remove_person(BEN).unwrap();
    clinic.desk.lock();
    // The same id for somebody else, and the same name under another id.
    let bea = joins(&mut clinic, "Bea Ashdown", Role::Staff, BENS);
    assert_eq!(bea.id, BEN);
    let ben = joins(&mut clinic, "Ben Ashdown", Role::Staff, NEW);
    let plan = maria_restores(&mut clinic, &file);
    assert_eq!(fate(&plan, BEN), Some(Fate::Reset(Why::Changed)), "{plan:?}");
    assert_eq!(fate(&plan, &ben.id), Some(Fate::Reset(Why::Added)));
    let look = clinic.desk.look().unwrap().unwrap();
    assert_eq!(look.find(BEN).unwrap().name, "Bea Ashdown", "who works here now keeps her name");
    is_sound(&mut clinic);
}

#[test]
fn counters_keep_the_higher_value_and_settings_come_from_the_backup() {
    let (mut clinic, _) = with_ben();
    maria_is_about_to_change(&mut clinic);
    let strict = Settings { wrong_codes: 6, ..Settings::default() };
    clinic.desk.managed(Managed::Settings(Box::new(strict))).unwrap();
    clinic.desk.lock();
    let file = backup(&mut clinic);
    maria_is_about_to_change(&mut clinic);
    clinic.desk.managed(Managed::Settings(Box::default())).unwrap();
    clinic.desk.lock();
    joins(&mut clinic, "Cleo Park", Role::Staff, NEW);
    // Ben is locked by now; the backup does not know of it.
    for n in 0..10 {
        clinic.waits(Duration::from_secs(1));
        let told = signs_in_at(&mut clinic.desk, BEN, BENS, &format!("{n:06}"));
        assert!(told.is_ok());
    }
    let column = |clinic: &Clinic, column: &str| {
        clinic.office.sql_number(&format!("SELECT {column} FROM person WHERE id = '{BEN}'"))
    };
    let before = column(&clinic, "code_failures");
    assert!(before >= 9, "{before}");
    let plan = maria_restores(&mut clinic, &file);
    assert_eq!(plan.settings, SettingsFate::FromBackup);
    assert_eq!(fate(&plan, BEN), Some(Fate::Stays { codes_void: 10 }));
    assert_eq!(column(&clinic, "code_failures"), before);
    assert_eq!(
        clinic.office.sql_number(&format!("SELECT json_array_length(wrong_codes) FROM person WHERE id = '{BEN}'")),
        before
    );
    let look = clinic.desk.look().unwrap().unwrap();
    assert_eq!(look.settings.wrong_codes, 6);
    assert!(look.find(BEN).unwrap().wait.is_some(), "still locked");
}

/// A backup whose counters are the higher ones, by a present file that was rolled back with its keychain.
#[test]
fn a_backup_that_is_later_than_the_present_file_takes_away_as_well() {
    let (mut clinic, ben) = with_ben();
    let (old, epoch) =
        (clinic.office.copies_database("old.db"), clinic.office.keychain.peek(&clinic.office.item("epoch")));
    maria_is_about_to_change(&mut clinic);
    clinic.desk.remove_person(BEN).unwrap();
    clinic.desk.lock();
    let file = clinic.office.elsewhere("later.db");
    clinic.desk.backup_to(&file).unwrap();
    // The whole computer is put back: file and keychain.
    clinic.desk = Office::new().desk();
    clinic.office.puts_back(&old);
    clinic.office.keychain.plant(&clinic.office.item("epoch"), epoch);
    clinic.restart();
    let plan = maria_restores(&mut clinic, &file);
    assert_eq!(fate(&plan, BEN), Some(Fate::Reset(Why::Removed)), "he was removed in the later one");
    assert_eq!(ben.signs_in(&mut clinic.desk), Err(StoreError::NotReady.into()));
    is_sound(&mut clinic);
}

#[test]
fn only_a_manager_with_a_fresh_code_may() {
    let (mut clinic, ben) = with_ben();
    let file = backup(&mut clinic);
    let before = clinic.office.file_epoch();
    assert_eq!(clinic.desk.restore(&file), Err(Failure::NotSignedIn));
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(clinic.desk.restore(&file), Err(Failure::NotSignedIn), "signed in is not a fresh code");
    clinic.desk.lock();
    clinic.waits(STEP);
    let code = Presented::Code(digits(&ben.phone.code()));
    clinic.desk.sign_in(BEN, &SecretText::from(BENS), &code, Purpose::Change).unwrap();
    assert_eq!(clinic.desk.restore(&file), Err(StoreError::NotAllowed.into()));
    let log = clinic.log_from(1);
    assert!(log.contains(&("restored".to_owned(), "not-allowed".to_owned())), "every try is written down");
    // The clinic's spare key is for a state that cannot judge.
    assert_eq!(clinic.desk.vouches(), Ok(Vouches::Manager));
    assert_eq!(clinic.desk.restore_with(&file, &key(&clinic)), Err(Failure::RestoreNeedsManager));
    assert!(clinic.office.file_epoch() > before);
}

#[test]
fn what_is_no_backup_of_this_clinic_changes_nothing() {
    let (mut clinic, _) = with_ben();
    let good = backup(&mut clinic);
    let whole = std::fs::read(&good).unwrap();
    let at = |name: &str| clinic.office.elsewhere(name);
    let made = |name: &str, bytes: &[u8]| {
        std::fs::write(at(name), bytes).unwrap();
        at(name)
    };
    let foreign = at("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE patients (x)").unwrap();
    let edited = |name: &str, script: &str| {
        let path = made(name, &whole);
        rusqlite::Connection::open(&path).unwrap().execute_batch(script).unwrap();
        path
    };
    let mut other = Clinic::set_up("Elm Tree Surgery", "Maria Santos");
    let others = backup(&mut other);
    let cases = [
        (at("no-such.db"), BackupError::Missing),
        (made("letter.txt", b"dear"), BackupError::Damaged),
        (made("empty.db", b""), BackupError::Damaged),
        (made("cut.db", &whole[..whole.len() / 2]), BackupError::Damaged),
        (foreign, BackupError::Foreign),
        (edited("newer.db", "PRAGMA user_version = 9999"), BackupError::Newer),
        (edited("name.db", "UPDATE clinic SET name = 'Elm Tree Surgery'"), BackupError::Damaged),
        (edited("epoch.db", "UPDATE clinic SET epoch = epoch + 1000"), BackupError::Damaged),
        (edited("none.db", "DELETE FROM clinic"), BackupError::Damaged),
        (at("data"), BackupError::NotReadable),
        (clinic.office.database(), BackupError::InUse),
    ];
    for (file, why) in cases {
        let file_name = file.display();
        maria_is_about_to_change(&mut clinic);
        let (people, epoch) = (clinic.desk.look().unwrap().unwrap().people.len(), clinic.office.file_epoch());
        assert_eq!(clinic.desk.restore_plan(&file), Err(Failure::Backup(why)), "{file_name}");
        assert_eq!(clinic.office.file_epoch(), epoch, "{file_name}: a look changes nothing");
        assert_eq!(clinic.desk.restore(&file), Err(Failure::Backup(why)), "{file_name}");
        assert_eq!(clinic.desk.look().unwrap().unwrap().people.len(), people, "{file_name}");
        assert!(!clinic.office.place.path().join("restoring.db").exists(), "{file_name}: nothing is left");
        clinic.desk.lock();
    }
    // Another clinic's does not prove with this one's keys.
    maria_is_about_to_change(&mut clinic);
    assert_eq!(clinic.desk.restore(&others), Err(Failure::Backup(BackupError::Damaged)));
    is_sound(&mut clinic);
}

/// One person's rows in a backup were edited: a seed of the editor's own, a higher role.
#[test]
fn an_edited_person_in_a_backup_is_reset_and_not_believed() {
    for script in [
        "UPDATE person SET role = 'manager' WHERE id = 'bashdown'",
        "UPDATE factor SET seed = zeroblob(61) WHERE person = 'bashdown'",
        "UPDATE person SET password_failures = 0, name = 'Eve' WHERE id = 'bashdown'",
        "DELETE FROM person WHERE id = 'bashdown'",
        "INSERT INTO person SELECT 'eve', 'Eve', 'eve', 'manager', stage, slot_salt, slot_cost, slot_sealed, NULL, NULL, NULL,
         NULL, generation, seen, code_key, password_unix, NULL, 0, NULL, 0, NULL, '[]', NULL, NULL, texts FROM person WHERE id = 'msantos'",
    ] {
        let (mut clinic, _) = with_ben();
        let file = clinic.office.elsewhere("edited.db");
        clinic.desk.backup_to(&file).unwrap();
        rusqlite::Connection::open(&file).unwrap().execute_batch(&format!("PRAGMA foreign_keys = ON; {script}")).unwrap();
        let plan = maria_restores(&mut clinic, &file);
        assert_eq!(fate(&plan, "eve"), None, "{script}");
        if !script.starts_with("INSERT") {
            assert_eq!(fate(&plan, BEN), Some(Fate::Reset(Why::Damaged)), "{script}");
        }
        let look = clinic.desk.look().unwrap().unwrap();
        assert_eq!((look.people.len(), look.find(BEN).unwrap().role), (2, Role::Staff), "{script}");
        assert_eq!(look.find(BEN).unwrap().name, "Ben Ashdown");
        is_sound(&mut clinic);
    }
}

/// Whatever makes the present state unable to judge; and whether its log can go on.
type Loss = fn(&mut Clinic);

const LOSSES: [(&str, Loss, LogFate); 8] = [
    ("the file is gone", |clinic| lost(clinic, None), LogFate::Backup),
    ("the file is empty", |clinic| lost(clinic, Some(b"")), LogFate::Backup),
    ("the file is rubbish", |clinic| lost(clinic, Some(&[0xa5; 9000])), LogFate::Backup),
    (
        "the file is cut",
        |clinic| {
            let whole = std::fs::read(clinic.office.copies_database("whole.db")).unwrap();
            lost(clinic, Some(&whole[..whole.len() / 2]));
        },
        LogFate::Backup,
    ),
    (
        "the clinic's row was changed",
        |clinic| clinic.office.sql("UPDATE clinic SET name = 'Elm Tree Surgery', epoch = epoch + 100"),
        LogFate::Present,
    ),
    ("the key is gone", |clinic| clinic.office.keychain.plant(&clinic.office.item("device"), None), LogFate::Present),
    (
        "a new computer",
        |clinic| {
            for name in clinic.office.keychain.names() {
                clinic.office.keychain.plant(&name, None);
            }
            lost(clinic, None);
        },
        LogFate::Backup,
    ),
    (
        "another key",
        |clinic| clinic.office.keychain.plant(&clinic.office.item("device"), Some(Secret::new(vec![7; 32]))),
        LogFate::Present,
    ),
];

fn lost(clinic: &mut Clinic, instead: Option<&[u8]>) {
    clinic.desk = Office::new().desk();
    clinic.office.loses_database();
    if let Some(bytes) = instead {
        std::fs::write(clinic.office.database(), bytes).unwrap();
    }
}

#[test]
fn without_a_usable_state_the_clinics_spare_key_brings_it_back() {
    for (story, loss, log) in LOSSES {
        let (mut clinic, ben) = with_ben();
        assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[4])));
        let file = backup(&mut clinic);
        assert!(is_in(&clinic.maria_signs_in()), "something after it");
        let (known, entries) = (clinic.office.keychain_epoch(), clinic.log_end());
        let names = clinic.office.keychain.names().len();
        loss(&mut clinic);
        clinic.restart();
        clinic.waits(2 * STEP);
        assert_eq!(clinic.desk.vouches(), Ok(Vouches::ClinicKey), "{story}");
        // Another clinic's key, and nothing is touched.
        let other = ClinicKey::parse(&Clinic::set_up("Elm Tree", "Maria Santos").clinic_key).unwrap();
        let before = (std::fs::read(clinic.office.database()).ok(), clinic.office.keychain.names().len());
        assert_eq!(clinic.desk.restore_with(&file, &other), Err(Failure::BackupKeyWrong), "{story}");
        let after = (std::fs::read(clinic.office.database()).ok(), clinic.office.keychain.names().len());
        assert_eq!(before.0.map(|bytes| bytes.len()), after.0.map(|bytes| bytes.len()), "{story}");
        assert_eq!(before.1, after.1, "{story}");

        let shown = clinic.desk.restore_plan(&file).unwrap();
        let planned = clinic.desk.restore_plan_with(&file, &key(&clinic)).unwrap();
        let plan = clinic.desk.restore_with(&file, &key(&clinic)).unwrap();
        assert_eq!((&planned.people, planned.log), (&plan.people, plan.log), "{story}");
        assert_eq!(shown.people.len(), 2, "{story}");
        assert_eq!((plan.log, plan.people_after()), (log, 2), "{story}");
        assert!(clinic.office.keychain.names().len() >= names.min(3), "{story}: device key, epoch and marker");
        is_sound(&mut clinic);
        if story != "a new computer" {
            assert!(clinic.office.file_epoch() > known, "{story}: above both");
        }
        if log == LogFate::Present {
            assert!(clinic.log_end() > entries, "{story}: the log is not shortened");
        }
        assert_eq!(clinic.log_from(clinic.log_end()), [("restored".to_owned(), "done".to_owned())], "{story}");
        // It opens nothing by itself, and what the phones show now is used.
        assert_eq!(clinic.desk.new_codes().map(|_| ()), Err(Failure::NotSignedIn), "{story}");
        assert!(matches!(verdict(ben.signs_in(&mut clinic.desk)), Verdict::Used { .. }), "{story}");
        clinic.waits(2 * STEP);
        assert_eq!(verdict(ben.signs_in(&mut clinic.desk)), accepted_by_phone(0), "{story}: his own password");
        let told = verdict(recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[5]));
        assert_eq!(told, Verdict::RecoveryUsed { recovery_left: 0 }, "{story}");
        assert!(is_in(&clinic.maria_signs_in()), "{story}");
    }
}

/// An old copy was put back, and somebody was removed in between: the backup knows of it, the old copy does not.
#[test]
fn a_backup_over_an_old_copy_lets_nobody_back_in() {
    let (mut clinic, ben) = with_ben();
    let old = clinic.office.copies_database("old.db");
    maria_is_about_to_change(&mut clinic);
    clinic.desk.remove_person(BEN).unwrap();
    clinic.desk.lock();
    let file = clinic.office.elsewhere("later.db");
    clinic.desk.backup_to(&file).unwrap();
    clinic.desk = Office::new().desk();
    clinic.office.puts_back(&old);
    clinic.restart();
    assert_eq!(clinic.desk.stand().map(|_| ()), Err(Failure::Closed(Closed::RolledBack)));
    clinic.waits(2 * STEP);
    let plan = clinic.desk.restore_with(&file, &key(&clinic)).unwrap();
    assert_eq!(fate(&plan, BEN), Some(Fate::Reset(Why::Removed)));
    assert_eq!(ben.signs_in(&mut clinic.desk), Err(StoreError::NotReady.into()));
    clinic.waits(2 * STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    is_sound(&mut clinic);
}

/// The other way round: the present file is proved with the key that the clinic's spare key gives, and is the later one.
#[test]
fn with_the_keychain_emptied_the_present_file_still_judges() {
    let (mut clinic, ben) = with_ben();
    let file = backup(&mut clinic);
    maria_is_about_to_change(&mut clinic);
    clinic.desk.remove_person(BEN).unwrap();
    clinic.desk.lock();
    for name in clinic.office.keychain.names() {
        clinic.office.keychain.plant(&name, None);
    }
    clinic.restart();
    clinic.waits(2 * STEP);
    let plan = clinic.desk.restore_with(&file, &key(&clinic)).unwrap();
    assert_eq!(fate(&plan, BEN), Some(Fate::Reset(Why::Removed)));
    assert_eq!(ben.signs_in(&mut clinic.desk), Err(StoreError::NotReady.into()));
}

/// A spare key that was renewed since opens no backup any more while the present file can say so; the new one opens a
/// backup from before through it.
#[test]
fn a_renewed_spare_key_takes_over_where_the_present_file_is_readable() {
    let (mut clinic, _) = with_ben();
    let file = backup(&mut clinic);
    maria_is_about_to_change(&mut clinic);
    let new = ClinicKey::parse(clinic.desk.new_clinic_key().unwrap().expose()).unwrap();
    clinic.desk.finish_clinic_key().unwrap();
    clinic.desk.lock();
    clinic.office.keychain.plant(&clinic.office.item("device"), None);
    clinic.restart();
    clinic.waits(2 * STEP);
    assert_eq!(clinic.desk.restore_with(&file, &key(&clinic)), Err(Failure::BackupKeyWrong));
    clinic.desk.restore_with(&file, &new).unwrap();
    // And afterwards it is still the new one that counts.
    assert_eq!(clinic.desk.recover(&key(&clinic)), Err(Failure::WrongClinicKey));
    assert_eq!(clinic.desk.recover(&new), Ok(()));
}

#[test]
fn a_file_that_is_replaced_is_kept() {
    let (mut clinic, _) = with_ben();
    let file = backup(&mut clinic);
    lost(&mut clinic, Some(&[0xa5; 9000]));
    // What another database had left beside it must not be played into the new one.
    let folder = clinic.office.place.path().to_owned();
    std::fs::write(folder.join("state.db-wal"), [0x5a; 4000]).unwrap();
    clinic.restart();
    clinic.desk.restore_with(&file, &key(&clinic)).unwrap();
    is_sound(&mut clinic);
    let mut kept: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("replaced-"))
        .collect();
    kept.sort();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert_eq!(std::fs::read(&kept[0]).unwrap(), [0xa5; 9000]);
    assert_eq!(std::fs::read(&kept[1]).unwrap(), [0x5a; 4000]);
}

/// What belongs to another program or a newer one, or cannot be written, is not replaced.
#[test]
fn what_is_not_ours_to_replace_stays() {
    for (script, why) in [
        ("CREATE TABLE patients (x); PRAGMA application_id = 252006674", StoreError::Foreign),
        ("CREATE TABLE t (x); PRAGMA application_id = 1127368257; PRAGMA user_version = 99", StoreError::Newer),
    ] {
        let (mut clinic, _) = with_ben();
        let file = backup(&mut clinic);
        lost(&mut clinic, None);
        rusqlite::Connection::open(clinic.office.database()).unwrap().execute_batch(script).unwrap();
        let before = std::fs::read(clinic.office.database()).unwrap();
        clinic.restart();
        assert_eq!(clinic.desk.restore_with(&file, &key(&clinic)), Err(why.into()), "{script}");
        assert_eq!(clinic.desk.restore_plan(&file), Err(why.into()), "{script}");
        assert_eq!(std::fs::read(clinic.office.database()).unwrap(), before);
    }
}

/// Cut at any call of the keychain: closed or restored, and the same again leads to the end.
#[test]
fn a_restore_that_the_keychain_cuts_leaves_closed_or_restored() {
    for (story, loss, _) in [LOSSES[0], LOSSES[4], LOSSES[6]] {
        for call in 0.. {
            let mut met = false;
            for how in [Fails::BeforeItIsDone, Fails::AfterItIsDone] {
                let (mut clinic, ben) = with_ben();
                let file = clinic.office.elsewhere("copy.db");
                clinic.desk.backup_to(&file).unwrap();
                loss(&mut clinic);
                clinic.restart();
                clinic.office.tripwire.after(call, how);
                let key = key(&clinic);
                let cut = clinic.desk.restore_with(&file, &key);
                met = !clinic.office.tripwire.is_left();
                assert_eq!(cut.is_err(), met, "{story} {call} {how:?}");
                clinic.restart();
                if met {
                    // Done already, but for the answer: then a manager is asked.
                    let again = clinic.desk.restore_with(&file, &key);
                    let fine = matches!(again, Ok(_) | Err(Failure::RestoreNeedsManager));
                    assert!(fine, "{story} {call} {how:?}: {again:?}");
                }
                clinic.waits(2 * STEP);
                assert_eq!(verdict(ben.signs_in(&mut clinic.desk)), accepted_by_phone(0), "{story} {call} {how:?}");
                is_sound(&mut clinic);
            }
            if !met {
                break;
            }
        }
    }
}

/// No manager's row is whole, so nobody could be asked: the clinic's spare key may bring a backup back.
#[test]
fn with_every_manager_damaged_the_spare_key_serves() {
    let (mut clinic, ben) = with_ben();
    let file = backup(&mut clinic);
    clinic.office.sql("UPDATE person SET slot_cost = 'md5' WHERE id = 'msantos'");
    clinic.restart();
    assert!(is_in(&ben.signs_in(&mut clinic.desk)), "one damaged row hurts one person");
    clinic.desk.lock();
    clinic.waits(2 * STEP);
    assert_eq!(clinic.desk.vouches(), Ok(Vouches::ClinicKey));
    let plan = clinic.desk.restore_with(&file, &key(&clinic)).unwrap();
    assert_eq!((fate(&plan, MARIA), plan.managers_after()), (Some(Fate::Reset(Why::Damaged)), 0));
    let offer = clinic.desk.recover_manager(&key(&clinic), MARIA, &SecretText::from(NEW));
    assert!(offer.is_ok(), "and she comes back with it: {:?}", offer.map(|_| ()));
}

/// A copy made by hand of the file and the log beside it is as good as one of ours; of the file alone, what it holds.
#[test]
fn c48_a_copy_made_by_hand_is_taken_in_with_the_log_beside_it() {
    let mut clinic = Clinic::oak_tree();
    clinic.desk.stand().unwrap();
    let reader = rusqlite::Connection::open(clinic.office.database()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM person").unwrap();
    joins(&mut clinic, "Ben Ashdown", Role::Staff, BENS);
    let copy = clinic.office.elsewhere("hand.db");
    copy_by_hand(&clinic.office.database(), &copy);
    let mut log = clinic.office.database().into_os_string();
    log.push("-wal");
    copy_by_hand(std::path::Path::new(&log), &clinic.office.elsewhere("hand.db-wal"));
    drop(reader);
    let before = std::fs::read(&copy).unwrap();
    let plan = maria_restores(&mut clinic, &copy);
    assert_eq!(fate(&plan, BEN), Some(Fate::Stays { codes_void: 10 }));
    assert_eq!(std::fs::read(&copy).unwrap(), before, "it is read and not touched");
}
