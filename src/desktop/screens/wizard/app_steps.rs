//! Steps 2 to 4: which app, and what to tap in it, in each app's own words.

use eframe::egui::Ui;

use super::surroundings::{Around, app_name};
use super::{Act, Enrolment, Focus, Screen, texts};
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, ButtonState, ChoiceCard, ChoiceState, columns_ui, title_ui};
use crate::flows::enrolment::{App, Handset, TextAct};
use crate::tr;

const APPS: [App; 4] = [App::Google, App::Microsoft, App::Authy, App::Other];
/// The narrowest an app's card becomes.
const CARD: f32 = 260.0;

pub(super) fn open_app_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = tr!("wizard-app-title");
    let around = Around::new(flow, &title, screen).with_skip();
    let app = app_name(flow.app);
    let words = [app.as_str()];
    let (open, missing) = (tr!("wizard-app-open"), tr!("wizard-app-missing"));
    let answer = around
        .drawn("open-app", Drawing::OpenApp, &words)
        .next(&open, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("wizard-app-text"));
            let chosen = apps_ui(ui, flow.app);
            ui.add_space(space::M);
            if ui.add(Button::secondary(&missing).icon(Icon::Help)).clicked() {
                return Some(Act::GetApp(Handset::Iphone));
            }
            if texts::texts_instead_ui(ui, flow) {
                return Some(Act::Texts(TextAct::Choose));
            }
            chosen.map(Act::ChooseApp)
        });
    if answer.aside {
        return Some(Act::Skip);
    }
    if answer.back {
        return Some(Act::Back);
    }
    if answer.next { Some(Act::Next) } else { answer.inner }
}

fn apps_ui(ui: &mut Ui, now: App) -> Option<App> {
    let mut chosen = None;
    columns_ui(ui, APPS.len(), CARD, |ui, index| {
        let Some(app) = APPS.get(index).copied() else { return };
        let (title, text) = match app {
            App::Google => (tr!("app-google"), tr!("wizard-app-recommended")),
            App::Microsoft => (tr!("app-microsoft"), tr!("wizard-app-microsoft-help")),
            App::Authy => (tr!("app-authy"), tr!("wizard-app-authy-help")),
            App::Other => (tr!("app-other"), tr!("wizard-app-other-help")),
        };
        let state = if app == now { ChoiceState::Chosen } else { ChoiceState::Open };
        let card = ChoiceCard { icon: Some(Icon::Phone), title: &title, text: &text, state, min_height: 92.0 };
        if card.show(ui).clicked() {
            chosen = Some(app);
        }
    });
    chosen
}

pub(super) fn get_started_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    used_before: bool,
    screen: &Screen<'_>,
    focus: Focus,
) -> Option<Act> {
    let (title, text, plus, drawn) = match flow.app {
        App::Google => (
            tr!("wizard-start-title-google"),
            tr!("wizard-start-text-google"),
            tr!("wizard-start-plus-google"),
            tr!("drawn-get-started"),
        ),
        App::Microsoft => (
            tr!("wizard-start-title-microsoft"),
            tr!("wizard-start-text-microsoft"),
            tr!("wizard-start-plus-microsoft"),
            tr!("drawn-add-account"),
        ),
        App::Authy => (
            tr!("wizard-start-title-authy"),
            tr!("wizard-start-text-authy"),
            tr!("wizard-start-plus-authy"),
            tr!("drawn-add-account"),
        ),
        App::Other => (
            tr!("wizard-start-title-other"),
            tr!("wizard-start-text-other"),
            tr!("wizard-start-plus-other"),
            tr!("drawn-add"),
        ),
    };
    // Who has used the app before sees a plus sign, and nothing of a first start.
    let (title, text) = if used_before { (plus, tr!("wizard-start-plus-then")) } else { (title, text) };
    let around = Around::new(flow, &title, screen).with_skip();
    let words = [if used_before { "+" } else { drawn.as_str() }];
    let seen = tr!("wizard-start-seen");
    let answer = around
        .drawn("get-started", Drawing::GetStarted, &words)
        .next(&seen, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &text);
            !used_before && ui.add(Button::secondary(&tr!("wizard-start-not-seen"))).clicked()
        });
    if answer.aside {
        return Some(Act::Skip);
    }
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner {
        return Some(Act::UsedBefore);
    }
    answer.next.then_some(Act::Next)
}

pub(super) fn tap_scan_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = match flow.app {
        App::Google => tr!("wizard-scan-title-google"),
        App::Microsoft => tr!("wizard-scan-title-microsoft"),
        App::Authy => tr!("wizard-scan-title-authy"),
        App::Other => tr!("wizard-scan-title-other"),
    };
    let around = Around::new(flow, &title, screen).with_skip();
    let drawn = tr!("drawn-scan");
    let words = [drawn.as_str()];
    let ready = tr!("wizard-scan-ready");
    let answer = around
        .drawn("tap-scan", Drawing::TapScan, &words)
        .next(&ready, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("wizard-scan-text"));
            let inside = tr!("wizard-scan-inside", app = app_name(flow.app));
            ui.add(eframe::egui::Label::new(theme::muted(inside)).wrap());
        });
    if answer.aside {
        return Some(Act::Skip);
    }
    if answer.back {
        return Some(Act::Back);
    }
    answer.next.then_some(Act::Next)
}
