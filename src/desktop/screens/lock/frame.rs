//! What the lock screen, the signed-in page and the page of a closed clinic share: how much room there is, and whom to
//! ask for help.

use eframe::egui::Ui;

use crate::desktop::screen::Screen;
use crate::desktop::widgets::StepFrame;
use crate::tr;

/// Below this height, as at 200 %, headings and distances shrink.
const ROOMY_FROM: f32 = 520.0;
/// Lower than this, a page has no support line.
const SUPPORT_FROM: f32 = 300.0;
/// Narrower, and only whom to ask for help stands at the foot.
const ASIDE_FROM: f32 = 480.0;

/// Whether there is room to be generous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desktop::screens) enum Room {
    Roomy,
    Low,
}

impl Room {
    /// What this window offers.
    pub(in crate::desktop::screens) fn of(ui: &Ui) -> Self {
        if ui.ctx().content_rect().height() >= ROOMY_FROM { Self::Roomy } else { Self::Low }
    }
}

/// Whom to ask for help, as a sentence.
pub(in crate::desktop::screens) fn support_text(screen: &Screen<'_>) -> String {
    if screen.support.is_empty() { tr!("need-help-none") } else { tr!("need-help", support = screen.support) }
}

/// Whether there is a support line and words have room at its right.
pub(in crate::desktop::screens) fn has_aside(ui: &Ui) -> bool {
    ui.available_width() >= ASIDE_FROM && ui.available_height() >= SUPPORT_FROM
}

/// A page without buttons at the foot: the support line, and words at its right where there is room.
pub(in crate::desktop::screens) fn page<'a>(
    ui: &Ui,
    id: &'static str,
    support: &'a str,
    aside: &'a str,
) -> StepFrame<'a> {
    let frame = StepFrame::new(id).support(support);
    if has_aside(ui) { frame.aside(aside) } else { frame }
}
