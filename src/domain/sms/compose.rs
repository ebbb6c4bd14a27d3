//! The text itself: one part, and either an alphabet that every telephone has (GSM 03.38) or Unicode on purpose.
//!
//! A gateway that is handed a letter it does not know sends "?" and says nothing. So it is never handed one.

use unicode_normalization::UnicodeNormalization;

use super::Letters;
use crate::domain::secret::SecretText;

/// How a text is coded on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// GSM 03.38: 160 letters a part.
    Gsm7,
    /// UCS-2: 70 letters a part.
    Unicode,
}

/// A text that is ready to be sent. It holds a code, so it is never printed.
#[derive(Debug)]
pub struct Message {
    /// The words.
    pub body: SecretText,
    /// How it must be coded.
    pub alphabet: Alphabet,
}

/// GSM 03.38's basic table, in its order (3GPP TS 23.038, 6.2.1), without the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: each of these takes two places.
const EXTENDED: &str = "^{}\\[~]|€";
/// Places in one part.
const PART_GSM7: usize = 160;
/// UTF-16 units in one part.
const PART_UNICODE: usize = 70;

/// How many places a letter takes in GSM 03.38; `None` where it has none.
fn places(letter: char) -> Option<usize> {
    if BASIC.contains(letter) { Some(1) } else { EXTENDED.contains(letter).then_some(2) }
}

/// How many places a text takes in GSM 03.38; `None` when a letter has none.
#[must_use]
pub fn gsm7_places(text: &str) -> Option<usize> {
    text.chars().map(places).sum()
}

/// What puts the clinic's name (and the code) into the sentences. The second one is short, for Unicode.
pub struct Compose<'a> {
    /// The usual sentences.
    pub long: &'a dyn Fn(&str) -> String,
    /// The same in few words.
    pub short: &'a dyn Fn(&str) -> String,
}

impl Compose<'_> {
    /// The text for a clinic of that name. It always fits into one part: a name that is too long is cut at a word.
    #[must_use]
    pub fn for_clinic(&self, clinic: &str, letters: Letters) -> Message {
        let plain = plain_name(clinic);
        let (body, alphabet) = match letters {
            Letters::Unicode if gsm7_places(clinic).is_none() => {
                let fits = |text: &str| text.encode_utf16().count() <= PART_UNICODE;
                (cut_to_fit(clinic, self.short, &fits), Alphabet::Unicode)
            }
            Letters::Unicode | Letters::Plain => {
                let fits = |text: &str| gsm7_places(text).is_some_and(|places| places <= PART_GSM7);
                (cut_to_fit(&plain, self.long, &fits), Alphabet::Gsm7)
            }
        };
        Message { body: SecretText::new(body), alphabet }
    }
}

/// The sentences with as much of the name as fits.
fn cut_to_fit(name: &str, say: &dyn Fn(&str) -> String, fits: &dyn Fn(&str) -> bool) -> String {
    let whole = say(name);
    if fits(&whole) {
        return whole;
    }
    let letters: Vec<char> = name.chars().collect();
    let cut = (0..letters.len()).rev().map(|length| {
        let start: String = letters.iter().take(length).collect();
        // At a blank, where there is one not far back.
        let at_word = start.rsplit_once(' ').map_or(start.as_str(), |(before, _)| before);
        let shown = if at_word.chars().count() * 2 > length { at_word } else { &start };
        say(shown.trim_end())
    });
    cut.into_iter().find(|text| fits(text)).unwrap_or(whole)
}

/// A name in letters that every telephone has: accents go where the plain letter is known, other scripts are written in
/// Latin, pictures are left out.
fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.nfc() {
        if letter.is_control() {
            continue;
        }
        if places(letter).is_some() {
            plain.push(letter);
            continue;
        }
        let base: String = letter.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
        if base != letter.to_string() && !base.is_empty() && gsm7_places(&base).is_some() {
            plain.push_str(&base);
        } else if letter.is_alphanumeric() || is_punctuation(letter) {
            let latin = deunicode::deunicode_char(letter).unwrap_or_default();
            plain.extend(latin.chars().filter(|c| places(*c).is_some()));
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

/// Dashes and quotation marks of typesetting, which have plain fellows.
fn is_punctuation(letter: char) -> bool {
    matches!(letter, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{ab}' | '\u{bb}' | '\u{b4}' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(clinic: &str, letters: Letters) -> (String, Alphabet) {
        let say = |name: &str| {
            format!("482913 is your code for {name}. It works for 5 minutes. Never tell anyone this code.")
        };
        let short = |name: &str| format!("482913 {name}, 5 minutes. Never tell anyone this code.");
        let message = Compose { long: &say, short: &short }.for_clinic(clinic, letters);
        (message.body.expose().to_owned(), message.alphabet)
    }

    #[test]
    fn names_are_written_in_letters_that_every_telephone_has() {
        for (clinic, plain) in [
            ("Oak Tree Surgery", "Oak Tree Surgery"),
            ("Café £5 Clinic", "Café £5 Clinic"),
            ("Meddygfa Tŷ Dŵr", "Meddygfa Ty Dwr"),
            ("Tooth 🦷 Fairy 😀", "Tooth Fairy"),
            ("O’Brien “Smile” – Kensington", "O'Brien \"Smile\" - Kensington"),
            ("Clínica Niño", "Clinica Niño"),
            ("Поликлиника", "Poliklinika"),
            ("Zoë's", "Zoe's"),
            ("Cafe\u{301}", "Café"),
            ("A\u{0}B\nC", "ABC"),
        ] {
            let (body, alphabet) = text(clinic, Letters::Plain);
            assert!(body.contains(&format!("for {plain}. ")), "{clinic}: {body}");
            assert_eq!(alphabet, Alphabet::Gsm7);
            assert!(!body.contains('?') && gsm7_places(&body).is_some(), "{body}");
        }
    }

    #[test]
    fn unicode_is_chosen_on_purpose_and_only_where_it_is_needed() {
        assert_eq!(text("Oak Tree Surgery", Letters::Unicode).1, Alphabet::Gsm7);
        let (body, alphabet) = text("Meddygfa Tŷ Dŵr 🦷", Letters::Unicode);
        assert_eq!(alphabet, Alphabet::Unicode);
        assert!(body.contains("Tŷ Dŵr") && body.encode_utf16().count() <= 70, "{body}");
    }

    #[test]
    fn a_text_is_one_part_however_long_the_name_is() {
        for name in ["word ".repeat(60), "x".repeat(300), "€".repeat(100), "ŵ".repeat(200), "🦷".repeat(90)] {
            for letters in [Letters::Plain, Letters::Unicode] {
                let (body, alphabet) = text(&name, letters);
                assert!(body.starts_with("482913"), "{body}");
                let fits = match alphabet {
                    Alphabet::Gsm7 => gsm7_places(&body).is_some_and(|places| places <= 160),
                    Alphabet::Unicode => body.encode_utf16().count() <= 70,
                };
                assert!(fits, "{body}");
            }
        }
    }
}
