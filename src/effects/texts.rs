//! Texts: asked for, counted, handed to the courier, and what came of them.
//!
//! ```text
//! desk:    password right, limits kept ──▶ counted, committed ──▶ outbox ─┐              ┌─▶ written down
//! courier:                                                                └─▶ gateway ──┘   (given back if not sent)
//! ```
//! The courier has a thread of its own in the window: a service that hangs delays nobody's sign-in. Number, code and
//! password of the service leave the desk in an [`Errand`] and in nothing else; no flow and no screen sees one.

use std::time::Duration;

use super::{Desk, Failure, Guarded, Open, Unfinished};
use crate::domain::edit::Edit;
use crate::domain::keys::{self, Key, Kind, Place};
use crate::domain::moment::Moment;
use crate::domain::secret::{Secret, SecretText};
use crate::domain::sms::{BadNumber, Compose, Message, Number, SmsSettings, TextWait, Unfit};
use crate::domain::state::{Clinic, Factor, FactorKind, FactorStage, Joins, PersonStage, Sms};
use crate::domain::verify::{Proof, ReadyText, TextFor, TextTold};
use crate::ports::{
    Counted, GatewayAccount, GatewayError, Limits, ManagerChange, Outgoing, Sent, SmsGateway, StoreError, TextAsk,
    TextEnd, Transcript,
};
use crate::strings::Text;

/// Why there is no text, or why nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextTrouble {
    /// Too many, or too soon.
    Wait(TextWait),
    /// This person has no number.
    NoNumber,
    /// Texts are off, or cannot work as they are set.
    Unfit(Unfit),
    /// What was typed is no number that texts can go to.
    BadNumber(BadNumber),
    /// The service.
    Gateway(GatewayError),
    /// Too many texts are waiting for the service on this computer.
    QueueFull,
}

impl TextTrouble {
    /// Whether it is certain that nothing was sent.
    #[must_use]
    pub fn was_not_sent(&self) -> bool {
        match self {
            TextTrouble::Gateway(err) => matches!(err.end(), TextEnd::NotSent(_)),
            TextTrouble::Wait(_)
            | TextTrouble::NoNumber
            | TextTrouble::Unfit(_)
            | TextTrouble::BadNumber(_)
            | TextTrouble::QueueFull => true,
        }
    }
}

/// What may be told of a text that is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextNews {
    /// Names its errand, for asking what came of it.
    pub errand: u64,
    /// The number's last two digits.
    pub ending: String,
    /// The whole number as it is shown, for whoever has just typed it; empty otherwise.
    pub number: String,
    /// How long the next one must wait.
    pub resend: Duration,
}

/// One text on its way to the courier.
#[derive(Debug)]
pub struct Errand {
    id: u64,
    person: String,
    counted: Counted,
    outgoing: Outgoing,
}

impl Errand {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// What is written down of one that nobody could carry.
    #[must_use]
    pub fn not_carried(&self) -> Carried {
        let (outcome, transcript) = (Err(TextTrouble::QueueFull), Transcript::new());
        let end = TextEnd::NotSent("sms-queue-full");
        Carried { id: self.id, person: self.person.clone(), counted: self.counted.clone(), outcome, transcript, end }
    }
}

/// What came of an errand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its number.
    pub id: u64,
    /// What the service said.
    pub outcome: Result<Sent, TextTrouble>,
    /// Both sides' words, without anything secret.
    pub transcript: Transcript,
    /// Whose.
    person: String,
    counted: Counted,
    end: TextEnd,
}

/// The caller of the gateway.
pub struct Courier {
    gateway: Box<dyn SmsGateway>,
}

impl Courier {
    /// A courier to that gateway.
    #[must_use]
    pub fn new(gateway: Box<dyn SmsGateway>) -> Self {
        Self { gateway }
    }

    /// Hands a text over, once.
    pub fn carry(&mut self, errand: &Errand) -> Carried {
        let (sent, transcript) = self.gateway.send(&errand.outgoing);
        let end = match &sent {
            Ok(sent) => TextEnd::from(sent.stage),
            Err(err) => err.end(),
        };
        let (id, person, counted) = (errand.id, errand.person.clone(), errand.counted.clone());
        Carried { id, person, counted, outcome: sent.map_err(TextTrouble::Gateway), transcript, end }
    }

    /// Asks what became of a text that was taken; `None` when there is nothing new.
    pub fn follow(&mut self, errand: &Errand, carried: &Carried) -> Option<Carried> {
        let before = carried.outcome.as_ref().ok()?;
        let reference = before.reference.as_deref()?;
        let (outcome, end) = match self.gateway.fate(&errand.outgoing.account, reference) {
            Ok(None) => return None,
            Ok(Some(stage)) if stage == before.stage => return None,
            Ok(Some(stage)) => (Ok(Sent { stage, ..before.clone() }), TextEnd::from(stage)),
            Err(err) => (Err(TextTrouble::Gateway(err)), TextEnd::NotDelivered),
        };
        Some(Carried { outcome, end, ..carried.clone() })
    }
}

impl Desk {
    /// Takes what waits for the courier. Whoever calls the desk calls this after each call.
    pub fn take_errands(&mut self) -> Vec<Errand> {
        std::mem::take(&mut self.outbox)
    }

    /// A text with a code for signing in, for whoever knows the password. A right password clears nothing.
    ///
    /// # Errors
    /// [`Failure::Refused`] for a wrong password, a wait or a lock; [`Failure::Text`]; see [`Failure`].
    pub fn text(&mut self, person: &str, password: &SecretText) -> Result<TextNews, Failure> {
        const AGAIN: usize = 3;
        let mut last = Failure::Store(StoreError::SaltChanged);
        for _ in 0..AGAIN {
            match self.try_text(person, password) {
                Err(err @ Failure::Store(StoreError::SaltChanged)) => last = err,
                other => return other,
            }
        }
        Err(last)
    }

    fn try_text(&mut self, person: &str, password: &SecretText) -> Result<TextNews, Failure> {
        let (stretched, salt) = self.stretch(person, password)?;
        let guarded = self.guard()?;
        let slot_key = keys::slot_key(&stretched, &guarded.device, &guarded.look.clinic_id);
        let fresh = *self.dice.bytes::<16>()?;
        let ask = TextAsk {
            person,
            proof: Proof::Password(&slot_key),
            salt: Some(salt),
            generation: None,
            purpose: TextFor::SignIn,
            fresh,
        };
        self.ask_for_text(&guarded, &ask, None)
    }

    /// A text with a code for a change, to whoever is signed in.
    ///
    /// # Errors
    /// As [`Desk::text`].
    pub fn text_for_change(&mut self) -> Result<TextNews, Failure> {
        self.text_in_session(TextFor::SignIn, None)
    }

    /// Links a number: in the place of another number, beside an app. A fresh code must have been given just before, or
    /// another number is being linked already, which this replaces, or somebody is being set up. The first code goes out
    /// at once.
    ///
    /// # Errors
    /// [`Failure::NotSignedIn`] without either; as [`Desk::text`].
    pub fn begin_number(&mut self, typed: &str) -> Result<TextNews, Failure> {
        let (person, clinic_id, dek) = {
            let open = self.open.as_ref().filter(|open| open.fresh.is_code() || open.unfinished != Unfinished::Nothing);
            let open = open.ok_or(Failure::NotSignedIn)?;
            (open.person.clone(), open.clinic.clone(), open.dek.duplicate())
        };
        let guarded = self.guard_open()?;
        let (clinic, stored) = self.store.person(&guarded.keys, &person)?;
        let settings = clinic.settings().sms;
        let number =
            Number::parse(typed, &settings.countries).map_err(|bad| Failure::Text(TextTrouble::BadNumber(bad)))?;
        // Said before the number is stored, and before a new person's square is given up.
        usable(&settings)?;
        let id = self.random_id()?;
        let place = Place { clinic: &clinic_id, owner: &id, kind: Kind::Telephone, kdf: None };
        let sealed = dek.seal(&Secret::new(number.e164().as_bytes().to_vec()), &place, &mut self.dice)?;
        let factor = Factor {
            kind: FactorKind::Sms(Sms { number: sealed, ending: number.ending().to_owned() }),
            stage: FactorStage::Shown,
            label: String::new(),
            joins: Joins::InTheirPlace,
            created_unix: guarded.now.unix_secs,
            id: id.clone(),
        };
        if let Some(wait) = stored.texts.wait(&guarded.now).filter(|_| stored.stage == PersonStage::Active) {
            return Err(Failure::Text(TextTrouble::Wait(wait)));
        }
        let committed = self.store.begin_phone(&guarded.keys, &person, factor, &guarded.now)?;
        self.raise(&guarded, committed)?;
        drop(guarded);
        self.spend_fresh();
        if let Some(open) = &mut self.open {
            open.number_begun(id.clone());
        }
        let news = self.text_in_session(TextFor::Linking(&id), None)?;
        Ok(TextNews { number: number.shown(), ..news })
    }

    /// The code of the number that is being linked, once more.
    ///
    /// # Errors
    /// As [`Desk::text`].
    pub fn text_again(&mut self) -> Result<TextNews, Failure> {
        let id = self.linking()?;
        self.text_in_session(TextFor::Linking(&id), None)
    }

    /// A text without a code, to see whether the service works. A manager's fresh code must have been given just before,
    /// unless the clinic is being set up.
    ///
    /// # Errors
    /// As [`Desk::text`]; [`StoreError::NotAllowed`] for others.
    pub fn test_text(&mut self, typed: &str) -> Result<TextNews, Failure> {
        self.open_for_gateway()?;
        let person = self.open()?.person.clone();
        let countries = {
            let guarded = self.guard_open()?;
            self.store.person(&guarded.keys, &person)?.0.settings().sms.countries
        };
        let number = Number::parse(typed, &countries).map_err(|bad| Failure::Text(TextTrouble::BadNumber(bad)))?;
        let shown = number.shown();
        let news = self.text_in_session(TextFor::Test, Some(number))?;
        Ok(TextNews { number: shown, ..news })
    }

    /// What a number that is being replaced is told, made ready while it is still there. Without a way to tell it the
    /// change goes on: the log and the next sign-in say it, too.
    pub(super) fn notice_to_old_number(&mut self) -> Option<Errand> {
        let (person, linking) = (self.open.as_ref()?.person.clone(), self.linking().ok()?);
        let guarded = self.guard_open().ok()?;
        let (_, stored) = self.store.person(&guarded.keys, &person).ok()?;
        drop(guarded);
        let is_number = |factor: &&Factor| factor.number().is_some();
        stored.factors.iter().filter(is_number).find(|factor| factor.id == linking)?;
        let old = stored.factors.iter().filter(is_number).find(|factor| factor.stage == FactorStage::Active)?;
        let waiting = std::mem::take(&mut self.outbox);
        self.text_in_session(TextFor::Notice(&old.id), None).ok();
        std::mem::replace(&mut self.outbox, waiting).pop()
    }

    /// The manager's choices, and the service's password where a new one was typed.
    ///
    /// # Errors
    /// [`StoreError::NotAllowed`]; see [`Failure`].
    pub fn set_gateway(&mut self, edit: &Edit, secret: Option<&SecretText>) -> Result<(), Failure> {
        let (actor, clinic, dek) = self.open_for_gateway()?;
        let settings = {
            let guarded = self.guard_open()?;
            edit.of(&self.store.person(&guarded.keys, &actor)?.0.settings())
        };
        let sealed = match secret {
            Some(secret) => {
                let place = secret_place(&clinic, &settings.sms);
                let plain = Secret::new(secret.expose().as_bytes().to_vec());
                Some(dek.seal(&plain, &place.at(), &mut self.dice)?)
            }
            None => None,
        };
        let guarded = self.guard_open()?;
        let mut changes = vec![ManagerChange::Settings(edit.clone())];
        changes.extend(sealed.map(|sealed| ManagerChange::SmsSecret(Some(sealed))));
        for change in changes {
            let refused = change.event(&actor, "not-allowed");
            let committed = match self.store.manage(&guarded.keys, &actor, change, &guarded.now) {
                Err(err @ StoreError::NotAllowed) => return self.refuse(&guarded, &refused, err),
                other => other?,
            };
            // Each change has grown the epoch; the keychain follows at once.
            self.raise(&guarded, committed)?;
        }
        self.choices_changed(edit);
        self.spend_fresh();
        Ok(())
    }

    /// Writes down what came of an errand.
    ///
    /// # Errors
    /// See [`Failure`]; the text is where it is.
    pub fn text_ended(&mut self, carried: &Carried) -> Result<(), Failure> {
        let guarded = self.guard()?;
        let committed =
            self.store.text_ended(&guarded.keys, &carried.person, &carried.counted, carried.end, &guarded.now)?;
        self.raise(&guarded, committed)
    }

    /// Who may choose and try the service: a manager after a fresh code, or whoever is setting up the clinic.
    fn open_for_gateway(&self) -> Result<(String, String, Key), Failure> {
        let open = self.open.as_ref().filter(|open| open.fresh.is_code() || open.unfinished == Unfinished::Clinic);
        let open: &Open = open.ok_or(Failure::NotSignedIn)?;
        Ok((open.person.clone(), open.clinic.clone(), open.dek.duplicate()))
    }

    fn text_in_session(&mut self, purpose: TextFor<'_>, to: Option<Number>) -> Result<TextNews, Failure> {
        let (person, dek, generation) = {
            let open = self.open()?;
            (open.person.clone(), open.dek.duplicate(), Some(open.generation))
        };
        let guarded = self.guard_open()?;
        let fresh = *self.dice.bytes::<16>()?;
        let ask = TextAsk { person: &person, proof: Proof::Session(&dek), salt: None, generation, purpose, fresh };
        self.ask_for_text(&guarded, &ask, to)
    }

    fn ask_for_text(&mut self, guarded: &Guarded, ask: &TextAsk<'_>, to: Option<Number>) -> Result<TextNews, Failure> {
        let committed = self.store.text(&guarded.keys, ask, &guarded.now)?;
        let ready = match self.raise(guarded, committed)? {
            TextTold::Ready(ready) => ready,
            TextTold::Refused(verdict) => return Err(Failure::Refused(verdict)),
            TextTold::Wait(wait) => return Err(Failure::Text(TextTrouble::Wait(wait))),
            TextTold::NoNumber => return Err(Failure::Text(TextTrouble::NoNumber)),
            TextTold::Unfit(unfit) => return Err(Failure::Text(TextTrouble::Unfit(unfit))),
            TextTold::NotAllowed => return Err(StoreError::NotAllowed.into()),
        };
        let (clinic, _) = self.store.person(&guarded.keys, ask.person)?;
        self.send_off(&clinic, *ready, ask, to, guarded)
    }

    /// Puts a counted text into the outbox. What cannot go out after all is given back.
    fn send_off(
        &mut self,
        clinic: &Clinic,
        ready: ReadyText,
        ask: &TextAsk<'_>,
        to: Option<Number>,
        guarded: &Guarded,
    ) -> Result<TextNews, Failure> {
        let settings = clinic.settings().sms;
        let limits = match ask.purpose {
            TextFor::SignIn | TextFor::Linking(_) => Limits::OfPersonAndClinic,
            TextFor::Test | TextFor::Notice(_) => Limits::OfClinic,
        };
        let counted = Counted { limits, at: Moment::of(&guarded.now) };
        let place = secret_place(&clinic.id, &settings);
        let secret = clinic.sms_secret.as_ref().and_then(|sealed| ready.dek.open(sealed, &place.at()).ok());
        let secret = secret.and_then(|secret| std::str::from_utf8(secret.expose()).ok().map(SecretText::from));
        let secret = secret.or_else(|| (!settings.needs_secret()).then(SecretText::default));
        let number = ready.number.or(to);
        let (Some(secret), Some(number)) = (secret, number) else {
            let end = TextEnd::NotSent("sms-no-password");
            let committed = self.store.text_ended(&guarded.keys, ask.person, &counted, end, &guarded.now)?;
            self.raise(guarded, committed)?;
            return Err(Failure::Text(TextTrouble::Unfit(Unfit::NoSecret)));
        };
        let message = message(clinic, ready.code.as_ref(), ask.purpose);
        let news = TextNews {
            errand: self.next_errand,
            ending: number.ending().to_owned(),
            number: String::new(),
            resend: ready.resend,
        };
        self.next_errand += 1;
        self.outbox.push(Errand {
            id: news.errand,
            person: ask.person.to_owned(),
            counted,
            outgoing: Outgoing { account: GatewayAccount { settings, secret }, to: number, message },
        });
        Ok(news)
    }
}

/// Whether texts are on and can work.
fn usable(settings: &SmsSettings) -> Result<(), Failure> {
    let unfit = match settings.state {
        crate::domain::sms::SmsState::Off => Err(Unfit::Off),
        crate::domain::sms::SmsState::On => settings.check(),
    };
    unfit.map_err(|unfit| Failure::Text(TextTrouble::Unfit(unfit)))
}

/// Where the service's password is sealed: bound to the address that it is for.
struct SecretPlace {
    clinic: String,
    destination: String,
}

fn secret_place(clinic: &str, settings: &SmsSettings) -> SecretPlace {
    SecretPlace { clinic: clinic.to_owned(), destination: settings.destination() }
}

impl SecretPlace {
    fn at(&self) -> Place<'_> {
        Place { clinic: &self.clinic, owner: "", kind: Kind::SmsSecret, kdf: Some(&self.destination) }
    }
}

fn message(clinic: &Clinic, code: Option<&SecretText>, purpose: TextFor<'_>) -> Message {
    let code = code.map_or("", SecretText::expose);
    let say = |key: &'static str| {
        move |name: &str| Text::new(key).with("code", code.to_owned()).with("clinic", name.to_owned()).get()
    };
    let (long, short) = match purpose {
        TextFor::SignIn | TextFor::Linking(_) => ("sms-text", "sms-text-short"),
        TextFor::Test => ("sms-text-test", "sms-text-test"),
        TextFor::Notice(_) => ("sms-text-changed", "sms-text-changed-short"),
    };
    let (long, short) = (say(long), say(short));
    Compose { long: &long, short: &short }.for_clinic(&clinic.name, clinic.settings().sms.letters)
}
