//! For managers: everyone, and somebody new.

use eframe::egui::{Ui, vec2};

use super::pages::{Pages, View, done_ui, page_ui};
use super::{Reply, person, words};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::screens::notices;
use crate::desktop::theme::{self, CONTENT_WIDTH, space};
use crate::desktop::widgets::{ChoiceCard, ChoiceState, Notice, NoticeKind, TextField, columns_ui};
use crate::domain::names;
use crate::domain::state::{PersonStage, Role};
use crate::explain;
use crate::flows::Mishap;
use crate::flows::session::{Act, Change, Page, Session};
use crate::ports::PersonLook;
use crate::tr;

const SEARCH: &str = "session.people-search";
const NAME: &str = "session.person-name";
/// From so many on there is a field to search them.
const MANY: usize = 8;
/// The height of a person who is out of sight.
const ROW: f32 = 92.0;

/// Shows them.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    (done, mishap): (Option<&Change>, Option<&Mishap>),
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    match pages.view.clone() {
        View::Add => add_ui(ui, flow, pages, mishap, screen),
        View::Person(id) => person::ui(ui, flow, pages, &id, screen),
        View::Reset(id) => person::sure_ui(ui, flow, pages, Change::Reset(id), screen),
        View::Remove(id) => person::sure_ui(ui, flow, pages, Change::Remove(id), screen),
        View::List | View::LinkPhone | View::Unlink(_) => list_ui(ui, flow, pages, done, screen),
    }
}

fn list_ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    done: Option<&Change>,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let people = flow.look.as_ref().map(|look| look.people.as_slice()).unwrap_or_default();
    let (title, add) = (tr!("people-title"), tr!("people-add"));
    let mut view = None;
    let shown = page_ui(ui, ("session.people", &title, ""), Some(&add), flow, screen, |ui, _| {
        done_ui(ui, done, flow);
        // As the store counts them: somebody who never began can bring nobody back.
        let manages = |person: &&PersonLook| person.role == Role::Manager && person.stage == Some(PersonStage::Active);
        if people.iter().filter(manages).count() == 1 {
            let (what, then) = (tr!("people-one-manager"), tr!("people-one-manager-then"));
            Notice::new("session.one-manager", NoticeKind::Info, &what, &then).width(CONTENT_WIDTH).show(ui);
            ui.add_space(space::L);
        }
        if people.len() >= MANY {
            TextField::new(SEARCH, &tr!("people-search"), &mut pages.search).show(ui);
            ui.add_space(space::S);
        }
        let wanted = names::key(&pages.search);
        ui.spacing_mut().item_spacing.y = space::S;
        for person in people.iter().filter(|person| is_found(person, &wanted)) {
            if row_ui(ui, person, &flow.signed_in.person) {
                view = Some(View::Person(person.id.clone()));
            }
        }
    });
    if shown.next {
        view = Some(View::Add);
        (pages.name, pages.role) = (String::new(), None);
        ui.memory_mut(|memory| memory.request_focus(TextField::id(NAME)));
    }
    if let Some(view) = view {
        pages.view = view;
    }
    if shown.lock { Some(Reply::Lock) } else { shown.back.then_some(Reply::Act(Act::Go(Page::Home))) }
}

/// Whether what was typed is in the name, however it is written, or begins the id.
fn is_found(person: &PersonLook, wanted: &str) -> bool {
    names::key(&person.name).contains(wanted) || person.id.starts_with(wanted)
}

/// One person. Out of sight only the room is kept: five hundred cost no more than a dozen.
fn row_ui(ui: &mut Ui, person: &PersonLook, own: &str) -> bool {
    let size = vec2(ui.available_width(), ROW);
    let room = eframe::egui::Rect::from_min_size(ui.cursor().min, size);
    if !ui.is_rect_visible(room) {
        ui.allocate_space(size);
        return false;
    }
    let role = words::role(person.role);
    let name = words::shown(ui, person);
    let title = if person.id == own {
        tr!("people-row-you", name = name, role = role)
    } else {
        tr!("people-row", name = name, role = role)
    };
    let text = [words::state(person), words::phones(person), words::last_sign_in(person)].join(" · ");
    ui.push_id(&person.id, |ui| {
        let card = ChoiceCard { icon: None, title: &title, text: &text, state: ChoiceState::Action, min_height: ROW };
        card.show(ui).clicked()
    })
    .inner
}

fn add_ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    mishap: Option<&Mishap>,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (title, text, go) = (tr!("people-add"), tr!("people-add-text"), tr!("go-next"));
    let role = pages.role.unwrap_or(Role::Staff);
    let shown = page_ui(ui, ("session.add-person", &title, &text), Some(&go), flow, screen, |ui, screen| {
        TextField::new(NAME, &tr!("people-name"), &mut pages.name).show(ui);
        if let Some(mishap) = mishap {
            ui.add_space(space::S);
            notices::notice_ui(ui, "session.bad-name", &explain::mishap(mishap, None, screen.names), None, screen.now);
        }
        ui.add_space(space::L);
        ui.label(theme::label(tr!("people-role")));
        ui.add_space(space::XS);
        columns_ui(ui, 2, 240.0, |ui, index| {
            let (this, title, text) = if index == 0 {
                (Role::Staff, tr!("people-role-staff"), tr!("people-role-staff-text"))
            } else {
                (Role::Manager, tr!("people-role-manager"), tr!("people-role-manager-text"))
            };
            let state = if this == role { ChoiceState::Chosen } else { ChoiceState::Open };
            let card = ChoiceCard { icon: Some(Icon::Users), title: &title, text: &text, state, min_height: 112.0 };
            if card.show(ui).clicked() {
                pages.role = Some(this);
            }
        });
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        pages.view = View::List;
        return mishap.is_some().then_some(Reply::Act(Act::Go(Page::People)));
    }
    if shown.next {
        // A name that is not taken is typed again at once.
        ui.memory_mut(|memory| memory.request_focus(TextField::id(NAME)));
    }
    shown.next.then(|| Reply::Act(Act::Add { name: pages.name.clone(), role }))
}
