//! Linking a phone in seven steps: the clinic's first set-up, or a new phone for somebody who is signed in.
//!
//! ```text
//! 1 Why ▸ Who ▸ Names ▸ Password   2 OpenApp (▸ GetApp)   3 GetStarted   4 TapScan   5 Square   6 CodeShown   7 TypeCode
//!          └ AskManager      │       └──────────── Skip ───────────────────────────────▲
//!   Resume ──────────────────┴─▶ 2, or straight to the sheets when a code was right before
//! 7 right ▸ Congratulations ▸ Sheets (shown, proved) ▸ Finished
//! ```
//! The square is the same from its first showing to the end: Back and wrong codes never make a new one.

mod steps;
mod texts;

use super::sheets::{Exit, SheetsFlow};
use super::texting::{Heard, Texting};
use super::{Answer, Mishap, Order, Reply, Request, Tickets, Waiting};
use crate::domain::code::Code;
use crate::domain::names::{self};
use crate::domain::recovery::RecoveryCode;
use crate::domain::secret::SecretText;
use crate::domain::sms::{SmsSettings, SmsState};
use crate::domain::state::Role;
use crate::domain::verify::FirstCode;
use crate::effects::{NewSetup, PhoneOffer};
use crate::ports::{Begins, Look, Now, PersonLook};

pub use steps::{Act, Aim, App, Handset, Method, NameMishap, Names, Step};
pub use texts::{TextAct, TextStep};

/// The flow.
pub struct Enrolment {
    /// What for.
    pub aim: Aim,
    /// Where the person is.
    pub step: Step,
    /// The chosen app.
    pub app: App,
    /// Clinic and person, once they are known: the sheets of paper carry them. Empty when linking a new phone.
    pub names: Names,
    /// Where codes come from.
    pub method: Method,
    /// The text that was asked for.
    pub texting: Texting,
    /// Countries that numbers may be of.
    pub countries: Vec<String>,
    /// Whether the clinic sends texts.
    pub texts: SmsState,
    /// What the service's password was given for, from the moment it is stored: it is not asked for twice.
    service: Option<String>,
    /// A suggested password, until the view takes it into its field.
    pub suggested: Option<SecretText>,
    /// Whom an unfinished set-up belongs to.
    resuming: Option<String>,
    offer: Option<PhoneOffer>,
    wrong_codes: u32,
    waiting: Waiting,
}

impl Enrolment {
    /// A new clinic.
    #[must_use]
    pub fn first() -> Self {
        Self::at(Aim::FirstSetUp, Step::Why, None)
    }

    /// A set-up that was not finished; without a person in it there is nothing to resume.
    #[must_use]
    pub fn unfinished(look: &Look) -> Self {
        match look.people.first() {
            Some(person) => Self {
                resuming: Some(person.id.clone()),
                names: Names {
                    clinic: look.name.clone(),
                    person: person.name.clone(),
                    support: look.settings.support.clone(),
                },
                ..Self::at(Aim::FirstSetUp, Step::Resume(None), None)
            },
            None => Self::first(),
        }
    }

    /// A new phone for somebody who is signed in.
    #[must_use]
    pub fn new_phone(offer: PhoneOffer) -> Self {
        Self::at(Aim::NewPhone, Step::OpenApp, Some(offer))
    }

    /// One more phone for somebody who is signed in.
    #[must_use]
    pub fn second_phone(offer: PhoneOffer) -> Self {
        Self::at(Aim::SecondPhone, Step::OpenApp, Some(offer))
    }

    /// A manager who came back with the clinic recovery key.
    #[must_use]
    pub fn recovered(offer: PhoneOffer) -> Self {
        Self::at(Aim::Recovered, Step::OpenApp, Some(offer))
    }

    /// A new or reset person: with the slip, or with the password chosen before.
    #[must_use]
    pub fn person(person: &PersonLook, clinics: &SmsSettings) -> Self {
        let step = match person.begins {
            Begins::WithPassword => Step::Resume(None),
            Begins::WithSlip { .. } | Begins::NeedsNewSlip | Begins::Done => Step::Activate(None),
        };
        let names = Names { clinic: String::new(), person: person.name.clone(), support: String::new() };
        let (texts, countries) = (clinics.state, clinics.countries.clone());
        let resuming = Some(person.id.clone());
        Self { resuming, names, texts, countries, ..Self::at(Aim::Person(person.role), step, None) }
    }

    /// Whether the sheet of recovery codes may wait: reception is reminded at each sign-in.
    #[must_use]
    pub fn may_print_later(&self) -> bool {
        self.aim == Aim::Person(Role::Staff)
    }

    fn at(aim: Aim, step: Step, offer: Option<PhoneOffer>) -> Self {
        Self {
            aim,
            step,
            app: App::default(),
            names: Names::default(),
            method: Method::App,
            texting: Texting::default(),
            countries: SmsSettings::default().countries,
            texts: SmsState::Off,
            service: None,
            suggested: None,
            resuming: None,
            offer,
            wrong_codes: 0,
            waiting: Waiting::default(),
        }
    }

    /// The square and its key, from the moment there is one.
    #[must_use]
    pub fn offer(&self) -> Option<&PhoneOffer> {
        self.offer.as_ref()
    }

    /// Whether an answer is being waited for: buttons are busy, fields keep their text.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_busy() || self.texting.is_asking()
    }

    /// The number in the step bar, 1 to 7; none on the pages before and after.
    #[must_use]
    pub fn number(&self) -> Option<u8> {
        match &self.step {
            Step::Why | Step::Who | Step::AskManager | Step::Names(_) | Step::Password(..) => Some(1),
            Step::OpenApp | Step::GetApp(_) => Some(2),
            Step::GetStarted { .. } => Some(3),
            Step::TapScan => Some(4),
            Step::Square { .. } => Some(5),
            Step::CodeShown => Some(6),
            Step::TypeCode(_) => Some(7),
            // Two short pages, and no phone to be linked: nothing to count.
            Step::Texts(_) if self.aim == Aim::SecondPhone => None,
            Step::Texts(step) => Some(Self::text_number(step)),
            Step::Activate(_)
            | Step::Resume(_)
            | Step::StartOver(_)
            | Step::Congratulations(_)
            | Step::Sheets(_)
            | Step::Finished => None,
        }
    }

    /// Whether Back leads anywhere; elsewhere the page has its own way out.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        !self.is_busy() && (self.before().is_some() || self.is_way_out())
    }

    /// Whether Back leads out of the steps here: a phone that is given up leaves the others as they were, and a person
    /// who has not begun goes back to the lock screen.
    #[must_use]
    pub fn is_way_out(&self) -> bool {
        match self.aim {
            Aim::NewPhone | Aim::SecondPhone => {
                let first = matches!(self.step, Step::OpenApp | Step::Texts(TextStep::Number(_)));
                first || matches!(self.step, Step::Congratulations(_) | Step::Sheets(_))
            }
            Aim::Person(_) => matches!(self.step, Step::Activate(_) | Step::Resume(_)),
            Aim::FirstSetUp | Aim::Recovered => false,
        }
    }

    /// Whether nothing has been begun yet: a backup may come in the place of a first set-up.
    #[must_use]
    pub fn is_before_anything(&self) -> bool {
        self.aim == Aim::FirstSetUp && matches!(self.step, Step::Who) && !self.is_busy()
    }

    /// Whether keys are open behind this page: from the password on, until everything is stored.
    #[must_use]
    pub fn holds_keys(&self) -> bool {
        match &self.step {
            Step::Why
            | Step::Who
            | Step::AskManager
            | Step::Names(_)
            | Step::Password(..)
            | Step::Activate(_)
            | Step::Resume(_)
            | Step::StartOver(_)
            | Step::Finished => false,
            Step::OpenApp
            | Step::GetApp(_)
            | Step::GetStarted { .. }
            | Step::TapScan
            | Step::Square { .. }
            | Step::CodeShown
            | Step::TypeCode(_)
            | Step::Texts(_)
            | Step::Congratulations(_)
            | Step::Sheets(_) => true,
        }
    }

    fn before(&self) -> Option<Step> {
        let first = self.aim != Aim::NewPhone && self.aim != Aim::SecondPhone;
        match &self.step {
            Step::Who => Some(Step::Why),
            Step::AskManager | Step::Names(_) => Some(Step::Who),
            Step::Password(..) => Some(Step::Names(None)),
            Step::StartOver(_) => Some(Step::Resume(None)),
            // The clinic and its keys are made by now; going behind the password would need new ones.
            Step::OpenApp if first => None,
            Step::GetApp(_) | Step::GetStarted { .. } => Some(Step::OpenApp),
            Step::TapScan => Some(Step::GetStarted { used_before: false }),
            Step::Square { .. } => Some(Step::TapScan),
            Step::CodeShown => Some(Step::Square { wont_scan: false }),
            Step::TypeCode(_) => Some(Step::CodeShown),
            // From where it was chosen.
            Step::Texts(TextStep::WhyNot) => Some(if self.offer.is_some() { Step::OpenApp } else { Step::Why }),
            Step::Texts(step) => Self::text_before(step),
            Step::Why
            | Step::Activate(_)
            | Step::Resume(_)
            | Step::OpenApp
            | Step::Congratulations(_)
            | Step::Sheets(_)
            | Step::Finished => None,
        }
    }

    /// A person did something. While an answer is being waited for, nothing but the answer counts.
    pub fn act(&mut self, act: Act, tickets: &mut Tickets) -> Vec<Order> {
        if self.is_busy() {
            return Vec::new();
        }
        match act {
            Act::Next => self.next(tickets),
            Act::Back => self.back(),
            Act::Skip => self.skip(),
            Act::IAmStaff => self.ask_manager(),
            // The program's to hear, before anything of a set-up was begun.
            Act::HaveBackup => Vec::new(),
            Act::GiveNames { clinic, person, support } => self.names(&clinic, &person, &support),
            Act::Suggest => self.suggest(tickets),
            Act::GivePassword(password) => self.password(password, tickets),
            Act::Activate { code, password } => self.activate(&code, password, tickets),
            Act::PrintLater => self.print_later(tickets),
            Act::StartOver => self.start_over(tickets),
            Act::ChooseApp(app) => self.choose_app(app),
            Act::GetApp(handset) => self.get_app(handset),
            Act::UsedBefore => self.used_before(),
            Act::WontScan => self.wont_scan(),
            Act::TypesDigits => self.types_digits(),
            Act::GiveCode(typed) if matches!(self.step, Step::Texts(_)) => self.text_code(&typed, tickets),
            Act::GiveCode(typed) => self.code(&typed, tickets),
            Act::Texts(act) => self.text_act(act, tickets),
            Act::ShowAgain => self.show_again(),
            Act::GiveProof(typed) => self.proof(&typed, tickets),
        }
    }

    fn go(&mut self, step: Step) -> Vec<Order> {
        self.step = step;
        Vec::new()
    }

    fn next(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        match &mut self.step {
            Step::Why => {
                self.method = Method::App;
                self.go(Step::Who)
            }
            Step::Texts(_) => self.text_next(tickets),
            Step::Who => self.go(Step::Names(None)),
            Step::OpenApp | Step::GetApp(_) => self.go(Step::GetStarted { used_before: false }),
            Step::GetStarted { .. } => self.go(Step::TapScan),
            Step::TapScan => self.go(Step::Square { wont_scan: false }),
            Step::Square { .. } => self.go(Step::CodeShown),
            Step::CodeShown => self.go(Step::TypeCode(None)),
            Step::Congratulations(_) => {
                let request = match self.aim {
                    Aim::FirstSetUp => Request::SetupSheets,
                    Aim::NewPhone | Aim::Person(_) | Aim::Recovered => Request::PhoneSheets,
                    Aim::SecondPhone => Request::FinishPhoneWithoutCodes,
                };
                self.waiting.order(tickets, request)
            }
            Step::Sheets(sheets) => {
                sheets.on_paper();
                Vec::new()
            }
            Step::AskManager
            | Step::Names(_)
            | Step::Password(..)
            | Step::Activate(_)
            | Step::Resume(_)
            | Step::StartOver(_)
            | Step::TypeCode(_)
            | Step::Finished => Vec::new(),
        }
    }

    fn back(&mut self) -> Vec<Order> {
        if let Some(step) = self.before() {
            self.step = step;
        }
        Vec::new()
    }

    fn skip(&mut self) -> Vec<Order> {
        if matches!(self.step, Step::OpenApp | Step::GetApp(_) | Step::GetStarted { .. } | Step::TapScan) {
            self.step = Step::Square { wont_scan: false };
        }
        Vec::new()
    }

    fn ask_manager(&mut self) -> Vec<Order> {
        if matches!(self.step, Step::Who) {
            self.step = Step::AskManager;
        }
        Vec::new()
    }

    fn names(&mut self, clinic: &str, person: &str, support: &str) -> Vec<Order> {
        if !matches!(self.step, Step::Names(_)) {
            return Vec::new();
        }
        self.step = match (names::tidy(clinic), names::tidy(person)) {
            (Ok(clinic), Ok(person)) => {
                let support = names::tidy(support).unwrap_or_default();
                self.names = Names { clinic, person, support };
                Step::Password(self.names.clone(), None)
            }
            (clinic, person) => Step::Names(Some(NameMishap { clinic: clinic.err(), person: person.err() })),
        };
        Vec::new()
    }

    fn suggest(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        if matches!(self.step, Step::Password(..) | Step::Activate(_)) {
            self.waiting.order(tickets, Request::Suggest)
        } else {
            Vec::new()
        }
    }

    fn password(&mut self, password: SecretText, tickets: &mut Tickets) -> Vec<Order> {
        let (Step::Password(_, mishap) | Step::Resume(mishap)) = &mut self.step else { return Vec::new() };
        if password.is_empty() {
            *mishap = Some(Mishap::NoPassword);
            return Vec::new();
        }
        *mishap = None;
        let request = match (&self.step, &self.resuming) {
            (Step::Password(names, _), _) => {
                let Names { clinic, person, support } = names.clone();
                Request::BeginSetup(NewSetup { clinic, person, support, password })
            }
            (_, Some(person)) => Request::Resume { person: person.clone(), password },
            (_, None) => return Vec::new(),
        };
        self.waiting.order(tickets, request)
    }

    fn start_over(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        if self.aim != Aim::FirstSetUp {
            // Somebody else's set-up starts over with a new slip from a manager.
            Vec::new()
        } else if matches!(self.step, Step::Resume(_)) {
            self.step = Step::StartOver(None);
            Vec::new()
        } else if matches!(self.step, Step::StartOver(_)) {
            self.waiting.order(tickets, Request::DropSetup)
        } else {
            Vec::new()
        }
    }

    fn activate(&mut self, code: &SecretText, password: SecretText, tickets: &mut Tickets) -> Vec<Order> {
        let (Step::Activate(mishap), Some(person)) = (&mut self.step, &self.resuming) else { return Vec::new() };
        match RecoveryCode::parse(code.expose()) {
            Err(_) => *mishap = Some(Mishap::NotASpare),
            Ok(_) if password.is_empty() => *mishap = Some(Mishap::NoPassword),
            Ok(code) => {
                *mishap = None;
                return self.waiting.order(tickets, Request::Activate { person: person.clone(), code, password });
            }
        }
        Vec::new()
    }

    fn print_later(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        if self.may_print_later() && matches!(self.step, Step::Sheets(_)) {
            self.waiting.order(tickets, Request::FinishPhoneWithoutCodes)
        } else {
            Vec::new()
        }
    }

    fn choose_app(&mut self, app: App) -> Vec<Order> {
        if matches!(self.step, Step::OpenApp) {
            self.app = app;
        }
        Vec::new()
    }

    fn get_app(&mut self, handset: Handset) -> Vec<Order> {
        if matches!(self.step, Step::OpenApp | Step::GetApp(_)) {
            self.step = Step::GetApp(handset);
        }
        Vec::new()
    }

    fn used_before(&mut self) -> Vec<Order> {
        if let Step::GetStarted { used_before } = &mut self.step {
            *used_before = true;
        }
        Vec::new()
    }

    fn wont_scan(&mut self) -> Vec<Order> {
        if let Step::Square { wont_scan } = &mut self.step {
            *wont_scan = !*wont_scan;
        }
        Vec::new()
    }

    fn types_digits(&mut self) -> Vec<Order> {
        if matches!(self.step, Step::Square { .. } | Step::CodeShown) {
            self.step = Step::TypeCode(None);
        }
        Vec::new()
    }

    fn code(&mut self, typed: &SecretText, tickets: &mut Tickets) -> Vec<Order> {
        let Step::TypeCode(mishap) = &mut self.step else { return Vec::new() };
        match Code::parse(typed.expose()) {
            Ok(code) => {
                *mishap = None;
                self.waiting.order(tickets, Request::FirstCode(code))
            }
            Err(_) => {
                *mishap = Some(Mishap::NotACode);
                Vec::new()
            }
        }
    }

    fn show_again(&mut self) -> Vec<Order> {
        if let Step::Sheets(sheets) = &mut self.step {
            sheets.show_again();
        }
        Vec::new()
    }

    fn proof(&mut self, typed: &SecretText, tickets: &mut Tickets) -> Vec<Order> {
        let Step::Sheets(sheets) = &mut self.step else { return Vec::new() };
        if !sheets.prove(typed.expose()) {
            return Vec::new();
        }
        let request = match self.aim {
            Aim::FirstSetUp => Request::FinishSetup,
            Aim::NewPhone | Aim::Person(_) | Aim::Recovered | Aim::SecondPhone => Request::FinishPhone,
        };
        self.waiting.order(tickets, request)
    }

    /// An answer came. One that is not waited for (any more) changes nothing.
    pub fn answer(&mut self, reply: Reply, now: &Now, tickets: &mut Tickets) -> Vec<Order> {
        let (ticket, reply) = match self.texting.answer(reply, now, tickets) {
            Heard::NotMine(reply) => *reply,
            Heard::Mine(orders) => return orders,
            Heard::Refused(failure) => {
                self.failed(Mishap::Failure(failure));
                return Vec::new();
            }
        };
        if !self.waiting.accept(ticket) {
            return Vec::new();
        }
        match reply {
            Ok(answer) => {
                let orders = self.after(&answer, tickets);
                self.answered(answer);
                orders
            }
            Err(failure) => {
                self.failed(Mishap::Failure(failure));
                Vec::new()
            }
        }
    }

    /// What follows an answer by itself. A manager who came back got a new clinic recovery key: the backups there are open
    /// with the old one, which is destroyed now. Nobody waits for it, and the log, `doctor` and the page say when it failed.
    fn after(&self, answer: &Answer, tickets: &mut Tickets) -> Vec<Order> {
        match (&self.step, answer) {
            (Step::Sheets(sheets), Answer::Done) if self.aim != Aim::FirstSetUp && sheets.clinic_key().is_some() => {
                vec![(tickets.draw(), Request::BackupNow)]
            }
            _ => Vec::new(),
        }
    }

    fn answered(&mut self, answer: Answer) {
        let exit = match self.aim {
            Aim::NewPhone | Aim::SecondPhone => Exit::GiveUp,
            Aim::Person(Role::Staff) => Exit::Later,
            // Somebody who cannot sign in otherwise has nothing to go back to.
            Aim::FirstSetUp | Aim::Person(Role::Manager) | Aim::Recovered => Exit::None,
        };
        match (&mut self.step, answer) {
            (Step::Password(_, mishap) | Step::Activate(mishap), Answer::Suggested(text)) => {
                *mishap = None;
                self.suggested = Some(text);
            }
            (Step::Texts(_), Answer::Offer(offer)) => {
                self.offer = Some(offer);
                self.method = Method::App;
                self.step = Step::OpenApp;
            }
            (Step::Password(..) | Step::Activate(_), Answer::Offer(offer)) => {
                self.offer = Some(offer);
                self.step = match self.method {
                    Method::App => Step::OpenApp,
                    Method::Texts => Step::Texts(TextStep::Gateway(None)),
                };
            }
            (Step::Resume(_), Answer::ResumedNumber { proved, .. }) => {
                self.method = Method::Texts;
                self.step = if proved { Step::Congratulations(None) } else { Step::Texts(TextStep::Number(None)) };
            }
            (Step::Texts(TextStep::Gateway(_)), Answer::Done) => self.step = Step::Texts(TextStep::Try(None)),
            (Step::Resume(_), Answer::Resumed(resumed)) => {
                self.offer = Some(resumed.offer);
                self.step = if resumed.proved { Step::Congratulations(None) } else { Step::OpenApp };
            }
            (Step::StartOver(_), Answer::Done) => *self = Self::first(),
            (Step::TypeCode(mishap) | Step::Texts(TextStep::Type(mishap)), Answer::FirstCode(outcome)) => match outcome
            {
                FirstCode::Right => self.step = Step::Congratulations(None),
                FirstCode::WrongText { tries_left } => *mishap = Some(Mishap::FirstTextWrong { tries_left }),
                FirstCode::TextOver => *mishap = Some(Mishap::FirstTextOver),
                FirstCode::Used { next_in } => *mishap = Some(Mishap::FirstCodeUsed { next_in }),
                FirstCode::Wrong { clock_off_secs } => {
                    self.wrong_codes = self.wrong_codes.saturating_add(1);
                    *mishap = Some(Mishap::FirstCodeWrong { clock_off_secs, times: self.wrong_codes });
                }
            },
            (Step::Congratulations(_), Answer::Sheets(sheets)) => {
                self.step = Step::Sheets(SheetsFlow::new(sheets, exit));
            }
            (Step::Sheets(_) | Step::Congratulations(_), Answer::Done) => self.step = Step::Finished,
            // An answer to another question than the page's: a mistake of ours, and nothing is taken for done.
            _ => self.failed(Mishap::Failure(crate::effects::Failure::WorkerGone)),
        }
    }

    fn failed(&mut self, new: Mishap) {
        match &mut self.step {
            Step::Password(_, mishap)
            | Step::Activate(mishap)
            | Step::Resume(mishap)
            | Step::StartOver(mishap)
            | Step::TypeCode(mishap)
            | Step::Congratulations(mishap) => *mishap = Some(new),
            Step::Sheets(sheets) => sheets.mishap(new),
            Step::Texts(step) => Self::text_failed(step, &mut self.service, new),
            Step::Why
            | Step::Who
            | Step::AskManager
            | Step::Names(_)
            | Step::OpenApp
            | Step::GetApp(_)
            | Step::GetStarted { .. }
            | Step::TapScan
            | Step::Square { .. }
            | Step::CodeShown
            | Step::Finished => {}
        }
    }
}
