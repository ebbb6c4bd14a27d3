//! A sheet hidden, and its end asked back: what is not on paper by now would be lost without anyone noticing.

use eframe::egui::Ui;

use super::{Fields, Reply, files};
use crate::desktop::art::Drawing;
use crate::desktop::screen::Screen;
use crate::desktop::screens::notices;
use crate::desktop::theme::space;
use crate::desktop::widgets::{ButtonState, StepFrame, TextField, title_ui};
use crate::explain;
use crate::flows::Mishap;
use crate::flows::sheets::{PROVED_CODE, Sheet};
use crate::tr;

pub(super) const FIELD: &str = "sheet-proof";
/// Four letters and a little room.
const WIDTH: f32 = 220.0;

pub(super) fn prove_ui(
    ui: &mut Ui,
    sheet: Sheet,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    busy: bool,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (id, text, drawing) = match sheet {
        Sheet::Codes => ("prove-codes", tr!("wizard-prove-text", number = PROVED_CODE), Drawing::Sheet),
        Sheet::ClinicKey => ("prove-key", tr!("wizard-key-prove-text"), Drawing::Safe),
    };
    let (back, check, saving) = (tr!("go-back"), tr!("wizard-prove-check"), tr!("working-save"));
    let state = if busy { ButtonState::Busy(&saving) } else { ButtonState::Ready };
    let support = notices::support_line(screen.support);
    let drawn = tr!("sheet-drawing");
    let answer =
        StepFrame::new(id).drawing(drawing, &[], &drawn).back(&back).next(&check, state).support(&support).show(
            ui,
            |ui| {
                title_ui(ui, &tr!("wizard-prove-title"), &text);
                TextField::new(FIELD, &tr!("wizard-prove-field"), fields.proof.edit()).width(WIDTH).mono().show(ui);
                ui.add_space(space::L);
                if let Some(mishap) = mishap.filter(|_| !busy) {
                    let notice = explain::mishap(mishap, None, screen.names);
                    notices::notice_ui(ui, "prove-notice", &notice, None, screen.now);
                    ui.add_space(space::M);
                }
                files::saved_ui(ui, screen);
            },
        );
    if answer.back && !busy {
        return Some(Reply::ShowAgain);
    }
    answer.next.then(|| Reply::Proof(fields.proof.duplicate()))
}
