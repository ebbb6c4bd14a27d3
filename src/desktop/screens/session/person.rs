//! For managers: one person, and what can be done for them.

use eframe::egui::{Label, Ui, vec2};

use super::pages::{Pages, View, page_ui};
use super::{Reply, words};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, sunken_ui};
use crate::domain::state::{PersonStage, Role};
use crate::flows::session::{Act, Change, Session};
use crate::ports::PersonLook;
use crate::tr;

/// Shows one person.
pub(super) fn ui(ui: &mut Ui, flow: &Session, pages: &mut Pages, id: &str, screen: &mut Screen<'_>) -> Option<Reply> {
    let people = flow.look.as_ref().map(|look| look.people.as_slice()).unwrap_or_default();
    let Some(person) = people.iter().find(|person| person.id == id) else {
        // Removed meanwhile, perhaps in another window.
        pages.view = View::List;
        return None;
    };
    let role = words::role(person.role);
    let name = words::shown(ui, person);
    let shown = page_ui(ui, ("session.person", &name, &role), None, flow, screen, |ui, _| {
        facts_ui(ui, person);
        ui.add_space(space::L);
        buttons_ui(ui, flow, pages, person)
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        pages.view = View::List;
    }
    shown.inner.map(|change| Reply::Act(Act::Begin(change)))
}

fn facts_ui(ui: &mut Ui, person: &PersonLook) {
    let mut lines = vec![words::state(person), words::phones(person), words::last_sign_in(person)];
    if person.stage == Some(PersonStage::Active) {
        lines.push(tr!("people-codes-left", count = person.recovery_left));
    }
    sunken_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        for line in lines {
            ui.add(Label::new(theme::body(line)).wrap());
        }
    });
}

fn buttons_ui(ui: &mut Ui, flow: &Session, pages: &mut Pages, person: &PersonLook) -> Option<Change> {
    let own = person.id == flow.signed_in.person;
    let id = || person.id.clone();
    let mut begun = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::L, space::M);
        if !own {
            if ui.add(Button::secondary(&tr!("people-reset")).icon(Icon::Refresh)).clicked() {
                pages.view = View::Reset(id());
            }
            if person.stage == Some(PersonStage::Active)
                && !person.day_pass
                && ui.add(Button::secondary(&tr!("people-day-pass")).icon(Icon::Clock)).clicked()
            {
                begun = Some(Change::DayPass(id()));
            }
        }
        let (other, words) = match person.role {
            Role::Staff => (Role::Manager, tr!("people-make-manager")),
            Role::Manager => (Role::Staff, tr!("people-make-staff")),
        };
        if ui.add(Button::secondary(&words).icon(Icon::Users)).clicked() {
            begun = Some(Change::Role(id(), other));
        }
        if !own && ui.add(Button::danger(&tr!("people-remove")).icon(Icon::Trash)).clicked() {
            pages.view = View::Remove(id());
        }
    });
    if own {
        ui.add_space(space::M);
        ui.add(Label::new(theme::help(tr!("people-own"))).wrap());
    }
    begun
}

/// What a change that cannot be taken back does, before it is begun.
pub(super) fn sure_ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    change: Change,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (id, removes) = match &change {
        Change::Remove(id) => (id.clone(), true),
        Change::Reset(id) | Change::DayPass(id) | Change::Role(id, _) => (id.clone(), false),
        Change::Phone
        | Change::SecondPhone(_)
        | Change::RemovePhone(_)
        | Change::Codes
        | Change::Password
        | Change::Add { .. }
        | Change::Settings(_)
        | Change::Number
        | Change::Gateway(..)
        | Change::TestText(_)
        | Change::Practice(_)
        | Change::Key(_)
        | Change::RotateKey(_)
        | Change::ClinicKey
        | Change::Restore(_) => return None,
    };
    let name = words::name_of(ui, flow, &id);
    let (page, title, lines, go) = if removes {
        let lines = [tr!("people-remove-now"), tr!("people-remove-log"), tr!("people-remove-password")];
        ("session.remove", tr!("people-remove-title", name = name), lines, tr!("people-remove-go"))
    } else {
        let lines = [tr!("people-reset-now"), tr!("people-reset-slip"), tr!("people-reset-hand-over")];
        ("session.reset", tr!("people-reset-title", name = name), lines, tr!("people-reset-go"))
    };
    let shown = page_ui(ui, (page, &title, ""), Some(&go), flow, screen, |ui, _| {
        for line in lines {
            ui.add(Label::new(theme::body(line)).wrap());
            ui.add_space(space::S);
        }
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        pages.view = View::Person(id);
    }
    shown.next.then_some(Reply::Act(Act::Begin(change)))
}
