//! What signing in opens: how it stands on the home page, and for managers the page where it is chosen.

mod fields;

use std::sync::Arc;

use eframe::egui::style::ScrollAnimation;
use eframe::egui::{Align, Label, Rect, Ui};

pub(super) use self::fields::PracticeTyped;
use super::Reply;
use super::fields::{DATABASE_KEY, Fields};
use super::pages::{done_ui, page_ui};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, CONTENT_WIDTH, space};
use crate::desktop::widgets::{Button, Notice, NoticeKind, PasswordField, step_heading_ui};
use crate::domain::practice::Opens;
use crate::domain::secret::SecretText;
use crate::effects::KeyChange;
use crate::explain::{self, Tone};
use crate::flows::session::{Act, Change, Page, Practice, Session};
use crate::ports::{KeyKept, Look};
use crate::tr;

/// How what signing in opens stands, and the one thing to do about it.
pub(super) fn home_ui(ui: &mut Ui, flow: &Session, screen: &Screen<'_>) -> Option<Act> {
    let office = &screen.names.office;
    let (kind, what, then, button) = match &flow.practice {
        Practice::NotYet => return None,
        Practice::Starting => (NoticeKind::Info, tr!("practice-opening", office = office), String::new(), None),
        Practice::NoneSet if flow.is_manager() => (
            NoticeKind::Info,
            tr!("practice-none-manager"),
            tr!("practice-none-manager-then"),
            Some((tr!("practice-choose"), Icon::Settings, Act::Go(Page::Practice))),
        ),
        Practice::NoneSet => (NoticeKind::Info, tr!("practice-none-staff"), tr!("practice-none-staff-then"), None),
        Practice::Running(None) => {
            (NoticeKind::Success, tr!("practice-running", office = office), tr!("practice-running-then"), None)
        }
        Practice::Running(Some(err)) => {
            let notice = explain::login(err);
            (NoticeKind::Warning, notice.what.get(), notice.todo.get(), None)
        }
        Practice::Closed => {
            let open = (tr!("practice-open", office = office), Icon::External, Act::Open);
            (NoticeKind::Info, tr!("practice-closed", office = office), String::new(), Some(open))
        }
        Practice::Failed(failure) => {
            let notice = explain::failure(failure, screen.names);
            let kind = match notice.tone {
                Tone::Warning => NoticeKind::Warning,
                Tone::Danger => NoticeKind::Danger,
            };
            let again = (tr!("try-again"), Icon::Refresh, Act::Open);
            (kind, notice.what.get(), notice.todo.get(), Some(again))
        }
    };
    Notice::new("session.practice", kind, &what, &then).width(CONTENT_WIDTH).show(ui);
    ui.add_space(space::S);
    let pressed = button.and_then(|(text, icon, act)| {
        let pressed = ui.add(Button::secondary(&text).icon(icon)).clicked();
        ui.add_space(space::S);
        pressed.then_some(act)
    });
    ui.add_space(space::S);
    pressed
}

/// The page.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &Session,
    fields: &mut Fields,
    done: Option<&Change>,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let empty = fields.pages.practice.is_none();
    if let Some(look) = &flow.look
        && fields.pages.practice.as_ref().is_none_or(|typed| typed.is_untouched() && !typed.is_of(&look.settings))
    {
        fields.pages.practice = Some(PracticeTyped::of(&look.settings));
    }
    let arrived = empty && fields.pages.practice.is_some();
    let (title, text, save) = (tr!("practice-title"), tr!("practice-text"), tr!("settings-save"));
    let (typed, secret) = (&mut fields.pages.practice, &mut fields.database_key);
    let shown = page_ui(ui, ("session.practice", &title, &text), Some(&save), flow, screen, |ui, _| {
        if arrived {
            // Whoever comes back from a change finds its word at the top, wherever the page was left; everyone else the
            // top of the page.
            let top = if done.is_some() { ui.cursor().top() } else { ui.min_rect().top() };
            let line = Rect::from_x_y_ranges(ui.min_rect().x_range(), top..=top);
            ui.scroll_to_rect_animation(line, Some(Align::Min), ScrollAnimation::none());
        }
        done_ui(ui, done, flow);
        let (Some(typed), Some(look)) = (typed, &flow.look) else { return None };
        typed.ui(ui, look.database_key);
        ui.add_space(space::XL);
        step_heading_ui(ui, &tr!("practice-key"));
        if typed.is_untouched() {
            return key_ui(ui, look, secret);
        }
        ui.label(theme::body(tr!("practice-save-first")));
        None
    });
    if shown.lock {
        return Some(Reply::Lock);
    }
    if shown.back {
        return Some(Reply::Act(Act::Go(Page::Home)));
    }
    if let Some(change) = shown.inner {
        return Some(Reply::Act(Act::Begin(change)));
    }
    let typed = fields.pages.practice.as_ref().filter(|typed| shown.next && !typed.is_untouched())?;
    typed.edit().map(|edit| Reply::Act(Act::Begin(Change::Practice(edit))))
}

/// What there is to do with the key, for the kind of records that is saved.
fn key_ui(ui: &mut Ui, look: &Look, secret: &mut SecretText) -> Option<Change> {
    let opens = look.settings.practice.opens;
    let kept = look.database_key;
    let line = match (opens, kept) {
        (Opens::Nothing, KeyKept::No) => tr!("practice-key-nothing"),
        (Opens::Sqlcipher, KeyKept::No) => tr!("practice-key-none-sqlcipher"),
        (Opens::Text | Opens::Postgres, KeyKept::No) => tr!("practice-key-none"),
        (Opens::Nothing | Opens::Text | Opens::Sqlcipher | Opens::Postgres, KeyKept::Yes) => tr!("practice-key-kept"),
    };
    ui.add(Label::new(theme::body(line)).wrap());
    ui.add_space(space::M);
    let mut change = None;
    if matches!(opens, Opens::Text | Opens::Postgres) {
        change = given_ui(ui, opens, kept, secret);
    }
    if matches!(opens, Opens::Sqlcipher | Opens::Postgres) && kept == KeyKept::Yes {
        if ui.add(Button::secondary(&tr!("practice-key-rotate")).icon(Icon::Refresh)).clicked() {
            change = Some(Change::RotateKey(None));
        }
        ui.add_space(space::XS);
        ui.add(Label::new(theme::help(tr!("practice-key-rotate-text"))).wrap());
        ui.add_space(space::M);
    }
    let in_use = opens == Opens::Sqlcipher && !look.settings.practice.sqlcipher_file.is_empty();
    if kept == KeyKept::Yes
        && !in_use
        && ui.add(Button::secondary(&tr!("practice-key-forget")).icon(Icon::Trash)).clicked()
    {
        change = Some(Change::Key(KeyChange::Forget));
    }
    change
}

/// A key that somebody types.
fn given_ui(ui: &mut Ui, opens: Opens, kept: KeyKept, secret: &mut SecretText) -> Option<Change> {
    let label = match (opens, kept) {
        (Opens::Postgres, _) => tr!("practice-key-admin"),
        (_, KeyKept::Yes) => tr!("practice-key-new-text"),
        (_, KeyKept::No) => tr!("practice-key-text"),
    };
    PasswordField::new(DATABASE_KEY, &label, secret, &tr!("show"), &tr!("hide")).show(ui);
    if opens == Opens::Text && kept == KeyKept::Yes {
        ui.add_space(space::XS);
        ui.add(Label::new(theme::help(tr!("practice-key-rotate-stored"))).wrap());
    }
    ui.add_space(space::S);
    let pressed = ui.add(Button::secondary(&tr!("practice-key-keep")).icon(Icon::Key)).clicked();
    ui.add_space(space::M);
    if !pressed || secret.is_empty() {
        return None;
    }
    let given = Arc::new(secret.take());
    Some(match (opens, kept) {
        (Opens::Text, KeyKept::Yes) => Change::RotateKey(Some(given)),
        (Opens::Nothing | Opens::Text | Opens::Sqlcipher | Opens::Postgres, KeyKept::No | KeyKept::Yes) => {
            Change::Key(KeyChange::Keep(given))
        }
    })
}
