//! For managers: the clinic's texts. Which service, what it may cost, whether it works, and why the app is better.

use eframe::egui::{Align, Ui};

use super::Reply;
use super::pages::{Pages, done_ui, page_ui};
use crate::desktop::screen::Screen;
use crate::desktop::screens::gateway::{self, GatewayTyped};
use crate::desktop::screens::lock::texts::{For, Ready, part_ui, transcript_ui};
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, Notice, NoticeKind, TextField, bullet_ui, step_heading_ui};
use crate::domain::edit::Edit;
use crate::domain::sms::{SmsState, Unfit};
use crate::domain::state::Settings;
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
        // A fresh code was typed in between: the page stands where it was left.
        if let Some(notice) = done_ui(ui, done, flow)
            && pages.unfit.is_none()
            && std::mem::take(&mut pages.reveal)
        {
            notice.scroll_to_me(Some(Align::Center));
        }
        let Some(look) = look else { return };
        if on {
            // What is used every now and then first; the service is filled in once.
            if try_ui(ui, flow, pages, screen) {
                pressed = Pressed::Test;
            }
            ui.add_space(space::M);
            if ui.add(Button::quiet(&tr!("texts-page-turn-off")).flush()).clicked() {
                pressed = Pressed::TurnOff;
            }
            ui.add_space(space::XL);
            step_heading_ui(ui, &tr!("texts-page-service-title"));
            ui.add_space(space::S);
        } else {
            for reason in [tr!("texts-why-not-sim"), tr!("texts-why-not-others"), tr!("texts-why-not-app")] {
                bullet_ui(ui, theme::body(reason));
            }
            ui.add_space(space::L);
        }
        let Some(typed) = &mut pages.gateway else { return };
        gateway::fields_ui(ui, typed, look.texts.password, pages.unfit, &mut pages.reveal);
        if let Some(unfit) = pages.unfit.filter(|unfit| !typed.says(*unfit)) {
            let words = explain::texts::unfit(unfit);
            let (what, todo) = (words.what.get(), words.todo.get());
            ui.add_space(space::S);
            let notice = Notice::new("session.unfit", NoticeKind::Warning, &what, &todo).show(ui);
            if std::mem::take(&mut pages.reveal) {
                notice.scroll_to_me(None);
            }
        }
        // Off, but filled in: it can be tried before anybody depends on it.
        if !on && look.settings.sms.check().is_ok() {
            ui.add_space(space::XL);
            if try_ui(ui, flow, pages, screen) {
                pressed = Pressed::Test;
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
    // What is kept opens for its own address alone.
    let kept = look.texts.password == PasswordKept::Yes && look.settings.sms.destination() == sms.destination();
    let secret_missing = typed.secret.is_empty() && sms.needs_secret() && !kept;
    let unfit = match state {
        SmsState::Off => None,
        SmsState::On => sms.check().err().or_else(|| secret_missing.then_some(Unfit::NoSecret)),
    };
    pages.unfit = unfit;
    pages.reveal = unfit.is_some();
    if unfit.is_some() {
        return None;
    }
    let of = |sms| Settings { sms, ..look.settings.clone() };
    let edit = Edit::new(of(typed.from().clone()), of(sms));
    let secret = (!typed.secret.is_empty()).then(|| Typed::new(typed.secret.take()));
    Some(Reply::Act(Act::Begin(Change::Gateway(edit, secret))))
}

/// What was used, and a test text; true when one is asked for.
fn try_ui(ui: &mut Ui, flow: &Session, pages: &mut Pages, screen: &Screen<'_>) -> bool {
    let Some(look) = &flow.look else { return false };
    step_heading_ui(ui, &tr!("texts-page-try-title"));
    let (count, limit) = (look.texts.this_month, look.settings.sms.per_month);
    ui.label(theme::body(tr!("texts-page-used", count = count, limit = limit)));
    ui.add_space(space::S);
    TextField::new(TRY, &tr!("texts-number"), &mut pages.try_number).help(&tr!("texts-number-help")).show(ui);
    ui.add_space(space::S);
    let idle = !pages.try_number.trim().is_empty() && !flow.is_busy();
    let ending = match &flow.texting.state {
        TextState::Sending(news) | TextState::Sent(news, _) => news.ending.as_str(),
        TextState::NotAsked | TextState::Asking | TextState::Trouble(_) => "",
    };
    let ready = if idle { Ready::Yes } else { Ready::No };
    let asked = part_ui(ui, &flow.texting, (For::Trying, ending), ready, screen);
    transcript_ui(ui, &flow.texting.transcript);
    asked
}
