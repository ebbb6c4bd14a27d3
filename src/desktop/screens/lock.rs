//! The lock screen: who, password, code; and the way in for somebody without a phone.
//!
//! ```text
//! fields.rs    what is being typed, and where the focus goes once an answer is there
//! asking.rs    the screen of every day: people, password, code
//! spare.rs     the same with a spare code
//! texts.rs     a text that was asked for
//! no_phone.rs  "Where is your phone?"
//! people.rs    tiles, or a page of them where they do not fit
//! set_up.rs    the same for somebody who is not set up yet
//! refusal.rs   a mishap as a notice that counts down
//! frame.rs     how much room there is, and whom to ask for help
//! ```

mod asking;
mod fields;
pub(super) mod frame;
mod no_phone;
mod people;
pub(super) mod refusal;
mod set_up;
mod spare;
pub(super) mod texts;

use eframe::egui::Ui;

use crate::desktop::screen::Screen;
use crate::flows::sign_in::{Act, Page, SignIn, Way};

pub use fields::Fields;
pub(super) use fields::{digits, forget_typing};
pub(super) use people::shown_name;

/// What the person asked for.
#[derive(Debug)]
pub enum Reply {
    /// Of the sign-in.
    Act(Act),
    /// The chosen person sets up.
    SetUpPerson,
    /// The clinic's spare key.
    UseClinicKey,
}

/// Shows the lock screen.
pub fn ui(ui: &mut Ui, flow: &SignIn, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Reply> {
    fields.follow(ui.ctx(), flow);
    if fields.people_open() {
        return people::page_ui(ui, flow, fields, screen).map(Reply::Act);
    }
    let reply = asked_ui(ui, flow, fields, screen);
    // Digits beside a password are the code's, wherever the focus is.
    if let Some(typed) = people::take_typing(ui.ctx())
        && reply.is_none()
        && (fields.password.is_empty() || digits(&typed).is_empty())
    {
        fields.find(typed);
    }
    reply
}

fn asked_ui(ui: &mut Ui, flow: &SignIn, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Reply> {
    match flow.page {
        Page::Asking(Way::Phone) => asking::ui(ui, flow, fields, asking::Beside::Code, screen),
        Page::Asking(Way::Text) => asking::ui(ui, flow, fields, asking::Beside::Text, screen),
        Page::Asking(Way::DayPass) => asking::ui(ui, flow, fields, asking::Beside::Nothing, screen),
        Page::Asking(Way::AfterLock) => asking::ui(ui, flow, fields, asking::Beside::Back, screen),
        Page::Asking(Way::Sheet(why)) => spare::ui(ui, flow, fields, why, screen).map(Reply::Act),
        Page::SetUp(begins) => asking::ui(ui, flow, fields, asking::Beside::SetUp(begins), screen),
        Page::WhereIsYourPhone => no_phone::ui(ui, flow, screen),
    }
}

#[cfg(test)]
mod tests;
