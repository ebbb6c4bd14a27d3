//! Keys, what they are derived from, and the one way things are sealed.
//!
//! ```text
//! DEK, 32 random bytes, one per clinic
//!   person's slot     wrapped by HKDF( Argon2id(password, salt) || device key )
//!   activation slot   wrapped by HKDF( Argon2id(one-time code, salt) || device key ), for a new or reset person
//!   recovery slot     wrapped by HKDF( clinic recovery key )                      needs no keychain
//! device key, 32 bytes, in the OS keychain; a copy sealed under the DEK
//!   state key, audit key    its HKDF children: counting and judging work before anyone is signed in
//! ```
//!
//! HKDF is RFC 5869 with SHA-256. The AEAD is XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) everywhere.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::canon::Canon;
use super::dice::{Dice, NoRandomness};
use super::page::KeyPage;
use super::secret::Secret;

/// A key of 256 bits on a page of its own, wiped when dropped, never printed.
pub struct Key(KeyPage);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

/// A sealed thing that does not open: the wrong key, another place, or damage. Which one is never known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoesNotOpen;

impl Key {
    /// A new random key.
    ///
    /// # Errors
    /// [`NoRandomness`] from the dice.
    pub fn roll(dice: &mut Dice) -> Result<Self, NoRandomness> {
        Self::made(|key| dice.fill(key))
    }

    /// A key whose bytes are written where they stay.
    ///
    /// # Errors
    /// What `write` answers.
    pub fn made<E>(write: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Self, E> {
        let mut page = KeyPage::blank();
        write(page.fill())?;
        Ok(Self(page))
    }

    /// A stored key.
    ///
    /// # Errors
    /// [`DoesNotOpen`] when it has not 32 bytes.
    pub fn from_stored(bytes: &Secret) -> Result<Self, DoesNotOpen> {
        let stored: &[u8; 32] = bytes.expose().try_into().map_err(|_| DoesNotOpen)?;
        Ok(Self::copied(stored))
    }

    fn copied(bytes: &[u8; 32]) -> Self {
        let mut page = KeyPage::blank();
        page.fill().copy_from_slice(bytes);
        Self(page)
    }

    /// The key's bytes, for storing it where keys are stored.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        Secret::new(self.0.bytes().to_vec())
    }

    /// A second copy, asked for by name.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::copied(self.0.bytes())
    }

    /// The bytes, for a tag.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// A child key for one purpose (RFC 5869; `parts` are the input keying material, in order).
    #[must_use]
    pub fn derive(parts: &[&[u8]], salt: &[u8], purpose: &str) -> Self {
        let mut material = Zeroizing::new(parts.concat());
        let hkdf = Hkdf::<Sha256>::new(Some(salt), &material);
        material.zeroize();
        let mut out = KeyPage::blank();
        // 32 bytes are one block of SHA-256; expansion can only refuse more than 255 blocks.
        let expanded = hkdf.expand(purpose.as_bytes(), out.fill());
        debug_assert!(expanded.is_ok(), "one block always expands");
        Self(out)
    }

    /// Seals `plain` for one place.
    ///
    /// # Errors
    /// [`NoRandomness`] when no nonce could be made.
    pub fn seal(&self, plain: &Secret, place: &Place<'_>, dice: &mut Dice) -> Result<Vec<u8>, NoRandomness> {
        let nonce = dice.bytes::<NONCE_LEN>()?;
        let cipher = XChaCha20Poly1305::new(self.0.bytes().into());
        let payload = Payload { msg: plain.expose(), aad: &place.associated_data() };
        // The cipher refuses only messages beyond 256 GiB; ours are keys.
        let body = cipher.encrypt(&XNonce::from(*nonce), payload).map_err(|_| NoRandomness)?;
        Ok([&[FORMAT], nonce.as_slice(), &body].concat())
    }

    /// Opens what [`Key::seal`] made for the same place.
    ///
    /// # Errors
    /// [`DoesNotOpen`] for another key, place or format, and for damage.
    pub fn open(&self, sealed: &[u8], place: &Place<'_>) -> Result<Secret, DoesNotOpen> {
        let (&format, rest) = sealed.split_first().ok_or(DoesNotOpen)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(DoesNotOpen)?;
        if format != FORMAT {
            return Err(DoesNotOpen);
        }
        let cipher = XChaCha20Poly1305::new(self.0.bytes().into());
        let payload = Payload { msg: body, aad: &place.associated_data() };
        cipher.decrypt(&XNonce::from(*nonce), payload).map(Secret::new).map_err(|_| DoesNotOpen)
    }
}

/// First byte of everything sealed.
const FORMAT: u8 = 1;
const NONCE_LEN: usize = 24;

/// What a sealed thing is and whose: bound as associated data, so that nothing sealed works anywhere else.
pub struct Place<'a> {
    /// The clinic's random id.
    pub clinic: &'a str,
    /// The person's or factor's id; empty for what belongs to the clinic.
    pub owner: &'a str,
    /// What it is.
    pub kind: Kind,
    /// The parameters of the key derivation, where there is one.
    pub kdf: Option<&'a str>,
}

/// The kinds of sealed things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The DEK in a person's slot.
    PersonSlot,
    /// The DEK under a one-time activation code.
    ActivationSlot,
    /// The DEK in the clinic's recovery slot.
    RecoverySlot,
    /// The copy of the device key.
    DeviceKey,
    /// A TOTP seed.
    Seed,
    /// The key that a person's recovery codes are stored under.
    RecoveryCodeKey,
    /// A telephone number.
    Telephone,
    /// The password of the service that sends texts, bound to where it is.
    SmsSecret,
    /// The database key that signing in releases.
    DatabaseKey,
    /// The database key that is going to take its place.
    NextDatabaseKey,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::PersonSlot => "person slot",
            Kind::ActivationSlot => "activation slot",
            Kind::RecoverySlot => "recovery slot",
            Kind::DeviceKey => "device key",
            Kind::Seed => "seed",
            Kind::RecoveryCodeKey => "recovery-code key",
            Kind::Telephone => "telephone number",
            Kind::SmsSecret => "sms gateway password",
            Kind::DatabaseKey => "database key",
            Kind::NextDatabaseKey => "next database key",
        }
    }
}

impl Place<'_> {
    fn associated_data(&self) -> Vec<u8> {
        Canon::of("clinic2fa sealed 1")
            .text(self.clinic)
            .text(self.owner)
            .text(self.kind.name())
            .maybe(self.kdf, Canon::text)
            .finish()
    }
}

/// The two children of the device key that work before anyone is signed in.
pub struct StateKeys {
    /// MACs of state rows.
    pub state: Key,
    /// The audit log's chain.
    pub audit: Key,
}

impl StateKeys {
    /// Derives them.
    #[must_use]
    pub fn of(device: &Key, clinic: &str) -> Self {
        let child = |purpose| Key::derive(&[device.expose()], clinic.as_bytes(), purpose);
        Self { state: child("clinic2fa state key 1"), audit: child("clinic2fa audit key 1") }
    }
}

/// The key that wraps a person's slot, from the stretched password and the device key.
#[must_use]
pub fn slot_key(stretched: &Key, device: &Key, clinic: &str) -> Key {
    Key::derive(&[stretched.expose(), device.expose()], clinic.as_bytes(), "clinic2fa person slot 1")
}

/// The key that wraps the recovery slot, from the clinic recovery key alone.
#[must_use]
pub fn recovery_slot_key(clinic_recovery_key: &Secret, clinic: &str) -> Key {
    Key::derive(&[clinic_recovery_key.expose()], clinic.as_bytes(), "clinic2fa recovery slot 1")
}

#[cfg(test)]
mod tests {
    use super::super::dice::loaded;
    use super::*;

    fn place(kind: Kind) -> Place<'static> {
        Place { clinic: "c1", owner: "msantos", kind, kdf: Some("m=65536,t=3,p=1") }
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_alone() {
        let mut dice = loaded(1);
        let key = Key::roll(&mut dice).unwrap();
        let sealed = key.seal(&Secret::new(b"the seed".to_vec()), &place(Kind::Seed), &mut dice).unwrap();
        assert_eq!(key.open(&sealed, &place(Kind::Seed)).unwrap().expose(), b"the seed");

        let elsewhere = [
            place(Kind::PersonSlot),
            Place { clinic: "c2", ..place(Kind::Seed) },
            Place { owner: "bjones", ..place(Kind::Seed) },
            Place { kdf: None, ..place(Kind::Seed) },
            Place { kdf: Some("m=8,t=1,p=1"), ..place(Kind::Seed) },
        ];
        for other in &elsewhere {
            assert_eq!(key.open(&sealed, other).unwrap_err(), DoesNotOpen);
        }
        let other_key = Key::roll(&mut dice).unwrap();
        assert_eq!(other_key.open(&sealed, &place(Kind::Seed)).unwrap_err(), DoesNotOpen);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let mut dice = loaded(2);
        let key = Key::roll(&mut dice).unwrap();
        let sealed = key.seal(&Secret::new(vec![7; 20]), &place(Kind::Seed), &mut dice).unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(key.open(&damaged, &place(Kind::Seed)).is_err(), "bit at {at}");
            assert!(key.open(&sealed[..at], &place(Kind::Seed)).is_err(), "cut at {at}");
        }
    }

    // RFC 5869 appendix A.3 has no salt and no info; A.1's values pin our parameter order down.
    #[test]
    fn rfc_5869_case_1() {
        let salt: Vec<u8> = (0..=0x0c).collect();
        let hkdf = Hkdf::<Sha256>::new(Some(&salt), &[0x0b; 22]);
        let mut expected = [0; 32];
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        hkdf.expand(&info, &mut expected).unwrap();
        let known = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";
        assert_eq!(data_encoding::HEXLOWER.encode(&expected), known);
        let one = Key::derive(&[&[0x0b; 10], &[0x0b; 12]], &salt, "clinic2fa");
        let whole = Key::derive(&[&[0x0b; 22]], &salt, "clinic2fa");
        assert_eq!(one.expose(), whole.expose());
    }

    #[test]
    fn nothing_prints_a_key() {
        let key = Key::roll(&mut loaded(3)).unwrap();
        assert_eq!(format!("{key:?}"), "Key(hidden)");
    }
}
