//! Where the parts of a step's frame go in a window of any size. Arithmetic only.

use eframe::egui::{Rect, pos2};

use crate::desktop::art::PHONE;
use crate::desktop::theme::{CONTENT_WIDTH, CONTROL_HEIGHT, space};

/// Below this width the drawing goes: the words are worth more.
const DRAWING_FROM: f32 = 760.0;
const DRAWING_GAP: f32 = 60.0;
/// A drawing smaller than this part of itself shows nothing.
const SMALLEST_DRAWING: f32 = 0.6;
/// Below this height the margins shrink; below the second the support line goes as well.
const ROOMY_FROM: f32 = 520.0;
const SUPPORT_FROM: f32 = 300.0;
const BAR: f32 = 36.0;

/// Which of the optional parts a frame has.
#[expect(clippy::struct_excessive_bools, reason = "each is the presence of one part, and any combination is one")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub bar: bool,
    pub drawing: bool,
    pub foot: bool,
    pub column: Column,
}

/// How wide the whole frame becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// As its words need it.
    Words,
    /// As wide as a page with a drawing: the edges stay where they are from page to page.
    Whole,
}

/// Where the parts of a step's frame are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rooms {
    pub bar: Option<Rect>,
    pub drawing: Option<Rect>,
    pub middle: Rect,
    pub foot: Rect,
    pub support: Option<Rect>,
}

/// Where the left edge of what is on a page is, for what stands above it.
pub fn left_edge(page: Rect, column: Column) -> f32 {
    across(page, column).0
}

fn across(page: Rect, column: Column) -> (f32, f32) {
    let side = if page.width() < DRAWING_FROM { space::L } else { space::PAGE + space::S };
    let widest = match column {
        Column::Words => CONTENT_WIDTH,
        Column::Whole => CONTENT_WIDTH + PHONE.x + DRAWING_GAP,
    };
    let width = (page.width() - 2.0 * side).clamp(0.0, widest);
    ((page.center().x - width / 2.0).round(), width)
}

impl Rooms {
    /// Divides `page`.
    pub(super) fn of(page: Rect, with: Parts) -> Self {
        let roomy = page.height() >= ROOMY_FROM;
        let drawn = with.drawing && page.width() >= DRAWING_FROM;
        let edge = if roomy { space::XL } else { space::S };
        let (left, width) = across(page, if drawn { Column::Whole } else { with.column });
        let column = |top: f32, bottom: f32| Rect::from_min_max(pos2(left, top), pos2(left + width, bottom.max(top)));

        let support_height = if roomy { 50.0 } else { 34.0 };
        let support_top = page.bottom() - support_height;
        let support = (page.height() >= SUPPORT_FROM).then(|| column(support_top, page.bottom()));
        let foot_bottom = support.map_or(page.bottom() - space::XS, |_| support_top) - edge.min(20.0);
        let foot = column(foot_bottom - if with.foot { CONTROL_HEIGHT } else { 0.0 }, foot_bottom);

        let top = page.top() + edge;
        let bar = with.bar.then(|| column(top, top + BAR));
        let middle_top = bar.map_or(top, |bar| bar.bottom() + if roomy { space::XXL } else { space::S });
        let mut middle = column(middle_top, foot.top() - edge.min(space::L));

        let fit = (middle.height() / PHONE.y).min(1.0);
        let drawing = (drawn && fit >= SMALLEST_DRAWING).then(|| Rect::from_min_size(middle.min, PHONE * fit));
        if let Some(drawing) = drawing {
            middle.min.x = drawing.right() + DRAWING_GAP;
        }
        Self { bar, drawing, middle, foot, support }
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;

    use super::*;

    fn rooms(width: f32, height: f32) -> Rooms {
        let page = Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height));
        Rooms::of(page, Parts { bar: true, drawing: true, foot: true, column: Column::Words })
    }

    #[test]
    fn the_foot_stays_inside_and_below_the_middle_at_every_size() {
        for (width, height) in [(1366.0, 768.0), (1100.0, 720.0), (683.0, 384.0), (455.0, 256.0), (200.0, 150.0)] {
            let page = Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height));
            let r = rooms(width, height);
            assert!(page.contains_rect(r.foot), "{width}x{height}: {r:?}");
            assert!(r.middle.bottom() <= r.foot.top().max(r.middle.top()), "{width}x{height}: {r:?}");
            assert!(r.middle.width() >= 0.0 && r.middle.height() >= 0.0, "{width}x{height}");
        }
    }

    #[test]
    fn the_drawing_goes_before_the_words_do() {
        assert!(rooms(1366.0, 768.0).drawing.is_some());
        assert!(rooms(700.0, 768.0).drawing.is_none());
        assert!(rooms(1366.0, 384.0).drawing.is_none());
        assert!(rooms(683.0, 384.0).middle.height() > 180.0);
    }
}
