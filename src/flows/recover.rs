//! Coming back with the clinic recovery key, in plain steps: this computer's key, or a manager without a phone.
//!
//! ```text
//! Key ──▶ Finished                                   the computer's key is back
//! Key ──▶ Manager ──▶ Password ──▶ Phone ──▶ Finished   a manager is back, with a new clinic recovery key
//!  ▲                     │ the key was wrong
//!  └─────────────────────┘
//! ```

use super::enrolment::{self, Enrolment};
use super::{Answer, Mishap, Order, Reply, Request, Tickets, Waiting};
use crate::domain::recovery::ClinicKey;
use crate::domain::secret::SecretText;
use crate::effects::Failure;
use crate::ports::Now;

/// What for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// This computer has lost its key, or an old file was put back.
    ThisComputer,
    /// No manager can sign in: the managers there are, as id and name.
    Manager(Vec<(String, String)>),
}

/// Where the person is.
pub enum Step {
    /// The clinic recovery key from the safe.
    Key(Option<Mishap>),
    /// Which manager comes back.
    Manager,
    /// A new password for that manager.
    Password(Option<Mishap>),
    /// That manager's phone, and the sheets.
    Phone(Box<Enrolment>),
    /// Done.
    Finished,
}

/// What a person does.
#[derive(Debug)]
pub enum Act {
    /// The key as typed.
    GiveKey(SecretText),
    /// Which manager.
    Choose(String),
    /// A password of three words, please.
    Suggest,
    /// The new password.
    GivePassword(SecretText),
    /// In the phone's steps.
    Phone(enrolment::Act),
    /// Back.
    Back,
}

/// The flow.
pub struct Recover {
    /// What for.
    pub aim: Aim,
    /// Where the person is.
    pub step: Step,
    /// A suggested password, until the view takes it into its field.
    pub suggested: Option<SecretText>,
    key: Option<SecretText>,
    manager: String,
    waiting: Waiting,
}

impl Recover {
    /// Begins with the key.
    #[must_use]
    pub fn new(aim: Aim) -> Self {
        Self {
            aim,
            step: Step::Key(None),
            suggested: None,
            key: None,
            manager: String::new(),
            waiting: Waiting::default(),
        }
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_busy() || matches!(&self.step, Step::Phone(enrolment) if enrolment.is_busy())
    }

    /// Whether the clinic recovery key, or a key that it opened, is held here.
    #[must_use]
    pub fn holds_keys(&self) -> bool {
        match &self.step {
            Step::Key(_) | Step::Finished => false,
            Step::Manager | Step::Password(_) => true,
            Step::Phone(enrolment) => enrolment.holds_keys(),
        }
    }

    /// Whether Back leads to an earlier step here; on the first one it leads out.
    #[must_use]
    pub fn is_first(&self) -> bool {
        matches!(self.step, Step::Key(_))
    }

    /// Who comes back; empty before that is known.
    #[must_use]
    pub fn manager_name(&self) -> &str {
        match &self.aim {
            Aim::ThisComputer => "",
            Aim::Manager(managers) => {
                managers.iter().find(|(id, _)| *id == self.manager).map(|(_, name)| name.as_str()).unwrap_or_default()
            }
        }
    }

    /// A person did something. While an answer is being waited for, nothing but the answer counts.
    pub fn act(&mut self, act: Act, tickets: &mut Tickets) -> Vec<Order> {
        if self.is_busy() {
            return Vec::new();
        }
        match (act, &mut self.step) {
            (Act::GiveKey(typed), Step::Key(mishap)) => match ClinicKey::parse(typed.expose()) {
                Err(_) => *mishap = Some(Mishap::NotAClinicKey),
                Ok(key) => match &self.aim {
                    Aim::ThisComputer => {
                        *mishap = None;
                        return self.waiting.order(tickets, Request::Recover(key));
                    }
                    Aim::Manager(managers) => {
                        self.key = Some(typed);
                        self.step = match managers.as_slice() {
                            [(only, _)] => {
                                self.manager.clone_from(only);
                                Step::Password(None)
                            }
                            _ => Step::Manager,
                        };
                    }
                },
            },
            (Act::Choose(id), Step::Manager) => {
                self.manager = id;
                self.step = Step::Password(None);
            }
            (Act::Suggest, Step::Password(_)) => return self.waiting.order(tickets, Request::Suggest),
            (Act::GivePassword(password), Step::Password(mishap)) => {
                if password.is_empty() {
                    *mishap = Some(Mishap::NoPassword);
                    return Vec::new();
                }
                let key = self.key.as_ref().and_then(|typed| ClinicKey::parse(typed.expose()).ok());
                let Some(key) = key else { return Vec::new() };
                *mishap = None;
                let request = Request::RecoverManager { key, manager: self.manager.clone(), password };
                return self.waiting.order(tickets, request);
            }
            (Act::Phone(act), Step::Phone(enrolment)) => return enrolment.act(act, tickets),
            (Act::Back, Step::Manager | Step::Password(_)) => self.step = Step::Key(None),
            _ => {}
        }
        Vec::new()
    }

    /// An answer came. One that is not waited for (any more) changes nothing.
    pub fn answer(&mut self, reply: Reply, now: &Now, tickets: &mut Tickets) -> Vec<Order> {
        if let Step::Phone(enrolment) = &mut self.step {
            let orders = enrolment.answer(reply, now, tickets);
            if matches!(enrolment.step, enrolment::Step::Finished) {
                self.step = Step::Finished;
            }
            return orders;
        }
        let (ticket, reply) = reply;
        if !self.waiting.accept(ticket) {
            return Vec::new();
        }
        match (&mut self.step, reply) {
            (Step::Key(_), Ok(Answer::Done)) => self.step = Step::Finished,
            (Step::Password(mishap), Ok(Answer::Suggested(words))) => {
                *mishap = None;
                self.suggested = Some(words);
            }
            (Step::Password(_), Ok(Answer::Offer(offer))) => {
                self.key = None;
                self.step = Step::Phone(Box::new(Enrolment::recovered(offer)));
            }
            // The key was typed two pages ago: that is where it is typed again.
            (_, Err(Failure::WrongClinicKey)) => {
                self.step = Step::Key(Some(Mishap::Failure(Failure::WrongClinicKey)));
            }
            (Step::Key(mishap) | Step::Password(mishap), Err(failure)) => *mishap = Some(Mishap::Failure(failure)),
            (Step::Key(mishap) | Step::Password(mishap), Ok(_)) => {
                *mishap = Some(Mishap::Failure(Failure::WorkerGone));
            }
            (Step::Manager | Step::Phone(_) | Step::Finished, _) => {}
        }
        Vec::new()
    }
}
