//! The desk: the only caller of ports. It performs what a flow or a command asks for, in the order that makes it safe.
//!
//! An attempt is judged and committed by the store, then the keychain's epoch is raised to the file's, and only then
//! is the verdict told or anything released. One inter-process lock spans commit and raise. So a kill or a file put
//! back at any moment costs the attacker the try, or tells nothing.
//!
//! The desk holds the DEK while somebody is signed in or a set-up is under way, and wipes it at every lock.

mod backup;
mod choices;
mod database_key;
mod export;
mod leaving;
mod notices;
mod password;
mod people;
mod perform;
mod phone;
mod practice;
mod presence;
mod restore;
mod set_up;
mod sign_in;
#[cfg(test)]
pub(crate) mod tests;
mod texts;
mod time_check;

use std::sync::Arc;

use crate::domain::audit::{Entry, Event, What};
use crate::domain::dice::{Dice, NoRandomness};
use crate::domain::kdf::{self, Cost};
use crate::domain::keys::{self, Key, Kind, Place, StateKeys};
use crate::domain::password::Weak;
use crate::domain::presence::Why;
use crate::domain::recovery::{self, ClinicKey, RecoveryCode};
use crate::domain::secret::{Secret, SecretText};
use crate::domain::state::{ClinicStage, PersonStage, StoredCode};
use crate::domain::totp;
use crate::domain::verify::Verdict;
use crate::ports::{
    BackupError, CipherError, Clock, Committed, CopyError, EntryFilter, ItemName, Keychain, KeychainError,
    KeychainMishap, LoginError, Look, NewCodes, Now, ProgramError, Store, StoreError, Turn,
};

pub use backup::Daily;
pub use database_key::{KeyChange, KeyMishap, KeyState};
pub use notices::Happening;
pub use people::{ActivationSlip, Managed, Removal};
pub use phone::{PhoneOffer, Reopened, Resumed};
pub use practice::{LOGIN_VALID, News, Outside, Started};
pub use presence::{Task, Told, Watcher};
pub use restore::Vouches;
pub use set_up::NewSetup;
pub use sign_in::{Purpose, SignedIn};
pub use texts::{Carried, Courier, Errand, TextNews, TextTrouble};
pub use time_check::TimeCheck;

/// Why something was not done. Every one ends locked, and `explain` has two sentences for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The store.
    Store(StoreError),
    /// The keychain.
    Keychain(KeychainError),
    /// Closed to the clinic recovery key.
    Closed(Closed),
    /// The operating system gave no randomness.
    NoRandomness,
    /// Not enough memory to check a password.
    NoMemory,
    /// This computer's clock shows a time before this program was made.
    ClockImpossible,
    /// There is a file of that name already.
    FileExists,
    /// No file may be written there.
    FileNotAllowed,
    /// There is no space for the file.
    FileFull,
    /// The file cannot be written there.
    FileBroken,
    /// What was typed is not the clinic recovery key.
    WrongClinicKey,
    /// A copy of the state was not made.
    Copy(CopyError),
    /// A backup was not taken in.
    Backup(BackupError),
    /// The clinic recovery key does not open this backup, or not any more.
    BackupKeyWrong,
    /// The present state can judge, so a manager must ask for the restore.
    RestoreNeedsManager,
    /// A new password is not good enough.
    Weak(Weak),
    /// The new password is the present one.
    SamePassword,
    /// A password or code was judged and refused.
    Refused(Verdict),
    /// The practice program was not started.
    Program(ProgramError),
    /// The database server did not do what was asked.
    Login(LoginError),
    /// A file was not encrypted, or not opened.
    Cipher(CipherError),
    /// A database key was not kept, changed or released.
    Key(KeyMishap),
    /// Nobody is signed in, or a fresh code is missing.
    NotSignedIn,
    /// The worker does not answer.
    WorkerGone,
    /// A text.
    Text(TextTrouble),
}

/// Why a clinic that has been set up cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The keychain has no key for this database.
    KeyMissing,
    /// The database was written on another computer, or in the place of another clinic's in this folder.
    Elsewhere,
    /// The folder was set up and has no database.
    DatabaseLost,
    /// The database is older than the last change made on this computer.
    RolledBack,
    /// The clinic's own row is not the one that was written here.
    Changed,
}

impl From<StoreError> for Failure {
    fn from(err: StoreError) -> Self {
        if err == StoreError::ClinicChanged { Failure::Closed(Closed::Changed) } else { Failure::Store(err) }
    }
}

impl From<CopyError> for Failure {
    fn from(err: CopyError) -> Self {
        if let CopyError::Store(err) = err { err.into() } else { Failure::Copy(err) }
    }
}

impl From<BackupError> for Failure {
    fn from(err: BackupError) -> Self {
        if let BackupError::Store(err) = err { err.into() } else { Failure::Backup(err) }
    }
}

impl From<KeychainError> for Failure {
    fn from(err: KeychainError) -> Self {
        Failure::Keychain(err)
    }
}

impl From<NoRandomness> for Failure {
    fn from(NoRandomness: NoRandomness) -> Self {
        Failure::NoRandomness
    }
}

impl From<kdf::NoMemory> for Failure {
    fn from(kdf::NoMemory: kdf::NoMemory) -> Self {
        Failure::NoMemory
    }
}

/// Where the clinic stands on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Never set up here.
    New,
    /// A first set-up was begun and nothing is protected yet.
    Pending(Look),
    /// In use.
    Active(Look),
}

/// How much a password's stretching costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostPolicy {
    /// Measured at set-up so that it takes between half a second and one.
    Calibrated,
    /// This much, for tests.
    Fixed(Cost),
}

impl CostPolicy {
    /// A higher cost than the one that took so long, when that was too little.
    fn dearer(self, cost: Cost, took: std::time::Duration) -> Option<Cost> {
        match self {
            CostPolicy::Calibrated => cost.dearer(took),
            CostPolicy::Fixed(fixed) => cost.is_below(fixed).then_some(fixed),
        }
    }
}

/// What the desk needs to know besides its ports.
pub struct DeskConfig {
    /// The keychain item that says "this folder was set up"; named by a hash of the folder's path.
    pub marker: ItemName,
    /// The stretching's cost.
    pub cost: CostPolicy,
}

/// Ten recovery codes and, at a first set-up, the clinic recovery key: shown once, proved from paper, then stored.
#[derive(Debug)]
pub struct Sheets {
    /// The ten codes as printed, in order.
    pub codes: Vec<SecretText>,
    /// The clinic recovery key as printed.
    pub clinic_key: Option<SecretText>,
}

/// The ports and what is open.
pub struct Desk {
    store: Box<dyn Store>,
    keychain: Box<dyn Keychain>,
    clock: Arc<dyn Clock>,
    dice: Dice,
    config: DeskConfig,
    open: Option<Open>,
    outbox: Vec<Errand>,
    next_errand: u64,
    outside: Option<Outside>,
    work: Option<practice::Work>,
    /// Who may come back with the password alone.
    way_back: Option<leaving::WayBack>,
}

/// Somebody is signed in, or a set-up is under way.
struct Open {
    person: String,
    clinic: String,
    dek: Key,
    /// What was given for exactly the next change.
    fresh: Fresh,
    /// The phone that is being linked here; elsewhere, another may be begun in its place.
    linking: Option<String>,
    /// What may be begun without a fresh code.
    unfinished: Unfinished,
    /// The person's generation: a reset ends this session.
    generation: u32,
    /// How it began.
    began: Began,
    /// What `finish` will store.
    draft: Option<Draft>,
    /// The salt of a new password that was sent to the store. Found there, it says that only the answer got lost.
    new_salt: Option<[u8; kdf::SALT_LEN]>,
    /// How this person signed in with everything that is asked; nothing in a set-up.
    full: Option<leaving::FullSignIn>,
    /// What the clinic wants, for whoever came to work.
    choices: Option<choices::Choices>,
}

impl Open {
    fn new(person: &str, clinic: &str, dek: Key, generation: u32) -> Self {
        let (person, clinic) = (person.to_owned(), clinic.to_owned());
        let (unfinished, draft, new_salt, full, choices) = (Unfinished::Nothing, None, None, None, None);
        let began = Began::WithEverything;
        Self {
            person,
            clinic,
            dek,
            fresh: Fresh::Nothing,
            linking: None,
            unfinished,
            generation,
            began,
            draft,
            new_salt,
            full,
            choices,
        }
    }

    /// A number is being linked; one that was mistyped may be followed by another.
    fn number_begun(&mut self, linking: String) {
        self.linking = Some(linking);
        if self.unfinished == Unfinished::Nothing {
            self.unfinished = Unfinished::Number;
        }
    }

    /// Linking is over: what comes next needs a fresh code of its own.
    fn linked(&mut self) {
        self.linking = None;
        self.unfinished = Unfinished::Nothing;
    }

    /// It is over for good. Whoever came for that alone is set up, and not signed in.
    fn finished(mut self) -> Option<Self> {
        self.linked();
        self.full.is_some().then_some(self)
    }
}

/// What was asked before a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Began {
    /// All that this person has to give.
    WithEverything,
    /// The password alone, of somebody whose phone counts: until the new phone's code was right nothing may be finished.
    WithPassword,
}

/// What somebody who is signed in has given for the next change, and for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fresh {
    /// Nothing.
    Nothing,
    /// A code.
    Code,
    /// The password, too: for what cannot be taken back, whoever sits down at a desk that was left.
    PasswordAndCode,
}

impl Fresh {
    fn is_code(self) -> bool {
        match self {
            Fresh::Nothing => false,
            Fresh::Code | Fresh::PasswordAndCode => true,
        }
    }
}

/// What a session is in the middle of, and may therefore begin without a fresh code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unfinished {
    /// Nothing: everything needs one. So it is also for somebody who came back with the password alone.
    Nothing,
    /// A number is being linked, with a fresh code before it: another number may take its place, and nothing else.
    Number,
    /// Somebody is being set up, who has no code yet to give: a number or an app may take the other's place.
    Person,
    /// The clinic is being set up: its service may be chosen and tried, too.
    Clinic,
}

impl Unfinished {
    /// Of somebody who has proved the password, the slip or the clinic's key, and nothing else.
    fn of(clinic: ClinicStage, person: PersonStage) -> Self {
        match (clinic, person) {
            (ClinicStage::Pending, _) => Unfinished::Clinic,
            (ClinicStage::Proved | ClinicStage::Active, PersonStage::Pending | PersonStage::Reset) => {
                Unfinished::Person
            }
            (ClinicStage::Proved | ClinicStage::Active, PersonStage::Active) => Unfinished::Nothing,
        }
    }
}

#[derive(Clone)]
struct Draft {
    codes: Option<NewCodes>,
    purpose: DraftFor,
}

/// What a sheet was shown for. It is stored for nothing else: renewing codes takes a fresh code, a new phone's sheet
/// does not.
#[derive(Clone)]
enum DraftFor {
    /// A first set-up, with the clinic's recovery slot.
    SetUp(Vec<u8>),
    /// A phone; for a manager who came back with the clinic recovery key, with a new recovery slot.
    Phone(Option<Vec<u8>>),
    /// New recovery codes alone.
    Codes,
    /// A new clinic recovery slot alone.
    ClinicKey(Vec<u8>),
}

/// The keychain's answer for a database, and the inter-process lock.
struct Guarded {
    keys: StateKeys,
    device: Key,
    look: Look,
    epoch: u64,
    /// The file's, which is not behind it.
    file_epoch: u64,
    /// Both clocks, read when our turn had come: an earlier reading may be older than what another process has stored
    /// while we waited, and then no wait would hold.
    now: Now,
    _turn: Turn,
}

impl Desk {
    /// A desk with nobody signed in.
    #[must_use]
    pub fn new(
        store: Box<dyn Store>,
        keychain: Box<dyn Keychain>,
        clock: Arc<dyn Clock>,
        dice: Dice,
        config: DeskConfig,
    ) -> Self {
        let (outbox, next_errand) = (Vec::new(), 1);
        Self {
            store,
            keychain,
            clock,
            dice,
            config,
            open: None,
            outbox,
            next_errand,
            outside: None,
            work: None,
            way_back: None,
        }
    }

    /// Where the clinic stands. Never guesses: an answer that is missing is a failure, not "new".
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn stand(&mut self) -> Result<Standing, Failure> {
        let now = self.clock.now();
        let marker = self.keychain.read(&self.config.marker);
        let marker = self.heard(marker, &now)?;
        let Some(look) = self.store.look(&now)? else {
            return if marker.is_none() { Ok(Standing::New) } else { Err(Failure::Closed(Closed::DatabaseLost)) };
        };
        match look.stage {
            // A marker for a set-up that never came to an end: somebody put an unfinished database in the place of
            // the finished one.
            ClinicStage::Pending if marker.is_some() => Err(Failure::Closed(Closed::DatabaseLost)),
            ClinicStage::Pending => Ok(Standing::Pending(look)),
            ClinicStage::Proved => {
                self.settle_proved()?;
                self.stand()
            }
            ClinicStage::Active => {
                let guarded = self.guard()?;
                let known = marker.as_ref().map(Secret::expose);
                if known.is_some_and(|known| known != guarded.look.keychain_id.as_bytes()) {
                    // Whole, and ours: but another clinic's, put in the place of the one that was set up here.
                    return Err(Failure::Closed(Closed::Elsewhere));
                }
                if marker.is_none() {
                    // The folder was moved: everything else fits, so it gets a marker in its new place.
                    let id = Secret::new(guarded.look.keychain_id.clone().into_bytes());
                    self.keychain.write(&self.config.marker, &id)?;
                }
                Ok(Standing::Active(look))
            }
        }
    }

    /// What can be seen without asking the keychain, for tiles that count down.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn look(&mut self) -> Result<Option<Look>, Failure> {
        let now = self.clock.now();
        Ok(self.store.look(&now)?)
    }

    /// The log's entries that pass the filter.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn entries(&mut self, filter: &EntryFilter) -> Result<Vec<Entry>, Failure> {
        Ok(self.store.entries(filter)?)
    }

    /// Walks the log's chain: how many entries, or the number of the first bad one.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn verify_log(&mut self) -> Result<Result<i64, i64>, Failure> {
        let guarded = self.guard()?;
        Ok(self.store.verify_log(&guarded.keys)?)
    }

    /// The keychain's name, for `doctor`.
    #[must_use]
    pub fn keychain_name(&self) -> String {
        self.keychain.describe()
    }

    /// Writes, reads back and removes a value of its own, for `doctor`.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn try_keychain(&mut self) -> Result<(), Failure> {
        let name = self.dice.bytes::<8>()?;
        let item = ItemName(format!("doctor-{}", data_encoding::HEXLOWER.encode(name.as_slice())));
        self.keychain.write(&item, &Secret::new(name.to_vec()))?;
        Ok(self.keychain.remove(&item)?)
    }

    /// Takes the inter-process lock, asks the keychain for this database's key and compares epochs.
    fn guard(&mut self) -> Result<Guarded, Failure> {
        // The device key is never rewritten, so it is asked for first: a keychain that makes people wait must not
        // make other processes wait with it.
        let now = self.clock.now();
        let look = self.store.look(&now)?.ok_or(StoreError::NotNow)?;
        let (device_item, epoch_item) = items(&look.keychain_id);
        let device = self.keychain.read(&device_item);
        let device = self.heard(device, &now)?.and_then(|device| Key::from_stored(&device).ok());
        let device = device.ok_or_else(|| self.key_missing(&now))?;
        let keys = StateKeys::of(&device, &look.clinic_id);
        let turn = self.store.turn()?;
        let now = self.clock.now();
        let stored = self.keychain.read(&epoch_item);
        let stored = self.heard(stored, &now)?.and_then(|stored| <[u8; 8]>::try_from(stored.expose()).ok());
        let epoch = u64::from_be_bytes(stored.ok_or_else(|| self.key_missing(&now))?);
        let file_epoch = self.store.check(&keys)?;
        if file_epoch < epoch {
            return Err(Failure::Closed(Closed::RolledBack));
        }
        Ok(Guarded { keys, device, look, epoch, file_epoch, now, _turn: turn })
    }

    /// The keychain's answer; one that it did not give is kept for the log, as far as the store can keep it.
    fn heard<T>(&mut self, answer: Result<T, KeychainError>, now: &Now) -> Result<T, Failure> {
        answer.map_err(|err| {
            self.store.remember(err.into(), now).ok();
            err.into()
        })
    }

    fn key_missing(&mut self, now: &Now) -> Failure {
        self.store.remember(KeychainMishap::KeyMissing, now).ok();
        // The log names the computer that its last entry was written on.
        let elsewhere = self.store.is_from_elsewhere().unwrap_or(false);
        Failure::Closed(if elsewhere { Closed::Elsewhere } else { Closed::KeyMissing })
    }

    /// The same for whoever is signed in. Their keys are one clinic's: when another window has begun the first set-up
    /// anew meanwhile, nothing of the old one may be written into the new.
    ///
    /// And whoever was reset or removed meanwhile is not signed in any more, whatever this process still holds.
    fn guard_open(&mut self) -> Result<Guarded, Failure> {
        let (clinic, person, generation) = {
            let open = self.open()?;
            (open.clinic.clone(), open.person.clone(), open.generation)
        };
        let guarded = self.guard()?;
        if guarded.look.clinic_id != clinic {
            return Err(StoreError::NotNow.into());
        }
        match self.store.person(&guarded.keys, &person) {
            Ok((_, stored)) if stored.generation == generation => Ok(guarded),
            Ok(_) | Err(StoreError::NobodyThere) => {
                // What this session opened goes with it, and so does every key.
                self.open = None;
                self.way_back = None;
                let event = Event::by(&person, What::Locked, "", Why::SessionOver.name());
                if let Ok(committed) = self.store.note(&guarded.keys, &event, &guarded.now) {
                    self.raise(&guarded, committed).ok();
                }
                let now = guarded.now.clone();
                drop(guarded);
                self.leave_work(&now);
                Err(StoreError::SessionOver.into())
            }
            Err(err) => Err(err.into()),
        }
    }

    /// Raises the keychain's epoch to the file's. Only what comes out of here may be told.
    fn raise<T>(&mut self, guarded: &Guarded, committed: Committed<T>) -> Result<T, Failure> {
        // Somebody put an old copy in the file's place after it was compared: what that says is told to nobody.
        if committed.epoch <= guarded.file_epoch {
            return Err(Failure::Closed(Closed::RolledBack));
        }
        if committed.epoch > guarded.epoch {
            self.write_epoch(&guarded.look.keychain_id, committed.epoch)?;
        }
        Ok(committed.value)
    }

    /// The same for what was committed before, when the keychain did not answer.
    fn raise_to_file(&mut self, guarded: &Guarded) -> Result<(), Failure> {
        if guarded.file_epoch > guarded.epoch {
            self.write_epoch(&guarded.look.keychain_id, guarded.file_epoch)?;
        }
        Ok(())
    }

    fn write_epoch(&mut self, keychain_id: &str, epoch: u64) -> Result<(), Failure> {
        let (_, item) = items(keychain_id);
        let written = self.keychain.write(&item, &Secret::new(epoch.to_be_bytes().to_vec()));
        let now = self.clock.now();
        self.heard(written, &now)
    }

    /// Both clocks, where a code is going to be judged by them.
    fn code_time(&self) -> Result<Now, Failure> {
        let now = self.clock.now();
        if now.unix_secs < totp::EARLIEST_UNIX { Err(Failure::ClockImpossible) } else { Ok(now) }
    }

    fn open(&self) -> Result<&Open, Failure> {
        self.open.as_ref().ok_or(Failure::NotSignedIn)
    }

    /// The same, where what is being linked may be finished.
    fn open_to_finish(&self) -> Result<&Open, Failure> {
        let open = self.open()?;
        if open.began == Began::WithEverything { Ok(open) } else { Err(StoreError::NotNow.into()) }
    }

    /// The phone that is being linked here.
    fn linking(&self) -> Result<String, Failure> {
        self.open()?.linking.clone().ok_or(StoreError::NotNow.into())
    }

    /// Ten new codes, sealed as they will be stored, kept until `finish`.
    fn draft_codes(&mut self) -> Result<(Vec<SecretText>, NewCodes), Failure> {
        let open = self.open.as_ref().ok_or(Failure::NotSignedIn)?;
        let key = Key::roll(&mut self.dice)?;
        let mut shown = Vec::new();
        let mut codes = Vec::new();
        for number in 1..=recovery::CODES {
            let code = RecoveryCode::roll(&mut self.dice)?;
            let tag = recovery::stored_tag(&key, &open.person, number, &code);
            codes.push(StoredCode { number, tag, used_unix: None });
            shown.push(code.written());
        }
        let place = Place { clinic: &open.clinic, owner: &open.person, kind: Kind::RecoveryCodeKey, kdf: None };
        let code_key = open.dek.seal(&key.to_secret(), &place, &mut self.dice)?;
        Ok((shown, NewCodes { code_key, codes }))
    }

    /// A new clinic recovery key and the DEK sealed under it.
    fn draft_clinic_key(&mut self) -> Result<(SecretText, Vec<u8>), Failure> {
        let open = self.open.as_ref().ok_or(Failure::NotSignedIn)?;
        let key = ClinicKey::roll(&mut self.dice)?;
        let place = Place { clinic: &open.clinic, owner: "", kind: Kind::RecoverySlot, kdf: None };
        let wrap = keys::recovery_slot_key(&key.secret(), &open.clinic);
        let slot = wrap.seal(&open.dek.to_secret(), &place, &mut self.dice)?;
        Ok((key.written(), slot))
    }
}

/// The two keychain items of one database: the device key and the epoch.
fn items(keychain_id: &str) -> (ItemName, ItemName) {
    (ItemName(format!("device-{keychain_id}")), ItemName(format!("epoch-{keychain_id}")))
}
