//! A window that has just got another size or scale is painted again, although nothing on it has changed: under Wayland,
//! Mesa may have taken the memory for the next picture already, at the old size, and that picture would stand there until
//! somebody touches something. A screen of scale 2 showed a quarter of its curtain.

use eframe::egui::{Context, Id, Vec2};

/// So many times: the first picture takes the memory of the old size, the second has its own.
const PAINTED_AGAIN: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    /// In physical pixels.
    size: Vec2,
    scale: f32,
    left: u8,
}

/// Called in every frame of every window.
pub(super) fn paint_again(ctx: &Context) {
    let scale = ctx.pixels_per_point();
    let size = ctx.viewport_rect().size() * scale;
    let place = Id::unique("resized").with(ctx.viewport_id());
    let seen = ctx.data(|data| data.get_temp::<Seen>(place));
    let left = match seen {
        Some(seen) if (seen.size, seen.scale) == (size, scale) => seen.left,
        Some(_) | None => PAINTED_AGAIN,
    };
    if left > 0 {
        ctx.request_repaint();
    }
    let now = Seen { size, scale, left: left.saturating_sub(1) };
    if seen != Some(now) {
        ctx.data_mut(|data| data.insert_temp(place, now));
    }
}
