//! A clinic that sends texts: what its manager sets, who carries them, and the telephone they arrive on.

#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::sync::{Arc, Mutex};

use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::sms::{GatewayKind, SmsSettings, SmsState};
use clinic2fa::domain::verify::{FirstCode, Presented, Verdict};
use clinic2fa::effects::{Carried, Courier, Desk, Failure, Purpose, TextNews};
use clinic2fa::ports::{GatewayAccount, GatewayError, Outgoing, Sent, SentStage, SmsGateway, Transcript};

use crate::clinic::{Clinic, MARIA, PASSWORD, digits};

/// Maria's number. Ofcom keeps these for drama.
pub(crate) const NUMBER: &str = "07700 900123";

/// A gateway that brings every text at once, to a telephone that can be read here; or says what it is told to say.
#[derive(Clone, Default)]
pub(crate) struct Inbox {
    texts: Arc<Mutex<Vec<(String, String)>>>,
    says: Arc<Mutex<Option<GatewayError>>>,
}

impl Inbox {
    pub(crate) fn courier(&self) -> Courier {
        Courier::new(Box::new(self.clone()))
    }

    /// Every text so far: number, words.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        self.texts.lock().expect("nobody panics in it").clone()
    }

    /// From now on it brings nothing, and says this.
    pub(crate) fn refuses(&self, err: Option<GatewayError>) {
        *self.says.lock().expect("nobody panics in it") = err;
    }

    /// The code in the last text.
    pub(crate) fn code(&self) -> String {
        code_in(&self.texts().last().expect("a text").1)
    }
}

impl SmsGateway for Inbox {
    fn send(&mut self, outgoing: &Outgoing) -> (Result<Sent, GatewayError>, Transcript) {
        if let Some(err) = self.says.lock().expect("nobody panics in it").clone() {
            return (Err(err), Transcript::new());
        }
        let text = (outgoing.to.e164().to_owned(), outgoing.message.body.expose().to_owned());
        self.texts.lock().expect("nobody panics in it").push(text);
        (Ok(Sent { stage: SentStage::Accepted, reference: None }), Transcript::new())
    }

    fn fate(&mut self, _: &GatewayAccount, _: &str) -> Result<Option<SentStage>, GatewayError> {
        Ok(None)
    }
}

/// The six digits that a text begins with.
pub(crate) fn code_in(text: &str) -> String {
    let code: String = text.chars().take(6).collect();
    assert!(code.chars().all(|c| c.is_ascii_digit()), "the code comes first: {text}");
    code
}

/// Settings that can work, for a Kannel at that address.
pub(crate) fn settings(url: &str) -> SmsSettings {
    SmsSettings {
        state: SmsState::On,
        gateway: GatewayKind::Kannel,
        url: url.to_owned(),
        account: "clinic".to_owned(),
        sender: "OakTree".to_owned(),
        per_month: 100,
        timeout_secs: 3,
        ..SmsSettings::default()
    }
}

/// Hands over what the desk has ready, and writes down what came of it.
pub(crate) fn carry(desk: &mut Desk, courier: &mut Courier) -> Vec<Carried> {
    let errands = desk.take_errands();
    errands
        .iter()
        .map(|errand| {
            let carried = courier.carry(errand);
            desk.text_ended(&carried).expect("written down");
            carried
        })
        .collect()
}

impl Clinic {
    /// Maria signs in for a change: half a minute later, with the next code.
    pub(crate) fn maria_may_change(&mut self) {
        self.waits(crate::clinic::STEP);
        let code = digits(&self.phone.code());
        let outcome = self.desk.sign_in(MARIA, &SecretText::from(PASSWORD), &Presented::Code(code), Purpose::Change);
        assert!(matches!(outcome, Ok((Verdict::Accepted { .. }, Some(_)))), "{outcome:?}");
    }

    /// She turns texts on.
    pub(crate) fn turns_texts_on(&mut self, settings: SmsSettings, password: &str) {
        self.maria_may_change();
        let all = clinic2fa::domain::state::Settings { sms: settings, ..Default::default() };
        self.desk.set_gateway(&Edit::whole(all), Some(&SecretText::from(password))).expect("set");
    }

    /// She links a number beside her app, with the code that arrives.
    pub(crate) fn maria_links(&mut self, number: &str, courier: &mut Courier, read: impl Fn() -> String) {
        self.maria_may_change();
        self.desk.begin_number(number).expect("a text");
        carry(&mut self.desk, courier).iter().for_each(|carried| assert!(carried.outcome.is_ok(), "{carried:?}"));
        assert_eq!(self.desk.first_code(&digits(&read())), Ok(FirstCode::Right));
        self.desk.finish_phone_without_codes().expect("linked");
        self.desk.lock();
    }

    /// A clinic with texts on and Maria's number linked, through an inbox that can be read; the day of it is over.
    pub(crate) fn texting() -> (Self, Inbox) {
        let (mut clinic, inbox) = (Self::oak_tree(), Inbox::default());
        clinic.turns_texts_on(settings("http://127.0.0.1:9/"), "fiddle-faddle");
        clinic.maria_links(NUMBER, &mut inbox.courier(), || inbox.code());
        clinic.waits(std::time::Duration::from_secs(24 * 3600));
        (clinic, inbox)
    }

    /// Somebody turns this computer's clock.
    pub(crate) fn turns_wall_by(&self, secs: i64) {
        let now = clinic2fa::ports::Clock::now(&self.office.clock).unix_secs;
        self.office.clock.set_wall(now + secs);
    }

    /// She asks for a text with her password, and it is carried.
    pub(crate) fn maria_asks(&mut self, inbox: &Inbox) -> Result<TextNews, Failure> {
        asks_at(&mut self.desk, inbox)
    }

    /// She signs in with her password and a code from a text.
    pub(crate) fn maria_types(&mut self, code: &str) -> Verdict {
        types_at(&mut self.desk, code)
    }
}

pub(crate) fn asks_at(desk: &mut Desk, inbox: &Inbox) -> Result<TextNews, Failure> {
    let news = desk.text(MARIA, &SecretText::from(PASSWORD));
    carry(desk, &mut inbox.courier());
    news
}

pub(crate) fn types_at(desk: &mut Desk, code: &str) -> Verdict {
    let presented = Presented::Text(digits(code));
    desk.sign_in(MARIA, &SecretText::from(PASSWORD), &presented, Purpose::Work).expect("judged").0
}

/// Another code than that one.
pub(crate) fn other_than(code: &str, number: u32) -> String {
    (1..).map(|n| format!("{:06}", n + number)).find(|other| other != code).expect("there is one")
}
