//! The proof that somebody was removed, until it was seen: to print, to save, or to go on without.

use eframe::egui::{Label, Ui, vec2};

use super::{Fields, Reply};
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::frame::support_text;
use crate::desktop::screens::lock::shown_name;
use crate::desktop::screens::sheets;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ButtonState, StepFrame, sunken_ui, title_ui};
use crate::effects::Removal;
use crate::flows::session::Act;
use crate::tr;

/// The labels' column, in points.
const LABELS: f32 = 130.0;

/// Shows it.
pub(super) fn ui(ui: &mut Ui, removal: &Removal, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Reply> {
    let name = shown_name(ui, &removal.name, &removal.person).to_owned();
    // On paper it is the name as typed.
    let by_name = shown_name(ui, &removal.by_name, &removal.by).to_owned();
    let proof = sheets::removal_proof(&Removal { name: name.clone(), by_name, ..removal.clone() });
    let (support, done) = (support_text(screen), tr!("leaver-done"));
    let frame = StepFrame::new("session.removed").support(&support).next(&done, ButtonState::Ready);
    let shown = frame.show(ui, |ui| {
        title_ui(ui, &tr!("leaver-title", name = name), &tr!("leaver-text"));
        sunken_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = vec2(space::M, space::XS);
            ui.spacing_mut().interact_size.y = 0.0;
            for (label, value) in &proof.facts {
                ui.horizontal_top(|ui| {
                    ui.allocate_ui_with_layout(vec2(LABELS, 0.0), *ui.layout(), |ui| {
                        ui.set_min_width(LABELS);
                        ui.label(theme::muted(label));
                    });
                    ui.add(Label::new(theme::body(value)).selectable(true).wrap());
                });
            }
        });
        ui.add_space(space::S);
        ui.add(Label::new(theme::body(&proof.stopped)).wrap());
        ui.add_space(space::S);
        ui.add(Label::new(theme::strong(&proof.advice)).wrap());
        ui.add_space(space::M);
        sheets::removal_ui(ui, removal, &mut fields.sheets, screen);
    });
    shown.next.then_some(Reply::Act(Act::OnPaper))
}
