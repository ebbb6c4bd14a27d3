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
