//! The whole program as one flow: what is on the screen, and who hears an answer.

use super::enrolment::{self, Enrolment};
use super::recover::{self, Recover};
use super::restore::{self, Restore};
use super::session::{self, Session};
use super::sign_in::{self, SignIn};
use super::{Answer, Order, Reply, Request, Tickets, Waiting};
use crate::domain::presence::{Leave, Why};
use crate::domain::state::Role;
use crate::effects::{Closed, Failure, News, Standing};
use crate::ports::{Begins, Now, StoreError};

/// What is on the screen.
pub enum Stage {
    /// Asking the store and the keychain where the clinic stands.
    Starting,
    /// They did not say, or what they said closes the clinic. "Try again" asks anew.
    Closed(Failure),
    /// The first set-up, or a person's own.
    SetUp(Box<Enrolment>),
    /// The clinic's spare key.
    Recover(Box<Recover>),
    /// A backup, with the clinic's spare key.
    Restore(Box<Restore>),
    /// The lock screen.
    Lock(Box<SignIn>),
    /// Somebody is signed in.
    In(Box<Session>),
}

/// Whether a sign-in of this run of the program was locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// No: nothing was opened that a lock would cover.
    NotYet,
    /// Yes.
    Since {
        /// When, UTC seconds.
        unix_secs: i64,
        /// Why.
        why: Why,
    },
}

/// What a person does.
#[derive(Debug)]
pub enum Act {
    /// In the first set-up.
    SetUp(enrolment::Act),
    /// On the lock screen.
    SignIn(sign_in::Act),
    /// Signed in.
    Session(session::Act),
    /// Lock.
    Lock(Why),
    /// The lock screen: the chosen person sets up.
    SetUpPerson,
    /// The clinic's spare key: from a closed clinic, or from the lock screen for a manager without a phone.
    UseClinicKey,
    /// With the clinic's spare key.
    Recover(recover::Act),
    /// A backup, from a closed clinic.
    RestoreBackup,
    /// While a backup is brought back.
    Restore(restore::Act),
    /// Ask again where the clinic stands.
    TryAgain,
}

/// The flow.
pub struct Program {
    /// What is on the screen.
    pub stage: Stage,
    /// Whom the lock screen offers first.
    pub last_person: Option<String>,
    /// Whether a sign-in of this run was locked: from then on there is something to cover.
    pub locked: Locked,
    /// Who was locked out.
    locked_person: String,
    /// Who may come back with the password alone.
    leave: Option<Leave>,
    /// For the lock's answer, which the next question does not wait for.
    locking: Waiting,
    /// A sign-in that is being judged is locked as soon as it is one.
    lock_next: Option<Why>,
    tickets: Tickets,
    waiting: Waiting,
}

impl Program {
    /// The program at its start, and its first order.
    #[must_use]
    pub fn start(last_person: Option<String>) -> (Self, Vec<Order>) {
        let mut program = Self {
            stage: Stage::Starting,
            last_person,
            locked: Locked::NotYet,
            locked_person: String::new(),
            leave: None,
            locking: Waiting::default(),
            lock_next: None,
            tickets: Tickets::default(),
            waiting: Waiting::default(),
        };
        let orders = program.ask();
        (program, orders)
    }

    fn ask(&mut self) -> Vec<Order> {
        self.waiting.order(&mut self.tickets, Request::Stand)
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_busy()
            || match &self.stage {
                Stage::Starting | Stage::Closed(_) => false,
                Stage::SetUp(flow) => flow.is_busy(),
                Stage::Recover(flow) => flow.is_busy(),
                Stage::Restore(flow) => flow.is_busy(),
                Stage::Lock(flow) => flow.is_busy(),
                Stage::In(flow) => flow.is_busy(),
            }
    }

    /// The name of whoever was locked out last, for the curtain; empty before that.
    #[must_use]
    pub fn locked_person(&self) -> &str {
        &self.locked_person
    }

    /// Whether the desk has not said yet that every key is wiped.
    #[must_use]
    pub fn is_locking(&self) -> bool {
        self.locking.is_busy()
    }

    /// Something that locks came while a sign-in was being judged.
    pub(super) fn lock_after_sign_in(&mut self, why: Why) {
        self.lock_next = Some(why);
    }

    /// A person did something.
    pub fn act(&mut self, act: Act, now: &Now) -> Vec<Order> {
        match (act, &mut self.stage) {
            // "You are set up" has been read: from here on it is the lock screen's.
            (Act::SetUp(enrolment::Act::Next), Stage::SetUp(flow))
                if matches!(flow.step, enrolment::Step::Finished) =>
            {
                self.stage = Stage::Starting;
                self.ask()
            }
            (Act::SetUp(enrolment::Act::Back), Stage::SetUp(flow)) if flow.is_way_out() && !flow.is_busy() => {
                self.stage = Stage::Starting;
                self.ask()
            }
            (Act::SetUp(enrolment::Act::HaveBackup), Stage::SetUp(flow)) if flow.is_before_anything() => self.restore(),
            (Act::SetUp(act), Stage::SetUp(flow)) => flow.act(act, &mut self.tickets),
            (Act::SetUpPerson, Stage::Lock(flow)) if !flow.is_busy() => {
                if let Some(person) = flow.person().filter(|person| person.begins != Begins::Done) {
                    self.stage = Stage::SetUp(Box::new(Enrolment::person(person, &flow.look.settings.sms)));
                }
                Vec::new()
            }
            (Act::UseClinicKey, Stage::Closed(failure)) if can_recover(failure) => {
                self.leave = None;
                self.stage = Stage::Recover(Box::new(Recover::new(recover::Aim::ThisComputer)));
                Vec::new()
            }
            (Act::UseClinicKey, Stage::Lock(flow)) if !flow.is_busy() => {
                let managers = flow.look.people.iter().filter(|person| person.role == Role::Manager);
                let managers = managers.map(|person| (person.id.clone(), person.name.clone())).collect();
                self.leave = None;
                self.stage = Stage::Recover(Box::new(Recover::new(recover::Aim::Manager(managers))));
                Vec::new()
            }
            (Act::Recover(recover::Act::Back), Stage::Recover(flow))
                if (flow.is_first() || matches!(flow.step, recover::Step::Finished)) && !flow.is_busy() =>
            {
                self.stage = Stage::Starting;
                self.ask()
            }
            (Act::RestoreBackup, Stage::Closed(failure)) if can_restore(failure) => self.restore(),
            (Act::Restore(restore::Act::Back), Stage::Restore(flow)) if flow.is_way_out() && !flow.is_busy() => {
                self.stage = Stage::Starting;
                self.ask()
            }
            (Act::Restore(act), Stage::Restore(flow)) => flow.act(act, &mut self.tickets),
            (Act::Recover(act), Stage::Recover(flow)) => flow.act(act, &mut self.tickets),
            (Act::SignIn(act), Stage::Lock(flow)) => flow.act(act, now, &mut self.tickets),
            (Act::Session(act), Stage::In(flow)) => flow.act(act, &mut self.tickets),
            (Act::Lock(why), Stage::In(_)) => self.lock(why, now),
            (Act::TryAgain, Stage::Closed(_)) if !self.waiting.is_busy() => {
                self.stage = Stage::Starting;
                self.ask()
            }
            _ => Vec::new(),
        }
    }

    fn restore(&mut self) -> Vec<Order> {
        let (flow, orders) = Restore::new(&mut self.tickets);
        self.leave = None;
        self.stage = Stage::Restore(Box::new(flow));
        orders
    }

    /// Locks at once; nothing is waited for.
    fn lock(&mut self, why: Why, now: &Now) -> Vec<Order> {
        if let Stage::In(flow) = &self.stage {
            flow.signed_in.name.clone_into(&mut self.locked_person);
        }
        self.stage = Stage::Starting;
        self.locked = Locked::Since { unix_secs: now.unix_secs, why };
        self.leave = None;
        let mut orders = self.locking.order(&mut self.tickets, Request::Lock(why));
        orders.extend(self.ask());
        orders
    }

    /// Whether somebody is being set up, or comes back with the clinic recovery key, and keys are open for it.
    #[must_use]
    pub fn holds_keys(&self) -> bool {
        match &self.stage {
            Stage::SetUp(flow) => flow.holds_keys(),
            Stage::Recover(flow) => flow.holds_keys(),
            Stage::Starting | Stage::Closed(_) | Stage::Restore(_) | Stage::Lock(_) | Stage::In(_) => false,
        }
    }

    /// Nobody is at a set-up any more: every key is wiped, and it goes on with the password.
    pub(super) fn abandon(&mut self, why: Why) -> Vec<Order> {
        self.stage = Stage::Starting;
        let mut orders = self.locking.order(&mut self.tickets, Request::Lock(why));
        orders.extend(self.ask());
        orders
    }

    /// Something happened that nobody asked for.
    pub fn news(&mut self, news: News, now: &Now) -> Vec<Order> {
        match &mut self.stage {
            Stage::In(flow) => match flow.news(news) {
                Some(why) => self.lock(why, now),
                None => Vec::new(),
            },
            Stage::Starting
            | Stage::Closed(_)
            | Stage::SetUp(_)
            | Stage::Recover(_)
            | Stage::Restore(_)
            | Stage::Lock(_) => Vec::new(),
        }
    }

    /// An answer came; the flow that asked hears it.
    pub fn answer(&mut self, reply: Reply, now: &Now) -> Vec<Order> {
        if self.locking.accept(reply.0) {
            if let Ok(Answer::Locked(leave)) = reply.1 {
                self.leave = leave;
            }
            return Vec::new();
        }
        if self.waiting.accept(reply.0) {
            self.stood(reply.1, now);
            return Vec::new();
        }
        match &mut self.stage {
            Stage::Starting | Stage::Closed(_) => Vec::new(),
            Stage::SetUp(flow) => flow.answer(reply, now, &mut self.tickets),
            Stage::Recover(flow) => flow.answer(reply, now, &mut self.tickets),
            Stage::Restore(flow) => {
                flow.answer(reply);
                Vec::new()
            }
            Stage::Lock(flow) => {
                let orders = flow.answer(reply, now, &mut self.tickets);
                let Some(signed_in) = flow.signed_in.take() else {
                    if !flow.is_busy() {
                        self.lock_next = None;
                    }
                    return orders;
                };
                self.last_person = Some(signed_in.person.clone());
                self.leave = None;
                let (session, orders) = Session::new(signed_in, &mut self.tickets);
                self.stage = Stage::In(Box::new(session));
                match self.lock_next.take() {
                    Some(why) => self.lock(why, now),
                    None => orders,
                }
            }
            // The desk has wiped everything already.
            Stage::In(_) if matches!(reply.1, Err(Failure::Store(StoreError::SessionOver))) => {
                self.lock(Why::SessionOver, now)
            }
            Stage::In(flow) => flow.answer(reply, now, &mut self.tickets),
        }
    }

    /// The clinic's own time server has said how far this computer's clock is off, in seconds.
    pub fn heard_time(&mut self, off: i64, now: &Now) {
        if let Stage::Lock(flow) = &mut self.stage {
            flow.heard_time(off, now);
        }
    }

    fn stood(&mut self, reply: Result<Answer, Failure>, now: &Now) {
        self.stage = match reply {
            Ok(Answer::Standing(Standing::New)) => Stage::SetUp(Box::new(Enrolment::first())),
            Ok(Answer::Standing(Standing::Pending(look))) => Stage::SetUp(Box::new(Enrolment::unfinished(&look))),
            Ok(Answer::Standing(Standing::Active(look))) => {
                Stage::Lock(Box::new(SignIn::new(look, self.last_person.as_deref(), self.leave.clone(), now)))
            }
            Ok(_) => Stage::Closed(Failure::WorkerGone),
            Err(failure) => Stage::Closed(failure),
        };
    }
}

/// Whether the clinic recovery key opens a clinic that is closed like this. A lost database needs a backup first.
#[must_use]
pub fn can_recover(failure: &Failure) -> bool {
    matches!(failure, Failure::Closed(Closed::KeyMissing | Closed::Elsewhere | Closed::RolledBack | Closed::Changed))
}

/// Whether a backup can be brought back with the clinic recovery key. Without this computer's key alone, that key brings
/// everything back without one.
#[must_use]
pub fn can_restore(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Closed(Closed::DatabaseLost | Closed::RolledBack | Closed::Changed)
            | Failure::Store(StoreError::Damaged)
    )
}
