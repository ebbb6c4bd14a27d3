//! The warning before the desk locks by itself. Any input anywhere ends it: there is nothing to press.

use eframe::egui::{Align2, Area, Context, Frame, Id, Order, vec2};

use crate::desktop::art::Icon;
use crate::desktop::screens::notices::tick;
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{Notice, NoticeKind};
use crate::flows::session::Session;
use crate::ports::Now;
use crate::tr;

/// Shows it over whatever page is there, while it is due.
pub(super) fn ui(ctx: &Context, flow: &Session, now: &Now) {
    let Some(ends) = flow.leaving else { return };
    let left = ends.saturating_sub(now.boot.since_start);
    let words = words(left.as_secs() + u64::from(left.subsec_nanos() > 0));
    tick(ctx, left);
    let area = Area::new(Id::unique("session.leaving")).order(Order::Foreground).interactable(false);
    area.anchor(Align2::CENTER_TOP, vec2(0.0, space::S)).show(ctx, |ui| {
        let width = FORM_WIDTH.min(ui.ctx().content_rect().width() - 2.0 * space::M);
        Frame::new().fill(theme::tokens(ui.ctx()).bg).show(ui, |ui| {
            ui.set_width(width);
            let (what, then) = (words, tr!("leaving-then"));
            Notice::new("session.leaving-notice", NoticeKind::Warning, &what, &then)
                .icon(Icon::Clock)
                .width(width)
                .show(ui);
        });
    });
}

fn words(secs: u64) -> String {
    tr!("leaving", count = i64::try_from(secs).unwrap_or(i64::MAX))
}
