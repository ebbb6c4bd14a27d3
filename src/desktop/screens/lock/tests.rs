//! The lock screen as a person meets it: keys in, orders out.

mod finding;
mod texts;

use std::time::Duration;

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::adapters::clock::TestClock;
use crate::desktop::services::Services;
use crate::desktop::theme;
use crate::domain::state::{ClinicStage, PersonStage, Role, Settings};
use crate::domain::verify::{Consequence, Verdict, WaitReason};
use crate::explain::Names;
use crate::flows::{Answer, Order, Request, Tickets};
use crate::ports::{Begins, Clock as _, Look, PersonLook};

struct Desk {
    flow: SignIn,
    fields: Fields,
    clock: TestClock,
    tickets: Tickets,
    orders: Vec<Order>,
    names: Names,
    services: Services,
    caps_lock: bool,
    dressed: bool,
    /// What is not the sign-in's.
    asked: Option<Reply>,
}

fn person(id: &str, name: &str) -> PersonLook {
    PersonLook {
        id: id.to_owned(),
        name: name.to_owned(),
        role: Role::Staff,
        stage: Some(PersonStage::Active),
        phones: Vec::new(),
        begins: Begins::Done,
        recovery_left: 8,
        wait: None,
        manager_needed: false,
        day_pass: false,
        signed_in_unix: None,
    }
}

fn desk(people: Vec<PersonLook>) -> Harness<'static, Desk> {
    let clock = TestClock::at(1_772_442_000);
    let look = Look {
        clinic_id: "c".to_owned(),
        keychain_id: "k".to_owned(),
        stage: ClinicStage::Active,
        name: "Oak Tree Surgery".to_owned(),
        created_unix: 0,
        settings: Settings::default(),
        texts: crate::ports::TextsLook { password: crate::ports::PasswordKept::No, this_month: 0 },
        database_key: crate::ports::KeyKept::No,
        epoch: 1,
        people,
    };
    let state = Desk {
        flow: SignIn::new(look, None, None, &clock.now()),
        fields: Fields::default(),
        clock,
        tickets: Tickets::default(),
        orders: Vec::new(),
        names: Names { office: "ClinicOffice".to_owned(), person: "Maria Santos".to_owned() },
        services: Services::default(),
        caps_lock: false,
        dressed: false,
        asked: None,
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
            support: "01632 960123",
            caps_lock: desk.caps_lock,
            services: &mut desk.services,
        };
        match super::ui(ui, &desk.flow, &mut desk.fields, &mut screen) {
            Some(Reply::Act(act)) => desk.orders.extend(desk.flow.act(act, &now, &mut desk.tickets)),
            Some(other) => desk.asked = Some(other),
            None => {}
        }
    };
    let mut harness = Harness::builder().with_size((1100.0, 720.0)).build_ui_state(show, state);
    harness.run();
    harness
}

fn one() -> Harness<'static, Desk> {
    desk(vec![person("msantos", "Maria Santos")])
}

trait Hands {
    fn types(&mut self, text: &str);
    fn holds_enter(&mut self, frames: usize);
    fn is_told(&mut self, verdict: Verdict);
    fn sees(&self, words: &str) -> bool;
}

impl Hands for Harness<'_, Desk> {
    fn types(&mut self, text: &str) {
        for letter in text.chars() {
            self.event(Event::Text(letter.to_string()));
            self.run();
        }
    }

    fn holds_enter(&mut self, frames: usize) {
        for frame in 0..frames {
            self.event(Event::Key {
                key: Key::Enter,
                physical_key: None,
                pressed: true,
                repeat: frame > 0,
                modifiers: Modifiers::NONE,
            });
            self.step();
        }
        self.event(Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed: false,
            repeat: false,
            modifiers: Modifiers::NONE,
        });
        self.run();
    }

    fn is_told(&mut self, verdict: Verdict) {
        let now = self.state().clock.now();
        let (ticket, request) = self.state_mut().orders.pop().unwrap();
        assert!(matches!(request, Request::SignIn { .. }));
        let state = self.state_mut();
        state.flow.answer((ticket, Ok(Answer::Verdict(verdict, None))), &now, &mut state.tickets);
        self.run();
    }

    fn sees(&self, words: &str) -> bool {
        self.query_all_by_label_contains(words).next().is_some()
    }
}

fn wrong_code() -> Verdict {
    Verdict::WrongCode { clock_off_secs: None, then: Consequence::None, recovery_left: 8 }
}

#[test]
fn the_sixth_digit_signs_in_once_and_only_beside_a_password() {
    let mut desk = one();
    desk.types("harbour-lemon");
    desk.key_press(Key::Tab);
    desk.run();
    // The focus is on "Show" now: digits are meant for the code all the same.
    desk.types("384688");
    assert_eq!(desk.state().orders.len(), 1);
    desk.holds_enter(20);
    assert_eq!(desk.state().orders.len(), 1, "busy");

    let mut desk = one();
    desk.get_by_label("Code from your phone").focus();
    desk.run();
    desk.types("384688");
    assert!(desk.state().orders.is_empty());
    assert_eq!(desk.state().fields.code.expose(), "384688");
}

// Case C56.
#[test]
fn enter_on_empty_fields_hints_and_counts_nothing() {
    let mut desk = one();
    for (text, hint) in
        [("", "The password is missing."), (" ", "A code is six digits."), ("     ", "A code is six digits.")]
    {
        desk.types(text);
        desk.holds_enter(1);
        assert!(desk.state().orders.is_empty());
        assert!(desk.sees(hint), "{text:?}");
    }
    assert!(!desk.state().flow.is_busy());
}

// Case C57.
#[test]
fn a_book_on_the_enter_key_makes_no_attempts() {
    let mut desk = one();
    desk.types("harbour-lemon");
    desk.holds_enter(1);
    desk.types("12345");
    desk.holds_enter(100);
    assert!(desk.state().orders.is_empty());
    desk.types("6");
    assert_eq!(desk.state().orders.len(), 1);
    desk.is_told(wrong_code());
    desk.holds_enter(100);
    assert!(desk.state().orders.is_empty());
    assert!(desk.state().fields.code.is_empty());
}

#[test]
fn a_wrong_code_is_cleared_and_typed_again_without_a_click() {
    let mut desk = one();
    desk.types("harbour-lemon");
    desk.holds_enter(1);
    desk.types("123456");
    desk.is_told(wrong_code());
    assert!(desk.sees("That code isn't right."));
    desk.types("384688");
    assert_eq!(desk.state().orders.len(), 1, "the password stayed");
}

#[test]
fn a_wrong_password_is_cleared_and_caps_lock_is_named() {
    let mut desk = one();
    desk.types("HARBOUR");
    desk.holds_enter(1);
    desk.types("384688");
    desk.state_mut().caps_lock = true;
    desk.is_told(Verdict::WrongPassword { wait: None });
    assert!(desk.sees("Caps Lock is on. Turn it off"));
    assert!(desk.state().fields.password.is_empty());
    desk.types("harbour-lemon");
    assert_eq!(desk.state().fields.password.expose(), "harbour-lemon", "it has the focus");
    desk.holds_enter(1);
    assert_eq!(desk.state().orders.len(), 1, "the code stayed");
}

#[test]
fn nothing_is_sent_during_a_wait_and_the_end_is_said() {
    let mut desk = one();
    desk.types("harbour-lemon");
    desk.holds_enter(1);
    desk.types("123456");
    desk.is_told(Verdict::Wait { left: Duration::from_secs(20), reason: WaitReason::Desk });
    assert!(desk.sees("You can try again in 0:20."));
    desk.types("384688");
    desk.holds_enter(1);
    assert!(desk.state().orders.is_empty());
    desk.state().clock.advance(Duration::from_millis(7_500));
    desk.step();
    assert!(desk.sees("You can try again in 0:13."));
    desk.state().clock.advance(Duration::from_secs(13));
    desk.run();
    assert!(desk.sees("You can try again now."));
    desk.holds_enter(1);
    assert_eq!(desk.state().orders.len(), 1);
}

#[test]
fn a_refused_spare_code_stays_and_is_not_given_again() {
    let mut desk = one();
    desk.get_by_label("I don't have my phone").click();
    desk.run();
    desk.get_by_label_contains("At home").click();
    desk.run();
    desk.types("harbour-lemon");
    desk.holds_enter(1);
    assert!(desk.sees("That isn't a spare code."));
    desk.types("7K3M-9QXH-2B4T-VW6N");
    desk.holds_enter(1);
    desk.is_told(Verdict::WrongRecovery { wait: None, recovery_left: 8 });
    desk.holds_enter(1);
    assert!(desk.state().orders.is_empty());
    desk.key_press(Key::Backspace);
    desk.types("M");
    desk.holds_enter(1);
    assert_eq!(desk.state().orders.len(), 1);
}

#[test]
fn another_person_begins_with_empty_fields() {
    let mut desk = desk(vec![person("bjones", "Ben Jones"), person("hyamada", "山田 花子")]);
    desk.types("harbour-lemon");
    desk.get_by_label("Ben Jones").click();
    desk.run();
    assert_eq!(desk.state().flow.chosen, "bjones");
    assert!(desk.sees("山田 花子"), "read aloud as typed");
    assert!(desk.state().fields.password.is_empty());
    desk.types("kettle");
    assert_eq!(desk.state().fields.password.expose(), "kettle");
}

// Case C77.
#[test]
fn any_size_of_window_is_survived() {
    let names = ["Maria Santos", "Ben Jones", "Asha Khan"];
    let people = (0..30).map(|n| person(&format!("p{n}"), names[n % 3])).collect();
    let mut desk = desk(people);
    for (width, height) in [(1366.0, 768.0), (683.0, 384.0), (200.0, 150.0), (1.0, 1.0), (3000.0, 60.0)] {
        desk.set_size(eframe::egui::vec2(width, height));
        desk.run();
    }
    desk.set_size(eframe::egui::vec2(683.0, 384.0));
    desk.run();
    desk.get_by_label("I am someone else").click();
    desk.run();
    assert!(desk.sees("Asha Khan"));
    desk.key_press(Key::Escape);
    desk.run();
    assert!(desk.sees("Code from your phone"));
}

#[test]
fn somebody_new_is_told_what_to_bring_and_begins() {
    let until_unix = 1_772_442_000 + 3600;
    let new = PersonLook { begins: Begins::WithSlip { until_unix }, ..person("bjones", "Ben Jones") };
    let old = PersonLook { begins: Begins::NeedsNewSlip, ..person("akhan", "Asha Khan") };
    let mut desk = desk(vec![person("msantos", "Maria Santos"), new, old]);
    desk.get_by_label("Ben Jones Set up").click();
    desk.run();
    assert!(desk.sees("Have the slip from your manager ready"));
    desk.get_by_label("Set up").click();
    desk.run();
    assert!(matches!(desk.state().asked, Some(Reply::SetUpPerson)));
    desk.get_by_label("Asha Khan Needs a new slip").click();
    desk.run();
    assert!(desk.sees("Ask your manager for a new slip."));
    assert!(desk.query_by_label("Set up").is_none(), "nothing to press that leads nowhere");
}

#[test]
fn only_a_manager_is_offered_the_clinics_spare_key() {
    let manager = PersonLook { role: Role::Manager, ..person("msantos", "Maria Santos") };
    for (person, offered) in [(manager, true), (person("bjones", "Ben Jones"), false)] {
        let mut desk = desk(vec![person]);
        desk.get_by_label("I don't have my phone").click();
        desk.run();
        let link = desk.query_by_label_contains("use the clinic's spare key");
        assert_eq!(link.is_some(), offered);
        if let Some(link) = link {
            link.click();
            desk.run();
            assert!(matches!(desk.state().asked, Some(Reply::UseClinicKey)));
        }
    }
}

/// A clinic with far more people than fit: only tiles in sight cost anything, and typing finds the rest.
#[test]
fn one_of_five_hundred_is_found_by_typing() {
    let people = (0..500).map(|n| person(&format!("p{n:03}"), &format!("Person Number{n:03}"))).collect();
    let mut desk = desk(people);
    desk.get_by_label("I am someone else").click();
    desk.run();
    let tiles = desk.query_all_by_label_contains("Person Number").count();
    assert!((6..60).contains(&tiles), "{tiles} tiles laid out");
    desk.types("number49");
    assert_eq!(desk.query_all_by_label_contains("Person Number").count(), 10);
    desk.types("7");
    desk.holds_enter(1);
    assert_eq!(desk.state().flow.chosen, "p497");
    assert!(desk.query_by_label("Find your name").is_none(), "back to password and code");
    desk.types("kettle");
    assert_eq!(desk.state().fields.password.expose(), "kettle");
}

// C83: a countdown paints about once a second; without one nothing is painted but a cursor.
#[test]
fn c83_a_countdown_is_one_picture_a_second() {
    const BLINK: Duration = Duration::from_millis(400);
    let mut desk = one();
    desk.types("harbour-lemon");
    desk.holds_enter(1);
    desk.types("123456");
    desk.is_told(Verdict::Wait { left: Duration::from_secs(60), reason: WaitReason::Desk });
    let delay = |desk: &Harness<'_, Desk>| desk.output().viewport_output[&eframe::egui::ViewportId::ROOT].repaint_delay;
    desk.run_steps(10);
    let (mut frames, mut past) = (0, Duration::ZERO);
    while past < Duration::from_secs(59) {
        let next = delay(&desk);
        assert!(next >= BLINK, "frame {frames}: the next one {next:?} later");
        assert!(next <= Duration::from_millis(1010), "frame {frames}: a second was left out");
        desk.state().clock.advance(next);
        past += next;
        desk.step();
        frames += 1;
    }
    assert!((58..=130).contains(&frames), "{frames} frames in a minute");
    desk.state().clock.advance(Duration::from_secs(60));
    desk.run_steps(10);
    assert!(desk.sees("You can try again now."));
    assert!(delay(&desk) >= BLINK, "nothing but a cursor moves: {:?}", delay(&desk));
}
