//! The sentences themselves, held against the source, against each other and against our list of words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Words that mean something to us and nothing, or fear, to a receptionist.
const BANNED: &[&str] = &[
    "token",
    "tokens",
    "otp",
    "totp",
    "seed",
    "credential",
    "credentials",
    "vault",
    "tamper",
    "tampered",
    "tampering",
    "invalid",
    "failed",
    "failure",
    "abort",
    "fatal",
    "illegal",
];

/// What a service calls a thing on its own pages, from which a manager copies it: another word would not be found there.
const THEIR_OWN: &[(&str, &str)] = &[("gateway-auth", "token"), ("gateway-twilio-key-help", "token")];

/// Every message of a language as its file writes it, by key.
fn messages(language: &Language) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (file, text) in language.files {
        let mut key = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, value)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '}'])) {
                assert!(
                    found.insert(name.to_owned(), value.to_owned()).is_none(),
                    "{}/{file}: {name} stands there twice",
                    language.tag
                );
                key = Some(name.to_owned());
            } else if let Some(value) = key.as_ref().and_then(|key| found.get_mut(key)) {
                value.push('\n');
                value.push_str(line);
            }
        }
    }
    found
}

/// The keys that `tr!("…"` and `Text::new("…"` name anywhere in `src`, comments and these tests aside.
fn keys_in_source(folder: &Path, keys: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            keys_in_source(&path, keys);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("strings/tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            for opening in ["tr!(", "Text::new("] {
                let mut before = "";
                for piece in code.split(opening) {
                    // `include_str!(` and `SecretText::new(` end the same way.
                    let whole = !before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
                    let key = piece.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
                    if let (true, Some((key, _))) = (whole, key) {
                        keys.insert(key.to_owned());
                    }
                    before = piece;
                }
            }
        }
    }
}

#[test]
fn every_file_parses_without_a_mistake() {
    for language in LANGUAGES {
        for (file, text) in language.files {
            let parsed = FluentResource::try_new((*text).to_owned());
            assert!(parsed.is_ok(), "{}/{file}: {:?}", language.tag, parsed.err().map(|(_, errors)| errors));
        }
    }
}

#[test]
fn every_key_the_source_names_exists() {
    let mut keys = BTreeSet::new();
    keys_in_source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut keys);
    for language in LANGUAGES {
        let known = messages(language);
        let missing: Vec<_> = keys.iter().filter(|key| !known.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{} has no words for {missing:?}", language.tag);
    }
}

/// A sentence that nobody says is one that translators work on for nothing.
#[test]
fn every_sentence_is_said_somewhere() {
    let mut source = String::new();
    source_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    let said = |key: &str| source.contains(&format!("\"{key}\""));
    // A failure's two sentences are named together, by what they have in common.
    let pair = |key: &str| key.strip_prefix("err-").or_else(|| key.strip_prefix("do-")).map(str::to_owned);
    let by_pair = |key: &str| pair(key).is_some_and(|name| said(&name) || said(&format!("err-{name}")));
    let known = messages(&LANGUAGES[0]);
    let never: Vec<_> = known.keys().filter(|key| !said(key) && !by_pair(key)).collect();
    assert!(never.is_empty(), "{never:?}");
}

/// Everything written in the source, tests left out: what only they say is said to nobody.
fn source_of(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            source_of(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_language_has_the_same_keys() {
    let first: BTreeSet<String> = messages(&LANGUAGES[0]).into_keys().collect();
    for language in LANGUAGES {
        let own: BTreeSet<String> = messages(language).into_keys().collect();
        let differing: Vec<_> = first.symmetric_difference(&own).collect();
        assert!(differing.is_empty(), "{}: {differing:?}", language.tag);
    }
}

/// What happened never stands without what to do, nor the other way round (`do-x-windows` goes with `err-x`).
#[test]
fn what_happened_and_what_to_do_come_in_pairs() {
    let known = messages(&LANGUAGES[0]);
    for key in known.keys() {
        if let Some(name) = key.strip_prefix("err-") {
            assert!(known.contains_key(&format!("do-{name}")), "{key} has no do-{name}");
        }
        if let Some(name) = key.strip_prefix("do-") {
            let paired = known.keys().filter_map(|other| other.strip_prefix("err-"));
            assert!(paired.clone().any(|other| name == other || name.starts_with(&format!("{other}-"))), "{key} alone");
        }
    }
}

#[test]
fn no_sentence_uses_a_word_that_frightens() {
    for (key, sentence) in messages(&LANGUAGES[0]) {
        let lower = sentence.to_lowercase();
        let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).collect();
        let theirs = |word: &str| THEIR_OWN.iter().any(|(there, own)| *there == key && *own == word);
        for word in BANNED.iter().filter(|word| !theirs(word)) {
            assert!(!words.contains(word), "{key}: {word:?} in {sentence:?}");
        }
        for pair in words.windows(2) {
            let numbered = pair[0] == "error" && pair[1].starts_with(|letter: char| letter.is_ascii_digit());
            assert!(!numbered, "{key}: a numbered error in {sentence:?}");
        }
        assert!(!sentence.trim_end().ends_with(':'), "{key} ends in a colon");
    }
}

/// Two sentences at most, and short ones: they are read by someone with a patient waiting.
#[test]
fn refusals_are_short() {
    for (key, sentence) in messages(&LANGUAGES[0]) {
        if (key.starts_with("err-") || key.starts_with("do-")) && !sentence.contains('\n') {
            assert!(sentence.len() <= 150, "{key} has {} characters", sentence.len());
            assert!(sentence.starts_with(['{', '"']) || sentence.starts_with(char::is_uppercase), "{key}: {sentence}");
            assert!(sentence.ends_with(['.', '}', '?']), "{key}: {sentence}");
        }
    }
}

#[test]
fn values_go_into_the_sentence() {
    assert_eq!(tr!("lock-wait", time = "4:12"), "You can try again in 4:12");
    assert_eq!(tr!("do-code-used", seconds = 1), "The next one comes in 1 second.");
    assert_eq!(tr!("do-code-used", seconds = 12_u64), "The next one comes in 12 seconds.");
    assert_eq!(tr!("in-spare-left", count = 0), "You have no spare codes left.");
    assert_eq!(tr!("do-not-a-code", office = "ClinicOffice".to_owned()).find('\u{2068}'), None, "no direction marks");
}

#[test]
fn a_missing_key_or_value_never_panics() {
    assert_eq!(Text::new("no-such-sentence").get(), "no-such-sentence");
    assert_eq!(tr!("lock-wait"), "You can try again in {$time}");
    assert_eq!(Words::new("tlh").say(&Text::new("cancel")), "Cancel");
    assert_eq!(Words::new("").say(&Text::new("cancel")), "Cancel");
}

#[test]
fn words_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Words>();
    shared::<Text>();
}
