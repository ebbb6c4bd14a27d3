//! The clinic as anybody may see it: nothing here is proved.

use std::time::Duration;

use crate::domain::names;
use crate::domain::state::{ClinicStage, PersonStage, Role, Settings};

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
    /// What texts have cost so far.
    pub texts: TextsLook,
    /// Whether a database key is kept.
    pub database_key: KeyKept,
    /// The file's epoch.
    pub epoch: u64,
    /// Everyone, by name.
    pub people: Vec<PersonLook>,
}

impl PersonLook {
    /// The last two digits of the number that texts go to.
    #[must_use]
    pub fn number_ending(&self) -> Option<&str> {
        self.phones.iter().find_map(|phone| match &phone.kind {
            PhoneKind::Texts { ending } => Some(ending.as_str()),
            PhoneKind::App => None,
        })
    }

    /// Whether codes come from an app.
    #[must_use]
    pub fn has_app(&self) -> bool {
        self.phones.iter().any(|phone| phone.kind == PhoneKind::App)
    }
}

impl Look {
    /// The person with that id or full name, whatever the spelling.
    #[must_use]
    pub fn find(&self, id_or_name: &str) -> Option<&PersonLook> {
        let key = names::key(id_or_name);
        self.people.iter().find(|person| person.id == key || names::key(&person.name) == key)
    }
}

/// Texts, as far as anybody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextsLook {
    /// Whether the service's password is kept here.
    pub password: PasswordKept,
    /// Texts of this calendar month.
    pub this_month: u32,
}

/// Whether a password is kept, sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordKept {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Whether a database key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKept {
    /// None.
    No,
    /// One, or while it is being changed two.
    Yes,
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

/// What codes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// An app.
    App,
    /// Texts, to the number with this ending.
    Texts {
        /// Its last two digits.
        ending: String,
    },
}

impl PhoneKind {
    /// The name on the command line and in the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            PhoneKind::App => "totp",
            PhoneKind::Texts { .. } => "sms",
        }
    }
}

/// One phone as the people page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneLook {
    /// Random id.
    pub id: String,
    /// What the person calls it; empty for an only one.
    pub label: String,
    /// What it is.
    pub kind: PhoneKind,
    /// When its linking was begun, UTC seconds.
    pub linked_unix: i64,
}
