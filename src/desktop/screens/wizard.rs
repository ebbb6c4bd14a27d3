//! A placeholder until the wizard is merged.

use eframe::egui;

use crate::desktop::screen::Screen;
use crate::flows::enrolment::{Act, Enrolment};

/// Nothing yet.
#[derive(Default)]
pub struct Fields {}

impl Fields {
    /// Nothing yet.
    pub fn wipe(&mut self, _ctx: &egui::Context) {}
}

/// Nothing yet.
pub fn ui(_ui: &mut egui::Ui, _flow: &Enrolment, _fields: &mut Fields, _screen: &mut Screen<'_>) -> Option<Act> {
    None
}
