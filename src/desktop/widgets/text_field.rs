//! A line of plain text, or a few that belong to one, with its label, its help and its error.

use eframe::egui::{Align2, Frame, Id, Margin, Response, Shape, TextEdit, Ui, vec2};

use super::field::{self, Border, Line};
use crate::desktop::theme::{CONTROL_HEIGHT, FORM_WIDTH, style_of};

/// A line of plain text.
#[must_use = "a field is shown with `show`"]
pub struct TextField<'a> {
    id: &'static str,
    label: &'a str,
    text: &'a mut String,
    help: Option<&'a str>,
    error: Option<&'a str>,
    width: f32,
    rows: usize,
    style: eframe::egui::TextStyle,
}

impl<'a> TextField<'a> {
    /// `id` is constant; the label is linked to the field.
    pub fn new(id: &'static str, label: &'a str, text: &'a mut String) -> Self {
        let style = style_of::body();
        Self { id, label, text, help: None, error: None, width: FORM_WIDTH, rows: 1, style }
    }

    /// The id, for asking for the focus.
    #[must_use]
    pub fn id(id: &'static str) -> Id {
        Id::unique(id)
    }

    /// A line below, when there is no error.
    pub fn help(mut self, text: &'a str) -> Self {
        self.help = Some(text);
        self
    }

    /// What is wrong and what to do, below.
    pub fn error(mut self, text: Option<&'a str>) -> Self {
        self.error = text;
        self
    }

    /// The widest it becomes.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// So many rows for a line that may be long. It stays one line: Enter goes on, as everywhere.
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// For keys and spare codes: the face in which 0 and O differ.
    pub fn mono(mut self) -> Self {
        self.style = style_of::key();
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> Response {
        ui.vertical(|ui| {
            let label = field::label_ui(ui, self.label);
            let under = ui.painter().add(Shape::Noop);
            let width = self.width.min(ui.available_width());
            let tall = self.rows > 1;
            let edit = if tall { TextEdit::multiline(self.text) } else { TextEdit::singleline(self.text) };
            let edit = edit
                .id(Self::id(self.id))
                .font(self.style)
                .frame(Frame::NONE.inner_margin(Margin::symmetric(16, if tall { 10 } else { 4 })))
                .min_size(vec2(0.0, CONTROL_HEIGHT + 4.0))
                .align(if tall { Align2::LEFT_TOP } else { Align2::LEFT_CENTER })
                .desired_rows(self.rows)
                .desired_width(width)
                .char_limit(field::MOST_LETTERS)
                .return_key(None);
            let response = ui.add(edit).labelled_by(label.id);
            let border = if self.error.is_some() { Border::Wrong } else { Border::Plain };
            ui.painter().set(under, field::box_shape(ui, response.rect, border));
            field::field_ring(ui, &response);
            match (self.error, self.help) {
                (Some(error), Some(_) | None) => field::line_ui(ui, Line::Error(error)),
                (None, Some(help)) => field::line_ui(ui, Line::Help(help)),
                (None, None) => {}
            }
            response
        })
        .inner
    }
}
