//! What makes a password good enough. Length and unpredictability, no rules about which characters.

use unicode_normalization::UnicodeNormalization;

use super::names;
use super::secret::SecretText;

/// Longest password in characters.
pub const LONGEST: usize = 128;
/// Shortest by default; the clinic may choose 8 to 64.
pub const SHORTEST: usize = 12;

/// The strength meter looks at no more than this: beyond it the time grows and the answer does not change.
const MEASURED: usize = 64;

/// Why a password was not taken, the first reason that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Fewer characters than the clinic asks for.
    Short {
        /// How many are missing.
        missing: usize,
    },
    /// More than [`LONGEST`] characters.
    TooLong,
    /// Mostly the clinic's or the person's own name.
    Name,
    /// Easy to guess: common words, rows of keys, repetition.
    Guessable,
}

/// One password has one form, whichever keyboard typed it (NFC; RFC 8265 section 4.2.2).
#[must_use]
pub fn normalised(typed: &SecretText) -> SecretText {
    SecretText::new(typed.expose().nfc().collect())
}

/// Judges a new password. `own_names` are the clinic's, the person's and the program's.
///
/// # Errors
/// [`Weak`], with the reason to show.
pub fn check(password: &SecretText, shortest: usize, own_names: &[&str]) -> Result<(), Weak> {
    let password = normalised(password);
    let length = password.expose().chars().count();
    if length < shortest {
        return Err(Weak::Short { missing: shortest - length });
    }
    if length > LONGEST {
        return Err(Weak::TooLong);
    }
    let words: Vec<String> = own_names
        .iter()
        .map(|name| names::key(name))
        .flat_map(|name| name.split(' ').map(str::to_owned).chain([name.replace(' ', "")]).collect::<Vec<_>>())
        .filter(|word| word.chars().count() >= 3)
        .collect();
    if is_mostly_names(&names::key(password.expose()), &words) {
        return Err(Weak::Name);
    }
    let start: String = password.expose().chars().take(MEASURED).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Score 3: more than 10^8 guesses; each guess costs a stretching and this computer's own key.
    let strong = zxcvbn::zxcvbn(&start, &words).score() >= zxcvbn::Score::Three;
    drop(SecretText::new(start));
    if strong { Ok(()) } else { Err(Weak::Guessable) }
}

/// Whether less than half of the password is left once the names are taken out of it.
fn is_mostly_names(password: &str, words: &[String]) -> bool {
    let mut rest = SecretText::from(password);
    for word in words {
        let without = rest.expose().replace(word, "");
        rest = SecretText::new(without);
    }
    rest.expose().chars().count() * 2 < password.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Result<(), Weak> {
        check(&password.into(), SHORTEST, &["Oak Tree Surgery", "Maria Santos", "ClinicOffice"])
    }

    #[test]
    fn table() {
        for (password, expected) in [
            ("", Err(Weak::Short { missing: 12 })),
            ("kettle-lemon", Ok(())),
            ("harbour-lemon-kettle", Ok(())),
            ("пять зелёных чайников", Ok(())),
            ("elevenchars", Err(Weak::Short { missing: 1 })),
            ("oaktreesurgery1", Err(Weak::Name)),
            ("MariaSantos2026", Err(Weak::Name)),
            ("ClinicOffice!", Err(Weak::Name)),
            ("passwordpassword", Err(Weak::Guessable)),
            ("aaaaaaaaaaaaaaaa", Err(Weak::Guessable)),
            ("qwertyuiopasdfgh", Err(Weak::Guessable)),
            ("123456789012", Err(Weak::Guessable)),
        ] {
            assert_eq!(judged(password), expected, "{password}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(judged(&"é".repeat(11)), Err(Weak::Short { missing: 1 }));
        assert_eq!(judged(&"xK7 ".repeat(33)), Err(Weak::TooLong));
    }

    #[test]
    fn composed_and_decomposed_are_one_password() {
        assert_eq!(normalised(&"cafe\u{301}".into()), normalised(&"caf\u{e9}".into()));
    }
}
