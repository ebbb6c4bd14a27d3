//! Before a change: a fresh code. Then the new password, or the moment until the rest is ready.

use eframe::egui::Ui;

use super::Reply;
use super::fields::{CODE, Fields, PASSWORD, SPARE};
use super::words;
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::frame::support_text;
use crate::desktop::screens::lock::texts::{self, For, Ready};
use crate::desktop::screens::lock::{digits, forget_typing, refusal};
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{
    ButtonState, CodeField, CodeInput, Notice, NoticeKind, PasswordField, StepFrame, TextField, page_heading_ui,
    title_ui,
};
use crate::domain::password;
use crate::domain::verify::FactorUsed;
use crate::effects::Failure;
use crate::explain;
use crate::flows::Mishap;
use crate::flows::session::{Act, Asks, Change, Session};
use crate::tr;

/// Where the way out leads: back, or out to the lock screen while a new password is due.
fn leave(flow: &Session) -> (String, Reply) {
    if flow.can_cancel() { (tr!("cancel"), Reply::Act(Act::Cancel)) } else { (tr!("in-lock"), Reply::Lock) }
}

/// Why a new password is asked for, when the person did not ask for it.
fn due_ui(ui: &mut Ui, flow: &Session) {
    if flow.signed_in.new_password_due {
        let (what, then) = (tr!("err-password-stale"), tr!("do-password-stale"));
        Notice::new("session.due", NoticeKind::Warning, &what, &then).show(ui);
        ui.add_space(space::L);
    }
}

/// A fresh code.
pub(super) fn fresh_code_ui(
    ui: &mut Ui,
    flow: &Session,
    fields: &mut Fields,
    (change, mishap): (&Change, Option<&Mishap>),
    screen: &Screen<'_>,
) -> Option<Reply> {
    let left = fields.wait_left(screen.now);
    let waiting = refusal::must_wait(mishap, left);
    let (support, working) = (support_text(screen), tr!("please-wait"));
    let go = if refusal::is_failure(mishap) { tr!("try-again") } else { tr!("go-next") };
    let state = match (flow.is_busy(), waiting) {
        (true, true | false) => ButtonState::Busy(&working),
        (false, true) => ButtonState::Disabled,
        (false, false) => ButtonState::Ready,
    };
    let (out, reply) = leave(flow);
    let frame = StepFrame::new("session.fresh-code").support(&support).leave(&out).next(&go, state);
    let shown = frame.show(ui, |ui| {
        // Where no phone is at hand, none is asked for.
        let text = match (change.asks(), flow.signed_in.by) {
            (Asks::Code, FactorUsed::Sms) => tr!("in-fresh-text-text"),
            (Asks::Code, FactorUsed::Recovery | FactorUsed::DayPass | FactorUsed::AfterLock) => {
                tr!("in-fresh-spare-text")
            }
            (Asks::Code, FactorUsed::Totp) | (Asks::PasswordAndCode, _) => words::fresh_text(ui, change, flow),
        };
        let title = match change.asks() {
            Asks::Code => tr!("in-fresh-code-title"),
            Asks::PasswordAndCode => tr!("in-fresh-both-title"),
        };
        title_ui(ui, &title, &text);
        due_ui(ui, flow);
        if !flow.is_busy() {
            fields.give_focus(ui.ctx());
        }
        if change.asks() == Asks::PasswordAndCode {
            fresh_password_ui(ui, flow, fields, mishap, screen);
            ui.add_space(space::S);
        }
        let input = ui.add_enabled_ui(!flow.is_busy(), |ui| code_ui(ui, flow, fields)).inner;
        ui.add_space(space::S);
        let text = flow.signed_in.by == FactorUsed::Sms && {
            let ready = if flow.is_busy() || waiting { Ready::No } else { Ready::Yes };
            texts::part_ui(ui, &flow.texting, (For::Code, flow.number_ending()), ready, screen)
        };
        match mishap {
            Some(mishap) => {
                let notice = refusal::notice_ui(ui, "session.refusal", mishap, left, screen);
                if std::mem::take(&mut fields.reveal) {
                    notice.scroll_to_me(None);
                }
            }
            None if flow.signed_in.by == FactorUsed::Sms => {}
            None if flow.signed_in.by == FactorUsed::Totp => {
                ui.label(theme::help(tr!("lock-no-rush")));
            }
            None => {
                ui.label(theme::help(tr!("in-fresh-spare-help")));
            }
        }
        (input, text)
    });
    if shown.back {
        return Some(reply);
    }
    if shown.inner.1 {
        return Some(Reply::Act(Act::SendText));
    }
    let filled = shown.inner.0 == CodeInput::Filled && state == ButtonState::Ready;
    match change.asks() {
        Asks::Code => (shown.next || filled).then(|| {
            fields.given();
            Reply::Act(Act::GiveCode(fields.code.duplicate()))
        }),
        // As on the lock screen: the sixth digit asks by itself only with a password beside it.
        Asks::PasswordAndCode => (shown.next || (filled && !fields.password.is_empty())).then(|| {
            fields.given();
            Reply::Act(Act::GiveBoth { password: fields.password.duplicate(), code: fields.code.duplicate() })
        }),
    }
}

/// The password, once more.
fn fresh_password_ui(ui: &mut Ui, flow: &Session, fields: &mut Fields, mishap: Option<&Mishap>, screen: &Screen<'_>) {
    let said = refusal::speaks_of_caps(mishap, screen);
    let caps = (screen.caps_lock && !said).then(|| tr!("caps-lock-on"));
    ui.add_enabled_ui(!flow.is_busy(), |ui| {
        PasswordField::new(PASSWORD, &tr!("in-fresh-password"), &mut fields.password, &tr!("show"), &tr!("hide"))
            .warning(caps.as_deref())
            .show(ui);
    });
}

/// The code from the phone; for somebody who signed in without it, one from the sheet.
fn code_ui(ui: &mut Ui, flow: &Session, fields: &mut Fields) -> CodeInput {
    if flow.signed_in.by.is_digits() {
        let label = if flow.signed_in.by == FactorUsed::Sms { tr!("text-code") } else { tr!("lock-code") };
        return CodeField::new(CODE, &label, &mut fields.code, digits).show(ui).input;
    }
    TextField::new(SPARE, &tr!("spare-field"), fields.code.edit()).mono().show(ui);
    forget_typing(ui.ctx(), TextField::id(SPARE));
    CodeInput::Unchanged
}

/// A new password, judged while it is typed.
pub(super) fn new_password_ui(
    ui: &mut Ui,
    flow: &Session,
    fields: &mut Fields,
    mishap: Option<&Mishap>,
    screen: &Screen<'_>,
) -> Option<Reply> {
    let (support, working) = (support_text(screen), tr!("working-save"));
    let go = if refusal::is_failure(mishap) { tr!("try-again") } else { tr!("change-go") };
    let state = if flow.is_busy() { ButtonState::Busy(&working) } else { ButtonState::Ready };
    let (out, reply) = leave(flow);
    let frame = StepFrame::new("session.new-password").support(&support).leave(&out).next(&go, state);
    let shown = frame.show(ui, |ui| {
        title_ui(ui, &tr!("change-title"), &tr!("change-text"));
        due_ui(ui, flow);
        if !flow.is_busy() {
            fields.give_focus(ui.ctx());
        }
        let typed = ui.add_enabled_ui(!flow.is_busy(), |ui| {
            let caps = screen.caps_lock.then(|| tr!("caps-lock-on"));
            PasswordField::new(PASSWORD, &tr!("change-new"), &mut fields.password, &tr!("show"), &tr!("hide"))
                .warning(caps.as_deref())
                .show(ui)
        });
        if typed.inner.changed() {
            let own = [screen.clinic, flow.signed_in.name.as_str(), screen.names.office.as_str()];
            let judged = password::check(&fields.password, flow.signed_in.settings.shortest_password, &own);
            fields.judged = (!fields.password.is_empty()).then_some(judged);
        }
        ui.add_space(space::S);
        rules_ui(ui, fields, flow.signed_in.settings.shortest_password, mishap, screen);
    });
    if shown.back {
        return Some(reply);
    }
    shown.next.then(|| {
        fields.given();
        Reply::Act(Act::GivePassword(fields.password.duplicate()))
    })
}

/// What is still missing, as two sentences in one place: while typing, and after a refusal.
fn rules_ui(ui: &mut Ui, fields: &mut Fields, shortest: usize, mishap: Option<&Mishap>, screen: &Screen<'_>) {
    match (mishap, fields.judged) {
        (Some(Mishap::Failure(Failure::Weak(_))) | None, Some(Ok(()))) => {
            Notice::new("session.rules", NoticeKind::Success, &tr!("wizard-password-good"), "").show(ui);
        }
        (Some(Mishap::Failure(Failure::Weak(_))) | None, Some(Err(weak))) => {
            // While it is typed nothing is wrong yet: only what is still missing is said.
            Notice::new("session.rules", NoticeKind::Info, &explain::weak(weak).todo.get(), "").show(ui);
        }
        (None, None) => {
            ui.label(theme::help(tr!("wizard-password-rule-length", count = shortest)));
        }
        (Some(mishap), Some(_) | None) => {
            let notice = refusal::notice_ui(ui, "session.rules", mishap, None, screen);
            if std::mem::take(&mut fields.reveal) {
                notice.scroll_to_me(None);
            }
        }
    }
}

/// The moment between a right code and what it was for.
pub(super) fn preparing_ui(ui: &mut Ui, change: &Change, screen: &Screen<'_>) {
    let support = support_text(screen);
    StepFrame::new("session.preparing").support(&support).show(ui, |ui| {
        page_heading_ui(ui, &tr!("please-wait"));
        ui.add_space(space::XS);
        ui.label(theme::body(match change {
            Change::Phone | Change::SecondPhone(_) => tr!("preparing-phone"),
            Change::Codes => tr!("preparing-codes"),
            Change::Password
            | Change::RemovePhone(_)
            | Change::Add { .. }
            | Change::Reset(_)
            | Change::Remove(_)
            | Change::Role(..)
            | Change::DayPass(_)
            | Change::Settings(_)
            | Change::Number
            | Change::Gateway(..)
            | Change::TestText(_)
            | Change::Practice(_)
            | Change::Key(_)
            | Change::RotateKey(_)
            | Change::ClinicKey => tr!("working-save"),
            Change::Restore(_) => tr!("working-restore"),
        }));
    });
}
