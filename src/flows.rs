//! Flows: conversations with a person, as plain state machines.
//!
//! A flow is told what happened (`handle`) and hands back orders for the desk. It never reaches outside: the worker
//! performs an order and its answer comes back as the next event. Each order carries a ticket, and a flow listens
//! only to the answer of the last order it gave: otherwise a late answer could complete something else.
//!
//! ```text
//! Starting ──▶ SetUp (enrolment) ──▶ Lock (sign_in) ◀──▶ In (session)
//!     └──────▶ Closed ──▶ Recover (the clinic's spare key)   └─ people, settings, the log; each change after a code
//!                 └─────▶ Restore (a backup, with that key)
//! ```

pub mod enrolment;
pub mod presence;
pub mod program;
pub mod recover;
pub mod restore;
pub mod session;
pub mod sheets;
pub mod sign_in;
pub mod texting;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::audit::Entry;
use crate::domain::code::Code;
use crate::domain::edit::Edit;
use crate::domain::names::BadName;
use crate::domain::presence::{Leave, Why};
use crate::domain::recovery::{ClinicKey, RecoveryCode};
use crate::domain::restore::Plan;
use crate::domain::secret::SecretText;
use crate::domain::state::{Joins, Role};
use crate::domain::verify::{FirstCode, Presented, Verdict};
use crate::effects::{
    ActivationSlip, Failure, Happening, KeyChange, Managed, NewSetup, PhoneOffer, Removal, Resumed, Sheets, SignedIn,
    Standing, Started, TextNews, TextTrouble,
};
use crate::ports::{BackupFile, EntryFilter, Look, Sent, Transcript};

/// Names one order; its answer brings it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(u64);

/// Gives out tickets, each once in the life of the program.
#[derive(Debug, Default)]
pub struct Tickets(u64);

impl Tickets {
    /// A ticket that no order had before.
    pub fn draw(&mut self) -> Ticket {
        self.0 += 1;
        Ticket(self.0)
    }
}

/// What a flow asks of the desk.
#[derive(Debug)]
pub enum Request {
    /// Where the clinic stands.
    Stand,
    /// Tiles.
    Look,
    /// A password of three words.
    Suggest,
    /// Begin the first set-up.
    BeginSetup(NewSetup),
    /// Take up an unfinished set-up.
    Resume {
        /// Whose.
        person: String,
        /// Typed.
        password: SecretText,
    },
    /// Give up an unfinished set-up.
    DropSetup,
    /// Judge the first code of a phone.
    FirstCode(Code),
    /// Recovery codes and the clinic recovery key for a first set-up.
    SetupSheets,
    /// Recovery codes for a new phone.
    PhoneSheets,
    /// Store what was proved from paper, at a first set-up.
    FinishSetup,
    /// Store what was proved from paper, for a new phone.
    FinishPhone,
    /// Store a phone without recovery codes: a second one, or codes that are printed later.
    FinishPhoneWithoutCodes,
    /// Give up a new phone.
    DropPhone,
    /// A new or reset person begins.
    Activate {
        /// Whose slip.
        person: String,
        /// What is on it.
        code: RecoveryCode,
        /// The password they chose.
        password: SecretText,
    },
    /// Unlink one of several phones.
    RemovePhone(String),
    /// A new person.
    AddPerson {
        /// Tidied.
        name: String,
        /// What they may do.
        role: Role,
    },
    /// Reset a person.
    ResetPerson(String),
    /// Remove a person.
    RemovePerson(String),
    /// A manager's change without secrets.
    Manage(Managed),
    /// A new clinic recovery key, to be shown.
    NewClinicKey,
    /// Store it.
    FinishClinicKey,
    /// What happened since the last sign-in.
    Happenings,
    /// A page of the log.
    Entries(EntryFilter),
    /// The whole log as a file.
    Export(PathBuf),
    /// The day's backup.
    DailyBackup,
    /// A backup now.
    BackupNow,
    /// The backups there are.
    Backups,
    /// What bringing this one back would change.
    RestorePlan(PathBuf),
    /// Bring it back.
    Restore(PathBuf),
    /// The same with the clinic recovery key, where the present state cannot judge.
    RestorePlanWith {
        /// The backup.
        file: PathBuf,
        /// The clinic recovery key.
        key: ClinicKey,
    },
    /// Bring it back with the clinic recovery key.
    RestoreWith {
        /// The backup.
        file: PathBuf,
        /// The clinic recovery key.
        key: ClinicKey,
    },
    /// Bring this computer's key back.
    Recover(ClinicKey),
    /// The same, and reset a manager.
    RecoverManager {
        /// The clinic recovery key.
        key: ClinicKey,
        /// Which manager.
        manager: String,
        /// The password they chose.
        password: SecretText,
    },
    /// Sign in.
    SignIn {
        /// Who.
        person: String,
        /// Typed.
        password: SecretText,
        /// Beside it.
        presented: Presented,
    },
    /// Come back after a short absence, with the password alone.
    ComeBack {
        /// Who.
        person: String,
        /// Typed.
        password: SecretText,
    },
    /// Judge a fresh code before a change.
    FreshCode(Presented),
    /// Judge the password and a fresh code before what cannot be taken back.
    FreshSignIn {
        /// Typed.
        password: SecretText,
        /// Beside it.
        presented: Presented,
    },
    /// Begin linking a phone.
    BeginPhone {
        /// What it is called; empty for an only one.
        label: String,
        /// What happens to the others.
        joins: Joins,
    },
    /// New recovery codes, to be shown.
    NewCodes,
    /// Store the new recovery codes.
    FinishCodes,
    /// Replace the password.
    ChangePassword(SecretText),
    /// A text with a code for signing in.
    Text {
        /// To whom.
        person: String,
        /// Typed.
        password: SecretText,
    },
    /// A text with a code for a change.
    TextForChange,
    /// Link this number, as typed; its first code goes out at once.
    BeginNumber(String),
    /// The code of the number that is being linked, once more.
    TextAgain,
    /// A text without a code, to this number.
    TestText(String),
    /// The manager's choices, and the service's password where a new one was typed.
    SetGateway(Edit, Option<SecretText>),
    /// What the service said to that text; the courier answers.
    TextFate(u64),
    /// The same, once nothing more will change.
    TextChange(u64),
    /// Start what signing in opens.
    StartProgram,
    /// Keep, make or forget the database key.
    SetKey(KeyChange),
    /// Put another database key in the place of the present one; for a stored text, this one.
    RotateKey(Option<Arc<SecretText>>),
    /// Wipe every key.
    Lock(Why),
}

/// What the desk answers.
#[derive(Debug)]
pub enum Answer {
    /// Where the clinic stands.
    Standing(Standing),
    /// Tiles.
    Look(Option<Look>),
    /// A suggested password.
    Suggested(SecretText),
    /// A square to show.
    Offer(PhoneOffer),
    /// A set-up taken up again.
    Resumed(Resumed),
    /// A first code judged.
    FirstCode(FirstCode),
    /// Codes to show.
    Sheets(Sheets),
    /// An attempt judged.
    Verdict(Verdict, Option<SignedIn>),
    /// A slip to print.
    Slip(ActivationSlip),
    /// Somebody was removed.
    Removed(Box<Removal>),
    /// A new clinic recovery key to show.
    ClinicKey(SecretText),
    /// What happened.
    Happenings(Vec<Happening>),
    /// A page of the log.
    Entries(Vec<Entry>),
    /// So many entries were written to a file.
    Exported(u64),
    /// Backups, newest first.
    Backups(Vec<BackupFile>),
    /// What a restore would change.
    Plan(Plan),
    /// What a restore has changed.
    Restored(Plan),
    /// A number that was being linked, taken up again.
    ResumedNumber {
        /// Its last two digits.
        ending: String,
        /// A right code was typed before; only the sheets are left.
        proved: bool,
    },
    /// A text is on its way.
    Texting(TextNews),
    /// What the service said to it.
    TextFate(Result<Sent, TextTrouble>, Transcript),
    /// What signing in opens was started, or there is nothing.
    Started(Started),
    /// Locked; who may come back with the password alone.
    Locked(Option<Leave>),
    /// Done.
    Done,
}

/// An order for the desk.
pub type Order = (Ticket, Request);

/// An answer on its way back.
pub type Reply = (Ticket, Result<Answer, Failure>);

/// The one order a flow is waiting for.
#[derive(Debug, Default)]
pub struct Waiting(Option<Ticket>);

impl Waiting {
    /// Gives an order and waits for its answer; an earlier one is no longer waited for.
    pub fn order(&mut self, tickets: &mut Tickets, request: Request) -> Vec<Order> {
        let ticket = tickets.draw();
        self.0 = Some(ticket);
        vec![(ticket, request)]
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.0.is_some()
    }

    /// Takes an answer if it is the one that is waited for.
    pub fn accept(&mut self, ticket: Ticket) -> bool {
        let mine = self.0 == Some(ticket);
        if mine {
            self.0 = None;
        }
        mine
    }
}

/// What went wrong on a page, with its own advice. `explain` has the sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The desk could not do it.
    Failure(Failure),
    /// A judged attempt was refused.
    Refused(Verdict),
    /// This computer's clock is off by so many seconds (negative: slow), by the clinic's own time server.
    ClockOff(i64),
    /// The typed text cannot be a code; nothing was checked.
    NotACode,
    /// The typed text cannot be a recovery code; nothing was checked.
    NotASpare,
    /// The password field is empty; nothing was checked.
    NoPassword,
    /// The first code of a phone was wrong.
    FirstCodeWrong {
        /// This computer's clock less the phone's, in seconds, once two codes agree on it.
        clock_off_secs: Option<i64>,
        /// How often in a row.
        times: u32,
    },
    /// The first code of a phone has counted already.
    FirstCodeUsed {
        /// Until the phone shows another.
        next_in: std::time::Duration,
    },
    /// The first code of a number was wrong.
    FirstTextWrong {
        /// So many tries are left with this text.
        tries_left: u8,
    },
    /// No text's code is waiting any more.
    FirstTextOver,
    /// The typed text cannot be the clinic recovery key; nothing was checked.
    NotAClinicKey,
    /// A name that was not taken.
    BadName(BadName),
    /// What was typed from paper is not on it.
    WrongProof,
}
