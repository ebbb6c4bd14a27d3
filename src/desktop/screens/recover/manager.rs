//! Which manager comes back, and with what password.

use eframe::egui::Ui;

use crate::desktop::art::{Drawing, Icon};
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::shown_name;
use crate::desktop::screens::{notices, wizard};
use crate::desktop::theme::{FORM_WIDTH, space};
use crate::desktop::widgets::{ButtonState, ChoiceCard, ChoiceState, StepFrame, title_ui};
use crate::effects::Failure;
use crate::explain;
use crate::flows::Mishap;
use crate::flows::recover::{Act, Aim, Recover};
use crate::tr;

pub(super) fn which_ui(ui: &mut Ui, flow: &Recover, screen: &Screen<'_>) -> Option<Act> {
    let managers = match &flow.aim {
        Aim::ThisComputer => &[][..],
        Aim::Manager(managers) => managers.as_slice(),
    };
    let (support, back, drawn) = (notices::support_line(screen.support), tr!("go-back"), tr!("recover-drawing"));
    let frame = StepFrame::new("recover.manager").support(&support).drawing(Drawing::Safe, &[], &drawn);
    let shown = frame.back(&back).show(ui, |ui| {
        title_ui(ui, &tr!("recover-which-title"), &tr!("recover-which-text"));
        ui.set_max_width(FORM_WIDTH.min(ui.available_width()));
        let mut chosen = None;
        for (id, name) in managers {
            let title = shown_name(ui, name, id).to_owned();
            let state = ChoiceState::Action;
            let card = ChoiceCard { icon: Some(Icon::Users), title: &title, text: "", state, min_height: 0.0 };
            if ui.push_id(id, |ui| card.show(ui)).inner.clicked() {
                chosen = Some(Act::Choose(id.clone()));
            }
            ui.add_space(space::XS);
        }
        chosen
    });
    if shown.back { Some(Act::Back) } else { shown.inner }
}

pub(super) fn password_ui(
    ui: &mut Ui,
    flow: &Recover,
    mishap: Option<&Mishap>,
    fields: &mut wizard::Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let (support, drawn) = (notices::support_line(screen.support), tr!("recover-drawing"));
    let (back, next, busy) = (tr!("go-back"), tr!("go-next"), tr!("recover-busy"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let name = flow.manager_name().to_owned();
    let frame = StepFrame::new("recover.password").support(&support).drawing(Drawing::Protect, &[], &drawn);
    let shown = frame.back(&back).next(&next, state).show(ui, |ui| {
        title_ui(ui, &tr!("recover-password-title", name = &name), &tr!("recover-password-text"));
        let own = [name.as_str(), screen.clinic, screen.names.office.as_str()];
        let suggest = wizard::new_password_ui(ui, fields, &own, screen);
        ui.add_space(space::M);
        // What the rules say live is not said a second time.
        let told = mishap.filter(|mishap| !matches!(mishap, Mishap::Failure(Failure::Weak(_))));
        if let Some(mishap) = told {
            let notice = explain::mishap(mishap, None, screen.names);
            notices::notice_ui(ui, "recover.notice", &notice, None, screen.now);
        }
        suggest
    });
    if flow.is_busy() {
        return None;
    }
    if shown.back {
        return Some(Act::Back);
    }
    if shown.inner {
        return Some(Act::Suggest);
    }
    shown.next.then(|| Act::GivePassword(fields.new_password()))
}
