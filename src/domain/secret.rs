//! Secrets: wiped when dropped, never printed.
//!
//! `Debug` of both types is a fixed word. Neither implements `Display`,
//! `Serialize` or `Clone`: a copy is asked for by name.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// Secret bytes: a key, a seed, a sealed thing opened.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over; the caller's own copies are the caller's to wipe.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A second copy, asked for by name so that it is seen where it happens.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::new(self.0.to_vec())
    }

    /// The bytes, for the one who must use them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// Secret text: a password, a typed code, a spare code.
#[derive(Default)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A second copy, asked for by name.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::new(self.0.to_string())
    }

    /// The text, for the one who must use it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing has been typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself, for a text field to edit in place.
    #[must_use]
    pub fn edit(&mut self) -> &mut String {
        &mut self.0
    }

    /// Takes the text out and leaves an empty, wiped field behind.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Wipes the text in place.
    pub fn wipe(&mut self) {
        self.0.zeroize();
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretText {}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_content() {
        let bytes = Secret::new(b"482913".to_vec());
        let text = SecretText::from("482913");
        for shown in [format!("{bytes:?}"), format!("{text:?}"), format!("{text:#?}")] {
            assert!(!shown.contains("482913") && !shown.contains('6'), "{shown}");
        }
    }

    #[test]
    fn taking_leaves_nothing_behind() {
        let mut text = SecretText::from("harbour-lemon-kettle");
        assert_eq!(text.take().expose(), "harbour-lemon-kettle");
        assert!(text.is_empty());
    }
}
