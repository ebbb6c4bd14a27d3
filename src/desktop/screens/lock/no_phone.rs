//! "Where is your phone?": three answers, and what to do without spare codes.

use eframe::egui::Ui;

use super::Reply;
use super::frame::support_text;
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::theme::space;
use crate::desktop::widgets::{ChoiceCard, ChoiceState, StepFrame, link_ui, pair_ui, title_ui};
use crate::domain::state::Role;
use crate::flows::sign_in::{Act, NoPhone, SignIn};
use crate::tr;

/// Shows it.
pub(super) fn ui(ui: &mut Ui, flow: &SignIn, screen: &Screen<'_>) -> Option<Reply> {
    let (support, back) = (support_text(screen), tr!("go-back"));
    let name = flow.person().map(|person| super::people::shown_name(ui, &person.name, &person.id).to_owned());
    let who = match name {
        Some(name) if flow.look.people.len() > 1 => tr!("lock-signing-in-as", name = name),
        Some(_) | None => String::new(),
    };
    let shown = StepFrame::new("lock.no-phone").support(&support).back(&back).show(ui, |ui| {
        title_ui(ui, &tr!("no-phone-title"), &who);
        let answers = [
            (NoPhone::AtHome, Icon::Clock, tr!("no-phone-home"), tr!("no-phone-home-help")),
            (NoPhone::Lost, Icon::Warning, tr!("no-phone-lost"), tr!("no-phone-lost-help")),
            (NoPhone::New, Icon::Phone, tr!("no-phone-new"), tr!("no-phone-new-help")),
        ];
        let mut act = None;
        for (why, icon, title, text) in &answers {
            let state = ChoiceState::Action;
            let card = ChoiceCard { icon: Some(*icon), title, text, state, min_height: 0.0 };
            if card.show(ui).clicked() {
                act = Some(Act::Because(*why));
            }
            ui.add_space(space::XS);
        }
        ui.add_space(space::M);
        pair_ui(ui, &tr!("no-phone-no-sheet"), &tr!("no-phone-no-sheet-text"));
        let manager = flow.person().is_some_and(|person| person.role == Role::Manager);
        if manager && link_ui(ui, &tr!("no-phone-manager")).clicked() {
            return Some(Reply::UseClinicKey);
        }
        act.map(Reply::Act)
    });
    if shown.back { Some(Reply::Act(Act::Back)) } else { shown.inner }
}
