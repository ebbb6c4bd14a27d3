//! What the program asks of the outside, and the small errors it may get. `effects` is the only caller.

use std::time::Duration;

use crate::domain::audit::{Entry, Event, What};
use crate::domain::code::Code;
use crate::domain::kdf::SALT_LEN;
use crate::domain::keys::{Key, StateKeys};
use crate::domain::names;
use crate::domain::secret::Secret;
use crate::domain::state::{
    Activation, Clinic, ClinicStage, Factor, Person, PersonStage, Role, Settings, Slot, StoredCode,
};
use crate::domain::verify::{FirstCode, Presented, Proof, Verdict};

/// One reading of both clocks, taken once per event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall clock: seconds since 1970-01-01T00:00:00Z, negative before.
    pub unix_secs: i64,
    /// When this local day ends, on the same clock: a spare code is good until then.
    pub day_ends_unix: i64,
    /// The clock that waits run on.
    pub boot: BootTime,
}

/// A clock that counts through sleep, starts at zero when the computer starts and cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootTime {
    /// Names this run of the computer; empty where the system has no such name.
    pub boot_id: String,
    /// Time since the computer started, sleep included.
    pub since_start: Duration,
}

/// The system's clocks.
pub trait Clock: Send + Sync {
    /// Reads both clocks.
    fn now(&self) -> Now;
}

/// The name of one item in the keychain: an opaque id of 1 to 64 lower-case ASCII letters, digits and dashes.
///
/// Lower-case alone, because Windows does not tell `Anna` from `anna`; any other name is refused by every call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemName(pub String);

/// The operating system's keychain, as a store of small secrets.
///
/// A missing item is `Ok(None)`, never an error. Values are arbitrary bytes up to 1,024 long.
pub trait Keychain: Send {
    /// The value under `item`.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError>;

    /// Writes the value and reads it back through a new handle; success means it is there.
    ///
    /// # Errors
    /// See [`KeychainError`]; after an error the item holds the old value or the new one.
    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError>;

    /// Removes the item; one that is not there is no error.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError>;

    /// Which keychain this is, for `doctor`: "Secret Service", "Windows Credential Manager", "macOS login keychain".
    fn describe(&self) -> String;
}

/// Why the keychain gave no answer. None of these ever means "not set up".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainError {
    /// The system is asking the person something (a password to the key store), and has not been answered yet.
    Waiting,
    /// Locked, and the person declined to unlock it or the system could not ask; macOS "Deny" too.
    Locked,
    /// No keychain in this session: no service installed, no session bus, no interactive logon.
    Absent,
    /// It answered something that cannot be used; the word is for `doctor` and holds no secret.
    Broken(&'static str),
}

/// The clinic as it can be seen without any key: for tiles, `status` and `doctor`.
/// Nothing in it is proved; nothing is decided by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The clinic's random id.
    pub clinic_id: String,
    /// Names the keychain's items.
    pub keychain_id: String,
    /// How far set-up has come.
    pub stage: ClinicStage,
    /// The clinic's name.
    pub name: String,
    /// When set-up was begun, UTC seconds.
    pub created_unix: i64,
    /// The clinic's choices.
    pub settings: Settings,
    /// The file's epoch.
    pub epoch: u64,
    /// Everyone, by name.
    pub people: Vec<PersonLook>,
}

impl Look {
    /// The person with that id or full name, whatever the spelling.
    #[must_use]
    pub fn find(&self, id_or_name: &str) -> Option<&PersonLook> {
        let key = names::key(id_or_name);
        self.people.iter().find(|person| person.id == key || names::key(&person.name) == key)
    }
}

/// One person as the lock screen shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLook {
    /// Short Latin id.
    pub id: String,
    /// Name as typed.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Where the person stands; `None` when the row cannot be read.
    pub stage: Option<PersonStage>,
    /// Phones that count at sign-in: id, label, when linked (UTC seconds).
    pub phones: Vec<PhoneLook>,
    /// How somebody who cannot sign in yet begins.
    pub begins: Begins,
    /// Recovery codes left.
    pub recovery_left: u8,
    /// How long a wait or lock still lasts.
    pub wait: Option<Duration>,
    /// Only a recovery code or the manager helps.
    pub manager_needed: bool,
    /// Leave to do without the phone today.
    pub day_pass: bool,
    /// The last accepted sign-in, UTC seconds.
    pub signed_in_unix: Option<i64>,
}

/// How a new or reset person begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// Not at all: this person signs in.
    Done,
    /// With the activation code on a slip.
    WithSlip {
        /// When it ends, UTC seconds.
        until_unix: i64,
    },
    /// Goes on with the password that was chosen already.
    WithPassword,
    /// The slip is too old or was used: a manager makes a new one.
    NeedsNewSlip,
}

/// One phone as the people page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneLook {
    /// Random id.
    pub id: String,
    /// What the person calls it; empty for an only one.
    pub label: String,
    /// When its linking was begun, UTC seconds.
    pub linked_unix: i64,
}

/// One whole attempt, on its way to the store.
pub struct Attempt<'a> {
    /// Who.
    pub person: &'a str,
    /// What proves it.
    pub proof: Proof<'a>,
    /// The salt that the password was stretched with: another one in the store means that the password was changed
    /// meanwhile, and the attempt begins anew.
    pub salt: Option<[u8; SALT_LEN]>,
    /// What was presented.
    pub presented: &'a Presented,
    /// The person's generation when they signed in; another one in the store ends the session.
    pub generation: Option<u32>,
}

/// What came of an attempt that was judged and committed.
pub struct Told {
    /// The verdict.
    pub verdict: Verdict,
    /// The DEK, when accepted.
    pub dek: Option<Key>,
    /// The person as committed.
    pub person: Person,
}

/// What came of a password that was judged alone.
pub enum PasswordTold {
    /// Right: the DEK.
    Right(Key),
    /// Wrong, or not judged because of a wait.
    Refused(Verdict),
}

/// Something committed, and the file's epoch after it: the keychain's is raised to it before anything is told.
pub struct Committed<T> {
    /// What came of it.
    pub value: T,
    /// The file's epoch.
    pub epoch: u64,
}

/// Holds the inter-process lock until dropped.
pub struct Turn(#[expect(dead_code, reason = "held for its drop alone")] Box<dyn std::any::Any + Send>);

impl Turn {
    /// Wraps whatever releases the lock when dropped.
    #[must_use]
    pub fn new(guard: impl std::any::Any + Send) -> Self {
        Self(Box::new(guard))
    }
}

/// Where state is kept. Verbs are whole: each loads, verifies tags, judges and commits in one transaction.
///
/// Every verb that changes something grows the epoch by one and writes one audit entry.
pub trait Store: Send {
    /// What can be seen without keys; `None` when there is no database yet.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn look(&mut self, now: &Now) -> Result<Option<Look>, StoreError>;

    /// Takes the inter-process lock, waiting a while for another holder.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process keeps it; see [`StoreError`].
    fn turn(&mut self) -> Result<Turn, StoreError>;

    /// Stores a first set-up, in the place of one that was not finished.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] when the clinic is proved or active; see [`StoreError`].
    fn begin_setup(&mut self, keys: &StateKeys, new: NewClinic, now: &Now) -> Result<Committed<()>, StoreError>;

    /// Removes a first set-up that was not finished.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] when the clinic is proved or active; see [`StoreError`].
    fn drop_setup(&mut self) -> Result<(), StoreError>;

    /// Stores everything that a first set-up ends with; the clinic is then [`ClinicStage::Proved`].
    ///
    /// # Errors
    /// [`StoreError::NotNow`] without a proved phone; see [`StoreError`].
    fn prove_setup(
        &mut self,
        keys: &StateKeys,
        person: &str,
        codes: NewCodes,
        recovery_slot: Vec<u8>,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// Makes a proved clinic active; an active one stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] for a pending clinic; see [`StoreError`].
    fn activate(&mut self, keys: &StateKeys, now: &Now) -> Result<Committed<()>, StoreError>;

    /// The person's password slot, before the lock is taken: stretching is slow.
    ///
    /// # Errors
    /// [`StoreError::NobodyThere`]; see [`StoreError`].
    fn slot(&mut self, person: &str) -> Result<Slot, StoreError>;

    /// Clinic and person, tags verified.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn person(&mut self, keys: &StateKeys, person: &str) -> Result<(Clinic, Person), StoreError>;

    /// Verifies the clinic row; its epoch.
    ///
    /// # Errors
    /// [`StoreError::ClinicChanged`]; see [`StoreError`].
    fn check(&mut self, keys: &StateKeys) -> Result<u64, StoreError>;

    /// Judges a password alone, where something else than a linked phone is going to be judged next. A right one
    /// clears nothing.
    ///
    /// # Errors
    /// [`StoreError::SaltChanged`]; see [`StoreError`]. After an error nothing was counted.
    fn password(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot_key: &Key,
        salt: [u8; SALT_LEN],
        now: &Now,
    ) -> Result<Committed<PasswordTold>, StoreError>;

    /// Judges an attempt and commits the outcome.
    ///
    /// # Errors
    /// [`StoreError::SaltChanged`]; see [`StoreError`]. After an error nothing was counted.
    fn attempt(&mut self, keys: &StateKeys, attempt: &Attempt<'_>, now: &Now) -> Result<Committed<Told>, StoreError>;

    /// Begins linking a phone, in the place of one that was not finished. The linked ones go on working.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn begin_phone(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: Factor,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// Judges a code of the phone with this id, which is being linked, and commits the outcome.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] when it is linked; [`StoreError::PhoneReplaced`] when it is not there any more; see
    /// [`StoreError`].
    fn first_code(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        dek: &Key,
        code: &Code,
        now: &Now,
    ) -> Result<Committed<FirstCode>, StoreError>;

    /// Gives up linking a phone.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn drop_phone(&mut self, keys: &StateKeys, person: &str, now: &Now) -> Result<Committed<()>, StoreError>;

    /// The proved phone with this id counts from now on, in the place of the others or beside them; new recovery codes, where there
    /// are any, take the place of the old ones. A recovered manager's new recovery slot is stored with it.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] when it is not proved; [`StoreError::PhoneReplaced`] when it is not there any more; see
    /// [`StoreError`].
    fn finish_phone(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        codes: Option<NewCodes>,
        recovery_slot: Option<Vec<u8>>,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// New recovery codes take the place of the old ones.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn replace_codes(
        &mut self,
        keys: &StateKeys,
        person: &str,
        codes: NewCodes,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// A new password's slot takes the place of the old one; wrong codes of the old password are forgotten.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn replace_slot(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot: Slot,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// The same password's slot at a higher cost takes the place of the old one.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn raise_slot(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot: Slot,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// The activation code's slot of a new or reset person, before the lock is taken.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] without one; see [`StoreError`].
    fn activation(&mut self, person: &str) -> Result<Slot, StoreError>;

    /// Judges an activation code. A right one clears nothing; it is used up by [`Store::begin_person`].
    ///
    /// # Errors
    /// [`StoreError::SaltChanged`]; see [`StoreError`]. After an error nothing was counted.
    fn activate_person(
        &mut self,
        keys: &StateKeys,
        person: &str,
        slot_key: &Key,
        salt: [u8; SALT_LEN],
        now: &Now,
    ) -> Result<Committed<PasswordTold>, StoreError>;

    /// A new or reset person has chosen a password and is shown a square; the activation code with that salt, which was
    /// judged just before, is used up.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] without that activation code; see [`StoreError`].
    fn begin_person(
        &mut self,
        keys: &StateKeys,
        person: &str,
        judged: [u8; SALT_LEN],
        slot: Slot,
        factor: Factor,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// A manager's change, made in one transaction if the actor is a manager who can sign in.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`], [`StoreError::NameTaken`], [`StoreError::LastManager`]; see [`StoreError`].
    fn manage(
        &mut self,
        keys: &StateKeys,
        actor: &str,
        change: ManagerChange,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// Unlinks one of a person's phones; never the last one.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] for the last phone or one that is not there; see [`StoreError`].
    fn remove_phone(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// The person has been told what happened up to this entry of the log.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn mark_seen(
        &mut self,
        keys: &StateKeys,
        person: &str,
        number: i64,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// The sealed things that the clinic recovery key opens, read without keys.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] before set-up is proved; see [`StoreError`].
    fn recovery(&mut self, now: &Now) -> Result<RecoverySlots, StoreError>;

    /// Accepts the present file under this computer's key: new tags for everything readable, the epoch at least
    /// `epoch`, every step up to the present one used. With a manager, that person is reset and may set a password.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn recover(
        &mut self,
        keys: &StateKeys,
        epoch: u64,
        manager: Option<RecoveredManager>,
        now: &Now,
    ) -> Result<Committed<()>, StoreError>;

    /// Writes an audit entry for something that changes no state.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn note(&mut self, keys: &StateKeys, event: &Event, now: &Now) -> Result<Committed<()>, StoreError>;

    /// Entries of the log that pass the filter, oldest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn entries(&mut self, filter: &EntryFilter) -> Result<Vec<Entry>, StoreError>;

    /// The first entries after a number, oldest first: for reading the whole log in pages.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn entries_after(&mut self, number: i64, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Walks the whole chain: the number of entries, or the number of the first bad one.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn verify_log(&mut self, keys: &StateKeys) -> Result<Result<i64, i64>, StoreError>;
}

/// A clinic and its first person.
pub struct NewClinic {
    /// The clinic; its roll is filled by the store.
    pub clinic: Clinic,
    /// The first person, with one phone that has been shown.
    pub person: Person,
}

/// What a manager changes.
pub enum ManagerChange {
    /// A new person, with an activation code.
    Add(Box<Person>),
    /// Phones, recovery codes, locks, counters and sessions gone; a new activation code.
    Reset {
        /// Whom.
        person: String,
        /// The new code's slot.
        activation: Activation,
    },
    /// Gone at once, readable or not.
    Remove(String),
    /// Another role.
    Role(String, Role),
    /// Leave to do without the phone today.
    DayPass(String),
    /// Other settings; what a newer program has stored beside them stays.
    Settings(Settings),
    /// A new recovery slot.
    RecoverySlot(Vec<u8>),
}

impl ManagerChange {
    /// The entry of the log for it, with that result.
    #[must_use]
    pub fn event(&self, actor: &str, result: &'static str) -> Event {
        let (person, what) = match self {
            ManagerChange::Add(person) => (person.id.as_str(), What::PersonAdded),
            ManagerChange::Reset { person, .. } => (person.as_str(), What::PersonReset),
            ManagerChange::Remove(person) => (person.as_str(), What::PersonRemoved),
            ManagerChange::Role(person, _) => (person.as_str(), What::RoleChanged),
            ManagerChange::DayPass(person) => (person.as_str(), What::DayPassGiven),
            ManagerChange::Settings(_) => ("", What::SettingChanged),
            ManagerChange::RecoverySlot(_) => ("", What::ClinicKeyRenewed),
        };
        Event::to(person, actor, what, result)
    }
}

/// What the clinic recovery key opens.
pub struct RecoverySlots {
    /// The clinic's random id.
    pub clinic_id: String,
    /// Names the keychain's items.
    pub keychain_id: String,
    /// The DEK, sealed under the clinic recovery key.
    pub dek: Vec<u8>,
    /// The device key, sealed under the DEK.
    pub device: Vec<u8>,
    /// The file's epoch.
    pub epoch: u64,
}

/// A manager who comes back with the clinic recovery key.
pub struct RecoveredManager {
    /// Who.
    pub person: String,
    /// The new password's slot.
    pub slot: Slot,
    /// The phone to link.
    pub factor: Factor,
}

/// Ten new recovery codes as they are stored, and the key they are under.
#[derive(Clone)]
pub struct NewCodes {
    /// The key, sealed under the DEK.
    pub code_key: Vec<u8>,
    /// The codes.
    pub codes: Vec<StoredCode>,
}

/// Which entries of the log are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Of this person.
    pub person: Option<String>,
    /// With this event name.
    pub event: Option<String>,
    /// At or after this time, UTC seconds.
    pub since_unix: Option<i64>,
    /// With a number above this one.
    pub after: Option<i64>,
    /// With a number below this one: the page before.
    pub before: Option<i64>,
    /// The newest so many.
    pub limit: Option<usize>,
}

/// Why the store gave no answer. None of these ever means "not set up", and none opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// Another process kept the lock for too long.
    Busy,
    /// No space on the disk.
    Full,
    /// The file or its folder may not be written.
    ReadOnly,
    /// The folder or file belongs to somebody else, or may not be read.
    NotOurs,
    /// The system does not say where programs keep their data.
    Nowhere,
    /// A network folder.
    NetworkPath,
    /// Made by a newer version of this program.
    Newer,
    /// Not a database of this program.
    Foreign,
    /// The database is damaged.
    Damaged,
    /// The disk did not answer as it should; the word is for `doctor`.
    Broken(&'static str),
    /// The clinic's own row is not the one that was written here: closed to the clinic recovery key.
    ClinicChanged,
    /// This person's rows are not the ones that were written here.
    PersonDamaged,
    /// Nobody has this id.
    NobodyThere,
    /// The password was changed between stretching and judging.
    SaltChanged,
    /// The person has not finished linking a phone.
    NotReady,
    /// No leave for today (any more): a code is needed.
    NoDayPass,
    /// Not possible in this state.
    NotNow,
    /// Only a manager may do this, and nobody may do it to themselves.
    NotAllowed,
    /// Somebody has this name already, or one that looks the same.
    NameTaken,
    /// The last manager stays.
    LastManager,
    /// Whoever was signed in was reset or removed meanwhile.
    SessionOver,
    /// Linking another phone of this person was begun since, elsewhere.
    PhoneReplaced,
    /// The activation code was used or is too old.
    SlipOver,
}
