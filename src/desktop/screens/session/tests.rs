//! The signed-in page as a person meets it.

mod choices;
mod log;
mod many;
mod own_service;
mod people;
mod texts;

use eframe::egui::{Event, Key, Modifiers, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::adapters::clock::TestClock;
use crate::desktop::services::Services;
use crate::desktop::theme;
use crate::domain::state::{ClinicStage, PersonStage, Role, Settings};
use crate::domain::verify::{FactorUsed, Verdict};
use crate::effects::{ActivationSlip, Removal, SignedIn};
use crate::explain::Names;
use crate::flows::session::Change;
use crate::flows::{self, Answer, Order, Request, Tickets};
use crate::ports::{Begins, Clock as _, Look, PersonLook};

struct Desk {
    flow: Session,
    fields: Fields,
    clock: TestClock,
    tickets: Tickets,
    orders: Vec<Order>,
    locked: bool,
    names: Names,
    services: Services,
    dressed: bool,
}

fn desk(recovery_left: u8, new_password_due: bool) -> Harness<'static, Desk> {
    desk_of(Role::Staff, recovery_left, new_password_due)
}

fn desk_of(role: Role, recovery_left: u8, new_password_due: bool) -> Harness<'static, Desk> {
    let now = 1_772_442_000;
    let signed_in = SignedIn {
        person: "msantos".to_owned(),
        name: "Maria Santos".to_owned(),
        role,
        since_unix: now,
        before_unix: None,
        full_at: TestClock::at(now).now().boot,
        by: FactorUsed::Totp,
        recovery_left,
        new_password_due,
        number_ending: None,
        settings: Settings::default(),
        password_unix: now,
    };
    // What is looked up beside the page is answered nowhere here.
    let mut tickets = Tickets::default();
    let (flow, _) = Session::new(signed_in, &mut tickets);
    let state = Desk {
        flow,
        fields: Fields::default(),
        clock: TestClock::at(now),
        tickets,
        orders: Vec::new(),
        locked: false,
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
        match super::ui(ui, &desk.flow, &mut desk.fields, &mut screen) {
            Some(Reply::Act(act)) => desk.orders.extend(desk.flow.act(act, &mut desk.tickets)),
            Some(Reply::Lock) => desk.locked = true,
            None => {}
        }
    };
    let mut harness = Harness::builder().with_size((1100.0, 720.0)).build_ui_state(show, state);
    harness.run();
    harness
}

fn types(desk: &mut Harness<'_, Desk>, text: &str) {
    for letter in text.chars() {
        desk.event(Event::Text(letter.to_string()));
        desk.run();
    }
}

fn sees(desk: &Harness<'_, Desk>, words: &str) -> bool {
    desk.query_all_by_label_contains(words).next().is_some()
}

fn is_told(desk: &mut Harness<'_, Desk>, answer: Answer) {
    let (ticket, _) = desk.state_mut().orders.pop().unwrap();
    let state = desk.state_mut();
    let orders = state.flow.answer((ticket, Ok(answer)), &state.clock.now(), &mut state.tickets);
    state.orders.extend(orders);
    desk.run();
}

#[test]
fn ctrl_l_locks_from_any_page() {
    for begin in [false, true] {
        let mut desk = desk(8, false);
        if begin {
            desk.get_by_label_contains("Change password").click();
            desk.run();
        }
        desk.key_press_modifiers(Modifiers::COMMAND, Key::L);
        desk.run();
        assert!(desk.state().locked, "{begin}");
    }
}

#[test]
fn few_spare_codes_are_warned_of() {
    assert!(sees(&desk(2, false), "You have 2 spare codes left."));
    assert!(!sees(&desk(3, false), "spare codes left"));
}

#[test]
fn a_new_password_after_a_fresh_code() {
    let mut desk = desk(8, false);
    desk.get_by_label_contains("Change password").click();
    desk.run();
    types(&mut desk, "384688");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::FreshCode(_))]));
    let accepted = Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 8, new_password_due: false };
    is_told(&mut desk, Answer::Verdict(accepted, None));
    types(&mut desk, "kettle");
    assert!(sees(&desk, "Add 6 more characters."));
    types(&mut desk, "-lemon-harbour");
    assert!(sees(&desk, "That is a good password."));
    desk.get_by_label("Change it").click();
    desk.run();
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::ChangePassword(_))]));
    is_told(&mut desk, Answer::Done);
    assert!(matches!(desk.state().flow.step, Step::At(Page::Home, Some(Change::Password))));
    assert!(sees(&desk, "Your password is changed."));
    assert!(desk.state().fields.password.is_empty());
}

#[test]
fn a_password_that_is_due_can_only_be_changed_or_locked() {
    let mut desk = desk(8, true);
    assert!(sees(&desk, "There have been many wrong codes with your password."));
    assert!(desk.query_by_label("Cancel").is_none());
    desk.get_by_label("Lock").click();
    desk.run();
    assert!(desk.state().locked);
}

fn everyone() -> Look {
    let person = |id: &str, name: &str, role| PersonLook {
        id: id.to_owned(),
        name: name.to_owned(),
        role,
        stage: Some(PersonStage::Active),
        phones: Vec::new(),
        begins: Begins::Done,
        recovery_left: 8,
        wait: None,
        manager_needed: false,
        day_pass: false,
        signed_in_unix: None,
    };
    Look {
        clinic_id: "c".to_owned(),
        keychain_id: "k".to_owned(),
        stage: ClinicStage::Active,
        name: "Oak Tree Surgery".to_owned(),
        created_unix: 0,
        settings: Settings::default(),
        texts: crate::ports::TextsLook { password: crate::ports::PasswordKept::No, this_month: 0 },
        database_key: crate::ports::KeyKept::No,
        epoch: 1,
        people: vec![person("bjones", "Ben Jones", Role::Staff), person("msantos", "Maria Santos", Role::Manager)],
    }
}

/// The people page of a manager, with everyone on it.
fn people_page() -> Harness<'static, Desk> {
    let mut desk = desk_of(Role::Manager, 8, false);
    desk.get_by_label_contains("People.").click();
    desk.run();
    is_told(&mut desk, Answer::Look(Some(everyone())));
    desk
}

#[test]
fn staff_see_no_pages_of_managers() {
    let (staff, manager) = (desk(8, false), desk_of(Role::Manager, 8, false));
    for card in ["People.", "Settings.", "Log."] {
        assert!(!sees(&staff, card), "{card}");
        assert!(sees(&manager, card), "{card}");
    }
    assert!(sees(&staff, "My phones"));
}

#[test]
fn removing_somebody_asks_first_and_then_for_a_code() {
    let mut desk = people_page();
    assert!(sees(&desk, "There is only one manager."));
    desk.get_by_label_contains("Ben Jones").click();
    desk.run();
    desk.get_by_label("Remove").click();
    desk.run();
    assert!(sees(&desk, "Remove Ben Jones?"));
    assert!(matches!(desk.state().flow.step, Step::At(Page::People, None)));
    desk.key_press(Key::Escape);
    desk.run();
    assert!(sees(&desk, "Set up again"));
    desk.get_by_label("Remove").click();
    desk.run();
    desk.get_by_label("Remove them").click();
    desk.run();
    assert!(matches!(&desk.state().flow.step, Step::FreshCode(Change::Remove(id), None) if id == "bjones"));
    assert!(sees(&desk, "Ben Jones can then no longer sign in"));
}

/// The proof is on the screen until it was seen, with ways to keep it, and nothing on it runs out or is taken back.
#[test]
fn a_removal_is_proved_on_a_page_of_its_own() {
    let mut desk = people_page();
    desk.get_by_label_contains("Ben Jones").click();
    desk.run();
    desk.get_by_label("Remove").click();
    desk.run();
    desk.get_by_label("Remove them").click();
    desk.run();
    types(&mut desk, "harbour-lemon");
    desk.get_by_role(eframe::egui::Role::TextInput).focus();
    desk.run();
    types(&mut desk, "384688");
    let accepted = Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 8, new_password_due: false };
    is_told(&mut desk, Answer::Verdict(accepted, None));
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::RemovePerson(id))] if id == "bjones"));
    is_told(&mut desk, Answer::Removed(Box::new(removal())));
    for words in [
        "Ben Jones is removed",
        "Ben Jones (bjones)",
        "2026-03-02T09:00:00Z",
        "Maria Santos (msantos)",
        "front-desk",
        "1042",
        "stopped working at that moment",
        "change it.",
    ] {
        assert!(sees(&desk, words), "{words}");
    }
    assert!(sees(&desk, "Save as PDF") && sees(&desk, "Print") && !sees(&desk, "Copy"));
    desk.get_by_label("Done").click();
    desk.run();
    assert!(matches!(&desk.state().flow.step, Step::At(Page::People, Some(Change::Remove(_)))));
    assert!(sees(&desk, "This person is removed"));
}

fn removal() -> Removal {
    Removal {
        person: "bjones".to_owned(),
        name: "Ben Jones".to_owned(),
        by: "msantos".to_owned(),
        by_name: "Maria Santos".to_owned(),
        desk: "front-desk".to_owned(),
        unix_secs: 1_772_442_000,
        number: 1042,
    }
}

#[test]
fn a_manager_does_not_reset_or_remove_themselves() {
    let mut desk = people_page();
    desk.get_by_label_contains("Maria Santos (you)").click();
    desk.run();
    assert!(desk.query_by_label("Remove").is_none());
    assert!(desk.query_by_label("Set up again").is_none());
}

#[test]
fn somebody_new_gets_a_slip_after_a_fresh_code() {
    let mut desk = people_page();
    desk.get_by_label("Add a person").click();
    desk.run();
    desk.get_by_label("Next").click();
    desk.run();
    assert!(matches!(desk.state().flow.step, Step::BadName(_)));
    types(&mut desk, "Asha Khan");
    desk.get_by_label("Next").click();
    desk.run();
    types(&mut desk, "384688");
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::FreshCode(_))]));
    let accepted = Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 8, new_password_due: false };
    is_told(&mut desk, Answer::Verdict(accepted, None));
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::AddPerson { name, role: Role::Staff })]
        if name == "Asha Khan"));
    let slip = ActivationSlip { person: "akhan".to_owned(), code: "ABCD-EFGH-JKMN-PQRS".into() };
    is_told(&mut desk, Answer::Slip(slip));
    assert!(sees(&desk, "Print this slip for Asha Khan"));
    desk.get_by_label("I have it on paper").click();
    desk.run();
    assert!(sees(&desk, "Asha Khan is added."));
}

/// With no program set, the page says what to set and how; the page behind it asks for a code before anything changes.
#[test]
fn what_signing_in_opens_is_chosen_by_a_manager_with_a_fresh_code() {
    let mut desk = desk_of(Role::Manager, 8, false);
    desk.state_mut().flow.practice = flows::session::Practice::NoneSet;
    desk.run();
    assert!(sees(&desk, "Nothing opens yet when somebody signs in."));
    desk.get_by_label("Choose what opens").click();
    desk.run();
    is_told(&mut desk, Answer::Look(Some(everyone())));
    assert!(desk.get_by_label("What signing in opens").rect().top() > 0.0, "the page comes up at its top");
    desk.get_by_label_contains("A PostgreSQL server").click();
    desk.run();
    assert!(sees(&desk, "Save your changes first."), "the key is for the kind that is saved");
    assert!(sees(&desk, "Role of the practice program"));
    desk.get_by_label("Save").click();
    desk.run();
    let Step::FreshCode(Change::Practice(settings), None) = &desk.state().flow.step else { panic!("a code") };
    assert_eq!(settings.wanted().practice.opens, crate::domain::practice::Opens::Postgres);
    assert!(sees(&desk, "nobody else can change what signing in opens"));
}

#[test]
fn a_key_that_is_typed_goes_with_the_change_and_stays_nowhere() {
    let mut desk = desk_of(Role::Manager, 8, false);
    let mut look = everyone();
    look.settings.practice.opens = crate::domain::practice::Opens::Text;
    desk.get_by_label_contains("What signing in opens.").click();
    desk.run();
    is_told(&mut desk, Answer::Look(Some(look)));
    "walnut".clone_into(desk.state_mut().fields.database_key.edit());
    desk.run();
    // It stands below what the window shows.
    desk.get_by_label("Keep it").click_accesskit();
    desk.run();
    let Step::FreshCode(Change::Key(change), None) = &desk.state().flow.step else { panic!("a code") };
    assert_eq!(*change, crate::effects::KeyChange::Keep(std::sync::Arc::new("walnut".into())));
    assert!(!format!("{change:?}").contains("walnut"));
    assert!(desk.state().fields.database_key.is_empty());
}

#[test]
fn how_the_program_stands_is_on_the_page() {
    use crate::effects::{Failure, News};
    use crate::flows::session::Practice;
    use crate::ports::{LoginError, ProgramError};
    let mut desk = desk(8, false);
    let shows = |desk: &mut Harness<'static, Desk>, practice, words: &str| {
        desk.state_mut().flow.practice = practice;
        desk.run();
        assert!(sees(desk, words), "{words}");
    };
    shows(&mut desk, Practice::NoneSet, "Ask your manager to choose it");
    shows(&mut desk, Practice::Starting, "Opening ClinicOffice");
    shows(&mut desk, Practice::Running(None), "ClinicOffice is open.");
    shows(&mut desk, Practice::Running(Some(LoginError::Lost)), "The connection to the database server broke.");
    shows(&mut desk, Practice::Failed(Failure::Program(ProgramError::NotFound)), "ClinicOffice cannot be found");
    desk.get_by_label("Try again").click();
    desk.run();
    assert!(matches!(desk.state().orders.last(), Some((_, Request::StartProgram))));
    desk.state_mut().flow.practice = Practice::Running(None);
    assert_eq!(desk.state_mut().flow.news(News::ProgramEnded(crate::domain::practice::AtEnd::Stay)), None);
    desk.run();
    assert!(sees(&desk, "Open ClinicOffice"));
    let ended = desk.state_mut().flow.news(News::ProgramEnded(crate::domain::practice::AtEnd::Lock));
    assert_eq!(ended, Some(crate::domain::presence::Why::ProgramEnded), "locks");
}

/// Whoever has to choose a new password does that before anything opens.
#[test]
fn nothing_opens_before_a_password_that_is_due() {
    let mut desk = desk(8, true);
    assert_eq!(desk.state().flow.practice, flows::session::Practice::NotYet);
    types(&mut desk, "384688");
    let accepted = Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 8, new_password_due: true };
    is_told(&mut desk, Answer::Verdict(accepted, None));
    types(&mut desk, "kettle-lemon-harbour");
    desk.get_by_label("Change it").click();
    desk.run();
    is_told(&mut desk, Answer::Done);
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::StartProgram)]));
}
