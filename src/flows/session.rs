//! Somebody is signed in: the page with what they may change about themselves, each after a fresh code.
//!
//! ```text
//! Home ──▶ FreshCode(change) ──▶ NewPassword | Codes | Phone (an enrolment) ──▶ Home, with a word that it is done
//!   └ Lock, from anywhere
//! ```

use super::enrolment::{self, Enrolment};
use super::sheets::{Exit, SheetsFlow};
use super::{Answer, Mishap, Order, Reply, Request, Tickets, Waiting};
use crate::domain::code::Code;
use crate::domain::recovery::RecoveryCode;
use crate::domain::secret::SecretText;
use crate::domain::verify::{FactorUsed, Presented, Verdict};
use crate::effects::{Failure, SignedIn};

/// What somebody may change about themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Link a new phone.
    Phone,
    /// New recovery codes.
    Codes,
    /// A new password.
    Password,
}

/// Where the person is.
pub enum Step {
    /// The page itself; after a change it says which was made.
    Home(Option<Change>),
    /// A fresh code before a change.
    FreshCode(Change, Option<Mishap>),
    /// A fresh code was right; what it was for is being prepared.
    Preparing(Change),
    /// A new password.
    NewPassword(Option<Mishap>),
    /// New recovery codes.
    Codes(SheetsFlow),
    /// A new phone.
    Phone(Box<Enrolment>),
}

/// What a person does.
#[derive(Debug)]
pub enum Act {
    /// Begins a change.
    Begin(Change),
    /// The fresh code as typed: from the phone, or from the sheet for somebody whose phone is gone.
    GiveCode(SecretText),
    /// The new password.
    GivePassword(SecretText),
    /// Codes: on paper.
    OnPaper,
    /// Codes: show again.
    ShowAgain,
    /// Codes: what was typed from paper.
    GiveProof(SecretText),
    /// In the new phone's steps.
    Phone(enrolment::Act),
    /// Back to the page; a change that was not finished changes nothing.
    Cancel,
}

/// The flow.
pub struct Session {
    /// Who, since when, codes left.
    pub signed_in: SignedIn,
    /// Where the person is.
    pub step: Step,
    waiting: Waiting,
}

impl Session {
    /// The page; straight to a new password when one is due.
    #[must_use]
    pub fn new(signed_in: SignedIn) -> Self {
        let step = if signed_in.new_password_due { Step::FreshCode(Change::Password, None) } else { Step::Home(None) };
        Self { signed_in, step, waiting: Waiting::default() }
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_busy()
            || match &self.step {
                Step::Phone(enrolment) => enrolment.is_busy(),
                Step::Home(_) | Step::FreshCode(..) | Step::Preparing(_) | Step::NewPassword(_) | Step::Codes(_) => {
                    false
                }
            }
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
        match (act, &mut self.step) {
            (Act::Begin(change), Step::Home(_)) => {
                self.step = Step::FreshCode(change, None);
                Vec::new()
            }
            (Act::GiveCode(typed), Step::FreshCode(_, mishap)) => match presented(typed.expose()) {
                Some(presented) => {
                    *mishap = None;
                    self.waiting.order(tickets, Request::FreshCode(presented))
                }
                None => {
                    let by_phone = self.signed_in.by == FactorUsed::Totp;
                    *mishap = Some(if by_phone { Mishap::NotACode } else { Mishap::NotASpare });
                    Vec::new()
                }
            },
            (Act::GivePassword(password), Step::NewPassword(mishap)) => {
                if password.is_empty() {
                    *mishap = Some(Mishap::NoPassword);
                    return Vec::new();
                }
                *mishap = None;
                self.waiting.order(tickets, Request::ChangePassword(password))
            }
            (Act::OnPaper, Step::Codes(sheets)) => {
                sheets.on_paper();
                Vec::new()
            }
            (Act::ShowAgain, Step::Codes(sheets)) => {
                sheets.show_again();
                Vec::new()
            }
            (Act::GiveProof(typed), Step::Codes(sheets)) => {
                if sheets.prove(typed.expose()) {
                    self.waiting.order(tickets, Request::FinishCodes)
                } else {
                    Vec::new()
                }
            }
            (Act::Phone(enrolment::Act::Back), Step::Phone(enrolment)) if enrolment.is_way_out() => {
                self.cancel(tickets)
            }
            (Act::Phone(act), Step::Phone(enrolment)) => enrolment.act(act, tickets),
            (Act::Cancel, _) => self.cancel(tickets),
            _ => Vec::new(),
        }
    }

    fn cancel(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        if !self.can_cancel() {
            return Vec::new();
        }
        let given_up = matches!(self.step, Step::Phone(_));
        self.step = Step::Home(None);
        // Nobody waits for this one: whatever comes of it, the old phone works.
        if given_up { vec![(tickets.draw(), Request::DropPhone)] } else { Vec::new() }
    }

    /// An answer came. One that is not waited for (any more) changes nothing.
    pub fn answer(&mut self, reply: Reply, tickets: &mut Tickets) -> Vec<Order> {
        if let Step::Phone(enrolment) = &mut self.step {
            enrolment.answer(reply);
            if matches!(enrolment.step, enrolment::Step::Finished) {
                self.signed_in.recovery_left = crate::domain::recovery::CODES;
                self.step = Step::Home(Some(Change::Phone));
            }
            return Vec::new();
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
                let change = *change;
                let request = match change {
                    Change::Password => {
                        self.step = Step::NewPassword(None);
                        return Vec::new();
                    }
                    Change::Codes => Request::NewCodes,
                    Change::Phone => Request::BeginPhone,
                };
                self.step = Step::Preparing(change);
                return self.waiting.order(tickets, request);
            }
            (Step::FreshCode(_, mishap), Answer::Verdict(verdict, _)) => *mishap = Some(Mishap::Refused(verdict)),
            (Step::Preparing(Change::Codes), Answer::Sheets(sheets)) => {
                self.step = Step::Codes(SheetsFlow::new(sheets, Exit::GiveUp));
            }
            (Step::Preparing(Change::Phone), Answer::Offer(offer)) => {
                self.step = Step::Phone(Box::new(Enrolment::new_phone(offer)));
            }
            (Step::NewPassword(_), Answer::Done) => {
                self.signed_in.new_password_due = false;
                self.signed_in.password_unix = self.signed_in.password_unix.max(self.signed_in.since_unix);
                self.step = Step::Home(Some(Change::Password));
            }
            (Step::Codes(_), Answer::Done) => {
                self.signed_in.recovery_left = crate::domain::recovery::CODES;
                self.step = Step::Home(Some(Change::Codes));
            }
            // An answer to another question than the page's: a mistake of ours, and nothing is taken for done.
            _ => self.failed(Failure::WorkerGone),
        }
        Vec::new()
    }

    fn failed(&mut self, failure: Failure) {
        let new = Mishap::Failure(failure);
        match &mut self.step {
            Step::FreshCode(_, mishap) | Step::NewPassword(mishap) => *mishap = Some(new),
            Step::Preparing(change) => self.step = Step::FreshCode(*change, Some(new)),
            Step::Codes(sheets) => sheets.mishap(new),
            Step::Home(_) | Step::Phone(_) => {}
        }
    }
}

/// Six digits, or else a code from the sheet.
fn presented(typed: &str) -> Option<Presented> {
    let code = Code::parse(typed).map(Presented::Code).ok();
    code.or_else(|| RecoveryCode::parse(typed).map(Presented::Recovery).ok())
}
