//! A sheet as it is shown: big enough to be copied by hand, with ways to save, print and copy it.

use eframe::egui::{Label, Ui};

use super::{Fields, Reply, files};
use crate::adapters::paper;
use crate::desktop::art::Drawing;
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ButtonState, StepFrame, codes_ui, escape_pressed, key_ui, title_ui};
use crate::domain::secret::SecretText;
use crate::effects::Removal;
use crate::flows::sheets::{Exit, PROVED_CODE, Sheet, SheetsFlow};
use crate::tr;

pub(super) fn show_ui(
    ui: &mut Ui,
    flow: &SheetsFlow,
    sheet: Sheet,
    fields: &mut Fields,
    arrived: bool,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (id, title, text, have, then) = match sheet {
        Sheet::Codes => (
            "codes",
            tr!("wizard-codes-title"),
            tr!("wizard-codes-text"),
            tr!("wizard-codes-have"),
            tr!("wizard-codes-then", number = PROVED_CODE),
        ),
        Sheet::ClinicKey => (
            "clinic-key",
            tr!("wizard-key-title"),
            tr!("wizard-key-text"),
            tr!("wizard-key-have"),
            tr!("wizard-key-then"),
        ),
    };
    let drawing = match sheet {
        Sheet::Codes => Drawing::Sheet,
        Sheet::ClinicKey => Drawing::Safe,
    };
    let drawn = tr!("sheet-drawing");
    let (give_up, later) = (tr!("cancel"), tr!("wizard-codes-later"));
    let frame = match flow.exit {
        Exit::None => StepFrame::new(id),
        Exit::GiveUp => StepFrame::new(id).leave(&give_up),
        Exit::Later => StepFrame::new(id).leave(&later),
    };
    let answer =
        frame.drawing(drawing, &[], &drawn).next(&have, ButtonState::Ready).focus_next(arrived).support(&then).show(
            ui,
            |ui| {
                title_ui(ui, &title, &text);
                match sheet {
                    Sheet::Codes => {
                        let codes: Vec<&str> = flow.codes().iter().map(SecretText::expose).collect();
                        codes_ui(ui, &codes);
                    }
                    Sheet::ClinicKey => {
                        key_ui(ui, flow.clinic_key().map(SecretText::expose).unwrap_or_default());
                    }
                }
                ui.add_space(space::S);
                if sheet == Sheet::ClinicKey {
                    ui.add(Label::new(theme::help(tr!("wizard-key-not-here"))).wrap());
                    ui.add_space(space::S);
                }
                if flow.exit == Exit::Later {
                    ui.add(Label::new(theme::help(tr!("wizard-codes-later-help"))).wrap());
                    ui.add_space(space::S);
                }
                files::files_ui(ui, &OnPaper::Sheet { flow, sheet }, fields, screen);
            },
        );
    // Esc presses what stands at the left, too; a sheet is left for later only by saying so.
    match (answer.back, flow.exit) {
        (true, Exit::GiveUp | Exit::None) => Some(Reply::GiveUp),
        (true, Exit::Later) if escape_pressed(ui.ctx()) => None,
        (true, Exit::Later) => Some(Reply::Later),
        (false, _) => answer.next.then_some(Reply::OnPaper),
    }
}

/// One sheet, ready for paper.
pub(super) enum OnPaper<'a> {
    /// One of a flow of sheets.
    Sheet {
        /// The flow.
        flow: &'a SheetsFlow,
        /// Which.
        sheet: Sheet,
    },
    /// The slip of a new or reset person.
    Slip {
        /// The person's name.
        person: &'a str,
        /// The activation code.
        code: &'a SecretText,
    },
    /// The proof that somebody was removed.
    Removal(&'a Removal),
}

impl OnPaper<'_> {
    /// The sheet as a PDF.
    pub(super) fn pdf(&self, screen: &Screen<'_>) -> zeroize::Zeroizing<Vec<u8>> {
        let date = crate::adapters::clock::local_date_text(screen.now.unix_secs);
        let none = SecretText::default();
        match self {
            Self::Sheet { flow, sheet: Sheet::Codes } => {
                paper::Sheet::spare_codes(screen.clinic, &screen.names.person, &date, flow.codes()).pdf()
            }
            Self::Sheet { flow, sheet: Sheet::ClinicKey } => {
                paper::Sheet::clinic_key(screen.clinic, &date, flow.clinic_key().unwrap_or(&none)).pdf()
            }
            Self::Slip { person, code } => {
                let time = crate::adapters::clock::local_time_text(screen.now.unix_secs);
                paper::Sheet::slip(screen.clinic, person, &format!("{date}, {time}"), code).pdf()
            }
            Self::Removal(removal) => paper::Sheet::removal(screen.clinic, super::removal_proof(removal)).pdf(),
        }
    }

    /// The sheet as lines of text, for the clipboard.
    pub(super) fn text(&self) -> SecretText {
        let mut text = SecretText::default();
        match self {
            Self::Sheet { flow, sheet: Sheet::Codes } => {
                for (number, code) in (1_usize..).zip(flow.codes()) {
                    text.edit().push_str(&format!("{number:>2}  "));
                    text.edit().push_str(code.expose());
                    text.edit().push('\n');
                }
            }
            Self::Sheet { flow, sheet: Sheet::ClinicKey } => {
                if let Some(key) = flow.clinic_key() {
                    text.edit().push_str(key.expose());
                }
            }
            Self::Slip { code, .. } => text.edit().push_str(code.expose()),
            Self::Removal(removal) => {
                for (label, value) in super::removal_proof(removal).facts {
                    text.edit().push_str(&format!("{label}: {value}\n"));
                }
            }
        }
        text
    }

    /// What a saved file is called.
    pub(super) fn file_name(&self, screen: &Screen<'_>) -> String {
        match self {
            Self::Sheet { sheet: Sheet::Codes, .. } => tr!("sheet-file-codes", name = &screen.names.person),
            Self::Sheet { sheet: Sheet::ClinicKey, .. } => tr!("sheet-file-key", clinic = screen.clinic),
            Self::Slip { person, .. } => tr!("sheet-file-slip", name = *person),
            Self::Removal(removal) => tr!("leaver-file", name = &removal.name),
        }
    }
}
