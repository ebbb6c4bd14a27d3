//! What several screens say alike: notices of mishaps, the help line, and counting down.

use std::time::Duration;

use eframe::egui::{Context, Id, Ui};

use crate::adapters::clock::{local_date_text, local_time_text, local_zone_text};
use crate::desktop::art::Icon;
use crate::desktop::widgets::{Notice, NoticeKind};
use crate::explain::{self, Tone};
use crate::ports::Now;
use crate::tr;

/// Two sentences on a card; `icon` stands in for the tone's own.
pub fn notice_ui(ui: &mut Ui, id: &'static str, notice: &explain::Notice, icon: Option<Icon>, now: &Now) {
    let kind = match notice.tone {
        Tone::Warning => NoticeKind::Warning,
        Tone::Danger => NoticeKind::Danger,
    };
    let (what, todo) = (notice.what.get(), todo_text(notice, now));
    let mut card = Notice::new(id, kind, &what, &todo);
    if let Some(icon) = icon {
        card = card.icon(icon);
    }
    let shown = card.show(ui);
    if is_new(ui.ctx(), id, notice.code) {
        // On a low screen it may stand below what can be seen, and then nothing seems to have happened.
        shown.scroll_to_me(None);
    }
}

/// What to do; about a clock that is off, with what this computer shows, so that anybody can compare it with a watch.
pub fn todo_text(notice: &explain::Notice, now: &Now) -> String {
    let todo = notice.todo.get();
    if !notice.code.starts_with("clock-") {
        return todo;
    }
    let unix = now.unix_secs;
    let (time, date, zone) = (local_time_text(unix), local_date_text(unix), local_zone_text(unix));
    format!("{todo} {}", tr!("clock-shows", time = time, date = date, zone = zone))
}

/// Whether a notice says something that it did not say in the frame before.
fn is_new(ctx: &Context, id: &'static str, code: &'static str) -> bool {
    let frame = ctx.cumulative_frame_nr();
    let before = ctx.data_mut(|data| {
        let said = data.get_temp_mut_or_default::<Option<(&'static str, u64)>>(Id::unique(id).with("said"));
        said.replace((code, frame))
    });
    before.is_none_or(|(said, at)| said != code || at + 1 < frame)
}

/// Who helps.
#[must_use]
pub fn support_line(support: &str) -> String {
    if support.is_empty() { tr!("need-help-it") } else { tr!("need-help", support = support) }
}

/// A countdown is on the screen: draw again when its next whole second begins, and not before.
pub fn tick(ctx: &Context, left: Duration) {
    if left.is_zero() {
        return;
    }
    let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
    // A little late, so that the second has really passed when it is read.
    let late = Duration::from_millis(5);
    ctx.request_repaint_after(if part.is_zero() { Duration::from_secs(1) } else { part } + late);
}
