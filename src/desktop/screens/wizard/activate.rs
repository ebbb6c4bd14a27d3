//! A new or reset person: the code on the slip, and a password.

use eframe::egui::Ui;

use super::Fields;
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::frame::support_text;
use crate::desktop::widgets::{StepFrame, page_heading_ui};
use crate::flows::Mishap;
use crate::flows::enrolment::{Act, Enrolment};
use crate::tr;

/// Shows it.
pub(super) fn activate_ui(
    ui: &mut Ui,
    _flow: &Enrolment,
    _mishap: Option<&Mishap>,
    _fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let (support, back) = (support_text(screen), tr!("cancel"));
    let shown = StepFrame::new("activate").support(&support).leave(&back).show(ui, |ui| {
        page_heading_ui(ui, &tr!("lock-set-up"));
    });
    shown.back.then_some(Act::Back)
}
