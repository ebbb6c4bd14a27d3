//! What happened to the person, and for managers to the clinic, since they last signed in.

use eframe::egui::{Label, Ui};

use crate::adapters::clock::{local_date_text, local_time_text};
use crate::desktop::art::{self, Icon};
use crate::desktop::screen::Screen;
use crate::desktop::screens::lock::shown_name;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, card_ui};
use crate::domain::audit::{WRONG_CODE_LOCKED, WRONG_CODE_MANAGER};
use crate::effects::Happening;
use crate::flows::session::Session;
use crate::tr;

/// More would push the page out of sight; the rest is in the log.
const SHOWN: usize = 4;

/// One line of each, the newest first. True when the person has read them.
pub(super) fn ui(ui: &mut Ui, flow: &Session, screen: &Screen<'_>) -> bool {
    let me = flow.signed_in.person.as_str();
    // At a first sign-in nobody has to be told that they have just linked their own phone.
    let first = flow.signed_in.before_unix.is_none();
    let own = |told: &Happening| first && told.actor == me && told.event == "enrolment-finished";
    let told: Vec<&Happening> = flow.happenings.iter().filter(|told| !own(told)).collect();
    if told.is_empty() {
        return false;
    }
    ui.label(theme::label(tr!("happened-since")));
    ui.add_space(space::XS);
    card_ui(ui, |ui| {
        ui.set_min_width(ui.available_width());
        // Lines of text, not controls: they need not be as high as a button.
        ui.spacing_mut().item_spacing.y = space::S;
        ui.spacing_mut().interact_size.y = 0.0;
        for happening in told.iter().rev().take(SHOWN) {
            let shown = Happening {
                person_name: shown_name(ui, &happening.person_name, &happening.person).to_owned(),
                actor_name: shown_name(ui, &happening.actor_name, &happening.actor).to_owned(),
                ..(*happening).clone()
            };
            line_ui(ui, words(&shown, me, screen));
        }
    });
    ui.add_space(space::XS);
    let more = told.len().saturating_sub(SHOWN);
    let read = ui
        .horizontal_wrapped(|ui| {
            let read = ui.add(Button::secondary(&tr!("happened-read")).icon(Icon::Check)).clicked();
            if more > 0 {
                let words = if flow.is_manager() {
                    tr!("happened-more", count = more)
                } else {
                    tr!("happened-more-staff", count = more)
                };
                ui.label(theme::muted(words));
            }
            read
        })
        .inner;
    ui.add_space(space::L);
    read
}

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// Good to know.
    Info,
    /// To be looked into, unless the person knows of it.
    Warning,
}

/// What happened, and beside it or below, when.
fn line_ui(ui: &mut Ui, (weight, what, then): (Weight, String, String)) {
    let t = theme::tokens(ui.ctx());
    let (icon, colour) = match weight {
        Weight::Info => (Icon::Info, t.primary),
        Weight::Warning => (Icon::Warning, t.warning),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        art::icon(ui, icon, colour, 20.0);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.add(Label::new(theme::strong(what)).wrap());
                ui.add(Label::new(theme::muted(then)).wrap());
            });
        });
    });
}

/// What happened, when and by whom.
fn words(happening: &Happening, me: &str, screen: &Screen<'_>) -> (Weight, String, String) {
    use Weight::{Info, Warning};
    let when = when(happening.unix_secs, screen);
    let last = tr!("happened-last", when = &when);
    let not_you = tr!("happened-not-you", when = &when);
    let by = tr!("happened-by", name = &happening.actor_name, when = &when);
    let (who, count, mine) = (&happening.person_name, happening.times, happening.person == me);
    match (happening.event.as_str(), happening.result.as_str()) {
        ("sign-in" | "fresh-code", "accepted") => (Info, tr!("happened-spare", count = count), last),
        ("sign-in" | "fresh-code" | "password", "wrong-password") => {
            (Warning, tr!("happened-wrong-password", count = count), last)
        }
        ("sign-in" | "fresh-code" | "enrolment-code", WRONG_CODE_LOCKED) if mine => {
            (Warning, tr!("happened-locked-mine", count = count), last)
        }
        ("sign-in" | "fresh-code" | "enrolment-code", WRONG_CODE_LOCKED) => {
            (Warning, tr!("happened-locked", name = who, count = count), last)
        }
        ("sign-in" | "fresh-code" | "enrolment-code", WRONG_CODE_MANAGER) if mine => {
            (Warning, tr!("happened-shut-out-mine"), last)
        }
        ("sign-in" | "fresh-code" | "enrolment-code", WRONG_CODE_MANAGER) => {
            (Warning, tr!("happened-shut-out", name = who), last)
        }
        ("sign-in" | "fresh-code" | "password" | "enrolment-code", _) => {
            (Warning, tr!("happened-wrong-code", count = count), last)
        }
        ("enrolment-finished", _) => (Info, tr!("happened-phone"), not_you),
        ("phone-removed", _) => (Info, tr!("happened-phone-removed"), not_you),
        ("recovery-codes-renewed", _) => (Info, tr!("happened-codes"), not_you),
        ("person-reset", _) if mine => (Warning, tr!("happened-reset-mine"), by),
        ("person-reset", _) => (Info, tr!("happened-reset", name = who), by),
        ("day-pass-given", _) if mine => (Info, tr!("happened-day-pass-mine"), by),
        ("day-pass-given", _) => (Info, tr!("happened-day-pass", name = who), by),
        ("role-changed", _) if mine => (Info, tr!("happened-role-mine"), by),
        ("role-changed", _) => (Info, tr!("happened-role", name = who), by),
        ("person-removed", _) => (Info, tr!("happened-removed", name = who), by),
        ("person-added", _) if mine => (Info, tr!("happened-added-mine"), by),
        ("person-added", _) => (Info, tr!("happened-added", name = who), by),
        ("backup-failed", _) => (Warning, tr!("happened-no-backup"), last),
        ("restored", _) => (Warning, tr!("happened-restored"), last),
        ("recovered", _) => (Warning, tr!("happened-recovered"), last),
        ("recovery-key-renewed", _) => (Info, tr!("happened-clinic-key"), by),
        ("database-key-changed", _) => (Info, tr!("happened-database-key"), by),
        ("setting-changed", _) => (Info, tr!("happened-setting"), by),
        // A kind of entry that a newer version wrote.
        (other, _) => (Info, tr!("happened-other", event = other), last),
    }
}

/// "today at 9:12", "on 2 March 2026 at 9:12".
fn when(unix_secs: i64, screen: &Screen<'_>) -> String {
    let (date, time) = (local_date_text(unix_secs), local_time_text(unix_secs));
    if date == local_date_text(screen.now.unix_secs) {
        tr!("happened-today", time = time)
    } else {
        tr!("happened-on", date = date, time = time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::clock::TestClock;
    use crate::desktop::services::Services;
    use crate::domain::audit::What;
    use crate::explain::Names;
    use crate::ports::Clock as _;

    fn told(event: &str, result: &str, person: &str, times: u32) -> Happening {
        Happening {
            event: event.to_owned(),
            result: result.to_owned(),
            person: person.to_owned(),
            person_name: "Ben Jones".to_owned(),
            actor: "akhan".to_owned(),
            actor_name: "Asha Khan".to_owned(),
            times,
            unix_secs: 1_772_442_000,
        }
    }

    fn said(happening: &Happening) -> String {
        let now = TestClock::at(1_772_442_000 + 5 * 86_400).now();
        let (names, services) = (Names::default(), &mut Services::default());
        let screen = Screen { now: &now, names: &names, clinic: "", support: "", caps_lock: false, services };
        let (_, what, then) = words(happening, "msantos", &screen);
        format!("{what}. {then}")
    }

    #[test]
    fn what_happened_is_said_with_number_time_and_name() {
        let wrong = said(&told("sign-in", "wrong-code", "msantos", 3));
        assert!(wrong.starts_with("3 wrong codes with your name. The last time: on "), "{wrong}");
        let locked = said(&told("sign-in", WRONG_CODE_LOCKED, "msantos", 1));
        assert!(locked.starts_with("Wrong codes locked you out for 15 minutes. The last time: on "), "{locked}");
        let locked = said(&told("fresh-code", WRONG_CODE_LOCKED, "bjones", 2));
        assert!(locked.starts_with("Wrong codes locked Ben Jones out for 15 minutes, 2 times."), "{locked}");
        let shut_out = said(&told("sign-in", WRONG_CODE_MANAGER, "msantos", 1));
        assert!(shut_out.starts_with("So many wrong codes that your phone was no longer accepted."), "{shut_out}");
        let shut_out = said(&told("sign-in", WRONG_CODE_MANAGER, "bjones", 1));
        assert!(
            shut_out.starts_with("So many wrong codes that Ben Jones needs a manager or a spare code."),
            "{shut_out}"
        );
        let reset = said(&told("person-reset", "done", "bjones", 1));
        assert!(reset.starts_with("Ben Jones was set up again. By Asha Khan, on "), "{reset}");
        assert!(said(&told("person-reset", "done", "msantos", 1)).starts_with("You were set up again."));
    }

    #[test]
    fn everything_a_person_is_told_has_words_of_its_own() {
        let ours = [
            "backup-created",
            "set-up-",
            "enrolment-b",
            "enrolment-c",
            "enrolment-d",
            "password-",
            "slot-",
            "notices-",
            "locked",
        ];
        let nobodys = ["clock-jump", "keychain-failed", "text-asked", "text-sent"];
        for what in What::ALL.map(What::name) {
            // What is never told: the person did it a moment before.
            if ours.iter().any(|ours| what.starts_with(ours)) || what == "activation" || nobodys.contains(&what) {
                continue;
            }
            let said = said(&told(what, "done", "msantos", 1));
            assert!(!said.contains("Something new stands in the log"), "{what}: {said}");
        }
    }
}
