//! What is said before and after a change.

use crate::flows::session::{Change, Session};
use crate::tr;

/// Why a fresh code is asked for.
pub(super) fn fresh_text(change: &Change, flow: &Session) -> String {
    match change {
        Change::Phone => tr!("in-fresh-code-phone"),
        Change::Codes => tr!("in-fresh-code-codes"),
        Change::Password => tr!("in-fresh-code-password"),
        Change::SecondPhone(label) => tr!("people-fresh-second-phone", label = label),
        Change::RemovePhone(_) => tr!("people-fresh-remove-phone"),
        Change::Add { name, .. } => tr!("people-fresh-add", name = name),
        Change::Reset(id) => tr!("people-fresh-reset", name = name_of(flow, id)),
        Change::Remove(id) => tr!("people-fresh-remove", name = name_of(flow, id)),
        Change::Role(id, _) => tr!("people-fresh-role", name = name_of(flow, id)),
        Change::DayPass(id) => tr!("people-fresh-day-pass", name = name_of(flow, id)),
        Change::Settings(_) => tr!("people-fresh-settings"),
        Change::ClinicKey => tr!("people-fresh-clinic-key"),
    }
}

/// What was done, and what to do now.
pub(super) fn done_texts(change: &Change, flow: &Session) -> (String, String) {
    match change {
        Change::Phone => (tr!("new-phone-done"), String::new()),
        Change::Codes => (tr!("new-codes-done"), tr!("new-codes-done-then")),
        Change::Password => (tr!("change-done"), tr!("change-done-then")),
        Change::SecondPhone(_) => (tr!("people-done-second-phone"), tr!("people-done-second-phone-then")),
        Change::RemovePhone(_) => (tr!("people-done-remove-phone"), tr!("people-done-remove-phone-then")),
        Change::Add { name, .. } => (tr!("people-done-add", name = name), tr!("people-done-slip-then")),
        Change::Reset(id) => (tr!("people-done-reset", name = name_of(flow, id)), tr!("people-done-slip-then")),
        Change::Remove(_) => (tr!("people-done-remove"), tr!("people-done-remove-then")),
        Change::Role(id, _) => (tr!("people-done-role", name = name_of(flow, id)), tr!("people-done-role-then")),
        Change::DayPass(id) => {
            (tr!("people-done-day-pass", name = name_of(flow, id)), tr!("people-done-day-pass-then"))
        }
        Change::Settings(_) => (tr!("people-done-settings"), tr!("people-done-settings-then")),
        Change::ClinicKey => (tr!("people-done-clinic-key"), tr!("people-done-clinic-key-then")),
    }
}

/// A person's name, else the id.
pub(super) fn name_of(flow: &Session, id: &str) -> String {
    let people = flow.look.as_ref().map(|look| look.people.as_slice()).unwrap_or_default();
    people.iter().find(|person| person.id == id).map_or_else(|| id.to_owned(), |person| person.name.clone())
}
