//! The page of somebody who is signed in, and what they may change about themselves.
//!
//! ```text
//! fields.rs    what is being typed
//! happenings.rs  what happened since the last sign-in
//! home.rs      the page itself
//! changes.rs   the fresh code, the new password, the moment between
//! ```

mod changes;
mod fields;
mod happenings;
mod home;
mod words;

use eframe::egui::{Key, Modifiers, Ui};

use super::{sheets, wizard};
use crate::desktop::screen::Screen;
use crate::flows::session::{Act, Session, Step};

pub use fields::Fields;

/// What the person asked for.
#[derive(Debug)]
pub enum Reply {
    /// Of the session.
    Act(Act),
    /// To lock, at once.
    Lock,
}

/// Shows where the person is.
pub fn ui(ui: &mut Ui, flow: &Session, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Reply> {
    fields.follow(ui.ctx(), flow, screen.now);
    // Whatever is on the page: whoever leaves the desk must not have to look for the way to lock it.
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::L)) {
        return Some(Reply::Lock);
    }
    match &flow.step {
        Step::At(_, done) => home::ui(ui, flow, done.as_ref(), screen),
        Step::BadName(_) | Step::Log(_) | Step::Slip(..) => home::ui(ui, flow, None, screen),
        Step::FreshCode(change, mishap) => changes::fresh_code_ui(ui, flow, fields, (change, mishap.as_ref()), screen),
        Step::Preparing(change) => {
            changes::preparing_ui(ui, change, screen);
            None
        }
        Step::NewPassword(mishap) => changes::new_password_ui(ui, flow, fields, mishap.as_ref(), screen),
        Step::Codes(codes) | Step::ClinicKey(codes) => {
            let reply = sheets::ui(ui, codes, &mut fields.sheets, flow.is_busy(), screen)?;
            Some(Reply::Act(match reply {
                sheets::Reply::OnPaper => Act::OnPaper,
                sheets::Reply::ShowAgain => Act::ShowAgain,
                sheets::Reply::Proof(typed) => Act::GiveProof(typed),
                sheets::Reply::GiveUp | sheets::Reply::Later => Act::Cancel,
            }))
        }
        Step::Phone(enrolment) => {
            let act = wizard::ui(ui, enrolment, &mut fields.wizard, screen)?;
            Some(Reply::Act(Act::Phone(act)))
        }
    }
}

#[cfg(test)]
mod tests;
