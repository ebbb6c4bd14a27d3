//! The closed desk (being written).

use eframe::egui;

use crate::desktop::screen::Screen;
use crate::effects::Failure;
use crate::explain;

/// Draws it; true for "Try again".
pub fn ui(ui: &mut egui::Ui, failure: &Failure, _busy: bool, screen: &mut Screen<'_>) -> bool {
    let notice = explain::failure(failure, screen.names);
    ui.label(notice.what.get());
    ui.label(notice.todo.get());
    ui.button(crate::tr!("try-again")).clicked()
}

/// While the store and the keychain are being asked.
pub fn starting_ui(ui: &mut egui::Ui, _screen: &mut Screen<'_>) {
    ui.label(crate::tr!("please-wait"));
}
