//! For managers: the clinic's choices, and its spare key.

use eframe::egui::Ui;

use super::pages::{Pages, SettingsTyped, done_ui, page_ui};
use super::{Reply, locking};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, TextField, step_heading_ui};
use crate::domain::edit::Edit;
use crate::domain::names::server_name;
use crate::domain::presence::FULL_SIGN_IN_HOURS;
use crate::domain::state::Settings;
use crate::flows::session::{Act, Change, Page, Session};
use crate::tr;

const PROGRAM: &str = "session.set-program";
const SUPPORT: &str = "session.set-support";
const WRONG_CODES: &str = "session.set-wrong-codes";
const SHORTEST: &str = "session.set-shortest";
const TIME_SERVER: &str = "session.set-time-server";
const NUMBER_WIDTH: f32 = 140.0;

impl SettingsTyped {
    fn of(settings: &Settings) -> Self {
        Self {
            from: settings.clone(),
            program: settings.program.clone(),
            support: settings.support.clone(),
            wrong_codes: settings.wrong_codes.to_string(),
            shortest: settings.shortest_password.to_string(),
            time_server: settings.time_server.clone(),
            lock_after: settings.lock_after_minutes.to_string(),
            full_sign_in: settings.full_sign_in_hours.to_string(),
            after_lock: settings.after_lock,
            lock_screen: settings.lock_screen,
        }
    }

    fn is_untouched(&self) -> bool {
        self.settings().as_ref() == Some(&self.from)
    }

    fn wrong_codes(&self) -> Option<u32> {
        self.wrong_codes.trim().parse().ok().filter(|count| (5..=10).contains(count))
    }

    fn shortest(&self) -> Option<usize> {
        self.shortest.trim().parse().ok().filter(|count| (8..=64).contains(count))
    }

    pub(super) fn lock_after(&self) -> Option<u32> {
        self.lock_after.trim().parse().ok().filter(|minutes| (1..=60).contains(minutes))
    }

    pub(super) fn full_sign_in(&self) -> Option<u32> {
        self.full_sign_in.trim().parse().ok().filter(|hours| FULL_SIGN_IN_HOURS.contains(hours))
    }

    fn time_server(&self) -> Option<String> {
        server_name(&self.time_server)
    }

    /// What was typed, when all of it is within its range.
    fn settings(&self) -> Option<Settings> {
        let program = self.program.trim();
        if program.is_empty() {
            return None;
        }
        Some(Settings {
            program: program.to_owned(),
            support: self.support.trim().to_owned(),
            wrong_codes: self.wrong_codes()?,
            shortest_password: self.shortest()?,
            sms: self.from.sms.clone(),
            time_server: self.time_server()?,
            practice: self.from.practice.clone(),
            after_lock: self.after_lock,
            lock_after_minutes: self.lock_after()?,
            full_sign_in_hours: self.full_sign_in()?,
            lock_screen: self.lock_screen,
        })
    }
}

/// Shows them.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    done: Option<&Change>,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    if let Some(look) = &flow.look
        && pages.settings.as_ref().is_none_or(|typed| typed.is_untouched() && typed.from != look.settings)
    {
        pages.settings = Some(SettingsTyped::of(&look.settings));
    }
    let (title, text, save) = (tr!("settings-title"), tr!("settings-text"), tr!("settings-save"));
    let (mut key, mut backups, mut texts) = (false, false, false);
    let shown = page_ui(ui, ("session.settings", &title, &text), Some(&save), flow, screen, |ui, _| {
        done_ui(ui, done, flow);
        if let Some(typed) = &mut pages.settings {
            fields_ui(ui, typed);
        }
        ui.add_space(space::XL);
        step_heading_ui(ui, &tr!("texts-page-title"));
        ui.label(theme::body(tr!("texts-page-text")));
        ui.add_space(space::S);
        texts = ui.add(Button::secondary(&tr!("texts-page-open")).icon(Icon::Message)).clicked();
        ui.add_space(space::XL);
        step_heading_ui(ui, &tr!("settings-key-title"));
        ui.label(theme::body(tr!("settings-key-text")));
        ui.add_space(space::S);
        key = ui.add(Button::secondary(&tr!("in-new-clinic-key")).icon(Icon::Key)).clicked();
        ui.add_space(space::XL);
        step_heading_ui(ui, &tr!("settings-backups-title"));
        ui.label(theme::body(tr!("settings-backups-text")));
        ui.add_space(space::S);
        backups = ui.add(Button::secondary(&tr!("settings-backups-go")).icon(Icon::File)).clicked();
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        return Some(Reply::Act(Act::Go(Page::Home)));
    }
    if backups {
        return Some(Reply::Act(Act::Go(Page::Backups)));
    }
    if texts {
        return Some(Reply::Act(Act::Go(Page::Texts)));
    }
    if key {
        return Some(Reply::Act(Act::Begin(Change::ClinicKey)));
    }
    let typed = pages.settings.as_ref().filter(|typed| shown.next && !typed.is_untouched())?;
    let edit = Edit::new(typed.from.clone(), typed.settings()?);
    Some(Reply::Act(Act::Begin(Change::Settings(edit))))
}

fn fields_ui(ui: &mut Ui, typed: &mut SettingsTyped) {
    ui.spacing_mut().item_spacing.y = space::M;
    let missing = typed.program.trim().is_empty().then(|| tr!("settings-program-missing"));
    let bad_codes = typed.wrong_codes().is_none().then(|| tr!("settings-range", from = 5, to = 10));
    let bad_length = typed.shortest().is_none().then(|| tr!("settings-range", from = 8, to = 64));
    TextField::new(PROGRAM, &tr!("settings-program"), &mut typed.program)
        .help(&tr!("settings-program-help"))
        .error(missing.as_deref())
        .show(ui);
    TextField::new(SUPPORT, &tr!("settings-support"), &mut typed.support).help(&tr!("settings-support-help")).show(ui);
    TextField::new(WRONG_CODES, &tr!("settings-wrong-codes"), &mut typed.wrong_codes)
        .width(NUMBER_WIDTH)
        .help(&tr!("settings-wrong-codes-help"))
        .error(bad_codes.as_deref())
        .show(ui);
    TextField::new(SHORTEST, &tr!("settings-shortest"), &mut typed.shortest)
        .width(NUMBER_WIDTH)
        .help(&tr!("settings-shortest-help"))
        .error(bad_length.as_deref())
        .show(ui);
    let bad_server = typed.time_server().is_none().then(|| tr!("settings-time-server-bad"));
    TextField::new(TIME_SERVER, &tr!("settings-time-server"), &mut typed.time_server)
        .help(&tr!("settings-time-server-help"))
        .error(bad_server.as_deref())
        .show(ui);
    locking::ui(ui, typed);
}
