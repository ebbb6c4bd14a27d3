//! For managers: the clinic's settings. For everybody: one's own phones.

use super::*;
use crate::domain::state::Joins;
use crate::ports::{PhoneKind, PhoneLook};

fn accepted() -> Answer {
    Answer::Verdict(Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 8, new_password_due: false }, None)
}

fn settings_page() -> Harness<'static, Desk> {
    let mut desk = desk_of(Role::Manager, 8, false);
    desk.get_by_label_contains("Settings.").click();
    desk.run();
    is_told(&mut desk, Answer::Look(Some(everyone())));
    desk
}

/// Types over what stands in a field.
fn fills(desk: &mut Harness<'_, Desk>, label: &str, text: &str) {
    let field = desk.query_all_by_label(label).last().unwrap();
    field.focus();
    desk.run();
    desk.key_press_modifiers(Modifiers::COMMAND, Key::A);
    desk.run();
    types(desk, text);
}

fn saves(desk: &mut Harness<'_, Desk>) {
    desk.get_by_label("Save").click();
    desk.run();
}

#[test]
fn a_setting_is_saved_after_a_fresh_code() {
    let mut desk = settings_page();
    saves(&mut desk);
    assert!(matches!(desk.state().flow.step, Step::At(..)), "nothing was changed, so nothing is asked");
    fills(&mut desk, "Wrong codes before a lock", "7");
    fills(&mut desk, "Hours until password and code are asked for again", "9");
    saves(&mut desk);
    types(&mut desk, "384688");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::FreshCode(_))]));
    is_told(&mut desk, accepted());
    let [(_, Request::Manage(crate::effects::Managed::Settings(settings)))] = desk.state().orders.as_slice() else {
        panic!("settings: {:?}", desk.state().orders)
    };
    assert_eq!(*settings.wanted(), Settings { wrong_codes: 7, full_sign_in_hours: 9, ..Settings::default() });
    is_told(&mut desk, Answer::Done);
    assert!(sees(&desk, "The settings are saved."));
}

#[test]
fn a_value_out_of_its_range_is_refused_in_words() {
    for (label, typed, words) in [
        ("Wrong codes before a lock", "4", "Type a number from 5 to 10."),
        ("Wrong codes before a lock", "many", "Type a number from 5 to 10."),
        ("Shortest password", "65", "Type a number from 8 to 64."),
        ("Minutes without anybody at the computer before it locks", "0", "Type a number from 1 to 60."),
        ("Hours until password and code are asked for again", "25", "Type a number from 1 to 24."),
        ("Hours until password and code are asked for again", "0", "Type a number from 1 to 24."),
        ("Your practice program", " ", "Type its name."),
        ("The clinic's own time server", "a b", "A name like time.example.org, with or without a colon and a port."),
    ] {
        let mut desk = settings_page();
        assert!(!sees(&desk, words), "{label}");
        fills(&mut desk, label, typed);
        saves(&mut desk);
        assert!(matches!(desk.state().flow.step, Step::At(..)) && desk.state().orders.is_empty(), "{label} {typed}");
        assert!(sees(&desk, words), "{label} {typed}");
    }
}

fn phone(id: &str, label: &str) -> PhoneLook {
    PhoneLook { id: id.to_owned(), label: label.to_owned(), linked_unix: 1_772_442_000, kind: PhoneKind::App }
}

/// One's own phones, as they are.
fn phones_page(phones: Vec<PhoneLook>) -> Harness<'static, Desk> {
    let mut desk = desk(8, false);
    desk.get_by_label_contains("My phones").click();
    desk.run();
    is_told(&mut desk, Answer::Look(Some(with(phones))));
    desk
}

fn with(phones: Vec<PhoneLook>) -> Look {
    let mut look = everyone();
    look.people[1].phones = phones;
    look
}

#[test]
fn a_second_phone_is_named_and_linked_after_a_fresh_code() {
    let mut desk = phones_page(vec![phone("f1", "")]);
    assert!(!sees(&desk, "Unlink"), "the only one stays");
    desk.get_by_label("Link another phone").click();
    desk.run();
    desk.get_by_label("Next").click();
    desk.run();
    assert!(matches!(desk.state().flow.step, Step::At(..)), "without a name it goes no further");
    fills(&mut desk, "Name of the phone", "Work phone");
    desk.get_by_label("Next").click();
    desk.run();
    assert!(sees(&desk, "nobody else can link Work phone in your name"));
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    let [(_, Request::BeginPhone { label, joins: Joins::Beside })] = desk.state().orders.as_slice() else {
        panic!("beside the other: {:?}", desk.state().orders)
    };
    assert_eq!(label, "Work phone");
    desk.state_mut().flow.step = Step::At(Page::Phones, Some(Change::SecondPhone(String::new())));
    desk.state_mut().flow.look = Some(with(vec![phone("f1", ""), phone("f2", "Work phone")]));
    desk.run();
    assert!(sees(&desk, "The phone is linked too.") && sees(&desk, "Unlink Work phone"));
}

#[test]
fn one_of_two_phones_is_unlinked_after_a_question_and_a_fresh_code() {
    let mut desk = phones_page(vec![phone("f1", ""), phone("f2", "Work phone")]);
    desk.get_by_label("Unlink Work phone").click();
    desk.run();
    assert!(sees(&desk, "Unlink Work phone?"));
    desk.key_press(Key::Escape);
    desk.run();
    assert!(!sees(&desk, "Unlink Work phone?"), "Esc changes nothing");
    desk.get_by_label("Unlink Work phone").click();
    desk.run();
    desk.get_by_label("Unlink it").click();
    desk.run();
    types(&mut desk, "384688");
    is_told(&mut desk, accepted());
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::RemovePhone(id))] if id == "f2"));
    is_told(&mut desk, Answer::Done);
    assert!(sees(&desk, "The phone is unlinked."));
}
