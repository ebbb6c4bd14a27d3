//! The same seven steps with text messages in the place of the app.
//!
//! ```text
//! Why ▸ WhyNot ▸ Who ▸ Names ▸ Password ▸ Gateway ▸ Try      (a new clinic: the manager chooses the service)
//!                                            └▸ Number ▸ Confirm ▸ Type ▸ Congratulations
//! ```
//! What is late from an earlier number completes nothing: the desk judges the number that is being linked, and only the
//! last text's answer is heard.

use super::{Enrolment, Method, Step};
use crate::domain::code::Code;
use crate::domain::secret::SecretText;
use crate::domain::sms::{Number, SmsSettings, Unfit};
use crate::domain::state::Settings;
use crate::effects::{Failure, TextTrouble};
use crate::flows::texting::{TextState, Texting};
use crate::flows::{Mishap, Order, Request, Tickets};

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
            TextStep::WhyNot => Some(Step::Why),
            TextStep::Gateway(_) | TextStep::Number(_) => None,
            TextStep::Try(_) => Some(Step::Texts(TextStep::Gateway(None))),
            TextStep::Confirm(_) | TextStep::Type(_) => Some(Step::Texts(TextStep::Number(None))),
        }
    }

    pub(super) fn text_next(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        let Step::Texts(step) = &self.step else { return Vec::new() };
        match step {
            TextStep::WhyNot => self.step = Step::Who,
            TextStep::Try(_) if matches!(self.texting.state, TextState::Sent(..)) => {
                self.texting = Texting::default();
                self.step = Step::Texts(TextStep::Number(None));
            }
            TextStep::Confirm(number) => {
                let request = Request::BeginNumber(number.e164().to_owned());
                self.step = Step::Texts(TextStep::Type(None));
                self.texting = Texting::default();
                return self.texting.ask(request, tickets);
            }
            TextStep::Gateway(_) | TextStep::Try(_) | TextStep::Number(_) | TextStep::Type(_) => {}
        }
        Vec::new()
    }

    pub(super) fn text_act(&mut self, act: TextAct, tickets: &mut Tickets) -> Vec<Order> {
        let unfit = |trouble| Some(Mishap::Failure(Failure::Text(trouble)));
        match (act, &mut self.step) {
            (TextAct::Choose, Step::Why) => {
                self.method = Method::Texts;
                self.step = Step::Texts(TextStep::WhyNot);
            }
            (TextAct::Gateway(sms, secret), Step::Texts(TextStep::Gateway(mishap))) => {
                if let Err(why) = sms.check() {
                    *mishap = unfit(TextTrouble::Unfit(why));
                    return Vec::new();
                }
                if secret.is_empty() && sms.needs_secret() {
                    *mishap = unfit(TextTrouble::Unfit(Unfit::NoSecret));
                    return Vec::new();
                }
                *mishap = None;
                self.countries.clone_from(&sms.countries);
                let settings = Settings { support: self.names.support.clone(), sms: *sms, ..Settings::default() };
                return self.waiting.order(tickets, Request::SetGateway(Box::new(settings), Some(secret)));
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

    pub(super) fn text_failed(step: &mut TextStep, new: Mishap) {
        match step {
            TextStep::Gateway(mishap) | TextStep::Try(mishap) | TextStep::Number(mishap) | TextStep::Type(mishap) => {
                *mishap = Some(new);
            }
            TextStep::WhyNot | TextStep::Confirm(_) => {}
        }
    }
}
