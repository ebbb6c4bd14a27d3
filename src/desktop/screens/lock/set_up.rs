//! The chosen person cannot sign in yet.

use eframe::egui::Ui;

use super::frame::{page, support_text};
use crate::desktop::screen::Screen;
use crate::desktop::widgets::page_heading_ui;
use crate::flows::sign_in::{Act, SignIn};
use crate::ports::Begins;
use crate::tr;

/// Shows how that person begins.
pub(super) fn ui(ui: &mut Ui, flow: &SignIn, _begins: Begins, screen: &Screen<'_>) -> Option<Act> {
    let support = support_text(screen);
    let shown = page(ui, "lock.set-up", &support, "").show(ui, |ui| {
        page_heading_ui(ui, &tr!("lock-set-up"));
        super::people::tiles_ui(ui, flow, screen)
    });
    shown.inner
}
