//! The lock screen: who, password, and a code from the phone or from the sheet.
//!
//! ```text
//! Asking(phone) ◀──▶ Where is your phone? ──▶ Asking(sheet)
//!      └─ accepted ─▶ In          refused: a mishap above the button, fields cleared, still here
//! ```

use std::time::Duration;

use super::texting::{Heard, Texting};
use super::{Answer, Mishap, Order, Reply, Request, Tickets, Waiting};
use crate::domain::code::Code;
use crate::domain::presence::{AfterLock, Leave};
use crate::domain::recovery::RecoveryCode;
use crate::domain::secret::SecretText;
use crate::domain::sms::SmsState;
use crate::domain::totp::{CLOCK_MATTERS_SECS, EARLIEST_UNIX};
use crate::domain::verify::{Consequence, Presented, Verdict, WaitReason};
use crate::effects::{Failure, SignedIn};
use crate::ports::{Begins, BootTime, Look, Now, PersonLook};

/// Why somebody has no phone at hand; the sheet's page says a different word for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPhone {
    /// At home, or its battery is empty.
    AtHome,
    /// Lost or stolen.
    Lost,
    /// A new one.
    New,
}

/// What is asked beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A code from the phone.
    Phone,
    /// A code from a text.
    Text,
    /// A code from the sheet.
    Sheet(NoPhone),
    /// Nothing: a code from the sheet was given earlier today.
    DayPass,
    /// Nothing: this person was signed in here until a moment ago.
    AfterLock,
}

/// What the screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Password and code.
    Asking(Way),
    /// Where is your phone?
    WhereIsYourPhone,
    /// The chosen person cannot sign in yet, and begins like this.
    SetUp(Begins),
}

/// What a person does.
#[derive(Debug)]
pub enum Act {
    /// A tile.
    Choose(String),
    /// I don't have my phone.
    NoPhone,
    /// A text, please: to the page for it, and off at once where the password is typed already.
    SendText(SecretText),
    /// At home, lost, new.
    Because(NoPhone),
    /// Back to password and code.
    Back,
    /// Sign in, with both fields as typed.
    SignIn {
        /// The password field.
        password: SecretText,
        /// The code field, or the sheet's field; empty with a day pass.
        code: SecretText,
    },
}

/// A countdown on the screen: nothing that it holds is asked of the desk before it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Until {
    person: String,
    boot_id: String,
    ends: Duration,
    /// Nothing after "already used": the next code may be there sooner, on a phone that is ahead of this computer.
    reason: Option<WaitReason>,
}

impl Until {
    /// What is left of it; nothing once it is over, or in another run of the computer: then the desk knows.
    fn left(&self, now: &BootTime) -> Option<Duration> {
        let left = self.ends.checked_sub(now.since_start).filter(|left| !left.is_zero())?;
        (self.boot_id == now.boot_id).then_some(left)
    }
}

/// The flow.
pub struct SignIn {
    /// Clinic and people.
    pub look: Look,
    /// The chosen person's id; empty when there is nobody.
    pub chosen: String,
    /// What the screen shows.
    pub page: Page,
    /// The text that was asked for.
    pub texting: Texting,
    /// What went wrong last.
    pub mishap: Option<Mishap>,
    /// Set once accepted; the program goes on with it.
    pub signed_in: Option<SignedIn>,
    /// How far this computer's clock is off by the clinic's own time server, in seconds, where that matters.
    clock_off: Option<i64>,
    /// One a person at most. It outlives pages and tiles, which are no way out of a wait, nor back into one.
    untils: Vec<Until>,
    /// Who may come back with the password alone; the desk decides again.
    leave: Option<Leave>,
    waiting: Waiting,
}

impl SignIn {
    /// The lock screen, with the last person chosen.
    #[must_use]
    pub fn new(look: Look, last: Option<&str>, leave: Option<Leave>, now: &Now) -> Self {
        let chosen = last
            .and_then(|last| look.people.iter().find(|person| person.id == last))
            .or_else(|| look.people.iter().max_by_key(|person| person.signed_in_unix))
            .map(|person| person.id.clone())
            .unwrap_or_default();
        let mut flow = Self {
            look,
            chosen: String::new(),
            page: Page::Asking(Way::Phone),
            texting: Texting::default(),
            mishap: None,
            signed_in: None,
            clock_off: None,
            untils: Vec::new(),
            leave,
            waiting: Waiting::default(),
        };
        // A tile does not say which of the two it is. Taken for a lock, it leaves the sheet's page to the desk.
        let waits: Vec<_> = flow.look.people.iter().filter_map(|p| Some((p.id.clone(), p.wait?))).collect();
        for (person, left) in waits {
            flow.wait(person, left, Some(WaitReason::Codes), now);
        }
        flow.choose(&chosen, now);
        flow
    }

    /// The chosen person.
    #[must_use]
    pub fn person(&self) -> Option<&PersonLook> {
        self.look.people.iter().find(|person| person.id == self.chosen)
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_busy() || self.texting.is_asking()
    }

    /// The last two digits of the number that a text would go to, where the chosen person may have one.
    #[must_use]
    pub fn number_ending(&self) -> Option<&str> {
        let on = self.look.settings.sms.state == SmsState::On;
        self.person().filter(|_| on).and_then(PersonLook::number_ending)
    }

    /// How long the chosen person must still wait with what the screen asks for; counted live by the view.
    #[must_use]
    pub fn wait_left(&self, now: &BootTime) -> Option<Duration> {
        self.wait_of(&self.chosen, now)
    }

    /// How long a person must still wait, for the tiles.
    #[must_use]
    pub fn wait_of(&self, person: &str, now: &BootTime) -> Option<Duration> {
        self.untils.iter().find(|until| until.person == person)?.left(now)
    }

    fn until(&self) -> Option<&Until> {
        self.untils.iter().find(|until| until.person == self.chosen)
    }

    fn wait(&mut self, person: String, left: Duration, reason: Option<WaitReason>, now: &Now) {
        self.untils.retain(|until| until.person != person);
        let ends = now.boot.since_start.saturating_add(left);
        self.untils.push(Until { person, boot_id: now.boot.boot_id.clone(), ends, reason });
    }

    /// The wait that keeps this way shut. A lock for wrong codes leaves the sheet's open: a recovery code ends it.
    fn held(&self, way: Way, now: &BootTime) -> Option<Verdict> {
        let until = self.until()?;
        let (left, reason) = (until.left(now)?, until.reason?);
        let open = reason == WaitReason::Codes && matches!(way, Way::Sheet(_));
        (!open).then_some(Verdict::Wait { left, reason })
    }

    /// The clinic's own time server has said how far this computer's clock is off, in seconds; negative when it is slow.
    pub fn heard_time(&mut self, off: i64, now: &Now) {
        self.clock_off = (off.unsigned_abs() >= CLOCK_MATTERS_SECS).then_some(off);
        let replaced = matches!(self.mishap, None | Some(Mishap::ClockOff(_)));
        if replaced && matches!(self.page, Page::Asking(_)) && !self.is_busy() {
            self.mishap = self.clock_mishap(now);
        }
    }

    /// A clock that is off, named before anybody types a code that cannot be right.
    fn clock_mishap(&self, now: &Now) -> Option<Mishap> {
        if now.unix_secs < EARLIEST_UNIX {
            return Some(Mishap::Failure(Failure::ClockImpossible));
        }
        self.clock_off.map(Mishap::ClockOff)
    }

    fn choose(&mut self, id: &str, now: &Now) {
        let Some(person) = self.look.people.iter().find(|person| person.id == id) else { return };
        let way = self.way_of(person, now);
        let begins = person.begins;
        if self.chosen != id {
            // A text of somebody else is nobody's business here.
            self.texting = Texting::default();
        }
        self.chosen = id.to_owned();
        if begins != Begins::Done {
            self.page = Page::SetUp(begins);
            self.mishap = None;
            return;
        }
        self.page = Page::Asking(way);
        self.mishap = self.held(way, &now.boot).map(Mishap::Refused).or_else(|| self.clock_mishap(now));
    }

    fn way_of(&self, person: &PersonLook, now: &Now) -> Way {
        let back = self.leave.as_ref().is_some_and(|leave| leave.is_good(&person.id, &now.boot));
        if back && self.look.settings.after_lock == AfterLock::Password {
            Way::AfterLock
        } else if person.day_pass {
            Way::DayPass
        } else if person.number_ending().is_some() && !person.has_app() {
            Way::Text
        } else {
            Way::Phone
        }
    }

    /// The computer slept, or its clock was turned: nobody comes back with the password alone.
    pub fn forget_leave(&mut self, now: &Now) {
        self.leave = None;
        if self.page == Page::Asking(Way::AfterLock) && !self.is_busy() {
            let id = self.chosen.clone();
            self.choose(&id, now);
        }
    }

    /// A person did something. While an answer is being waited for, nothing but the answer counts.
    pub fn act(&mut self, act: Act, now: &Now, tickets: &mut Tickets) -> Vec<Order> {
        if self.is_busy() {
            return Vec::new();
        }
        match act {
            Act::Choose(id) => self.choose(&id, now),
            Act::SendText(password) => return self.send_text(password, now, tickets),
            Act::NoPhone => {
                self.mishap = None;
                self.page = Page::WhereIsYourPhone;
            }
            Act::Because(why) => {
                self.mishap = None;
                self.page = Page::Asking(Way::Sheet(why));
            }
            Act::Back => {
                let id = self.chosen.clone();
                self.choose(&id, now);
            }
            Act::SignIn { password, code } => return self.sign_in(password, &code, now, tickets),
        }
        Vec::new()
    }

    fn send_text(&mut self, password: SecretText, now: &Now, tickets: &mut Tickets) -> Vec<Order> {
        if self.number_ending().is_none() {
            return Vec::new();
        }
        self.page = Page::Asking(Way::Text);
        self.mishap = self.held(Way::Text, &now.boot).map(Mishap::Refused);
        if self.mishap.is_some() || self.texting.wait_left(&now.boot).is_some() {
            return Vec::new();
        }
        if password.is_empty() {
            // Nothing is sent before the password was right.
            return Vec::new();
        }
        self.texting.ask(Request::Text { person: self.chosen.clone(), password }, tickets)
    }

    fn sign_in(&mut self, password: SecretText, code: &SecretText, now: &Now, tickets: &mut Tickets) -> Vec<Order> {
        let Page::Asking(way) = self.page else { return Vec::new() };
        if let Some(wait) = self.held(way, &now.boot) {
            self.mishap = Some(Mishap::Refused(wait));
            return Vec::new();
        }
        if password.is_empty() && code.is_empty() {
            self.mishap = Some(Mishap::NoPassword);
            return Vec::new();
        }
        let presented = match way {
            Way::Phone => Code::parse(code.expose()).map(Presented::Code).map_err(|_| Mishap::NotACode),
            Way::Text => Code::parse(code.expose()).map(Presented::Text).map_err(|_| Mishap::NotACode),
            Way::Sheet(_) => RecoveryCode::parse(code.expose()).map(Presented::Recovery).map_err(|_| Mishap::NotASpare),
            Way::DayPass => Ok(Presented::DayPass),
            Way::AfterLock if password.is_empty() => {
                self.mishap = Some(Mishap::NoPassword);
                return Vec::new();
            }
            Way::AfterLock => {
                self.mishap = None;
                return self.waiting.order(tickets, Request::ComeBack { person: self.chosen.clone(), password });
            }
        };
        match presented {
            // The code is looked at first: a text that cannot be one is no attempt, and the password is not checked.
            Err(mishap) => {
                self.mishap = Some(mishap);
                Vec::new()
            }
            Ok(_) if password.is_empty() => {
                self.mishap = Some(Mishap::NoPassword);
                Vec::new()
            }
            Ok(presented) => {
                self.mishap = None;
                self.waiting.order(tickets, Request::SignIn { person: self.chosen.clone(), password, presented })
            }
        }
    }

    /// An answer came. One that is not waited for (any more) changes nothing.
    pub fn answer(&mut self, reply: Reply, now: &Now, tickets: &mut Tickets) -> Vec<Order> {
        let (ticket, reply) = match self.texting.answer(reply, now, tickets) {
            Heard::NotMine(reply) => *reply,
            Heard::Mine(orders) => return orders,
            Heard::Refused(Failure::Refused(verdict)) => {
                self.refused(verdict, now);
                return Vec::new();
            }
            Heard::Refused(failure) => {
                self.failed(failure, now);
                return Vec::new();
            }
        };
        if !self.waiting.accept(ticket) {
            return Vec::new();
        }
        match reply {
            Ok(Answer::Verdict(Verdict::Accepted { .. }, Some(signed_in))) => self.signed_in = Some(signed_in),
            Ok(Answer::Verdict(verdict, _)) => self.refused(verdict, now),
            Ok(_) => self.mishap = Some(Mishap::Failure(Failure::WorkerGone)),
            Err(failure) => self.failed(failure, now),
        }
        Vec::new()
    }

    fn refused(&mut self, verdict: Verdict, now: &Now) {
        let (left, reason) = match &verdict {
            Verdict::WrongPassword { wait } | Verdict::WrongRecovery { wait, .. } => {
                (*wait, Some(WaitReason::Passwords))
            }
            Verdict::WrongCode { then: Consequence::Locked(left), .. }
            | Verdict::WrongText { then: Consequence::Locked(left), .. } => (Some(*left), Some(WaitReason::Codes)),
            Verdict::Wait { left, reason } => (Some(*left), Some(*reason)),
            Verdict::Used { next_in, .. } => (Some(*next_in), None),
            Verdict::WrongCode { then: Consequence::None | Consequence::Manager, .. }
            | Verdict::WrongText { then: Consequence::None | Consequence::Manager, .. }
            | Verdict::TextUsed { .. }
            | Verdict::TextOver { .. }
            | Verdict::RecoveryUsed { .. }
            | Verdict::Manager
            | Verdict::Accepted { .. } => (None, None),
        };
        if let Some(left) = left {
            self.wait(self.chosen.clone(), left, reason, now);
        } else {
            // It was judged, so nothing holds any more but, behind a code from the sheet, a lock.
            self.untils.retain(|until| until.person != self.chosen || until.reason == Some(WaitReason::Codes));
        }
        self.mishap = Some(Mishap::Refused(self.explained(verdict)));
    }

    /// A code that did not match while the clock is known to be off: the clock is the likelier reason.
    fn explained(&self, mut verdict: Verdict) -> Verdict {
        if let Verdict::WrongCode { clock_off_secs, .. } = &mut verdict {
            *clock_off_secs = clock_off_secs.or(self.clock_off);
        }
        verdict
    }

    fn failed(&mut self, failure: Failure, now: &Now) {
        let needs_code = failure == Failure::Store(crate::ports::StoreError::NoDayPass);
        if needs_code && self.page == Page::Asking(Way::AfterLock) {
            // The hour is over, or the computer slept: the phone is asked for, and the password stays as typed.
            self.leave = None;
            let id = self.chosen.clone();
            self.choose(&id, now);
            return;
        }
        if needs_code {
            // The day is over: the phone is asked for again, without a word about anything having gone wrong.
            self.page = Page::Asking(Way::Phone);
            if let Some(person) = self.look.people.iter_mut().find(|person| person.id == self.chosen) {
                person.day_pass = false;
            }
            return;
        }
        self.mishap = Some(Mishap::Failure(failure));
    }
}
