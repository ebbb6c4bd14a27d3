//! Password and a spare code, for a day without the phone.

use eframe::egui::{Ui, vec2};

use super::fields::{Fields, PASSWORD, SPARE};
use super::frame::{Room, support_text};
use super::refusal;
use crate::desktop::screen::Screen;
use crate::desktop::theme::space;
use crate::desktop::widgets::{ButtonState, Notice, NoticeKind, PasswordField, StepFrame, TextField, title_ui};
use crate::flows::sign_in::{Act, NoPhone, SignIn};
use crate::tr;

/// Shows it.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &SignIn,
    fields: &mut Fields,
    why: NoPhone,
    screen: &mut Screen<'_>,
) -> Option<Act> {
    // A lock for wrong codes does not hold here: a spare code ends it. The mishap alone tells them apart.
    let left = flow.wait_left(&screen.now.boot);
    let waiting = refusal::must_wait(flow.mishap.as_ref(), left);
    let (support, back, working) = (support_text(screen), tr!("go-back"), tr!("working-password"));
    let go = if refusal::is_failure(flow.mishap.as_ref()) { tr!("try-again") } else { tr!("spare-sign-in") };
    let state = match (flow.is_busy(), waiting) {
        (true, _) => ButtonState::Busy(&working),
        (false, true) => ButtonState::Disabled,
        (false, false) => ButtonState::Ready,
    };
    let frame = StepFrame::new("lock.spare").support(&support).back(&back).next(&go, state);
    let shown = frame.show(ui, |ui| {
        title_ui(ui, &tr!("spare-title"), &tr!("spare-text"));
        // In a low window the fields come first; a notice above them would push them out of sight.
        let low = Room::of(ui) == Room::Low;
        if why == NoPhone::Lost && !low {
            lost_ui(ui);
        }
        if !flow.is_busy() {
            fields.give_focus(ui.ctx(), Some(TextField::id(SPARE)));
        }
        ui.add_enabled_ui(!flow.is_busy(), |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            let (show, hide) = (tr!("show"), tr!("hide"));
            let said = refusal::speaks_of_caps(flow.mishap.as_ref(), screen);
            let caps = (screen.caps_lock && !said).then(|| tr!("caps-lock-on"));
            PasswordField::new(PASSWORD, &tr!("lock-password"), &mut fields.password, &show, &hide)
                .warning(caps.as_deref())
                .show(ui);
            ui.add_space(space::S);
            let label = tr!("spare-field");
            let typed = TextField::new(SPARE, &label, fields.spare.edit()).mono().show(ui);
            super::forget_typing(ui.ctx(), TextField::id(SPARE));
            if typed.changed() {
                fields.spare_changed();
            }
        });
        if let Some(mishap) = &flow.mishap {
            ui.add_space(space::S);
            let notice = refusal::notice_ui(ui, "lock.refusal", mishap, left, screen);
            if std::mem::take(&mut fields.reveal) {
                notice.scroll_to_me(None);
            }
        }
        if why == NoPhone::Lost && low {
            ui.add_space(space::M);
            lost_ui(ui);
        }
    });
    if shown.back {
        return Some(Act::Back);
    }
    if shown.next { fields.sign_in(flow) } else { None }
}

fn lost_ui(ui: &mut Ui) {
    let (what, then) = (tr!("spare-lost-title"), tr!("spare-lost-text"));
    Notice::new("lock.lost", NoticeKind::Warning, &what, &then).show(ui);
    ui.add_space(space::M);
}
