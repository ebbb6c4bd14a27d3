//! A log of a million entries of five hundred people: reading, searching, exporting, and a sign-in beside an empty log's.
//!
//! `cargo bench --no-default-features --bench log`

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark: it stops where something is not as it should be"
)]

#[path = "clinic.rs"]
mod clinic;

use std::time::Duration;

use clinic::Clinic;
use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::domain::audit::{Event, Head, What, csv_line};
use clinic2fa::ports::{Clock, EntryFilter, Store};

const ENTRIES: i64 = 1_000_000;
const PEOPLE: i64 = 500;
/// As the window asks for them.
const PAGE: usize = 50;
/// Sign-ins on either log, in turn.
const PAIRS: usize = 500;

/// Entries as the program writes them, chained, in one transaction instead of a million.
fn fill(clinic: &mut Clinic) {
    let (mut row, _) = clinic.store.person(&clinic.keys, "msantos").unwrap();
    let mut connection = rusqlite::Connection::open(clinic.dir.database()).unwrap();
    let tx = connection.transaction().unwrap();
    let mut insert = tx.prepare("INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)").unwrap();
    let start = clinic.clock.now().unix_secs;
    for n in 0..ENTRIES {
        let person = format!("person{}", n * 7 % PEOPLE);
        let event = match n % 1_000 {
            0 => Event::to(&person, "msantos", What::PersonReset, "done"),
            n if n % 50 == 0 => Event::by(&person, What::SignIn, "totp", "wrong-code"),
            _ => Event::by(&person, What::SignIn, "totp", "accepted"),
        };
        let entry = row.head.next(&event, "front-1", start + n, &clinic.keys.audit);
        insert
            .execute(rusqlite::params![
                entry.number,
                entry.unix_secs,
                entry.event,
                entry.person,
                entry.actor,
                entry.desk,
                entry.factor,
                entry.result,
                entry.tag
            ])
            .unwrap();
        row.head = Head { number: entry.number, tag: entry.tag };
    }
    drop(insert);
    let tag = row.tag(&clinic.keys.state);
    tx.execute(
        "UPDATE clinic SET head_number = ?1, head_tag = ?2, tag = ?3",
        rusqlite::params![row.head.number, row.head.tag, tag],
    )
    .unwrap();
    tx.commit().unwrap();
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let time = SystemClock::new();
    let timed = |work: &mut dyn FnMut()| {
        let before = time.now().boot.since_start;
        work();
        time.now().boot.since_start.saturating_sub(before)
    };
    let (mut empty, mut full) = (Clinic::set_up(), Clinic::set_up());
    println!("filling in {ENTRIES} entries: {:.1} s", timed(&mut || fill(&mut full)).as_secs_f64());

    let mut took = [Vec::new(), Vec::new()];
    for _ in 0..PAIRS {
        for (clinic, took) in [&mut empty, &mut full].into_iter().zip(&mut took) {
            let mut code = Some(clinic.next_code());
            took.push(timed(&mut || clinic.sign_in(code.take().unwrap())));
        }
    }
    let [empty_took, full_took] = took.map(median);
    println!(
        "a judged sign-in, medians of {PAIRS} in turn: {:.0} us beside {:.0} us with an empty log, {:.2} times",
        full_took.as_secs_f64() * 1e6,
        empty_took.as_secs_f64() * 1e6,
        full_took.as_secs_f64() / empty_took.as_secs_f64()
    );

    let last_year = full.clock.now().unix_secs;
    let filters: [(&str, EntryFilter); 6] = [
        ("the first page", EntryFilter::default()),
        ("the page in the middle", EntryFilter { before: Some(ENTRIES / 2), ..EntryFilter::default() }),
        ("of one person", EntryFilter { person: Some("person7".to_owned()), ..EntryFilter::default() }),
        ("of a rare event", EntryFilter { event: Some("person-reset".to_owned()), ..EntryFilter::default() }),
        ("of an event that never was", EntryFilter { event: Some("recovered".to_owned()), ..EntryFilter::default() }),
        ("since a time that has not come", EntryFilter { since_unix: Some(last_year * 2), ..EntryFilter::default() }),
    ];
    for (name, filter) in filters {
        let filter = EntryFilter { limit: Some(PAGE), ..filter };
        let times = (0..5).map(|_| timed(&mut || drop(full.store.entries(&filter).unwrap()))).collect();
        println!("{name}: {:.1} ms", median(times).as_secs_f64() * 1e3);
    }

    let mut bytes = 0;
    let exported = timed(&mut || {
        let mut last = 0;
        loop {
            let page = full.store.entries_after(last, 1_000).unwrap();
            let Some(end) = page.last() else { break };
            last = end.number;
            bytes += page.iter().map(|entry| csv_line(entry).len()).sum::<usize>();
        }
    });
    println!("as CSV, in pages: {:.1} s, {} MB", exported.as_secs_f64(), bytes / 1_000_000);
    let verified = timed(&mut || assert!(full.store.verify_log(&full.keys).unwrap().is_ok()));
    println!("the whole chain verified: {:.1} s", verified.as_secs_f64());
}
