//! Whether a text may be sent: judged like an attempt, before anything leaves the house.
//!
//! A right password is needed first, and it clears nothing. What may be sent is counted in the same commit, so a kill
//! afterwards costs a text and never a limit.

use std::time::Duration;

use super::{Judgement, Proof, Trial, Unjudged, Verdict, WrongPassword};
use crate::domain::audit::{Event, What};
use crate::domain::keys::{Key, Kind, Place};
use crate::domain::lockout::DeskGauge;
use crate::domain::secret::SecretText;
use crate::domain::sms::{self, Number, SmsState, TextGauge, TextWait, Unfit};
use crate::domain::state::{Clinic, Factor, FactorStage, Person, Role};
use crate::ports::Now;

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFor<'a> {
    /// Signing in, or a change: it goes to the person's linked number.
    SignIn,
    /// Linking the number of this factor.
    Linking(&'a str),
    /// Trying the gateway: it carries no code, and only a manager may.
    Test,
    /// Telling a person, at the number they had, that it was changed.
    Notice(&'a str),
}

/// What is told of a request, once it is committed.
pub enum TextTold {
    /// The password was wrong, or there is a wait or a lock.
    Refused(Verdict),
    /// Too many texts, or too soon.
    Wait(TextWait),
    /// This person has no number.
    NoNumber,
    /// Texts are off, or cannot work as they are set.
    Unfit(Unfit),
    /// Only a manager may.
    NotAllowed,
    /// It may be sent, and it was counted.
    Ready(Box<ReadyText>),
}

/// What the gateway needs. It lives until the text is handed over, and never reaches a screen.
pub struct ReadyText {
    /// Opens the gateway's password.
    pub dek: Key,
    /// Names the request.
    pub request: [u8; 16],
    /// Where to; `None` for a test, whose number is typed.
    pub number: Option<Number>,
    /// The six digits; `None` for a test.
    pub code: Option<SecretText>,
    /// How long the next one must wait.
    pub resend: Duration,
}

/// What must be stored with what is told.
pub struct TextJudgement {
    /// Told once the rest is stored.
    pub told: TextTold,
    /// The person's next state.
    pub person: Person,
    /// The desk's next state.
    pub gauge: DeskGauge,
    /// What the clinic has sent.
    pub texts: TextGauge,
    /// The log's next entry.
    pub event: Event,
}

/// Judges a request for a text. `fresh` is random; a live request keeps its own name.
///
/// # Errors
/// [`Unjudged`]: nothing was counted and nothing changes.
pub fn judge_text(
    clinic: &Clinic,
    person: &Person,
    proof: &Proof<'_>,
    purpose: TextFor<'_>,
    fresh: [u8; 16],
    now: &Now,
) -> Result<TextJudgement, Unjudged> {
    let trial = Trial { clinic, what: What::TextAsked, now, person: person.clone(), gauge: clinic.gauge.clone() };
    let settings = clinic.settings().sms;
    let told = |trial: Trial<'_>, told: TextTold, result: &'static str| {
        let event = Event::by(&trial.person.id, What::TextAsked, "sms", result);
        TextJudgement { told, person: trial.person, gauge: trial.gauge, texts: clinic.texts.clone(), event }
    };
    // A manager tries the gateway before turning texts on.
    let usable = match (settings.state, purpose) {
        (SmsState::Off, TextFor::SignIn | TextFor::Linking(_) | TextFor::Notice(_)) => Err(Unfit::Off),
        (SmsState::Off, TextFor::Test) | (SmsState::On, _) => settings.check(),
    };
    if let Err(unfit) = usable {
        return Ok(told(trial, TextTold::Unfit(unfit), "off"));
    }
    if purpose == TextFor::SignIn
        && let Some(Judgement { verdict, .. }) = trial.must_wait_for_password().or_else(|| trial.locked("sms"))
    {
        return Ok(told(trial, TextTold::Refused(verdict), "must-wait"));
    }
    let dek = match proof {
        Proof::Session(dek) => dek.duplicate(),
        Proof::Password(slot_key) | Proof::Again(slot_key) => {
            if let Some(Judgement { verdict, .. }) = trial.must_wait_for_password() {
                return Ok(told(trial, TextTold::Refused(verdict), "must-wait"));
            }
            match trial.open_slot(slot_key) {
                Ok(dek) => dek,
                Err(WrongPassword) => {
                    let Judgement { verdict, person, gauge, event, .. } = trial.wrong_password();
                    let told = TextTold::Refused(verdict);
                    return Ok(TextJudgement { told, person, gauge, texts: clinic.texts.clone(), event });
                }
            }
        }
    };
    if purpose == TextFor::Test && person.role != Role::Manager {
        return Ok(told(trial, TextTold::NotAllowed, "not-allowed"));
    }
    let factor = match purpose {
        TextFor::Test => None,
        TextFor::Linking(id) | TextFor::Notice(id) => Some(person.factors.iter().find(|factor| factor.id == id)),
        TextFor::SignIn => Some(linked_number(person)),
    };
    let Some(factor) = factor.map_or(Some(None), |found| found.map(Some)) else {
        return Ok(told(trial, TextTold::NoNumber, "no-number"));
    };
    let wait = trial
        .person
        .texts
        .wait(now)
        // Tests and notices are nobody's sign-in; the clinic's limits hold for them, too.
        .filter(|_| is_code(purpose))
        .or_else(|| clinic.texts.wait(settings.per_day, settings.per_month, now));
    if let Some(wait) = wait {
        return Ok(told(trial, TextTold::Wait(wait), wait.name()));
    }
    ready(trial, dek, factor, purpose, fresh)
}

fn ready(
    mut trial: Trial<'_>,
    dek: Key,
    factor: Option<&Factor>,
    purpose: TextFor<'_>,
    fresh: [u8; 16],
) -> Result<TextJudgement, Unjudged> {
    let (clinic, now) = (trial.clinic, trial.now);
    let mut texts = clinic.texts.clone();
    texts.count(now);
    let mut made = ReadyText { request: fresh, number: None, code: None, resend: Duration::ZERO, dek };
    if let Some(factor) = factor {
        made.number = Some(open_number(clinic, factor, &made.dek)?);
        if is_code(purpose) {
            made.request = trial.person.texts.request(&factor.id, fresh, now);
            let code = sms::digits(&made.dek, &clinic.id, &trial.person.id, &factor.id, &made.request);
            made.code = Some(code);
        }
    }
    if is_code(purpose) {
        trial.person.texts.count(now);
        made.resend = trial.person.texts.wait(now).and_then(TextWait::left).unwrap_or_default();
    }
    let event = Event::by(&trial.person.id, What::TextAsked, "sms", "accepted");
    let told = TextTold::Ready(Box::new(made));
    Ok(TextJudgement { told, person: trial.person, gauge: trial.gauge, texts, event })
}

fn is_code(purpose: TextFor<'_>) -> bool {
    match purpose {
        TextFor::SignIn | TextFor::Linking(_) => true,
        TextFor::Test | TextFor::Notice(_) => false,
    }
}

/// The number that counts at sign-in.
pub(super) fn linked_number(person: &Person) -> Option<&Factor> {
    person.factors.iter().find(|factor| factor.stage == FactorStage::Active && factor.number().is_some())
}

/// Opens a factor's number.
///
/// # Errors
/// [`Unjudged::Damaged`] when it is none, or does not open under this DEK.
pub fn open_number(clinic: &Clinic, factor: &Factor, dek: &Key) -> Result<Number, Unjudged> {
    let place = Place { clinic: &clinic.id, owner: &factor.id, kind: Kind::Telephone, kdf: None };
    let sealed = factor.number().ok_or(Unjudged::Damaged)?;
    let opened = dek.open(sealed, &place).map_err(|_| Unjudged::Damaged)?;
    std::str::from_utf8(opened.expose()).ok().and_then(Number::from_stored).ok_or(Unjudged::Damaged)
}
