//! Names of clinics and people: tidied, told apart, and given a short Latin id.

use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, RestrictionLevel, RestrictionLevelDetection};

/// Longest name in characters.
pub const LONGEST: usize = 80;

/// Why a name was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// Nothing but blanks.
    Empty,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// A control or invisible character.
    Control,
    /// Letters of scripts that look alike in one word, such as a Cyrillic "а" among Latin letters (UTS 39).
    LookAlikes,
}

/// A name as a person typed it: NFC, blanks at the ends gone, runs of blanks made one.
///
/// # Errors
/// [`BadName`], with the one reason that a person can act on.
pub fn tidy(typed: &str) -> Result<String, BadName> {
    let composed: String = typed.nfc().collect();
    let name = composed.split(' ').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        Err(BadName::Empty)
    } else if name.chars().any(|c| c.is_control() || is_invisible(c)) {
        Err(BadName::Control)
    } else if name.chars().count() > LONGEST {
        Err(BadName::TooLong)
    } else if name.split(' ').any(mixes_scripts) {
        Err(BadName::LookAlikes)
    } else {
        Ok(name)
    }
}

/// The name or address of a computer as typed, with or without a port; empty for none, `None` for anything else.
#[must_use]
pub fn server_name(typed: &str) -> Option<String> {
    let name = typed.trim();
    // RFC 1035 section 2.3.4: 255 octets with lengths, so 253 characters.
    let plain = name.len() <= 253 && name.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    plain.then(|| name.to_owned())
}

/// Characters that change nothing a person sees, and with which one name could be written twice.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether one word mixes scripts in a way that no language does: more than UTS 39's "moderately restrictive" allows.
fn mixes_scripts(word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
    letters.detect_restriction_level() > RestrictionLevel::ModeratelyRestrictive
        && !letters.chars().all(|c| !GeneralSecurityProfile::identifier_allowed(c))
}

/// Whether two names are one person, or cannot be told apart on a screen (UTS 39 section 4): as typed, in small letters
/// or in capitals, for "АННА" and "AHHA" look the same and "анна" and "ahha" do not.
#[must_use]
pub fn is_mistaken_for(one: &str, other: &str) -> bool {
    let skeleton = |name: &str| unicode_security::skeleton(name).collect::<String>();
    let looks = |name: &str| {
        let small = key(name);
        let typed: String = name.nfkc().collect();
        [skeleton(&small), skeleton(&small.to_uppercase()), skeleton(&typed)]
    };
    key(one) == key(other) || looks(one).iter().zip(looks(other)).any(|(one, other)| *one == other)
}

/// Whether a name holds a colon, which phones cannot show: worth a hint where it is typed.
#[must_use]
pub fn has_colon(name: &str) -> bool {
    name.contains(':')
}

/// What makes two spellings one person: NFKC, case folded, blanks tidied.
#[must_use]
pub fn key(name: &str) -> String {
    // By way of the capitals: "ß" is "SS", and both Greek small sigmas are one capital.
    let folded: String = name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A short Latin id from a name: first letter and last word ("Maria Santos" is `msantos`), with a number when taken.
#[must_use]
pub fn person_id(name: &str, taken: &dyn Fn(&str) -> bool) -> String {
    const LONGEST_ID: usize = 16;
    let latin = deunicode::deunicode(name).to_lowercase();
    let words: Vec<String> = latin
        .split(|c: char| c.is_whitespace() || c == '-')
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    let base = match words.as_slice() {
        [] => "person".to_owned(),
        [only] => only.clone(),
        [first, .., last] => first.chars().take(1).chain(last.chars()).collect(),
    };
    let base: String = base.chars().take(LONGEST_ID).collect();
    if !taken(&base) {
        return base;
    }
    (2_u32..).map(|n| format!("{base}{n}")).find(|id| !taken(id)).unwrap_or(base)
}

/// One or two letters for a tile.
#[must_use]
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = |word: &str| word.chars().next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    match words.as_slice() {
        [] => String::new(),
        [only] => first(only),
        [one, .., last] => first(one) + &first(last),
    }
}

/// What a person is called: the first word of the name.
#[must_use]
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tidied_or_refused_with_the_reason() {
        assert_eq!(tidy("  Oak   Tree Surgery "), Ok("Oak Tree Surgery".into()));
        assert_eq!(tidy("jose\u{301}"), Ok("jos\u{e9}".into()));
        assert_eq!(tidy(""), Err(BadName::Empty));
        assert_eq!(tidy("   "), Err(BadName::Empty));
        assert_eq!(tidy("bob\tx"), Err(BadName::Control));
        assert_eq!(tidy("Anna\u{200b}"), Err(BadName::Control));
        assert_eq!(tidy(&"x".repeat(81)), Err(BadName::TooLong));
    }

    // C97: one person, whatever the spelling.
    #[test]
    fn spellings_of_one_name_have_one_key() {
        for spelling in ["anna", "ANNA", " Anna ", "\u{ff21}\u{ff4e}\u{ff4e}\u{ff41}"] {
            assert_eq!(key(spelling), "anna", "{spelling}");
        }
        assert_eq!(key("jos\u{e9}"), key("JOSE\u{301}"));
        assert_eq!(key("Γιώργος"), key("ΓΙΏΡΓΟΣ"));
        assert_eq!(key("Jürgen Weiß"), key("JÜRGEN WEISS"));
        assert_ne!(key("山田 花子"), key("山本 花子"));
    }

    // C97: a Cyrillic letter in a Latin word; whole words of one script, and what Japanese names mix, are fine.
    #[test]
    fn look_alike_scripts_are_refused() {
        for bad in ["\u{430}dmin", "M\u{430}ria Santos", "Anna Sm\u{456}th"] {
            assert_eq!(tidy(bad), Err(BadName::LookAlikes), "{bad}");
        }
        for good in
            ["Анна Петрова", "Anna Петрова", "山田 花子", "محمد علي", "נועה", "สมชาย", "O'Brien-Müller", "Łukasz"]
        {
            assert!(tidy(good).is_ok(), "{good}");
        }
        for (one, other) in [
            ("сор", "cop"),
            ("\u{410}\u{41d}\u{41d}\u{410}", "AHHA"),
            ("Al Smith", "AI Smith"),
            ("Maria Santos", "MARIA SANTOS"),
            ("\u{410}\u{43d}\u{43d}\u{430}", "\u{430}\u{43d}\u{43d}\u{430}"),
        ] {
            assert!(is_mistaken_for(one, other) && is_mistaken_for(other, one), "{one} {other}");
        }
        for (one, other) in [("Anna", "Ann"), ("Ian", "Lan"), ("山田 花子", "山本 花子"), ("Anna", "Анна Петрова")]
        {
            assert!(!is_mistaken_for(one, other), "{one} {other}");
        }
    }

    #[test]
    fn ids_are_short_latin_and_unique() {
        let none = |_: &str| false;
        assert_eq!(person_id("Maria Santos", &none), "msantos");
        assert_eq!(person_id("Anna", &none), "anna");
        assert_eq!(person_id("José María García", &none), "jgarcia");
        assert_eq!(person_id("Maria Santos", &|id| id == "msantos"), "msantos2");
        assert_eq!(person_id("!!!", &none), "person");
        for name in ["山田 花子", "محمد علي", "נועה", "สมชาย", "x"] {
            let id = person_id(name, &none);
            assert!(!id.is_empty() && id.len() <= 16 && id.chars().all(|c| c.is_ascii_alphanumeric()), "{name}: {id}");
        }
    }

    #[test]
    fn initials_and_first_names() {
        assert_eq!(initials("Maria dos Santos"), "MS");
        assert_eq!(initials("anna"), "A");
        assert_eq!(first_name("Maria Santos"), "Maria");
    }
}
