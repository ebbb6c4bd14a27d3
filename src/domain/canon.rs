//! One unambiguous way to turn fields into bytes, for everything that is authenticated.
//!
//! Each field is its kind, its length as eight big-endian bytes, and its content: no two lists of fields give the
//! same bytes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1).
pub type Tag = [u8; 32];

/// Fields on their way into a tag or into an AEAD's associated data.
#[derive(Default)]
pub struct Canon(Vec<u8>);

impl Canon {
    /// Starts with what the fields are: "clinic row 1" and "person row 1" never collide.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        Self::default().text(kind)
    }

    fn field(mut self, kind: u8, content: &[u8]) -> Self {
        self.0.push(kind);
        self.0.extend_from_slice(&(content.len() as u64).to_be_bytes());
        self.0.extend_from_slice(content);
        self
    }

    /// A text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.field(b't', text.as_bytes())
    }

    /// Bytes.
    #[must_use]
    pub fn bytes(self, bytes: &[u8]) -> Self {
        self.field(b'b', bytes)
    }

    /// A whole number.
    #[must_use]
    pub fn int(self, number: impl Into<i128>) -> Self {
        self.field(b'i', &number.into().to_be_bytes())
    }

    /// Something that may be absent; absent differs from every present value.
    #[must_use]
    pub fn maybe<T>(self, value: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => write(self.field(b'+', b""), value),
            None => self.field(b'-', b""),
        }
    }

    /// The bytes themselves, as associated data.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// The tag of the fields under a key.
    #[must_use]
    pub fn tag(self, key: &[u8; 32]) -> Tag {
        tag(key, &self.0)
    }
}

/// HMAC-SHA-256 of a message.
#[must_use]
pub fn tag(key: &[u8; 32], message: &[u8]) -> Tag {
    // An HMAC key of 32 bytes always fits its block, so the infallible constructor serves.
    let mut mac = Hmac::<Sha256>::new(&(*key).into_block());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// A 32-byte key padded to HMAC-SHA-256's block of 64 bytes (RFC 2104 section 2), which changes nothing of the tag.
trait IntoBlock {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>>;
}

impl IntoBlock for [u8; 32] {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        for (slot, byte) in block.iter_mut().zip(self) {
            *slot = byte;
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231 test case 1, its key filled up with zeros to 32 bytes: padding does not change the tag.
    #[test]
    fn rfc_4231() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(data_encoding::HEXLOWER.encode(&tag(&key, b"Hi There")), expected);
    }

    #[test]
    fn different_fields_never_give_the_same_bytes() {
        let all = [
            Canon::of("x").text("ab").text("c"),
            Canon::of("x").text("a").text("bc"),
            Canon::of("x").bytes(b"ab").bytes(b"c"),
            Canon::of("x").text("abc").text(""),
            Canon::of("x").text("abc").maybe(None::<i64>, Canon::int),
            Canon::of("x").text("abc").maybe(Some(0_i64), Canon::int),
            Canon::of("x").text("abc").int(0),
            Canon::of("y").text("ab").text("c"),
        ]
        .map(Canon::finish);
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other != one));
        }
    }
}
