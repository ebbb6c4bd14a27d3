//! Coming back with the clinic's spare key, as a person meets it.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::adapters::clock::TestClock;
use crate::desktop::services::Services;
use crate::desktop::theme;
use crate::effects::Failure;
use crate::explain::Names;
use crate::flows::recover::Aim;
use crate::flows::{Answer, Order, Request, Tickets};
use crate::ports::Clock as _;

struct Safe {
    flow: Recover,
    fields: Fields,
    tickets: Tickets,
    orders: Vec<Order>,
    services: Services,
    dressed: bool,
}

fn opened(aim: Aim) -> Harness<'static, Safe> {
    let state = Safe {
        flow: Recover::new(aim),
        fields: Fields::default(),
        tickets: Tickets::default(),
        orders: Vec::new(),
        services: Services::default(),
        dressed: false,
    };
    let show = |ui: &mut Ui, safe: &mut Safe| {
        if !std::mem::replace(&mut safe.dressed, true) {
            theme::install(ui.ctx());
            return;
        }
        let now = TestClock::at(1_772_442_000).now();
        let names = Names { office: "ClinicOffice".to_owned(), person: "Maria Santos".to_owned() };
        let (clinic, support, services) = ("Oak Tree Surgery", "01632 960123", &mut safe.services);
        let mut screen = Screen { now: &now, names: &names, clinic, support, caps_lock: false, services };
        if let Some(act) = super::ui(ui, &safe.flow, &mut safe.fields, &mut screen) {
            safe.orders.extend(safe.flow.act(act, &mut safe.tickets));
        }
    };
    let mut harness = Harness::builder().with_size((1100.0, 720.0)).build_ui_state(show, state);
    harness.run();
    harness
}

fn two_managers() -> Aim {
    let manager = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    Aim::Manager(vec![manager("msantos", "Maria Santos"), manager("akhan", "Asha Khan")])
}

fn is_told(safe: &mut Harness<'_, Safe>, reply: crate::flows::Reply) {
    let (now, state) = (TestClock::at(1_772_442_000).now(), safe.state_mut());
    state.flow.answer(reply, &now, &mut state.tickets);
}

const KEY: &str = "YHE5-2GF2-DSFD-6B8J-WAMT-9FK1-7VMS-NC0G";

fn types(safe: &mut Harness<'_, Safe>, text: &str) {
    safe.event(eframe::egui::Event::Text(text.to_owned()));
    safe.run();
}

fn presses(safe: &mut Harness<'_, Safe>, button: &str) {
    safe.get_by_label(button).click();
    safe.run();
}

fn sees(safe: &Harness<'_, Safe>, words: &str) -> bool {
    safe.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn the_key_is_taken_however_it_is_spelt_and_the_computer_is_open_again() {
    let mut safe = opened(Aim::ThisComputer);
    types(&mut safe, "0000-1111");
    presses(&mut safe, "Next");
    assert!(safe.state().orders.is_empty());
    assert!(sees(&safe, "longer than that"));
    safe.state_mut().fields.key.wipe();
    types(&mut safe, &KEY.to_lowercase().replace('-', " "));
    presses(&mut safe, "Next");
    let (ticket, request) = safe.state_mut().orders.pop().unwrap();
    assert!(matches!(request, Request::Recover(_)));
    is_told(&mut safe, (ticket, Ok(Answer::Done)));
    safe.run();
    assert!(sees(&safe, "This computer has its key again"));
    assert!(safe.state().fields.key.is_empty(), "nothing of it is kept");
}

#[test]
fn a_wrong_key_stays_to_be_compared_with_the_sheet() {
    let mut safe = opened(two_managers());
    types(&mut safe, KEY);
    presses(&mut safe, "Next");
    assert!(sees(&safe, "Which manager are you?"));
    presses(&mut safe, "Asha Khan");
    assert!(sees(&safe, "Choose a new password, Asha Khan"));
    types(&mut safe, "copper lantern meadow");
    presses(&mut safe, "Next");
    let (ticket, request) = safe.state_mut().orders.pop().unwrap();
    assert!(matches!(request, Request::RecoverManager { manager, .. } if manager == "akhan"));
    is_told(&mut safe, (ticket, Err(Failure::WrongClinicKey)));
    safe.run();
    assert!(sees(&safe, "That isn't the clinic's spare key."));
    assert_eq!(safe.state().fields.key.expose(), KEY);
}

#[test]
fn a_suggested_password_can_be_read() {
    let mut safe = opened(two_managers());
    types(&mut safe, KEY);
    presses(&mut safe, "Next");
    presses(&mut safe, "Maria Santos");
    presses(&mut safe, "Suggest one");
    let (ticket, request) = safe.state_mut().orders.pop().unwrap();
    assert!(matches!(request, Request::Suggest));
    is_told(&mut safe, (ticket, Ok(Answer::Suggested(SecretText::new("a b c".to_owned())))));
    assert!(safe.state().flow.suggested.is_some());
}
