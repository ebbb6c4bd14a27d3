//! With the clinic's spare key: this computer's key comes back, or a manager does.
//!
//! ```text
//! key.rs       the key from the safe
//! manager.rs   which manager, and a new password for them
//! done.rs      what is good again
//! ```
//! The phone's steps between are the wizard's.

mod done;
mod key;
mod manager;

use eframe::egui::{Context, Id, Ui};

use super::wizard;
use super::wizard::arrival;
use crate::desktop::screen::Screen;
use crate::desktop::widgets::TextField;
use crate::domain::secret::SecretText;
use crate::flows::recover::{Act, Recover, Step};

/// What is being typed.
#[derive(Default)]
pub struct Fields {
    /// It stays while the password is chosen: a key that was wrong is compared with the sheet, not typed anew.
    key: SecretText,
    pub(in crate::desktop) wizard: wizard::Fields,
    page: Option<PageId>,
    /// Something was given, and its answer has not been looked at yet.
    given: bool,
}

/// Names a page, for noticing that it is a new one.
type PageId = &'static str;

impl Fields {
    /// Wipes everything, and egui's memory of it.
    pub fn wipe(&mut self, ctx: &Context) {
        self.key.wipe();
        super::lock::forget_typing(ctx, TextField::id(key::FIELD));
        self.wizard.wipe(ctx);
        *self = Self::default();
    }
}

/// Draws the page; what the person asked for.
pub fn ui(ui: &mut Ui, flow: &Recover, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Act> {
    let (page, field) = page_of(&flow.step);
    let arrived = fields.page != Some(page);
    if arrived {
        fields.page = Some(page);
        match &flow.step {
            Step::Key(_) | Step::Manager | Step::Password(_) => {}
            Step::Phone(_) | Step::Finished => fields.key.wipe(),
        }
        // The phone's steps look after their own focus.
        if !matches!(flow.step, Step::Phone(_)) {
            fields.wizard.wipe(ui.ctx());
            arrival::focus(ui.ctx(), field);
        }
    }
    // What was refused is put right where it was typed.
    if fields.given && !flow.is_busy() {
        fields.given = false;
        if !matches!(flow.step, Step::Phone(_)) {
            arrival::focus(ui.ctx(), field);
        }
    }
    let act = page_ui(ui, flow, fields, arrived, screen);
    fields.given |= matches!(act, Some(Act::GiveKey(_) | Act::GivePassword(_)));
    act
}

fn page_ui(ui: &mut Ui, flow: &Recover, fields: &mut Fields, arrived: bool, screen: &mut Screen<'_>) -> Option<Act> {
    match &flow.step {
        Step::Key(mishap) => key::ui(ui, flow, mishap.as_ref(), &mut fields.key, screen),
        Step::Manager => manager::which_ui(ui, flow, screen),
        Step::Password(mishap) => manager::password_ui(ui, flow, mishap.as_ref(), &mut fields.wizard, screen),
        Step::Phone(enrolment) => wizard::ui(ui, enrolment, &mut fields.wizard, screen).map(Act::Phone),
        Step::Finished => done::ui(ui, flow, arrived, screen),
    }
}

/// A step's page, and the field that it gives the focus to.
fn page_of(step: &Step) -> (PageId, Option<Id>) {
    match step {
        Step::Key(_) => ("recover.key", Some(TextField::id(key::FIELD))),
        Step::Manager => ("recover.manager", None),
        Step::Password(_) => ("recover.password", Some(wizard::new_password_field())),
        Step::Phone(_) => ("recover.phone", None),
        Step::Finished => ("recover.done", None),
    }
}

#[cfg(test)]
mod tests;
