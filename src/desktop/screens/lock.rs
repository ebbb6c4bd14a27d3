//! The lock screen (being written).

use eframe::egui;

use crate::desktop::screen::Screen;
use crate::flows::sign_in::{Act, SignIn};

/// What is being typed.
#[derive(Default)]
pub struct Fields {}

impl Fields {
    /// Wipes it.
    pub fn wipe(&mut self, _ctx: &egui::Context) {}
}

/// Draws it.
pub fn ui(ui: &mut egui::Ui, flow: &SignIn, _fields: &mut Fields, _screen: &mut Screen<'_>) -> Option<Act> {
    ui.label(&flow.look.name);
    ui.label("Sign in");
    None
}
