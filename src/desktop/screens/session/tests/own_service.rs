//! For managers: a service that is none of those known here, filled in field by field.

use egui_kittest::kittest::NodeT as _;

use super::texts::{accepted, is_sent, page};
use super::*;
use crate::desktop::widgets::PasswordField;
use crate::domain::sms::{Auth, BodyKind, GatewayKind, Letters, Method, SmsSettings, SmsState, Template};
use crate::ports::SentStage;

const URL: &str = "Web address";
const CONTENT: &str = "What is sent";
const SECRET: &str = "tractor-violin";

/// A service that is on and works.
fn own(state: SmsState) -> SmsSettings {
    SmsSettings {
        state,
        gateway: GatewayKind::Http,
        url: "https://sms.example/v1/send".to_owned(),
        account: "clinic".to_owned(),
        sender: "OakTree".to_owned(),
        per_month: 50,
        template: Template {
            body: BodyKind::Json,
            content: r#"{"to": "{to}", "text": "{text}"}"#.to_owned(),
            header: "X-Api-Key: {secret}\nX-Clinic: {account}".to_owned(),
            accepted: "\"status\":\"ok\"".to_owned(),
            ..Template::default()
        },
        ..SmsSettings::default()
    }
}

/// As when somebody marks what stands there and pastes over it.
fn puts(desk: &mut Harness<'_, Desk>, label: &str, text: &str) {
    // The label and its field have one name: the field is the one that can be typed into.
    desk.query_all_by_label(label).last().unwrap().focus();
    desk.run();
    desk.key_press_modifiers(Modifiers::COMMAND, Key::A);
    desk.run();
    desk.key_press(Key::Backspace);
    desk.run();
    if !text.is_empty() {
        desk.event(Event::Paste(text.to_owned()));
    }
    desk.run();
}

/// As a screen reader presses it: it may be scrolled away.
fn presses(desk: &mut Harness<'_, Desk>, label: &str) {
    let exact = desk.query_by_label(label);
    exact.unwrap_or_else(|| desk.query_all_by_label_contains(label).next().unwrap()).click_accesskit();
    desk.run();
}

fn value(desk: &Harness<'_, Desk>, label: &str) -> String {
    desk.query_all_by_label(label).last().unwrap().accesskit_node().value().unwrap_or_default()
}

fn has_focus(desk: &Harness<'_, Desk>) -> String {
    let focused = desk.query_all(egui_kittest::kittest::By::new()).find(egui_kittest::Node::is_focused);
    focused.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
}

/// What was ordered once the fresh code was typed.
fn ordered(desk: &mut Harness<'_, Desk>, button: &str) -> (SmsSettings, Option<String>) {
    presses(desk, button);
    types(desk, "384688");
    is_told(desk, accepted());
    let (_, request) = desk.state_mut().orders.pop().unwrap();
    let Request::SetGateway(settings, secret) = request else { panic!("{request:?}") };
    (settings.wanted().sms.clone(), secret.map(|secret| secret.expose().to_owned()))
}

/// Whether those letters stand anywhere in the window, also where only a screen reader finds them.
fn stands_somewhere(desk: &Harness<'_, Desk>, letters: &str) -> bool {
    desk.query_all(egui_kittest::kittest::By::new()).any(|node| {
        let node = node.accesskit_node();
        [node.label(), node.value()].into_iter().flatten().any(|text| text.contains(letters))
    })
}

#[test]
fn every_field_is_filled_in_and_saved_as_it_was_typed() {
    let mut desk = page(SmsSettings::default());
    presses(&mut desk, "Another service");
    presses(&mut desk, "With JSON");
    assert!(value(&desk, CONTENT).contains("{text}"), "an example to begin with");
    puts(&mut desk, URL, " https://sms.example/v1/\nsend ");
    puts(&mut desk, CONTENT, "{\"to\": \"{to}\",\n  \"body\": \"{text}\"}");
    presses(&mut desk, "PUT");
    presses(&mut desk, "With a key");
    puts(&mut desk, "Account name", "clinic");
    puts(&mut desk, "Password or key", SECRET);
    assert!(!sees(&desk, "Header 2"), "not before there is a first");
    puts(&mut desk, "Header", "X-Clinic: {account}");
    puts(&mut desk, "Header 2", "Accept: application/json");
    puts(&mut desk, "Header 3", "X-Site: 3");
    puts(&mut desk, "Words in a good answer", "\"status\":\"ok\"");
    puts(&mut desk, "Words when a text has to wait", "\"status\":\"held\"");
    puts(&mut desk, "Sender", "OakTree");
    puts(&mut desk, "Texts a month, at most", "50");
    puts(&mut desk, "Texts a day, at most", "40");
    puts(&mut desk, "Countries", "gb, IE");
    presses(&mut desk, "Send them as they are");
    puts(&mut desk, "Proxy", "http://proxy:3128");
    puts(&mut desk, "Give up after", "20");
    let (sms, secret) = ordered(&mut desk, "Turn texts on");
    assert_eq!(
        sms,
        SmsSettings {
            state: SmsState::On,
            gateway: GatewayKind::Http,
            url: "https://sms.example/v1/send".to_owned(),
            account: "clinic".to_owned(),
            sender: "OakTree".to_owned(),
            proxy: "http://proxy:3128".to_owned(),
            per_month: 50,
            per_day: 40,
            countries: vec!["GB".to_owned(), "IE".to_owned()],
            letters: Letters::Unicode,
            timeout_secs: 20,
            template: Template {
                body: BodyKind::Json,
                method: Method::Put,
                content: r#"{"to": "{to}","body": "{text}"}"#.to_owned(),
                header: "X-Clinic: {account}\nAccept: application/json\nX-Site: 3".to_owned(),
                auth: Auth::Bearer,
                accepted: "\"status\":\"ok\"".to_owned(),
                queued: "\"status\":\"held\"".to_owned(),
            },
            ..SmsSettings::default()
        }
    );
    assert_eq!(secret.as_deref(), Some(SECRET));
}

/// What the service is sent stands below, but for the password; that stands nowhere at all.
#[test]
fn the_request_is_shown_and_the_password_nowhere() {
    let mut desk = page(SmsSettings::default());
    presses(&mut desk, "Another service");
    puts(&mut desk, "Password or key", SECRET);
    puts(&mut desk, "Sender", "OakTree");
    assert!(!sees(&desk, "This is what the service is sent"), "nothing yet");
    puts(&mut desk, URL, "https://sms.example/?to={to}&from={from}&p={secret}&text={text}");
    let get = "GET https://sms.example/?to=%2B447700900123&from=OakTree&p=hidden&text=123456%20is%20your%20code";
    assert!(sees(&desk, get));
    presses(&mut desk, "With a login");
    assert!(sees(&desk, "Authorization: Basic hidden"));
    presses(&mut desk, "With a form");
    assert!(sees(&desk, "POST https://sms.example/?to=") && sees(&desk, "Content-Type: application/x-www-form"));
    assert!(sees(&desk, "to=%2B447700900123&from=OakTree&text=123456%20is%20your%20code"), "the example of a form");
    assert!(!stands_somewhere(&desk, SECRET));
    let undone = eframe::egui::TextEdit::load_state(&desk.ctx, PasswordField::id("gateway.password"));
    let now = (eframe::egui::text::CCursorRange::default(), String::new());
    assert!(undone.is_some_and(|state| !state.undoer().has_undo(&now)), "no history of the password");
}

/// Choosing another kind brings its example, and throws away nothing that somebody wrote.
#[test]
fn an_example_gives_way_and_what_was_written_does_not() {
    let mut desk = page(SmsSettings::default());
    presses(&mut desk, "Another service");
    assert!(desk.query_by_label(CONTENT).is_none(), "everything is in the address");
    presses(&mut desk, "With a form");
    assert_eq!(value(&desk, CONTENT), "to={to}&from={from}&text={text}");
    presses(&mut desk, "With JSON");
    assert!(value(&desk, CONTENT).starts_with('{'));
    puts(&mut desk, CONTENT, "mine={text}");
    presses(&mut desk, "With a form");
    assert_eq!(value(&desk, CONTENT), "mine={text}");
}

/// Each field is refused in two sentences, which stand beside it, and it has the keyboard. Nothing is asked or stored.
#[test]
fn what_cannot_work_is_said_beside_its_field() {
    let hint = "Only to, digits, text,";
    for (field, text, what, todo) in [
        (URL, "", "The service's web address is missing.", "Copy the address from"),
        (URL, "sms.example", "The service's web address cannot be read.", "It begins with https://"),
        (URL, "http://sms.example/", "others could read the codes on their way.", "Use an address that begins"),
        (URL, "https://sms.example/?password=hunter2", "There is a password in the description", "in its place"),
        (URL, "https://sms.example/{message}", "a name in curly brackets", hint),
        (CONTENT, r#"{"to": "{to}", "text": "{txt}"}"#, "a name in curly brackets", hint),
        (CONTENT, r#"{"to": "{to}"}"#, "The service would not be sent the text", "Write {text} where the text goes"),
        (CONTENT, r#"{"text": "{text}"}"#, "or not the number.", "{to} or {digits} where the number goes"),
        (CONTENT, r#"{"to": "{to}", "text": {text}}"#, "What is sent is not JSON.", "quotation marks around {text}"),
        (CONTENT, r#"{"key": "abc", "to": "{to}", "text": "{text}"}"#, "There is a password", "Write {secret}"),
        ("Header", "X-Api-Key", "That header cannot be sent.", "Write a name, a colon and a value"),
        ("Header", "X-Api-Key: abc", "There is a password in the description", "Write {secret}"),
        ("Account name", "", "The service's account name is missing.", "Copy the account name"),
        ("Sender", "TwelveLetters", "Networks do not take that sender.", "at most 11 plain letters"),
        ("Texts a month, at most", "many", "There is no limit on what texts may cost.", "Set how many texts"),
        ("Texts a day, at most", "lots", "That is no limit for a day.", "from 1 to 10,000"),
        ("Countries", "GB, XX", "That is not a country we know.", "Use GB, IE"),
        ("Give up after", "90", "We cannot wait that long", "Choose 3 to 30 seconds."),
        ("Proxy", "proxy:3128", "The proxy's address cannot be read.", "It looks like http://proxy:3128."),
    ] {
        let mut desk = page(own(SmsState::On));
        puts(&mut desk, field, text);
        // The page is somewhere else by the time it is saved.
        desk.query_all_by_label("Mobile number").last().unwrap().focus();
        desk.run();
        presses(&mut desk, "Save");
        let said: Vec<_> = desk.query_all_by_label_contains(what).collect();
        let [said] = said.as_slice() else { panic!("{field} {text}: said {} times", said.len()) };
        assert!(said.accesskit_node().value().is_some_and(|words| words.contains(todo)), "{field} {text}: {said:?}");
        assert_eq!(has_focus(&desk), field, "{text}");
        let (line, below) = (said.rect(), desk.query_all_by_label(field).last().unwrap().rect());
        assert!(line.top() >= below.bottom() - 1.0 && line.top() < below.bottom() + 40.0, "{field}: {line} {below}");
        let foot = desk.get_by_label("Save").rect().top();
        assert!(line.bottom() < foot - 8.0, "{field}: out of sight at {line}, above {foot}");
        assert!(desk.state().orders.is_empty(), "{field} {text}");
        assert!(!sees(&desk, "type a fresh code"), "{field} {text}");
    }
}

/// An empty field keeps the password, for this address and no other, and where none is needed none is asked for.
#[test]
fn it_is_changed_without_the_password_unless_it_would_go_elsewhere() {
    let mut desk = page(own(SmsState::On));
    assert!(sees(&desk, "A password is kept here."));
    puts(&mut desk, "Words in a good answer", "\"result\":0");
    puts(&mut desk, "Header 2", "");
    let (sms, secret) = ordered(&mut desk, "Save");
    assert_eq!((sms.template.accepted.as_str(), secret), ("\"result\":0", None));
    assert_eq!(sms.template.header, "X-Api-Key: {secret}");

    let mut desk = page(own(SmsState::On));
    puts(&mut desk, URL, "https://another.example/v1/send");
    presses(&mut desk, "Save");
    assert!(sees(&desk, "The service's password is missing, or was given for another address."));
    assert_eq!(has_focus(&desk), "Password or key");
    assert!(desk.state().orders.is_empty());
    puts(&mut desk, "Password or key", SECRET);
    let (sms, secret) = ordered(&mut desk, "Save");
    assert_eq!((sms.url.as_str(), secret.as_deref()), ("https://another.example/v1/send", Some(SECRET)));

    let mut desk = page(own(SmsState::On));
    puts(&mut desk, URL, "https://open.example/v1/send");
    puts(&mut desk, "Header", "");
    puts(&mut desk, "Header 2", "");
    let (sms, secret) = ordered(&mut desk, "Save");
    assert_eq!((sms.url.as_str(), secret), ("https://open.example/v1/send", None));
}

#[test]
fn a_test_text_shows_what_both_sides_said() {
    let mut desk = page(own(SmsState::Off));
    puts(&mut desk, "Mobile number", "07700 900123");
    presses(&mut desk, "Send a test text");
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::TestText(number))] if number == "07700 900123"));
    is_sent(&mut desk, Ok(SentStage::Accepted), &["POST https://sms.example/v1/send", "200", "{\"status\":\"ok\"}"]);
    assert!(sees(&desk, "has taken the text to the number ending 2 3"));
    assert!(sees(&desk, "POST https://sms.example/v1/send") && sees(&desk, "{\"status\":\"ok\"}"));
}

/// A known service that was set to another place than its usual one by command stays there; another one does not go there.
#[test]
fn a_place_that_was_set_by_command_stays() {
    let twilio = SmsSettings {
        gateway: GatewayKind::Twilio,
        url: "https://api.dublin.ie1.twilio.com".to_owned(),
        ..own(SmsState::On)
    };
    let mut desk = page(twilio.clone());
    puts(&mut desk, "Texts a month, at most", "60");
    let (sms, _) = ordered(&mut desk, "Save");
    assert_eq!(sms, SmsSettings { per_month: 60, ..twilio.clone() });
    let mut desk = page(twilio);
    presses(&mut desk, "FireText");
    puts(&mut desk, "API key", SECRET);
    assert_eq!(ordered(&mut desk, "Save").0.url, "");
}

#[test]
fn enter_goes_on_from_a_field_of_several_rows_as_from_any() {
    let mut desk = page(own(SmsState::On));
    puts(&mut desk, CONTENT, r#"{"to": "{to}"}"#);
    desk.key_press(Key::Enter);
    desk.run();
    assert!(sees(&desk, "The service would not be sent the text"));
    assert_eq!(value(&desk, CONTENT), r#"{"to": "{to}"}"#, "and begins no line");
}

/// What was refused about one service is not said of another, until that one is refused.
#[test]
fn a_refusal_goes_with_the_service_that_it_was_about() {
    let mut desk = page(own(SmsState::On));
    puts(&mut desk, CONTENT, "to={to}&text={text}");
    presses(&mut desk, "Save");
    assert!(sees(&desk, "What is sent is not JSON."));
    presses(&mut desk, "FireText");
    assert!(!sees(&desk, "What is sent is not JSON."));
    presses(&mut desk, "Save");
    assert!(sees(&desk, "The service's password is missing"));
    presses(&mut desk, "Vonage");
    assert!(!sees(&desk, "The service's password is missing"));
    presses(&mut desk, "Save");
    assert!(sees(&desk, "The service's password is missing"), "it is as true of this one");
}

/// The notice of the change before does not take the eye away from the field that is refused now.
#[test]
fn after_a_change_a_refusal_still_comes_into_sight() {
    let mut desk = page(own(SmsState::On));
    puts(&mut desk, "Give up after", "20");
    presses(&mut desk, "Save");
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    is_told(&mut desk, Answer::Done);
    assert!(sees(&desk, "The clinic's texts are changed."));
    puts(&mut desk, "Give up after", "90");
    desk.query_all_by_label("Mobile number").last().unwrap().focus();
    desk.run();
    presses(&mut desk, "Save");
    assert_eq!(has_focus(&desk), "Give up after");
    assert!(desk.get_by_label_contains("We cannot wait that long").rect().bottom() < 640.0);
}

/// Enter in a field at the lower edge: the keyboard stays, and what is said below the field comes into sight.
#[test]
fn what_is_said_below_the_field_that_has_the_keyboard_comes_into_sight() {
    let mut desk = page(own(SmsState::On));
    puts(&mut desk, "Texts a month, at most", "none");
    desk.key_press(Key::Enter);
    desk.run();
    assert_eq!(has_focus(&desk), "Texts a month, at most");
    let foot = desk.get_by_label("Save").rect().top();
    let line = desk.get_by_label_contains("There is no limit on what texts may cost.").rect();
    assert!(line.bottom() < foot - 8.0, "{line} above {foot}");
}
