//! Going on after a stop, or starting over.

use eframe::egui::{Label, Ui};

use super::surroundings::{Around, mishap_ui};
use super::{Act, Enrolment, Fields, Focus, Screen};
use crate::desktop::art::Drawing;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, ButtonState, PasswordField, title_ui};
use crate::effects::Failure;
use crate::flows::Mishap;
use crate::flows::enrolment::{Aim, Step};
use crate::tr;

pub(super) const FIELD: &str = "resume-password";

pub(super) fn resume_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("wizard-resume-title");
    let around = Around::new(flow, &title, screen);
    let (next, busy) = (tr!("wizard-resume-go"), tr!("working-password"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let answer = around.drawn("resume", Drawing::Protect, &[]).next(&next, state).show(ui, |ui| {
        title_ui(ui, &title, &tr!("wizard-resume-text"));
        let (show, hide, caps) = (tr!("show"), tr!("hide"), tr!("caps-lock-on"));
        PasswordField::new(FIELD, &tr!("password"), &mut fields.password, &show, &hide)
            .warning(screen.caps_lock.then_some(caps.as_str()))
            .show(ui);
        ui.add_space(space::L);
        mishap_ui(ui, "resume-notice", mishap, fields, screen);
        if mishap.is_some() {
            ui.add_space(space::M);
        }
        match flow.aim {
            Aim::FirstSetUp => ui.add(Button::quiet(&tr!("wizard-resume-over")).flush()).clicked(),
            // Somebody who is not the clinic's first starts over with a new slip.
            Aim::Person(_) | Aim::NewPhone | Aim::SecondPhone | Aim::Recovered => {
                ui.add(Label::new(theme::help(tr!("wizard-resume-forgotten"))).wrap());
                false
            }
        }
    });
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner && !flow.is_busy() {
        return Some(Act::StartOver);
    }
    answer.next.then(|| Act::GivePassword(fields.password.duplicate()))
}

/// Whether the last answer refused the password: it is to be typed again.
pub(super) fn was_refused(flow: &Enrolment) -> bool {
    matches!(&flow.step, Step::Resume(Some(Mishap::Failure(Failure::Refused(_)))))
}

pub(super) fn start_over_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    screen: &Screen<'_>,
    focus: Focus,
) -> Option<Act> {
    let title = tr!("wizard-over-title");
    let around = Around::new(flow, &title, screen);
    let (over, stay, busy) = (tr!("wizard-over-go"), tr!("wizard-over-stay"), tr!("please-wait"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let answer = around
        .drawn("start-over", Drawing::Protect, &[])
        .back(&stay)
        .next(&over, state)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("wizard-over-text", office = &screen.names.office));
            mishap_ui(ui, "start-over-notice", mishap, &Fields::default(), screen);
        });
    if answer.back {
        return Some(Act::Back);
    }
    answer.next.then_some(Act::StartOver)
}
