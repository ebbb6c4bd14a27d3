//! For managers: the clinic's texts. One's own number among the phones.

use std::time::Duration;

use eframe::egui::{Id, TextEdit};
use egui_kittest::kittest::NodeT as _;

use super::*;
use crate::desktop::widgets::PasswordField;
use crate::domain::sms::{GatewayKind, SmsSettings, SmsState};
use crate::effects::{TextNews, TextTrouble};
use crate::ports::{GatewayError, PasswordKept, PhoneKind, PhoneLook, Sent, SentStage, TextsLook};

const SECRET: &str = "gateway.password";

fn firetext(state: SmsState) -> SmsSettings {
    SmsSettings {
        state,
        gateway: GatewayKind::FireText,
        sender: "OakTree".to_owned(),
        per_month: 50,
        ..SmsSettings::default()
    }
}

/// The page about texts, in a clinic with these choices.
pub(super) fn page(sms: SmsSettings) -> Harness<'static, Desk> {
    let mut desk = desk_of(Role::Manager, 8, false);
    let kept = if sms.gateway == GatewayKind::None { PasswordKept::No } else { PasswordKept::Yes };
    let settings = Settings { sms, ..Settings::default() };
    let texts = TextsLook { password: kept, this_month: 7 };
    let state = desk.state_mut();
    state.flow.look = Some(Look { settings, texts, ..everyone() });
    state.flow.step = Step::At(Page::Texts, None);
    desk.run();
    desk
}

pub(super) fn accepted() -> Answer {
    Answer::Verdict(Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 8, new_password_due: false }, None)
}

fn into(desk: &mut Harness<'_, Desk>, label: &str, text: &str) {
    // The label and its field have one name: the field is the one that can be typed into.
    let field = desk.query_all_by_label(label).last().unwrap();
    field.focus();
    desk.run();
    types(desk, text);
}

/// A text was asked for; the next answers.
pub(super) fn is_sent(desk: &mut Harness<'_, Desk>, outcome: Result<SentStage, TextTrouble>, transcript: &[&str]) {
    let news = TextNews { errand: 1, ending: "23".into(), number: String::new(), resend: Duration::from_secs(30) };
    answers(desk, Answer::Texting(news));
    let sent = outcome.map(|stage| Sent { stage, reference: None });
    answers(desk, Answer::TextFate(sent, transcript.iter().map(|line| (*line).to_owned()).collect()));
}

/// As `is_told`, where something on the page counts down and never stands still.
fn answers(desk: &mut Harness<'_, Desk>, answer: Answer) {
    let (ticket, _) = desk.state_mut().orders.pop().unwrap();
    let state = desk.state_mut();
    let orders = state.flow.answer((ticket, Ok(answer)), &state.clock.now(), &mut state.tickets);
    state.orders.extend(orders);
    desk.run_steps(3);
}

/// What egui could give back of a field by Ctrl+Z.
fn can_be_undone(desk: &mut Harness<'_, Desk>, id: Id) -> bool {
    // It keeps what has stood still for a second.
    desk.run_steps(10);
    let current = (eframe::egui::text::CCursorRange::default(), String::new());
    TextEdit::load_state(&desk.ctx, id).is_some_and(|state| state.undoer().has_undo(&current))
}

#[test]
fn texts_are_off_until_a_service_and_a_limit_are_given_and_the_reasons_against_stand_first() {
    let mut desk = page(SmsSettings::default());
    assert!(sees(&desk, "A thief can have your number moved to another SIM card"));
    assert!(sees(&desk, "The app takes two minutes"));
    assert!(!sees(&desk, "texts used this month") && !sees(&desk, "Try it"), "nothing to try yet");
    desk.get_by_label("Turn texts on").click();
    desk.run();
    assert!(sees(&desk, "No service that sends texts is chosen."));
    desk.get_by_label("FireText").click();
    desk.run();
    assert!(sees(&desk, "It cannot tell us whether the text has arrived."));
    into(&mut desk, "Sender", "OakTree");
    desk.get_by_label("Turn texts on").click();
    desk.run();
    assert!(sees(&desk, "There is no limit on what texts may cost."));
    into(&mut desk, "Texts a month, at most", "50");
    desk.get_by_label("Turn texts on").click();
    desk.run();
    assert!(sees(&desk, "The service's password is missing"));
    assert!(desk.state().orders.is_empty());
    into(&mut desk, "API key", "tractor-violin");
    assert!(!can_be_undone(&mut desk, PasswordField::id(SECRET)), "no history of the password");
    desk.get_by_label("Turn texts on").click();
    desk.run();
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    let orders = &desk.state().orders;
    let [(_, Request::SetGateway(settings, Some(secret)))] = orders.as_slice() else { panic!("{orders:?}") };
    assert_eq!((settings.wanted().sms.state, settings.wanted().sms.per_month), (SmsState::On, 50));
    assert_eq!(secret.expose(), "tractor-violin");
}

#[test]
fn each_service_asks_for_what_it_needs_in_its_own_words() {
    let mut desk = page(SmsSettings::default());
    for (service, asks, not) in [
        ("Twilio", &["Account SID", "Auth Token, or the secret of an API key", "SID of an API key"][..], "Web address"),
        ("Vonage", &["API key", "API secret"], "Account SID"),
        ("FireText", &["API key"], "API secret"),
        ("Kannel", &["Web address", "Account name", "Password"], "API key"),
    ] {
        desk.get_by_label(service).click();
        desk.run();
        for words in asks {
            assert!(sees(&desk, words), "{service}: {words}");
        }
        assert!(!sees(&desk, not), "{service}: {not}");
        let tells = if service == "Twilio" { "tells us when a text has arrived" } else { "It cannot tell us whether" };
        assert!(sees(&desk, &format!("{service} ")) && sees(&desk, tells), "{service}");
    }
}

/// The number survives the fresh code; the answer speaks to whoever can mend it, and never of a code.
#[test]
fn a_test_text_says_what_came_of_it() {
    let mut desk = page(firetext(SmsState::On));
    assert!(sees(&desk, "7 of 50 texts used this month."));
    into(&mut desk, "Mobile number", "07700 900123");
    desk.get_by_label("Send a test text").click();
    desk.run();
    assert!(sees(&desk, "Before a test text, type a fresh code."));
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::TestText(number))] if number == "07700 900123"));
    is_sent(&mut desk, Err(TextTrouble::Gateway(GatewayError::Login)), &["POST https://sms.example", "401"]);
    assert!(sees(&desk, "does not know the clinic's account or password"));
    assert!(sees(&desk, "Copy the account and the password from the service's own pages once more."));
    assert!(!sees(&desk, "Tell a manager") && !sees(&desk, "spare code"), "she is the manager, and not signing in");
    assert!(sees(&desk, "POST https://sms.example") && sees(&desk, "401"), "what was said");
    assert!(matches!(desk.state().orders.last(), Some((_, Request::Look))), "the month is counted again");

    // Once more, without typing the number again.
    desk.state_mut().orders.clear();
    desk.get_by_label("Send another test text").click();
    desk.run();
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    is_sent(&mut desk, Ok(SentStage::Accepted), &["POST https://sms.example", "200"]);
    assert!(sees(&desk, "has taken the text to the number ending 2 3"));
    assert!(!sees(&desk, "401"), "only what was said last");
}

/// A manager who signs in by text gets a fresh code by text, too. What came of that text is not what came of a test.
#[test]
fn the_text_with_the_fresh_code_is_not_shown_as_a_test() {
    let mut desk = page(firetext(SmsState::On));
    let state = desk.state_mut();
    (state.flow.signed_in.by, state.flow.signed_in.number_ending) = (FactorUsed::Sms, Some("23".to_owned()));
    desk.get_by_label("Turn texts off").click();
    desk.run();
    desk.get_by_label("Send me a text").click();
    desk.run_steps(3);
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::TextForChange)]));
    is_sent(&mut desk, Ok(SentStage::Accepted), &["POST https://sms.example"]);
    assert!(sees(&desk, "has taken the text to the number ending 2 3"));
    assert!(!sees(&desk, "POST https://sms.example"), "that is for whoever tries the service");
    desk.get_by_label("Code from the text").focus();
    for digit in "004213".chars() {
        desk.event(Event::Text(digit.to_string()));
        desk.run_steps(2);
    }
    answers(&mut desk, accepted());
    answers(&mut desk, Answer::Done);
    assert!(sees(&desk, "The clinic's texts are changed."));
    desk.state_mut().flow.look.as_mut().unwrap().settings.sms = firetext(SmsState::Off);
    desk.run_steps(3);
    assert!(sees(&desk, "Try it") && !sees(&desk, "has taken the text") && !sees(&desk, "POST https://sms.example"));
}

#[test]
fn texts_are_turned_off_without_asking_for_the_password_again() {
    let mut desk = page(firetext(SmsState::On));
    assert!(sees(&desk, "A password is kept here."));
    desk.get_by_label("Turn texts off").click();
    desk.run();
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    let orders = &desk.state().orders;
    let [(_, Request::SetGateway(settings, None))] = orders.as_slice() else { panic!("{orders:?}") };
    assert_eq!((settings.wanted().sms.state, settings.wanted().sms.gateway), (SmsState::Off, GatewayKind::FireText));
}

/// The page of one's own phones, where the clinic sends texts.
fn phones(ending: Option<&str>) -> Harness<'static, Desk> {
    let mut desk = desk_of(Role::Staff, 8, false);
    let mut look = everyone();
    look.settings.sms = firetext(SmsState::On);
    look.people[1].phones = ending
        .map(|ending: &str| PhoneLook {
            id: "f1".to_owned(),
            label: String::new(),
            kind: PhoneKind::Texts { ending: ending.to_owned() },
            linked_unix: 0,
        })
        .into_iter()
        .collect();
    let state = desk.state_mut();
    state.flow.look = Some(look);
    state.flow.step = Step::At(Page::Phones, None);
    desk.run();
    desk
}

#[test]
fn ones_own_number_stands_among_the_phones_and_can_be_changed() {
    for (ending, button) in [(None, "Get codes by text"), (Some("23"), "Change the number for texts")] {
        let mut desk = phones(ending);
        assert_eq!(sees(&desk, "Texts to the number ending 2 3"), ending.is_some());
        desk.get_by_label(button).click();
        desk.run();
        assert!(sees(&desk, "Before linking a number, type a fresh code."));
        types(&mut desk, "384688");
        is_told(&mut desk, accepted());
        assert!(sees(&desk, "What is your mobile number?"));
        assert!(!sees(&desk, "Step 4 of 7"), "two pages are no seven steps");
        assert!(desk.query_by_label("Use the app instead").is_none(), "that is on the page of phones");
    }
    // Where the clinic sends none, there is no such button.
    let mut desk = desk_of(Role::Staff, 8, false);
    let state = desk.state_mut();
    state.flow.look = Some(everyone());
    state.flow.step = Step::At(Page::Phones, None);
    desk.run();
    assert!(desk.query_by_label("Get codes by text").is_none());
}

/// Whoever changes a number, or begins once more, types a number: the one of before stands nowhere.
#[test]
fn a_number_that_was_typed_before_is_gone() {
    let mut desk = phones(Some("23"));
    for _ in 0..2 {
        desk.get_by_label("Change the number for texts").click();
        desk.run();
        types(&mut desk, "384688");
        is_told(&mut desk, accepted());
        assert!(sees(&desk, "What is your mobile number?"));
        let field = desk.query_all_by_label("Mobile number").last().unwrap().accesskit_node();
        assert_eq!(field.value().unwrap_or_default(), "");
        types(&mut desk, "07700 900123");
        desk.key_press(Key::Escape);
        desk.run();
        desk.state_mut().flow.step = Step::At(Page::Phones, None);
        desk.run();
    }
}
