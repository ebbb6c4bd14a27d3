//! The slip with an activation code, until it is on paper.

use eframe::egui::{Label, Ui};

use super::{Fields, Reply, words};
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::frame::support_text;
use crate::desktop::screens::lock::shown_name;
use crate::desktop::screens::sheets;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ButtonState, StepFrame, key_ui, title_ui};
use crate::effects::ActivationSlip;
use crate::flows::session::{Act, Change, Session};
use crate::tr;

/// Shows it.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    (change, slip): (&Change, &ActivationSlip),
    fields: &mut Fields,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let name = match change {
        Change::Add { name, .. } => shown_name(ui, name, &slip.person).to_owned(),
        Change::Phone
        | Change::SecondPhone(_)
        | Change::RemovePhone(_)
        | Change::Codes
        | Change::Password
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
        | Change::ClinicKey
        | Change::Restore(_) => words::name_of(ui, flow, &slip.person),
    };
    let (support, have) = (support_text(screen), tr!("wizard-codes-have"));
    let frame = StepFrame::new("session.slip").support(&support).next(&have, ButtonState::Ready);
    let shown = frame.show(ui, |ui| {
        title_ui(ui, &tr!("slip-title", name = &name), &tr!("slip-text"));
        key_ui(ui, slip.code.expose());
        ui.add_space(space::S);
        ui.add(Label::new(theme::help(tr!("slip-good"))).wrap());
        ui.add_space(space::S);
        sheets::slip_ui(ui, &name, &slip.code, &mut fields.sheets, screen);
    });
    shown.next.then_some(Reply::Act(Act::OnPaper))
}
