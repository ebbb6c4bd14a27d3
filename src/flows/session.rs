//! Somebody is signed in: the page with what they may change about themselves, and for managers people, settings and
//! the log. Each change comes after a fresh code.
//!
//! ```text
//! Home | Phones | People | Settings ──▶ FreshCode(change) ──▶ NewPassword | Codes | ClinicKey | Phone | Slip | Removed
//!   │                                                            └──▶ back to the page, with a word that it is done
//!   ├ Log
//!   ├ Backups (session/backups.rs)
//!   └ Lock, from anywhere
//! ```

mod backups;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

pub use self::backups::{BackupDone, BackupsView};
use super::enrolment::{self, Enrolment};
use super::sheets::{Exit, SheetsFlow};
use super::texting::{Heard, TextState, Texting};
use super::{Answer, Mishap, Order, Reply, Request, Tickets, Waiting};
use crate::domain::audit::{Entry, What};
use crate::domain::code::Code;
use crate::domain::edit::Edit;
use crate::domain::names;
use crate::domain::practice::AtEnd;
use crate::domain::presence::Why;
use crate::domain::recovery::{self, RecoveryCode};
use crate::domain::restore::Plan;
use crate::domain::secret::SecretText;
use crate::domain::state::{Joins, Role};
use crate::domain::verify::{FactorUsed, Presented, Verdict};
use crate::effects::{ActivationSlip, Failure, Happening, KeyChange, Managed, News, Removal, SignedIn, Started};
use crate::ports::{EntryFilter, LoginError, Look, Now, Results};

/// Entries of the log on one page.
pub const LOG_PAGE: usize = 200;

/// What somebody may change: about themselves, and for managers about the clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Link a new phone in the place of the others.
    Phone,
    /// Link one more phone under a name.
    SecondPhone(String),
    /// Unlink one of several phones.
    RemovePhone(String),
    /// Link a number for texts.
    Number,
    /// The clinic's texts: choices, and the service's password where a new one was typed.
    Gateway(Edit, Option<Typed>),
    /// A test text to this number.
    TestText(String),
    /// New recovery codes.
    Codes,
    /// A new password.
    Password,
    /// A new person.
    Add {
        /// Tidied.
        name: String,
        /// What they may do.
        role: Role,
    },
    /// Reset a person.
    Reset(String),
    /// Remove a person.
    Remove(String),
    /// Another role.
    Role(String, Role),
    /// Leave to do without the phone today.
    DayPass(String),
    /// Other settings.
    Settings(Edit),
    /// A new clinic recovery key.
    ClinicKey,
    /// A backup brought back.
    Restore(PathBuf),
    /// Other settings, of what signing in opens.
    Practice(Edit),
    /// The database key kept, made or forgotten.
    Key(KeyChange),
    /// Another database key in the place of the present one; for a stored text, this one.
    RotateKey(Option<Arc<SecretText>>),
}

/// How what signing in opens stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Practice {
    /// Not asked for yet.
    #[default]
    NotYet,
    /// It is being started.
    Starting,
    /// No program is set.
    NoneSet,
    /// It runs; with what is wrong with its login, if something is.
    Running(Option<LoginError>),
    /// It does not run (any more), and may be started.
    Closed,
    /// It was not started.
    Failed(Failure),
}

/// A secret that was typed on a page, on its way through a fresh code. Copies are the same one, wiped with the last.
#[derive(Clone, Debug)]
pub struct Typed(Rc<SecretText>);

impl Typed {
    /// Takes it over.
    #[must_use]
    pub fn new(typed: SecretText) -> Self {
        Self(Rc::new(typed))
    }
}

impl PartialEq for Typed {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Typed {}

/// What a person gives before a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A fresh code.
    Code,
    /// The password as well: it takes a person's phones and codes away, and nothing brings them back.
    PasswordAndCode,
}

/// The pages from which a change begins, and to which it leads back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// What everybody has.
    Home,
    /// One's own phones.
    Phones,
    /// For managers: everyone.
    People,
    /// For managers: the clinic's choices.
    Settings,
    /// For managers: backups.
    Backups,
    /// For managers: the clinic's texts.
    Texts,
    /// For managers: what signing in opens.
    Practice,
}

impl Change {
    /// Where it begins.
    #[must_use]
    pub fn page(&self) -> Page {
        match self {
            Change::Phone | Change::Codes | Change::Password => Page::Home,
            Change::SecondPhone(_) | Change::RemovePhone(_) | Change::Number => Page::Phones,
            Change::Gateway(..) | Change::TestText(_) => Page::Texts,
            Change::Add { .. } | Change::Reset(_) | Change::Remove(_) | Change::Role(..) | Change::DayPass(_) => {
                Page::People
            }
            Change::Settings(_) | Change::ClinicKey => Page::Settings,
            Change::Restore(_) => Page::Backups,
            Change::Practice(_) | Change::Key(_) | Change::RotateKey(_) => Page::Practice,
        }
    }

    /// What is given before it.
    #[must_use]
    pub fn asks(&self) -> Asks {
        match self {
            Change::Reset(_) | Change::Remove(_) => Asks::PasswordAndCode,
            Change::Phone
            | Change::SecondPhone(_)
            | Change::RemovePhone(_)
            | Change::Number
            | Change::Gateway(..)
            | Change::TestText(_)
            | Change::Codes
            | Change::Password
            | Change::Add { .. }
            | Change::Role(..)
            | Change::DayPass(_)
            | Change::Settings(_)
            | Change::ClinicKey
            | Change::Restore(_)
            | Change::Practice(_)
            | Change::Key(_)
            | Change::RotateKey(_) => Asks::Code,
        }
    }

    /// What the desk is asked for once the fresh code was right; nothing yet for a new password, which is typed then.
    fn request(&self) -> Option<Request> {
        Some(match self {
            // Typed or asked for on the next page.
            Change::Password | Change::Number | Change::TestText(_) => return None,
            Change::Gateway(edit, secret) => {
                Request::SetGateway(edit.clone(), secret.as_ref().map(|typed| typed.0.duplicate()))
            }
            Change::Codes => Request::NewCodes,
            Change::Phone => Request::BeginPhone { label: String::new(), joins: Joins::InTheirPlace },
            Change::SecondPhone(label) => Request::BeginPhone { label: label.clone(), joins: Joins::Beside },
            Change::RemovePhone(id) => Request::RemovePhone(id.clone()),
            Change::Add { name, role } => Request::AddPerson { name: name.clone(), role: *role },
            Change::Reset(person) => Request::ResetPerson(person.clone()),
            Change::Remove(person) => Request::RemovePerson(person.clone()),
            Change::Role(person, role) => Request::Manage(Managed::Role(person.clone(), *role)),
            Change::DayPass(person) => Request::Manage(Managed::DayPass(person.clone())),
            Change::Settings(edit) | Change::Practice(edit) => Request::Manage(Managed::Settings(edit.clone())),
            Change::Key(change) => Request::SetKey(change.clone()),
            Change::RotateKey(given) => Request::RotateKey(given.clone()),
            Change::ClinicKey => Request::NewClinicKey,
            Change::Restore(file) => Request::Restore(file.clone()),
        })
    }
}

/// The log as it is shown: one page of it, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogView {
    /// What is asked for.
    pub filter: EntryFilter,
    /// What there is.
    pub entries: Vec<Entry>,
    /// How many entries were written to a file.
    pub exported: Option<u64>,
    /// What went wrong.
    pub mishap: Option<Mishap>,
}

/// Where the person is.
pub enum Step {
    /// A page; after a change it says which was made.
    At(Page, Option<Change>),
    /// A name that was not taken, on the people page.
    BadName(Mishap),
    /// The log.
    Log(LogView),
    /// Backups.
    Backups(BackupsView),
    /// What bringing a backup back would change.
    Plan(PathBuf, Plan),
    /// A fresh code before a change.
    FreshCode(Change, Option<Mishap>),
    /// A fresh code was right; what it was for is being prepared.
    Preparing(Change),
    /// A new password.
    NewPassword(Option<Mishap>),
    /// New recovery codes.
    Codes(SheetsFlow),
    /// A new clinic recovery key.
    ClinicKey(SheetsFlow),
    /// A slip with an activation code, until it is on paper.
    Slip(Change, ActivationSlip),
    /// The proof that somebody was removed, until it was seen.
    Removed(Box<Removal>),
    /// A phone.
    Phone(Box<Enrolment>),
}

impl Step {
    /// What to ask once the sheet is proved by what was typed.
    fn prove(&mut self, typed: &SecretText) -> Option<Request> {
        match self {
            Step::Codes(sheets) => sheets.prove(typed.expose()).then_some(Request::FinishCodes),
            Step::ClinicKey(sheets) => sheets.prove(typed.expose()).then_some(Request::FinishClinicKey),
            Step::At(..)
            | Step::BadName(_)
            | Step::Log(_)
            | Step::Backups(_)
            | Step::Plan(..)
            | Step::FreshCode(..)
            | Step::Preparing(_)
            | Step::NewPassword(_)
            | Step::Slip(..)
            | Step::Removed(_)
            | Step::Phone(_) => None,
        }
    }
}

/// What a person does.
#[derive(Debug)]
pub enum Act {
    /// To another page.
    Go(Page),
    /// To the log, or to another part of it.
    Log(EntryFilter),
    /// The whole log as a file.
    Export(PathBuf),
    /// A backup now.
    MakeBackup,
    /// What bringing this backup back would change.
    PlanRestore(PathBuf),
    /// Adds a person, as typed.
    Add {
        /// As typed.
        name: String,
        /// What they may do.
        role: Role,
    },
    /// Begins a change.
    Begin(Change),
    /// A text with a fresh code, please.
    SendText,
    /// The fresh code as typed: from the phone, or from the sheet for somebody whose phone is gone.
    GiveCode(SecretText),
    /// The password as typed, and the fresh code.
    GiveBoth {
        /// As typed.
        password: SecretText,
        /// As typed.
        code: SecretText,
    },
    /// The new password.
    GivePassword(SecretText),
    /// Sheets and slips: on paper. The proof of a removal: seen.
    OnPaper,
    /// Sheets: show again.
    ShowAgain,
    /// Sheets: what was typed from paper.
    GiveProof(SecretText),
    /// In a phone's steps.
    Phone(enrolment::Act),
    /// Starts what signing in opens, once more.
    Open,
    /// What happened has been read.
    ReadHappenings,
    /// Back to the page; a change that was not finished changes nothing.
    Cancel,
}

/// The flow.
pub struct Session {
    /// Who, since when, codes left.
    pub signed_in: SignedIn,
    /// Where the person is.
    pub step: Step,
    /// Everyone and the clinic's choices, as of the last look.
    pub look: Option<Look>,
    /// Ids of those whom the log knows to have left, in the order of their names.
    pub leavers: BTreeSet<String>,
    asking_leavers: Waiting,
    /// What happened since the last sign-in, until it is read.
    pub happenings: Vec<Happening>,
    /// Why there is no backup of today, for managers.
    pub no_backup: Option<Failure>,
    /// The backup whose plan is asked for.
    planned: PathBuf,
    /// For the day's backup: nobody waits for it.
    daily: Waiting,
    /// The text with a fresh code that was asked for.
    pub texting: Texting,
    /// When it locks by itself unless somebody touches something, since the computer started.
    pub leaving: Option<std::time::Duration>,
    waiting: Waiting,
    /// What signing in opens.
    pub practice: Practice,
    /// For what is looked up beside the page: nobody waits for it.
    beside: Waiting,
    opening: Waiting,
}

impl Session {
    /// The page; straight to a new password when one is due.
    #[must_use]
    pub fn new(signed_in: SignedIn, tickets: &mut Tickets) -> (Self, Vec<Order>) {
        let step = if signed_in.new_password_due {
            Step::FreshCode(Change::Password, None)
        } else {
            Step::At(Page::Home, None)
        };
        let (waiting, mut beside) = (Waiting::default(), Waiting::default());
        let happenings = beside.order(tickets, Request::Happenings);
        let mut session = Self {
            signed_in,
            step,
            look: None,
            leavers: BTreeSet::new(),
            asking_leavers: Waiting::default(),
            happenings: Vec::new(),
            texting: Texting::default(),
            no_backup: None,
            planned: PathBuf::new(),
            daily: Waiting::default(),
            leaving: None,
            waiting,
            practice: Practice::NotYet,
            beside,
            opening: Waiting::default(),
        };
        // Whoever has to choose a new password does that first.
        let mut orders = if session.signed_in.new_password_due { Vec::new() } else { session.open(tickets) };
        orders.extend(session.order_daily(tickets));
        orders.extend(happenings);
        (session, orders)
    }

    fn open(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        self.practice = Practice::Starting;
        self.opening.order(tickets, Request::StartProgram)
    }

    /// Something happened that nobody asked for; why the desk is to be locked, if it is.
    pub fn news(&mut self, news: News) -> Option<Why> {
        match news {
            News::Choices(settings) => {
                if let Some(look) = &mut self.look {
                    look.settings.clone_from(&settings);
                }
                self.signed_in.settings = *settings;
            }
            News::SessionOver => return Some(Why::SessionOver),
            News::ProgramEnded(AtEnd::Lock) => return Some(Why::ProgramEnded),
            News::ProgramEnded(AtEnd::Stay) => self.practice = Practice::Closed,
            News::LoginStuck(err) => self.practice = Practice::Running(Some(err)),
            News::LoginBack => self.practice = Practice::Running(None),
        }
        None
    }

    /// Whether this is a manager, for what the pages offer; the store decides again.
    #[must_use]
    pub fn is_manager(&self) -> bool {
        self.signed_in.role == Role::Manager
    }

    /// The last two digits of the number that texts go to; empty before everybody was looked up.
    #[must_use]
    pub fn number_ending(&self) -> &str {
        self.signed_in.number_ending.as_deref().unwrap_or_default()
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_busy()
            || self.texting.is_asking()
            || matches!(&self.step, Step::Phone(enrolment) if enrolment.is_busy())
    }

    /// Whether Cancel leads back: not while a new password is due.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        !(self.signed_in.new_password_due && matches!(self.step, Step::FreshCode(..) | Step::NewPassword(_)))
    }

    /// A person did something. While an answer is being waited for, nothing but the answer counts.
    pub fn act(&mut self, act: Act, tickets: &mut Tickets) -> Vec<Order> {
        if self.is_busy() {
            return Vec::new();
        }
        let manager = self.is_manager();
        match (act, &mut self.step) {
            (Act::Go(page), Step::At(..) | Step::Log(_) | Step::BadName(_) | Step::Backups(_) | Step::Plan(..)) => {
                return self.go(page, tickets);
            }
            (Act::Log(filter), Step::At(..) | Step::Log(_)) if manager => return self.log(filter, tickets),
            (Act::Export(path), Step::Log(log)) => {
                (log.exported, log.mishap) = (None, None);
                return self.waiting.order(tickets, Request::Export(path));
            }
            (Act::Add { name, role }, Step::At(Page::People, _) | Step::BadName(_)) => {
                self.step = match names::tidy(&name) {
                    Ok(name) => Step::FreshCode(Change::Add { name, role }, None),
                    Err(bad) => Step::BadName(Mishap::BadName(bad)),
                };
            }
            (Act::MakeBackup, Step::Backups(_)) => return self.make_backup(tickets),
            (Act::PlanRestore(file), Step::Backups(_)) => return self.plan_restore(file, tickets),
            (Act::Begin(change), Step::At(..) | Step::BadName(_) | Step::Plan(..)) => {
                self.step = Step::FreshCode(change, None);
            }
            (Act::SendText, Step::FreshCode(..)) if self.signed_in.by == FactorUsed::Sms => {
                return self.texting.ask(Request::TextForChange, tickets);
            }
            (Act::GiveCode(_), Step::FreshCode(change, mishap)) if change.asks() == Asks::PasswordAndCode => {
                *mishap = Some(Mishap::NoPassword);
            }
            (Act::GiveBoth { password, code }, Step::FreshCode(change, mishap))
                if change.asks() == Asks::PasswordAndCode =>
            {
                let by = self.signed_in.by;
                *mishap = match presented(code.expose(), by) {
                    None if password.is_empty() && code.is_empty() => Some(Mishap::NoPassword),
                    // The code is looked at first: a text that cannot be one is no attempt, and the password is not checked.
                    Some(_) if password.is_empty() => Some(Mishap::NoPassword),
                    Some(presented) => {
                        *mishap = None;
                        return self.waiting.order(tickets, Request::FreshSignIn { password, presented });
                    }
                    None if by.is_digits() => Some(Mishap::NotACode),
                    None => Some(Mishap::NotASpare),
                };
            }
            (Act::GiveCode(typed), Step::FreshCode(_, mishap)) => match presented(typed.expose(), self.signed_in.by) {
                Some(presented) => {
                    *mishap = None;
                    return self.waiting.order(tickets, Request::FreshCode(presented));
                }
                None => {
                    *mishap = Some(if self.signed_in.by.is_digits() { Mishap::NotACode } else { Mishap::NotASpare });
                }
            },
            (Act::GivePassword(password), Step::NewPassword(mishap)) => {
                if password.is_empty() {
                    *mishap = Some(Mishap::NoPassword);
                } else {
                    *mishap = None;
                    return self.waiting.order(tickets, Request::ChangePassword(password));
                }
            }
            (Act::OnPaper, Step::Codes(sheets) | Step::ClinicKey(sheets)) => sheets.on_paper(),
            (Act::OnPaper, Step::Slip(change, _)) => {
                let change = change.clone();
                return self.done(change, tickets);
            }
            (Act::OnPaper, Step::Removed(removal)) => {
                let change = Change::Remove(removal.person.clone());
                return self.done(change, tickets);
            }
            (Act::ShowAgain, Step::Codes(sheets) | Step::ClinicKey(sheets)) => sheets.show_again(),
            (Act::GiveProof(typed), step @ (Step::Codes(_) | Step::ClinicKey(_))) => {
                return match step.prove(&typed) {
                    Some(request) => self.waiting.order(tickets, request),
                    None => Vec::new(),
                };
            }
            (Act::Phone(enrolment::Act::Back), Step::Phone(enrolment)) if enrolment.is_way_out() => {
                return self.cancel(tickets);
            }
            (Act::Phone(act), Step::Phone(enrolment)) => return enrolment.act(act, tickets),
            (Act::Open, Step::At(Page::Home, _)) if self.practice != Practice::Starting => return self.open(tickets),
            (Act::ReadHappenings, _) => self.happenings.clear(),
            (Act::Cancel, _) => return self.cancel(tickets),
            _ => {}
        }
        Vec::new()
    }

    /// To a page, with a fresh look at everyone where it shows them.
    fn go(&mut self, page: Page, tickets: &mut Tickets) -> Vec<Order> {
        if matches!(page, Page::People | Page::Settings | Page::Practice | Page::Backups | Page::Texts)
            && !self.is_manager()
        {
            return Vec::new();
        }
        if page == Page::Backups {
            return self.show_backups(None, tickets);
        }
        self.step = Step::At(page, None);
        self.look_again(page, tickets)
    }

    fn look_again(&mut self, page: Page, tickets: &mut Tickets) -> Vec<Order> {
        match page {
            Page::Home | Page::Backups => Vec::new(),
            Page::Phones | Page::People | Page::Settings | Page::Practice | Page::Texts => {
                self.beside.order(tickets, Request::Look)
            }
        }
    }

    fn done(&mut self, change: Change, tickets: &mut Tickets) -> Vec<Order> {
        let page = change.page();
        if page == Page::Practice && !matches!(self.practice, Practice::Running(_)) {
            // What was not there or went wrong may be right now: the page offers to open it.
            self.practice = Practice::Closed;
        }
        let with_new_key = matches!(change, Change::Key(_) | Change::RotateKey(_));
        self.step = Step::At(page, Some(change));
        let mut orders = self.look_again(page, tickets);
        if with_new_key {
            orders.extend(self.order_with_new_key(tickets));
        }
        orders
    }

    fn log(&mut self, filter: EntryFilter, tickets: &mut Tickets) -> Vec<Order> {
        let filter = EntryFilter { limit: Some(LOG_PAGE), ..filter };
        let mut orders = Vec::new();
        // What is there stays until the new page has come.
        let entries = if let Step::Log(log) = &mut self.step {
            std::mem::take(&mut log.entries)
        } else {
            // Whoever has left is in the log alone.
            let removals = EntryFilter {
                event: Some(What::PersonRemoved.name().to_owned()),
                results: Results::Only(&["done"]),
                ..EntryFilter::default()
            };
            orders.extend(self.asking_leavers.order(tickets, Request::Entries(removals)));
            Vec::new()
        };
        self.step = Step::Log(LogView { filter: filter.clone(), entries, ..LogView::default() });
        // The log holds ids; names come with everyone.
        if self.look.is_none() {
            orders.extend(self.look_again(Page::People, tickets));
        }
        orders.extend(self.waiting.order(tickets, Request::Entries(filter)));
        orders
    }

    fn cancel(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        if !self.can_cancel() {
            return Vec::new();
        }
        let page = match &self.step {
            Step::FreshCode(change, _) | Step::Preparing(change) | Step::Slip(change, _) => change.page(),
            Step::ClinicKey(_) | Step::Backups(_) => Page::Settings,
            Step::BadName(_) | Step::Removed(_) => Page::People,
            Step::Plan(..) => Page::Backups,
            Step::At(..) | Step::Log(_) | Step::NewPassword(_) | Step::Codes(_) | Step::Phone(_) => Page::Home,
        };
        if page == Page::Backups {
            return self.show_backups(None, tickets);
        }
        let given_up = matches!(self.step, Step::Phone(_));
        self.step = Step::At(page, None);
        // Nobody waits for this one: whatever comes of it, the old phone works.
        if given_up { vec![(tickets.draw(), Request::DropPhone)] } else { Vec::new() }
    }

    /// An answer came. One that is not waited for (any more) changes nothing.
    pub fn answer(&mut self, reply: Reply, now: &Now, tickets: &mut Tickets) -> Vec<Order> {
        let reply = match self.texting.answer(reply, now, tickets) {
            Heard::NotMine(reply) => *reply,
            Heard::Mine(mut orders) => {
                // A test text has been counted, or given back.
                if matches!(self.step, Step::At(Page::Texts, _)) && !matches!(self.texting.state, TextState::Sending(_))
                {
                    orders.extend(self.beside.order(tickets, Request::Look));
                }
                return orders;
            }
            Heard::Refused(failure) => {
                self.failed(failure);
                return Vec::new();
            }
        };
        if self.daily.accept(reply.0) {
            if let Err(failure) = reply.1 {
                self.daily_failed(failure);
            }
            return Vec::new();
        }
        if self.beside.accept(reply.0) {
            match reply.1 {
                Ok(Answer::Look(look)) => self.look = look,
                Ok(Answer::Happenings(happenings)) => self.happenings = happenings,
                // Nothing to show beside the page; the page itself goes on.
                Ok(_) | Err(_) => {}
            }
            return Vec::new();
        }
        if self.asking_leavers.accept(reply.0) {
            // Without an answer the list holds those who are there.
            if let Ok(Answer::Entries(removals)) = reply.1 {
                self.leavers = removals.into_iter().map(|entry| entry.person).collect();
            }
            return Vec::new();
        }
        if self.opening.accept(reply.0) {
            self.practice = match reply.1 {
                Ok(Answer::Started(Started::NoneSet)) => Practice::NoneSet,
                Ok(Answer::Started(Started::Running)) => Practice::Running(None),
                Ok(_) => Practice::Failed(Failure::WorkerGone),
                Err(failure) => Practice::Failed(failure),
            };
            return Vec::new();
        }
        if let Step::Phone(enrolment) = &mut self.step {
            let mut orders = enrolment.answer(reply, now, tickets);
            if matches!(enrolment.step, enrolment::Step::Finished) {
                let second = enrolment.aim == enrolment::Aim::SecondPhone;
                let by_text = enrolment.method == enrolment::Method::Texts;
                let change = if by_text {
                    Change::Number
                } else if second {
                    Change::SecondPhone(String::new())
                } else {
                    Change::Phone
                };
                if !second {
                    self.signed_in.recovery_left = recovery::CODES;
                }
                orders.extend(self.done(change, tickets));
            }
            return orders;
        }
        let (ticket, reply) = reply;
        if !self.waiting.accept(ticket) {
            return Vec::new();
        }
        match reply {
            Ok(answer) => self.answered(answer, tickets),
            Err(failure) => {
                self.failed(failure);
                Vec::new()
            }
        }
    }

    fn answered(&mut self, answer: Answer, tickets: &mut Tickets) -> Vec<Order> {
        match (&mut self.step, answer) {
            (Step::FreshCode(change, _), Answer::Verdict(Verdict::Accepted { .. }, _)) => {
                let change = change.clone();
                // The text that brought the fresh code is nobody's any more: the page has texts of its own.
                self.texting = Texting::default();
                return match change.request() {
                    None if change == Change::Number => {
                        let countries = self.look.as_ref().map(|look| look.settings.sms.countries.clone());
                        self.step = Step::Phone(Box::new(Enrolment::new_number(countries.unwrap_or_default())));
                        Vec::new()
                    }
                    None if matches!(change, Change::TestText(_)) => {
                        let Change::TestText(number) = change else { return Vec::new() };
                        self.step = Step::At(Page::Texts, None);
                        self.texting.ask(Request::TestText(number), tickets)
                    }
                    None => {
                        self.step = Step::NewPassword(None);
                        Vec::new()
                    }
                    Some(request) => {
                        self.step = Step::Preparing(change);
                        self.waiting.order(tickets, request)
                    }
                };
            }
            (Step::FreshCode(_, mishap), Answer::Verdict(verdict, _)) => *mishap = Some(Mishap::Refused(verdict)),
            (Step::Preparing(_), Answer::Sheets(sheets)) => {
                self.step = Step::Codes(SheetsFlow::new(sheets, Exit::GiveUp));
            }
            (Step::Preparing(_), Answer::ClinicKey(key)) => {
                self.step = Step::ClinicKey(SheetsFlow::clinic_key_alone(key));
            }
            (Step::Preparing(change), Answer::Slip(slip)) => self.step = Step::Slip(change.clone(), slip),
            (Step::Preparing(_), Answer::Removed(removal)) => self.step = Step::Removed(removal),
            (Step::Preparing(change), Answer::Offer(offer)) => {
                let second = matches!(change, Change::SecondPhone(_));
                let enrolment = if second { Enrolment::second_phone(offer) } else { Enrolment::new_phone(offer) };
                self.step = Step::Phone(Box::new(enrolment));
            }
            (Step::Preparing(change), Answer::Done) => {
                let change = change.clone();
                return self.done(change, tickets);
            }
            (Step::NewPassword(_), Answer::Done) => {
                self.signed_in.new_password_due = false;
                self.signed_in.password_unix = self.signed_in.password_unix.max(self.signed_in.since_unix);
                self.step = Step::At(Page::Home, Some(Change::Password));
                if self.practice == Practice::NotYet {
                    return self.open(tickets);
                }
            }
            (Step::Codes(_), Answer::Done) => {
                self.signed_in.recovery_left = recovery::CODES;
                self.step = Step::At(Page::Home, Some(Change::Codes));
            }
            (Step::ClinicKey(_), Answer::Done) => {
                self.step = Step::At(Page::Settings, Some(Change::ClinicKey));
                return self.order_with_new_key(tickets);
            }
            (Step::Backups(view), Answer::Backups(files)) => view.files = files,
            (Step::Backups(_), Answer::Done) => return self.show_backups(Some(BackupDone::Made), tickets),
            (Step::Backups(_), Answer::Plan(plan)) => self.planned(plan),
            (Step::Preparing(_), Answer::Restored(plan)) => return self.restored(plan, tickets),
            (Step::Log(log), Answer::Entries(entries)) => log.entries = entries,
            (Step::Log(log), Answer::Exported(count)) => log.exported = Some(count),
            // An answer to another question than the page's: a mistake of ours, and nothing is taken for done.
            _ => self.failed(Failure::WorkerGone),
        }
        Vec::new()
    }

    fn failed(&mut self, failure: Failure) {
        let new = Mishap::Failure(failure);
        match &mut self.step {
            Step::FreshCode(_, mishap) | Step::NewPassword(mishap) => *mishap = Some(new),
            Step::Preparing(change) => self.step = Step::FreshCode(change.clone(), Some(new)),
            Step::Codes(sheets) | Step::ClinicKey(sheets) => sheets.mishap(new),
            Step::Log(log) => log.mishap = Some(new),
            Step::Backups(view) => view.mishap = Some(new),
            Step::At(..) | Step::BadName(_) | Step::Plan(..) | Step::Slip(..) | Step::Removed(_) | Step::Phone(_) => {}
        }
    }
}

/// Six digits, from wherever the person's codes came at sign-in, or else a code from the sheet.
fn presented(typed: &str, by: FactorUsed) -> Option<Presented> {
    let of = if by == FactorUsed::Sms { Presented::Text } else { Presented::Code };
    let code = Code::parse(typed).map(of).ok();
    code.or_else(|| RecoveryCode::parse(typed).map(Presented::Recovery).ok())
}
