//! The limit in front of a keychain that hangs, without any real one: hangs begin and end when the test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clinic2fa::adapters::keychain::memory::{MemoryKeychain, Next};
use clinic2fa::adapters::keychain::patient::{MOST_SET_ASIDE, Patient};
use clinic2fa::domain::secret::Secret;
use clinic2fa::ports::{ItemName, Keychain, KeychainError};

use crate::Case;
use crate::contract::{item, secret};

/// For calls that are meant to run into it.
const SHORT: Duration = Duration::from_millis(40);
/// For calls that are meant to be answered, on however busy a machine.
const LONG: Duration = Duration::from_secs(60);

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("patience::a_hanging_read_is_waiting_and_its_answer_is_dropped", a_hanging_read),
        Case::new("patience::a_fresh_store_answers_while_the_old_one_hangs", a_fresh_store_answers),
        Case::new("patience::a_late_write_never_overtakes_a_newer_one", a_late_write),
        Case::new("patience::stuck_calls_are_bounded", stuck_calls_are_bounded),
        Case::new("patience::a_thread_that_died_is_replaced", a_thread_that_died),
        Case::new("patience::errors_pass_through", errors_pass_through),
    ]
}

fn patient(shelf: &MemoryKeychain, limit: Duration) -> (Patient, Arc<AtomicUsize>) {
    let (shelf, built) = (shelf.clone(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&built);
    let build = move || {
        count.fetch_add(1, Ordering::SeqCst);
        shelf.clone()
    };
    (Patient::new("memory", limit, build), built)
}

/// Lets the other threads run until it is so; they have nothing left to wait for.
fn eventually(mut so: impl FnMut() -> bool) -> bool {
    (0..5_000_000).any(|_| {
        std::thread::yield_now();
        so()
    })
}

fn a_hanging_read() {
    let (shelf, key) = (MemoryKeychain::default(), item("key"));
    let other = item("other");
    shelf.plant(&key, Some(secret(b"key")));
    shelf.plant(&other, Some(secret(b"other")));
    let (mut keychain, built) = patient(&shelf, Duration::from_secs(4));
    let hang = shelf.hangs(Next::Read);
    assert_eq!(keychain.read(&key), Err(KeychainError::Waiting));
    drop(hang);
    // The late answer to the first question must not be taken for the answer to this one.
    assert_eq!(keychain.read(&other), Ok(Some(secret(b"other"))));
    assert_eq!(built.load(Ordering::SeqCst), 1, "the thread was free again: no second one");
}

fn a_fresh_store_answers() {
    let (shelf, key) = (MemoryKeychain::default(), item("key"));
    shelf.plant(&key, Some(secret(b"key")));
    let (mut keychain, built) = patient(&shelf, Duration::from_secs(1));
    let _hang = shelf.hangs(Next::Read);
    assert_eq!(keychain.read(&key), Err(KeychainError::Waiting));
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"key"))));
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"key"))));
    assert_eq!(built.load(Ordering::SeqCst), 2, "the fresh store is kept");
}

fn a_late_write() {
    let (shelf, epoch, other) = (MemoryKeychain::default(), item("epoch"), item("other"));
    let (mut keychain, _) = patient(&shelf, Duration::from_secs(2));
    let hang = shelf.hangs(Next::Change);
    assert_eq!(keychain.write(&epoch, &secret(b"5")), Err(KeychainError::Waiting));
    assert_eq!(keychain.write(&epoch, &secret(b"6")), Err(KeychainError::Waiting));
    assert_eq!(keychain.remove(&epoch), Err(KeychainError::Waiting));
    // What cannot be overtaken goes on.
    assert_eq!(keychain.read(&epoch), Ok(None));
    assert_eq!(keychain.write(&other, &secret(b"1")), Ok(()));

    drop(hang);
    assert!(eventually(|| shelf.peek(&epoch).is_some()), "the late write is carried out once the hang ends");
    assert!(eventually(|| keychain.write(&epoch, &secret(b"6")).is_ok()), "and then the next one may start");
    assert_eq!(shelf.peek(&epoch), Some(secret(b"6")));
}

fn stuck_calls_are_bounded() {
    let (shelf, key) = (MemoryKeychain::default(), item("key"));
    let (mut keychain, built) = patient(&shelf, SHORT);
    let mut hangs: Vec<_> = (0..10).map(|_| shelf.hangs(Next::Read)).collect();
    for _ in 0..10 {
        assert_eq!(keychain.read(&key), Err(KeychainError::Waiting));
    }
    assert_eq!(built.load(Ordering::SeqCst), MOST_SET_ASIDE);
    hangs.clear();
    assert!(eventually(|| keychain.read(&key) == Ok(None)), "once they have ended, the keychain answers again");
}

struct Dies;

impl Keychain for Dies {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        // Not a panic!, which would print a trace that looks like a failure.
        if item.0.ends_with("dies") { std::panic::resume_unwind(Box::new(())) } else { Ok(None) }
    }

    fn write(&mut self, _: &ItemName, _: &Secret) -> Result<(), KeychainError> {
        Ok(())
    }

    fn remove(&mut self, _: &ItemName) -> Result<(), KeychainError> {
        Ok(())
    }

    fn describe(&self) -> String {
        std::thread::current().name().unwrap_or_default().to_owned()
    }
}

fn a_thread_that_died() {
    let mut keychain = Patient::new("dies", LONG, || Dies);
    assert!(matches!(keychain.read(&item("dies")), Err(KeychainError::Broken(_))));
    assert_eq!(keychain.read(&item("lives")), Ok(None));
}

fn errors_pass_through() {
    let (shelf, key) = (MemoryKeychain::default(), item("key"));
    let (mut keychain, _) = patient(&shelf, LONG);
    for error in [KeychainError::Waiting, KeychainError::Locked, KeychainError::Absent, KeychainError::Broken("x")] {
        shelf.fails(Next::Read, error);
        shelf.fails(Next::Change, error);
        shelf.fails(Next::Change, error);
        assert_eq!(keychain.read(&key), Err(error));
        assert_eq!(keychain.write(&key, &secret(b"v")), Err(error));
        assert_eq!(keychain.remove(&key), Err(error));
        assert!(shelf.names().is_empty(), "a refused write leaves nothing");
        shelf.is_out(Some(error));
        assert_eq!(keychain.read(&key), Err(error));
        shelf.is_out(None);
    }
    assert_eq!(keychain.read(&key), Ok(None));
}
