//! Bytes flipped at a thousand random places of the database and of the log beside it, and that log cut at every frame.
//!
//! Each time the outcome is one of three: a refusal in words; one person closed; or the very state that was there. Never an
//! open door, a lower counter, a person gone unnoticed, a set-up, or a panic.

use std::collections::BTreeMap;
use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use clinic2fa::domain::secret::Secret;
use clinic2fa::domain::state::Role;
use clinic2fa::domain::verify::Verdict;
use clinic2fa::effects::{Closed, Desk, Failure, Standing};
use clinic2fa::ports::{ItemName, StoreError};

use super::clinic::{
    Clinic, MARIA, Office, PASSWORD, Phone, STEP, WRONG, copy_by_hand, is_in, new_setup, recovers_at, signs_in_at,
    verdict,
};
use super::people::{BEN, BENS, Colleague, joins};

/// Bytes of the header of the log beside the file, and of one of its frames without its page (sqlite.org/fileformat2,
/// section 4).
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const PAGE: usize = 4096;

/// A clinic with a history, as its files are while a desk has them open: much of it stands in the log alone.
struct Kept {
    database: Vec<u8>,
    /// The same state with everything folded into the file.
    whole: Vec<u8>,
    log: Vec<u8>,
    items: Vec<(String, Secret)>,
    epoch: u64,
    unix_secs: i64,
    phone: Phone,
    ben: Colleague,
    used: String,
    spent: String,
    /// Ben's counters.
    counted: i64,
}

fn log_path(office: &Office) -> PathBuf {
    let mut path = office.database().into_os_string();
    path.push("-wal");
    path.into()
}

/// Made once: each trial puts the files into a folder of its own.
static KEPT: LazyLock<Kept> = LazyLock::new(|| {
    let mut clinic = Clinic::oak_tree();
    clinic.desk.stand().unwrap();
    let ben = joins(&mut clinic, "Ben Ashdown", Role::Staff, BENS);
    // From here on nothing is folded into the file.
    let reader = rusqlite::Connection::open(clinic.office.database()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM person").unwrap();
    clinic.waits(STEP);
    for n in 0..4 {
        let wrong = ben.phone.wrong_code(n);
        signs_in_at(&mut clinic.desk, BEN, BENS, &wrong).unwrap();
        clinic.waits(Duration::from_secs(1));
    }
    let spent = clinic.spare(3);
    assert!(is_in(&recovers_at(&mut clinic.desk, MARIA, PASSWORD, &spent)));
    clinic.waits(STEP);
    let used = clinic.phone.code();
    assert!(is_in(&clinic.signs_in(MARIA, PASSWORD, &used)));
    let by_hand = |from: PathBuf, name: &str| {
        let to = clinic.office.elsewhere(name);
        copy_by_hand(&from, &to);
        fs::read(to).unwrap()
    };
    let (database, log) = (by_hand(clinic.office.database(), "kept.db"), by_hand(log_path(&clinic.office), "kept.log"));
    assert!((log.len() - LOG_HEADER) / (FRAME_HEADER + PAGE) > 20, "{} bytes of log", log.len());
    let item = |name: ItemName| clinic.office.keychain.peek(&name).map(|value| (name.0, value));
    let kept = Kept {
        database,
        whole: fs::read(clinic.office.copies_database("whole.db")).unwrap(),
        log,
        items: clinic.office.keychain.names().into_iter().filter_map(item).collect(),
        epoch: clinic.office.keychain_epoch(),
        unix_secs: clinic.office.now().unix_secs,
        phone: clinic.phone.clone(),
        ben,
        used,
        spent,
        counted: clinic.office.sql_number("SELECT code_failures FROM person WHERE id = 'bashdown'"),
    };
    assert_eq!(kept.counted, 4);
    drop(reader);
    kept
});

impl Kept {
    fn put(&self, office: &Office, database: &[u8], log: &[u8]) {
        office.loses_database();
        fs::write(office.database(), database).unwrap();
        fs::write(log_path(office), log).unwrap();
        for (name, value) in &self.items {
            let item = if name.starts_with("marker-") { office.marker() } else { ItemName(name.clone()) };
            office.keychain.plant(&item, Some(value.duplicate()));
        }
    }

    /// A folder of its own, some hours after the files were kept, on the same computer that was not restarted.
    fn office(&self) -> (Office, Phone, Phone) {
        let office = Office::new();
        let hours = Duration::from_hours(5);
        office.clock.advance(hours);
        office.clock.set_wall(self.unix_secs + 5 * 3600);
        let (phone, bens) = (self.phone.beside(&office.clock), self.ben.phone.beside(&office.clock));
        (office, phone, bens)
    }
}

/// What came of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Nothing noticed anything, and nothing was changed: a byte that is not used, or one that was written over.
    Unharmed,
    /// An entry of the log is not the one that was written, and is named by its number.
    LogNamed,
    /// Somebody is closed, and says so; the others go on.
    OnePerson,
    /// Refused in words, as damaged.
    Damaged,
    /// Refused in words: not the row that was written.
    Changed,
    /// Refused in words: older than the keychain's count.
    RolledBack,
    /// Refused in words, for another reason.
    OtherRefusal,
}

/// Only refusals that a person is told about as such.
fn refused(failure: &Failure) -> Outcome {
    match failure {
        Failure::Closed(Closed::RolledBack) => Outcome::RolledBack,
        Failure::Closed(Closed::Changed) => Outcome::Changed,
        Failure::Store(StoreError::Damaged) => Outcome::Damaged,
        Failure::Closed(Closed::KeyMissing | Closed::Elsewhere | Closed::DatabaseLost)
        | Failure::Store(StoreError::Foreign | StoreError::Newer | StoreError::Busy | StoreError::Broken(_)) => {
            Outcome::OtherRefusal
        }
        other => panic!("no refusal of a file: {other:?}"),
    }
}

/// Tries everything that must not be possible, then everything that should be.
fn tries(kept: &Kept, (office, phone, bens): &(Office, Phone, Phone)) -> Outcome {
    let mut desk = office.desk();
    let closed = match desk.stand() {
        Ok(Standing::Active(_)) => None,
        Ok(other) => panic!("a set-up is offered: {other:?}"),
        Err(failure) => Some(refused(&failure)),
    };
    // Whatever it stands like: no wrong password, no used code, no spent spare code, no set-up, no one new.
    let code = phone.code_in(60);
    for told in [
        signs_in_at(&mut desk, MARIA, WRONG, &code),
        signs_in_at(&mut desk, MARIA, PASSWORD, &kept.used),
        recovers_at(&mut desk, MARIA, PASSWORD, &kept.spent),
        signs_in_at(&mut desk, "eve", PASSWORD, &code),
    ] {
        assert!(!is_in(&told), "{told:?}");
    }
    assert!(desk.begin_setup(&new_setup("Another", "Somebody Else")).is_err());
    if let Some(outcome) = closed {
        assert!(signs_in_at(&mut desk, MARIA, PASSWORD, &code).is_err(), "closed is closed for all");
        return outcome;
    }
    open_to(kept, office, (phone, bens), &mut desk)
}

/// The clinic stands: then it is the state that was there, but for a person whose record is damaged.
fn open_to(kept: &Kept, office: &Office, (phone, bens): (&Phone, &Phone), desk: &mut Desk) -> Outcome {
    let look = match desk.look() {
        Ok(Some(look)) => look,
        Ok(None) => panic!("a clinic that stands can be seen"),
        Err(failure) => return refused(&failure),
    };
    assert!(look.epoch >= kept.epoch, "epoch {} after {}", look.epoch, kept.epoch);
    for id in [MARIA, BEN] {
        assert!(look.people.iter().any(|person| person.id == id), "{id} is gone");
    }
    office.clock.advance(2 * STEP);
    let mut outcome = Outcome::Unharmed;
    let bens = signs_in_at(desk, BEN, BENS, &bens.wrong_code(50));
    match bens {
        Ok((Verdict::WrongCode { .. }, _)) => {
            let counted = office.sql_number("SELECT code_failures FROM person WHERE id = 'bashdown'");
            assert_eq!(counted, kept.counted + 1, "no counter is lower");
        }
        Err(Failure::Store(StoreError::PersonDamaged)) => outcome = Outcome::OnePerson,
        Err(failure) => return refused(&failure),
        Ok(other) => panic!("{other:?}"),
    }
    match signs_in_at(desk, MARIA, PASSWORD, &phone.code()) {
        Err(Failure::Store(StoreError::PersonDamaged)) => outcome = outcome.max(Outcome::OnePerson),
        Err(failure) => return refused(&failure),
        told => assert_eq!(
            verdict(told),
            Verdict::Accepted {
                by: clinic2fa::domain::verify::FactorUsed::Totp,
                recovery_left: 9,
                new_password_due: false
            }
        ),
    }
    // The log is whole, or says where it is not; or the damage is in its pages.
    match desk.verify_log() {
        Ok(Ok(_)) => outcome,
        Ok(Err(_)) => outcome.max(Outcome::LogNamed),
        Err(failure) => outcome.max(refused(&failure)),
    }
}

/// Small numbers from a seed, the same on every computer (xorshift64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

fn said(what: &str, counted: &impl std::fmt::Debug) {
    let line = format!("{what}: {counted:?}\n");
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
}

#[test]
fn a_thousand_flipped_bytes_open_nothing() {
    const TRIALS: u32 = 1_000;
    let kept = &*KEPT;
    let place = kept.office();
    let mut dice = Seeded(0x00C1_1C2F_A000_0001);
    let mut counted: BTreeMap<(&str, Outcome), u32> = BTreeMap::new();
    for trial in 0..TRIALS {
        let (mut database, mut log) = (kept.database.clone(), kept.log.clone());
        let (file, into) = match trial % 4 {
            // Beside a log, most pages of the file are old and count no more.
            0 => ("file beside its log", &mut database),
            1 => ("log", &mut log),
            _ => {
                (database, log) = (kept.whole.clone(), Vec::new());
                ("file", &mut database)
            }
        };
        let (at, bit) = (dice.below(into.len()), dice.below(255) + 1);
        into[at] ^= u8::try_from(bit).unwrap();
        kept.put(&place.0, &database, &log);
        let tried = std::panic::catch_unwind(AssertUnwindSafe(|| tries(kept, &place)));
        let outcome = tried.unwrap_or_else(|_| panic!("trial {trial}: byte {at} of the {file} xor {bit:#04x}"));
        *counted.entry((file, outcome)).or_default() += 1;
    }
    said("a thousand flipped bytes", &counted);
    assert_eq!(counted.values().sum::<u32>(), TRIALS);
    // All kinds were met, or the trials try nothing.
    for kind in [Outcome::Unharmed, Outcome::OnePerson, Outcome::Damaged, Outcome::Changed, Outcome::RolledBack] {
        assert!(counted.keys().any(|(_, met)| *met == kind), "{kind:?}: {counted:?}");
    }
}

#[test]
fn a_log_cut_anywhere_is_an_older_state_and_says_so() {
    let kept = &*KEPT;
    let place = kept.office();
    let frames = (kept.log.len() - LOG_HEADER) / (FRAME_HEADER + PAGE);
    let mut counted: BTreeMap<Outcome, u32> = BTreeMap::new();
    let mut cuts = vec![0, 1, LOG_HEADER - 1];
    for frame in 0..=frames {
        let end = LOG_HEADER + frame * (FRAME_HEADER + PAGE);
        cuts.extend([end, end + FRAME_HEADER, end + PAGE / 2].into_iter().filter(|at| *at <= kept.log.len()));
    }
    for cut in cuts {
        kept.put(&place.0, &kept.database, &kept.log[..cut]);
        let tried = std::panic::catch_unwind(AssertUnwindSafe(|| tries(kept, &place)));
        let outcome = tried.unwrap_or_else(|_| panic!("cut at {cut} of {}", kept.log.len()));
        let whole = cut == kept.log.len();
        assert_eq!(outcome == Outcome::Unharmed, whole, "cut at {cut}: {outcome:?}");
        assert!(matches!(outcome, Outcome::Unharmed | Outcome::RolledBack), "cut at {cut}: {outcome:?}");
        *counted.entry(outcome).or_default() += 1;
    }
    said(&format!("the log cut at {frames} frames and between"), &counted);
}
