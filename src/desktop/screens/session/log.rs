//! For managers: what happened, newest first, a page at a time.

use std::path::PathBuf;

use eframe::egui::{ComboBox, Key, Label, Modifiers, Popup, Ui, vec2};

use super::pages::{Pages, Since, page_ui};
use super::{Reply, log_words, words};
use crate::adapters::clock::{local_date_text, local_time_text};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::screens::notices;
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{Button, ButtonState, Notice, NoticeKind, TextField};
use crate::domain::audit::{Entry, What};
use crate::explain;
use crate::flows::session::{Act, LOG_PAGE, LogView, Page, Session};
use crate::ports::EntryFilter;
use crate::tr;

const EXPORT: &str = "session.log-export";
/// The height of an entry that is out of sight.
const ROW: f32 = 56.0;

/// Shows it.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    log: &LogView,
    pages: &mut Pages,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (title, text) = (tr!("log-title"), tr!("log-text"));
    let mut act = None;
    let shown = page_ui(ui, ("session.log", &title, &text), None, flow, screen, |ui, screen| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::L, space::S);
            if let Some(filter) = filters_ui(ui, flow, &log.filter, pages, screen) {
                pages.newer.clear();
                act = Some(Act::Log(filter));
            }
        });
        ui.add_space(space::S);
        act = act.take().or(turn_ui(ui, flow, log, pages, screen));
        ui.add_space(space::S);
        act = act.take().or(export_ui(ui, flow, log, pages, screen));
        ui.add_space(space::M);
        if log.entries.is_empty() && !flow.is_busy() {
            ui.label(theme::body(tr!("log-empty")));
        }
        for entry in log.entries.iter().rev() {
            entry_ui(ui, flow, entry);
        }
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        return Some(Reply::Act(Act::Go(Page::Home)));
    }
    act.map(Reply::Act)
}

/// Whom and what the log is about, and from when on; a new filter when one was chosen.
fn filters_ui(
    ui: &mut Ui,
    flow: &Session,
    filter: &EntryFilter,
    pages: &mut Pages,
    screen: &Screen<'_>,
) -> Option<EntryFilter> {
    let mut wanted = EntryFilter { before: None, ..filter.clone() };
    let open = Popup::is_any_open(ui.ctx());
    let person = filter.person.as_deref().map_or_else(|| tr!("log-everyone"), |id| words::name_of(ui, flow, id));
    let people = flow.look.as_ref().map(|look| look.people.as_slice()).unwrap_or_default();
    let people_list =
        ComboBox::from_id_salt("session.log-person").selected_text(person).height(320.0).show_ui(ui, |ui| {
            ui.selectable_value(&mut wanted.person, None, tr!("log-everyone"));
            for person in people {
                ui.selectable_value(&mut wanted.person, Some(person.id.clone()), words::shown(ui, person));
            }
            for id in flow.leavers.iter().filter(|id| people.iter().all(|person| person.id != **id)) {
                ui.selectable_value(&mut wanted.person, Some(id.clone()), tr!("log-person-left", id = id));
            }
        });
    let chosen = What::ALL.into_iter().find(|what| Some(what.name()) == filter.event.as_deref());
    let kind = chosen.map_or_else(|| tr!("log-everything"), log_words::event);
    let kinds =
        ComboBox::from_id_salt("session.log-kind").selected_text(kind).width(300.0).height(320.0).show_ui(ui, |ui| {
            ui.selectable_value(&mut wanted.event, None, tr!("log-everything"));
            for what in What::ALL {
                ui.selectable_value(&mut wanted.event, Some(what.name().to_owned()), log_words::event(what));
            }
        });
    let mut since = pages.since;
    let times =
        ComboBox::from_id_salt("session.log-since").selected_text(since.words()).height(320.0).show_ui(ui, |ui| {
            for choice in Since::ALL {
                ui.selectable_value(&mut since, choice, choice.words());
            }
        });
    // What each list is for is plain to see from what it shows; a screen reader says it.
    for (list, name) in [
        (people_list.response, tr!("log-filter-person")),
        (kinds.response, tr!("log-filter-kind")),
        (times.response, tr!("log-filter-since")),
    ] {
        ui.ctx().accesskit_node_builder(list.id, |node| node.set_label(name));
    }
    if open {
        // Esc closes a list that is open, and not the page as well.
        ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    }
    let other_time = since != pages.since;
    if other_time {
        pages.since = since;
        wanted.since_unix = since.unix(screen.now);
    }
    (wanted.person != filter.person || wanted.event != filter.event || other_time).then_some(wanted)
}

/// Older and newer pages, and the way to a file.
fn turn_ui(ui: &mut Ui, flow: &Session, log: &LogView, pages: &mut Pages, screen: &mut Screen<'_>) -> Option<Act> {
    let mut act = None;
    let ready = |can: bool| if can && !flow.is_busy() { ButtonState::Ready } else { ButtonState::Disabled };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::L, space::S);
        let newer = ready(!pages.newer.is_empty());
        if ui.add(Button::secondary(&tr!("log-newer")).icon(Icon::ChevronLeft).state(newer)).clicked()
            && let Some(before) = pages.newer.pop()
        {
            act = Some(Act::Log(EntryFilter { before, ..log.filter.clone() }));
        }
        let older = ready(log.entries.len() >= LOG_PAGE);
        if ui.add(Button::secondary(&tr!("log-older")).icon(Icon::ChevronRight).state(older)).clicked()
            && let Some(first) = log.entries.first()
        {
            pages.newer.push(log.filter.before);
            act = Some(Act::Log(EntryFilter { before: Some(first.number), ..log.filter.clone() }));
        }
        if pages.export.is_none() && ui.add(Button::secondary(&tr!("log-export")).icon(Icon::Download)).clicked() {
            pages.export = Some(String::new());
            screen.services.propose_file(tr!("log-file", clinic = screen.clinic));
        }
    });
    act
}

fn export_ui(ui: &mut Ui, flow: &Session, log: &LogView, pages: &mut Pages, screen: &mut Screen<'_>) -> Option<Act> {
    let mut act = None;
    if let Some(path) = &mut pages.export {
        if let Some(proposed) = screen.services.take_proposed()
            && path.is_empty()
        {
            *path = proposed.with_extension("csv").to_string_lossy().into_owned();
            ui.memory_mut(|memory| memory.request_focus(TextField::id(EXPORT)));
        }
        let (label, help) = (tr!("sheet-save-as"), tr!("log-export-help"));
        TextField::new(EXPORT, &label, path).help(&help).width(FORM_WIDTH).show(ui);
        ui.add_space(space::S);
        let typed = PathBuf::from(path.trim());
        let state =
            if typed.as_os_str().is_empty() || flow.is_busy() { ButtonState::Disabled } else { ButtonState::Ready };
        if ui.add(Button::secondary(&tr!("sheet-save")).icon(Icon::Download).state(state)).clicked() {
            act = Some(Act::Export(typed));
        }
        ui.add_space(space::S);
    }
    if let Some(count) = log.exported {
        let (what, then) = (tr!("log-exported", count = count), tr!("log-exported-then"));
        Notice::new("session.exported", NoticeKind::Success, &what, &then).show(ui);
    } else if let Some(mishap) = &log.mishap {
        notices::notice_ui(ui, "session.log-mishap", &explain::mishap(mishap, None, screen.names), None, screen.now);
    }
    act
}

/// One entry: what happened, then when, to whom, by whom and where. Out of sight only the room is kept.
fn entry_ui(ui: &mut Ui, flow: &Session, entry: &Entry) {
    let size = vec2(ui.available_width(), ROW);
    let room = eframe::egui::Rect::from_min_size(ui.cursor().min, size);
    if !ui.is_rect_visible(room) {
        ui.allocate_space(size);
        return;
    }
    let when = format!("{}, {}", local_date_text(entry.unix_secs), local_time_text(entry.unix_secs));
    let mut rest = vec![when];
    if !entry.person.is_empty() {
        rest.push(words::name_of(ui, flow, &entry.person));
    }
    if !entry.actor.is_empty() && entry.actor != entry.person {
        rest.push(tr!("log-by", name = words::name_of(ui, flow, &entry.actor)));
    }
    if !entry.desk.is_empty() {
        rest.push(entry.desk.clone());
    }
    ui.allocate_ui(size, |ui| {
        ui.set_min_height(ROW);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add(Label::new(theme::body(log_words::sentence(entry))).truncate());
        ui.add(Label::new(theme::help(rest.join(" · "))).truncate());
    });
    ui.painter().hline(room.x_range(), room.bottom(), theme::tokens(ui.ctx()).hairline_stroke());
}
