//! Getting a sheet onto paper: save as PDF, print, copy; and what came of it.

use std::path::{Path, PathBuf};

use eframe::egui::{Label, Rect, Ui, pos2, vec2};

use super::Fields;
use super::show::OnPaper;
use crate::adapters::clipboard::ClipboardEvent;
use crate::adapters::paper::{self, PaperError, Printing};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::services::{COPIED_FOR, Job, PaperNote};
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{Button, ButtonState, Notice, NoticeKind, TextField};
use crate::tr;

const PATH: &str = "sheet-path";
/// How long what has just appeared is brought into sight.
const FRAMES: u8 = 3;

pub(super) fn files_ui(ui: &mut Ui, sheet: &OnPaper<'_>, fields: &mut Fields, screen: &mut Screen<'_>) {
    buttons_ui(ui, sheet, fields, screen);
    let top = ui.cursor().min;
    if fields.path.is_some() {
        ui.add_space(space::S);
        path_ui(ui, sheet, fields, screen);
    }
    ui.add_space(space::S);
    note_ui(ui, sheet, screen);
    let note = &screen.services.paper().note;
    if fields.noted != *note {
        fields.noted.clone_from(note);
        fields.reveal = if note.is_some() { FRAMES } else { 0 };
    }
    if let Some(left) = fields.reveal.checked_sub(1) {
        fields.reveal = left;
        ui.scroll_to_rect(Rect::from_min_max(top, pos2(top.x, ui.min_rect().bottom())), None);
        ui.ctx().request_repaint();
    }
}

fn buttons_ui(ui: &mut Ui, sheet: &OnPaper<'_>, fields: &mut Fields, screen: &mut Screen<'_>) {
    let (save, print, copy) = (tr!("wizard-codes-save"), tr!("wizard-codes-print"), tr!("wizard-codes-copy"));
    let printing = tr!("working-print");
    let (busy, saved) = (screen.services.paper().busy, screen.services.paper().saved.is_some());
    let print_state = match (busy, paper::printing()) {
        (Some(Job::Print), _) => ButtonState::Busy(&printing),
        // There a program prints a file that was saved, or none.
        (Some(Job::Propose | Job::Save | Job::Delete) | None, Printing::SavedFile) if !saved => ButtonState::Disabled,
        (Some(Job::Propose | Job::Save | Job::Delete) | None, Printing::Directly | Printing::SavedFile) => {
            ButtonState::Ready
        }
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::L, space::S);
        if ui.add(Button::secondary(&save).icon(Icon::File)).clicked() && fields.path.is_none() {
            fields.path = Some(String::new());
            screen.services.propose_file(sheet.file_name(screen));
        }
        if ui.add(Button::secondary(&print).icon(Icon::Printer).state(print_state)).clicked() {
            let pdf = sheet.pdf(screen);
            screen.services.print(pdf);
        }
        // A proof is for paper: whatever is copied here is taken back after a while, as a secret is.
        if !matches!(sheet, OnPaper::Removal(_)) && ui.add(Button::secondary(&copy).icon(Icon::Copy)).clicked() {
            screen.services.copy(sheet.text());
        }
    });
}

/// Where to save it, to be changed or taken as it is.
fn path_ui(ui: &mut Ui, sheet: &OnPaper<'_>, fields: &mut Fields, screen: &mut Screen<'_>) {
    let Some(path) = &mut fields.path else { return };
    if let Some(proposed) = screen.services.take_proposed()
        && path.is_empty()
    {
        *path = proposed.to_string_lossy().into_owned();
        ui.memory_mut(|memory| memory.request_focus(TextField::id(PATH)));
        fields.reveal = FRAMES;
    }
    TextField::new(PATH, &tr!("sheet-save-as"), path).width(FORM_WIDTH).show(ui);
    let (save, saving, cancel) = (tr!("sheet-save"), tr!("working-save"), tr!("cancel"));
    let state = match screen.services.paper().busy {
        Some(Job::Save) => ButtonState::Busy(&saving),
        Some(Job::Propose | Job::Print | Job::Delete) | None if path.trim().is_empty() => ButtonState::Disabled,
        Some(Job::Propose | Job::Print | Job::Delete) | None => ButtonState::Ready,
    };
    let (mut save_now, mut close) = (false, false);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        save_now = ui.add(Button::secondary(&save).icon(Icon::Download).state(state)).clicked();
        close = ui.add(Button::quiet(&cancel)).clicked();
    });
    if save_now {
        let target = with_ending(path.trim());
        let pdf = sheet.pdf(screen);
        screen.services.save(target, pdf);
    }
    if close || screen.services.paper().note == Some(PaperNote::Saved) {
        fields.path = None;
    }
}

/// A name without ".pdf" opens in nothing.
fn with_ending(typed: &str) -> PathBuf {
    let path = PathBuf::from(typed);
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) {
        path
    } else {
        PathBuf::from(format!("{typed}.pdf"))
    }
}

/// What came of saving, printing, deleting and copying; with the file that is still there, and a way to delete it.
fn note_ui(ui: &mut Ui, sheet: &OnPaper<'_>, screen: &mut Screen<'_>) {
    let (kind, what, todo) = match (&screen.services.paper().note, screen.services.copied()) {
        (Some(PaperNote::Trouble(job, err)), _) => {
            let (what, todo) = trouble(*job, *err);
            (NoticeKind::Warning, what, todo)
        }
        (Some(PaperNote::Printed), _) => (NoticeKind::Success, tr!("wizard-codes-printed"), String::new()),
        (Some(PaperNote::Deleted), _) => (NoticeKind::Success, tr!("wizard-codes-deleted"), String::new()),
        (Some(PaperNote::Saved), _) if matches!(sheet, OnPaper::Removal(_)) => {
            (NoticeKind::Success, tr!("leaver-saved"), tr!("leaver-saved-then"))
        }
        (Some(PaperNote::Saved), _) => (NoticeKind::Success, tr!("sheet-saved"), tr!("sheet-saved-then")),
        (None, Some(event)) => copied(event),
        (None, None) => (NoticeKind::Info, String::new(), String::new()),
    };
    if !what.is_empty() {
        Notice::new("sheet-note", kind, &what, &todo).show(ui);
        ui.add_space(space::S);
    }
    if matches!(sheet, OnPaper::Removal(_)) {
        // It is to be kept: no button to delete it where the one to save it was.
        file_ui(ui, screen);
    } else {
        saved_ui(ui, screen);
    }
}

/// The file that was saved and is still there, and a way to delete it.
pub(super) fn saved_ui(ui: &mut Ui, screen: &mut Screen<'_>) {
    if screen.services.paper().saved.is_none() {
        return;
    }
    let (delete, busy) = (tr!("wizard-codes-delete"), tr!("please-wait"));
    let state = match screen.services.paper().busy {
        Some(Job::Delete) => ButtonState::Busy(&busy),
        Some(Job::Propose | Job::Save | Job::Print) | None => ButtonState::Ready,
    };
    if ui.add(Button::secondary(&delete).icon(Icon::Trash).state(state)).clicked() {
        screen.services.delete_saved();
    }
    file_ui(ui, screen);
}

/// Where the saved file is.
fn file_ui(ui: &mut Ui, screen: &Screen<'_>) {
    if let Some(path) = &screen.services.paper().saved {
        ui.add(Label::new(theme::help(tr!("sheet-file-there", file = shown(path)))).wrap());
    }
}

/// The path as a person finds it: the file and the folder it is in.
fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn copied(event: ClipboardEvent) -> (NoticeKind, String, String) {
    match event {
        ClipboardEvent::Copied => {
            (NoticeKind::Info, tr!("copied", seconds = COPIED_FOR.as_secs()), tr!("sheet-copied-then"))
        }
        ClipboardEvent::Cleared => (NoticeKind::Info, tr!("copied-cleared"), String::new()),
        ClipboardEvent::LeftAlone => (NoticeKind::Info, String::new(), String::new()),
        ClipboardEvent::Refused => (NoticeKind::Warning, tr!("err-clipboard"), tr!("do-clipboard-sheet")),
    }
}

/// Two sentences for what paper can refuse.
fn trouble(job: Job, err: PaperError) -> (String, String) {
    match (err, job) {
        (PaperError::Exists, _) => (tr!("err-paper-exists"), tr!("do-paper-exists")),
        (PaperError::Full, _) => (tr!("err-paper-full"), tr!("do-paper-full")),
        (PaperError::NoPrinter, _) => (tr!("err-printer-absent"), tr!("do-printer-absent")),
        (_, Job::Delete) => (tr!("err-paper-not-deleted"), tr!("do-paper-not-deleted")),
        (PaperError::NoRights, Job::Propose | Job::Save | Job::Print) => {
            (tr!("err-paper-no-rights"), tr!("do-paper-no-rights"))
        }
        (PaperError::Refused | PaperError::Broken(_), Job::Print) => {
            (tr!("err-printer-refused"), tr!("do-printer-refused"))
        }
        (PaperError::Refused | PaperError::Broken(_), Job::Propose | Job::Save) => {
            (tr!("err-paper-broken"), tr!("do-paper-broken"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gets_its_ending_once() {
        for (typed, file) in
            [("codes", "codes.pdf"), ("a/codes.pdf", "a/codes.pdf"), ("x.PDF", "x.PDF"), ("v1.2", "v1.2.pdf")]
        {
            assert_eq!(with_ending(typed), PathBuf::from(file));
        }
    }
}
