//! One's own phones: which there are, one more, one fewer.

use eframe::egui::{Label, Role, Ui, WidgetInfo};

use super::Reply;
use super::pages::{Pages, View, done_ui, page_ui};
use crate::adapters::clock::local_date_text;
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::texts::spoken;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, TextField, card_ui, pair_ui};
use crate::domain::names;
use crate::domain::sms::SmsState;
use crate::explain;
use crate::flows::session::{Act, Change, Page, Session};
use crate::ports::{PhoneKind, PhoneLook};
use crate::tr;

const LABEL: &str = "session.phone-label";

/// Shows them.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    done: Option<&Change>,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    match pages.view.clone() {
        View::LinkPhone => link_ui(ui, flow, pages, screen),
        View::Unlink(id) => unlink_ui(ui, flow, pages, id, screen),
        View::List | View::Add | View::Person(_) | View::Reset(_) | View::Remove(_) => {
            list_ui(ui, flow, pages, done, screen)
        }
    }
}

fn phones(flow: &Session) -> &[PhoneLook] {
    let people = flow.look.as_ref().map(|look| look.people.as_slice()).unwrap_or_default();
    let own = people.iter().find(|person| person.id == flow.signed_in.person);
    own.map(|person| person.phones.as_slice()).unwrap_or_default()
}

/// What a phone is called.
pub(super) fn phone_name(phone: &PhoneLook) -> String {
    if let PhoneKind::Texts { ending } = &phone.kind {
        return tr!("phones-number", ending = ending);
    }
    if phone.label.is_empty() { tr!("phones-first") } else { phone.label.clone() }
}

/// The same behind "Unlink".
fn phone_to_unlink(phone: &PhoneLook) -> String {
    match &phone.kind {
        PhoneKind::Texts { ending } => tr!("phones-number-short", ending = ending),
        PhoneKind::App => phone_name(phone),
    }
}

fn list_ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    done: Option<&Change>,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (title, text) = (tr!("phones-title"), tr!("phones-text"));
    let (mut view, mut number) = (None, false);
    let shown = page_ui(ui, ("session.phones", &title, &text), None, flow, screen, |ui, _| {
        done_ui(ui, done, flow);
        let phones = phones(flow);
        for phone in phones {
            card_ui(ui, |ui| {
                ui.set_width(ui.available_width());
                let date = local_date_text(phone.linked_unix);
                let name = phone_name(phone);
                let title = pair_ui(ui, &name, &tr!("phones-linked", date = date));
                if let PhoneKind::Texts { ending } = &phone.kind {
                    // Two digits are read out one by one, not as a number.
                    let said = tr!("phones-number", ending = spoken(ending));
                    title.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
                }
                if phones.len() > 1 {
                    let unlink = tr!("phones-unlink", name = phone_to_unlink(phone));
                    ui.push_id(&phone.id, |ui| {
                        if ui.add(Button::quiet(&unlink).icon(Icon::Trash).flush()).clicked() {
                            view = Some(View::Unlink(phone.id.clone()));
                        }
                    });
                }
            });
            ui.add_space(space::S);
        }
        ui.add_space(space::S);
        if ui.add(Button::secondary(&tr!("phones-link-another")).icon(Icon::Plus)).clicked() {
            view = Some(View::LinkPhone);
        }
        if flow.look.as_ref().is_some_and(|look| look.settings.sms.state == SmsState::On) {
            ui.add_space(space::S);
            let has_number = phones.iter().any(|phone| matches!(phone.kind, PhoneKind::Texts { .. }));
            let words = if has_number { tr!("phones-change-number") } else { tr!("phones-link-number") };
            number = ui.add(Button::secondary(&words).icon(Icon::Message)).clicked();
        }
    });
    if let Some(view) = view {
        pages.view = view;
    }
    if number {
        return Some(Reply::Act(Act::Begin(Change::Number)));
    }
    if shown.lock { Some(Reply::Lock) } else { shown.back.then_some(Reply::Act(Act::Go(Page::Home))) }
}

fn link_ui(ui: &mut Ui, flow: &Session, pages: &mut Pages, screen: &mut Screen<'_>) -> Option<Reply> {
    let (title, text, go) = (tr!("phones-link-title"), tr!("phones-link-text"), tr!("go-next"));
    let shown = page_ui(ui, ("session.link-phone", &title, &text), Some(&go), flow, screen, |ui, _| {
        let bad = pages.bad_label.map(|bad| explain::bad_name(bad).todo.get());
        let (label, help) = (tr!("phones-label"), tr!("phones-label-help"));
        let field = TextField::new(LABEL, &label, &mut pages.label).help(&help).error(bad.as_deref()).show(ui);
        if field.changed() {
            pages.bad_label = None;
        }
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        pages.view = View::List;
    } else if shown.next {
        match names::tidy(&pages.label) {
            Ok(label) => return Some(Reply::Act(Act::Begin(Change::SecondPhone(label)))),
            Err(bad) => pages.bad_label = Some(bad),
        }
    }
    None
}

fn unlink_ui(ui: &mut Ui, flow: &Session, pages: &mut Pages, id: String, screen: &mut Screen<'_>) -> Option<Reply> {
    let name = phones(flow).iter().find(|phone| phone.id == id).map(phone_to_unlink).unwrap_or_default();
    let (title, go) = (tr!("phones-unlink-title", name = &name), tr!("phones-unlink-go"));
    let shown = page_ui(ui, ("session.unlink-phone", &title, ""), Some(&go), flow, screen, |ui, _| {
        ui.add(Label::new(theme::body(tr!("phones-unlink-text"))).wrap());
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        pages.view = View::List;
    }
    shown.next.then_some(Reply::Act(Act::Begin(Change::RemovePhone(id))))
}
