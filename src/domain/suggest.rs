//! A password to suggest: three plain words.
//!
//! Three of 1,747 words are 2^32 choices. That is plenty behind Argon2id, the waits and the device key,
//! and a person can remember it. Randomness is an argument.

use crate::domain::secret::SecretText;

/// The words: see `assets/words/README.md` for their source and licence.
const LIST: &str = include_str!("../../assets/words/en.txt");

/// How many words make a suggestion.
const WORDS: usize = 3;

/// No suggestion is shorter, in characters: the rule that a typed password has to keep too.
pub const SHORTEST: usize = 12;

/// Words that together were too short are drawn again, at most so often.
///
/// Three words of four letters make 14 characters, so this is never needed with today's list; it is here so that
/// a list of another language cannot break the promise.
const DRAWS: usize = 64;

/// A suggestion: three words of the list, joined by dashes, at least [`SHORTEST`] characters.
///
/// `random` is called for fresh random bytes as often as needed (two bytes at a time).
///
/// # Errors
/// What `random` answered, when it could not.
pub fn suggest<E>(mut random: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<SecretText, E> {
    let list: Vec<&str> = LIST.lines().collect();
    let mut text = SecretText::default();
    for _ in 0..DRAWS {
        text.wipe();
        for place in 0..WORDS {
            let word = list.get(below(list.len(), &mut random)?).copied().unwrap_or_default();
            if place > 0 {
                text.edit().push('-');
            }
            text.edit().push_str(word);
        }
        if text.expose().len() >= SHORTEST {
            break;
        }
    }
    Ok(text)
}

/// A number from 0 up to but not including `count`, each as likely as the other.
///
/// Numbers above the largest multiple of `count` are thrown away: a plain remainder would favour the first words.
fn below<E>(count: usize, random: &mut impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<usize, E> {
    let count = u16::try_from(count).unwrap_or(u16::MAX).max(1);
    let fair = u16::MAX - u16::MAX % count;
    loop {
        let mut bytes = [0; 2];
        random(&mut bytes)?;
        let drawn = u16::from_le_bytes(bytes);
        if drawn < fair {
            return Ok(usize::from(drawn % count));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};
    use std::convert::Infallible;

    use super::*;

    /// A generator that counts through every two-byte value, so that the test is exhaustive and not a matter of luck.
    fn counter() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
        let mut next = 0_u16;
        move |bytes| {
            bytes.copy_from_slice(&next.to_le_bytes());
            next = next.wrapping_add(1);
            Ok(())
        }
    }

    #[test]
    fn the_list_is_plain() {
        let words: Vec<&str> = LIST.lines().collect();
        assert!(words.len() >= 1_700, "{}", words.len());
        assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len());
        for word in words {
            assert!((4..=9).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase()), "{word:?}");
        }
    }

    #[test]
    fn every_word_is_as_likely_as_any_other() {
        let count = LIST.lines().count();
        let mut values = 0..=u16::MAX;
        let mut random = |bytes: &mut [u8]| match values.next() {
            Some(value) => {
                bytes.copy_from_slice(&value.to_le_bytes());
                Ok(())
            }
            None => Err("every value has been drawn"),
        };
        // Every value of the generator once: each word must come the same number of times, exactly.
        let mut seen: HashMap<usize, u32> = HashMap::new();
        while let Ok(n) = below(count, &mut random) {
            *seen.entry(n).or_default() += 1;
        }
        assert_eq!(seen.len(), count);
        assert_eq!(seen.values().collect::<HashSet<_>>().len(), 1, "some words come more often");
    }

    #[test]
    fn a_suggestion_keeps_the_rules() {
        let mut random = counter();
        for _ in 0..20_000 {
            let Ok(text) = suggest(&mut random);
            let text = text.expose();
            assert!(text.len() >= SHORTEST, "{text}");
            assert_eq!(text.split('-').count(), WORDS, "{text}");
            assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{text}");
        }
    }

    #[test]
    fn no_randomness_means_no_suggestion() {
        assert!(suggest(|_| Err("the generator did not answer")).is_err());
    }
}
