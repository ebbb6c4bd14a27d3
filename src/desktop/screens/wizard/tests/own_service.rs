//! A new clinic whose texts go through a service that is none of those known here.

use super::*;
use crate::domain::sms::{Auth, BodyKind, GatewayKind};

const SECRET: &str = "tractor-violin";

/// Filled in, refused beside the field, given whole, tried; then changed without typing the password again.
#[test]
fn the_first_page_about_texts_takes_a_service_of_ones_own() {
    let mut desk = at_gateway();
    desk.presses("Another service");
    desk.presses("With a form");
    desk.presses("With a login");
    desk.fills("Web address", "https://sms.example/send");
    desk.fills("Account name", "clinic");
    desk.fills("Password or key", SECRET);
    desk.fills("Header", "X-Clinic");
    desk.fills("Sender", "OakTree");
    desk.fills("Texts a month, at most", "50");
    assert!(desk.sees("Authorization: Basic hidden") && desk.sees("POST https://sms.example/send"));
    desk.presses("Next");
    assert_eq!(desk.query_all_by_label_contains("That header cannot be sent.").count(), 1, "said once");
    assert_eq!(desk.has_focus(), "Header");
    assert!(desk.state().orders.is_empty());
    desk.fills("Header", ": 1");
    desk.presses("Next");
    let orders = &desk.state().orders;
    let [(_, Request::SetGateway(settings, Some(secret)))] = orders.as_slice() else { panic!("{orders:?}") };
    let (sms, template) = (&settings.wanted().sms, &settings.wanted().sms.template);
    assert_eq!(
        (sms.gateway, sms.state, sms.url.as_str()),
        (GatewayKind::Http, SmsState::On, "https://sms.example/send")
    );
    assert_eq!((template.body, template.auth), (BodyKind::Form, Auth::Basic));
    assert_eq!(template.content, "to={to}&from={from}&text={text}");
    assert_eq!(template.header, "X-Clinic: 1");
    assert_eq!(secret.expose(), SECRET);
    desk.is_told(Ok(Answer::Done));
    assert!(desk.sees("Does it work?"));
    assert!(desk.state().fields.gateway.secret.is_empty(), "wiped once it is stored");

    desk.key(Key::Escape);
    assert!(desk.sees("A password is kept here."));
    desk.fills("Words in a good answer", "OK");
    desk.presses("Next");
    let orders = &desk.state().orders;
    let [(_, Request::SetGateway(settings, None))] = orders.as_slice() else { panic!("{orders:?}") };
    assert_eq!(settings.wanted().sms.template.accepted, "OK");
    desk.is_told(Ok(Answer::Done));

    // Elsewhere it would be somebody else's: it is asked for again, beside its field.
    desk.key(Key::Escape);
    desk.fills("Web address", "x");
    desk.presses("Next");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::SetGateway(_, None))]), "the same place");
    desk.is_told(Ok(Answer::Done));
    desk.key(Key::Escape);
    desk.query_all_by_label("Web address").last().unwrap().focus();
    desk.run_steps(2);
    desk.key_press_modifiers(Modifiers::COMMAND, Key::A);
    desk.run_steps(2);
    desk.types("https://another.example/send");
    desk.presses("Next");
    assert_eq!(desk.query_all_by_label_contains("The service's password is missing").count(), 1);
    assert_eq!(desk.has_focus(), "Password or key");
    assert!(desk.state().orders.is_empty());
}
