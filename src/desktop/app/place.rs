//! Where the window is, remembered between starts; a screen that is gone does not take the window with it.

use eframe::egui::{Context, Pos2, Rect, Vec2, ViewportCommand, pos2, vec2};

use super::App;

/// So much of the window's top edge must be on a screen, or nobody could pull it back.
const IN_SIGHT: Vec2 = vec2(120.0, 24.0);
/// Where a lost window goes.
const HOME: Pos2 = pos2(40.0, 40.0);

/// Whether the window was looked for once since it opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// No.
    NotYet,
    /// Yes: from now on its place is remembered.
    Looked,
}

impl App {
    /// Notes size and place, and brings a window back that was put where no screen is.
    pub(super) fn keep_place(&mut self, ctx: &Context, frame: &eframe::Frame) {
        let (outer, inner, odd) = ctx.input(|input| {
            let viewport = input.viewport();
            let is = |state: Option<bool>| state.unwrap_or(false);
            let odd = is(viewport.minimized) || is(viewport.maximized) || is(viewport.fullscreen);
            (viewport.outer_rect, viewport.inner_rect, odd)
        });
        let Some(outer) = outer.filter(|_| !odd) else { return };
        if self.placed == Placed::NotYet {
            self.placed = Placed::Looked;
            let screens = screens(frame, ctx.pixels_per_point());
            if !screens.is_empty() && !in_sight(outer, &screens) {
                ctx.send_viewport_cmd(ViewportCommand::OuterPosition(HOME));
                return;
            }
        }
        self.remembered.position = Some([outer.left(), outer.top()]);
        if let Some(inner) = inner {
            self.remembered.size = Some([inner.width(), inner.height()]);
        }
    }
}

/// The screens there are, in points.
#[expect(clippy::cast_precision_loss, reason = "a screen's edges are far below the 16 million that f32 holds exactly")]
fn screens(frame: &eframe::Frame, pixels_per_point: f32) -> Vec<Rect> {
    let Some(window) = frame.winit_window() else { return Vec::new() };
    window
        .available_monitors()
        .map(|screen| {
            let (at, size) = (screen.position(), screen.size());
            let at = pos2(at.x as f32, at.y as f32) / pixels_per_point;
            Rect::from_min_size(at, vec2(size.width as f32, size.height as f32) / pixels_per_point)
        })
        .collect()
}

fn in_sight(window: Rect, screens: &[Rect]) -> bool {
    let top = Rect::from_min_size(window.min, vec2(window.width(), IN_SIGHT.y));
    screens.iter().any(|screen| {
        let seen = screen.intersect(top);
        seen.width() >= IN_SIGHT.x.min(window.width()) && seen.height() >= IN_SIGHT.y / 2.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // A second screen that was unplugged, a window pushed above the top edge.
    #[test]
    fn a_window_is_in_sight_when_its_top_can_be_grasped() {
        let screens = [Rect::from_min_size(pos2(0.0, 0.0), vec2(1366.0, 768.0))];
        for (at, seen) in [
            ((100.0, 100.0), true),
            ((-900.0, 0.0), true),
            ((-1000.0, 0.0), false),
            ((1200.0, 700.0), true),
            ((1300.0, 700.0), false),
            ((1500.0, 100.0), false),
            ((100.0, -200.0), false),
            ((100.0, 790.0), false),
        ] {
            let window = Rect::from_min_size(at.into(), vec2(1100.0, 720.0));
            assert_eq!(in_sight(window, &screens), seen, "{at:?}");
        }
    }
}
