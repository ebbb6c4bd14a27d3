//! Cards: one to choose, one to hold things.

use eframe::egui::{
    Color32, CursorIcon, Frame, InnerResponse, Label, Margin, Response, Role, Sense, Stroke, StrokeKind, TextStyle, Ui,
    UiBuilder, Vec2, WidgetInfo, pos2, text::LayoutJob, vec2,
};

use super::{keys::ignore_held_keys, ring::ring};
use crate::desktop::art::{self, Icon};
use crate::desktop::theme::{self, RADIUS_CARD, space, style_of};

const ICON: f32 = 20.0;

/// Whether a card is chosen, can be, or cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceState {
    /// The chosen one of several.
    Chosen,
    /// One of several that can be chosen.
    Open,
    /// Cannot be chosen; its text says why.
    Off,
    /// Not one of several: pressing it goes somewhere.
    Action,
}

/// A card that is pressed.
#[derive(Clone, Copy, Debug)]
#[must_use = "a card is shown with `show`"]
pub struct ChoiceCard<'a> {
    /// Before the title.
    pub icon: Option<Icon>,
    /// What is chosen, or done.
    pub title: &'a str,
    /// One sentence about it.
    pub text: &'a str,
    /// Whether it can be pressed.
    pub state: ChoiceState,
    /// For cards in a row to be of one height.
    pub min_height: f32,
}

impl ChoiceCard<'_> {
    /// Shows it over the whole width.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui.ctx());
        let pad = vec2(22.0, 20.0);
        let width = ui.available_width().max(100.0);
        let icon_width = if self.icon.is_some() { ICON + 10.0 } else { 0.0 };
        let off = self.state == ChoiceState::Off;
        let title_colour = if off { t.muted } else { t.text };
        let lay_out = |text: &str, style: TextStyle, colour: Color32, room: f32| {
            let font = theme::font(ui, &style);
            let mut job = LayoutJob::simple(text.to_owned(), font, colour, room.max(40.0));
            for section in &mut job.sections {
                section.format.line_height = Some(theme::HELP_LINE);
            }
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let room = width - 2.0 * pad.x;
        let title = lay_out(self.title, style_of::strong(), title_colour, room - icon_width);
        let text = lay_out(self.text, style_of::help(), t.muted, room);
        let title_height = title.size().y.max(ICON);
        let below = if self.text.is_empty() { 0.0 } else { space::S + text.size().y };
        let height = 2.0 * pad.y + title_height + below;
        let sense = if off { Sense::hover() } else { Sense::click() };
        let size = vec2(width, height.max(self.min_height));
        let (rect, mut response) = ui.allocate_exact_size(size, sense);
        ignore_held_keys(&mut response);
        let name = if self.text.is_empty() { self.title.to_owned() } else { format!("{}. {}", self.title, self.text) };
        let chosen = self.state == ChoiceState::Chosen;
        response.widget_info(|| match self.state {
            ChoiceState::Chosen | ChoiceState::Open | ChoiceState::Off => {
                WidgetInfo::selected(Role::RadioButton, !off, chosen, &name)
            }
            ChoiceState::Action => WidgetInfo::labeled(Role::Button, true, &name),
        });
        if response.hovered() && !off {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        }
        let hovered = response.hovered();
        let (fill, stroke) = match self.state {
            ChoiceState::Chosen => (t.selection, t.chosen_stroke()),
            ChoiceState::Off => (theme::UNSEEN, t.hairline_stroke()),
            ChoiceState::Open | ChoiceState::Action if hovered => (t.surface, Stroke::new(t.border_width, t.primary)),
            ChoiceState::Open | ChoiceState::Action => (t.surface, t.hairline_stroke()),
        };
        ui.painter().rect(rect, RADIUS_CARD, fill, stroke, StrokeKind::Inside);
        let at = rect.min + pad;
        if let Some(icon) = self.icon {
            let top = at.y + (title.size().y.min(26.0) - ICON) / 2.0;
            let icon_rect = eframe::egui::Rect::from_min_size(pos2(at.x, top), Vec2::splat(ICON));
            let colour = if off { t.muted } else { t.primary };
            art::paint_icon(ui, icon_rect, icon, colour);
        }
        ui.painter().galley(at + vec2(icon_width, 0.0), title, title_colour);
        ui.painter().galley(at + vec2(0.0, title_height + space::S), text, t.muted);
        ring(ui, &response, rect, RADIUS_CARD);
        response
    }
}

/// A strong line and a small one below it that belongs to it.
pub fn pair_ui(ui: &mut Ui, title: &str, text: &str) -> Response {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let title = ui.add(Label::new(theme::strong(title)).wrap());
        ui.add(Label::new(theme::help(text)).wrap());
        title
    })
    .inner
}

/// A white card that holds things.
pub fn card_ui<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = theme::tokens(ui.ctx());
    Frame::NONE
        .fill(t.surface)
        .stroke(t.hairline_stroke())
        .corner_radius(RADIUS_CARD)
        .inner_margin(Margin::symmetric(24, 20))
        .show(ui, content)
}

/// A sunken card, for text to copy.
pub fn sunken_ui<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = theme::tokens(ui.ctx());
    let stroke = match t.theme {
        theme::Theme::Light => Stroke::NONE,
        theme::Theme::Dark | theme::Theme::HighContrast => t.hairline_stroke(),
    };
    Frame::NONE
        .fill(t.sunken)
        .stroke(stroke)
        .corner_radius(RADIUS_CARD)
        .inner_margin(Margin::symmetric(24, 16))
        .show(ui, content)
}

/// Lays `count` things out in as many equal columns as fit, each at least `min_width` wide.
pub fn columns_ui(ui: &mut Ui, count: usize, min_width: f32, mut each: impl FnMut(&mut Ui, usize)) {
    let gap = space::L;
    let width = ui.available_width();
    // The most columns that are still wide enough; one where none is.
    let wide_enough = |columns: &usize| *columns as f32 * (min_width + gap) <= width + gap;
    let columns = (1..=count.max(1)).rev().find(wide_enough).unwrap_or(1);
    let column = (width - gap * (columns - 1) as f32) / columns as f32;
    let mut top = ui.cursor().top();
    for row in 0..count.div_ceil(columns) {
        let mut bottom = top;
        for index in (row * columns)..((row + 1) * columns).min(count) {
            let left = ui.max_rect().left() + (index % columns) as f32 * (column + gap);
            let rect = eframe::egui::Rect::from_min_size(pos2(left, top), vec2(column, 0.0));
            let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(index));
            each(&mut child, index);
            bottom = bottom.max(child.min_rect().bottom());
        }
        // Below the tallest of the row, whichever that is.
        let whole = eframe::egui::Rect::from_min_max(
            pos2(ui.max_rect().left(), top),
            pos2(ui.max_rect().left() + width, bottom),
        );
        ui.advance_cursor_after_rect(whole);
        top = bottom + gap;
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;

    /// Whichever column is the tallest, what follows stands below it; in rows, and where only one column fits.
    #[test]
    fn what_follows_columns_stands_below_the_tallest() {
        for width in [900.0, 250.0] {
            for tall in 0..3 {
                let show = move |ui: &mut Ui| {
                    columns_ui(ui, 3, 200.0, |ui, index| {
                        let height = if index == tall { 120.0 } else { 20.0 };
                        ui.allocate_space(vec2(50.0, height));
                        ui.label(format!("column {index}"));
                    });
                    ui.label("below");
                };
                let harness = Harness::builder().with_size(vec2(width, 900.0)).build_ui(show);
                let bottom = |label: &str| harness.get_by_label(label).rect().bottom();
                let lowest = (0..3).map(|index| bottom(&format!("column {index}"))).fold(0.0, f32::max);
                let top = harness.get_by_label("below").rect().top();
                assert!(top > lowest, "{width}, column {tall}: {top} is not below {lowest}");
            }
        }
    }
}
