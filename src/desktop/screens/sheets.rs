//! A placeholder until the sheets are merged.

use eframe::egui;

use crate::desktop::screen::Screen;
use crate::domain::secret::SecretText;
use crate::flows::sheets::SheetsFlow;

/// What the person did.
pub enum Reply {
    /// It is on paper.
    OnPaper,
    /// Show it again.
    ShowAgain,
    /// What was typed from paper.
    Proof(SecretText),
}

/// Nothing yet.
#[derive(Default)]
pub struct Fields {}

impl Fields {
    /// Nothing yet.
    pub fn wipe(&mut self, _ctx: &egui::Context) {}
}

/// Nothing yet.
pub fn ui(
    _ui: &mut egui::Ui,
    _flow: &SheetsFlow,
    _fields: &mut Fields,
    _busy: bool,
    _screen: &mut Screen<'_>,
) -> Option<Reply> {
    None
}
