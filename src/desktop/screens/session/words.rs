//! What is said before and after a change.

use eframe::egui::Ui;

use super::phones::phone_name;
use crate::adapters::clock::{local_date_text, local_time_text};
use crate::desktop::screens::lock::shown_name;
use crate::domain::names;
use crate::domain::state::{PersonStage, Role};
use crate::domain::verify::FactorUsed;
use crate::effects::KeyChange;
use crate::explain::minutes_and_seconds;
use crate::flows::session::{Change, Session};
use crate::ports::{Begins, PersonLook};
use crate::tr;

/// Why a fresh code is asked for.
pub(super) fn fresh_text(ui: &Ui, change: &Change, flow: &Session) -> String {
    match change {
        Change::Phone => tr!("in-fresh-code-phone"),
        Change::Codes => tr!("in-fresh-code-codes"),
        Change::Password => tr!("in-fresh-code-password"),
        Change::SecondPhone(label) => tr!("people-fresh-second-phone", label = label),
        Change::RemovePhone(_) => tr!("people-fresh-remove-phone"),
        Change::Add { name, .. } => tr!("people-fresh-add", name = name_of_new(ui, flow, name)),
        Change::Reset(id) => tr!("people-fresh-reset", name = name_of(ui, flow, id), by = by(flow)),
        Change::Remove(id) => tr!("people-fresh-remove", name = name_of(ui, flow, id), by = by(flow)),
        Change::Role(id, _) => tr!("people-fresh-role", name = name_of(ui, flow, id)),
        Change::DayPass(id) => tr!("people-fresh-day-pass", name = name_of(ui, flow, id)),
        Change::Settings(_) => tr!("people-fresh-settings"),
        Change::Number => tr!("fresh-number"),
        Change::Gateway(..) => tr!("fresh-gateway"),
        Change::TestText(_) => tr!("fresh-test-text"),
        Change::ClinicKey => tr!("people-fresh-clinic-key"),
        Change::Restore(_) => tr!("fresh-restore"),
        Change::Practice(_) => tr!("practice-fresh-settings"),
        Change::Key(_) | Change::RotateKey(_) => tr!("practice-fresh-key"),
    }
}

/// Where this person's fresh code comes from, as the sentences tell it apart.
fn by(flow: &Session) -> &'static str {
    match flow.signed_in.by {
        FactorUsed::Totp => "phone",
        FactorUsed::Sms => "text",
        FactorUsed::Recovery | FactorUsed::DayPass | FactorUsed::AfterLock => "sheet",
    }
}

/// What was done, and what to do now.
pub(super) fn done_texts(ui: &Ui, change: &Change, flow: &Session) -> (String, String) {
    match change {
        Change::Phone => (tr!("new-phone-done"), String::new()),
        Change::Codes => (tr!("new-codes-done"), tr!("new-codes-done-then")),
        Change::Password => (tr!("change-done"), tr!("change-done-then")),
        Change::SecondPhone(_) => (tr!("people-done-second-phone"), tr!("people-done-second-phone-then")),
        Change::RemovePhone(_) => (tr!("people-done-remove-phone"), tr!("people-done-remove-phone-then")),
        Change::Add { name, .. } => {
            (tr!("people-done-add", name = name_of_new(ui, flow, name)), tr!("people-done-slip-then"))
        }
        Change::Reset(id) => (tr!("people-done-reset", name = name_of(ui, flow, id)), tr!("people-done-slip-then")),
        Change::Remove(_) => (tr!("people-done-remove"), tr!("people-done-remove-then")),
        Change::Role(id, _) => (tr!("people-done-role", name = name_of(ui, flow, id)), tr!("people-done-role-then")),
        Change::DayPass(id) => {
            (tr!("people-done-day-pass", name = name_of(ui, flow, id)), tr!("people-done-day-pass-then"))
        }
        Change::Number => (tr!("done-number"), tr!("done-number-then")),
        Change::Gateway(..) | Change::TestText(_) => (tr!("done-gateway"), tr!("done-gateway-then")),
        Change::Settings(_) => (tr!("people-done-settings"), tr!("people-done-settings-then")),
        Change::ClinicKey => (tr!("people-done-clinic-key"), tr!("people-done-clinic-key-then")),
        Change::Restore(_) => (tr!("restore-done-title"), tr!("restore-done-text")),
        Change::Practice(_) => (tr!("people-done-settings"), tr!("practice-done-settings-then")),
        Change::Key(KeyChange::Forget) => (tr!("practice-done-forget"), String::new()),
        Change::Key(KeyChange::Keep(_) | KeyChange::New) => (tr!("practice-done-key"), tr!("practice-done-key-then")),
        Change::RotateKey(_) => (tr!("practice-done-rotate"), tr!("practice-done-rotate-then")),
    }
}

/// A person's name, else the id: so too where the fonts lack its letters.
pub(super) fn name_of(ui: &Ui, flow: &Session, id: &str) -> String {
    people(flow).iter().find(|person| person.id == id).map_or_else(|| id.to_owned(), |person| shown(ui, person))
}

/// The same, of somebody who is at hand.
pub(super) fn shown(ui: &Ui, person: &PersonLook) -> String {
    shown_name(ui, &person.name, &person.id).to_owned()
}

/// The same, of somebody who is being added: the id is the one they get.
fn name_of_new(ui: &Ui, flow: &Session, name: &str) -> String {
    match people(flow).iter().find(|person| person.name == name) {
        Some(there) => shown(ui, there),
        None => shown_name(ui, name, &names::person_id(name, &|id| people(flow).iter().any(|p| p.id == id))).to_owned(),
    }
}

fn people(flow: &Session) -> &[PersonLook] {
    flow.look.as_ref().map(|look| look.people.as_slice()).unwrap_or_default()
}

/// A role.
pub(super) fn role(role: Role) -> String {
    match role {
        Role::Staff => tr!("people-role-staff"),
        Role::Manager => tr!("people-role-manager"),
    }
}

/// Where a person stands.
pub(super) fn state(person: &PersonLook) -> String {
    match (person.stage, person.begins) {
        (None, _) => tr!("people-state-damaged"),
        (Some(_), Begins::WithSlip { until_unix }) => {
            let (date, time) = (local_date_text(until_unix), local_time_text(until_unix));
            tr!("people-state-slip", date = date, time = time)
        }
        (Some(_), Begins::NeedsNewSlip) => tr!("people-state-new-slip"),
        (Some(_), Begins::WithPassword) | (Some(PersonStage::Pending | PersonStage::Reset), Begins::Done) => {
            tr!("people-state-begun")
        }
        (Some(PersonStage::Active), Begins::Done) => active(person),
    }
}

fn active(person: &PersonLook) -> String {
    if person.manager_needed {
        tr!("people-state-manager-needed")
    } else if let Some(wait) = person.wait {
        tr!("people-state-locked", time = minutes_and_seconds(wait))
    } else if person.day_pass {
        tr!("people-state-day-pass")
    } else {
        tr!("people-state-active")
    }
}

/// A person's phones, with dates.
pub(super) fn phones(person: &PersonLook) -> String {
    match person.phones.as_slice() {
        [] => tr!("people-no-phone"),
        [only] if only.label.is_empty() => tr!("people-phone", date = local_date_text(only.linked_unix)),
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|phone| {
                    tr!("people-phone-named", name = phone_name(phone), date = local_date_text(phone.linked_unix))
                })
                .collect();
            names.join(", ")
        }
    }
}

/// When a person signed in last.
pub(super) fn last_sign_in(person: &PersonLook) -> String {
    match person.signed_in_unix {
        None => tr!("people-never-in"),
        Some(unix) => tr!("in-before", date = local_date_text(unix), time = local_time_text(unix)),
    }
}

/// "3 linked, 1 waits for set-up"; without a look at them a plain line.
pub(super) fn people_summary(flow: &Session) -> String {
    let Some(look) = &flow.look else { return tr!("people-summary-plain") };
    let linked = look.people.iter().filter(|person| person.stage == Some(PersonStage::Active)).count();
    let waiting = look.people.len().saturating_sub(linked);
    if waiting == 0 {
        tr!("people-summary-all", count = linked)
    } else {
        tr!("people-summary", linked = linked, waiting = waiting)
    }
}
