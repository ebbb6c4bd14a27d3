//! Bringing a backup back with the clinic recovery key, where the present state cannot judge: in plain steps, and with
//! what it changes before it is done.
//!
//! ```text
//! Choose ──▶ Key ──▶ Plan ──▶ Finished
//!   ▲         │ ▲      │
//!   └─────────┘ └──────┘ back
//! ```

use std::path::PathBuf;

use super::{Answer, Mishap, Order, Reply, Request, Tickets, Waiting};
use crate::domain::recovery::ClinicKey;
use crate::domain::restore::Plan;
use crate::domain::secret::SecretText;
use crate::ports::BackupFile;

/// Where the person is.
#[derive(Debug)]
pub enum Step {
    /// Which backup.
    Choose(Option<Mishap>),
    /// The clinic recovery key from the safe.
    Key(Option<Mishap>),
    /// What would change.
    Plan(Plan, Option<Mishap>),
    /// It is back: what has changed.
    Finished(Plan),
}

/// What a person does.
#[derive(Debug)]
pub enum Act {
    /// This one of the list, or a file from elsewhere.
    Choose(PathBuf),
    /// The key as typed.
    GiveKey(SecretText),
    /// Bring it back.
    Go,
    /// Back.
    Back,
}

/// The flow.
#[derive(Debug)]
pub struct Restore {
    /// Where the person is.
    pub step: Step,
    /// The backups in the folder, newest first.
    pub files: Vec<BackupFile>,
    /// The one that was chosen.
    pub file: PathBuf,
    key: Option<SecretText>,
    waiting: Waiting,
}

impl Restore {
    /// Begins with the list.
    #[must_use]
    pub fn new(tickets: &mut Tickets) -> (Self, Vec<Order>) {
        let mut flow = Self {
            step: Step::Choose(None),
            files: Vec::new(),
            file: PathBuf::new(),
            key: None,
            waiting: Waiting::default(),
        };
        let orders = flow.waiting.order(tickets, Request::Backups);
        (flow, orders)
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_busy()
    }

    /// Whether Back leads out.
    #[must_use]
    pub fn is_way_out(&self) -> bool {
        matches!(self.step, Step::Choose(_) | Step::Finished(_))
    }

    /// A person did something. While an answer is being waited for, nothing but the answer counts.
    pub fn act(&mut self, act: Act, tickets: &mut Tickets) -> Vec<Order> {
        if self.is_busy() {
            return Vec::new();
        }
        match (act, &mut self.step) {
            (Act::Choose(file), Step::Choose(_)) => {
                self.file = file;
                self.step = Step::Key(None);
            }
            (Act::GiveKey(typed), Step::Key(mishap)) => match ClinicKey::parse(typed.expose()) {
                Err(_) => *mishap = Some(Mishap::NotAClinicKey),
                Ok(key) => {
                    *mishap = None;
                    self.key = Some(typed);
                    return self.waiting.order(tickets, Request::RestorePlanWith { file: self.file.clone(), key });
                }
            },
            (Act::Go, Step::Plan(_, mishap)) => {
                let Some(key) = self.key.as_ref().and_then(|typed| ClinicKey::parse(typed.expose()).ok()) else {
                    return Vec::new();
                };
                *mishap = None;
                return self.waiting.order(tickets, Request::RestoreWith { file: self.file.clone(), key });
            }
            (Act::Back, Step::Key(_)) => self.step = Step::Choose(None),
            (Act::Back, Step::Plan(..)) => {
                self.key = None;
                self.step = Step::Key(None);
            }
            _ => {}
        }
        Vec::new()
    }

    /// An answer came. One that is not waited for (any more) changes nothing.
    pub fn answer(&mut self, reply: Reply) {
        let (ticket, reply) = reply;
        if !self.waiting.accept(ticket) {
            return;
        }
        match (&mut self.step, reply) {
            (Step::Choose(_), Ok(Answer::Backups(files))) => self.files = files,
            (Step::Key(_), Ok(Answer::Plan(plan))) => self.step = Step::Plan(plan, None),
            (Step::Plan(..), Ok(Answer::Restored(plan))) => {
                self.key = None;
                self.step = Step::Finished(plan);
            }
            (Step::Choose(mishap) | Step::Key(mishap) | Step::Plan(_, mishap), Err(failure)) => {
                *mishap = Some(Mishap::Failure(failure));
            }
            (Step::Choose(mishap) | Step::Key(mishap) | Step::Plan(_, mishap), Ok(_)) => {
                *mishap = Some(Mishap::Failure(crate::effects::Failure::WorkerGone));
            }
            (Step::Finished(_), _) => {}
        }
    }
}
