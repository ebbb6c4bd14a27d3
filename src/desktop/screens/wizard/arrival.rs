//! A new page takes the focus from whatever had it on the old one.

use eframe::egui::{Context, Id};

/// Gives the focus to a field, or takes it from what is no longer there.
pub(in crate::desktop::screens) fn focus(ctx: &Context, field: Option<Id>) {
    ctx.memory_mut(|memory| {
        if let Some(old) = memory.focused() {
            memory.surrender_focus(old);
        }
        if let Some(field) = field {
            memory.request_focus(field);
        }
    });
}
