//! The `otpauth` URI that the square carries (Google's Key URI format; percent-encoding by RFC 3986).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::secret::SecretText;
use super::totp::Seed;

/// What stays as it is: the unreserved characters of RFC 3986 section 2.3. A blank becomes `%20`, never `+`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest URI in bytes: what a version 10 square holds at level M in byte mode (ISO/IEC 18004 table 7).
pub const LONGEST: usize = 213;

/// Bytes of the URI that are not names: scheme, type, separators, keys and 32 letters of base32.
const FIXED: usize = "otpauth://totp/:?secret=&issuer=".len() + 32;

/// The issuer may take this many encoded bytes; it stands in the URI twice.
const LONGEST_ISSUER: usize = 36;

/// The issuer as phones show it: no colon (it ends the issuer in the label), no blanks (some apps refuse them).
#[must_use]
pub fn issuer(program: &str) -> String {
    program.nfc().filter(|c| *c != ':' && !c.is_whitespace() && !c.is_control()).collect()
}

/// The account as phones show it: the clinic's name and the person's id.
#[must_use]
pub fn account(clinic: &str, person_id: &str) -> String {
    let clean: String = clinic.nfc().filter(|c| *c != ':' && !c.is_control()).collect();
    let clinic = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    // The id tells people apart, so it is the clinic's name that gives way when both are too long.
    let room = LONGEST_ISSUER_AND_ACCOUNT.saturating_sub(encoded_len(person_id) + "%20".len());
    format!("{} {person_id}", shortened(&clinic, room)).trim().to_owned()
}

const LONGEST_ISSUER_AND_ACCOUNT: usize = LONGEST - FIXED - 2 * LONGEST_ISSUER;

/// `otpauth://totp/{issuer}:{account}?secret={base32}&issuer={issuer}`, at most [`LONGEST`] bytes: names that are too
/// long are shortened at a character's end, in the URI only.
#[must_use]
pub fn uri(issuer: &str, account: &str, seed: &Seed) -> SecretText {
    let tidy = |name: &str| name.nfc().filter(|c| *c != ':').collect::<String>();
    let issuer = shortened(&tidy(issuer), LONGEST_ISSUER);
    let issuer = utf8_percent_encode(&issuer, ENCODED).to_string();
    let account = shortened(&tidy(account), LONGEST - FIXED - 2 * issuer.len());
    let account = utf8_percent_encode(&account, ENCODED);
    let key = base32(seed);
    SecretText::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", key.expose()))
}

/// The key as people type it: 32 letters of base32 (RFC 4648 section 6) without padding or blanks.
#[must_use]
pub fn base32(seed: &Seed) -> SecretText {
    SecretText::new(data_encoding::BASE32_NOPAD.encode(seed.secret().expose()))
}

fn encoded_len(text: &str) -> usize {
    utf8_percent_encode(text, ENCODED).map(str::len).sum()
}

/// The longest start of `text` whose encoded form has at most `room` bytes.
fn shortened(text: &str, room: usize) -> String {
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += encoded_len(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::secret::Secret;
    use super::*;

    const S1: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn seed() -> Seed {
        Seed::from_stored(Secret::new(b"12345678901234567890".to_vec())).unwrap()
    }

    fn made(issuer: &str, account: &str) -> String {
        uri(issuer, account, &seed()).expose().to_owned()
    }

    // C02: blanks are %20, once, in label and issuer alike.
    #[test]
    fn names_are_percent_encoded() {
        assert_eq!(
            made("Sunrise Family Clinic", "maria.santos"),
            format!(
                "otpauth://totp/Sunrise%20Family%20Clinic:maria.santos?secret={S1}&issuer=Sunrise%20Family%20Clinic"
            )
        );
        assert_eq!(made("Clinic", "anna"), format!("otpauth://totp/Clinic:anna?secret={S1}&issuer=Clinic"));
    }

    // C01: a colon would end the issuer early.
    #[test]
    fn colons_are_dropped_everywhere() {
        assert_eq!(
            made("Clinic: North", "anna"),
            format!("otpauth://totp/Clinic%20North:anna?secret={S1}&issuer=Clinic%20North")
        );
        assert_eq!(made("Clinic", "front:desk"), format!("otpauth://totp/Clinic:frontdesk?secret={S1}&issuer=Clinic"));
        assert_eq!(issuer("Clinic: Office"), "ClinicOffice");
        assert_eq!(account("Oak: Tree", "msantos"), "Oak Tree msantos");
    }

    // C12: the square stays at version 10 or below, whatever the names; the person's id survives.
    #[test]
    fn long_names_are_shortened_in_the_uri_only() {
        let clinic = "Centro Médico Nuestra Señora de la Esperanza – Urgencias y Pediatría";
        let account = account(clinic, "rturno");
        let made = made("ClinicOffice", &account);
        assert!(made.len() <= LONGEST, "{}", made.len());
        assert!(made.contains("%20rturno?"), "{made}");
        assert!(made.starts_with("otpauth://totp/ClinicOffice:Centro%20M%C3%A9dico%20Nuestra"), "{made}");
    }

    #[test]
    fn composed_and_decomposed_names_give_one_uri() {
        assert_eq!(made("Cl\u{ed}nica", "jos\u{e9}"), made("Cli\u{301}nica", "jose\u{301}"));
    }

    #[test]
    fn the_key_is_32_letters() {
        assert_eq!(base32(&seed()).expose(), S1);
    }

    proptest::proptest! {
        #[test]
        fn never_longer_than_the_square_holds(issuer in "\\PC{0,80}", account in "\\PC{0,200}") {
            let made = made(&issuer, &account);
            proptest::prop_assert!(made.len() <= LONGEST);
            proptest::prop_assert!(made.matches(':').count() == 2);
            proptest::prop_assert!(!made.contains('+') && made.is_ascii());
        }
    }
}
