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

#[cfg(test)]
mod tests {
    use eframe::egui::{Ui, vec2};
    use egui_kittest::Harness;

    use super::*;

    fn window() -> Harness<'static, u32> {
        let draw = |ui: &mut Ui, frames: &mut u32| {
            *frames += 1;
            paint_again(ui.ctx());
        };
        let mut window = Harness::builder().with_size(vec2(400.0, 300.0)).build_ui_state(draw, 0);
        window.run();
        window
    }

    /// How many frames until it rests.
    fn frames(window: &mut Harness<'_, u32>) -> u32 {
        *window.state_mut() = 0;
        window.run();
        *window.state()
    }

    #[test]
    fn another_size_or_scale_is_painted_again_and_then_it_rests() {
        let mut window = window();
        let at_rest = frames(&mut window);
        window.set_size(vec2(400.0, 320.0));
        assert!(frames(&mut window) >= at_rest + u32::from(PAINTED_AGAIN));
        window.set_pixels_per_point(2.0);
        window.set_size(vec2(200.0, 160.0));
        assert!(frames(&mut window) > at_rest, "another scale, and as many points less");
        assert_eq!(frames(&mut window), at_rest);
    }
}
