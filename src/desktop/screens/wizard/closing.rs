//! After step 7: congratulations, and after the sheets: all done.

use eframe::egui::{Label, Ui};

use super::surroundings::{Around, mishap_ui};
use super::{Act, Enrolment, Fields, Focus, Screen};
use crate::desktop::art::Drawing;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ButtonState, title_ui};
use crate::flows::Mishap;
use crate::flows::enrolment::Aim;
use crate::tr;

pub(super) fn congratulations_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    screen: &Screen<'_>,
    focus: Focus,
) -> Option<Act> {
    let title = tr!("wizard-congrats-title");
    let around = Around::new(flow, &title, screen);
    let (go, busy) = (tr!("wizard-congrats-go"), tr!("please-wait"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let next = match flow.aim {
        Aim::FirstSetUp | Aim::Recovered => tr!("wizard-congrats-next"),
        Aim::NewPhone | Aim::SecondPhone | Aim::Person(_) => tr!("wizard-congrats-next-one"),
    };
    let answer = around
        .drawn("congratulations", Drawing::Linked, &[])
        .next(&go, state)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("wizard-congrats-text"));
            ui.add(Label::new(theme::strong(next)).wrap());
            ui.add(Label::new(theme::muted(tr!("wizard-congrats-not-yet"))).wrap());
            ui.add_space(space::L);
            mishap_ui(ui, "congratulations-notice", mishap, &Fields::default(), screen);
        });
    answer.next.then_some(Act::Next)
}

pub(super) fn finished_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = tr!("wizard-done-title");
    let around = Around::new(flow, &title, screen);
    let go = tr!("wizard-done-go");
    let answer = around
        .drawn("finished", Drawing::Linked, &[])
        .next(&go, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| title_ui(ui, &title, &tr!("wizard-done-text")));
    answer.next.then_some(Act::Next)
}
