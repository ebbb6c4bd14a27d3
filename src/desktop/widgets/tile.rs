//! A person's tile: initials, name, a small line below.

use eframe::egui::{
    Align2, CursorIcon, FontId, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2, text::LayoutJob, vec2,
};

use super::{keys::ignore_held_keys, ring::ring};
use crate::desktop::art::{self, Icon};
use crate::desktop::theme::{self, RADIUS_CARD, space, style_of};

const WIDTH: f32 = 136.0;

/// The measures of a tile.
#[derive(Clone, Copy)]
struct Measures {
    height: f32,
    pad: f32,
    circle: f32,
    name_at: f32,
    initials: f32,
}

const ROOMY: Measures = Measures { height: 138.0, pad: 18.0, circle: 32.0, name_at: 108.0, initials: 22.0 };
/// At 200 % on a small screen the fields below the tiles must still be in sight.
const LOW: Measures = Measures { height: 88.0, pad: 8.0, circle: 21.0, name_at: 68.0, initials: 16.0 };
const LOW_BELOW: f32 = 520.0;

impl Measures {
    fn of(ui: &Ui) -> Self {
        if ui.ctx().content_rect().height() < LOW_BELOW { LOW } else { ROOMY }
    }
}

/// What stands in a tile's circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face<'a> {
    /// A person's initials.
    Initials(&'a str),
    /// A plus in a dashed circle: somebody not there yet.
    New,
}

/// Whether a tile is the chosen one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileState {
    /// It is.
    Chosen,
    /// Another one is, or none.
    Open,
}

/// A person's tile.
#[derive(Clone, Copy, Debug)]
#[must_use = "a tile is shown with `show`"]
pub struct Tile<'a> {
    /// What stands in the circle.
    pub face: Face<'a>,
    /// The person's name, or what the tile does.
    pub name: &'a str,
    /// A small line below the name; may be empty.
    pub below: &'a str,
    /// Whether it is the chosen one.
    pub state: TileState,
}

impl Tile<'_> {
    /// The width of every tile.
    pub const WIDTH: f32 = WIDTH;

    /// Shows it; clicked when the person chooses it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui.ctx());
        let m = Measures::of(ui);
        let below = if self.below.is_empty() { 0.0 } else { 20.0 };
        let size = vec2(WIDTH, m.height + below);
        let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
        ignore_held_keys(&mut response);
        let chosen = self.state == TileState::Chosen;
        response.widget_info(|| match self.face {
            Face::Initials(_) => WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), chosen, self.name),
            Face::New => WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name),
        });
        if response.hovered() {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        }
        if !ui.is_rect_visible(rect) {
            return response;
        }
        if chosen {
            let stroke = t.chosen_stroke();
            ui.painter().rect(rect, RADIUS_CARD, t.surface, stroke, StrokeKind::Inside);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, RADIUS_CARD, t.selection);
        }
        let centre = pos2(rect.center().x, rect.top() + m.pad + m.circle);
        self.paint_face(ui, centre, m, response.hovered() && !chosen);
        let name_font = if chosen { style_of::strong() } else { style_of::body() };
        let name_at = pos2(rect.center().x, rect.top() + m.name_at);
        let colour = if self.face == Face::New { t.muted } else { t.text };
        one_line(ui, name_at, self.name, theme::font(ui, &name_font), colour);
        if !self.below.is_empty() {
            let at = name_at + vec2(0.0, 24.0);
            one_line(ui, at, self.below, theme::font(ui, &style_of::help()), t.muted);
        }
        ring(ui, &response, rect, RADIUS_CARD);
        response
    }

    fn paint_face(self, ui: &Ui, centre: Pos2, m: Measures, hovered: bool) {
        let t = theme::tokens(ui.ctx());
        let painter = ui.painter();
        match self.face {
            Face::Initials(initials) => {
                let (fill, text) = match (self.state, hovered) {
                    (TileState::Chosen, true | false) => (t.primary, t.on_primary),
                    (TileState::Open, false) => (t.selection, t.text),
                    (TileState::Open, true) => (t.surface, t.text),
                };
                painter.circle_filled(centre, m.circle, fill);
                let font = theme::semibold_font(m.initials);
                painter.text(centre, Align2::CENTER_CENTER, initials, font, text);
            }
            Face::New => {
                let ring: Vec<Pos2> = (0..=96_u8)
                    .map(|step| {
                        let angle = f32::from(step) / 96.0 * std::f32::consts::TAU;
                        centre + (m.circle - 1.0) * Vec2::angled(angle)
                    })
                    .collect();
                let stroke = Stroke::new(2.0, t.border);
                painter.extend(Shape::dashed_line(&ring, stroke, 5.0, 4.0));
                let at = Rect::from_center_size(centre, Vec2::splat(20.0));
                art::paint_icon(ui, at, Icon::Plus, t.text);
            }
        }
    }
}

/// One line in a tile; a long name ends in an ellipsis, the whole is in the accessible name.
fn one_line(ui: &Ui, centre: Pos2, text: &str, font: FontId, colour: eframe::egui::Color32) {
    let room = WIDTH - 2.0 * space::S;
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(room);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let at = Align2::CENTER_CENTER.anchor_size(centre, galley.size());
    ui.painter().galley(at.min, galley, colour);
}
