//! The two sheets of paper: shown once, put on paper, asked back.
//!
//! ```text
//! show.rs    the codes or the key, and the ways to get them onto paper
//! files.rs   saving, printing, copying, deleting, and what came of it
//! prove.rs   hidden, and its end asked back
//! ```

mod files;
mod prove;
mod show;

use eframe::egui::{Context, TextEdit, Ui};

use super::wizard::arrival;
use crate::adapters::clock::{local_moment_text, utc_text};
use crate::desktop::screen::Screen;
use crate::desktop::services::PaperNote;
use crate::desktop::widgets::TextField;
use crate::domain::secret::SecretText;
use crate::effects::Removal;
use crate::explain::leaver::{self, Proof};
use crate::flows::sheets::{Page, Sheet, SheetsFlow};

/// What the person did.
#[derive(Debug)]
pub enum Reply {
    /// It is on paper.
    OnPaper,
    /// Show it again.
    ShowAgain,
    /// What was typed from paper.
    Proof(SecretText),
    /// Give up: everything stays as it was.
    GiveUp,
    /// The sheet waits.
    Later,
}

/// What is being typed.
#[derive(Default)]
pub struct Fields {
    proof: SecretText,
    /// Where to save the sheet, while that is being asked.
    path: Option<String>,
    /// The note that was last in sight.
    noted: Option<PaperNote>,
    /// For so many frames what has just appeared is brought into sight: in the first of them the focus scrolls, too.
    reveal: u8,
    page: Option<(Sheet, Seen)>,
}

/// Whether a sheet is seen or asked back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Shown,
    Hidden,
}

impl Fields {
    /// Wipes everything.
    pub fn wipe(&mut self, ctx: &Context) {
        self.proof.wipe();
        let id = TextField::id(prove::FIELD);
        if let Some(mut state) = TextEdit::load_state(ctx, id) {
            state.clear_undoer();
            TextEdit::store_state(ctx, id, state);
        }
        *self = Self::default();
    }
}

/// Ways to get the slip of a new or reset person onto paper.
pub fn slip_ui(ui: &mut Ui, person: &str, code: &SecretText, fields: &mut Fields, screen: &mut Screen<'_>) {
    files::files_ui(ui, &show::OnPaper::Slip { person, code }, fields, screen);
}

/// Ways to keep the proof that somebody was removed.
pub fn removal_ui(ui: &mut Ui, removal: &Removal, fields: &mut Fields, screen: &mut Screen<'_>) {
    files::files_ui(ui, &show::OnPaper::Removal(removal), fields, screen);
}

/// What that proof says, with its time as it is here.
pub fn removal_proof(removal: &Removal) -> Proof {
    leaver::proof(removal, local_moment_text(removal.unix_secs), utc_text(removal.unix_secs))
}

/// Draws the page; what the person did.
pub fn ui(ui: &mut Ui, flow: &SheetsFlow, fields: &mut Fields, busy: bool, screen: &mut Screen<'_>) -> Option<Reply> {
    let page = match &flow.page {
        Page::Show(sheet) => (*sheet, Seen::Shown),
        Page::Prove(sheet, _) => (*sheet, Seen::Hidden),
    };
    let arrived = fields.page != Some(page);
    if arrived {
        // A file that was saved stays in sight until its sheet is proved: it is to be deleted.
        if fields.page.map(|(sheet, _)| sheet) != Some(page.0) {
            screen.services.new_page();
        }
        fields.wipe(ui.ctx());
        fields.page = Some(page);
        arrival::focus(ui.ctx(), (page.1 == Seen::Hidden).then(|| TextField::id(prove::FIELD)));
    }
    match &flow.page {
        Page::Show(sheet) => show::show_ui(ui, flow, *sheet, fields, arrived, screen),
        Page::Prove(sheet, mishap) => prove::prove_ui(ui, *sheet, mishap.as_ref(), fields, busy, screen),
    }
}
