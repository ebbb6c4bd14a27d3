//! Every state that the database and the keychain can be in has words of its own. None of them leads to a set-up, none
//! opens, none changes a byte, and none offers to wipe.

use std::collections::BTreeMap;
use std::fs;

use clinic2fa::domain::secret::Secret;
use clinic2fa::effects::{Closed, Failure, Standing};
use clinic2fa::explain::{self, Names};
use clinic2fa::ports::{KeychainError, StoreError};

use super::clinic::{Clinic, MARIA, Office, PASSWORD, STEP, is_in, new_setup, recovers_at, signs_in_at};
use super::rights::make_private;

/// Brings a clinic in use into a state; desks that are open are gone by then.
type Into = fn(&Clinic);

fn closed(why: Closed) -> Failure {
    Failure::Closed(why)
}

fn store(why: StoreError) -> Failure {
    Failure::Store(why)
}

fn foreign(clinic: &Clinic, script: &str) {
    clinic.office.loses_database();
    let connection = rusqlite::Connection::open(clinic.office.database()).unwrap();
    connection.execute_batch(script).unwrap();
}

fn whole(clinic: &Clinic) -> Vec<u8> {
    fs::read(clinic.office.copies_database("whole.db")).unwrap()
}

fn instead(clinic: &Clinic, bytes: &[u8]) {
    clinic.office.loses_database();
    fs::write(clinic.office.database(), bytes).unwrap();
}

fn plant(clinic: &Clinic, kind: &str, value: Option<&[u8]>) {
    clinic.office.keychain.plant(&clinic.office.item(kind), value.map(|value| Secret::new(value.to_vec())));
}

fn states() -> Vec<(&'static str, Into, Failure)> {
    vec![
        ("missing", |clinic| clinic.office.loses_database(), closed(Closed::DatabaseLost)),
        ("empty", |clinic| instead(clinic, b""), closed(Closed::DatabaseLost)),
        (
            "of a set-up that was not finished",
            |clinic| {
                clinic.office.loses_database();
                let other = Office::new();
                other.desk().begin_setup(&new_setup("Elm Tree", "Eve")).unwrap();
                fs::copy(other.copies_database("pending.db"), clinic.office.database()).unwrap();
            },
            closed(Closed::DatabaseLost),
        ),
        (
            "truncated",
            |clinic| {
                let whole = whole(clinic);
                instead(clinic, &whole[..whole.len() / 2]);
            },
            store(StoreError::Damaged),
        ),
        ("its first bytes alone", |clinic| instead(clinic, b"SQLite format 3\0"), store(StoreError::Damaged)),
        ("zeros", |clinic| instead(clinic, &[0; 8192]), store(StoreError::Damaged)),
        ("a letter", |clinic| instead(clinic, b"Dear colleague, please find enclosed"), store(StoreError::Damaged)),
        (
            "corrupt",
            |clinic| {
                let mut bytes = whole(clinic);
                bytes[100..].fill(0xa5);
                instead(clinic, &bytes);
            },
            store(StoreError::Damaged),
        ),
        ("foreign", |clinic| foreign(clinic, "CREATE TABLE patients (x)"), store(StoreError::Foreign)),
        (
            "newer",
            |clinic| {
                foreign(clinic, "CREATE TABLE t (x); PRAGMA application_id = 1127368257; PRAGMA user_version = 9999");
            },
            store(StoreError::Newer),
        ),
        (
            "rolled back",
            |clinic| {
                let old = clinic.office.copies_database("old.db");
                assert!(is_in(&recovers_at(&mut clinic.office.desk(), MARIA, PASSWORD, &clinic.sheet[0])));
                clinic.office.puts_back(&old);
            },
            closed(Closed::RolledBack),
        ),
        ("changed", |clinic| clinic.office.sql("UPDATE clinic SET name = 'Elm Tree'"), closed(Closed::Changed)),
        ("without its key", |clinic| plant(clinic, "device", None), closed(Closed::KeyMissing)),
        ("with half a key", |clinic| plant(clinic, "device", Some(b"half")), closed(Closed::KeyMissing)),
        ("with another key", |clinic| plant(clinic, "device", Some(&[7; 32])), closed(Closed::Changed)),
        ("without its counter", |clinic| plant(clinic, "epoch", None), closed(Closed::KeyMissing)),
        ("with half a counter", |clinic| plant(clinic, "epoch", Some(b"12")), closed(Closed::KeyMissing)),
        (
            "with a later counter",
            |clinic| plant(clinic, "epoch", Some(&u64::MAX.to_be_bytes())),
            closed(Closed::RolledBack),
        ),
        (
            "with an emptied keychain",
            |clinic| ["device", "epoch", "marker"].into_iter().for_each(|kind| plant(clinic, kind, None)),
            closed(Closed::KeyMissing),
        ),
        (
            "copied from another computer",
            |clinic| {
                ["device", "epoch", "marker"].into_iter().for_each(|kind| plant(clinic, kind, None));
                clinic.office.sql("UPDATE audit SET desk = 'front-2'");
            },
            closed(Closed::Elsewhere),
        ),
        (
            "another folder's, of this very computer",
            |clinic| {
                let other = Clinic::set_up("Elm Tree", "Eve");
                for name in other.office.keychain.names() {
                    if !name.0.starts_with("marker") {
                        clinic.office.keychain.plant(&name, other.office.keychain.peek(&name));
                    }
                }
                clinic.office.puts_back(&other.office.copies_database("other.db"));
            },
            closed(Closed::Elsewhere),
        ),
        (
            "with a locked keychain",
            |clinic| clinic.office.keychain.is_out(Some(KeychainError::Locked)),
            Failure::Keychain(KeychainError::Locked),
        ),
        (
            "with a keychain that waits",
            |clinic| clinic.office.keychain.is_out(Some(KeychainError::Waiting)),
            Failure::Keychain(KeychainError::Waiting),
        ),
        (
            "without a keychain",
            |clinic| clinic.office.keychain.is_out(Some(KeychainError::Absent)),
            Failure::Keychain(KeychainError::Absent),
        ),
    ]
}

fn files(clinic: &Clinic) -> BTreeMap<String, Vec<u8>> {
    let entries = clinic.office.place.path().read_dir().unwrap().map(|entry| entry.unwrap().path());
    // What SQLite keeps for its readers and writers is not the state.
    let own = |path: &std::path::Path| !["-shm", "-wal"].iter().any(|end| path.to_str().unwrap().ends_with(end));
    entries
        .filter(|path| path.is_file() && own(path))
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

/// A table of what is there against what is said.
#[test]
fn every_state_is_named_and_none_opens_enrols_or_wipes() {
    for (state, into, why) in states() {
        let mut clinic = Clinic::oak_tree();
        clinic.desk = Office::new().desk();
        into(&clinic);
        clinic.restart();
        clinic.waits(STEP);
        let rows = || {
            // The only thing that may be kept meanwhile: that the keychain gave no answer, for the log.
            let only = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
            let connection = rusqlite::Connection::open_with_flags(clinic.office.database(), only).ok()?;
            connection.query_row("SELECT count(*) FROM audit", [], |row| row.get::<_, i64>(0)).ok()
        };
        let items = clinic.office.keychain.names();
        let (before, log) = (files(&clinic), rows());
        let code = clinic.phone.code();
        assert_eq!(clinic.desk.stand(), Err(why.clone()), "{state}");
        let set_up = clinic.desk.begin_setup(&new_setup("Another", "Somebody Else")).map(|_| ());
        assert_eq!(set_up, Err(why.clone()), "{state}");
        let told = signs_in_at(&mut clinic.desk, MARIA, PASSWORD, &code);
        assert!(told.is_err(), "{state}: {told:?}");
        assert!(clinic.desk.drop_setup().is_err() || why == closed(Closed::DatabaseLost), "{state}");
        assert_eq!(clinic.desk.stand(), Err(why.clone()), "{state}, and again");
        assert_eq!((rows(), clinic.office.keychain.names()), (log, items), "{state}");
        let after = files(&clinic);
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{state}");
        // No word of setting up, wiping or removing.
        let words = explain::failure(&why, &Names::default());
        let said = format!("{} {}", words.what.get(), words.todo.get()).to_lowercase();
        for word in ["set up first", "start over", "wipe", "delete", "remove", "erase"] {
            assert!(!said.contains(word), "{state}: {said}");
        }
    }
}

/// Different things are said of different things: one sentence for each failure.
#[test]
fn no_two_failures_share_their_words() {
    let mut said: BTreeMap<String, (Failure, &str)> = BTreeMap::new();
    for (state, _, why) in states() {
        let words = explain::failure(&why, &Names::default());
        if let Some((other, first)) = said.insert(words.what.get(), (why.clone(), state)) {
            assert_eq!(other, why, "{first} and {state}");
        }
    }
    assert!(said.len() >= 11, "{}", said.len());
}

/// The moved folder is the one state that needs no words: the clinic is the same, and the keychain knows it by both names.
#[test]
fn a_moved_folder_goes_on() {
    let mut clinic = Clinic::oak_tree();
    clinic.desk = Office::new().desk();
    let moved = clinic.office.moves_to("moved");
    assert!(matches!(moved.desk().stand(), Ok(Standing::Active(_))));
    clinic.waits(STEP);
    assert!(is_in(&signs_in_at(&mut moved.desk(), MARIA, PASSWORD, &clinic.phone.code())));
    // Beside it, the old place is not new: it was set up, and its file is gone.
    let old = clinic.office.elsewhere("data");
    fs::create_dir(&old).unwrap();
    make_private(&old);
    assert_eq!(clinic.office.desk().stand(), Err(closed(Closed::DatabaseLost)));
}

/// A file that another program keeps for itself: said, and nothing is lost by it.
#[test]
fn a_file_that_another_program_keeps_is_busy() {
    let mut clinic = Clinic::oak_tree();
    clinic.desk = Office::new().desk();
    let other = rusqlite::Connection::open(clinic.office.database()).unwrap();
    other.execute_batch("PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE; UPDATE clinic SET one = 1").unwrap();
    clinic.restart();
    assert_eq!(clinic.desk.stand(), Err(store(StoreError::Busy)));
    drop(other);
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
}
