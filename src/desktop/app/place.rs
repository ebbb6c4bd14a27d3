//! Where the window is, remembered between starts; a screen that is gone does not take the window with it.

use eframe::egui::{Context, Pos2, Rect, Vec2, ViewportCommand, pos2, vec2};

use super::App;
use crate::desktop::curtain::Monitor;

/// Windows counts invisible edges to a window: so far outside is still inside.
const EDGE: f32 = 16.0;
/// A title bar and edges that the desktop may still put around a window that has just opened.
const FRAME: Vec2 = vec2(8.0, 44.0);

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
        if self.curtain.is_up() {
            return;
        }
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
            if let Some((at, less)) = mended(outer, &screens) {
                if let Some(inner) = inner.filter(|_| less != Vec2::ZERO) {
                    ctx.send_viewport_cmd(ViewportCommand::InnerSize(inner.size() - less));
                }
                ctx.send_viewport_cmd(ViewportCommand::OuterPosition(at));
                return;
            }
        }
        // A window opens before `--scale` counts: what is remembered is in points without it.
        let zoom = ctx.zoom_factor();
        self.remembered.position = Some([outer.left() * zoom, outer.top() * zoom]);
        if let Some(inner) = inner {
            self.remembered.size = Some([inner.width() * zoom, inner.height() * zoom]);
        }
    }
}

/// The screens there are, for the curtain, and the one that the window is on.
pub(super) fn monitors(frame: &eframe::Frame) -> (Vec<Monitor>, Option<usize>) {
    let Some(window) = frame.winit_window() else { return (Vec::new(), None) };
    let monitors: Vec<Monitor> = window
        .available_monitors()
        .enumerate()
        .map(|(index, screen)| {
            let (at, size) = (screen.position(), screen.size());
            #[expect(clippy::cast_possible_truncation, reason = "a scale is a small number")]
            let scale = screen.scale_factor() as f32;
            Monitor { index, position: (at.x, at.y), size: (size.width, size.height), scale }
        })
        .collect();
    // What the window library remembers may be older than the screens; where it cannot say where the window is, it still
    // knows the screen (Wayland).
    let here = match window.outer_position() {
        Ok(at) => {
            let size = window.outer_size();
            Monitor::below((at.x, at.y), (size.width, size.height), &monitors)
        }
        Err(_) => {
            let current = window.current_monitor();
            window.available_monitors().position(|screen| current.as_ref() == Some(&screen))
        }
    };
    (monitors, here)
}

/// Some of them came or went: the window library is asked to look again.
pub(super) fn list_anew(frame: &eframe::Frame) {
    if let Some(window) = frame.winit_window() {
        crate::adapters::screens::list_anew(window.id().into());
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

/// Where a window goes that is not fully on a screen, and by how much it must shrink; `None` for one that may stay.
fn mended(window: Rect, screens: &[Rect]) -> Option<(Pos2, Vec2)> {
    let seen = |screen: &&Rect| {
        let seen = screen.intersect(window);
        if seen.is_positive() { seen.area() } else { 0.0 }
    };
    let screen = screens.iter().max_by(|one, other| seen(one).total_cmp(&seen(other)))?;
    let screen = if seen(&screen) > 0.0 { screen } else { screens.first()? };
    // Where the frame is not there yet, it will push the window down and to the right.
    let room = Rect::from_min_size(screen.min, screen.size() - FRAME);
    let less = (window.size() - room.size()).max(Vec2::ZERO);
    if less == Vec2::ZERO && room.expand(EDGE).contains_rect(window) {
        return None;
    }
    let size = window.size() - less;
    let at = if seen(&screen) > 0.0 { window.min } else { room.center() - size / 2.0 };
    Some((at.clamp(room.min, room.max - size), less))
}

#[cfg(test)]
mod tests {
    use super::*;

    // A second screen that was unplugged, a window pushed over an edge.
    #[test]
    fn a_window_that_is_fully_on_a_screen_stays_where_it_is() {
        let screens = [Rect::from_min_size(pos2(0.0, 0.0), vec2(1366.0, 768.0))];
        for (at, stays) in [
            ((100.0, 20.0), true),
            ((-8.0, -8.0), true),
            ((100.0, 40.0), false),
            ((-900.0, 0.0), false),
            ((1200.0, 700.0), false),
            ((1500.0, 100.0), false),
            ((100.0, -200.0), false),
            ((100.0, 790.0), false),
        ] {
            let window = Rect::from_min_size(at.into(), vec2(1100.0, 720.0));
            assert_eq!(mended(window, &screens).is_none(), stays, "{at:?}");
        }
        let half_out = Rect::from_min_size(pos2(1000.0, 100.0), vec2(600.0, 400.0));
        let (at, less) = mended(half_out, &screens).unwrap();
        assert_eq!((at.y, less), (100.0, Vec2::ZERO), "only as far as it must");
    }

    // C82: fully on a screen, whatever was remembered.
    #[test]
    fn a_lost_or_oversized_window_is_brought_fully_onto_a_screen() {
        let screens = [
            Rect::from_min_size(pos2(0.0, 0.0), vec2(1366.0, 768.0)),
            Rect::from_min_size(pos2(1366.0, 0.0), vec2(800.0, 600.0)),
        ];
        for (at, size) in [
            ((-3000.0, 200.0), (1102.0, 742.0)),
            ((0.0, 0.0), (20_002.0, 20_022.0)),
            ((1.0, 20.0), (1368.0, 790.0)),
            ((1400.0, 10.0), (900.0, 500.0)),
            ((0.0, -4000.0), (360.0, 5000.0)),
        ] {
            let window = Rect::from_min_size(at.into(), size.into());
            let (at, less) = mended(window, &screens).unwrap();
            let mended = Rect::from_min_size(at, window.size() - less);
            assert!(screens.iter().any(|screen| screen.contains_rect(mended)), "{window:?} became {mended:?}");
            assert!(mended.width() >= 360.0 && mended.height() >= 500.0, "{mended:?}");
            assert_eq!(super::mended(mended, &screens), None, "it stays there");
        }
        assert_eq!(mended(Rect::from_min_size(pos2(0.0, 0.0), vec2(99.0, 99.0)), &[]), None, "no screen is known");
    }
}
