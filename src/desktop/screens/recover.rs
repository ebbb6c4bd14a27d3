//! Coming back with the clinic's spare key.

use eframe::egui::{Context, Ui};

use super::lock::frame::support_text;
use crate::desktop::screen::Screen;
use crate::desktop::widgets::{StepFrame, page_heading_ui};
use crate::flows::recover::{Act, Recover};
use crate::tr;

/// What is being typed.
#[derive(Default)]
pub struct Fields {}

impl Fields {
    /// Wipes everything.
    pub fn wipe(&mut self, _ctx: &Context) {
        *self = Self::default();
    }
}

/// What the person asked for.
#[derive(Debug)]
pub enum Reply {
    /// Of the flow.
    Act(Act),
    /// Out.
    Leave,
}

/// Shows where the person is.
pub fn ui(ui: &mut Ui, _flow: &Recover, _fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Reply> {
    let (support, back) = (support_text(screen), tr!("cancel"));
    let shown = StepFrame::new("recover").support(&support).leave(&back).show(ui, |ui| {
        page_heading_ui(ui, &tr!("lock-use-clinic-key"));
    });
    shown.back.then_some(Reply::Leave)
}
