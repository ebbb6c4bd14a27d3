//! The clinic's choices about locking: how soon, what is asked afterwards, and what it looks like.

use eframe::egui::{Ui, vec2};

use super::pages::SettingsTyped;
use crate::desktop::theme::space;
use crate::desktop::widgets::{ChoiceCard, ChoiceState, TextField, columns_ui, step_heading_ui};
use crate::domain::presence::{AfterLock, FULL_SIGN_IN_HOURS, LockScreen};
use crate::tr;

const LOCK_AFTER: &str = "session.set-lock-after";
const FULL_SIGN_IN: &str = "session.set-full-sign-in";
const NUMBER_WIDTH: f32 = 140.0;
const CARD_WIDTH: f32 = 280.0;
const CARD_HEIGHT: f32 = 96.0;

/// Shows them.
pub(super) fn ui(ui: &mut Ui, typed: &mut SettingsTyped) {
    ui.add_space(space::L);
    step_heading_ui(ui, &tr!("settings-lock-title"));
    let bad_minutes = typed.lock_after().is_none().then(|| tr!("settings-range", from = 1, to = 60));
    TextField::new(LOCK_AFTER, &tr!("settings-lock-after"), &mut typed.lock_after)
        .width(NUMBER_WIDTH)
        .help(&tr!("settings-lock-after-help"))
        .error(bad_minutes.as_deref())
        .show(ui);
    let hours = FULL_SIGN_IN_HOURS;
    let bad_hours =
        typed.full_sign_in().is_none().then(|| tr!("settings-range", from = *hours.start(), to = *hours.end()));
    TextField::new(FULL_SIGN_IN, &tr!("settings-full"), &mut typed.full_sign_in)
        .width(NUMBER_WIDTH)
        .help(&tr!("settings-full-help"))
        .error(bad_hours.as_deref())
        .show(ui);
    let after = [
        (AfterLock::Password, tr!("settings-after-password"), tr!("settings-after-password-help")),
        (AfterLock::PasswordAndCode, tr!("settings-after-code"), tr!("settings-after-code-help")),
    ];
    choice_ui(ui, &mut typed.after_lock, &after);
    let looks = [
        (LockScreen::Curtain, tr!("settings-look-curtain"), tr!("settings-look-curtain-help")),
        (LockScreen::Window, tr!("settings-look-window"), tr!("settings-look-window-help")),
    ];
    choice_ui(ui, &mut typed.lock_screen, &looks);
}

/// One of two cards side by side.
fn choice_ui<T: Copy + PartialEq>(ui: &mut Ui, chosen: &mut T, choices: &[(T, String, String); 2]) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::M, space::S);
        columns_ui(ui, choices.len(), CARD_WIDTH, |ui, at| {
            let Some((this, title, text)) = choices.get(at) else { return };
            let state = if chosen == this { ChoiceState::Chosen } else { ChoiceState::Open };
            let card = ChoiceCard { icon: None, title, text, state, min_height: CARD_HEIGHT };
            if card.show(ui).clicked() {
                *chosen = *this;
            }
        });
    });
}
