//! The steps with text messages as a person meets them: keys in, orders out.

mod closing;
mod own_service;
mod square;

use eframe::egui::{Event, Id, Key, Modifiers, TextEdit};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::adapters::clock::TestClock;
use crate::desktop::services::Services;
use crate::desktop::theme;
use crate::domain::sms::{SmsSettings, SmsState, TextWait};
use crate::domain::square::SquareError;
use crate::domain::state::{PersonStage, Role};
use crate::domain::verify::FirstCode;
use crate::effects::{Failure, PhoneOffer, TextNews, TextTrouble};
use crate::explain::Names;
use crate::flows::enrolment::{Method, TextAct, TextStep};
use crate::flows::{Answer, Order, Request, Tickets};
use crate::ports::{Begins, Clock as _, GatewayError, PersonLook, Sent, SentStage, Transcript};

struct Desk {
    flow: Enrolment,
    fields: Fields,
    clock: TestClock,
    tickets: Tickets,
    orders: Vec<Order>,
    names: Names,
    services: Services,
    dressed: bool,
}

fn desk(flow: Enrolment) -> Harness<'static, Desk> {
    let state = Desk {
        flow,
        fields: Fields::default(),
        clock: TestClock::at(1_772_442_000),
        tickets: Tickets::default(),
        orders: Vec::new(),
        names: Names { office: "ClinicOffice".to_owned(), person: "Maria Santos".to_owned() },
        services: Services::default(),
        dressed: false,
    };
    let show = |ui: &mut Ui, desk: &mut Desk| {
        // Fonts are there from the next frame on.
        if !std::mem::replace(&mut desk.dressed, true) {
            theme::install(ui.ctx());
            return;
        }
        let now = desk.clock.now();
        let mut screen = Screen {
            now: &now,
            names: &desk.names,
            clinic: "Oak Tree Surgery",
            support: "",
            caps_lock: false,
            services: &mut desk.services,
        };
        if let Some(act) = super::ui(ui, &desk.flow, &mut desk.fields, &mut screen) {
            desk.orders.extend(desk.flow.act(act, &mut desk.tickets));
        }
    };
    let mut harness = Harness::builder().with_size((1100.0, 720.0)).build_ui_state(show, state);
    harness.run();
    harness
}

trait Hands {
    fn presses(&mut self, label: &str);
    fn key(&mut self, key: Key);
    fn types(&mut self, text: &str);
    fn fills(&mut self, label: &str, text: &str);
    fn is_told(&mut self, reply: Result<Answer, Failure>);
    fn sees(&self, words: &str) -> bool;
    fn has_focus(&self) -> String;
}

impl Hands for Harness<'_, Desk> {
    fn presses(&mut self, label: &str) {
        // A card's name goes on with the sentence below its title. As a screen reader presses it: it may be scrolled away.
        let exact = self.query_by_label(label);
        exact.unwrap_or_else(|| self.query_all_by_label_contains(label).next().unwrap()).click_accesskit();
        self.run_steps(4);
    }

    fn key(&mut self, key: Key) {
        self.key_press(key);
        self.run_steps(4);
    }

    fn types(&mut self, text: &str) {
        for letter in text.chars() {
            self.event(Event::Text(letter.to_string()));
            self.run_steps(2);
        }
    }

    fn fills(&mut self, label: &str, text: &str) {
        self.query_all_by_label(label).last().unwrap().focus();
        self.run_steps(2);
        self.types(text);
    }

    fn is_told(&mut self, reply: Result<Answer, Failure>) {
        let (ticket, _) = self.state_mut().orders.pop().unwrap();
        let state = self.state_mut();
        let orders = state.flow.answer((ticket, reply), &state.clock.now(), &mut state.tickets);
        state.orders.extend(orders);
        self.run_steps(4);
    }

    fn sees(&self, words: &str) -> bool {
        self.query_all_by_label_contains(words).next().is_some()
    }

    fn has_focus(&self) -> String {
        let focused = self.query_all(egui_kittest::kittest::By::new()).find(egui_kittest::Node::is_focused);
        focused.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
    }
}

fn offer() -> PhoneOffer {
    PhoneOffer {
        person: "msantos".into(),
        uri: SecretText::from("otpauth://totp/x"),
        key: SecretText::from("KEY"),
        square: Err(SquareError::NotReadable),
        issuer: "ClinicOffice".into(),
        account: "Oak Tree Surgery msantos".into(),
    }
}

fn news() -> TextNews {
    TextNews { errand: 1, ending: "23".into(), number: String::new(), resend: Duration::from_secs(30) }
}

fn sent(stage: SentStage) -> Answer {
    Answer::TextFate(Ok(Sent { stage, reference: None }), Transcript::new())
}

/// A new clinic whose manager has chosen texts, at the page about the service.
fn at_gateway() -> Harness<'static, Desk> {
    at_gateway_with(offer())
}

fn at_gateway_with(offer: PhoneOffer) -> Harness<'static, Desk> {
    let mut desk = desk(Enrolment::first());
    desk.presses("A text message");
    desk.presses("Use texts anyway");
    desk.presses("I manage this clinic");
    desk.fills("The clinic's name", "Oak Tree Surgery");
    desk.fills("Your name", "Maria Santos");
    desk.presses("Next");
    desk.fills("New password", "copper lantern meadow");
    desk.presses("Next");
    desk.is_told(Ok(Answer::Offer(offer)));
    assert!(desk.sees("Which service sends your texts?"));
    desk
}

/// Somebody with a slip, at the first page of the app.
fn with_slip(texts: SmsState) -> Harness<'static, Desk> {
    let ben = PersonLook {
        id: "bjones".into(),
        name: "Ben Jones".into(),
        role: Role::Staff,
        stage: Some(PersonStage::Pending),
        phones: Vec::new(),
        begins: Begins::WithSlip { until_unix: i64::MAX },
        recovery_left: 0,
        wait: None,
        manager_needed: false,
        day_pass: false,
        signed_in_unix: None,
    };
    let sms = SmsSettings { state: texts, countries: vec!["IE".into(), "GB".into()], ..SmsSettings::default() };
    let mut desk = desk(Enrolment::person(&ben, &sms));
    let typed = (SecretText::from("0000-0000-0000-0017"), SecretText::from("walnut ferry cobalt"));
    let state = desk.state_mut();
    let orders = state.flow.act(Act::Activate { code: typed.0, password: typed.1 }, &mut state.tickets);
    state.orders.extend(orders);
    desk.is_told(Ok(Answer::Offer(offer())));
    assert!(desk.sees("Open your authenticator app"));
    desk
}

/// What egui could give back of a field by Ctrl+Z.
fn can_be_undone(desk: &mut Harness<'_, Desk>, id: Id) -> bool {
    // It keeps what has stood still for a second.
    desk.run_steps(10);
    let current = (eframe::egui::text::CCursorRange::default(), String::new());
    TextEdit::load_state(&desk.ctx, id).is_some_and(|state| state.undoer().has_undo(&current))
}

/// Why not, first; and the easy way out of that page is the app: Enter, and the large button.
#[test]
fn the_app_is_offered_first_and_is_the_easy_choice() {
    let mut desk = desk(Enrolment::first());
    assert!(desk.sees("Recommended. It is free and needs no signal."));
    desk.presses("A text message");
    for reason in
        ["another SIM card", "other companies' computers", "Each text costs money", "The app takes two minutes"]
    {
        assert!(desk.sees(reason), "{reason}");
    }
    assert_eq!(desk.has_focus(), "Use the app");
    desk.key(Key::Enter);
    assert!(desk.sees("Who are you?"));
    assert_eq!(desk.state().flow.method, Method::App);
    desk.key(Key::Escape);
    desk.presses("A text message");
    desk.key(Key::Escape);
    assert!(desk.sees("How do you want to get your codes?"));
    desk.presses("A text message");
    desk.presses("Use texts anyway");
    assert_eq!(desk.state().flow.method, Method::Texts);
}

/// The service's password is wiped as soon as it is stored, kept by no history, and not asked for twice.
#[test]
fn the_services_password_is_wiped_once_it_is_used() {
    let mut desk = at_gateway();
    desk.presses("FireText");
    desk.fills("API key", "tractor-violin");
    desk.fills("Sender", "OakTree");
    assert!(!can_be_undone(&mut desk, PasswordField::id(gateway::SECRET)));
    desk.presses("Next");
    assert!(desk.sees("There is no limit on what texts may cost."));
    assert_eq!(desk.state().fields.gateway.secret.expose(), "tractor-violin", "still to be given");
    desk.fills("Texts a month, at most", "50");
    desk.presses("Next");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::SetGateway(_, Some(_)))]));
    desk.is_told(Ok(Answer::Done));
    assert!(desk.sees("Does it work?"));
    assert!(desk.state().fields.gateway.secret.is_empty());
    assert!(!can_be_undone(&mut desk, PasswordField::id(gateway::SECRET)));
    // Back, for another sender: it is kept, for this service and no other.
    desk.key(Key::Escape);
    assert!(desk.sees("A password is kept here."));
    desk.fills("Sender", "2");
    desk.presses("Next");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::SetGateway(_, None))]));
    desk.is_told(Ok(Answer::Done));
    desk.key(Key::Escape);
    desk.presses("Vonage");
    desk.fills("API key", "key1");
    desk.presses("Next");
    assert!(desk.sees("The service's password is missing"));
    assert!(desk.state().orders.is_empty());
    // What could not be stored is not kept.
    desk.presses("FireText");
    desk.presses("Next");
    desk.is_told(Err(Failure::WorkerGone));
    desk.presses("Next");
    assert!(desk.sees("The service's password is missing"));
}

/// A manager without an account at such a service is not stuck.
#[test]
fn from_the_service_the_app_can_be_had_instead() {
    let mut desk = at_gateway();
    desk.presses("Use the app instead");
    assert!(desk.sees("Open your authenticator app"), "with the square that was made before");
    assert!(desk.state().orders.is_empty());
    desk.presses("Get codes by text instead");
    desk.presses("Use texts anyway");
    assert!(desk.sees("Which service sends your texts?"));
}

#[test]
fn a_test_text_must_have_gone_before_the_number_is_asked_for() {
    let mut desk = at_gateway();
    let state = desk.state_mut();
    state.flow.step = Step::Texts(TextStep::Try(None));
    desk.run_steps(4);
    assert_eq!(desk.has_focus(), "Mobile number");
    desk.types("07700 900123");
    desk.key(Key::Enter);
    assert!(desk.sees("Does it work?"), "not before one has gone");
    desk.presses("Send a test text");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::TestText(_))]));
    desk.is_told(Ok(Answer::Texting(news())));
    desk.is_told(Ok(Answer::TextFate(
        Err(TextTrouble::Gateway(GatewayError::Sender)),
        vec!["POST https://sms.example".to_owned(), "400".to_owned()],
    )));
    assert!(desk.sees("the service does not allow the clinic's sender"));
    assert!(desk.sees("Use a sender that the service knows") && !desk.sees("Tell a manager"));
    assert!(desk.sees("POST https://sms.example"));
    desk.presses("Send another test text");
    desk.is_told(Ok(Answer::Texting(news())));
    desk.is_told(Ok(sent(SentStage::Queued)));
    assert!(desk.sees("waits for the phone network"));
    desk.presses("Next");
    assert!(desk.sees("What is your mobile number?"));
}

/// Shown back before anything is sent, read out digit by digit, and typed again when it is wrong.
#[test]
fn c62_a_number_is_shown_back_before_anything_is_sent() {
    let mut desk = with_slip(SmsState::On);
    desk.presses("Get codes by text instead");
    desk.presses("Use texts anyway");
    // Read as the clinic's own country dials, which is Ireland here.
    desk.types("021 234 5678");
    desk.key(Key::Enter);
    assert!(desk.sees("That is a landline"));
    for _ in 0.."021 234 5678".len() {
        desk.key(Key::Backspace);
    }
    desk.types("+44 (0)7700 900123");
    desk.key(Key::Enter);
    assert!(desk.sees("Is this your number?"));
    assert!(desk.query_by_label("+ 4 4 7 7 0 0 9 0 0 1 2 3").is_some(), "digit by digit");
    assert!(desk.state().orders.is_empty());
    assert_eq!(desk.has_focus(), "Send me a text");
    desk.key(Key::Escape);
    assert!(desk.sees("What is your mobile number?"));
    assert!(desk.state().orders.is_empty());
    desk.key(Key::Enter);
    desk.key(Key::Enter);
    let orders = &desk.state().orders;
    assert!(
        matches!(orders.as_slice(), [(_, Request::BeginNumber(number))] if number == "+447700900123"),
        "{orders:?}"
    );
}

#[test]
fn the_code_in_the_text_is_typed_with_its_states_in_words() {
    let mut desk = with_slip(SmsState::On);
    desk.presses("Get codes by text instead");
    desk.presses("Use texts anyway");
    desk.types("+447700900123");
    desk.key(Key::Enter);
    desk.key(Key::Enter);
    assert!(desk.sees("Type the code in the text"));
    desk.is_told(Ok(Answer::Texting(news())));
    assert!(desk.sees("Sending a text to the number ending 2 3…"));
    assert_eq!(desk.has_focus(), "Code from the text");
    desk.is_told(Ok(sent(SentStage::Accepted)));
    assert!(desk.sees("has taken the text to the number ending 2 3"));
    desk.types("111111");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::FirstCode(_))]));
    desk.is_told(Ok(Answer::FirstCode(FirstCode::WrongText { tries_left: 1 })));
    assert!(desk.sees("That isn't the code in the text."));
    assert!(desk.sees("You have 1 try left with it."));
    assert!(desk.state().fields.code.is_empty());
    assert!(!can_be_undone(&mut desk, CodeField::id(texts::CODE)));
    desk.types("111112");
    desk.is_told(Ok(Answer::FirstCode(FirstCode::TextOver)));
    assert!(desk.sees("No code from a text is waiting any more."));
    // Another one, once its time has come.
    desk.state().clock.advance(Duration::from_secs(31));
    desk.run_steps(3);
    desk.presses("Send me another text");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::TextAgain)]));
    desk.is_told(Err(Failure::Text(TextTrouble::Wait(TextWait::Day(Duration::from_secs(3600))))));
    assert!(desk.sees("Ten texts were sent to you today"));
    assert!(desk.sees("Try again tomorrow.") && !desk.sees("spare code"), "he has none yet");
    // And a way round: the app, with a new square, for the number has taken the old one's place.
    desk.presses("Use the app instead");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::BeginPhone { .. })]));
    desk.is_told(Ok(Answer::Offer(offer())));
    assert!(desk.sees("Open your authenticator app"));
    assert_eq!(desk.state().flow.method, Method::App);
}

/// What the first number's text comes to, when it is late, says nothing about the second one.
#[test]
fn late_answers_of_an_earlier_number_change_nothing() {
    let mut desk = with_slip(SmsState::On);
    desk.presses("Get codes by text instead");
    desk.presses("Use texts anyway");
    desk.types("+447700900456");
    desk.key(Key::Enter);
    desk.key(Key::Enter);
    desk.is_told(Ok(Answer::Texting(news())));
    let (late, _) = desk.state_mut().orders.pop().unwrap();
    desk.key(Key::Escape);
    for _ in 0..3 {
        desk.key(Key::Backspace);
    }
    desk.fills("Mobile number", "789");
    desk.key(Key::Enter);
    assert!(desk.query_by_label("+ 4 4 7 7 0 0 9 0 0 7 8 9").is_some());
    desk.key(Key::Enter);
    let state = desk.state_mut();
    for answer in [sent(SentStage::Delivered), Answer::FirstCode(FirstCode::Right)] {
        let orders = state.flow.answer((late, Ok(answer)), &state.clock.now(), &mut state.tickets);
        assert!(orders.is_empty());
    }
    desk.run_steps(3);
    assert!(desk.sees("Type the code in the text") && !desk.sees("has arrived"));
}

/// Only where the clinic sends texts.
#[test]
fn somebody_with_a_slip_may_choose_texts_where_the_clinic_sends_them() {
    let desk = with_slip(SmsState::Off);
    assert!(desk.query_by_label("Get codes by text instead").is_none());
    let mut desk = with_slip(SmsState::On);
    desk.presses("Get codes by text instead");
    assert!(desk.sees("The app is safer than texts"));
    desk.key(Key::Escape);
    assert!(desk.sees("Open your authenticator app"));
    desk.presses("Get codes by text instead");
    desk.key(Key::Enter);
    assert!(desk.sees("Open your authenticator app"), "the app is the easy choice");
    let state = desk.state_mut();
    assert!(state.flow.act(Act::Texts(TextAct::Choose), &mut state.tickets).is_empty());
}
