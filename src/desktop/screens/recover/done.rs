//! What is good again, and the way to the lock screen.

use eframe::egui::Ui;

use crate::desktop::art::Drawing;
use crate::desktop::screen::Screen;
use crate::desktop::screens::notices;
use crate::desktop::widgets::{ButtonState, StepFrame, title_ui};
use crate::flows::recover::{Act, Aim, Recover};
use crate::tr;

pub(super) fn ui(ui: &mut Ui, flow: &Recover, arrived: bool, screen: &Screen<'_>) -> Option<Act> {
    let (support, drawn) = (notices::support_line(screen.support), tr!("recover-drawing"));
    let go = tr!("wizard-done-go");
    let (title, text) = match flow.aim {
        Aim::ThisComputer => (tr!("recover-computer-done"), tr!("recover-computer-done-then")),
        Aim::Manager(_) => (tr!("recover-manager-done"), tr!("recover-manager-done-then")),
    };
    let frame = StepFrame::new("recover.done").support(&support).drawing(Drawing::Linked, &[], &drawn);
    let shown = frame.next(&go, ButtonState::Ready).focus_next(arrived).show(ui, |ui| title_ui(ui, &title, &text));
    // The flow leads to the lock screen from here, whichever way one leaves.
    shown.next.then_some(Act::Back)
}
