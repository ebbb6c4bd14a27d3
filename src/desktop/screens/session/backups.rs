//! For managers: the backups there are, one more now, and bringing one back.

use eframe::egui::{Label, Ui};

use super::Reply;
use super::pages::{Pages, page_ui};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::screens::notices;
use crate::desktop::screens::restore::{backup_kind, backup_title, plan};
use crate::desktop::theme::{self, CONTENT_WIDTH, FORM_WIDTH, space};
use crate::desktop::widgets::{Button, ButtonState, Notice, NoticeKind, TextField, card_ui, pair_ui, step_heading_ui};
use crate::domain::restore::Plan;
use crate::explain;
use crate::flows::session::{Act, BackupDone, BackupsView, Change, Page, Session};
use crate::tr;

const FILE: &str = "session.backup-file";

/// Shows them.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    view: &BackupsView,
    pages: &mut Pages,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (title, text) = (tr!("backups-title"), tr!("backups-text"));
    let mut act = None;
    let shown = page_ui(ui, ("session.backups", &title, &text), None, flow, screen, |ui, screen| {
        done_ui(ui, view, screen);
        let (make, working) = (tr!("backups-make"), tr!("backups-making"));
        let state = if flow.is_busy() { ButtonState::Busy(&working) } else { ButtonState::Ready };
        if ui.add(Button::secondary(&make).icon(Icon::Plus).state(state)).clicked() {
            act = Some(Act::MakeBackup);
        }
        ui.add_space(space::L);
        let ready = if flow.is_busy() { ButtonState::Disabled } else { ButtonState::Ready };
        for file in &view.files {
            card_ui(ui, |ui| {
                ui.set_width(ui.available_width());
                let title = backup_title(file);
                pair_ui(ui, &title, &backup_kind(file));
                let bring = tr!("backups-bring-back", backup = title);
                ui.push_id(&file.path, |ui| {
                    if ui.add(Button::quiet(&bring).icon(Icon::Refresh).flush().state(ready)).clicked() {
                        act = Some(Act::PlanRestore(file.path.clone()));
                    }
                });
            });
            ui.add_space(space::S);
        }
        if let Some(folder) = view.files.first().and_then(|file| file.path.parent()) {
            ui.add(Label::new(theme::help(tr!("backups-where", folder = folder.display().to_string()))).wrap());
        }
        if view.files.is_empty() && !flow.is_busy() {
            ui.add(Label::new(theme::body(tr!("backups-none"))).wrap());
        }
        ui.add_space(space::L);
        step_heading_ui(ui, &tr!("restore-file"));
        let (label, help, go) = (tr!("restore-file-label"), tr!("restore-file-help"), tr!("restore-file-go"));
        TextField::new(FILE, &label, &mut pages.backup).help(&help).width(FORM_WIDTH).show(ui);
        ui.add_space(space::S);
        let typed = std::path::PathBuf::from(pages.backup.trim());
        let state = if typed.as_os_str().is_empty() { ButtonState::Disabled } else { ready };
        if ui.add(Button::secondary(&go).icon(Icon::File).state(state)).clicked() {
            act = Some(Act::PlanRestore(typed));
        }
        if let Some(mishap) = &view.mishap {
            ui.add_space(space::M);
            notices::notice_ui(
                ui,
                "session.backup-mishap",
                &explain::mishap(mishap, None, screen.names),
                None,
                screen.now,
            );
        }
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        return Some(Reply::Act(Act::Go(Page::Settings)));
    }
    act.map(Reply::Act)
}

fn done_ui(ui: &mut Ui, view: &BackupsView, _screen: &Screen<'_>) {
    let (what, then) = match &view.done {
        None => return,
        Some(BackupDone::Made) => (tr!("backups-made"), tr!("backups-made-then")),
        Some(BackupDone::Restored(_)) => (tr!("restore-done-title"), tr!("restore-done-text")),
    };
    Notice::new("session.done", NoticeKind::Success, &what, &then).width(CONTENT_WIDTH).show(ui);
    if let Some(BackupDone::Restored(plan)) = &view.done {
        plan::ui(ui, plan, plan::Tense::Has);
    }
    ui.add_space(space::L);
}

/// What bringing one back would change, before it is done.
pub(super) fn plan_ui(
    ui: &mut Ui,
    flow: &Session,
    (file, plan): (&std::path::Path, &Plan),
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let (title, text, go) = (tr!("restore-plan-title"), tr!("restore-plan-text"), tr!("restore-go"));
    let shown = page_ui(ui, ("session.restore-plan", &title, &text), Some(&go), flow, screen, |ui, _| {
        plan::ui(ui, plan, plan::Tense::Would);
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        return Some(Reply::Act(Act::Go(Page::Backups)));
    }
    shown.next.then(|| Reply::Act(Act::Begin(Change::Restore(file.to_owned()))))
}
