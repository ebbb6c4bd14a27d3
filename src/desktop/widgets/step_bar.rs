//! The step bar: what is done, where we are, what is to come.

use eframe::egui::{Align2, Color32, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::desktop::theme::{self, Tokens, space, style_of};

const RADIUS: f32 = 14.0;
const HALO: f32 = 18.0;
const PITCH: f32 = 62.0;

/// Where we are among the steps.
#[derive(Clone, Copy, Debug)]
#[must_use = "a step bar is shown with `show`"]
pub struct StepBar<'a> {
    /// The step we are at, from 1.
    pub at: usize,
    /// How many steps there are.
    pub of: usize,
    /// "Step 5 of 7", at the right.
    pub words: &'a str,
    /// What a screen reader says; the words and the step's name.
    pub name: &'a str,
}

impl StepBar<'_> {
    /// Shows it over the whole width.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui.ctx());
        let font = theme::font(ui, &style_of::help());
        let words = ui.painter().layout_no_wrap(self.words.to_owned(), font, t.muted);
        let size = vec2(ui.available_width(), 2.0 * HALO);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, self.name));
        let words_at = Align2::RIGHT_CENTER.align_size_within_rect(words.size(), rect);
        let room = rect.width() - words.size().x - space::XL - 2.0 * RADIUS;
        let pitch = (room / self.of.saturating_sub(1).max(1) as f32).min(PITCH);
        // Dots that touch say nothing; the words still do.
        if pitch >= 2.0 * RADIUS + 6.0 {
            for step in 1..=self.of {
                let x = rect.left() + RADIUS + (step - 1) as f32 * pitch;
                self.paint_step(ui, step, pos2(x, rect.center().y), pitch, t);
            }
            ui.painter().galley(words_at.min, words, t.muted);
        } else {
            let at = Align2::LEFT_CENTER.align_size_within_rect(words.size(), rect);
            ui.painter().galley(at.min, words, t.muted);
        }
        response
    }

    fn paint_step(self, ui: &Ui, step: usize, centre: eframe::egui::Pos2, pitch: f32, t: &Tokens) {
        let painter = ui.painter();
        if step < self.of {
            let colour = if step < self.at { t.primary } else { t.hairline };
            let from = centre.x + RADIUS + 3.0;
            let to = centre.x + pitch - RADIUS - 3.0;
            painter.hline(from..=to, centre.y, Stroke::new(2.0, colour));
        }
        let number = |colour: Color32| {
            let font = theme::semibold_font(15.0);
            painter.text(centre, Align2::CENTER_CENTER, step, font, colour);
        };
        match step.cmp(&self.at) {
            std::cmp::Ordering::Less => {
                painter.circle_filled(centre, RADIUS, t.primary);
                let tick = [vec2(-5.0, 0.2), vec2(-1.6, 3.6), vec2(5.0, -3.4)];
                let points = tick.map(|offset| centre + offset).to_vec();
                painter.line(points, Stroke::new(2.2, t.on_primary));
            }
            std::cmp::Ordering::Equal => {
                painter.circle_filled(centre, HALO, t.selection);
                painter.circle(centre, RADIUS - 1.0, t.surface, t.chosen_stroke());
                number(t.primary);
            }
            std::cmp::Ordering::Greater => {
                let line = Stroke::new(t.border_width.max(1.5), t.hairline);
                painter.circle(centre, RADIUS - 1.0, t.surface, line);
                number(t.muted);
            }
        }
    }
}
