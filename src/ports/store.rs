//! What is asked of the place where state is kept.

use super::{
    Backups, Counted, EntryFilter, KeychainMishap, Look, ManagerChange, NewClinic, NewCodes, Now, RecoveredManager,
    RecoverySlots, StoreError, TextEnd,
};
use crate::domain::audit::{Entry, Event};
use crate::domain::code::Code;
use crate::domain::kdf::SALT_LEN;
use crate::domain::keys::{Key, StateKeys};
use crate::domain::state::{Clinic, DatabaseKey, Factor, Person, Settings, Slot};
use crate::domain::verify::{FirstCode, Presented, Proof, TextFor, TextTold, Verdict};

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

/// A request for a text, on its way to the store.
pub struct TextAsk<'a> {
    /// Who.
    pub person: &'a str,
    /// What proves it.
    pub proof: Proof<'a>,
    /// As in [`Attempt`].
    pub salt: Option<[u8; SALT_LEN]>,
    /// As in [`Attempt`].
    pub generation: Option<u32>,
    /// What the text is for.
    pub purpose: TextFor<'a>,
    /// Random; names a new request.
    pub fresh: [u8; 16],
}

/// What came of an attempt that was judged and committed.
pub struct Told {
    /// The verdict.
    pub verdict: Verdict,
    /// The DEK, when accepted.
    pub dek: Option<Key>,
    /// The person as committed.
    pub person: Person,
    /// When they were last let in before, UTC seconds.
    pub before_unix: Option<i64>,
    /// What the clinic wants, from the row that was verified.
    pub settings: Settings,
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
pub trait Store: Backups + Send {
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

    /// Takes the turn at the database key, which spans whatever is done to the key outside: a server or a file is slow, and
    /// nobody's sign-in waits for it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] at once when somebody else has it; see [`StoreError`].
    fn key_turn(&mut self) -> Result<Turn, StoreError>;

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

    /// Stores everything that a first set-up ends with; the clinic is then [`Proved`](crate::domain::state::ClinicStage::Proved).
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

    /// Judges the same for somebody who counts already and gave the password alone: counted like a sign-in.
    ///
    /// # Errors
    /// As [`Store::first_code`].
    fn renewal_code(
        &mut self,
        keys: &StateKeys,
        person: &str,
        factor: &str,
        dek: &Key,
        code: &Code,
        now: &Now,
    ) -> Result<Committed<Verdict>, StoreError>;

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

    /// A manager's change, made in one transaction if the actor is a manager who can sign in. Answers the entry of the log
    /// that it was written down as.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`], [`StoreError::NameTaken`], [`StoreError::LastManager`]; see [`StoreError`].
    fn manage(
        &mut self,
        keys: &StateKeys,
        actor: &str,
        change: ManagerChange,
        now: &Now,
    ) -> Result<Committed<Entry>, StoreError>;

    /// After a change of the database key that was not finished: keeps the one that the database has.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the stored keys are not the ones that were looked at; see [`StoreError`].
    fn settle_key(
        &mut self,
        keys: &StateKeys,
        person: &str,
        seen: &DatabaseKey,
        settled: DatabaseKey,
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

    /// Keeps a mishap of the keychain until the next change, which enters it into the log: without the keychain there is
    /// no key to enter it with.
    ///
    /// # Errors
    /// [`StoreError::NotNow`] without a database; see [`StoreError`].
    fn remember(&mut self, mishap: KeychainMishap, now: &Now) -> Result<(), StoreError>;

    /// Judges a request for a text and counts it, before anything is sent.
    ///
    /// # Errors
    /// [`StoreError::SaltChanged`], [`StoreError::SessionOver`]; see [`StoreError`]. After an error nothing was counted.
    fn text(&mut self, keys: &StateKeys, ask: &TextAsk<'_>, now: &Now) -> Result<Committed<TextTold>, StoreError>;

    /// Writes down how a text ended; one that was certainly not sent is not counted any more.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn text_ended(
        &mut self,
        keys: &StateKeys,
        person: &str,
        counted: &Counted,
        end: TextEnd,
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
