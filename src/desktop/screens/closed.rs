//! What is shown when the program cannot even ask who you are; and the moment before it knows.

use eframe::egui::{Align, Label, Layout, Ui, vec2};

use super::lock::frame::{Room, page, support_text};
use super::lock::refusal::trying_again_helps;
use crate::desktop::art::{self, Icon};
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{Button, ButtonState, centred_ui, enter_pressed, page_heading_ui, step_heading_ui};
use crate::effects::Failure;
use crate::explain::{self, Tone};
use crate::flows::program::{can_recover, can_restore};
use crate::tr;

const ICON: f32 = 44.0;

/// What the person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Ask the store and the keychain again.
    TryAgain,
    /// The clinic's spare key.
    UseClinicKey,
    /// A backup.
    RestoreBackup,
}

/// Shows why, and what can be done here.
pub fn ui(ui: &mut Ui, failure: &Failure, busy: bool, screen: &mut Screen<'_>) -> Option<Reply> {
    let words = explain::failure(failure, screen.names);
    let (icon, colour) = {
        let t = theme::tokens(ui.ctx());
        match words.tone {
            Tone::Warning => (Icon::Lock, t.warning),
            Tone::Danger => (Icon::Warning, t.danger),
        }
    };
    let support = support_text(screen);
    let room = Room::of(ui);
    let shown = page(ui, "closed", &support, "").show(ui, |ui| {
        let height = ui.available_height();
        centred_ui(ui, FORM_WIDTH, |ui| {
            if room == Room::Roomy {
                // A third down: where the eye goes first.
                ui.add_space((height * 0.18).round());
            }
            art::icon(ui, icon, colour, ICON);
            ui.add_space(space::S);
            match room {
                Room::Roomy => page_heading_ui(ui, &words.what.get()),
                Room::Low => step_heading_ui(ui, &words.what.get()),
            };
            ui.add_space(space::XS);
            ui.add(Label::new(theme::body(words.todo.get())).wrap());
            ui.add_space(space::XL);
            ways_ui(ui, failure, busy)
        })
    });
    shown.inner
}

/// "Try again" where that can help, and beside it the clinic's spare key where that opens the clinic.
fn ways_ui(ui: &mut Ui, failure: &Failure, busy: bool) -> Option<Reply> {
    let (again, key, working) = (tr!("try-again"), tr!("lock-use-clinic-key"), tr!("please-wait"));
    let backup = tr!("lock-use-backup");
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::M, space::S);
        let mut reply = None;
        if trying_again_helps(failure) {
            let state = if busy { ButtonState::Busy(&working) } else { ButtonState::Ready };
            let pressed = ui.add(Button::primary(&again).icon(Icon::Refresh).state(state)).clicked();
            if pressed || enter_pressed(ui.ctx()) {
                reply = Some(Reply::TryAgain);
            }
        }
        if can_recover(failure) && ui.add(Button::secondary(&key).icon(Icon::Key)).clicked() {
            reply = Some(Reply::UseClinicKey);
        }
        if can_restore(failure) && ui.add(Button::secondary(&backup).icon(Icon::File)).clicked() {
            reply = Some(Reply::RestoreBackup);
        }
        reply.filter(|_| !busy)
    })
    .inner
}

/// The moment before the store and the keychain have answered. Nothing moves: it is over before one has read it, or
/// the keychain is asking something in a window of its own.
pub fn starting_ui(ui: &mut Ui, screen: &mut Screen<'_>) {
    let support = support_text(screen);
    page(ui, "starting", &support, "").show(ui, |ui| {
        ui.add_space((ui.available_height() * 0.3).round());
        ui.with_layout(Layout::top_down(Align::Center), |ui| {
            step_heading_ui(ui, &tr!("please-wait"));
        });
    });
}
