//! Steps 6 and 7: the phone shows a code, and it is typed.

use eframe::egui::{Context, Event, Label, Ui};

use super::surroundings::{Around, mishap_ui};
use super::{Act, CodeState, Enrolment, Fields, Focus, Screen};
use crate::desktop::art::Drawing;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, ButtonState, CodeField, CodeInput, Notice, NoticeKind, title_ui};
use crate::domain::code::{DIGITS, digits_of};
use crate::domain::secret::SecretText;
use crate::flows::Mishap;
use crate::flows::enrolment::Step;
use crate::tr;

pub(super) const CODE: &str = "wizard-code";

/// The code that the drawn phone shows: split as phones split it, and nobody's own.
pub(super) const DRAWN_CODE: &str = "384 688";

pub(super) fn code_shown_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    fields: &mut Fields,
    screen: &Screen<'_>,
    focus: Focus,
) -> Option<Act> {
    let title = tr!("wizard-shows-title");
    let around = Around::new(flow, &title, screen);
    let words = [screen.names.office.as_str(), DRAWN_CODE];
    let go = tr!("wizard-shows-go");
    let answer = around
        .drawn("code-shown", Drawing::SixDigits, &words)
        .next(&go, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("wizard-shows-text", office = &screen.names.office));
            ui.add(Label::new(theme::strong(tr!("wizard-shows-no-rush"))).wrap());
            ui.add_space(space::S);
            ui.add(Label::new(theme::muted(tr!("wizard-shows-type-now"))).wrap());
            ui.add_space(space::L);
            ui.add(Button::secondary(&tr!("wizard-shows-not"))).clicked()
        });
    if digits_typed(ui.ctx(), fields) {
        return Some(Act::TypesDigits);
    }
    // Without a code the square was not scanned: it is one page back.
    if answer.back || answer.inner {
        return Some(Act::Back);
    }
    answer.next.then_some(Act::Next)
}

/// Digits that are typed or pasted while the square or the code is shown go into step 7's field; true when there are.
pub(super) fn digits_typed(ctx: &Context, fields: &mut Fields) -> bool {
    ctx.input(|input| {
        for event in &input.events {
            let (Event::Text(text) | Event::Paste(text)) = event else { continue };
            // A paste that is not a code is nothing, rather than half of one.
            let digits = digits_of(text).map(SecretText::new).filter(|digits| !digits.is_empty());
            if let Some(digits) = digits
                && fields.code.expose().len() + digits.expose().len() <= DIGITS
            {
                fields.code.edit().push_str(digits.expose());
                fields.code_state = CodeState::Carried;
            }
        }
    });
    fields.code_state == CodeState::Carried
}

pub(super) fn type_code_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("wizard-type-title");
    let around = Around::new(flow, &title, screen);
    let words = [screen.names.office.as_str(), DRAWN_CODE];
    let (check, busy) = (tr!("wizard-type-check"), tr!("wizard-type-busy"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let answer = around.drawn("type-code", Drawing::TypeCode, &words).next(&check, state).show(ui, |ui| {
        title_ui(ui, &title, &tr!("wizard-type-text", office = &screen.names.office));
        let field = CodeField::new(CODE, &tr!("code"), &mut fields.code, |typed| digits_of(typed).unwrap_or_default())
            .refused(mishap.is_some() && !flow.is_busy())
            .show(ui);
        if mishap.is_none() {
            ui.label(theme::help(tr!("wizard-shows-no-rush")));
        }
        ui.add_space(space::M);
        match field.input {
            CodeInput::Unchanged => {}
            CodeInput::Changed | CodeInput::Filled => fields.code_state = CodeState::Typed,
            CodeInput::TooLong => fields.code_state = CodeState::TooLong,
        }
        if fields.code_state == CodeState::TooLong {
            let what = tr!("err-not-a-code");
            let todo = tr!("do-not-a-code", office = &screen.names.office);
            Notice::new("type-code-notice", NoticeKind::Warning, &what, &todo).show(ui);
        } else {
            mishap_ui(ui, "type-code-notice", mishap, fields, screen);
        }
        field.input
    });
    if answer.back {
        return Some(Act::Back);
    }
    let filled = answer.inner == CodeInput::Filled;
    let carried = fields.code_state == CodeState::Carried;
    if carried {
        fields.code_state = CodeState::Typed;
    }
    let complete = filled || (carried && fields.code.expose().len() == DIGITS);
    let go = answer.next || (complete && !flow.is_busy());
    go.then(|| Act::GiveCode(fields.code.duplicate()))
}

/// Whether the last answer judged a code, so that the field is empty for the next one.
pub(super) fn was_judged(flow: &Enrolment) -> bool {
    matches!(&flow.step, Step::TypeCode(Some(Mishap::FirstCodeWrong { .. } | Mishap::FirstCodeUsed { .. })))
}
