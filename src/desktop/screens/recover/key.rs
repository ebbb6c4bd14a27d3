//! The clinic's spare key, copied from the sheet in the safe.

use eframe::egui::{Label, Ui, vec2};

use crate::desktop::art::Drawing;
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::forget_typing;
use crate::desktop::screens::notices;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ButtonState, StepFrame, TextField, title_ui};
use crate::domain::secret::SecretText;
use crate::explain;
use crate::flows::Mishap;
use crate::flows::recover::{Act, Aim, Recover};
use crate::tr;

pub(super) const FIELD: &str = "recover.key";

pub(super) fn ui(
    ui: &mut Ui,
    flow: &Recover,
    mishap: Option<&Mishap>,
    key: &mut SecretText,
    screen: &Screen<'_>,
) -> Option<Act> {
    let (support, drawn) = (notices::support_line(screen.support), tr!("recover-drawing"));
    let (back, next, busy) = (tr!("go-back"), tr!("go-next"), tr!("recover-busy"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let (title, text) = match flow.aim {
        Aim::ThisComputer => (tr!("recover-computer-title"), tr!("recover-computer-text")),
        Aim::Manager(_) => (tr!("recover-manager-title"), tr!("recover-manager-text")),
    };
    let frame = StepFrame::new("recover.key").support(&support).drawing(Drawing::Safe, &[], &drawn);
    let shown = frame.back(&back).next(&next, state).show(ui, |ui| {
        title_ui(ui, &title, &text);
        ui.add_enabled_ui(!flow.is_busy(), |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            let (label, help) = (tr!("clinic-key"), tr!("recover-key-help"));
            TextField::new(FIELD, &label, key.edit()).mono().help(&help).show(ui);
        });
        // egui keeps what was typed for its undo; of this key nothing is kept.
        forget_typing(ui.ctx(), TextField::id(FIELD));
        ui.add_space(space::M);
        if let Some(mishap) = mishap {
            let notice = explain::mishap(mishap, None, screen.names);
            notices::notice_ui(ui, "recover.notice", &notice, None, screen.now);
            ui.add_space(space::M);
        }
        let (one, two) = match flow.aim {
            Aim::ThisComputer => (tr!("recover-computer-passwords"), tr!("recover-computer-next-code")),
            Aim::Manager(_) => (tr!("recover-manager-does"), tr!("recover-manager-logged")),
        };
        ui.add(Label::new(theme::help(one)).wrap());
        ui.add(Label::new(theme::help(two)).wrap());
    });
    if shown.back && !flow.is_busy() {
        return Some(Act::Back);
    }
    shown.next.then(|| Act::GiveKey(key.duplicate()))
}
