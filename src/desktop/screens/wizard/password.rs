//! Step 1: a password for this program, with its rules as they are met.

use eframe::egui::{Label, Ui};

use super::surroundings::{Around, mishap_ui};
use super::{Act, Enrolment, Fields, Origin, Screen};
use crate::desktop::art::{self, Drawing, Icon};
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{Button, ButtonState, PasswordField, title_ui};
use crate::domain::password::{self, SHORTEST, Weak};
use crate::domain::secret::SecretText;
use crate::effects::Failure;
use crate::flows::Mishap;
use crate::flows::enrolment::Names;
use crate::tr;

pub(super) const NEW: &str = "password-new";

pub(super) fn password_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    names: &Names,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("wizard-password-title");
    let around = Around::new(flow, &title, screen);
    let (next, busy) = (tr!("go-next"), tr!("wizard-password-busy"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let text = if cfg!(windows) { tr!("wizard-password-text") } else { tr!("wizard-password-text-other") };
    let answer = around.drawn("password", Drawing::Protect, &[]).next(&next, state).show(ui, |ui| {
        title_ui(ui, &title, &text);
        let own = [names.clinic.as_str(), names.person.as_str(), screen.names.office.as_str()];
        let suggest = new_password_ui(ui, fields, &own, screen);
        ui.add_space(space::M);
        // What the rules above say live is not said a second time below.
        let shown = mishap.filter(|mishap| !matches!(mishap, Mishap::Failure(Failure::Weak(_))));
        mishap_ui(ui, "password-notice", shown, fields, screen);
        suggest && !flow.is_busy()
    });
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner {
        return Some(Act::Suggest);
    }
    answer.next.then(|| Act::GivePassword(fields.password.duplicate()))
}

/// A new password with its rules as they are met; `own` are the names that it may not be made of. True when a suggestion
/// is asked for.
pub(in crate::desktop::screens) fn new_password_ui(
    ui: &mut Ui,
    fields: &mut Fields,
    own: &[&str],
    screen: &Screen<'_>,
) -> bool {
    let (show, hide, caps) = (tr!("show"), tr!("hide"), tr!("caps-lock-on"));
    let label = tr!("wizard-password-field");
    let field = PasswordField::new(NEW, &label, &mut fields.password, &show, &hide)
        .warning(screen.caps_lock.then_some(caps.as_str()))
        .show(ui);
    if field.changed() {
        fields.judged = None;
        fields.origin = Origin::Typed;
    }
    let judged = *fields.judged.get_or_insert_with(|| password::check(&fields.password, SHORTEST, own));
    ui.add_space(space::XS);
    rules_ui(ui, &fields.password, judged, fields.origin);
    ui.add_space(space::M);
    ui.add(Button::secondary(&tr!("wizard-password-suggest")).icon(Icon::Refresh)).clicked()
}

/// Whether a rule is kept, as far as that can be said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Yes,
    No,
    NotYet,
}

/// The rules, each with a mark, and below them the one sentence that helps most.
fn rules_ui(ui: &mut Ui, typed: &SecretText, judged: Result<(), Weak>, origin: Origin) {
    let length = match judged {
        Err(Weak::Short { .. }) => Kept::NotYet,
        Err(Weak::TooLong) => Kept::No,
        Err(Weak::Name | Weak::Guessable) | Ok(()) => Kept::Yes,
    };
    let named = match judged {
        Err(Weak::Name) => Kept::No,
        Err(Weak::Short { .. } | Weak::TooLong) => Kept::NotYet,
        Err(Weak::Guessable) | Ok(()) => Kept::Yes,
    };
    let guessable = match judged {
        Err(Weak::Guessable) => Kept::No,
        Err(Weak::Short { .. } | Weak::TooLong | Weak::Name) => Kept::NotYet,
        Ok(()) => Kept::Yes,
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.spacing_mut().interact_size.y = 0.0;
        rule_ui(ui, length, &tr!("wizard-password-rule-length", count = SHORTEST));
        rule_ui(ui, named, &tr!("wizard-password-rule-name"));
        rule_ui(ui, guessable, &tr!("wizard-password-rule-common"));
    });
    let advice = match judged {
        Ok(()) if origin == Origin::Suggested => tr!("wizard-password-suggested"),
        Ok(()) => tr!("wizard-password-good"),
        Err(Weak::Short { .. }) if typed.is_empty() => tr!("wizard-password-advice"),
        Err(Weak::Short { missing }) => tr!("wizard-password-short", count = missing),
        Err(Weak::TooLong) => tr!("wizard-password-long", count = password::LONGEST),
        Err(Weak::Name) => tr!("wizard-password-has-name"),
        Err(Weak::Guessable) => tr!("wizard-password-weak"),
    };
    ui.add_space(space::XS);
    let t = theme::tokens(ui.ctx());
    let words = if judged.is_ok() { theme::strong(advice).color(t.success) } else { theme::body(advice) };
    ui.set_max_width(FORM_WIDTH.min(ui.available_width()));
    let line = ui.add(Label::new(words).wrap());
    ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(eframe::egui::accesskit::Live::Polite));
}

fn rule_ui(ui: &mut Ui, kept: Kept, rule: &str) {
    let t = theme::tokens(ui.ctx());
    let (icon, colour, state) = match kept {
        Kept::Yes => (Icon::CheckCircle, t.success, tr!("wizard-password-rule-kept", rule = rule)),
        Kept::No => (Icon::Cross, t.danger, tr!("wizard-password-rule-broken", rule = rule)),
        Kept::NotYet => (Icon::Info, t.muted, rule.to_owned()),
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        art::icon(ui, icon, colour, 20.0);
        let line = ui.label(theme::help(rule));
        ui.ctx().accesskit_node_builder(line.id, |node| node.set_label(state));
    });
}
