//! A clinic for tests: a real desk on a real SQLite file, with a keychain in memory and a clock turned by hand.
//!
//! [`Office`] is what outlives a process: the folder, the keychain, the clock. [`Clinic`] is an office with a desk, its
//! manager, her phone and her two sheets. Everything is said in the clinic's words; nothing here sleeps.

#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use clinic2fa::adapters::clock::TestClock;
use clinic2fa::adapters::keychain::memory::MemoryKeychain;
use clinic2fa::adapters::place::DataDir;
use clinic2fa::adapters::sqlite::SqliteStore;
use clinic2fa::domain::code::Code;
use clinic2fa::domain::dice::{Dice, NoRandomness};
use clinic2fa::domain::kdf::Cost;
use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::totp::{self, Seed, Step};
use clinic2fa::domain::verify::{FactorUsed, FirstCode, Presented, Verdict};
use clinic2fa::effects::{CostPolicy, Desk, DeskConfig, Failure, NewSetup, PhoneOffer, Purpose, Sheets, SignedIn};
use clinic2fa::ports::{BootTime, Clock, ItemName, Keychain, KeychainError, Now, StoreError, Turn};

/// Monday 2 March 2026, 09:00:00 UTC: the first second of a time step.
pub(crate) const T0: i64 = 1_772_442_000;
/// The manager's password.
pub(crate) const PASSWORD: &str = "harbour lemon kettle 42";
/// A password nobody has.
pub(crate) const WRONG: &str = "tractor violin pepper 17";
/// The manager's id.
pub(crate) const MARIA: &str = "msantos";
/// One time step.
pub(crate) const STEP: Duration = Duration::from_secs(30);
/// The lock after ten wrong codes.
pub(crate) const LOCK: Duration = Duration::from_secs(900);

/// What outlives a process: the folder, the keychain and the clock. Clones are the same office.
#[derive(Clone)]
pub(crate) struct Office {
    folder: Arc<tempfile::TempDir>,
    /// The data directory.
    pub(crate) place: DataDir,
    /// The keychain; plant values and mishaps here.
    pub(crate) keychain: MemoryKeychain,
    /// The clock; turn it here.
    pub(crate) clock: TestClock,
    /// Fails one call of the keychain; see [`Tripwire`].
    pub(crate) tripwire: Tripwire,
    /// How long a desk made from now on waits for its turn.
    pub(crate) turn_limit: Duration,
    dice_are_gone: Arc<AtomicBool>,
}

/// How a keychain call that fails leaves the item: the contract allows both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fails {
    /// Nothing was written.
    BeforeItIsDone,
    /// It was written; only the answer is lost.
    AfterItIsDone,
}

/// Fails exactly one call of the keychain, counted over every desk of the office.
#[derive(Clone, Default)]
pub(crate) struct Tripwire(Arc<Mutex<Option<(u32, Fails)>>>);

impl Tripwire {
    /// The call after so many others fails.
    pub(crate) fn after(&self, calls: u32, how: Fails) {
        *self.0.lock().expect("nobody panics in it") = Some((calls, how));
    }

    /// Takes it away; whether it is still there, because there were not so many calls.
    pub(crate) fn is_left(&self) -> bool {
        self.0.lock().expect("nobody panics in it").take().is_some()
    }

    fn step(&self) -> Option<Fails> {
        let mut wire = self.0.lock().expect("nobody panics in it");
        let (calls, how) = (*wire)?;
        *wire = calls.checked_sub(1).map(|calls| (calls, how));
        (calls == 0).then_some(how)
    }
}

/// The office's keychain with the tripwire in front.
struct Wired(MemoryKeychain, Tripwire);

impl Wired {
    fn call<T>(
        &mut self,
        work: impl FnOnce(&mut MemoryKeychain) -> Result<T, KeychainError>,
    ) -> Result<T, KeychainError> {
        match self.1.step() {
            None => work(&mut self.0),
            Some(Fails::BeforeItIsDone) => Err(KeychainError::Locked),
            Some(Fails::AfterItIsDone) => work(&mut self.0).and(Err(KeychainError::Locked)),
        }
    }
}

impl Keychain for Wired {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        self.call(|keychain| keychain.read(item))
    }

    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError> {
        self.call(|keychain| keychain.write(item, value))
    }

    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError> {
        self.call(|keychain| keychain.remove(item))
    }

    fn describe(&self) -> String {
        self.0.describe()
    }
}

impl Office {
    /// An office where nothing has been set up.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = DataDir::open(Some(folder.path().join("data"))).expect("a data directory");
        Self {
            folder: Arc::new(folder),
            place,
            keychain: MemoryKeychain::default(),
            clock: TestClock::at(T0),
            tripwire: Tripwire::default(),
            turn_limit: Duration::from_secs(30),
            dice_are_gone: Arc::default(),
        }
    }

    /// Another process's desk on the same files. `Send`, so that a worker thread can make one: `move || office.desk()`.
    pub(crate) fn desk(&self) -> Desk {
        self.desk_on(self.store())
    }

    /// A desk that waits for its turn; `meanwhile` happens each time before the turn is its own.
    pub(crate) fn desk_that_waits(&self, mut meanwhile: impl FnMut() + Send + 'static) -> Desk {
        let (place, limit) = (self.place.clone(), self.turn_limit);
        let turns = Box::new(move || {
            meanwhile();
            place.lock(limit).map(Turn::new).map_err(StoreError::from)
        });
        self.desk_on(SqliteStore::new(self.place.database(), turns, "front-1".to_owned()))
    }

    fn desk_on(&self, store: SqliteStore) -> Desk {
        let dice_are_gone = Arc::clone(&self.dice_are_gone);
        let dice = Dice::new(Box::new(move |out| {
            if dice_are_gone.load(Ordering::Relaxed) {
                return Err(NoRandomness);
            }
            getrandom::fill(out).map_err(|_| NoRandomness)
        }));
        let config = DeskConfig { marker: self.marker(), cost: CostPolicy::Fixed(Cost { memory_kib: 8, passes: 1 }) };
        let keychain = Wired(self.keychain.clone(), self.tripwire.clone());
        Desk::new(Box::new(store), Box::new(keychain), Arc::new(self.clock.clone()), dice, config)
    }

    /// A store of its own on the same file.
    pub(crate) fn store(&self) -> SqliteStore {
        let (turns, limit) = (self.place.clone(), self.turn_limit);
        let turns = Box::new(move || turns.lock(limit).map(Turn::new).map_err(StoreError::from));
        SqliteStore::new(self.place.database(), turns, "front-1".to_owned())
    }

    /// The keychain's item that says "this folder was set up".
    pub(crate) fn marker(&self) -> ItemName {
        ItemName(format!("marker-{}", self.place.marker_id()))
    }

    /// The keychain's only item whose name begins so: "device", "epoch", "marker".
    pub(crate) fn item(&self, kind: &str) -> ItemName {
        let mut found = self.keychain.names().into_iter().filter(|name| name.0.starts_with(kind));
        let item = found.next().unwrap_or_else(|| panic!("no item {kind} in {:?}", self.keychain.names()));
        assert!(found.next().is_none(), "more than one {kind} in {:?}", self.keychain.names());
        item
    }

    /// The epoch in the keychain.
    pub(crate) fn keychain_epoch(&self) -> u64 {
        let stored = self.keychain.peek(&self.item("epoch")).expect("an epoch");
        u64::from_be_bytes(stored.expose().try_into().expect("eight bytes"))
    }

    /// The epoch in the file.
    pub(crate) fn file_epoch(&self) -> u64 {
        u64::try_from(self.sql_number("SELECT epoch FROM clinic")).expect("no sign")
    }

    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.place.database()
    }

    /// A path beside the data directory, for copies.
    pub(crate) fn elsewhere(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Whoever can write to the file changes it behind the program's back.
    pub(crate) fn sql(&self, script: &str) {
        let connection = rusqlite::Connection::open(self.database()).expect("the file");
        connection.execute_batch(script).expect("a script that runs");
    }

    /// One number out of the file.
    pub(crate) fn sql_number(&self, query: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.database()).expect("the file");
        connection.query_row(query, [], |row| row.get(0)).expect("one number")
    }

    /// One text out of the file.
    pub(crate) fn sql_text(&self, query: &str) -> String {
        let connection = rusqlite::Connection::open(self.database()).expect("the file");
        connection.query_row(query, [], |row| row.get(0)).expect("one text")
    }

    /// A whole copy of the database as it is now, with what stands in the log beside it.
    pub(crate) fn copies_database(&self, name: &str) -> PathBuf {
        let copy = self.elsewhere(name);
        let connection = rusqlite::Connection::open(self.database()).expect("the file");
        connection.execute("VACUUM INTO ?1", [copy.to_str().expect("plain path")]).expect("a copy");
        copy
    }

    /// Puts a copy in the database's place, as a restored backup would be. Desks that are open must be gone.
    pub(crate) fn puts_back(&self, copy: &Path) {
        self.loses_database();
        std::fs::copy(copy, self.database()).expect("put back");
    }

    /// The database and its side files are gone.
    pub(crate) fn loses_database(&self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.database().into_os_string();
            path.push(end);
            match std::fs::remove_file(&path) {
                Err(err) if err.kind() != std::io::ErrorKind::NotFound => panic!("{err}"),
                _ => {}
            }
        }
    }

    /// Everything about this office in another folder: the data directory was moved, the keychain was not.
    pub(crate) fn moves_to(&self, name: &str) -> Self {
        let there = self.elsewhere(name);
        std::fs::rename(self.place.path(), &there).expect("moved");
        Self { place: DataDir::open(Some(there)).expect("a data directory"), ..self.clone() }
    }

    /// The system gives no randomness (or does again).
    pub(crate) fn dice_are_gone(&self, gone: bool) {
        self.dice_are_gone.store(gone, Ordering::Relaxed);
    }

    /// Both clocks now.
    pub(crate) fn now(&self) -> Now {
        self.clock.now()
    }
}

/// Codes that a phone does not show around a step.
type NotShown = (Step, Vec<String>);

/// An authenticator app with one entry.
#[derive(Clone)]
pub(crate) struct Phone {
    seed: Arc<Seed>,
    clock: TestClock,
    ahead_secs: Arc<AtomicI64>,
    /// Codes that it does not show within a week of a moment; worked out once, for there are many.
    not_shown: Arc<Mutex<Option<NotShown>>>,
}

impl Phone {
    /// Scans the square: reads the key out of the URI, as a phone does.
    pub(crate) fn scans(offer: &PhoneOffer, clock: &TestClock) -> Self {
        let uri = offer.uri.expose();
        let key = uri.split_once("?secret=").and_then(|(_, rest)| rest.split('&').next()).expect("a key in the URI");
        let bytes = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).expect("base32");
        let seed = Seed::from_stored(Secret::new(bytes)).expect("160 bits");
        Self { seed: Arc::new(seed), clock: clock.clone(), ahead_secs: Arc::default(), not_shown: Arc::default() }
    }

    /// The same phone where another clock is turned.
    pub(crate) fn beside(&self, clock: &TestClock) -> Self {
        Self { clock: clock.clone(), not_shown: Arc::default(), ..self.clone() }
    }

    /// This phone's clock differs from the computer's by so much.
    pub(crate) fn is_ahead_by(&self, secs: i64) {
        self.ahead_secs.store(secs, Ordering::Relaxed);
    }

    /// The six digits it shows now.
    pub(crate) fn code(&self) -> String {
        self.code_in(0)
    }

    /// The six digits it shows so many seconds from now.
    pub(crate) fn code_in(&self, secs: i64) -> String {
        let now = self.clock.now().unix_secs + self.ahead_secs.load(Ordering::Relaxed) + secs;
        totp::code_at(&self.seed, totp::step_at(now))
    }

    /// Six digits that it does not show today, nor yesterday, nor tomorrow; another for every number below 1,000.
    pub(crate) fn wrong_code(&self, number: u32) -> String {
        const REACH: Step = 2 * totp::DOCTOR_REACH;
        let now = totp::step_at(self.clock.now().unix_secs);
        let mut kept = self.not_shown.lock().expect("nobody panics in it");
        let fits = kept.as_ref().is_some_and(|(centre, _)| centre.abs_diff(now) <= totp::DOCTOR_REACH);
        if !fits {
            let near = now.saturating_sub(REACH)..now.saturating_add(REACH);
            let shown: BTreeSet<String> = near.map(|step| totp::code_at(&self.seed, step)).collect();
            let free = (0_u32..).map(|n| format!("{n:06}")).filter(|code| !shown.contains(code)).take(1_000);
            *kept = Some((now, free.collect()));
        }
        let (_, codes) = kept.as_ref().expect("just made");
        codes.get(number as usize).expect("fewer than 1,000").clone()
    }
}

/// Six typed digits as the desk is given them.
pub(crate) fn digits(text: &str) -> Code {
    Code::parse(text).unwrap_or_else(|_| panic!("{text} is no code"))
}

/// What a sign-in came to.
pub(crate) type SignInOutcome = Result<(Verdict, Option<SignedIn>), Failure>;

/// Signs in at any desk with password and code.
pub(crate) fn signs_in_at(desk: &mut Desk, person: &str, password: &str, code: &str) -> SignInOutcome {
    desk.sign_in(person, &SecretText::from(password), &Presented::Code(digits(code)), Purpose::Work)
}

/// Signs in at any desk with password and a code from the sheet.
pub(crate) fn recovers_at(desk: &mut Desk, person: &str, password: &str, spare: &str) -> SignInOutcome {
    let code = RecoveryCode::parse(spare).unwrap_or_else(|_| panic!("{spare} is no recovery code"));
    desk.sign_in(person, &SecretText::from(password), &Presented::Recovery(code), Purpose::Work)
}

/// What a new clinic's first page comes to.
pub(crate) fn new_setup(clinic: &str, person: &str) -> NewSetup {
    NewSetup {
        clinic: clinic.to_owned(),
        person: person.to_owned(),
        support: "020 7946 0000".to_owned(),
        password: SecretText::from(PASSWORD),
    }
}

/// A clinic in use: one manager with a phone and her sheets, nobody signed in.
pub(crate) struct Clinic {
    /// What outlives this process.
    pub(crate) office: Office,
    /// This process.
    pub(crate) desk: Desk,
    /// The manager's phone.
    pub(crate) phone: Phone,
    /// Her ten recovery codes, as printed.
    pub(crate) sheet: Vec<String>,
    /// The clinic recovery key, as printed.
    pub(crate) clinic_key: String,
}

impl Clinic {
    /// Sets a clinic up from nothing to its first lock screen, half a minute after the code that confirmed the phone.
    pub(crate) fn set_up(clinic: &str, person: &str) -> Self {
        let office = Office::new();
        let mut desk = office.desk();
        let offer = desk.begin_setup(&new_setup(clinic, person)).expect("a square");
        let phone = Phone::scans(&offer, &office.clock);
        assert_eq!(desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
        let sheets = desk.setup_sheets().expect("sheets");
        desk.finish_setup().expect("set up");
        let (sheet, clinic_key) = written(&sheets);
        office.clock.advance(STEP);
        Self { office, desk, phone, sheet, clinic_key: clinic_key.expect("a clinic recovery key") }
    }

    /// The usual one: set up once, and put into an office of its own for each test. Only `set_up` has other keys.
    pub(crate) fn oak_tree() -> Self {
        static READY: OnceLock<Ready> = OnceLock::new();
        READY.get_or_init(|| Ready::from(&Self::set_up("Oak Tree Surgery", "Maria Santos"))).moves_in()
    }

    /// Time goes by.
    pub(crate) fn waits(&self, time: Duration) {
        self.office.clock.advance(time);
    }

    /// A sign-in at this desk.
    pub(crate) fn signs_in(&mut self, person: &str, password: &str, code: &str) -> SignInOutcome {
        signs_in_at(&mut self.desk, person, password, code)
    }

    /// Maria signs in with her password and what her phone shows now.
    pub(crate) fn maria_signs_in(&mut self) -> SignInOutcome {
        let code = self.phone.code();
        self.signs_in(MARIA, PASSWORD, &code)
    }

    /// Maria gives her password and the code with this number on her sheet.
    pub(crate) fn maria_uses_spare(&mut self, number: usize) -> SignInOutcome {
        let spare = self.spare(number);
        recovers_at(&mut self.desk, MARIA, PASSWORD, &spare)
    }

    /// Maria gives her password alone, on the strength of a recovery code given earlier.
    pub(crate) fn maria_uses_day_pass(&mut self) -> SignInOutcome {
        self.desk.sign_in(MARIA, &SecretText::from(PASSWORD), &Presented::DayPass, Purpose::Work)
    }

    /// The code with this number on the sheet, 1 to 10.
    pub(crate) fn spare(&self, number: usize) -> String {
        self.sheet.get(number - 1).expect("ten codes").clone()
    }

    /// Maria gives the code her phone shows now, before a change.
    pub(crate) fn maria_gives_fresh_code(&mut self) -> Result<Verdict, Failure> {
        let code = digits(&self.phone.code());
        self.desk.fresh_code(&Presented::Code(code))
    }

    /// Maria gives her password and the code her phone shows now, before a change that cannot be taken back.
    pub(crate) fn maria_gives_both(&mut self) -> Result<Verdict, Failure> {
        let code = digits(&self.phone.code());
        self.desk.fresh_sign_in(&SecretText::from(PASSWORD), &Presented::Code(code))
    }

    /// So many wrong codes with the right password, a second apart; what the last came to.
    pub(crate) fn wrong_codes(&mut self, times: u32) -> Verdict {
        let mut last = None;
        for n in 0..times {
            let code = self.phone.wrong_code(n);
            self.waits(Duration::from_secs(1));
            last = Some(self.signs_in(MARIA, PASSWORD, &code).expect("judged").0);
        }
        last.expect("at least one")
    }

    /// A second process on the same files.
    pub(crate) fn second_desk(&self) -> Desk {
        self.office.desk()
    }

    /// This process ends, however, and another begins.
    pub(crate) fn restart(&mut self) {
        self.desk = self.office.desk();
    }

    /// The person as the file has her.
    pub(crate) fn person_number(&self, column: &str) -> i64 {
        self.office.sql_number(&format!("SELECT {column} FROM person WHERE id = '{MARIA}'"))
    }

    /// The log's events and results, oldest first, from number `from` on.
    pub(crate) fn log_from(&mut self, from: i64) -> Vec<(String, String)> {
        let entries = self.desk.entries(&clinic2fa::ports::EntryFilter::default()).expect("the log");
        entries.into_iter().filter(|entry| entry.number >= from).map(|entry| (entry.event, entry.result)).collect()
    }

    /// The number of the log's last entry.
    pub(crate) fn log_end(&self) -> i64 {
        self.office.sql_number("SELECT coalesce(max(number), 0) FROM audit")
    }
}

/// A clinic that has been set up, ready to be put into another folder: a set-up waits for the disk a dozen times.
struct Ready {
    database: Vec<u8>,
    items: Vec<(String, Secret)>,
    seed: Arc<Seed>,
    sheet: Vec<String>,
    clinic_key: String,
}

impl Ready {
    fn from(clinic: &Clinic) -> Self {
        let office = &clinic.office;
        let item = |name: ItemName| office.keychain.peek(&name).map(|value| (name.0, value));
        Self {
            database: std::fs::read(office.copies_database("ready.db")).expect("a copy"),
            items: office.keychain.names().into_iter().filter_map(item).collect(),
            seed: Arc::clone(&clinic.phone.seed),
            sheet: clinic.sheet.clone(),
            clinic_key: clinic.clinic_key.clone(),
        }
    }

    fn moves_in(&self) -> Clinic {
        let office = Office::new();
        office.clock.advance(STEP);
        for (name, value) in &self.items {
            let item = if name.starts_with("marker-") { office.marker() } else { ItemName(name.clone()) };
            office.keychain.plant(&item, Some(value.duplicate()));
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(office.database()).expect("a new file");
        std::io::Write::write_all(&mut file, &self.database).expect("written");
        let phone = Phone {
            seed: Arc::clone(&self.seed),
            clock: office.clock.clone(),
            ahead_secs: Arc::default(),
            not_shown: Arc::default(),
        };
        let (sheet, clinic_key) = (self.sheet.clone(), self.clinic_key.clone());
        Clinic { desk: office.desk(), office, phone, sheet, clinic_key }
    }
}

/// What is printed: the ten codes, and the clinic recovery key where there is one.
pub(crate) fn written(sheets: &Sheets) -> (Vec<String>, Option<String>) {
    let codes = sheets.codes.iter().map(|code| code.expose().to_owned()).collect();
    (codes, sheets.clinic_key.as_ref().map(|key| key.expose().to_owned()))
}

/// Let in by the phone, with that many recovery codes left.
pub(crate) fn accepted_by_phone(recovery_left: u8) -> Verdict {
    Verdict::Accepted { by: FactorUsed::Totp, recovery_left, new_password_due: false }
}

/// The verdict of an attempt that was judged.
pub(crate) fn verdict(outcome: SignInOutcome) -> Verdict {
    let (verdict, signed_in) = outcome.expect("judged");
    assert_eq!(signed_in.is_some(), matches!(verdict, Verdict::Accepted { .. }), "signed in exactly when accepted");
    verdict
}

/// Whether an attempt let somebody in.
pub(crate) fn is_in(outcome: &SignInOutcome) -> bool {
    matches!(outcome, Ok((Verdict::Accepted { .. }, Some(_))))
}

/// A boot clock reading.
pub(crate) fn boot(id: &str, secs: u64) -> BootTime {
    BootTime { boot_id: id.to_owned(), since_start: Duration::from_secs(secs) }
}

/// Copies a file as a person would who knows nothing of us. By another process on Unix, because closing the file in this one
/// would end this one's locks on it; Windows keeps locks by the handle.
pub(crate) fn copy_by_hand(from: &Path, to: &Path) {
    if cfg!(windows) {
        std::fs::copy(from, to).expect("a copy");
    } else {
        assert!(std::process::Command::new("cp").arg(from).arg(to).status().expect("a copy").success());
    }
}
