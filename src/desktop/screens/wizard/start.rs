//! Step 1's first pages: why, who, and "please ask your manager".

use eframe::egui::{Ui, ViewportCommand};

use super::surroundings::Around;
use super::{Act, Enrolment, Focus, Screen};
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ButtonState, ChoiceCard, ChoiceState, columns_ui, escape_pressed, title_ui};
use crate::flows::enrolment::TextAct;
use crate::tr;

/// The narrowest a method's card becomes.
const CARD: f32 = 280.0;

pub(super) fn why_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = tr!("wizard-why-title", office = &screen.names.office);
    let around = Around::new(flow, &title, screen);
    let (not_now, go) = (tr!("wizard-why-not-now"), tr!("wizard-why-go"));
    let answer = around
        .drawn("why", Drawing::Protect, &[])
        .leave(&not_now)
        .next(&go, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("wizard-why-text"));
            ui.label(theme::muted(tr!("wizard-why-time")));
            ui.add_space(space::L);
            ui.label(theme::label(tr!("wizard-why-how")));
            ui.add_space(space::XS);
            let texts = methods_ui(ui);
            ui.add_space(space::S);
            ui.label(theme::help(tr!("wizard-why-expert")));
            ui.label(theme::help(tr!("wizard-why-not-now-help")));
            texts
        });
    if answer.back {
        close(ui);
    }
    if answer.inner {
        return Some(Act::Texts(TextAct::Choose));
    }
    answer.next.then_some(Act::Next)
}

/// The two methods; true when texts are chosen.
fn methods_ui(ui: &mut Ui) -> bool {
    let (app, app_help) = (tr!("wizard-why-app"), tr!("wizard-why-app-help"));
    let (sms, sms_help) = (tr!("wizard-why-sms"), tr!("wizard-why-sms-help"));
    let cards = [
        ChoiceCard {
            icon: Some(Icon::Phone),
            title: &app,
            text: &app_help,
            state: ChoiceState::Chosen,
            min_height: 116.0,
        },
        ChoiceCard {
            icon: Some(Icon::Message),
            title: &sms,
            text: &sms_help,
            state: ChoiceState::Open,
            min_height: 116.0,
        },
    ];
    let mut chosen = false;
    columns_ui(ui, cards.len(), CARD, |ui, index| {
        if let Some(card) = cards.get(index) {
            chosen |= card.show(ui).clicked() && index == 1;
        }
    });
    chosen
}

pub(super) fn who_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>) -> Option<Act> {
    let title = tr!("wizard-who-title");
    let around = Around::new(flow, &title, screen);
    let answer = around.drawn("who", Drawing::Protect, &[]).show(ui, |ui| {
        title_ui(ui, &title, "");
        let (manager, manager_help) = (tr!("wizard-who-manager"), tr!("wizard-who-manager-help"));
        let (staff, staff_help) = (tr!("wizard-who-staff"), tr!("wizard-who-staff-help"));
        let action = |icon, title, text| {
            let state = ChoiceState::Action;
            ChoiceCard { icon: Some(icon), title, text, state, min_height: 0.0 }
        };
        ui.set_max_width(theme::FORM_WIDTH.min(ui.available_width()));
        let manager = action(Icon::Key, &manager, &manager_help).show(ui).clicked();
        ui.add_space(space::S);
        let staff = action(Icon::Users, &staff, &staff_help).show(ui).clicked();
        ui.add_space(space::S);
        let (backup, backup_help) = (tr!("wizard-who-backup"), tr!("wizard-who-backup-help"));
        let backup = action(Icon::File, &backup, &backup_help).show(ui).clicked();
        match (manager, staff, backup) {
            (true, ..) => Some(Act::Next),
            (false, true, _) => Some(Act::IAmStaff),
            (false, false, true) => Some(Act::HaveBackup),
            (false, false, false) => None,
        }
    });
    if answer.back { Some(Act::Back) } else { answer.inner }
}

pub(super) fn ask_manager_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = tr!("wizard-ask-manager-title");
    let around = Around::new(flow, &title, screen);
    let close_words = tr!("wizard-ask-manager-close");
    let answer = around
        .drawn("ask-manager", Drawing::Protect, &[])
        .next(&close_words, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("wizard-ask-manager-text"));
            ui.label(theme::muted(tr!("wizard-ask-manager-closes")));
        });
    if answer.next {
        close(ui);
    }
    answer.back.then_some(Act::Back)
}

/// Closes the window: the page has said that nothing is protected yet. Esc means Back everywhere else, and here nothing.
fn close(ui: &Ui) {
    if !escape_pressed(ui.ctx()) {
        ui.ctx().send_viewport_cmd(ViewportCommand::Close);
    }
}
