//! A second start of the program knocks: this window comes to the front.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eframe::egui::{Context, UserAttentionType, ViewportCommand};

use crate::adapters::raise::Door;
use crate::journal::{self, Note};

/// Whether somebody has knocked since the last frame.
#[derive(Clone, Default)]
pub(super) struct Raised(Arc<AtomicBool>);

impl Raised {
    pub(super) fn listen(&self, door: Door, ctx: &Context) {
        let (knocked, ctx) = (Arc::clone(&self.0), ctx.clone());
        door.answer(move || {
            knocked.store(true, Ordering::Relaxed);
            ctx.request_repaint();
        });
    }

    /// However often it was knocked, it is one coming.
    pub(super) fn come_to_the_front(&self, ctx: &Context) {
        if self.0.swap(false, Ordering::Relaxed) {
            journal::note(&Note::Raised);
            ctx.send_viewport_cmd(ViewportCommand::Visible(true));
            ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
            ctx.send_viewport_cmd(ViewportCommand::Focus);
            // Some desktops let no window come to the front by itself; there it is seen in the task bar.
            ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(UserAttentionType::Informational));
        }
    }
}
