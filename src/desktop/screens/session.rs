//! The page of somebody who is signed in, and what they may change about themselves.
//!
//! ```text
//! fields.rs    what is being typed
//! happenings.rs  what happened since the last sign-in
//! home.rs      the page itself
//! changes.rs   the fresh code, the new password, the moment between
//! pages.rs     what the other pages share: who is signed in, what is typed
//! phones.rs    one's own phones
//! people.rs    everyone, and somebody new; person.rs: one of them; slip.rs: the code with which they begin
//! leaver.rs    the proof that somebody was removed
//! settings.rs  the clinic's choices
//! backups.rs   backups, and bringing one back
//! practice.rs  what signing in opens: its page, and how it stands on the home page; practice/fields.rs: its settings
//! locking.rs   the settings about locking
//! leaving.rs   the warning before it locks by itself
//! log.rs       what happened; log_words.rs: in plain words
//! words.rs     what is said before and after a change, and of a person
//! ```

mod backups;
mod changes;
mod fields;
mod happenings;
mod home;
mod leaver;
mod leaving;
mod locking;
mod log;
mod log_words;
mod pages;
mod people;
mod person;
mod phones;
mod practice;
mod settings;
mod slip;
mod texts;
mod words;

use eframe::egui::{Key, Modifiers, Ui};

use super::lock::frame::Room;
use super::{sheets, wizard};
use crate::desktop::screen::Screen;
use crate::flows::enrolment;
use crate::flows::session::{Act, Page, Session, Step};

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
    if fields.follow(ui.ctx(), flow, screen.now) {
        screen.services.new_page();
    }
    leaving::ui(ui.ctx(), flow, &screen.names.office, screen.now);
    // Whatever is on the page: whoever leaves the desk must not have to look for the way to lock it.
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::L)) {
        return Some(Reply::Lock);
    }
    let page = ui.available_rect_before_wrap();
    if needs_all_room(&flow.step, Room::of(ui)) {
        let reply = step_ui(ui, flow, fields, screen);
        pages::who_foot_ui(ui, page, flow);
        return reply;
    }
    if !names_who(&flow.step) {
        pages::who_line_ui(ui, flow);
    }
    step_ui(ui, flow, fields, screen)
}

/// A phone must see the whole square: in a low window nothing more may stand above it.
fn needs_all_room(step: &Step, room: Room) -> bool {
    let square = matches!(step, Step::Phone(phone) if matches!(phone.step, enrolment::Step::Square { .. }));
    square && room == Room::Low
}

fn step_ui(ui: &mut Ui, flow: &Session, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Reply> {
    match &flow.step {
        Step::At(Page::Home, done) => home::ui(ui, flow, done.as_ref(), screen),
        Step::At(Page::Phones, done) => phones::ui(ui, flow, &mut fields.pages, done.as_ref(), screen),
        Step::At(Page::People, done) => people::ui(ui, flow, &mut fields.pages, (done.as_ref(), None), screen),
        Step::BadName(mishap) => people::ui(ui, flow, &mut fields.pages, (None, Some(mishap)), screen),
        // It is never left at: the flow goes on to the list.
        Step::At(Page::Backups, _) => None,
        Step::Backups(view) => backups::ui(ui, flow, view, &mut fields.pages, screen),
        Step::Plan(file, plan) => backups::plan_ui(ui, flow, (file, plan), screen),
        Step::At(Page::Settings, done) => settings::ui(ui, flow, &mut fields.pages, done.as_ref(), screen),
        Step::At(Page::Texts, done) => texts::ui(ui, flow, &mut fields.pages, done.as_ref(), screen),
        Step::At(Page::Practice, done) => practice::ui(ui, flow, fields, done.as_ref(), screen),
        Step::Log(view) => log::ui(ui, flow, view, &mut fields.pages, screen),
        Step::Slip(change, slip) => slip::ui(ui, flow, (change, slip), fields, screen),
        Step::Removed(removal) => leaver::ui(ui, removal, fields, screen),
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

/// Whether the page of a step says by itself who is signed in. Above every other one it stands on a line of its own: at a
/// desk of four people nobody may take another's session for their own.
fn names_who(step: &Step) -> bool {
    match step {
        Step::At(..) | Step::BadName(_) | Step::Log(_) | Step::Backups(_) | Step::Plan(..) => true,
        Step::FreshCode(..)
        | Step::Preparing(_)
        | Step::NewPassword(_)
        | Step::Codes(_)
        | Step::ClinicKey(_)
        | Step::Slip(..)
        | Step::Removed(_)
        | Step::Phone(_) => false,
    }
}

#[cfg(test)]
mod tests;
