//! Step 5: the square, and what to do when it won't scan.

use eframe::egui::{Align, Label, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use zeroize::Zeroizing;

use super::phone_steps::digits_typed;
use super::surroundings::{Around, app_name};
use super::{Act, Enrolment, Fields, Focus, Screen};
use crate::adapters::clipboard::ClipboardEvent;
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::services::{COPIED_FOR, Services};
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{
    Button, ButtonState, Modules, Notice, NoticeKind, card_ui, key_ui, pair_ui, qr_ui, title_ui,
};
use crate::domain::square::{Square, SquareError};
use crate::effects::PhoneOffer;
use crate::flows::enrolment::App;
use crate::tr;

/// What stands beside the square needs this much room, or it goes below.
const BESIDE: f32 = 250.0;
/// The usual square with its border, and a larger one for a worn camera.
const LARGER: f32 = 330.0;
/// A page that is lower than this has no room for a heading above the square.
const LOW: f32 = 400.0;
/// The white border at both sides, in modules.
const QUIET: usize = 8;

pub(super) fn square_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    wont_scan: bool,
    fields: &mut Fields,
    screen: &mut Screen<'_>,
    focus: Focus,
) -> Option<Act> {
    let Some(offer) = flow.offer() else { return Some(Act::Back) };
    let title = tr!("wizard-square-title");
    let around = Around::new(flow, &title, screen);
    let shows = tr!("wizard-square-shows-digits");
    let drawn = tr!("drawn-square");
    let words = [drawn.as_str()];
    // With the key as text the page needs the drawing's room.
    let key_shown = wont_scan || offer.square.is_err();
    let frame = if key_shown {
        around.frame("wont-scan").whole_width()
    } else {
        around.drawn("square", Drawing::Square, &words)
    };
    let answer = frame.next(&shows, ButtonState::Ready).focus_next(focus == Focus::Primary).show(ui, |ui| {
        match (&offer.square, wont_scan) {
            (Ok(square), false) => scan_ui(ui, &title, square, offer),
            (Ok(square), true) => wont_scan_ui(ui, square, flow.app, offer, screen.services),
            (Err(err), true | false) => no_square_ui(ui, *err, flow.app, offer, screen.services),
        }
    });
    if digits_typed(ui.ctx(), fields) {
        return Some(Act::TypesDigits);
    }
    if answer.back {
        // From the larger square, back to the usual one first.
        return Some(if wont_scan && offer.square.is_ok() { Act::WontScan } else { Act::Back });
    }
    if answer.inner {
        return Some(Act::WontScan);
    }
    answer.next.then_some(Act::Next)
}

fn scan_ui(ui: &mut Ui, title: &str, square: &Square, offer: &PhoneOffer) -> bool {
    // The height seen does not change with scrolling.
    let height = ui.clip_rect().height();
    // On a low page the heading stands beside the square too: a phone reads none of which a part is out of sight.
    let low = height < LOW && ui.available_width() >= height + space::XXL + BESIDE;
    let (mut title_above, mut title_beside) = (Some(title), None);
    if low {
        std::mem::swap(&mut title_above, &mut title_beside);
    }
    let title_of = |ui: &mut Ui, title: Option<&str>| {
        if let Some(title) = title {
            title_ui(ui, title, &tr!("wizard-square-text"));
        }
    };
    title_of(ui, title_above);
    let side = low.then(|| fitting(square, height, ui.ctx().pixels_per_point()));
    side_by_side_ui(
        ui,
        |ui| paint_square_ui(ui, square, side, &tr!("wizard-square-name")),
        |ui| {
            title_of(ui, title_beside);
            entry_ui(ui, offer);
            ui.add_space(space::S);
            ui.add(Button::secondary(&tr!("wizard-square-wont-scan")).icon(Icon::Maximize)).clicked()
        },
    )
}

/// The side to ask for so that the square, on whole pixels, stays within that height.
fn fitting(square: &Square, height: f32, scale: f32) -> f32 {
    // What is asked for is rounded to the nearest number of pixels a module: half a module less never rounds up past it.
    height - 2.0 * space::S - 0.5 * (square.width() + QUIET) as f32 / scale
}

/// What the phone will show, so that nobody has to guess which entry it is.
fn entry_ui(ui: &mut Ui, offer: &PhoneOffer) {
    ui.label(theme::label(tr!("wizard-square-entry")));
    ui.add_space(-space::XS);
    card_ui(ui, |ui| {
        ui.set_min_width((BESIDE - 48.0).min(ui.available_width()));
        pair_ui(ui, &offer.issuer, &offer.account);
    });
}

fn wont_scan_ui(ui: &mut Ui, square: &Square, app: App, offer: &PhoneOffer, services: &mut Services) -> bool {
    title_ui(ui, &tr!("wizard-wont-title"), "");
    let mut smaller = false;
    side_by_side_ui(
        ui,
        |ui| {
            let width = paint_square_ui(ui, square, Some(LARGER), &tr!("wizard-square-name"));
            smaller = ui.add(Button::secondary(&tr!("wizard-wont-smaller"))).clicked();
            width
        },
        |ui| {
            ui.set_max_width(FORM_WIDTH.min(ui.available_width()));
            ui.add(Label::new(theme::body(tr!("wizard-wont-try"))).wrap());
            ui.add(Label::new(theme::help(tr!("wizard-wont-unsupported", app = app_name(app)))).wrap());
            ui.add_space(space::S);
            key_by_hand_ui(ui, app, offer, services);
        },
    );
    smaller
}

fn no_square_ui(ui: &mut Ui, err: SquareError, app: App, offer: &PhoneOffer, services: &mut Services) -> bool {
    title_ui(ui, &tr!("wizard-key-by-hand-title"), "");
    let what = match err {
        SquareError::TooLong { .. } => tr!("err-names-too-long"),
        SquareError::NotReadable => tr!("err-square-unreadable"),
    };
    Notice::new("no-square", NoticeKind::Warning, &what, &tr!("wizard-key-by-hand")).show(ui);
    ui.add_space(space::M);
    key_by_hand_ui(ui, app, offer, services);
    false
}

/// The key as text, what to tap to type it, and what else the app asks for.
fn key_by_hand_ui(ui: &mut Ui, app: App, offer: &PhoneOffer, services: &mut Services) {
    let how = match app {
        App::Google => tr!("wizard-wont-type-google"),
        App::Microsoft => tr!("wizard-wont-type-microsoft"),
        App::Authy => tr!("wizard-wont-type-authy"),
        App::Other => tr!("wizard-wont-type-other"),
    };
    ui.add(Label::new(theme::strong(how)).wrap());
    ui.add_space(space::XS);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = 0.0;
        ui.horizontal_wrapped(|ui| {
            ui.label(theme::strong(tr!("wizard-wont-account")));
            ui.add(Label::new(theme::body(format!("{} {}", offer.issuer, offer.account))).wrap().selectable(true));
        });
    });
    ui.label(theme::label(tr!("wizard-wont-key")));
    ui.add_space(-space::XS);
    ui.horizontal_wrapped(|ui| {
        key_ui(ui, offer.key.expose());
        ui.add_space(space::S);
        if ui.add(Button::secondary(&tr!("copy")).icon(Icon::Copy)).clicked() {
            services.copy(offer.key.duplicate());
        }
    });
    {
        let said = match services.copied() {
            Some(ClipboardEvent::Copied) => tr!("copied", seconds = COPIED_FOR.as_secs()),
            Some(ClipboardEvent::Cleared) => tr!("copied-cleared"),
            Some(ClipboardEvent::Refused) => format!("{} {}", tr!("err-clipboard"), tr!("do-clipboard")),
            Some(ClipboardEvent::LeftAlone) | None => tr!("wizard-wont-key-private"),
        };
        ui.add(Label::new(theme::help(format!("{said} {}", tr!("wizard-wont-kind")))).wrap());
    }
}

/// The square and what belongs to it side by side, or one below the other where there is little room.
fn side_by_side_ui<R>(ui: &mut Ui, left: impl FnOnce(&mut Ui) -> f32, right: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    let mut first = ui.new_child(UiBuilder::new().max_rect(room).layout(Layout::top_down(Align::Min)));
    let width = left(&mut first);
    let used = first.min_rect();
    let rest = room.width() - width - space::XXL;
    if rest < BESIDE {
        ui.advance_cursor_after_rect(used);
        ui.add_space(space::S);
        return right(ui);
    }
    let at = Rect::from_min_size(pos2(room.left() + width + space::XXL, room.top()), vec2(rest, room.height()));
    let mut second = ui.new_child(UiBuilder::new().max_rect(at).layout(Layout::top_down(Align::Min)));
    let inner = right(&mut second);
    ui.advance_cursor_after_rect(used.union(second.min_rect()));
    inner
}

/// A square on its white card; its width.
pub(super) fn paint_square_ui(ui: &mut Ui, square: &Square, side: Option<f32>, name: &str) -> f32 {
    let width = square.width();
    // The pattern is as secret as the key: this copy is wiped with the frame.
    let dark: Zeroizing<Vec<bool>> =
        Zeroizing::new((0..width * width).map(|at| square.is_dark(at % width, at / width)).collect());
    Modules::new(&dark, width).map_or(0.0, |modules| qr_ui(ui, modules, side, name).rect.width())
}
