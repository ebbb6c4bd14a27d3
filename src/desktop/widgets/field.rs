//! What the fields share: the label above, the box, and the lines below.

use eframe::egui::{
    self, CornerRadius, Id, Rect, Response, Shape, Stroke, StrokeKind, TextEdit, Ui, epaint::RectShape,
    text_edit::TextEditState,
};

use super::ring::ring;
use crate::desktop::art::{self, Icon};
use crate::desktop::theme::{self, RADIUS_CONTROL, space};

/// Correction of the usual distance between a label and its field.
const LABEL_GAP: f32 = -2.0;

/// A line below a field.
#[derive(Clone, Copy)]
pub(super) enum Line<'a> {
    Help(&'a str),
    Warning(&'a str),
    Error(&'a str),
}

/// The words above a field; the field is linked to them.
pub(super) fn label_ui(ui: &mut Ui, text: &str) -> Response {
    let response = ui.label(theme::label(text));
    ui.add_space(LABEL_GAP);
    response
}

/// A button beside a field starts where the field's box does, not its label.
pub fn beside_field_ui<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.vertical(|ui| {
        let font = theme::font(ui, &theme::style_of::label());
        let label = ui.fonts_mut(|fonts| fonts.row_height(&font));
        ui.add_space(label + LABEL_GAP + ui.spacing().item_spacing.y);
        content(ui)
    })
    .inner
}

/// A line below a field.
pub(super) fn line_ui(ui: &mut Ui, line: Line<'_>) {
    let t = theme::tokens(ui.ctx());
    match line {
        Line::Help(text) => {
            ui.label(theme::help(text));
        }
        Line::Warning(text) => icon_line_ui(ui, Icon::Warning, t.warning, text),
        Line::Error(text) => icon_line_ui(ui, Icon::Cross, t.danger, text),
    }
}

fn icon_line_ui(ui: &mut Ui, icon: Icon, colour: egui::Color32, text: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.spacing_mut().interact_size.y = 0.0;
        art::icon(ui, icon, colour, 20.0);
        let line = ui.add(egui::Label::new(theme::help(text).color(colour)).wrap());
        ui.ctx().accesskit_node_builder(line.id, |node| {
            node.set_live(egui::accesskit::Live::Polite);
        });
    });
}

/// How a field's border is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Border {
    Plain,
    Wrong,
}

/// The box of a field, put under the field once its place is known.
pub(super) fn box_shape(ui: &Ui, rect: Rect, border: Border) -> Shape {
    let t = theme::tokens(ui.ctx());
    let (fill, stroke) = match (ui.is_enabled(), border) {
        (false, Border::Plain | Border::Wrong) => (t.sunken, t.hairline_stroke()),
        (true, Border::Plain) => (t.surface, t.border_stroke()),
        (true, Border::Wrong) => (t.surface, Stroke::new(2.0, t.danger)),
    };
    let corner = CornerRadius::same(RADIUS_CONTROL);
    RectShape::new(rect, corner, fill, stroke, StrokeKind::Inside).into()
}

/// The ring around a focused field.
pub(super) fn field_ring(ui: &Ui, response: &Response) {
    ring(ui, response, response.rect, RADIUS_CONTROL);
}

/// Letters that a field takes: more than any answer has, and few enough to be laid out anew in every frame, however
/// often somebody pastes.
pub(super) const MOST_LETTERS: usize = 1000;

/// egui keeps every state of a text for Ctrl+Z, passwords too, and does not wipe them.
pub(super) fn forget_typing(ui: &Ui, id: Id) {
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
        state.clear_undoer();
        TextEdit::store_state(ui.ctx(), id, state);
    }
}

/// Puts the cursor behind the last character after the text was changed from outside.
pub(super) fn cursor_to_end(ui: &Ui, id: Id, characters: usize) {
    let mut state: TextEditState = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = egui::text::CCursor::new(characters);
    state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
    TextEdit::store_state(ui.ctx(), id, state);
}
