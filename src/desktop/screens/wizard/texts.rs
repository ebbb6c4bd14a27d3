//! The steps with text messages: why not, the service, a test, the number, the code.

use eframe::egui::{Label, Rect, Role, Ui, WidgetInfo};

use super::phone_steps::DRAWN_CODE;
use super::surroundings::{Around, mishap_ui};
use super::{Act, Enrolment, Fields, Focus, Screen};
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::screens::gateway;
use crate::desktop::screens::lock::texts::{For, Ready, part_ui, spoken, transcript_ui};
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, ButtonState, CodeField, CodeInput, TextField, bullet_ui, title_ui};
use crate::domain::code::digits_of;
use crate::domain::sms::{Number, SmsState};
use crate::effects::{Failure, TextTrouble};
use crate::flows::Mishap;
use crate::flows::enrolment::{Step, TextAct, TextStep};
use crate::flows::texting::TextState;
use crate::tr;

pub(super) const NUMBER: &str = "texts-number";
pub(super) const TRY: &str = "texts-try";
pub(super) const CODE: &str = "texts-code";

pub(super) fn ui(
    ui: &mut Ui,
    flow: &Enrolment,
    step: &TextStep,
    fields: &mut Fields,
    screen: &mut Screen<'_>,
    focus: Focus,
) -> Option<Act> {
    match step {
        TextStep::WhyNot => why_not_ui(ui, flow, screen, focus),
        TextStep::Gateway(mishap) => gateway_ui(ui, flow, mishap.as_ref(), fields, screen),
        TextStep::Try(mishap) => try_ui(ui, flow, mishap.as_ref(), fields, screen),
        TextStep::Number(mishap) => number_ui(ui, flow, mishap.as_ref(), fields, screen),
        TextStep::Confirm(number) => confirm_ui(ui, flow, number, screen, focus),
        TextStep::Type(mishap) => type_ui(ui, flow, mishap.as_ref(), fields, screen),
    }
}

fn why_not_ui(ui: &mut Ui, flow: &Enrolment, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = tr!("texts-why-not-title");
    let around = Around::new(flow, &title, screen);
    // The better way is the easy one: Enter and the large button lead to it.
    let app = tr!("texts-use-app");
    let answer = around
        .drawn("texts-why-not", Drawing::Protect, &[])
        .next(&app, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &tr!("texts-why-not-text"));
            for reason in [tr!("texts-why-not-sim"), tr!("texts-why-not-others"), tr!("texts-why-not-cost")] {
                bullet_ui(ui, theme::body(reason));
                ui.add_space(space::XS);
            }
            ui.add_space(space::S);
            ui.add(Label::new(theme::strong(tr!("texts-why-not-app"))).wrap());
            ui.add_space(space::M);
            ui.add(Button::secondary(&tr!("texts-why-not-go")).icon(Icon::Message)).clicked()
        });
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner {
        return Some(Act::Next);
    }
    answer.next.then_some(Act::Texts(TextAct::UseApp))
}

fn gateway_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("texts-gateway-title");
    let around = Around::new(flow, &title, screen);
    let (go, busy) = (tr!("go-next"), tr!("working-save"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let answer = around.frame("texts-gateway").next(&go, state).show(ui, |ui| {
        title_ui(ui, &title, &tr!("texts-gateway-text"));
        let unfit = match mishap {
            Some(Mishap::Failure(Failure::Text(TextTrouble::Unfit(unfit)))) => Some(*unfit),
            Some(_) | None => None,
        };
        let (kept, typed, reveal) = (flow.password_kept(), &mut fields.gateway, &mut fields.reveal);
        ui.add_enabled_ui(!flow.is_busy(), |ui| gateway::fields_ui(ui, typed, kept, unfit, reveal));
        ui.add_space(space::M);
        let mishap = mishap.filter(|_| unfit.is_none_or(|unfit| !fields.gateway.says(unfit)));
        let top = ui.cursor().top();
        mishap_ui(ui, "texts-gateway-notice", mishap, fields, screen);
        if mishap.is_some() && std::mem::take(&mut fields.reveal) {
            let notice = Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=ui.cursor().top());
            ui.scroll_to_rect(notice, None);
        }
        app_ui(ui, flow)
    });
    fields.reveal |= answer.next;
    if answer.inner {
        return Some(Act::Texts(TextAct::UseApp));
    }
    answer.next.then(|| {
        let settings = Box::new(fields.gateway.settings(SmsState::On));
        Act::Texts(TextAct::Gateway(settings, fields.gateway.secret.duplicate()))
    })
}

fn try_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("texts-try-title");
    let around = Around::new(flow, &title, screen);
    let go = tr!("go-next");
    let sent = matches!(flow.texting.state, TextState::Sent(..));
    let state = if sent { ButtonState::Ready } else { ButtonState::Disabled };
    let (clinic, test) = (clinic(flow, screen), tr!("drawn-test"));
    let words = [clinic.as_str(), &test];
    let answer = around.drawn("texts-try", Drawing::TextMessage, &words).next(&go, state).show(ui, |ui| {
        title_ui(ui, &title, &tr!("texts-try-text"));
        TextField::new(TRY, &tr!("texts-number"), &mut fields.number).help(&tr!("texts-number-help")).show(ui);
        ui.add_space(space::M);
        let idle = !flow.is_busy() && !fields.number.trim().is_empty();
        let asked = test_ui(ui, flow, idle, screen);
        mishap_ui(ui, "texts-try-notice", mishap, fields, screen);
        transcript_ui(ui, &flow.texting.transcript);
        asked
    });
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner {
        return Some(Act::Texts(TextAct::Try(fields.number.clone())));
    }
    answer.next.then_some(Act::Next)
}

fn test_ui(ui: &mut Ui, flow: &Enrolment, idle: bool, screen: &Screen<'_>) -> bool {
    let ending = match &flow.texting.state {
        TextState::Sending(news) | TextState::Sent(news, _) => news.ending.clone(),
        TextState::NotAsked | TextState::Asking | TextState::Trouble(_) => String::new(),
    };
    part_ui(ui, &flow.texting, (For::Trying, &ending), if idle { Ready::Yes } else { Ready::No }, screen)
}

fn number_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("texts-number-title");
    let around = Around::new(flow, &title, screen);
    let go = tr!("go-next");
    let clinic = clinic(flow, screen);
    let words = [clinic.as_str(), DRAWN_CODE];
    let frame = around.drawn("texts-number", Drawing::TextMessage, &words).next(&go, ButtonState::Ready);
    let answer = frame.show(ui, |ui| {
        title_ui(ui, &title, &tr!("texts-number-text"));
        TextField::new(NUMBER, &tr!("texts-number"), &mut fields.number).help(&tr!("texts-number-help")).show(ui);
        ui.add_space(space::M);
        mishap_ui(ui, "texts-number-notice", mishap, fields, screen);
        app_ui(ui, flow)
    });
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner {
        return Some(Act::Texts(TextAct::UseApp));
    }
    answer.next.then(|| Act::Texts(TextAct::Number(fields.number.clone())))
}

fn confirm_ui(ui: &mut Ui, flow: &Enrolment, number: &Number, screen: &Screen<'_>, focus: Focus) -> Option<Act> {
    let title = tr!("texts-confirm-title");
    let around = Around::new(flow, &title, screen);
    let go = tr!("text-send");
    let clinic = clinic(flow, screen);
    let words = [clinic.as_str(), DRAWN_CODE];
    let answer = around
        .drawn("texts-confirm", Drawing::TextMessage, &words)
        .next(&go, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, "");
            let shown = number.shown();
            let label = ui.add(Label::new(theme::key(&shown)).wrap());
            label.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken(&shown)));
            ui.add_space(space::M);
            ui.add(Label::new(theme::body(tr!("texts-confirm-text"))).wrap());
        });
    if answer.back { Some(Act::Back) } else { answer.next.then_some(Act::Next) }
}

fn type_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    mishap: Option<&Mishap>,
    fields: &mut Fields,
    screen: &Screen<'_>,
) -> Option<Act> {
    let title = tr!("texts-type-title");
    let around = Around::new(flow, &title, screen);
    let (check, busy) = (tr!("wizard-type-check"), tr!("wizard-type-busy"));
    let state = if flow.is_busy() { ButtonState::Busy(&busy) } else { ButtonState::Ready };
    let ending = match &flow.texting.state {
        TextState::Sending(news) | TextState::Sent(news, _) => news.ending.clone(),
        TextState::NotAsked | TextState::Asking | TextState::Trouble(_) => String::new(),
    };
    let clinic = clinic(flow, screen);
    let words = [clinic.as_str(), DRAWN_CODE];
    let answer = around.drawn("texts-type", Drawing::TypeCode, &words).next(&check, state).show(ui, |ui| {
        title_ui(ui, &title, &tr!("texts-type-text"));
        let refused = mishap.is_some() && !flow.is_busy();
        let field =
            CodeField::new(CODE, &tr!("text-code"), &mut fields.code, |typed| digits_of(typed).unwrap_or_default())
                .refused(refused)
                .show(ui);
        ui.add_space(space::M);
        mishap_ui(ui, "texts-type-notice", mishap, fields, screen);
        let ready = if flow.is_busy() { Ready::No } else { Ready::Yes };
        let again = part_ui(ui, &flow.texting, (For::Linking, &ending), ready, screen);
        (field.input, again, app_ui(ui, flow))
    });
    if answer.back {
        return Some(Act::Back);
    }
    if answer.inner.1 {
        return Some(Act::Texts(TextAct::Again));
    }
    if answer.inner.2 {
        return Some(Act::Texts(TextAct::UseApp));
    }
    let go = answer.next || (answer.inner.0 == CodeInput::Filled && !flow.is_busy());
    go.then(|| Act::GiveCode(fields.code.duplicate()))
}

/// The way to the app, for whoever is being set up; true when it was pressed.
fn app_ui(ui: &mut Ui, flow: &Enrolment) -> bool {
    if !flow.may_use_app() {
        return false;
    }
    ui.add_space(space::M);
    ui.add_enabled(!flow.is_busy(), Button::quiet(&tr!("text-use-app")).icon(Icon::Phone).flush()).clicked()
}

/// The way from the app's first page to texts; true when it was pressed.
pub(super) fn texts_instead_ui(ui: &mut Ui, flow: &Enrolment) -> bool {
    if !flow.may_choose_texts() {
        return false;
    }
    ui.add_space(space::S);
    ui.add(Button::quiet(&tr!("texts-instead")).icon(Icon::Message).flush()).clicked()
}

/// Whom the drawn text is from.
fn clinic(flow: &Enrolment, screen: &Screen<'_>) -> String {
    if flow.names.clinic.is_empty() { screen.clinic.to_owned() } else { flow.names.clinic.clone() }
}

pub(super) fn page_id(step: &TextStep) -> super::PageId {
    match step {
        TextStep::WhyNot => "texts-why-not",
        TextStep::Gateway(_) => "texts-gateway",
        TextStep::Try(_) => "texts-try",
        TextStep::Number(_) => "texts-number",
        TextStep::Confirm(_) => "texts-confirm",
        TextStep::Type(_) => "texts-type",
    }
}

pub(super) fn first_field(step: &TextStep) -> Option<eframe::egui::Id> {
    match step {
        TextStep::Try(_) => Some(TextField::id(TRY)),
        TextStep::Number(_) => Some(TextField::id(NUMBER)),
        TextStep::Type(_) => Some(CodeField::id(CODE)),
        TextStep::WhyNot | TextStep::Gateway(_) | TextStep::Confirm(_) => None,
    }
}

/// Whether the last answer judged a code, so that the field is empty for the next one.
pub(super) fn was_judged(flow: &Enrolment) -> bool {
    let Step::Texts(TextStep::Type(mishap)) = &flow.step else { return false };
    matches!(mishap, Some(Mishap::FirstTextWrong { .. } | Mishap::FirstTextOver))
}
