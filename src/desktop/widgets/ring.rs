//! The focus ring: the same around everything that can be reached with Tab.

use eframe::egui::{CornerRadius, Rect, Response, Stroke, StrokeKind, Ui};

use crate::desktop::theme;

const GAP_POINTS: u8 = 2;
const GAP: f32 = GAP_POINTS as f32;
const WIDTH: f32 = 2.0;

/// Paints the ring around `rect` when `response` has the focus.
pub(super) fn ring(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() {
        let colour = theme::tokens(ui.ctx()).focus;
        // The ring lies outside the widget, where a clip rectangle drawn tightly around
        // the widget would cut it off.
        ui.painter().with_clip_rect(ui.clip_rect().expand(GAP + WIDTH)).rect_stroke(
            rect.expand(GAP),
            CornerRadius::same(radius.saturating_add(GAP_POINTS)),
            Stroke::new(WIDTH, colour),
            StrokeKind::Outside,
        );
    }
}
