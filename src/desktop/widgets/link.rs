//! A small link, for the foot of a page; pressed like a button.

use eframe::egui::{CursorIcon, Response, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::{keys::ignore_held_keys, ring::ring};
use crate::desktop::theme::{self, style_of};

/// Words that can be pressed, in the size of the help text.
pub fn link_ui(ui: &mut Ui, text: &str) -> Response {
    let t = theme::tokens(ui.ctx());
    let font = theme::font(ui, &style_of::help());
    let words = ui.painter().layout_no_wrap(text.to_owned(), font, t.primary);
    let (rect, mut response) = ui.allocate_exact_size(words.size() + vec2(4.0, 6.0), Sense::click());
    ignore_held_keys(&mut response);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, ui.is_enabled(), text));
    let at = rect.min + vec2(2.0, 3.0);
    let base = at.y + words.size().y - 1.0;
    let across = at.x..=(at.x + words.size().x);
    ui.painter().galley(at, words, t.primary);
    if response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        ui.painter().hline(across, base, Stroke::new(1.0, t.primary));
    }
    ring(ui, &response, rect, 4);
    response
}
