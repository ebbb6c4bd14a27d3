//! What a judged attempt costs against SQLite, beside the least that any durable counter costs on the same disk in the
//! same run: one immediate transaction of two statements with `synchronous=FULL`.
//!
//! `cargo bench --no-default-features --bench attempt`

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark: it stops where something is not as it should be"
)]

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
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const PASSWORD: &str = "harbour-lemon-kettle";
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
struct Clinic {
    store: SqliteStore,
    keys: StateKeys,
    slot_key: Key,
    salt: [u8; 16],
    seed: Seed,
    clock: TestClock,
    _folder: tempfile::TempDir,
}

impl Clinic {
    fn set_up() -> Self {
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
        Self { store, keys, slot_key, salt: slot.salt, seed, clock, _folder: folder }
    }

    /// The next code, half a minute later.
    fn next_code(&self) -> Code {
        self.clock.advance(Duration::from_secs(30));
        Code::parse(&totp::code_at(&self.seed, totp::step_at(self.clock.now().unix_secs))).unwrap()
    }

    fn sign_in(&mut self, code: Code) {
        let verdict = self.judged(&Presented::Code(code));
        assert!(matches!(verdict, Verdict::Accepted { .. }));
    }

    /// C86: ten stored codes are compared, none of them stretched.
    fn wrong_spare(&mut self) {
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

fn bare(path: &std::path::Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.pragma_update(None, "synchronous", "full").unwrap();
    connection
        .execute_batch("CREATE TABLE c (n INTEGER); INSERT INTO c VALUES (0); CREATE TABLE l (n INTEGER, t TEXT);")
        .unwrap();
    connection
}

fn two_statements(connection: &mut rusqlite::Connection) {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    tx.prepare_cached("UPDATE c SET n = n + 1").unwrap().execute([]).unwrap();
    tx.prepare_cached("INSERT INTO l VALUES (1, 'sign-in accepted')").unwrap().execute([]).unwrap();
    tx.commit().unwrap();
}

fn attempt(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("attempt");
    group.sample_size(200).measurement_time(Duration::from_secs(6));

    let folder = tempfile::tempdir().unwrap();
    let mut connection = bare(&folder.path().join("bare.db"));
    group.bench_function("bare transaction of two statements", |bencher| {
        bencher.iter(|| {
            two_statements(&mut connection);
        });
    });

    let mut clinic = Clinic::set_up();
    group.bench_function("judged sign-in, stored and logged", |bencher| {
        bencher.iter_custom(|times| {
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                let code = clinic.next_code();
                let started = clinic2fa::adapters::clock::SystemClock::new();
                let before = started.now().boot.since_start;
                clinic.sign_in(code);
                spent += started.now().boot.since_start.saturating_sub(before);
            }
            spent
        });
    });
    group.finish();
}

fn stretching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stretching");
    group.sample_size(10);
    group.bench_function("Argon2id, 64 MiB, three passes", |bencher| {
        let password = SecretText::from(PASSWORD);
        bencher.iter_batched(
            || (),
            |()| kdf::stretch(&password, &[7; 16], Cost::START).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// One of each in turn, so that a busy disk hits both alike: the medians, and how they compare.
fn in_turn(_: &mut Criterion) {
    const PAIRS: usize = 2000;
    let folder = tempfile::tempdir().unwrap();
    let mut connection = bare(&folder.path().join("bare.db"));
    let mut clinic = Clinic::set_up();
    let time = clinic2fa::adapters::clock::SystemClock::new();
    let mut took = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..PAIRS {
        let code = clinic.next_code();
        let start = time.now().boot.since_start;
        two_statements(&mut connection);
        let middle = time.now().boot.since_start;
        clinic.sign_in(code);
        let end = time.now().boot.since_start;
        took[0].push(middle.saturating_sub(start));
        took[1].push(end.saturating_sub(middle));
        clinic.clock.advance(Duration::from_mins(20));
        let start = time.now().boot.since_start;
        clinic.wrong_spare();
        took[2].push(time.now().boot.since_start.saturating_sub(start));
    }
    let [bare, judged, spare] = took.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e6
    });
    println!("in turn, medians of {PAIRS}: bare {bare:.0} us, judged {judged:.0} us, {:.2} times", judged / bare);
    println!(
        "a wrong recovery code, ten stored ones compared: {spare:.0} us, {:.2} times a right code",
        spare / judged
    );
}

criterion_group!(benches, attempt, stretching, in_turn);
criterion_main!(benches);
