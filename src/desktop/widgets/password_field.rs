//! A password: masked, with a way to look at it, and no history kept of the typing.

use eframe::egui::{
    Align2, CursorIcon, Frame, Id, Margin, Rect, Response, Role, Sense, Shape, TextEdit, Ui, Vec2, WidgetInfo, pos2,
    vec2,
};

use super::field::{self, Border, Line};
use super::{keys::ignore_held_keys, ring::ring};
use crate::desktop::art::{self, Icon};
use crate::desktop::theme::{self, CONTROL_HEIGHT, FORM_WIDTH, space, style_of};
use crate::domain::secret::SecretText;

const ICON: f32 = 20.0;

/// A password.
#[must_use = "a field is shown with `show`"]
pub struct PasswordField<'a> {
    id: &'static str,
    label: &'a str,
    text: &'a mut SecretText,
    show: &'a str,
    hide: &'a str,
    help: Option<&'a str>,
    warning: Option<&'a str>,
    error: Option<&'a str>,
    width: f32,
}

impl<'a> PasswordField<'a> {
    /// `show` and `hide` are the toggle's words; its accessible name adds the label.
    pub fn new(id: &'static str, label: &'a str, text: &'a mut SecretText, show: &'a str, hide: &'a str) -> Self {
        let (help, warning, error) = (None, None, None);
        Self { id, label, text, show, hide, help, warning, error, width: FORM_WIDTH }
    }

    /// The id, for asking for the focus.
    #[must_use]
    pub fn id(id: &'static str) -> Id {
        Id::unique(id)
    }

    /// Masks the text again; called when the person leaves the page.
    pub fn mask(ctx: &eframe::egui::Context, id: &'static str) {
        ctx.data_mut(|data| data.remove::<bool>(Id::unique(id).with("shown")));
    }

    /// Shows what stands in the field: a suggestion is there to be read.
    pub fn unmask(ctx: &eframe::egui::Context, id: &'static str) {
        ctx.data_mut(|data| data.insert_temp(Id::unique(id).with("shown"), true));
    }

    /// A line below.
    pub fn help(mut self, text: &'a str) -> Self {
        self.help = Some(text);
        self
    }

    /// "Caps Lock is on", below.
    pub fn warning(mut self, text: Option<&'a str>) -> Self {
        self.warning = text;
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

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> Response {
        ui.vertical(|ui| {
            let id = Self::id(self.id);
            let shown_id = id.with("shown");
            let shown = ui.data(|data| data.get_temp(shown_id)).unwrap_or(false);
            let word = if shown { self.hide } else { self.show };
            let font = theme::font(ui, &style_of::help());
            let t = theme::tokens(ui.ctx());
            let words = ui.painter().layout_no_wrap(word.to_owned(), font, t.muted);
            let toggle_width = ICON + space::XS + words.size().x + 2.0 * space::S;

            let label = field::label_ui(ui, self.label);
            let under = ui.painter().add(Shape::Noop);
            let width = self.width.min(ui.available_width());
            #[expect(clippy::cast_possible_truncation, reason = "whole points between 0 and 120")]
            let right = (toggle_width + space::M).clamp(0.0, 120.0) as i8;
            let edit = TextEdit::singleline(self.text.edit())
                .id(id)
                .password(!shown)
                .frame(Frame::NONE.inner_margin(Margin { left: 16, right, top: 4, bottom: 4 }))
                .min_size(vec2(0.0, CONTROL_HEIGHT + 4.0))
                .align(Align2::LEFT_CENTER)
                .desired_width(width)
                .char_limit(field::MOST_LETTERS)
                .return_key(None);
            let response = ui.add(edit).labelled_by(label.id);
            let border = if self.error.is_some() { Border::Wrong } else { Border::Plain };
            ui.painter().set(under, field::box_shape(ui, response.rect, border));
            field::forget_typing(ui, id);
            field::field_ring(ui, &response);

            let field_rect = response.rect;
            let toggle_rect = Rect::from_min_max(
                pos2(field_rect.right() - toggle_width - 6.0, field_rect.top() + 6.0),
                pos2(field_rect.right() - 6.0, field_rect.bottom() - 6.0),
            );
            let mut toggle = ui.interact(toggle_rect, id.with("toggle"), Sense::click());
            ignore_held_keys(&mut toggle);
            toggle.widget_info(|| {
                let name = format!("{word}: {}", self.label);
                WidgetInfo::selected(Role::Button, ui.is_enabled(), shown, name)
            });
            if toggle.clicked() {
                ui.data_mut(|data| data.insert_temp(shown_id, !shown));
            }
            let colour = if toggle.hovered() { t.primary } else { t.muted };
            if toggle.hovered() {
                ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
            }
            let content = toggle_rect.shrink2(vec2(space::S, 0.0));
            let icon = if shown { Icon::EyeOff } else { Icon::Eye };
            let at = Align2::LEFT_CENTER.align_size_within_rect(Vec2::splat(ICON), content);
            art::paint_icon(ui, at, icon, colour);
            let at = Align2::RIGHT_CENTER.align_size_within_rect(words.size(), content);
            ui.painter().galley_with_override_text_color(at.min, words, colour);
            ring(ui, &toggle, toggle_rect, 4);

            if let Some(text) = self.warning {
                field::line_ui(ui, Line::Warning(text));
            }
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
