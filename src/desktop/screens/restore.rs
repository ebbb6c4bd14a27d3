//! A backup brought back with the clinic's spare key: which one, the key, what it changes, done.
//!
//! ```text
//! plan.rs      what a restore changes, also for the managers' page
//! ```

pub(super) mod plan;

use std::path::PathBuf;

use eframe::egui::{Context, Label, Ui, vec2};

use super::lock::forget_typing;
use super::notices;
use super::wizard::arrival;
use crate::adapters::clock::{local_date_text, local_time_text};
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{Button, ButtonState, ChoiceCard, ChoiceState, StepFrame, TextField, title_ui};
use crate::domain::secret::SecretText;
use crate::explain;
use crate::flows::Mishap;
use crate::flows::restore::{Act, Restore, Step};
use crate::ports::{BackupFile, BackupKind};
use crate::tr;

const KEY: &str = "restore.key";
const FILE: &str = "restore.file";

/// What is being typed.
#[derive(Default)]
pub struct Fields {
    key: SecretText,
    /// A file from elsewhere.
    file: String,
    page: Option<&'static str>,
    /// The key was given, and its answer has not been looked at yet.
    given: bool,
}

impl Fields {
    /// Wipes everything, and egui's memory of it.
    pub fn wipe(&mut self, ctx: &Context) {
        self.key.wipe();
        forget_typing(ctx, TextField::id(KEY));
        *self = Self::default();
    }
}

/// Draws the page; what the person asked for.
pub fn ui(ui: &mut Ui, flow: &Restore, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Act> {
    let (page, focus) = match &flow.step {
        Step::Choose(_) => ("restore.choose", None),
        Step::Key(_) => ("restore.key", Some(TextField::id(KEY))),
        Step::Plan(..) => ("restore.plan", None),
        Step::Finished(_) => ("restore.done", None),
    };
    let arrived = fields.page != Some(page);
    if arrived {
        fields.page = Some(page);
        if !matches!(flow.step, Step::Key(_)) {
            fields.key.wipe();
        }
        arrival::focus(ui.ctx(), focus);
    }
    // What was refused is put right where it was typed.
    if fields.given && !flow.is_busy() {
        fields.given = false;
        arrival::focus(ui.ctx(), focus);
    }
    let act = page_ui(ui, flow, fields, arrived, screen);
    fields.given |= matches!(act, Some(Act::GiveKey(_)));
    act
}

fn page_ui(ui: &mut Ui, flow: &Restore, fields: &mut Fields, arrived: bool, screen: &mut Screen<'_>) -> Option<Act> {
    match &flow.step {
        Step::Choose(mishap) => choose_ui(ui, flow, mishap.as_ref(), &mut fields.file, screen),
        Step::Key(mishap) => key_ui(ui, flow, mishap.as_ref(), &mut fields.key, screen),
        Step::Plan(plan, mishap) => {
            let (title, text, go) = (tr!("restore-plan-title"), tr!("restore-plan-text"), tr!("restore-go"));
            let (support, back, busy) = (notices::support_line(screen.support), tr!("go-back"), tr!("restore-busy"));
            let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
            let frame = StepFrame::new("restore.plan").support(&support).back(&back).next(&go, state);
            let shown = frame.show(ui, |ui| {
                title_ui(ui, &title, &text);
                plan::ui(ui, plan, plan::Tense::Would);
                mishap_ui(ui, mishap.as_ref(), screen);
            });
            match (flow.is_busy(), shown.back, shown.next) {
                (false, true, _) => Some(Act::Back),
                (false, false, true) => Some(Act::Go),
                (false, false, false) | (true, ..) => None,
            }
        }
        Step::Finished(plan) => {
            let (title, text, go) = (tr!("restore-done-title"), tr!("restore-done-text"), tr!("wizard-done-go"));
            let support = notices::support_line(screen.support);
            let frame = StepFrame::new("restore.done").support(&support).next(&go, ButtonState::Ready);
            let shown = frame.focus_next(arrived).show(ui, |ui| {
                title_ui(ui, &title, &text);
                plan::ui(ui, plan, plan::Tense::Has);
            });
            shown.next.then_some(Act::Back)
        }
    }
}

/// "Monday's 2 March 2026, 9:12" as people say it: the day, and when it was written.
pub(super) fn backup_title(file: &BackupFile) -> String {
    tr!("backup-of", date = local_date_text(file.written_unix), time = local_time_text(file.written_unix))
}

/// Why it was made.
pub(super) fn backup_kind(file: &BackupFile) -> String {
    match file.kind {
        BackupKind::Daily => tr!("backup-daily"),
        BackupKind::Asked => tr!("backup-asked"),
    }
}

fn mishap_ui(ui: &mut Ui, mishap: Option<&Mishap>, screen: &Screen<'_>) {
    if let Some(mishap) = mishap {
        ui.add_space(space::M);
        let notice = explain::mishap(mishap, None, screen.names);
        notices::notice_ui(ui, "restore.notice", &notice, None, screen.now);
    }
}

fn choose_ui(
    ui: &mut Ui,
    flow: &Restore,
    mishap: Option<&Mishap>,
    file: &mut String,
    screen: &Screen<'_>,
) -> Option<Act> {
    let (support, back) = (notices::support_line(screen.support), tr!("go-back"));
    let drawn = tr!("restore-drawing");
    let frame = StepFrame::new("restore.choose").support(&support).drawing(Drawing::Safe, &[], &drawn).back(&back);
    let shown = frame.show(ui, |ui| {
        title_ui(ui, &tr!("restore-choose-title"), &tr!("restore-choose-text"));
        ui.set_max_width(FORM_WIDTH.min(ui.available_width()));
        let mut chosen = None;
        for (at, backup) in flow.files.iter().enumerate() {
            let (title, kind) = (backup_title(backup), backup_kind(backup));
            let text = if at == 0 { tr!("backup-newest", kind = kind) } else { kind };
            let icon = Some(Icon::File);
            let card = ChoiceCard { icon, title: &title, text: &text, state: ChoiceState::Action, min_height: 0.0 };
            if ui.push_id(&backup.path, |ui| card.show(ui)).inner.clicked() {
                chosen = Some(Act::Choose(backup.path.clone()));
            }
            ui.add_space(space::XS);
        }
        if flow.files.is_empty() && !flow.is_busy() {
            ui.add(Label::new(theme::body(tr!("restore-choose-none"))).wrap());
        }
        ui.add_space(space::M);
        let (label, help, go) = (tr!("restore-file"), tr!("restore-file-help"), tr!("restore-file-go"));
        TextField::new(FILE, &label, file).help(&help).show(ui);
        ui.add_space(space::S);
        let typed = PathBuf::from(file.trim());
        let state = if typed.as_os_str().is_empty() { ButtonState::Disabled } else { ButtonState::Ready };
        if ui.add(Button::secondary(&go).icon(Icon::File).state(state)).clicked() {
            chosen = Some(Act::Choose(typed));
        }
        mishap_ui(ui, mishap, screen);
        chosen
    });
    if shown.back { Some(Act::Back) } else { shown.inner }
}

fn key_ui(
    ui: &mut Ui,
    flow: &Restore,
    mishap: Option<&Mishap>,
    key: &mut SecretText,
    screen: &Screen<'_>,
) -> Option<Act> {
    let (support, drawn) = (notices::support_line(screen.support), tr!("recover-drawing"));
    let (back, next, busy) = (tr!("go-back"), tr!("go-next"), tr!("recover-busy"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let frame = StepFrame::new("restore.key").support(&support).drawing(Drawing::Safe, &[], &drawn);
    let shown = frame.back(&back).next(&next, state).show(ui, |ui| {
        title_ui(ui, &tr!("restore-key-title"), &tr!("restore-key-text"));
        ui.add_enabled_ui(!flow.is_busy(), |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            let (label, help) = (tr!("clinic-key"), tr!("recover-key-help"));
            TextField::new(KEY, &label, key.edit()).mono().help(&help).show(ui);
        });
        // egui keeps what was typed for its undo; of this key nothing is kept.
        forget_typing(ui.ctx(), TextField::id(KEY));
        ui.add_space(space::S);
        ui.add(Label::new(theme::help(tr!("restore-key-nothing-yet"))).wrap());
        mishap_ui(ui, mishap, screen);
    });
    if shown.back && !flow.is_busy() {
        return Some(Act::Back);
    }
    (shown.next && !flow.is_busy()).then(|| Act::GiveKey(key.duplicate()))
}

#[cfg(test)]
mod tests;
