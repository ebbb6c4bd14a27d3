//! "Send me a text" as a person meets it: every state in its own words, the wait, and the ways round it.

use eframe::egui::{Id, TextEdit};
use egui_kittest::kittest::NodeT as _;

use super::*;
use crate::desktop::widgets::{CodeField, PasswordField};
use crate::domain::sms::{SmsState, TextWait};
use crate::effects::{Failure, TextNews, TextTrouble};
use crate::ports::{GatewayError, PhoneKind, PhoneLook, Sent, SentStage, Transcript};

fn phone(kind: PhoneKind) -> PhoneLook {
    PhoneLook { id: format!("{kind:?}"), label: String::new(), kind, linked_unix: 0 }
}

fn number() -> PhoneLook {
    phone(PhoneKind::Texts { ending: "23".to_owned() })
}

/// Maria, whose clinic sends texts.
fn texting(phones: Vec<PhoneLook>) -> Harness<'static, Desk> {
    let mut desk = desk(vec![PersonLook { phones, ..person("msantos", "Maria Santos") }]);
    let now = desk.state().clock.now();
    let state = desk.state_mut();
    state.flow.look.settings.sms.state = SmsState::On;
    state.flow = SignIn::new(state.flow.look.clone(), None, None, &now);
    desk.run();
    desk
}

trait Texts {
    fn answers(&mut self, reply: Result<Answer, Failure>);
    fn is_sent(&mut self, outcome: Result<SentStage, TextTrouble>, reference: Option<&str>);
    fn asks_for_text(&mut self);
    fn passes(&mut self, secs: u64);
}

impl Texts for Harness<'_, Desk> {
    fn answers(&mut self, reply: Result<Answer, Failure>) {
        let now = self.state().clock.now();
        let (ticket, _) = self.state_mut().orders.pop().unwrap();
        let state = self.state_mut();
        let orders = state.flow.answer((ticket, reply), &now, &mut state.tickets);
        state.orders.extend(orders);
        self.step();
        self.step();
    }

    fn is_sent(&mut self, outcome: Result<SentStage, TextTrouble>, reference: Option<&str>) {
        let sent = outcome.map(|stage| Sent { stage, reference: reference.map(str::to_owned) });
        self.answers(Ok(Answer::TextFate(sent, Transcript::new())));
    }

    fn asks_for_text(&mut self) {
        self.types("harbour-lemon");
        self.get_by_label("Send me a text").click();
        self.step();
        self.step();
        assert!(matches!(self.state().orders.as_slice(), [(_, Request::Text { .. })]));
        assert!(self.query_by_label("Send me a text").is_none(), "it cannot be pressed twice");
        let resend = Duration::from_secs(30);
        let news = TextNews { errand: 1, ending: "23".to_owned(), number: String::new(), resend };
        self.answers(Ok(Answer::Texting(news)));
        assert!(matches!(self.state().orders.as_slice(), [(_, Request::TextFate(1))]));
    }

    fn passes(&mut self, secs: u64) {
        self.state().clock.advance(Duration::from_secs(secs));
        self.step();
        self.step();
    }
}

/// What egui could give back of a field by Ctrl+Z.
fn history(desk: &mut Harness<'_, Desk>, id: Id) -> Vec<String> {
    // It keeps what has stood still for a second.
    desk.run_steps(10);
    let Some(state) = TextEdit::load_state(&desk.ctx, id) else { return Vec::new() };
    let mut undoer = state.undoer();
    let mut current = (eframe::egui::text::CCursorRange::default(), String::new());
    let mut kept = Vec::new();
    while let Some(before) = undoer.undo(&current).cloned() {
        kept.push(before.1.clone());
        current = before;
        assert!(kept.len() < 100);
    }
    kept
}

#[test]
fn a_text_says_how_far_it_is_and_claims_no_more() {
    let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
    desk.asks_for_text();
    // Two digits are read out one by one.
    assert!(desk.sees("Sending a text to the number ending 2 3…"));
    assert!(desk.sees("Another text in 0:30"), "the button says what it waits for");
    desk.is_sent(Ok(SentStage::Accepted), None);
    assert!(desk.sees("The text service has taken the text to the number ending 2 3. It can take a minute to arrive."));
    assert!(!desk.sees("has arrived"));
    // It is typed here without a click, and not taken for a code of the app.
    assert!(desk.query_all_by_label("Code from the text").any(|node| node.is_focused()));
    for digit in "004213".chars() {
        desk.event(Event::Text(digit.to_string()));
        desk.step();
    }
    let orders = &desk.state().orders;
    let by_text = |order: &Order| {
        matches!(&order.1, Request::SignIn { presented: crate::domain::verify::Presented::Text(_), .. })
    };
    assert!(orders.iter().any(by_text), "{} orders", orders.len());
}

/// Somebody with a number alone types on where the text's code goes, also after a text that was refused.
#[test]
fn after_a_text_the_next_thing_typed_is_its_code() {
    let focused =
        |desk: &Harness<'_, Desk>| desk.query_all_by_label("Code from the text").any(|node| node.is_focused());
    let mut desk = texting(vec![number()]);
    assert!(!focused(&desk));
    desk.asks_for_text();
    assert!(focused(&desk));
    desk.passes(31);
    desk.get_by_label("Send me another text").focus();
    desk.step();
    desk.key_press(Key::Space);
    desk.step();
    desk.step();
    desk.answers(Err(Failure::Text(TextTrouble::Wait(TextWait::Resend(Duration::from_secs(20))))));
    assert!(focused(&desk), "the code of the text before is as good");
}

#[test]
fn a_text_that_waits_for_the_network_and_one_that_arrives() {
    let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
    desk.asks_for_text();
    desk.is_sent(Ok(SentStage::Queued), None);
    assert!(desk.sees("The text to the number ending 2 3 waits for the phone network. It may come late."));

    let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
    desk.asks_for_text();
    // Where the service tells, it is asked again, and says so.
    desk.is_sent(Ok(SentStage::Accepted), Some("SM1"));
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::TextChange(1))]));
    desk.is_sent(Ok(SentStage::Delivered), Some("SM1"));
    assert!(desk.sees("The text has arrived at the number ending 2 3."));
    // Or it could not be brought: the number was a landline after all.
    let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
    desk.asks_for_text();
    desk.is_sent(Ok(SentStage::Accepted), Some("SM1"));
    desk.is_sent(Err(TextTrouble::Gateway(GatewayError::Number)), None);
    assert!(desk.sees("the service says that texts cannot reach that number"));
}

/// C66: each reason in its own words, with a way round it, and nothing keeps the person from trying again.
#[test]
fn c66_a_text_that_did_not_go_says_why_and_what_else_there_is() {
    for (error, why) in [
        (GatewayError::Unreachable, "the service does not answer"),
        (GatewayError::Login, "does not know the clinic's account or password"),
        (GatewayError::Credit, "account with the service is empty"),
        (GatewayError::Busy, "the service is too busy"),
        (GatewayError::Refused { code: Some(39_999), said: "New rule".to_owned() }, "39999 New rule"),
    ] {
        let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
        desk.asks_for_text();
        desk.is_sent(Err(TextTrouble::Gateway(error)), None);
        assert!(desk.sees(why), "{why}");
        assert!(desk.sees("Use the app or a spare code"), "{why}");
        assert!(desk.query_by_label("Send me another text").is_some(), "it was not sent, so it does not wait: {why}");
        assert!(!desk.sees("It can take a minute"), "{why}");
        // Both ways round are there.
        assert!(desk.query_by_label("I don't have my phone").is_some());
        desk.get_by_label("Use the app instead").click();
        desk.run();
        assert!(desk.query_by_label("Code from your phone").is_some());
        assert_eq!(desk.state().fields.password.expose(), "harbour-lemon", "typed once");
    }
    // Nobody knows whether it went: that is what is said, and the next one waits.
    let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
    desk.asks_for_text();
    desk.is_sent(Err(TextTrouble::Gateway(GatewayError::NoAnswer)), None);
    assert!(desk.sees("The text may still arrive."));
    assert!(desk.sees("Another text in 0:30"));
}

/// C65: the button counts down and cannot be pressed meanwhile, neither by hand nor by the keyboard.
#[test]
fn c65_the_next_text_waits_and_says_how_long() {
    let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
    desk.asks_for_text();
    desk.is_sent(Ok(SentStage::Accepted), None);
    desk.state_mut().orders.clear();
    desk.get_by_label("Another text in 0:30").click();
    desk.step();
    assert!(desk.state().orders.is_empty());
    desk.passes(18);
    assert!(desk.sees("Another text in 0:12"));
    desk.passes(12);
    desk.get_by_label("Send me another text").click();
    desk.step();
    desk.step();
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::Text { .. })]));
    // A wait that the desk tells is counted down as well, and gone when it is over.
    desk.answers(Err(Failure::Text(TextTrouble::Wait(TextWait::Often(Duration::from_secs(65))))));
    assert!(desk.sees("Five texts were sent to you in ten minutes."));
    assert!(desk.sees("You can ask for another in 1:05."));
    desk.passes(64);
    assert!(desk.sees("You can ask for another in 0:01."));
    desk.passes(1);
    assert!(!desk.sees("Five texts were sent"));
    assert!(desk.query_by_label("Send me another text").is_some());
}

/// Nothing is asked for before there is a password; nor during a lock.
#[test]
fn without_a_password_and_during_a_lock_there_is_no_text() {
    let mut desk = texting(vec![number(), phone(PhoneKind::App)]);
    desk.get_by_label("Send me a text").click();
    desk.step();
    desk.step();
    assert!(desk.state().orders.is_empty());
    let mut desk = texting(vec![number()]);
    assert!(desk.sees("Type your password first. The text goes to the number ending 2 3."));
    assert!(desk.query_by_label("Use the app instead").is_none(), "she has none");
    desk.types("harbour-lemon");
    desk.get_by_label("Send me a text").click();
    desk.step();
    desk.step();
    let wait = Verdict::Wait { left: Duration::from_secs(600), reason: WaitReason::Codes };
    desk.answers(Err(Failure::Refused(wait)));
    assert!(desk.sees("10:00"));
    desk.get_by_label("Send me a text").click();
    desk.step();
    desk.step();
    assert!(desk.state().orders.is_empty());
}

/// C56: Enter on nothing, on one blank and on five is a hint and no attempt.
#[test]
fn c56_enter_on_an_empty_text_code_hints_and_counts_nothing() {
    let mut desk = texting(vec![number()]);
    desk.types("harbour-lemon");
    desk.get_by_label("Code from the text").focus();
    desk.run();
    for blanks in ["", " ", "     "] {
        desk.types(blanks);
        desk.holds_enter(1);
        assert!(desk.state().orders.is_empty(), "{blanks:?}");
        assert!(desk.sees("A code is six digits."), "{blanks:?}");
    }
    assert!(!desk.state().flow.is_busy());
}

/// By the keyboard alone: password, code, sign in, the text, the app, no phone; in reading order.
#[test]
fn the_keyboard_goes_through_it_in_reading_order() {
    let mut desk = texting(vec![number()]);
    desk.types("harbour-lemon");
    let mut order = Vec::new();
    for _ in 0..6 {
        desk.key_press(Key::Tab);
        desk.run();
        let focused = desk.query_all(egui_kittest::kittest::By::new()).find(egui_kittest::Node::is_focused);
        order.push(focused.and_then(|node| node.accesskit_node().label()).unwrap_or_default());
    }
    let expected = ["Show: Password", "Code from the text", "Sign in", "Send me a text", "I don't have my phone"];
    assert_eq!(&order[..5], expected, "{order:?}");
    desk.get_by_label("Send me a text").focus();
    desk.run();
    desk.key_press(Key::Space);
    desk.step();
    desk.step();
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::Text { .. })]));
}

#[test]
fn neither_password_nor_code_stays_in_the_fields_history() {
    let mut desk = texting(vec![number()]);
    desk.types("harbour-lemon");
    let kept = history(&mut desk, PasswordField::id("lock.password"));
    assert!(kept.is_empty(), "{kept:?}");
    desk.get_by_label("Code from the text").focus();
    desk.run();
    for digit in "38468".chars() {
        desk.event(Event::Text(digit.to_string()));
        desk.run();
    }
    assert_eq!(desk.state().fields.code.expose(), "38468");
    let kept = history(&mut desk, CodeField::id("lock.code"));
    assert!(kept.is_empty(), "{kept:?}");
}

/// On 1366x768 at 200 % the way to a text is in sight, however many people there are and whatever else they have.
#[test]
fn the_way_to_a_text_is_in_sight_on_the_smallest_screen() {
    for (phones, others) in [
        (vec![number(), phone(PhoneKind::App)], 0),
        (vec![number(), phone(PhoneKind::App)], 5),
        (vec![number()], 0),
        (vec![number()], 5),
    ] {
        let alone = phones.len() == 1;
        let mut desk = texting(phones);
        let state = desk.state_mut();
        state.flow.look.people.extend((0..others).map(|n| person(&format!("p{n}"), "Ben Jones")));
        desk.set_size(eframe::egui::vec2(683.0, 384.0));
        desk.run();
        let (send, no_phone) = ("Send me a text", "I don't have my phone");
        let (send, no_phone) = (desk.get_by_label(send).rect(), desk.get_by_label(no_phone).rect());
        assert!(send.top() > 0.0 && send.bottom() <= 384.0, "{others} others, a number alone: {alone}: {send}");
        assert!(send.right() + 8.0 <= no_phone.left() && no_phone.right() <= 683.0, "side by side: {send} {no_phone}");
        if alone {
            let where_to = desk.get_by_label_contains("Type your password first.").rect();
            assert!(where_to.bottom() <= send.top(), "what it is for is in sight, too: {where_to}");
        }
        desk.types("harbour-lemon");
        desk.get_by_label("Send me a text").click();
        desk.step();
        desk.step();
        assert!(matches!(desk.state().orders.as_slice(), [(_, Request::Text { .. })]), "{alone}");
        assert_eq!(desk.query_all_by_label("Send me a text").count(), 0, "not twice");
        // Its code is typed here, and the wait counts down where the button was.
        let resend = Duration::from_secs(30);
        desk.answers(Ok(Answer::Texting(TextNews { errand: 1, ending: "23".into(), number: String::new(), resend })));
        assert!(desk.sees("Code from the text") && desk.sees("Another text in 0:30"));
        // The support line is 34 points high, and 16 above it belong to nobody: there the page ends.
        let foot = 384.0 - 34.0 - 16.0;
        let in_sight = |desk: &Harness<'_, Desk>, words: &str| {
            let line = desk.get_by_label_contains(words).rect();
            assert!(line.top() > 0.0 && line.bottom() <= foot, "{others} others: {words} at {line}, above {foot}");
        };
        in_sight(&desk, "Sending");
        let sent = Sent { stage: SentStage::Accepted, reference: None };
        desk.answers(Ok(Answer::TextFate(Ok(sent), Transcript::new())));
        // It scrolls there, and does not jump.
        desk.run_steps(60);
        in_sight(&desk, "has taken the text");
        desk.passes(31);
        assert!(desk.get_by_label("Send me another text").rect().bottom() <= 384.0);
    }
}
