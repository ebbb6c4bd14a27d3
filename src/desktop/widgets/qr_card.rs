//! The square a phone scans: black on white in every theme, on whole pixels.

use eframe::egui::{
    Color32, Mesh, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    emath::GuiRounding as _, vec2,
};

use crate::desktop::theme::{self, QR_INK, QR_PAPER, RADIUS_CONTROL};

/// The quiet zone the standard asks for, in modules.
const QUIET: usize = 4;
/// Below this a phone's camera cannot tell modules apart at a hand's width.
const MIN_PIXELS: f32 = 4.0;
/// The side a square gets when nothing else is asked for, in points.
const SIDE: f32 = 250.0;
/// What stands above a square on a low page.
const HEADING: f32 = 130.0;

/// The modules of a square, row by row; true is dark.
#[derive(Clone, Copy, Debug)]
pub struct Modules<'a> {
    dark: &'a [bool],
    width: usize,
}

impl<'a> Modules<'a> {
    /// `None` unless `dark` holds `width` rows of `width` modules.
    #[must_use]
    pub fn new(dark: &'a [bool], width: usize) -> Option<Self> {
        (width > 0 && width.checked_mul(width) == Some(dark.len())).then_some(Self { dark, width })
    }
}

/// Shows the square. `side` is about how large, in points (`None`: as usual, smaller where
/// the page is low); the true side is that of a whole number of pixels a module.
pub fn qr_ui(ui: &mut Ui, modules: Modules<'_>, side: Option<f32>, name: &str) -> Response {
    let scale = ui.ctx().pixels_per_point();
    let across = modules.width + 2 * QUIET;
    // At 200 % on a small screen the page is 240 points high: better a smaller square
    // than half of one. The height seen does not change with scrolling.
    let low = ui.clip_rect().height() - HEADING;
    let module_pixels = module_pixels(side.unwrap_or(SIDE.min(low)), scale, across);
    let size = Vec2::splat(across as f32 * module_pixels / scale);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    if ui.is_rect_visible(rect) {
        let rect = Rect::from_min_size(rect.min.round_to_pixels(scale), size);
        let t = theme::tokens(ui.ctx());
        ui.painter().rect_filled(rect, RADIUS_CONTROL, QR_PAPER);
        // A mesh, not rectangles: egui softens the edges of rectangles by half a pixel,
        // and neighbouring modules would show a seam.
        let origin = rect.min + Vec2::splat(QUIET as f32 * module_pixels / scale);
        ui.painter().add(Shape::mesh(mesh(modules, origin, module_pixels / scale, QR_INK)));
        let line = Stroke::new(1.0, t.hairline);
        ui.painter().rect_stroke(rect, RADIUS_CONTROL, line, StrokeKind::Outside);
    }
    response
}

/// A whole number of physical pixels a module, at least the least a camera can read.
fn module_pixels(side: f32, scale: f32, across: usize) -> f32 {
    (side * scale / across as f32).round().max(MIN_PIXELS)
}

fn mesh(modules: Modules<'_>, origin: Pos2, module: f32, ink: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for (y, row) in modules.dark.chunks(modules.width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                let at = origin + vec2(x as f32, y as f32) * module;
                let size = vec2(run.len() as f32 * module, module);
                mesh.add_colored_rect(Rect::from_min_size(at, size), ink);
            }
            x += run.len();
        }
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_a_whole_number_of_pixels_at_every_scale() {
        for scale in [1.0, 1.25, 1.5, 1.75, 2.0, 3.0] {
            for across in [29, 41, 45, 53, 61] {
                let pixels = module_pixels(SIDE, scale, across);
                assert!(pixels >= MIN_PIXELS && pixels.fract() == 0.0, "{scale} {across}");
            }
        }
    }

    #[test]
    fn runs_become_rectangles_and_a_wrong_matrix_is_refused() {
        let dark = [true, true, false, false, false, false, true, false, true];
        let modules = Modules::new(&dark, 3).map(|m| mesh(m, Pos2::ZERO, 4.0, QR_INK));
        assert_eq!(modules.map(|m| m.vertices.len()), Some(3 * 4));
        assert!(Modules::new(&dark, 4).is_none());
        assert!(Modules::new(&[], 0).is_none());
    }
}
