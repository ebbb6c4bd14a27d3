//! What every keychain must do, whatever it is made of.

use clinic2fa::adapters::keychain::LONGEST_VALUE;
use clinic2fa::adapters::keychain::memory::MemoryKeychain;
use clinic2fa::domain::secret::Secret;
use clinic2fa::ports::{ItemName, Keychain, KeychainError};

use crate::Case;

/// Opens another handle on the same keychain.
type Open<'a> = &'a mut dyn FnMut() -> Box<dyn Keychain>;

/// Names carry the process id, so that on a real keychain nothing of anyone's is touched.
pub(crate) fn item(word: &str) -> ItemName {
    ItemName(format!("test-{}-{word}", std::process::id()))
}

pub(crate) fn secret(bytes: &[u8]) -> Secret {
    Secret::new(bytes.to_vec())
}

type Clause = (&'static str, fn(Open<'_>));

const CONTRACT: &[Clause] = &[
    ("bytes_of_any_kind_come_back", bytes_of_any_kind_come_back),
    ("a_missing_item_is_none", a_missing_item_is_none),
    ("writing_again_replaces", writing_again_replaces),
    ("removed_is_missing_and_removing_is_repeatable", removed_is_missing_and_removing_is_repeatable),
    ("values_outlive_the_handle", values_outlive_the_handle),
    ("names_never_meet_c42", names_never_meet),
    ("names_that_systems_confuse_are_refused_c42", names_that_systems_confuse_are_refused),
    ("the_longest_value_fits_and_a_longer_one_is_refused_c43", the_longest_value_fits),
];

pub(crate) fn memory() -> Vec<Case> {
    let case = |&(name, check): &Clause| {
        Case::new(format!("memory::{name}"), move || {
            let shelf = MemoryKeychain::default();
            check(&mut || Box::new(shelf.clone()));
        })
    };
    CONTRACT.iter().map(case).collect()
}

#[cfg(target_os = "linux")]
pub(crate) fn secret_service() -> Vec<Case> {
    use crate::desk::{Desk, Keyring};
    use crate::remote::Remote;
    let case = |&(name, check): &Clause| {
        Case::new(format!("secret_service::{name}"), move || {
            let desk = Desk::start(Keyring::Unlocked);
            check(&mut || Box::new(Remote::start(&desk)));
        })
    };
    CONTRACT.iter().map(case).collect()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn this_system() -> Vec<Case> {
    use clinic2fa::adapters::keychain::OsKeychain;
    let case = |&(name, check): &Clause| {
        Case::new(format!("this_system::{name}"), move || check(&mut || Box::new(OsKeychain::default())))
    };
    CONTRACT.iter().map(case).collect()
}

fn bytes_of_any_kind_come_back(open: Open<'_>) {
    let (item, mut keychain) = (item("bytes"), open());
    let every_byte: Vec<u8> = (0..=255).collect();
    let awkward: [&[u8]; 8] =
        [b"", b"\0", b"\0\0\0", b"\n", b" padded ", &[0xff, 0xfe, 0xc3, 0x28], "Größe ☃".as_bytes(), &every_byte];
    for value in awkward.into_iter().chain(every_byte.chunks(37)).chain(every_byte.windows(33).step_by(16)) {
        keychain.write(&item, &secret(value)).expect("written");
        assert_eq!(keychain.read(&item).expect("read").expect("there").expose(), value);
    }
    keychain.remove(&item).expect("removed");
}

fn a_missing_item_is_none(open: Open<'_>) {
    let mut keychain = open();
    assert_eq!(keychain.read(&item("missing")), Ok(None));
    assert_eq!(keychain.remove(&item("missing")), Ok(()));
    assert!(!keychain.describe().is_empty());
}

fn writing_again_replaces(open: Open<'_>) {
    let (item, mut keychain) = (item("again"), open());
    for value in [&b"a longer first value"[..], b"second", b"second", b""] {
        assert_eq!(keychain.write(&item, &secret(value)), Ok(()));
        assert_eq!(keychain.read(&item), Ok(Some(secret(value))));
    }
    assert_eq!(keychain.remove(&item), Ok(()));
}

fn removed_is_missing_and_removing_is_repeatable(open: Open<'_>) {
    let (item, mut keychain) = (item("removed"), open());
    assert_eq!(keychain.write(&item, &secret(b"value")), Ok(()));
    for _ in 0..2 {
        assert_eq!(keychain.remove(&item), Ok(()));
        assert_eq!(keychain.read(&item), Ok(None));
    }
    assert_eq!(keychain.write(&item, &secret(b"back")), Ok(()));
    assert_eq!(keychain.read(&item), Ok(Some(secret(b"back"))));
    assert_eq!(keychain.remove(&item), Ok(()));
}

fn values_outlive_the_handle(open: Open<'_>) {
    let item = item("outlives");
    assert_eq!(open().write(&item, &secret(b"value")), Ok(()));
    let mut second = open();
    assert_eq!(second.read(&item), Ok(Some(secret(b"value"))));
    assert_eq!(open().remove(&item), Ok(()));
    assert_eq!(second.read(&item), Ok(None), "a handle must not remember");
}

/// C42: names that are pieces of one another, or end like the service's own name, stay apart.
fn names_never_meet(open: Open<'_>) {
    let mut keychain = open();
    let items: Vec<ItemName> =
        ["a", "a-a", "a-", "aa", "b-a", "a-b", "a-clinic2fa", "clinic2fa", "01", "1"].map(item).into();
    let value = |number: usize| secret(number.to_string().as_bytes());
    for (number, item) in items.iter().enumerate() {
        assert_eq!(keychain.write(item, &value(number)), Ok(()));
    }
    for (number, item) in items.iter().enumerate() {
        assert_eq!(keychain.read(item), Ok(Some(value(number))), "{item:?}");
    }
    for (number, item) in items.iter().enumerate() {
        assert_eq!(keychain.remove(item), Ok(()));
        for later in items.iter().skip(number + 1) {
            assert!(keychain.read(later).expect("read").is_some(), "{item:?} took {later:?} along");
        }
    }
}

/// C42: what Windows would fold together (case, the dot it joins with) is refused everywhere, and nothing is stored.
fn names_that_systems_confuse_are_refused(open: Open<'_>) {
    let mut keychain = open();
    let long = "x".repeat(65);
    for name in
        ["", "Anna", "anna.front", "a/b", "a\\b", "*", "anna@clinic", "anna ", "änna", "a\0", "a_b", long.as_str()]
    {
        let item = ItemName(name.to_owned());
        assert!(matches!(keychain.read(&item), Err(KeychainError::Broken(_))), "read {name:?}");
        assert!(matches!(keychain.write(&item, &secret(b"v")), Err(KeychainError::Broken(_))), "write {name:?}");
        assert!(matches!(keychain.remove(&item), Err(KeychainError::Broken(_))), "remove {name:?}");
    }
    assert_eq!(keychain.read(&ItemName("anna".to_owned())), Ok(None));
}

/// C43: Windows takes 2,560 bytes; our longest value fits, and one too long is an error that keeps the old value.
fn the_longest_value_fits(open: Open<'_>) {
    let (item, mut keychain) = (item("long"), open());
    let longest: Vec<u8> = (0..=250).cycle().take(LONGEST_VALUE).collect();
    assert_eq!(keychain.write(&item, &secret(&longest)), Ok(()));
    let too_long = vec![b'7'; LONGEST_VALUE + 1];
    let refused = keychain.write(&item, &secret(&too_long)).expect_err("too long");
    assert!(matches!(refused, KeychainError::Broken(_)));
    assert!(!format!("{refused:?}").contains("77"), "an error shows the value");
    assert_eq!(keychain.read(&item), Ok(Some(secret(&longest))));
    assert_eq!(keychain.remove(&item), Ok(()));
}
