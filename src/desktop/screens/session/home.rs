//! "You're in, Maria": since when, the way to lock, spare codes left, and what may be changed.

use eframe::egui::{Align, Align2, Label, Layout, Rect, Ui, UiBuilder, Vec2, pos2};

use super::words;
use super::{Reply, happenings, practice};
use crate::adapters::clock::{local_date_text, local_time_text};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::frame::{Room, page, support_text};
use crate::desktop::screens::lock::shown_name;
use crate::desktop::theme::{self, CONTENT_WIDTH, space};
use crate::desktop::widgets::{
    Button, ChoiceCard, ChoiceState, Notice, NoticeKind, columns_ui, page_heading_ui, step_heading_ui,
};
use crate::domain::names;
use crate::domain::verify::FactorUsed;
use crate::explain;
use crate::flows::session::{Act, Change, Page, Session};
use crate::ports::EntryFilter;
use crate::tr;

/// High enough for a title and a text of two lines each: cards of a row are of one height.
const CARD: f32 = 136.0;
const FACE: f32 = 64.0;
/// From so few spare codes on the page warns.
const FEW: u8 = 2;
/// Narrower, and the button to lock stands below the name.
const BESIDE_FROM: f32 = 520.0;
/// What the button to lock takes, with a gap before it.
const LOCK_WIDTH: f32 = 200.0;

/// Shows it; `done` is the change that was just made.
pub(super) fn ui(ui: &mut Ui, flow: &Session, done: Option<&Change>, screen: &Screen<'_>) -> Option<Reply> {
    let (support, before) = (support_text(screen), before_text(flow, screen));
    let room = Room::of(ui);
    let shown = page(ui, "session.home", &support, &before).show(ui, |ui| {
        let lock = head_ui(ui, flow, room, screen);
        ui.add_space(match room {
            Room::Roomy => space::XL,
            Room::Low => space::S,
        });
        let read = happenings::ui(ui, flow, screen);
        let open = practice::home_ui(ui, flow, screen);
        notices_ui(ui, flow, done, screen);
        let act = cards_ui(ui, flow);
        if read {
            Some(Reply::Act(Act::ReadHappenings))
        } else if lock {
            Some(Reply::Lock)
        } else if open.is_some() {
            open.map(Reply::Act)
        } else {
            act.map(Reply::Act)
        }
    });
    shown.inner
}

/// Who, since when, and the button to lock; true when it was pressed.
fn head_ui(ui: &mut Ui, flow: &Session, room: Room, screen: &Screen<'_>) -> bool {
    let signed_in = &flow.signed_in;
    let name = shown_name(ui, &signed_in.name, &signed_in.person).to_owned();
    let since = tr!("in-since", time = local_time_text(signed_in.since_unix), clinic = screen.clinic);
    let all = ui.available_rect_before_wrap();
    let beside = all.width() >= BESIDE_FROM;
    let mut words = all;
    if room == Room::Roomy {
        let face = Rect::from_min_size(all.min, Vec2::splat(FACE));
        face_ui(ui, face, &names::initials(&name));
        words.min.x = face.right() + space::L;
        ui.advance_cursor_after_rect(face);
    }
    if beside {
        words.max.x -= LOCK_WIDTH;
    }
    // The words first, so that they are read first; the button keeps its room at the right.
    let mut left = ui.new_child(UiBuilder::new().max_rect(words).layout(Layout::top_down(Align::Min)));
    left.spacing_mut().item_spacing.y = space::XS;
    let title = tr!("in-title", name = names::first_name(&name));
    match room {
        Room::Roomy => page_heading_ui(&mut left, &title),
        Room::Low => step_heading_ui(&mut left, &title),
    };
    left.add(Label::new(theme::help(since)).wrap());
    let row = Rect::from_min_max(all.min, pos2(all.right(), left.min_rect().bottom().max(all.top() + FACE)));
    if !beside {
        ui.advance_cursor_after_rect(left.min_rect());
        return lock_button_ui(ui);
    }
    let mut right = ui.new_child(UiBuilder::new().max_rect(row).layout(Layout::right_to_left(Align::Center)));
    let pressed = lock_button_ui(&mut right);
    ui.advance_cursor_after_rect(left.min_rect().union(right.min_rect()));
    pressed
}

fn lock_button_ui(ui: &mut Ui) -> bool {
    let keys = if cfg!(target_os = "macos") { tr!("in-lock-hint-mac") } else { tr!("in-lock-hint") };
    ui.add(Button::secondary(&tr!("in-lock")).icon(Icon::Lock).shortcut(&keys)).clicked()
}

/// Nothing for a screen reader: the name stands beside it.
fn face_ui(ui: &Ui, rect: Rect, initials: &str) {
    let t = theme::tokens(ui.ctx());
    ui.painter().circle_filled(rect.center(), FACE / 2.0, t.primary);
    let font = theme::semibold_font(22.0);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, initials, font, t.on_primary);
}

fn notices_ui(ui: &mut Ui, flow: &Session, done: Option<&Change>, screen: &Screen<'_>) {
    let show = |ui: &mut Ui, id, kind, what: &str, then: &str| {
        Notice::new(id, kind, what, then).width(CONTENT_WIDTH).show(ui);
        ui.add_space(space::S);
    };
    if let Some(change) = done {
        let (what, then) = match change {
            Change::Phone => (tr!("new-phone-done"), tr!("new-phone-done-then", office = &screen.names.office)),
            Change::Codes => (tr!("new-codes-done"), tr!("new-codes-done-then")),
            Change::Password => (tr!("change-done"), tr!("change-done-then")),
            Change::SecondPhone(_)
            | Change::RemovePhone(_)
            | Change::Add { .. }
            | Change::Reset(_)
            | Change::Remove(_)
            | Change::Role(..)
            | Change::DayPass(_)
            | Change::Settings(_)
            | Change::Number
            | Change::Gateway(..)
            | Change::TestText(_)
            | Change::Practice(_)
            | Change::Key(_)
            | Change::RotateKey(_)
            | Change::ClinicKey
            | Change::Restore(_) => words::done_texts(ui, change, flow),
        };
        show(ui, "session.done", NoticeKind::Success, &what, &then);
    } else if flow.signed_in.by == FactorUsed::Recovery {
        show(ui, "session.spare", NoticeKind::Info, &tr!("in-by-spare"), &tr!("in-by-spare-then"));
    }
    if let Some(failure) = &flow.no_backup {
        let why = explain::failure(failure, screen.names);
        let then = format!("{} {}", why.what.get(), why.todo.get());
        show(ui, "session.no-backup", NoticeKind::Warning, &tr!("in-no-backup"), &then);
    }
    let left = flow.signed_in.recovery_left;
    if left <= FEW {
        let then = if left == 0 { tr!("in-spare-none-then") } else { tr!("in-spare-low") };
        show(ui, "session.few", NoticeKind::Warning, &tr!("in-spare-left", count = left), &then);
    }
}

/// What there is to do, and for managers the clinic's pages.
fn cards_ui(ui: &mut Ui, flow: &Session) -> Option<Act> {
    let signed_in = &flow.signed_in;
    let password_help = tr!("in-password-changed", date = local_date_text(signed_in.password_unix));
    let mut cards = vec![
        (Act::Begin(Change::Phone), Icon::Phone, tr!("in-new-phone"), tr!("in-new-phone-help")),
        (
            Act::Begin(Change::Codes),
            Icon::File,
            tr!("in-new-codes"),
            tr!("in-new-codes-help", count = signed_in.recovery_left),
        ),
        (Act::Begin(Change::Password), Icon::Key, tr!("in-change-password"), password_help),
        (Act::Go(Page::Phones), Icon::Phone, tr!("phones-title"), tr!("phones-help")),
    ];
    if flow.is_manager() {
        cards.extend([
            (Act::Go(Page::People), Icon::Users, tr!("people-title"), words::people_summary(flow)),
            (Act::Go(Page::Practice), Icon::Lock, tr!("practice-title"), tr!("practice-help")),
            (Act::Go(Page::Settings), Icon::Settings, tr!("settings-title"), tr!("settings-help")),
            (Act::Log(EntryFilter::default()), Icon::Log, tr!("log-title"), tr!("log-help")),
        ]);
    }
    let (count, mut cards) = (cards.len(), cards.into_iter());
    let mut pressed = None;
    columns_ui(ui, count, 200.0, |ui, _| {
        let Some((act, icon, title, text)) = cards.next() else { return };
        let card =
            ChoiceCard { icon: Some(icon), title: &title, text: &text, state: ChoiceState::Action, min_height: CARD };
        if card.show(ui).clicked() {
            pressed = Some(act);
        }
    });
    pressed
}

/// "Last sign-in: yesterday, 17:31"; nothing at the first.
fn before_text(flow: &Session, screen: &Screen<'_>) -> String {
    const DAY_SECS: i64 = 86_400;
    let Some(before) = flow.signed_in.before_unix else { return String::new() };
    let (time, date) = (local_time_text(before), local_date_text(before));
    let now = screen.now.unix_secs;
    if date == local_date_text(now) {
        tr!("in-before-today", time = time)
    } else if date == local_date_text(now.saturating_sub(DAY_SECS)) {
        tr!("in-before-yesterday", time = time)
    } else {
        tr!("in-before", date = date, time = time)
    }
}
