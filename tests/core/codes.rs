//! The field reports' own tables: typed codes, vectors, URIs, names. Each row is tried as it stands.

use clinic2fa::domain::code::Code;
use clinic2fa::domain::names::{self, BadName};
use clinic2fa::domain::otpauth;
use clinic2fa::domain::secret::Secret;
use clinic2fa::domain::square::Square;
use clinic2fa::domain::totp::{self, Match, Seed};
use clinic2fa::domain::verify::Verdict;

use super::clinic::{Clinic, MARIA, PASSWORD, STEP};

fn seed(base32: &str) -> Seed {
    Seed::from_stored(Secret::new(data_encoding::BASE32_NOPAD.decode(base32.as_bytes()).unwrap())).unwrap()
}

fn s1() -> Seed {
    seed("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
}

/// Python's escapes in the tables: \xNN, \uNNNN, \UNNNNNNNN, \n, \r, \t, \\.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let kind = rest.next().unwrap();
        let digits = match kind {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' => '\\',
            'x' | 'u' | 'U' => {
                let length = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let hex: String = rest.by_ref().take(length).collect();
                char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap()
            }
            other => panic!("\\{other}"),
        };
        out.push(digits);
    }
    out
}

/// C15, C16, C19.
#[test]
fn c15_c16_c19_typed_codes() {
    let mut rows = 0;
    for line in include_str!("vectors/typed_codes.tsv").lines().skip(1) {
        let [secret, time, typed, outcome] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let typed = unescaped(typed);
        rows += 1;
        if secret == "SMS" {
            assert!(Code::parse(&typed).is_ok_and(|code| code.is("004213")), "{line}");
            continue;
        }
        let time: i64 = time.parse().unwrap();
        match outcome {
            "accept" => {
                let code = Code::parse(&typed).unwrap_or_else(|_| panic!("{line}"));
                assert_eq!(s1().check(&code, time, None), Match::Fresh(totp::step_at(time)), "{line}");
            }
            "refuse, counted" => assert_eq!(s1().check(&Code::parse(&typed).unwrap(), time, None), Match::None),
            "refuse, not counted" | "ignored" => assert!(Code::parse(&typed).is_err(), "{line}"),
            "accept or refuse, not counted" => assert!(Code::parse(&typed).is_ok_and(|code| code.is("384688"))),
            other => panic!("{other}"),
        }
    }
    assert_eq!(rows, 21);
    // C19: a megabyte is looked at no longer than a line.
    assert!(Code::parse(&"9".repeat(1 << 20)).is_err());
}

/// C06, C08, C22 and the reports' other vectors. What phones with other settings would show is refused.
#[test]
fn c06_c08_c16_c22_vectors() {
    let (mut ours, mut others) = (0, 0);
    for line in include_str!("vectors/vectors.csv").lines().skip(1) {
        let [name, secret, time, _, algorithm, digits, period, code] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let time: i64 = time.parse().unwrap();
        if (algorithm, digits, period) != ("SHA1", "6", "30") {
            // C06: another algorithm, length or period; never taken for ours.
            let refused = Code::parse(code).map_or(true, |code| s1().check(&code, time, None) == Match::None);
            assert!(refused, "{line}");
            others += 1;
        } else if name == "odd length" {
            // C08: 130 bits in 26 letters. Ours have 160; what is asked is that the decoding is right.
            let bytes = data_encoding::BASE32_NOPAD.decode(&secret.as_bytes()[..24]).unwrap();
            assert_eq!(bytes.len(), 15);
            assert!(Seed::from_stored(Secret::new(bytes)).is_err(), "and that a short key is refused, not guessed");
        } else {
            assert_eq!(totp::code_at(&seed(secret), totp::step_at(time)), code, "{line}");
            ours += 1;
        }
    }
    assert_eq!((ours, others), (26, 4));
}

/// C07 on input: a key that cannot be one is refused in words; nothing panics.
#[test]
fn c07_stored_keys_of_another_length_are_refused() {
    for length in [0, 1, 10, 15, 16, 19, 21, 32, 64] {
        assert!(Seed::from_stored(Secret::new(vec![7; length])).is_err(), "{length}");
    }
    assert!(Seed::from_stored(Secret::new(vec![7; 20])).is_ok());
}

/// C01, C02, C12: the table's URIs, and each reads back from our own square.
#[test]
fn c01_c02_c12_uris() {
    let mut rows = 0;
    for line in include_str!("vectors/uris.tsv").lines().skip(1) {
        let [issuer, account, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let made = otpauth::uri(issuer, account, &s1());
        let expected = format!("otpauth://{}", expected.split("otpauth://").nth(1).unwrap());
        if expected.len() <= otpauth::LONGEST {
            assert_eq!(made.expose(), expected);
        } else {
            // C12: shortened in the URI, so that the square stays coarse enough for a photo of the screen.
            let (label, rest) = made.expose().split_once('?').unwrap();
            assert!(expected.starts_with("otpauth://totp/Centro%20M%C3%A9dico"), "{label}");
            assert!(rest.starts_with("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Centro%20M%C3%A9dico"), "{rest}");
        }
        let square = Square::encode(&made).unwrap();
        assert!(square.width() <= 57, "version 10 at most");
        rows += 1;
    }
    assert_eq!(rows, 5);
}

/// C42, C97: one account a person, however the name is spelled, and an opaque name in the keychain.
#[test]
fn c42_c97_names() {
    let mut tidied = 0;
    for line in include_str!("vectors/usernames.tsv").lines().skip(1) {
        let (typed, note) = line.split_once('\t').unwrap();
        let typed = unescaped(typed);
        let name = names::tidy(&typed);
        match note {
            _ if typed.trim().is_empty() => assert_eq!(name, Err(BadName::Empty), "{line}"),
            "refuse or escape control characters" => assert_eq!(name, Err(BadName::Control)),
            "same or refused" if typed.contains('\u{200b}') => assert_eq!(name, Err(BadName::Control)),
            _ if note.starts_with("Cyrillic") => assert_eq!(name, Err(BadName::LookAlikes), "{line}"),
            "refuse or limit with message" => assert_eq!(name, Err(BadName::TooLong)),
            "same" | "same person as Anna" | "same (trim)" | "same (full width)"
                if typed.to_lowercase().contains("ann") || note.contains("width") =>
            {
                let plain = typed.chars().all(|c| c.is_alphabetic() || c == ' ');
                assert!(!plain || names::key(&name.unwrap()) == "anna", "{line}");
            }
            _ => {
                let id = names::person_id(&name.unwrap(), &|_| false);
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
                assert!(!id.is_empty() && id.len() <= 16 && id.chars().all(plain), "{line}: {id}");
                tidied += 1;
            }
        }
    }
    assert!(tidied >= 7, "{tidied}");
    assert_eq!(names::key("jos\u{e9}"), names::key("jose\u{301}"));
    assert_ne!(names::key("admin"), names::key("\u{430}dmin"), "a Cyrillic letter is another name");
    // C42: no name of a person, clinic or computer is in the keychain.
    let clinic = Clinic::set_up("Front.Clinic", "Anna/Front*");
    for item in clinic.office.keychain.names() {
        let (kind, id) = item.0.split_once('-').unwrap();
        assert!(["device", "epoch", "marker"].contains(&kind), "{item:?}");
        assert!(id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit()), "{item:?}");
    }
}

/// C16 through the whole program: a code with zeros in front is typed, judged and accepted with them.
#[test]
fn c16_zeros_in_front_sign_in() {
    let mut clinic = Clinic::oak_tree();
    let zero = (1..5_000).find(|n| clinic.phone.code_in(n * 30).starts_with("00")).unwrap();
    clinic.waits(STEP * u32::try_from(zero).unwrap());
    let code = clinic.phone.code();
    assert!(code.starts_with("00") && code.len() == 6);
    assert!(Code::parse(code.trim_start_matches('0')).is_err(), "without them it is no code");
    let told = super::clinic::verdict(clinic.signs_in(MARIA, PASSWORD, &code));
    assert!(matches!(told, Verdict::Accepted { .. }), "{told:?}");
}
