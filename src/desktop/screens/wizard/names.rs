//! Step 1: the clinic's name and the person's, with hints where a phone shows them differently.

use eframe::egui::Ui;

use super::surroundings::Around;
use super::{Act, Enrolment, Fields, Screen};
use crate::desktop::art::Drawing;
use crate::desktop::theme::space;
use crate::desktop::widgets::{ButtonState, TextField, title_ui};
use crate::domain::names::{self, BadName};
use crate::domain::otpauth;
use crate::flows::enrolment::NameMishap;
use crate::tr;

pub(super) const CLINIC: &str = "names-clinic";
const PERSON: &str = "names-person";
const SUPPORT: &str = "names-support";

pub(super) fn names_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<NameMishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("wizard-names-title");
    let around = Around::new(flow, &title, screen);
    let next = tr!("go-next");
    let (clinic_wrong, person_wrong) = mishap.map_or((None, None), |mishap| (mishap.clinic, mishap.person));
    // A fault that has been put right is not shown any longer, though Next has not been pressed again.
    let still = |wrong: Option<BadName>, typed: &str| wrong.filter(|_| names::tidy(typed).is_err());
    let clinic_error =
        still(clinic_wrong, &fields.clinic).map(|why| bad_name(why, || tr!("wizard-names-clinic-empty")));
    let person_error =
        still(person_wrong, &fields.person).map(|why| bad_name(why, || tr!("wizard-names-person-empty")));
    let answer = around.drawn("names", Drawing::Protect, &[]).next(&next, ButtonState::Ready).show(ui, |ui| {
        title_ui(ui, &title, &tr!("wizard-names-where"));
        let hint = hint(&fields.clinic, &fields.person);
        TextField::new(CLINIC, &tr!("wizard-names-clinic"), &mut fields.clinic)
            .help(hint.as_deref().unwrap_or(&tr!("wizard-names-clinic-example")))
            .error(clinic_error.as_deref())
            .show(ui);
        ui.add_space(space::M);
        let colon = names::has_colon(&fields.person).then(|| tr!("wizard-names-colon"));
        TextField::new(PERSON, &tr!("wizard-names-person"), &mut fields.person)
            .help(colon.as_deref().unwrap_or(&tr!("wizard-names-person-example")))
            .error(person_error.as_deref())
            .show(ui);
        ui.add_space(space::M);
        TextField::new(SUPPORT, &tr!("wizard-names-support"), &mut fields.support)
            .help(&tr!("wizard-names-support-help"))
            .show(ui);
    });
    if answer.back {
        return Some(Act::Back);
    }
    answer.next.then(|| Act::GiveNames {
        clinic: fields.clinic.clone(),
        person: fields.person.clone(),
        support: fields.support.clone(),
    })
}

fn bad_name(why: BadName, empty: impl FnOnce() -> String) -> String {
    match why {
        BadName::Empty => empty(),
        BadName::TooLong => tr!("wizard-names-too-long", count = names::LONGEST),
        BadName::Control => tr!("wizard-names-unseen"),
        BadName::LookAlikes => tr!("wizard-names-look-alikes"),
    }
}

/// What the phone will show differently from what is typed.
fn hint(clinic: &str, person: &str) -> Option<String> {
    let tidy = names::tidy(clinic).ok()?;
    if names::has_colon(&tidy) {
        return Some(tr!("wizard-names-colon"));
    }
    let id = names::person_id(person, &|_| false);
    let account = otpauth::account(&tidy, &id);
    let shown = account.strip_suffix(&id).unwrap_or(&account).trim();
    (shown != tidy).then(|| tr!("wizard-names-shortened", shown = shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    // C01, C12: the phone leaves out colons and shortens long names; said where they are typed.
    #[test]
    fn what_the_phone_changes_is_said() {
        assert_eq!(hint("Oak Tree Surgery", "Maria Santos"), None);
        assert_eq!(hint("", ""), None);
        assert_eq!(hint("Oak: Tree", "Maria"), Some(tr!("wizard-names-colon")));
        let long = hint("Centro Médico Nuestra Señora de la Esperanza – Urgencias y Pediatría", "Rosa Turno");
        assert!(long.is_some_and(|hint| hint.contains("\"Centro Médico Nuestra")), "shortened");
    }
}
