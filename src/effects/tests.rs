//! What only the desk itself can see: the moment between comparing the file and telling what it says.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Closed, CostPolicy, Desk, DeskConfig, Failure, NewSetup};
use crate::adapters::clock::TestClock;
use crate::adapters::keychain::memory::MemoryKeychain;
use crate::adapters::place::DataDir;
use crate::adapters::sqlite::SqliteStore;
use crate::domain::audit::{Event, What};
use crate::domain::code::Code;
use crate::domain::dice::{Dice, NoRandomness};
use crate::domain::kdf::Cost;
use crate::domain::secret::{Secret, SecretText};
use crate::domain::totp::{self, Seed};
use crate::domain::verify::FirstCode;
use crate::ports::{Clock, ItemName, StoreError, Turn};

const NOON: i64 = 1_772_442_000;

/// A desk on a folder of its own, with a keychain in memory.
pub(crate) fn desk(place: &DataDir, clock: &TestClock) -> Desk {
    let turns_place = place.clone();
    let turns = Box::new(move || turns_place.lock(Duration::from_secs(30)).map(Turn::new).map_err(StoreError::from));
    let store = SqliteStore::new(place.database(), turns, "front".to_owned());
    let dice = Dice::new(Box::new(|out| getrandom::fill(out).map_err(|_| NoRandomness)));
    let cost = CostPolicy::Fixed(Cost { memory_kib: 8, passes: 1 });
    let config = DeskConfig { marker: ItemName("marker-here".to_owned()), cost };
    Desk::new(Box::new(store), Box::new(MemoryKeychain::default()), Arc::new(clock.clone()), dice, config)
}

fn set_up(desk: &mut Desk, clock: &TestClock) {
    let new = NewSetup {
        clinic: "Oak Tree Surgery".to_owned(),
        person: "Maria Santos".to_owned(),
        support: String::new(),
        password: SecretText::from("harbour lemon kettle 42"),
    };
    let offer = desk.begin_setup(&new).unwrap();
    let seed = data_encoding::BASE32_NOPAD.decode(offer.key.expose().replace(' ', "").as_bytes()).unwrap();
    let seed = Seed::from_stored(Secret::new(seed)).unwrap();
    let code = totp::code_at(&seed, totp::step_at(clock.now().unix_secs));
    assert_eq!(desk.first_code(&Code::parse(&code).unwrap()), Ok(FirstCode::Right));
    desk.setup_sheets().unwrap();
    desk.finish_setup().unwrap();
}

fn copy(from: &Path, to: &Path) {
    let connection = rusqlite::Connection::open(from).unwrap();
    connection.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap();
}

/// However old the copy is that somebody puts in the file's place after it was compared: what is judged by it is not told.
#[test]
fn a_file_that_is_swapped_after_it_was_compared_tells_nothing() {
    for behind in [1, 2, 5] {
        let folder = tempfile::tempdir().unwrap();
        let place = DataDir::open(Some(folder.path().join("data"))).unwrap();
        let clock = TestClock::at(NOON);
        let mut desk = desk(&place, &clock);
        set_up(&mut desk, &clock);
        let old = folder.path().join("old.db");
        copy(&place.database(), &old);
        let event = Event::to("", "", What::BackupCreated, "done");
        for _ in 0..behind {
            desk.note_backup(&event).unwrap();
        }

        let guarded = desk.guard().unwrap();
        for end in ["", "-wal", "-shm"] {
            std::fs::remove_file(format!("{}{end}", place.database().display())).ok();
        }
        std::fs::copy(&old, place.database()).unwrap();
        // The old copy is whole, and its tags are right: the store finds nothing wrong with it.
        let committed = desk.store.note(&guarded.keys, &event, &guarded.now).unwrap();
        assert_eq!(desk.raise(&guarded, committed), Err(Failure::Closed(Closed::RolledBack)), "{behind}");
    }
}
