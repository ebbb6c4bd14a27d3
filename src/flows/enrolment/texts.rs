//! The same seven steps with text messages in the place of the app.
//!
//! ```text
//! Why ▸ WhyNot ▸ Who ▸ Names ▸ Password ▸ Gateway ▸ Try      (a new clinic: the manager chooses the service)
//!                                            └▸ Number ▸ Confirm ▸ Type ▸ Congratulations
//! Activate ▸ OpenApp ▸ WhyNot ▸ Number ▸ …                   (somebody with a slip, where the clinic sends texts)
//! ```
//! From each of these pages the app can be had instead: the square that was offered before as long as it is good, and a
//! new one once a number has taken its place.
//!
//! What is late from an earlier number completes nothing: the desk judges the number that is being linked, and only the
//! last text's answer is heard.

use super::{Enrolment, Method, Step};
use crate::domain::code::Code;
use crate::domain::edit::Edit;
use crate::domain::secret::SecretText;
use crate::domain::sms::{Number, SmsSettings, SmsState, Unfit};
use crate::domain::state::{Joins, Settings};
use crate::effects::{Failure, TextTrouble};
use crate::flows::texting::{TextState, Texting};
use crate::flows::{Mishap, Order, Request, Tickets};
use crate::ports::PasswordKept;

/// Where the person is among the texts.
pub enum TextStep {
    /// 1: why the app is better.
    WhyNot,
    /// 2: which service sends the clinic's texts.
    Gateway(Option<Mishap>),
    /// 3: a test text.
    Try(Option<Mishap>),
    /// 4: the number.
    Number(Option<Mishap>),
    /// 5: is it this one?
    Confirm(Number),
    /// 7: type the code in the text.
    Type(Option<Mishap>),
}

/// What a person does about texts.
#[derive(Debug)]
pub enum TextAct {
    /// Texts in the place of the app.
    Choose,
    /// The service, as chosen and typed.
    Gateway(Box<SmsSettings>, SecretText),
    /// A test text to this number, as typed.
    Try(String),
    /// The number, as typed.
    Number(String),
    /// The code once more.
    Again,
    /// The app in the place of texts after all.
    UseApp,
}

impl Enrolment {
    /// A number for somebody who is signed in and gave a fresh code, beside their app or in the place of an older number.
    #[must_use]
    pub fn new_number(countries: Vec<String>) -> Self {
        let step = Step::Texts(TextStep::Number(None));
        Self { method: Method::Texts, countries, ..Self::at(super::Aim::SecondPhone, step, None) }
    }

    pub(super) fn text_number(step: &TextStep) -> u8 {
        match step {
            TextStep::WhyNot => 1,
            TextStep::Gateway(_) => 2,
            TextStep::Try(_) => 3,
            TextStep::Number(_) => 4,
            TextStep::Confirm(_) => 5,
            TextStep::Type(_) => 7,
        }
    }

    pub(super) fn text_before(step: &TextStep) -> Option<Step> {
        match step {
            TextStep::WhyNot | TextStep::Gateway(_) | TextStep::Number(_) => None,
            TextStep::Try(_) => Some(Step::Texts(TextStep::Gateway(None))),
            TextStep::Confirm(_) | TextStep::Type(_) => Some(Step::Texts(TextStep::Number(None))),
        }
    }

    /// Whether somebody at the first page of the app may have texts instead: at a first set-up, and where the clinic sends
    /// them. Somebody who is signed in has a page of their own for it.
    #[must_use]
    pub fn may_choose_texts(&self) -> bool {
        match self.aim {
            super::Aim::FirstSetUp => true,
            super::Aim::Person(_) => self.texts == SmsState::On,
            super::Aim::NewPhone | super::Aim::SecondPhone | super::Aim::Recovered => false,
        }
    }

    /// Whether somebody who has chosen texts may have the app instead: everybody who is being set up.
    #[must_use]
    pub fn may_use_app(&self) -> bool {
        match self.aim {
            super::Aim::FirstSetUp | super::Aim::Person(_) => true,
            super::Aim::NewPhone | super::Aim::SecondPhone | super::Aim::Recovered => false,
        }
    }

    fn use_app(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        self.texting = Texting::default();
        if matches!(self.step, Step::Texts(TextStep::WhyNot)) && self.offer.is_none() {
            // Nothing is made yet.
            self.method = Method::App;
            self.step = Step::Who;
            return Vec::new();
        }
        if self.offer.is_some() {
            self.method = Method::App;
            self.step = Step::OpenApp;
            return Vec::new();
        }
        let request = Request::BeginPhone { label: String::new(), joins: Joins::InTheirPlace };
        self.waiting.order(tickets, request)
    }

    pub(super) fn text_next(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        let Step::Texts(step) = &self.step else { return Vec::new() };
        match step {
            TextStep::WhyNot if self.offer.is_none() => {
                self.method = Method::Texts;
                self.step = Step::Who;
            }
            TextStep::WhyNot => {
                self.method = Method::Texts;
                // Whoever sets up the clinic chooses its service first.
                let first = self.aim == super::Aim::FirstSetUp;
                self.step = Step::Texts(if first { TextStep::Gateway(None) } else { TextStep::Number(None) });
            }
            TextStep::Try(_) if matches!(self.texting.state, TextState::Sent(..)) => {
                self.texting = Texting::default();
                self.step = Step::Texts(TextStep::Number(None));
            }
            TextStep::Confirm(number) => {
                let request = Request::BeginNumber(number.e164().to_owned());
                self.step = Step::Texts(TextStep::Type(None));
                self.texting = Texting::default();
                // The number takes the square's place.
                self.offer = None;
                return self.texting.ask(request, tickets);
            }
            TextStep::Gateway(_) | TextStep::Try(_) | TextStep::Number(_) | TextStep::Type(_) => {}
        }
        Vec::new()
    }

    pub(super) fn text_act(&mut self, act: TextAct, tickets: &mut Tickets) -> Vec<Order> {
        let unfit = |trouble| Some(Mishap::Failure(Failure::Text(trouble)));
        let (may_choose, may_use_app) = (self.may_choose_texts(), self.may_use_app());
        match (act, &mut self.step) {
            (TextAct::Choose, Step::Why) => self.step = Step::Texts(TextStep::WhyNot),
            (TextAct::Choose, Step::OpenApp) if may_choose => self.step = Step::Texts(TextStep::WhyNot),
            (TextAct::UseApp, Step::Texts(_)) if may_use_app => return self.use_app(tickets),
            (TextAct::Gateway(sms, secret), Step::Texts(TextStep::Gateway(mishap))) => {
                if let Err(why) = sms.check() {
                    *mishap = unfit(TextTrouble::Unfit(why));
                    return Vec::new();
                }
                let kept = self.service.as_ref() == Some(&sms.destination());
                if secret.is_empty() && sms.needs_secret() && !kept {
                    *mishap = unfit(TextTrouble::Unfit(Unfit::NoSecret));
                    return Vec::new();
                }
                *mishap = None;
                self.countries.clone_from(&sms.countries);
                let settings = Settings { support: self.names.support.clone(), sms: *sms, ..Settings::default() };
                // Until it is stored nothing is kept; a failure forgets it again.
                self.service = Some(settings.sms.destination());
                let secret = Some(secret).filter(|secret| !secret.is_empty());
                return self.waiting.order(tickets, Request::SetGateway(Edit::whole(settings), secret));
            }
            (TextAct::Try(typed), Step::Texts(TextStep::Try(mishap))) => {
                *mishap = None;
                return self.texting.ask(Request::TestText(typed), tickets);
            }
            (TextAct::Number(typed), Step::Texts(TextStep::Number(mishap))) => {
                match Number::parse(&typed, &self.countries) {
                    Ok(number) => self.step = Step::Texts(TextStep::Confirm(number)),
                    Err(bad) => *mishap = unfit(TextTrouble::BadNumber(bad)),
                }
            }
            (TextAct::Again, Step::Texts(TextStep::Type(mishap))) => {
                *mishap = None;
                return self.texting.ask(Request::TextAgain, tickets);
            }
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn text_code(&mut self, typed: &SecretText, tickets: &mut Tickets) -> Vec<Order> {
        let Step::Texts(TextStep::Type(mishap)) = &mut self.step else { return Vec::new() };
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

    /// Whether the service's password is stored, so that an empty field keeps it.
    #[must_use]
    pub fn password_kept(&self) -> PasswordKept {
        let stored = self.service.is_some() && !self.is_busy();
        if stored { PasswordKept::Yes } else { PasswordKept::No }
    }

    pub(super) fn text_failed(step: &mut TextStep, service: &mut Option<String>, new: Mishap) {
        if matches!(step, TextStep::Gateway(_)) {
            *service = None;
        }
        match step {
            TextStep::Gateway(mishap) | TextStep::Try(mishap) | TextStep::Number(mishap) | TextStep::Type(mishap) => {
                *mishap = Some(new);
            }
            TextStep::WhyNot | TextStep::Confirm(_) => {}
        }
    }
}
