//! A new person, or one who was set up again: the code on the slip from the manager, and a password of their own.

use eframe::egui::{Ui, vec2};

use super::password::new_password_ui;
use super::surroundings::{Around, counted_down, mishap_ui};
use super::{Act, Enrolment, Fields, Screen};
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::screens::lock::forget_typing;
use crate::desktop::screens::notices;
use crate::desktop::theme::space;
use crate::desktop::widgets::{ButtonState, StepFrame, TextField, title_ui};
use crate::domain::names;
use crate::domain::verify::Verdict;
use crate::effects::Failure;
use crate::explain::{self, Notice, Tone};
use crate::flows::Mishap;
use crate::ports::StoreError;
use crate::strings::Text;
use crate::tr;

pub(super) const SLIP: &str = "activate.slip";

pub(super) fn activate_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("activate-title", name = names::first_name(&flow.names.person));
    let around = Around::new(flow, &title, screen);
    let (next, busy) = (tr!("go-next"), tr!("activate-busy"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let frame: StepFrame<'_> = around.drawn("activate", Drawing::Protect, &[]);
    let answer = frame.next(&next, state).show(ui, |ui| {
        title_ui(ui, &title, &tr!("activate-text"));
        ui.add_enabled_ui(!flow.is_busy(), |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            let (label, help) = (tr!("activate-slip"), tr!("activate-slip-help"));
            TextField::new(SLIP, &label, fields.slip.edit()).mono().help(&help).show(ui);
        });
        forget_typing(ui.ctx(), TextField::id(SLIP));
        ui.add_space(space::M);
        let own = [screen.clinic, flow.names.person.as_str(), screen.names.office.as_str()];
        let suggest = new_password_ui(ui, fields, &own, screen);
        ui.add_space(space::M);
        notice_ui(ui, mishap, fields, screen);
        suggest
    });
    if flow.is_busy() {
        return None;
    }
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner {
        return Some(Act::Suggest);
    }
    let given = || Act::Activate { code: fields.slip.duplicate(), password: fields.password.duplicate() };
    answer.next.then(given)
}

/// A mishap in the slip's words: what is a password or a spare code elsewhere is the code on the slip here.
fn notice_ui(ui: &mut Ui, mishap: Option<&Mishap>, fields: &Fields, screen: &Screen<'_>) {
    const ID: &str = "activate-notice";
    let Some(told) = mishap else { return };
    let notice = match told {
        // What the rules say live is not said a second time.
        Mishap::Failure(Failure::Weak(_)) => return,
        Mishap::NotASpare => of_slip(Tone::Warning, "slip-not-a-code", "err-slip-not-a-code", "do-slip-not-a-code"),
        Mishap::Failure(Failure::Store(StoreError::NotNow)) => {
            of_slip(Tone::Warning, "slip-old", "err-slip-old", "do-slip-old")
        }
        Mishap::Failure(Failure::Refused(Verdict::WrongPassword { .. })) => {
            let left = counted_down(ui, told, fields, screen);
            let mut notice = of_slip(Tone::Danger, "slip-wrong", "err-slip-wrong", "do-slip-wrong");
            if let Some(left) = left {
                notice.todo = Text::new("do-wait").with("time", explain::minutes_and_seconds(left));
            }
            notices::notice_ui(ui, ID, &notice, left.map(|_| Icon::Clock));
            return;
        }
        Mishap::Failure(_)
        | Mishap::Refused(_)
        | Mishap::NotACode
        | Mishap::NoPassword
        | Mishap::FirstCodeWrong { .. }
        | Mishap::FirstCodeUsed { .. }
        | Mishap::NotAClinicKey
        | Mishap::BadName(_)
        | Mishap::WrongProof => return mishap_ui(ui, ID, mishap, fields, screen),
    };
    notices::notice_ui(ui, ID, &notice, None);
}

fn of_slip(tone: Tone, code: &'static str, what: &'static str, todo: &'static str) -> Notice {
    Notice { code, what: Text::new(what), todo: Text::new(todo), tone }
}
