//! A clinic for measuring: set up, with a cheap password, on a real file.

#![allow(dead_code, reason = "each benchmark uses its part of this")]

use std::sync::Arc;
use std::time::Duration;

use clinic2fa::adapters::clock::TestClock;
use clinic2fa::adapters::keychain::memory::MemoryKeychain;
use clinic2fa::adapters::place::DataDir;
use clinic2fa::adapters::sqlite::SqliteStore;
use clinic2fa::domain::code::Code;
use clinic2fa::domain::dice::{Dice, NoRandomness};
use clinic2fa::domain::kdf::{self, Cost};
use clinic2fa::domain::keys::{self, Key, StateKeys};
use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::totp::{self, Seed};
use clinic2fa::domain::verify::{Presented, Proof, Verdict};
use clinic2fa::effects::{CostPolicy, Desk, DeskConfig, NewSetup};
use clinic2fa::ports::{Attempt, Clock, ItemName, Keychain, Store, StoreError, Turn};

/// Whose password it is does not matter.
pub(crate) const PASSWORD: &str = "harbour-lemon-kettle";
const CHEAP: Cost = Cost { memory_kib: 8, passes: 1 };

fn dice() -> Dice {
    Dice::new(Box::new(|out| getrandom::fill(out).map_err(|_| NoRandomness)))
}

fn store(dir: &DataDir) -> SqliteStore {
    let turns_dir = dir.clone();
    let turns = move || turns_dir.lock(Duration::from_secs(10)).map(Turn::new).map_err(StoreError::from);
    SqliteStore::new(dir.database(), Box::new(turns), "front-1".to_owned())
}

/// A clinic that has been set up, and what it takes to judge an attempt against it.
pub(crate) struct Clinic {
    /// The store.
    pub(crate) store: SqliteStore,
    /// Its keys.
    pub(crate) keys: StateKeys,
    slot_key: Key,
    salt: [u8; 16],
    seed: Seed,
    /// Turned by hand.
    pub(crate) clock: TestClock,
    /// Where the file is.
    pub(crate) dir: DataDir,
    _folder: tempfile::TempDir,
}

impl Clinic {
    /// From nothing.
    pub(crate) fn set_up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(Some(folder.path().join("data"))).unwrap();
        let clock = TestClock::at(1_772_442_000);
        let mut keychain = MemoryKeychain::default();
        let config = DeskConfig { marker: ItemName("marker-bench".to_owned()), cost: CostPolicy::Fixed(CHEAP) };
        let (shared, ports_clock) = (Box::new(keychain.clone()), Arc::new(clock.clone()));
        let mut desk = Desk::new(Box::new(store(&dir)), shared, ports_clock, dice(), config);
        let new = NewSetup {
            clinic: "Oak Tree Surgery".to_owned(),
            person: "Maria Santos".to_owned(),
            support: String::new(),
            password: SecretText::from(PASSWORD),
        };
        let offer = desk.begin_setup(&new).unwrap();
        let bytes = data_encoding::BASE32_NOPAD.decode(offer.key.expose().as_bytes()).unwrap();
        let seed = Seed::from_stored(Secret::new(bytes)).unwrap();
        let first = totp::code_at(&seed, totp::step_at(clock.now().unix_secs));
        desk.first_code(&Code::parse(&first).unwrap()).unwrap();
        desk.setup_sheets().unwrap();
        desk.finish_setup().unwrap();

        let mut store = store(&dir);
        let look = store.look(&clock.now()).unwrap().unwrap();
        let item = ItemName(format!("device-{}", look.keychain_id));
        let device = Key::from_stored(&keychain.read(&item).unwrap().unwrap()).unwrap();
        let slot = store.slot("msantos").unwrap();
        let stretched = kdf::stretch(&SecretText::from(PASSWORD), &slot.salt, slot.cost).unwrap();
        let slot_key = keys::slot_key(&stretched, &device, &look.clinic_id);
        let keys = StateKeys::of(&device, &look.clinic_id);
        Self { store, keys, slot_key, salt: slot.salt, seed, clock, dir, _folder: folder }
    }

    /// The next code, half a minute later.
    pub(crate) fn next_code(&self) -> Code {
        self.clock.advance(Duration::from_secs(30));
        Code::parse(&totp::code_at(&self.seed, totp::step_at(self.clock.now().unix_secs))).unwrap()
    }

    /// Judged, stored and logged.
    pub(crate) fn sign_in(&mut self, code: Code) {
        let verdict = self.judged(&Presented::Code(code));
        assert!(matches!(verdict, Verdict::Accepted { .. }));
    }

    /// C86: ten stored codes are compared, none of them stretched.
    pub(crate) fn wrong_spare(&mut self) {
        let nobodys = RecoveryCode::parse("0000-0000-0000-0017").unwrap();
        let verdict = self.judged(&Presented::Recovery(nobodys));
        assert!(matches!(verdict, Verdict::WrongRecovery { .. }));
    }

    fn judged(&mut self, presented: &Presented) -> Verdict {
        let proof = Proof::Password(&self.slot_key);
        let attempt = Attempt { person: "msantos", proof, salt: Some(self.salt), presented, generation: None };
        self.store.attempt(&self.keys, &attempt, &self.clock.now()).unwrap().value.verdict
    }
}
