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
        // Between the two fields, where it is seen without scrolling: most often it is about the first.
        if notice_ui(ui, mishap, fields, screen) {
            ui.add_space(space::M);
        }
        let own = [screen.clinic, flow.names.person.as_str(), screen.names.office.as_str()];
        new_password_ui(ui, fields, &own, screen)
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

/// A mishap in the slip's words: what is a password or a spare code elsewhere is the code on the slip here. True when
/// there is one.
fn notice_ui(ui: &mut Ui, mishap: Option<&Mishap>, fields: &Fields, screen: &Screen<'_>) -> bool {
    const ID: &str = "activate-notice";
    let Some(told) = mishap else { return false };
    let notice = match told {
        // What the rules say live is not said a second time.
        Mishap::Failure(Failure::Weak(_)) => return false,
        Mishap::NotASpare => of_slip(Tone::Warning, "slip-not-a-code", "err-slip-not-a-code", "do-slip-not-a-code"),
        Mishap::Failure(Failure::Store(StoreError::NotNow | StoreError::SlipOver)) => {
            of_slip(Tone::Warning, "slip-over", "err-slip-over", "do-slip-over")
        }
        Mishap::Failure(Failure::Refused(Verdict::WrongPassword { .. })) => {
            let left = counted_down(ui, told, fields, screen);
            let mut notice = of_slip(Tone::Danger, "slip-wrong", "err-slip-wrong", "do-slip-wrong");
            if let Some(left) = left {
                notice.todo = Text::new("do-wait").with("time", explain::minutes_and_seconds(left));
            }
            notices::notice_ui(ui, ID, &notice, left.map(|_| Icon::Clock), screen.now);
            return true;
        }
        Mishap::Failure(_)
        | Mishap::ClockOff(_)
        | Mishap::Refused(_)
        | Mishap::NotACode
        | Mishap::NoPassword
        | Mishap::FirstCodeWrong { .. }
        | Mishap::FirstTextWrong { .. }
        | Mishap::FirstTextOver
        | Mishap::FirstCodeUsed { .. }
        | Mishap::NotAClinicKey
        | Mishap::BadName(_)
        | Mishap::WrongProof => {
            mishap_ui(ui, ID, mishap, fields, screen);
            return true;
        }
    };
    notices::notice_ui(ui, ID, &notice, None, screen.now);
    true
}

/// Whether what went wrong is put right in the slip's field.
pub(super) fn is_about_slip(mishap: &Mishap) -> bool {
    matches!(mishap, Mishap::NotASpare | Mishap::Failure(Failure::Refused(Verdict::WrongPassword { .. })))
}

fn of_slip(tone: Tone, code: &'static str, what: &'static str, todo: &'static str) -> Notice {
    Notice { code, what: Text::new(what), todo: Text::new(todo), tone }
}
