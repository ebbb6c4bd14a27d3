//! After step 7: congratulations, and after the sheets: all done.

use eframe::egui::{Label, Ui};

use super::surroundings::{Around, mishap_ui};
use super::{Act, Enrolment, Fields, Focus, Screen};
use crate::desktop::art::Drawing;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ButtonState, title_ui};
use crate::domain::state::Role;
use crate::flows::Mishap;
use crate::flows::enrolment::{Aim, Method};
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
    let busy = tr!("please-wait");
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let Left { text, next, not_yet, go } = Left::of(flow.aim, flow.method);
    let answer = around
        .drawn("congratulations", Drawing::Linked, &[])
        .next(&go, state)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &text);
            ui.add(Label::new(theme::strong(next)).wrap());
            if !not_yet.is_empty() {
                ui.add(Label::new(theme::muted(not_yet)).wrap());
            }
            ui.add_space(space::L);
            mishap_ui(ui, "congratulations-notice", mishap, &Fields::default(), screen);
        });
    if answer.back {
        return Some(Act::Back);
    }
    answer.next.then_some(Act::Next)
}

/// What is left to do when the phone is linked.
struct Left {
    text: String,
    next: String,
    not_yet: String,
    go: String,
}

impl Left {
    fn of(aim: Aim, method: Method) -> Self {
        let one = || tr!("wizard-congrats-next-one");
        let (next, not_yet) = match aim {
            Aim::FirstSetUp => (tr!("wizard-congrats-next"), tr!("wizard-congrats-not-yet")),
            Aim::NewPhone => (one(), tr!("wizard-congrats-not-yet-one")),
            Aim::Person(Role::Staff) => (one(), tr!("wizard-congrats-not-yet-staff")),
            Aim::Person(Role::Manager) => (one(), tr!("wizard-congrats-not-yet-person")),
            Aim::Recovered => (tr!("wizard-congrats-next-recovered"), tr!("wizard-congrats-not-yet-recovered")),
            Aim::SecondPhone => {
                if method == Method::Texts {
                    let (text, go) = (tr!("texts-congrats"), tr!("wizard-congrats-second-go"));
                    return Self { text, next: tr!("wizard-congrats-second-next"), not_yet: String::new(), go };
                }
                let (text, go) = (tr!("wizard-congrats-second"), tr!("wizard-congrats-second-go"));
                return Self { text, next: tr!("wizard-congrats-second-next"), not_yet: String::new(), go };
            }
        };
        Self { text: tr!("wizard-congrats-text"), next, not_yet, go: tr!("wizard-congrats-go") }
    }
}

pub(super) fn finished_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = tr!("wizard-done-title");
    let around = Around::new(flow, &title, screen);
    let go = tr!("wizard-done-go");
    let text = match flow.aim {
        Aim::FirstSetUp | Aim::NewPhone | Aim::Recovered => tr!("wizard-done-text"),
        Aim::Person(_) | Aim::SecondPhone => tr!("wizard-done-person"),
    };
    let answer = around
        .drawn("finished", Drawing::Linked, &[])
        .next(&go, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &text);
            if flow.aim == Aim::FirstSetUp {
                ui.add_space(space::M);
                ui.add(Label::new(theme::muted(tr!("wizard-done-second"))).wrap());
            }
        });
    answer.next.then_some(Act::Next)
}
