//! The database key and backups: one from before a rotation never takes the key away that opens the database, and where
//! it is all that is left, what it holds is told.

use std::fs;
use std::path::{Path, PathBuf};

use clinic2fa::domain::recovery::ClinicKey;
use clinic2fa::domain::restore::{KeyFate, Plan, SettingsFate};
use clinic2fa::domain::secret::SecretText;
use clinic2fa::effects::{Failure, KeyState};
use clinic2fa::explain::plan_words;
use clinic2fa::ports::CipherError;
use rusqlite::Connection;

use crate::clinic::STEP;
use crate::office::{Front, is_there};

const WORDS: &str = "The key to the practice's records becomes that of the backup.";

fn front() -> Front {
    let mut front = Front::new();
    front.sets(&[("opens", "text")]);
    front.keeps("first").unwrap();
    front.starts("printf '%s\\n' \"$CLINIC2FA_KEY\" >got.new; mv got.new got; exec sleep 60");
    front
}

fn backup(front: &mut Front) -> PathBuf {
    front.clinic.desk.backup_now().unwrap().path
}

/// What the program is given.
fn given(front: &mut Front) -> String {
    front.opens();
    let got = front.written("got");
    fs::remove_file(front.path("got")).unwrap();
    front.clinic.desk.finish();
    got.trim().to_owned()
}

fn says(plan: &Plan, words: &str) -> bool {
    plan_words::sentences(plan).iter().any(|text| text.get().starts_with(words))
}

/// The state is gone: the clinic recovery key brings the backup in.
fn comes_back_from(front: &mut Front, file: &Path) -> Plan {
    front.clinic.office.loses_database();
    let key = ClinicKey::parse(&front.clinic.clinic_key).unwrap();
    let plan = front.clinic.desk.restore_with(file, &key).unwrap();
    // Codes that may have been seen are used.
    front.clinic.waits(2 * STEP);
    plan
}

#[test]
fn where_the_present_state_can_be_read_its_key_stays() {
    let mut front = front();
    let before = backup(&mut front);
    front.for_a_change();
    front.clinic.desk.rotate_key(Some(&SecretText::from("second"))).unwrap();
    front.for_a_change();
    let plan = front.clinic.desk.restore(&before).unwrap();
    assert_eq!((plan.database_key, plan.settings), (KeyFate::Present, SettingsFate::Same));
    assert!(!says(&plan, WORDS));
    front.clinic.desk.lock();
    front.clinic.waits(2 * STEP);
    assert_eq!(given(&mut front), "second");
}

/// What signing in opens stays with its key, so that "settings become those of the backup" is not said of it.
#[test]
fn what_signing_in_opens_stays_with_its_key() {
    let mut front = Front::new();
    let before = backup(&mut front);
    front.sets(&[("opens", "text"), ("key-by", "input")]);
    front.keeps("first").unwrap();
    front.for_a_change();
    let plan = front.clinic.desk.restore(&before).unwrap();
    assert_eq!((plan.database_key, plan.settings), (KeyFate::Present, SettingsFate::Same));
    let settings = front.clinic.desk.look().unwrap().unwrap().settings;
    assert_eq!(settings.practice.get("key-by").as_deref(), Some("input"));
}

#[test]
fn where_it_is_gone_the_backups_key_comes_and_that_is_told() {
    let mut front = front();
    let before = backup(&mut front);
    front.for_a_change();
    front.clinic.desk.rotate_key(Some(&SecretText::from("second"))).unwrap();
    let after = backup(&mut front);
    let plan = comes_back_from(&mut front, &before);
    assert_eq!((plan.database_key, plan.newer_backups), (KeyFate::Backup, 1));
    assert!(says(&plan, WORDS));
    assert_eq!(given(&mut front), "first", "as it was told");
    comes_back_from(&mut front, &after);
    assert_eq!(given(&mut front), "second");
}

/// A clinic that opens nothing is told nothing of a key.
#[test]
fn without_a_key_nothing_is_said_of_one() {
    let mut front = Front::new();
    let before = backup(&mut front);
    let plan = comes_back_from(&mut front, &before);
    assert!(plan.database_key == KeyFate::Present && !says(&plan, WORDS));
}

/// The same with a key that only a backup can bring back: the words for it are true, and the newer one opens the file.
#[test]
fn an_encrypted_file_opens_with_the_backup_made_after_the_rotation() {
    if !is_there("sqlcipher") {
        return;
    }
    let mut front = Front::new();
    let file = front.path("office.db");
    Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE patient (name); INSERT INTO patient VALUES ('Zoë')")
        .unwrap();
    front.for_a_change();
    front.clinic.desk.protect(&file).unwrap();
    let before = backup(&mut front);
    front.for_a_change();
    front.clinic.desk.rotate_key(None).unwrap();
    let after = backup(&mut front);
    assert!(says(&comes_back_from(&mut front, &before), WORDS));
    front.for_a_change();
    assert_eq!(front.clinic.desk.check_key(), Err(Failure::Cipher(CipherError::Shut)));
    comes_back_from(&mut front, &after);
    front.for_a_change();
    assert_eq!(front.clinic.desk.check_key(), Ok(KeyState::FileOpens));
}
