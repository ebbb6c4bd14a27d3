//! The signed-in page (being written).

use eframe::egui;

use crate::desktop::screen::Screen;
use crate::flows::session::{Act, Session};

/// What is being typed.
#[derive(Default)]
pub struct Fields {}

impl Fields {
    /// Wipes it.
    pub fn wipe(&mut self, _ctx: &egui::Context) {}
}

/// What the person asked for.
pub enum Reply {
    /// Of the flow.
    Act(Act),
    /// Lock.
    Lock,
}

/// Draws it.
pub fn ui(ui: &mut egui::Ui, flow: &Session, _fields: &mut Fields, _screen: &mut Screen<'_>) -> Option<Reply> {
    ui.label(&flow.signed_in.name);
    None
}
