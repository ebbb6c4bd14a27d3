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

#[path = "clinic.rs"]
mod clinic;

use std::time::Duration;

use clinic::{Clinic, PASSWORD};
use clinic2fa::domain::kdf::{self, Cost};
use clinic2fa::domain::secret::SecretText;
use clinic2fa::ports::Clock;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

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
