//! Screens as the window system names them.

use eframe::egui::{Rect, Vec2, pos2, vec2};

/// One screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Monitor {
    /// Its place in the window system's list, by which it is asked for.
    pub index: usize,
    /// Its left upper corner, in physical pixels.
    pub position: (i32, i32),
    /// Its size, in physical pixels.
    pub size: (u32, u32),
    /// Physical pixels a point.
    pub scale: f32,
}

impl Monitor {
    /// Where it is, in its own points.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a screen's edges are far below the 16 million that f32 holds exactly"
    )]
    pub(super) fn in_points(&self) -> Rect {
        let scale = if self.scale > 0.0 { self.scale } else { 1.0 };
        let size: Vec2 = vec2(self.size.0 as f32, self.size.1 as f32) / scale;
        Rect::from_min_size(pos2(self.position.0 as f32, self.position.1 as f32) / scale, size)
    }
}

impl Monitor {
    /// The one of these that most of such a window is on, by its index; all in physical pixels.
    pub(in crate::desktop) fn below(at: (i32, i32), size: (u32, u32), monitors: &[Self]) -> Option<usize> {
        let shared = |from: i32, length: u32, other: i32, other_length: u32| {
            let end = |from: i32, length: u32| i64::from(from) + i64::from(length);
            let shared = end(from, length).min(end(other, other_length)) - i64::from(from.max(other));
            shared.max(0)
        };
        let on = |monitor: &Self| {
            shared(at.0, size.0, monitor.position.0, monitor.size.0)
                * shared(at.1, size.1, monitor.position.1, monitor.size.1)
        };
        // Of equals the first.
        let most = monitors.iter().rev().max_by_key(|monitor| on(monitor))?;
        (on(most) > 0).then_some(most.index)
    }

    /// Whether that window, in physical pixels, is where this screen is.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a screen's edges are far below the 16 million that f32 holds exactly"
    )]
    pub(super) fn is_covered_by(&self, window: Rect) -> bool {
        let min = pos2(self.position.0 as f32, self.position.1 as f32);
        let screen = Rect::from_min_size(min, vec2(self.size.0 as f32, self.size.1 as f32));
        // Sizes go through points and back.
        window.expand(2.0).contains_rect(screen)
    }
}

/// The screens to cover: two that show the same picture are one, and one without a size is none.
pub(super) fn distinct(monitors: &[Monitor]) -> Vec<Monitor> {
    let mut distinct: Vec<Monitor> = Vec::new();
    for monitor in monitors.iter().filter(|monitor| monitor.size.0 > 0 && monitor.size.1 > 0) {
        let same = |known: &Monitor| (known.position, known.size) == (monitor.position, monitor.size);
        if !distinct.iter().any(same) {
            distinct.push(monitor.clone());
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitor(index: usize, position: (i32, i32), size: (u32, u32), scale: f32) -> Monitor {
        Monitor { index, position, size, scale }
    }

    #[test]
    fn mirrored_screens_are_one_and_screens_without_a_size_none() {
        let left = monitor(0, (0, 0), (1366, 768), 1.0);
        let mirror = monitor(1, (0, 0), (1366, 768), 1.0);
        let right = monitor(2, (1366, 0), (3840, 2160), 2.0);
        let off = monitor(3, (0, 0), (0, 0), 1.0);
        assert_eq!(distinct(&[left.clone(), mirror, right.clone(), off]), [left, right]);
        assert_eq!(distinct(&[]), []);
    }

    #[test]
    fn a_window_is_on_the_screen_that_has_most_of_it() {
        let screens = [monitor(0, (0, 0), (1366, 768), 1.0), monitor(1, (1366, 0), (1024, 768), 1.0)];
        for (at, size, on) in [
            ((0, 0), (1024, 768), Some(0)),
            ((1000, 10), (600, 400), Some(0)),
            ((1200, 10), (600, 400), Some(1)),
            ((-3000, 0), (600, 400), None),
        ] {
            assert_eq!(Monitor::below(at, size, &screens), on, "{at:?}");
        }
        assert_eq!(Monitor::below((0, 0), (10, 10), &[]), None);
    }

    #[test]
    fn a_window_on_another_screen_or_too_small_covers_nothing() {
        let right = monitor(1, (1366, 0), (1024, 768), 1.0);
        let window = |x: f32, width: f32| Rect::from_min_size(pos2(x, 0.0), vec2(width, 768.0));
        assert!(right.is_covered_by(window(1366.0, 1024.0)) && right.is_covered_by(window(1365.5, 1024.0)));
        assert!(!right.is_covered_by(window(0.0, 1366.0)) && !right.is_covered_by(window(1366.0, 800.0)));
    }

    #[test]
    fn a_screen_of_another_scale_is_measured_in_its_own_points() {
        let right = monitor(1, (1366, 0), (3840, 2160), 2.0);
        assert_eq!(right.in_points(), Rect::from_min_size(pos2(683.0, 0.0), vec2(1920.0, 1080.0)));
    }
}
