//! One conversation with the system's store, in the caller's thread: it blocks for as long as the system does.
//!
//! It never uses keyring's process-wide default store (that one keeps its first connection, even a dead one, for the
//! life of the process) and never prints a keyring error: `Debug` of `BadEncoding` and `BadDataFormat` prints the
//! secret's bytes, so each variant is turned into a fixed word here.

use std::sync::Arc;

use data_encoding::BASE64;
use keyring::{CredentialStore, Entry, Error};
use zeroize::{Zeroize, Zeroizing};

use super::{checked_name, checked_value, system};
use crate::domain::secret::Secret;
use crate::ports::{ItemName, Keychain, KeychainError};

const SERVICE: &str = "clinic2fa";

/// Before every stored value. It tells our items from foreign ones, and keeps the stored bytes from being empty, which
/// not every store can hold.
const MARK: &[u8] = b"1:";

/// The store, held as a value and rebuilt when it has died.
#[derive(Default)]
pub(super) struct Direct {
    store: Option<Arc<CredentialStore>>,
}

impl Direct {
    /// Runs one call against the item; `None` when there is no such item.
    ///
    /// A store that was built earlier may belong to a daemon that has been restarted since, and then fails for ever:
    /// it is rebuilt once. A call repeated that way may have been carried out before; all of ours bear that.
    fn ask<T>(&mut self, name: &str, call: impl Fn(&Entry) -> keyring::Result<T>) -> Result<Option<T>, KeychainError> {
        let held_before = self.store.is_some();
        let mut answer = self.ask_once(name, &call)?;
        if held_before && matches!(answer, Err(Error::PlatformFailure(_))) {
            self.store = None;
            answer = self.ask_once(name, &call)?;
        }
        match answer {
            Ok(value) => Ok(Some(value)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(in_our_words(error)),
        }
    }

    /// The outer error is "no store at all", the inner one the store's own.
    fn ask_once<T>(
        &mut self,
        name: &str,
        call: &impl Fn(&Entry) -> keyring::Result<T>,
    ) -> Result<keyring::Result<T>, KeychainError> {
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => Arc::clone(self.store.insert(system::connect()?)),
        };
        Ok(Entry::new_in_store_with_modifiers(&store, SERVICE, name, &system::modifiers())
            .and_then(|entry| call(&entry)))
    }
}

impl Keychain for Direct {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        let name = checked_name(item)?;
        match self.ask(name, |entry| entry.get_secret().map(Zeroizing::new))? {
            Some(stored) => decode(&stored).map(Some),
            None => Ok(None),
        }
    }

    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError> {
        let name = checked_name(item)?;
        let stored = encode(checked_value(value)?);
        self.ask(name, |entry| match entry.set_secret(&stored) {
            Ok(()) => Ok(()),
            Err(error) => {
                system::prepare_after(error)?;
                entry.set_secret(&stored)
            }
        })?;
        // `ask` builds a new entry: what comes back is what the keychain holds, not what a handle remembers.
        match self.read(item)? {
            Some(found) if &found == value => Ok(()),
            Some(_) => Err(KeychainError::Broken("another value came back")),
            None => Err(KeychainError::Broken("the value did not stay")),
        }
    }

    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError> {
        let name = checked_name(item)?;
        self.ask(name, Entry::delete_credential).map(|_| ())
    }

    fn describe(&self) -> String {
        system::NAME.to_owned()
    }
}

/// Text, because KWallet keeps only UTF-8; the store's binary call, because its text call doubles the size on Windows.
fn encode(value: &[u8]) -> Zeroizing<Vec<u8>> {
    // Reserved in one piece: growing would leave copies of the secret behind.
    let mut stored = Zeroizing::new(vec![0; MARK.len() + BASE64.encode_len(value.len())]);
    let (mark, text) = stored.split_at_mut(MARK.len());
    mark.copy_from_slice(MARK);
    BASE64.encode_mut(value, text);
    stored
}

fn decode(stored: &[u8]) -> Result<Secret, KeychainError> {
    const FOREIGN: KeychainError = KeychainError::Broken("not an item of ours");
    let text = stored.strip_prefix(MARK).ok_or(FOREIGN)?;
    BASE64.decode(text).map(Secret::new).map_err(|_| FOREIGN)
}

/// Every keyring error as one of our four outcomes. The payloads are wiped or dropped, never shown.
fn in_our_words(error: Error) -> KeychainError {
    match error {
        Error::PlatformFailure(cause) => system::failure(cause.as_ref()),
        Error::NoStorageAccess(cause) => system::no_access(cause.as_ref()),
        Error::NoEntry => KeychainError::Broken("the item went away"),
        Error::BadEncoding(mut bytes) => {
            bytes.zeroize();
            KeychainError::Broken("not text")
        }
        Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            KeychainError::Broken("not in the store's own form")
        }
        Error::BadStoreFormat(_) => KeychainError::Broken("the store is damaged"),
        Error::TooLong(..) => KeychainError::Broken("too long for this keychain"),
        Error::Invalid(..) => KeychainError::Broken("a name was refused"),
        // Choosing one of the two would mean trusting whoever put the second one there.
        Error::Ambiguous(_) => KeychainError::Broken("two items of one name"),
        Error::NoDefaultStore => KeychainError::Broken("no store was set"),
        Error::NotSupportedByStore(_) => KeychainError::Broken("not supported by this keychain"),
        // keyring's enum is open; a kind this version does not know is no reason to look inside it.
        _ => KeychainError::Broken("an unknown kind of error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_length_come_back_and_are_plain_text_on_the_way() {
        for length in 0..=super::super::LONGEST_VALUE {
            let value: Vec<u8> = (0..=255).rev().cycle().take(length).collect();
            let stored = encode(&value);
            assert!(stored.is_ascii() && !stored.is_empty() && stored.len() <= 2560);
            assert_eq!(decode(&stored).expect("our own").expose(), value);
        }
    }

    #[test]
    fn what_others_stored_is_not_taken_for_ours() {
        for foreign in [&b""[..], b"hunter2", b"1:!", b"1:A", b"2:QUJD", "1:ä".as_bytes()] {
            assert!(matches!(decode(foreign), Err(KeychainError::Broken(_))), "{foreign:?}");
        }
    }

    #[test]
    fn no_error_carries_the_bytes_it_was_given() {
        let secret = b"482913".to_vec();
        let shown = secret.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        let cause = || Box::new(std::io::Error::other("482913"));
        for error in [
            Error::PlatformFailure(cause()),
            Error::NoStorageAccess(cause()),
            Error::NoEntry,
            Error::BadEncoding(secret.clone()),
            Error::BadDataFormat(secret.clone(), cause()),
            Error::BadStoreFormat("482913".to_owned()),
            Error::TooLong("482913".to_owned(), 6),
            Error::Invalid("482913".to_owned(), "482913".to_owned()),
            Error::Ambiguous(Vec::new()),
            Error::NoDefaultStore,
            Error::NotSupportedByStore("482913".to_owned()),
        ] {
            let words = format!("{:?}", in_our_words(error));
            assert!(!words.contains("482913") && !words.contains(&shown), "{words}");
        }
    }
}
