//! What is tried with bytes from anywhere: one plain function a body. Each returns when all is well and panics when not.
//!
//! The ordinary tests replay `corpus/` and mutate it (`tests/core/fuzz.rs`); with a nightly toolchain and cargo-fuzz the
//! same functions are fuzzed by coverage (README, "How it is tested").

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use clinic2fa::config::{Options, Remembered};
use clinic2fa::domain::code::{Code, digits_of};
use clinic2fa::domain::dice::{Dice, NoRandomness};
use clinic2fa::domain::kdf::Cost;
use clinic2fa::domain::keys::{Key, Kind, Place};
use clinic2fa::domain::names;
use clinic2fa::domain::otpauth;
use clinic2fa::domain::recovery::{ClinicKey, RecoveryCode};
use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::square::Square;
use clinic2fa::domain::state::Settings;
use clinic2fa::domain::totp::Seed;
use clinic2fa::effects::{Failure, Standing};
use clinic2fa::ports::BackupError;

use crate::clinic::{Clinic, MARIA, Office, PASSWORD, WRONG, is_in, signs_in_at};

/// A body.
pub(crate) type Body = fn(&[u8]);

/// All of them, by the names of their corpus folders and targets.
pub(crate) const BODIES: [(&str, Body); 9] = [
    ("code", code),
    ("otpauth", uri),
    ("sealed", sealed),
    ("rows", rows),
    ("backup", backup),
    ("config", config),
    ("recovery_code", recovery_code),
    ("activation_code", activation_code),
    ("names", person_names),
];

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// What is typed as a code: six digits come out of it or nothing, however it is written.
pub(crate) fn code(data: &[u8]) {
    let typed = text(data);
    let Ok(code) = Code::parse(&typed) else { return };
    let digits = digits_of(&typed).expect("a code has digits");
    assert!(digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits:?}");
    assert!(code.is(&digits), "the code is its digits");
    assert!(Code::parse(&digits).is_ok() && Code::parse(&format!(" {digits}\n")).is_ok());
    // Nothing but separators was dropped: a longer number is never cut into a code.
    let all = typed.chars().filter(char::is_ascii_digit).count();
    assert!(all <= 6, "{typed:?}");
}

/// Names in the square: the URI stays one that every phone reads, whatever the clinic and its people are called.
pub(crate) fn uri(data: &[u8]) {
    let all = text(data);
    let mut parts = all.splitn(3, '\n');
    let mut next = || parts.next().unwrap_or_default().to_owned();
    let (program, clinic, person) = (next(), next(), next());
    let seed = Seed::from_stored(Secret::new((0..20).collect())).expect("160 bits");
    let id = names::person_id(&person, &|_| false);
    let uri = otpauth::uri(&otpauth::issuer(&program), &otpauth::account(&clinic, &id), &seed);
    let uri = uri.expose();
    assert!(uri.len() <= otpauth::LONGEST && uri.is_ascii(), "{uri}");
    let (label, query) =
        uri.strip_prefix("otpauth://totp/").and_then(|rest| rest.split_once("?secret=")).expect("its form");
    let (issuer, account) = label.split_once(':').expect("one colon");
    assert!(!account.contains(':') && !uri.contains(['+', ' ']), "{uri}");
    let (key, again) = query.split_once("&issuer=").expect("an issuer");
    assert_eq!((key, again), ("AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT", issuer), "{uri}");
    for part in [issuer, account] {
        percent_encoding::percent_decode_str(part).decode_utf8().expect("whole characters");
    }
    // Drawing and reading it back takes a while: now and then.
    if data.len() % 16 == 3 {
        let uri = SecretText::from(uri);
        assert!(Square::encode(&uri).is_ok_and(|square| square.decodes_to(&uri)), "{}", uri.expose());
    }
}

/// Sealed things: nothing opens that was not sealed for this place with this key.
pub(crate) fn sealed(data: &[u8]) {
    const PLACE: Place<'_> = Place { clinic: "c1", owner: MARIA, kind: Kind::Seed, kdf: None };
    // A key of its own each time: a fuzzer that sees every comparison reads the right tag off it, and brings it next time.
    let mut dice = Dice::new(Box::new(|out| getrandom::fill(out).map_err(|_| NoRandomness)));
    let key = Key::roll(&mut dice).expect("a key");
    let whole = &key.seal(&Secret::new(vec![1; 20]), &PLACE, &mut dice).expect("sealed");
    assert!(key.open(data, &PLACE).is_err(), "bytes from anywhere");
    // Written over a good one at any place, or put behind it.
    let (at, rest) = data.split_first().map_or((0, data), |(at, rest)| (usize::from(*at) % whole.len(), rest));
    let mut spoilt = whole.clone();
    spoilt.splice(at..(at + rest.len()).min(whole.len()), rest.iter().copied());
    assert!(spoilt == *whole || key.open(&spoilt, &PLACE).is_err(), "at {at}");
    let longer = [whole, data].concat();
    assert!(data.is_empty() || key.open(&longer, &PLACE).is_err(), "with a tail");
    if let Ok(owner) = std::str::from_utf8(data) {
        assert_eq!(key.open(whole, &Place { owner, ..PLACE }).is_ok(), owner == MARIA);
    }
    // What a stored cost says of itself.
    if let Ok(cost) = text(data).parse::<Cost>() {
        assert_eq!(cost.to_string().parse(), Ok(cost), "{cost}");
    }
}

/// One clinic for the process, its file as it is at rest, and its columns.
struct Kept {
    clinic: std::sync::Mutex<Clinic>,
    database: Vec<u8>,
    columns: Vec<(String, String)>,
}

static KEPT: LazyLock<Kept> = LazyLock::new(|| {
    let mut clinic = Clinic::oak_tree();
    let good = clinic.office.elsewhere("good.db");
    clinic.desk.backup_to(&good).expect("a copy");
    clinic.desk = Office::new().desk();
    let database = fs::read(clinic.office.copies_database("rest.db")).expect("the file");
    let connection = rusqlite::Connection::open(&good).expect("the copy");
    let mut columns = Vec::new();
    for table in ["clinic", "person", "factor", "recovery_code", "audit", "mishap"] {
        let mut statement = connection.prepare(&format!("PRAGMA table_info({table})")).expect("a table");
        let names = statement.query_map([], |row| row.get::<_, String>(1)).expect("its columns");
        columns.extend(names.map(|name| (table.to_owned(), name.expect("a name"))));
    }
    Kept { clinic: std::sync::Mutex::new(clinic), database, columns }
});

/// Any value in any column of any row: closed, or as it was; never open to a wrong password, and never a new clinic.
pub(crate) fn rows(data: &[u8]) {
    let [column, kind, value @ ..] = data else { return };
    let clinic = KEPT.clinic.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    put_back(&clinic.office, &KEPT.database);
    let (table, column) = &KEPT.columns[usize::from(*column) % KEPT.columns.len()];
    let value = match kind % 4 {
        0 => rusqlite::types::Value::Text(text(value)),
        1 => rusqlite::types::Value::Blob(value.to_vec()),
        2 => {
            let mut number = [0; 8];
            number.iter_mut().zip(value).for_each(|(byte, from)| *byte = *from);
            rusqlite::types::Value::Integer(i64::from_be_bytes(number))
        }
        _ => rusqlite::types::Value::Null,
    };
    {
        let connection = rusqlite::Connection::open(clinic.office.database()).expect("the file");
        connection.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF").expect("set");
        // What the schema's types refuse stays as it is.
        connection.execute(&format!("UPDATE {table} SET {column} = ?1"), [value]).ok();
    }
    opens_to_nobody(&clinic);
}

fn put_back(office: &Office, database: &[u8]) {
    office.loses_database();
    fs::write(office.database(), database).expect("written");
}

fn opens_to_nobody(clinic: &Clinic) {
    let mut desk = clinic.office.desk();
    let stands = desk.stand();
    assert!(!matches!(stands, Ok(Standing::New | Standing::Pending(_))), "{stands:?}");
    desk.look().ok();
    let told = signs_in_at(&mut desk, MARIA, WRONG, "123456");
    assert!(!is_in(&told), "{told:?}");
    desk.verify_log().ok();
    let told = signs_in_at(&mut desk, "eve", PASSWORD, "123456");
    assert!(!is_in(&told), "{told:?}");
}

/// Any file as a backup: taken in only if it is one of this clinic's, as it was written.
pub(crate) fn backup(data: &[u8]) {
    let clinic = KEPT.clinic.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    put_back(&clinic.office, &KEPT.database);
    let good = fs::read(clinic.office.elsewhere("good.db")).expect("the copy");
    let file: PathBuf = clinic.office.elsewhere("tried.db");
    let mut desk = clinic.office.desk();
    // The bytes themselves, and the bytes written over a good one at a place that they say.
    let mut spoilt = good.clone();
    if let [one, two, three, rest @ ..] = data {
        let at = (usize::from(*one) << 16 | usize::from(*two) << 8 | usize::from(*three)) % spoilt.len();
        let end = (at + rest.len()).min(spoilt.len());
        spoilt.splice(at..end, rest.iter().copied());
    }
    for bytes in [data, &spoilt] {
        fs::write(&file, bytes).expect("written");
        match desk.restore_plan(&file) {
            // Bytes that are not used, or of a person's rows or the log: the clinic's row and roll are as they were.
            Ok(plan) => assert_eq!((plan.clinic.as_str(), plan.people.len()), ("Oak Tree Surgery", 1)),
            Err(
                Failure::Backup(
                    BackupError::Damaged
                    | BackupError::Foreign
                    | BackupError::Newer
                    | BackupError::OtherClinic
                    | BackupError::NotReadable,
                )
                | Failure::Store(_),
            ) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(matches!(desk.stand(), Ok(Standing::Active(_))), "and the clinic is as it was");
}

/// What the window remembers, its arguments, and the clinic's choices: senseless is as good as none.
pub(crate) fn config(data: &[u8]) {
    static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));
    fs::write(FOLDER.path().join("window.json"), data).expect("written");
    let read = Remembered::load(FOLDER.path());
    for number in read.size.iter().chain(&read.position).flatten() {
        assert!(number.is_finite() && number.abs() <= 32_000.0, "{number}");
    }
    let words: Vec<std::ffi::OsString> = text(data).split('\n').map(Into::into).collect();
    if let Ok(options) = Options::parse(words, None) {
        assert!(options.scale.is_none_or(|scale| scale.is_finite() && scale > 0.0), "{options:?}");
    }
    let stored = text(data);
    let settings = serde_json::from_str::<Settings>(&stored).unwrap_or_default().within_ranges();
    assert!((5..=10).contains(&settings.wrong_codes) && (8..=64).contains(&settings.shortest_password));
    // Over what was stored, a newer program's choices stay, and ours are read back.
    let over = settings.over(&stored);
    assert_eq!(serde_json::from_str::<Settings>(&over).ok(), Some(settings));
}

/// Recovery codes and the clinic recovery key, as they are typed from paper.
pub(crate) fn recovery_code(data: &[u8]) {
    let typed = text(data);
    if let Ok(code) = RecoveryCode::parse(&typed) {
        let written = code.written();
        let again = RecoveryCode::parse(written.expose()).expect("what is printed can be typed");
        assert_eq!(again.written().expose(), written.expose());
        assert_eq!(written.expose().len(), 19, "four groups of four");
        assert!(ClinicKey::parse(&typed).is_err(), "one is not the other");
    }
    if let Ok(key) = ClinicKey::parse(&typed) {
        let again = ClinicKey::parse(key.written().expose()).expect("what is printed can be typed");
        assert_eq!(again.secret().expose(), key.secret().expose());
    }
}

/// An activation code of a person who has none: nothing begins, whatever is typed.
pub(crate) fn activation_code(data: &[u8]) {
    let typed = text(data);
    let Ok(code) = RecoveryCode::parse(&typed) else { return };
    let clinic = KEPT.clinic.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    put_back(&clinic.office, &KEPT.database);
    let mut desk = clinic.office.desk();
    for person in [MARIA, "eve"] {
        let told = desk.activate(person, &code, &SecretText::from("gravel sunrise teapot 31"));
        assert!(told.is_err(), "{person}");
    }
}

/// Names of people and clinics: tidied once is tidied, and an id is a plain word.
pub(crate) fn person_names(data: &[u8]) {
    let typed = text(data);
    assert!(names::initials(&typed).chars().count() <= 8, "{typed:?}");
    assert!(typed.contains(names::first_name(&typed)), "{typed:?}");
    let id = names::person_id(&typed, &|_| false);
    assert!(!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id:?}");
    if let Ok(name) = names::tidy(&typed) {
        assert_eq!(names::tidy(&name), Ok(name.clone()), "{typed:?}");
        assert!(names::is_mistaken_for(&name, &name) && !name.chars().any(char::is_control), "{name:?}");
        assert_eq!(names::key(&names::key(&name)), names::key(&name));
    }
}
