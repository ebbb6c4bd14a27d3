//! The states a real Secret Service can be in, met by the real keychain adapter.

use std::collections::HashMap;
use std::process::Command;
use std::time::Duration;

use clinic2fa::ports::{ItemName, Keychain, KeychainError};
use rustix::process::Signal;

use crate::Case;
use crate::contract::{item, secret};
use crate::desk::{Desk, Keyring};
use crate::remote::Remote;

/// Long enough for a call that is answered on a busy machine (half of it, after a stuck one), short enough to wait for.
const LIMIT: Duration = Duration::from_secs(3);

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("states::no_session_bus_is_absent_c38_c45", no_session_bus),
        Case::new("states::no_provider_is_absent_c38", no_provider),
        Case::new("states::kernel_keyutils_are_not_even_compiled_in_c37", kernel_keyutils),
        Case::new("states::fresh_is_missing_and_asks_before_it_writes", fresh),
        Case::new("states::locked_and_declined_is_locked", locked_and_declined),
        Case::new("states::locked_and_unanswered_is_waiting_and_unlocking_mends_it", locked_and_unanswered),
        Case::new("states::locked_without_our_item", locked_without_our_item),
        Case::new("states::killed_and_restarted_works_through_a_new_store", killed_and_restarted),
        Case::new("states::killed_behind_a_dialogue_works_through_a_new_store", killed_behind_a_dialogue),
        Case::new("states::a_stopped_daemon_is_waiting", stopped),
        Case::new("states::removed_by_hand_is_missing_c41", removed_by_hand),
        Case::new("states::a_foreign_item_is_broken_and_not_shown_c41", foreign_item),
        Case::new("states::two_items_of_one_name_are_broken_and_left_alone", two_of_one_name),
    ]
}

fn attributes(item: &ItemName) -> HashMap<&str, &str> {
    HashMap::from([("service", "clinic2fa"), ("username", item.0.as_str())])
}

fn plant(desk: &Desk, collection: &str, item: &ItemName, value: &[u8]) {
    let service = desk.service();
    let collection = service.get_collection_by_alias(collection).expect("a keyring");
    collection.create_item("planted", attributes(item), value, true, "text/plain").expect("planted");
}

fn stored(desk: &Desk, item: &ItemName) -> Vec<Vec<u8>> {
    let service = desk.service();
    let found = service.search_items(attributes(item)).expect("searched");
    let mut values: Vec<_> = found.unlocked.iter().map(|item| item.get_secret().expect("its value")).collect();
    values.sort();
    values
}

fn all_absent(keychain: &mut Remote) {
    let key = item("key");
    assert_eq!(keychain.read(&key), Err(KeychainError::Absent));
    assert_eq!(keychain.write(&key, &secret(b"key")), Err(KeychainError::Absent));
    assert_eq!(keychain.remove(&key), Err(KeychainError::Absent));
    assert_eq!(keychain.read(&key), Err(KeychainError::Absent), "nothing was put anywhere else");
}

fn no_session_bus() {
    let desk = Desk::start(Keyring::None);
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    desk.enter(&mut command);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    all_absent(&mut Remote::spawn(command, Duration::from_secs(20)));

    // As under `sudo -u other`: nothing in the environment tells of a bus.
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", "/nonexistent");
    all_absent(&mut Remote::spawn(command, Duration::from_secs(20)));
}

fn no_provider() {
    let mut desk = Desk::start(Keyring::None);
    let mut keychain = Remote::start(&desk);
    all_absent(&mut keychain);
    // Someone installs it and presses Retry.
    desk.start_keyring(Keyring::Unlocked);
    assert_eq!(keychain.write(&item("key"), &secret(b"key")), Ok(()));
}

fn kernel_keyutils() {
    let lock = include_str!("../../Cargo.lock");
    assert!(lock.contains("name = \"zbus-secret-service-keyring-store\""), "this looks at the right file");
    assert!(!lock.contains("keyutils"), "a store that forgets at reboot");
}

fn fresh() {
    let desk = Desk::start(Keyring::Fresh);
    let (key, mut keychain) = (item("key"), Remote::with_limit(&desk, LIMIT));
    assert_eq!(keychain.read(&key), Ok(None));
    // No dialogue can be shown, which is as good as declined: no keyring is made, and nothing is kept elsewhere.
    assert_eq!(keychain.write(&key, &secret(b"key")), Err(KeychainError::Locked));
    assert_eq!(keychain.read(&key), Ok(None));

    desk.nobody_answers_the_prompt();
    assert_eq!(keychain.write(&key, &secret(b"key")), Err(KeychainError::Waiting), "the person is being asked");
    assert_eq!(keychain.read(&key), Ok(None), "reading needs no keyring, and does not ask");
}

fn locked_and_declined() {
    let desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::start(&desk));
    assert_eq!(keychain.write(&key, &secret(b"key")), Ok(()));
    desk.lock();
    assert_eq!(keychain.read(&key), Err(KeychainError::Locked));
    assert_eq!(keychain.write(&key, &secret(b"new")), Err(KeychainError::Locked));
    assert_eq!(keychain.remove(&key), Err(KeychainError::Locked));
    assert_eq!(Remote::start(&desk).read(&key), Err(KeychainError::Locked), "for a new process too");
    desk.unlock();
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"key"))));
}

fn locked_and_unanswered() {
    let desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::with_limit(&desk, LIMIT));
    assert_eq!(keychain.write(&key, &secret(b"key")), Ok(()));
    desk.nobody_answers_the_prompt();
    desk.lock();
    assert_eq!(keychain.read(&key), Err(KeychainError::Waiting));
    assert_eq!(keychain.read(&key), Err(KeychainError::Waiting));
    desk.unlock();
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"key"))));
}

/// The service finds no item in a locked keyring, so it asks nothing: "missing" it is, although it may be there in
/// another keyring. The reader must never take it for "not set up".
fn locked_without_our_item() {
    let desk = Desk::start(Keyring::Unlocked);
    desk.lock();
    let (key, mut keychain) = (item("key"), Remote::with_limit(&desk, LIMIT));
    assert_eq!(keychain.read(&key), Ok(None));
    assert_eq!(keychain.write(&key, &secret(b"key")), Err(KeychainError::Locked));
    desk.nobody_answers_the_prompt();
    assert_eq!(keychain.write(&key, &secret(b"key")), Err(KeychainError::Waiting));
    // A second write of the same item may not start while the first is being asked about.
    assert_eq!(keychain.write(&key, &secret(b"two")), Err(KeychainError::Waiting));
    assert_eq!(keychain.read(&key), Ok(None));
}

fn killed_and_restarted() {
    let mut desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::start(&desk));
    assert_eq!(keychain.write(&key, &secret(b"key")), Ok(()));
    desk.kill_keyring();
    desk.start_keyring(Keyring::Unlocked);
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"key"))), "restarted between two calls");
    desk.kill_keyring();
    assert_eq!(keychain.read(&key), Err(KeychainError::Absent), "nobody there at the moment");
    desk.start_keyring(Keyring::Unlocked);
    assert_eq!(keychain.write(&key, &secret(b"new")), Ok(()));
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"new"))));
}

/// The old store waits for the end of a dialogue that no longer exists: only a fresh one can answer.
fn killed_behind_a_dialogue() {
    let mut desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::with_limit(&desk, LIMIT));
    assert_eq!(keychain.write(&key, &secret(b"key")), Ok(()));
    desk.nobody_answers_the_prompt();
    desk.lock();
    assert_eq!(keychain.read(&key), Err(KeychainError::Waiting));
    desk.kill_keyring();
    desk.start_keyring(Keyring::Unlocked);
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"key"))));
}

fn stopped() {
    let desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::with_limit(&desk, LIMIT));
    assert_eq!(keychain.write(&key, &secret(b"old")), Ok(()));
    desk.signal_keyring(Signal::STOP);
    assert_eq!(keychain.write(&key, &secret(b"new")), Err(KeychainError::Waiting));
    assert_eq!(keychain.read(&key), Err(KeychainError::Waiting));
    let mut second = Remote::with_limit(&desk, LIMIT);
    assert_eq!(second.read(&key), Err(KeychainError::Waiting), "not even connecting ends");
    desk.signal_keyring(Signal::CONT);
    let found = second.read(&key).expect("an answer").expect("a value");
    assert!([&b"old"[..], b"new"].contains(&found.expose()), "old or new, never a mixture");
    assert_eq!(keychain.write(&key, &secret(b"newer")), Ok(()));
    assert_eq!(keychain.read(&key), Ok(Some(secret(b"newer"))));
}

fn removed_by_hand() {
    let desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::start(&desk));
    assert_eq!(keychain.write(&key, &secret(b"key")), Ok(()));
    let service = desk.service();
    for item in service.search_items(attributes(&key)).expect("searched").unlocked {
        assert_eq!(item.get_label().expect("a label"), "clinic2fa: needed for signing in, do not delete");
        item.delete().expect("deleted");
    }
    assert_eq!(keychain.read(&key), Ok(None));
}

fn foreign_item() {
    let desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::start(&desk));
    for value in [&b"482913"[..], b"\xff\xfe", b""] {
        plant(&desk, "default", &key, value);
        let error = keychain.read(&key).expect_err("not ours");
        assert_eq!(error, KeychainError::Broken("not an item of ours"));
        assert_eq!(stored(&desk, &key), [value], "reading changes nothing");
    }
}

fn two_of_one_name() {
    let desk = Desk::start(Keyring::Unlocked);
    let (key, mut keychain) = (item("key"), Remote::start(&desk));
    plant(&desk, "default", &key, b"1:QQ==");
    plant(&desk, "session", &key, b"1:Qg==");
    let both = Err(KeychainError::Broken("two items of one name"));
    assert_eq!(keychain.read(&key).map(|_| ()), both);
    assert_eq!(keychain.write(&key, &secret(b"C")), both);
    assert_eq!(keychain.remove(&key), both);
    assert_eq!(stored(&desk, &key), [b"1:QQ==", b"1:Qg=="]);
}
