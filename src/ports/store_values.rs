//! What goes into the store, and why it may refuse.

use super::{KeychainError, SentStage};
use crate::domain::audit::{Event, What};
use crate::domain::edit::Edit;
use crate::domain::moment::Moment;
use crate::domain::state::{Activation, Clinic, DatabaseKey, Factor, Person, Role, Slot, StoredCode};

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
    Settings(Edit),
    /// The password of the service that sends texts, sealed; or none.
    SmsSecret(Option<Vec<u8>>),
    /// A new recovery slot.
    RecoverySlot(Vec<u8>),
    /// Another database key, or both while it is being changed.
    DatabaseKey(DatabaseKey),
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
            ManagerChange::Settings(_) | ManagerChange::SmsSecret(_) => ("", What::SettingChanged),
            ManagerChange::RecoverySlot(_) => ("", What::ClinicKeyRenewed),
            ManagerChange::DatabaseKey(_) => ("", What::DatabaseKeyChanged),
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

/// How a text was counted: enough to take back this one and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Whose limits.
    pub limits: Limits,
    /// When.
    pub at: Moment,
}

/// Whose limits a text counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// A code: the person's and the clinic's.
    OfPersonAndClinic,
    /// A test or a notice, which nobody asked for with a password.
    OfClinic,
}

/// How a text ended, as far as the gateway told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEnd {
    /// The service has taken it.
    Accepted,
    /// The service has taken it and waits for the network.
    Queued,
    /// It is on the telephone.
    Delivered,
    /// The service took it and could not bring it.
    NotDelivered,
    /// It was certainly not sent; the word is for the log. It does not count.
    NotSent(&'static str),
    /// Nobody knows: the service did not answer in time, or made no sense. It counts.
    Unknown,
}

impl TextEnd {
    /// The result in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TextEnd::Accepted => "accepted",
            TextEnd::Queued => "queued",
            TextEnd::Delivered => "delivered",
            TextEnd::NotDelivered => "not-delivered",
            TextEnd::NotSent(why) => why,
            TextEnd::Unknown => "unknown",
        }
    }
}

impl From<SentStage> for TextEnd {
    fn from(stage: SentStage) -> Self {
        match stage {
            SentStage::Accepted => TextEnd::Accepted,
            SentStage::Queued => TextEnd::Queued,
            SentStage::Delivered => TextEnd::Delivered,
        }
    }
}

/// Which results are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Results {
    /// All of them.
    #[default]
    All,
    /// These.
    Only(&'static [&'static str]),
    /// All but these.
    AllBut(&'static [&'static str]),
}

/// Which entries of the log are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Of this person.
    pub person: Option<String>,
    /// With this event name.
    pub event: Option<String>,
    /// With one of these results, or with any but these.
    pub results: Results,
    /// At or after this time, UTC seconds.
    pub since_unix: Option<i64>,
    /// With a number above this one.
    pub after: Option<i64>,
    /// With a number below this one: the page before.
    pub before: Option<i64>,
    /// The newest so many.
    pub limit: Option<usize>,
}

/// How the keychain failed, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainMishap {
    /// The system asked the person something and was not answered in time.
    Waiting,
    /// Locked, or the person declined.
    Locked,
    /// None in this session.
    Absent,
    /// An answer that cannot be used.
    Broken,
    /// It works, and this database's items are not in it.
    KeyMissing,
}

impl KeychainMishap {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Locked, Self::Absent, Self::Broken, Self::KeyMissing];

    /// The result in the log: the error's code on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "keychain-waiting",
            Self::Locked => "keychain-locked",
            Self::Absent => "keychain-absent",
            Self::Broken => "keychain-broken",
            Self::KeyMissing => "key-missing",
        }
    }
}

impl From<KeychainError> for KeychainMishap {
    fn from(err: KeychainError) -> Self {
        match err {
            KeychainError::Waiting => Self::Waiting,
            KeychainError::Locked => Self::Locked,
            KeychainError::Absent => Self::Absent,
            KeychainError::Broken(_) => Self::Broken,
        }
    }
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
    /// No leave for today, or to come back, (any more): a code is needed.
    NoDayPass,
    /// The wall clock shows a time from before the person's last accepted code: no code is judged by it.
    ClockWentBack,
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
