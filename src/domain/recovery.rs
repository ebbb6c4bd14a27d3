//! Recovery codes ("spare codes" on screen) and the clinic recovery key ("the clinic's spare key").
//!
//! Both are written in Crockford's base32: no letters that look alike, and what people write instead is understood.
//! A recovery code is 80 bits in four groups of four; the clinic recovery key is 160 bits in eight.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::canon::{Canon, Tag};
use super::dice::{Dice, NoRandomness};
use super::keys::Key;
use super::secret::{Secret, SecretText};

/// How many recovery codes a person has.
pub const CODES: u8 = 10;
/// Bytes of a recovery code: 80 bits.
pub const CODE_LEN: usize = 10;
/// Bytes of the clinic recovery key: 160 bits.
pub const CLINIC_KEY_LEN: usize = 20;
/// From this many codes left on, the person is warned.
pub const FEW_LEFT: u8 = 2;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A typed text that cannot be such a code: it is no attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASpare;

/// `N` secret bytes that are written on paper.
pub struct OnPaper<const N: usize>(Zeroizing<[u8; N]>);

/// One recovery code.
pub type RecoveryCode = OnPaper<CODE_LEN>;
/// The clinic recovery key.
pub type ClinicKey = OnPaper<CLINIC_KEY_LEN>;

impl<const N: usize> std::fmt::Debug for OnPaper<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnPaper(hidden)")
    }
}

impl<const N: usize> OnPaper<N> {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`] from the dice.
    pub fn roll(dice: &mut Dice) -> Result<Self, NoRandomness> {
        dice.bytes().map(Self)
    }

    /// As it is printed: groups of four with dashes.
    #[must_use]
    pub fn written(&self) -> SecretText {
        let mut text = String::with_capacity(N * 2);
        let mut bits = 0_u32;
        let mut held = 0_u32;
        let mut letters = 0;
        for &byte in self.0.iter() {
            held = (held << 8 | u32::from(byte)) & 0xffff;
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                if letters > 0 && letters % 4 == 0 {
                    text.push('-');
                }
                let letter = ALPHABET.get((held >> bits & 31) as usize).copied().unwrap_or_default();
                text.push(char::from(letter));
                letters += 1;
            }
        }
        SecretText::new(text)
    }

    /// Reads what a person typed from paper: case, blanks and dashes do not matter, O is 0, I and L are 1.
    ///
    /// # Errors
    /// [`NotASpare`] when it has not the right number of letters or one outside the alphabet.
    pub fn parse(typed: &str) -> Result<Self, NotASpare> {
        let mut bytes = Zeroizing::new([0; N]);
        let mut bits = 0_u32;
        let mut held = 0_u32;
        let mut filled = 0;
        // Anything much longer than a code with blanks is none, however long it is, and whatever it begins with.
        let longest = 8 * N + 64;
        for (at, c) in typed.chars().enumerate() {
            if at == longest {
                return Err(NotASpare);
            }
            let Some(value) = value_of(c)? else { continue };
            held = (held << 5 | value) & 0xffff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                *bytes.get_mut(filled).ok_or(NotASpare)? = (held >> bits & 0xff) as u8;
                filled += 1;
            }
        }
        // N is a multiple of five, so a whole code leaves no bits over.
        if filled == N && bits == 0 { Ok(Self(bytes)) } else { Err(NotASpare) }
    }

    /// The bytes, for a key derivation.
    #[must_use]
    pub fn secret(&self) -> Secret {
        Secret::new(self.0.to_vec())
    }
}

/// A letter's value, `None` for what is only there for the eye.
fn value_of(c: char) -> Result<Option<u32>, NotASpare> {
    let plain = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}' | '\u{feff}') => {
            return Ok(None);
        }
        c => c,
    };
    let at = ALPHABET.iter().position(|&letter| char::from(letter) == plain).ok_or(NotASpare)?;
    u32::try_from(at).map(Some).map_err(|_| NotASpare)
}

/// What is stored of a recovery code: a tag under a key that only the DEK opens, bound to person and place on the sheet.
#[must_use]
pub fn stored_tag(key: &Key, person: &str, number: u8, code: &RecoveryCode) -> Tag {
    Canon::of("clinic2fa recovery code 1").text(person).int(number).bytes(code.0.as_slice()).tag(key.expose())
}

/// Whether a code is the one behind a stored tag, in constant time.
#[must_use]
pub fn is_stored(key: &Key, person: &str, number: u8, code: &RecoveryCode, tag: &Tag) -> bool {
    stored_tag(key, person, number, code).ct_eq(tag).into()
}

/// Whether the proof typed from paper is the end of what was shown: its last four letters.
#[must_use]
pub fn ends_with(shown: &SecretText, typed: &str) -> bool {
    let letters = |text: &str| text.chars().filter_map(|c| value_of(c).ok().flatten()).collect::<Vec<_>>();
    let (shown, typed) = (letters(shown.expose()), letters(typed));
    typed.len() == 4 && shown.ends_with(&typed)
}

#[cfg(test)]
mod tests {
    use super::super::dice::loaded;
    use super::*;

    #[test]
    fn written_and_read_back() {
        let mut dice = loaded(1);
        for _ in 0..200 {
            let code = RecoveryCode::roll(&mut dice).unwrap();
            let written = code.written();
            assert_eq!(written.expose().len(), 19);
            assert_eq!(RecoveryCode::parse(written.expose()).unwrap().0, code.0);
            let key = ClinicKey::roll(&mut dice).unwrap();
            assert_eq!(key.written().expose().len(), 39);
            assert_eq!(ClinicKey::parse(key.written().expose()).unwrap().0, key.0);
        }
        assert_eq!(OnPaper(Zeroizing::new([0; 10])).written().expose(), "0000-0000-0000-0000");
        assert_eq!(OnPaper(Zeroizing::new([0xff; 10])).written().expose(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    }

    // C72: copied from paper.
    #[test]
    fn look_alikes_case_and_blanks_are_understood() {
        let code = RecoveryCode::parse("1Y00-4B81-0000-ZZZZ").unwrap();
        for typed in ["1y004b810000zzzz", "ly0o 4b8i OOoo zzzz", " 1Y00–4B81\u{a0}0000-ZZZZ\r\n", "IY00-4B8L-0000-ZZZZ"]
        {
            assert_eq!(RecoveryCode::parse(typed).unwrap().0, code.0, "{typed}");
        }
        let huge = "A".repeat(1 << 20);
        for typed in ["", "    ", "1Y00-4B81-0000-ZZZ", "1Y00-4B81-0000-ZZZZZ", "1Y00-4B81-0000-ZZZU", "●●●●", &huge]
        {
            assert!(RecoveryCode::parse(typed).is_err(), "{}", typed.chars().take(30).collect::<String>());
        }
    }

    // C69: zeros at the start are part of the code.
    #[test]
    fn leading_zeros_count() {
        let code = RecoveryCode::parse("0000-0000-0000-0017").unwrap();
        assert_eq!(code.written().expose(), "0000-0000-0000-0017");
        assert!(RecoveryCode::parse("17").is_err());
    }

    #[test]
    fn a_tag_is_bound_to_key_person_and_number() {
        let mut dice = loaded(2);
        let (key, other) = (Key::roll(&mut dice).unwrap(), Key::roll(&mut dice).unwrap());
        let code = RecoveryCode::roll(&mut dice).unwrap();
        let tag = stored_tag(&key, "msantos", 3, &code);
        assert!(is_stored(&key, "msantos", 3, &code, &tag));
        assert!(!is_stored(&key, "msantos", 4, &code, &tag));
        assert!(!is_stored(&key, "bjones", 3, &code, &tag));
        assert!(!is_stored(&other, "msantos", 3, &code, &tag));
        let another = RecoveryCode::roll(&mut dice).unwrap();
        assert!(!is_stored(&key, "msantos", 3, &another, &tag));
    }

    #[test]
    fn the_proof_is_the_last_four_letters() {
        let shown = SecretText::from("K7QF-2MNP-X9RD-40WB");
        for right in ["40WB", "4owb", " 40-wb "] {
            assert!(ends_with(&shown, right), "{right}");
        }
        for wrong in ["", "0WB", "D40WB", "40WC", "X9RD"] {
            assert!(!ends_with(&shown, wrong), "{wrong}");
        }
    }
}
