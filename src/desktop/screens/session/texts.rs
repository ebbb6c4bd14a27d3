//! For managers: the clinic's texts. Which service, what it may cost, whether it works, and why the app is better.

use eframe::egui::Ui;

use super::Reply;
use super::pages::{Pages, done_ui, page_ui};
use crate::desktop::screen::Screen;
use crate::desktop::screens::gateway::{self, GatewayTyped};
use crate::desktop::screens::lock::texts::{Ready, part_ui, transcript_ui};
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, Notice, NoticeKind, TextField, bullet_ui, step_heading_ui};
use crate::domain::sms::{SmsState, Unfit};
use crate::explain;
use crate::flows::session::{Act, Change, Page, Session, Typed};
use crate::flows::texting::TextState;
use crate::ports::PasswordKept;
use crate::tr;

const TRY: &str = "session.try-number";

/// What was pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pressed {
    Nothing,
    TurnOff,
    Test,
}

/// Shows them.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    pages: &mut Pages,
    done: Option<&Change>,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let look = flow.look.as_ref();
    if let Some(look) = look
        && pages.gateway.as_ref().is_none_or(|typed| !typed.is_of(&look.settings.sms))
    {
        pages.gateway = Some(GatewayTyped::of(&look.settings.sms));
    }
    let on = look.is_some_and(|look| look.settings.sms.state == SmsState::On);
    let (title, text) = (tr!("texts-page-title"), tr!("texts-page-text"));
    let save = if on { tr!("settings-save") } else { tr!("texts-page-turn-on") };
    let mut pressed = Pressed::Nothing;
    let shown = page_ui(ui, ("session.texts", &title, &text), Some(&save), flow, screen, |ui, screen| {
        done_ui(ui, done, flow);
        for reason in [tr!("texts-why-not-sim"), tr!("texts-why-not-others"), tr!("texts-why-not-app")] {
            bullet_ui(ui, theme::body(reason));
        }
        ui.add_space(space::L);
        let (Some(look), Some(typed)) = (look, &mut pages.gateway) else { return };
        gateway::fields_ui(ui, typed, look.texts.password);
        if let Some(unfit) = pages.unfit {
            let words = explain::texts::unfit(unfit);
            let (what, todo) = (words.what.get(), words.todo.get());
            ui.add_space(space::S);
            Notice::new("session.unfit", NoticeKind::Warning, &what, &todo).show(ui);
        }
        ui.add_space(space::XL);
        step_heading_ui(ui, &tr!("texts-page-try-title"));
        let count = look.texts.this_month;
        ui.label(theme::body(tr!("texts-page-used", count = count, limit = look.settings.sms.per_month)));
        ui.add_space(space::S);
        TextField::new(TRY, &tr!("texts-number"), &mut pages.try_number).help(&tr!("texts-number-help")).show(ui);
        ui.add_space(space::S);
        if test_ui(ui, flow, !pages.try_number.trim().is_empty(), screen) {
            pressed = Pressed::Test;
        }
        transcript_ui(ui, &flow.texting.transcript);
        if on {
            ui.add_space(space::XL);
            if ui.add(Button::secondary(&tr!("texts-page-turn-off"))).clicked() {
                pressed = Pressed::TurnOff;
            }
        }
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        return Some(Reply::Act(Act::Go(Page::Settings)));
    }
    match pressed {
        Pressed::Nothing => {}
        Pressed::Test => return Some(Reply::Act(Act::Begin(Change::TestText(pages.try_number.clone())))),
        Pressed::TurnOff => return change(flow, pages, SmsState::Off),
    }
    if shown.next { change(flow, pages, SmsState::On) } else { None }
}

/// The change as typed; what cannot work is said first.
fn change(flow: &Session, pages: &mut Pages, state: SmsState) -> Option<Reply> {
    let (look, typed) = (flow.look.as_ref()?, pages.gateway.as_mut()?);
    let sms = typed.settings(state);
    let secret_missing = typed.secret.is_empty() && look.texts.password == PasswordKept::No;
    let unfit = match state {
        SmsState::Off => None,
        SmsState::On => sms.check().err().or_else(|| secret_missing.then_some(Unfit::NoSecret)),
    };
    pages.unfit = unfit;
    if unfit.is_some() {
        return None;
    }
    let settings = crate::domain::state::Settings { sms, ..look.settings.clone() };
    let secret = (!typed.secret.is_empty()).then(|| Typed::new(typed.secret.take()));
    Some(Reply::Act(Act::Begin(Change::Gateway(Box::new(settings), secret))))
}

fn test_ui(ui: &mut Ui, flow: &Session, typed: bool, screen: &Screen<'_>) -> bool {
    let idle = typed && !flow.is_busy();
    match &flow.texting.state {
        TextState::NotAsked => ui.add_enabled(idle, Button::secondary(&tr!("texts-try-send"))).clicked(),
        TextState::Sending(news) | TextState::Sent(news, _) => {
            let ready = if idle { Ready::Yes } else { Ready::No };
            part_ui(ui, &flow.texting, &news.ending, ready, screen)
        }
        TextState::Asking | TextState::Trouble(_) => {
            part_ui(ui, &flow.texting, "", if idle { Ready::Yes } else { Ready::No }, screen)
        }
    }
}
