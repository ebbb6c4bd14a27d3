//! The warning before the desk locks by itself. Any input anywhere ends it: there is nothing to press.
//!
//! It stands over our own page, and while people work in another program in a small window above that one, which takes
//! neither the keyboard nor a place in the task bar: what they type goes on going where it went.

use std::time::Duration;

use eframe::egui::{
    Align2, Area, Context, Frame, Id, Order, Ui, UserAttentionType, ViewportBuilder, ViewportClass, ViewportCommand,
    ViewportId, WindowLevel, X11WindowType, vec2,
};

use crate::desktop::app::title;
use crate::desktop::art::Icon;
use crate::desktop::screens::notices::tick;
use crate::desktop::theme::{self, FORM_WIDTH, RADIUS_CONTROL, space};
use crate::desktop::widgets::{Notice, NoticeKind};
use crate::flows::session::Session;
use crate::ports::Now;
use crate::tr;

/// From here on a screen reader says it a second time. It is not read each second: nobody could hear anything else.
const SAID_AGAIN_SECS: u64 = 10;
/// Of the small window, in points: as high as the card of two lines.
const HEIGHT: f32 = 78.0;

/// Shows it over whatever page is there, while it is due.
pub(super) fn ui(ctx: &Context, flow: &Session, office: &str, now: &Now) {
    let asked = Id::unique("session.leaving-asked");
    let Some(ends) = flow.leaving else {
        ctx.data_mut(|data| data.remove_temp::<()>(asked));
        return;
    };
    let left = ends.saturating_sub(now.boot.since_start);
    tick(ctx, left);
    let secs = secs_of(left);
    let area = Area::new(Id::unique("session.leaving")).order(Order::Foreground).interactable(false);
    area.anchor(Align2::CENTER_TOP, vec2(0.0, space::S)).show(ctx, |ui| {
        let width = FORM_WIDTH.min(ui.ctx().content_rect().width() - 2.0 * space::M);
        Frame::new().fill(theme::tokens(ui.ctx()).bg).corner_radius(RADIUS_CONTROL).show(ui, |ui| {
            ui.set_width(width);
            card_ui(ui, secs, width);
        });
    });
    if ctx.input(|input| input.viewport().focused) == Some(false) {
        if ctx.data(|data| data.get_temp::<()>(asked)).is_none() {
            ctx.data_mut(|data| data.insert_temp(asked, ()));
            ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(UserAttentionType::Informational));
        }
        above_others(ctx, secs, office);
    }
}

/// The same in a window of its own, where the warning stands in ours. Where the system places windows itself (Wayland) it
/// stands where that puts it.
fn above_others(ctx: &Context, secs: u64, office: &str) {
    let Some(ours) = ctx.input(|input| input.viewport().outer_rect) else { return };
    let size = vec2(FORM_WIDTH, HEIGHT);
    let id = ViewportId::from_hash_of("leaving");
    let builder = ViewportBuilder::default()
        .with_title(title(office))
        .with_app_id("clinic2fa")
        // Under X11 a window manager would give it the keyboard although it does not ask for it.
        .with_window_type(X11WindowType::Notification)
        .with_override_redirect(true)
        .with_position(ours.center_top() - vec2(size.x / 2.0, 0.0))
        .with_inner_size(size)
        .with_resizable(false)
        .with_decorations(false)
        .with_taskbar(false)
        .with_active(false)
        .with_mouse_passthrough(true)
        .with_window_level(WindowLevel::AlwaysOnTop);
    ctx.show_viewport_deferred(id, builder, move |ui, class| {
        // A system of one window has shown it in ours already.
        if class != ViewportClass::EmbeddedWindow {
            ui.painter().rect_filled(ui.max_rect(), 0.0, theme::tokens(ui.ctx()).bg);
            card_ui(ui, secs, FORM_WIDTH);
        }
    });
    ctx.request_repaint_of(id);
}

fn card_ui(ui: &mut Ui, secs: u64, width: f32) {
    let (what, then, said) = (words(secs), tr!("leaving-then"), said(secs));
    Notice::new("session.leaving-notice", NoticeKind::Warning, &what, &then)
        .icon(Icon::Clock)
        .width(width)
        .said(&said)
        .show(ui);
}

fn secs_of(left: Duration) -> u64 {
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

fn words(secs: u64) -> String {
    tr!("leaving", count = i64::try_from(secs).unwrap_or(i64::MAX))
}

/// What a screen reader says instead: the same words for as long as nothing has to be said.
fn said(secs: u64) -> String {
    if secs > SAID_AGAIN_SECS { tr!("leaving-said-first") } else { tr!("leaving-said-again") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_counts_and_the_voice_speaks_twice() {
        let spoken: std::collections::BTreeSet<String> = (1..=30).rev().map(said).collect();
        assert_eq!(spoken.len(), 2, "{spoken:?}");
        assert_ne!(said(11), said(10));
        assert_ne!(words(30), words(29));
        assert_eq!((secs_of(Duration::from_millis(29_001)), secs_of(Duration::from_secs(29))), (30, 29));
    }
}
