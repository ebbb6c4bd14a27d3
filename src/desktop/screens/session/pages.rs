//! What the pages behind the home page share: who is signed in at the top, the way back, and what is being typed.

use eframe::egui::{Align, Label, Layout, Rect, Response, Sense, Ui, UiBuilder, vec2};

use super::practice::PracticeTyped;
use super::words;
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::screens::gateway::GatewayTyped;
use crate::desktop::screens::lock::frame::support_text;
use crate::desktop::screens::lock::shown_name;
use crate::desktop::theme::{self, CONTENT_WIDTH, space};
use crate::desktop::widgets::{Button, ButtonState, Column, Notice, NoticeKind, StepFrame, left_edge, title_ui};
use crate::domain::names::BadName;
use crate::domain::presence::{AfterLock, LockScreen};
use crate::domain::sms::Unfit;
use crate::domain::state::{Role, Settings};
use crate::flows::session::{Change, Session, Step};
use crate::ports::Now;
use crate::tr;

/// The height of the line that says who is signed in, where a page does not say it by itself.
const WHO_LINE: f32 = 30.0;
/// The height of the line that says who helps, in a low window.
const LOW_FOOT: f32 = 34.0;

/// Which part of a page is on the screen. It is nobody's but the screen's: leaving the page forgets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    /// The page itself.
    #[default]
    List,
    /// Somebody new is named.
    Add,
    /// One person, by id.
    Person(String),
    /// Really set this person up again?
    Reset(String),
    /// Really remove this person?
    Remove(String),
    /// One more phone is named.
    LinkPhone,
    /// Really unlink this phone?
    Unlink(String),
}

/// From when on the log is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Since {
    #[default]
    Ever,
    Today,
    Days7,
    Days30,
}

impl Since {
    pub(super) const ALL: [Since; 4] = [Since::Ever, Since::Today, Since::Days7, Since::Days30];

    /// The first second of it, UTC; days begin at midnight here.
    pub(super) fn unix(self, now: &Now) -> Option<i64> {
        const DAY: i64 = 24 * 3600;
        let days = match self {
            Since::Ever => return None,
            Since::Today => 1,
            Since::Days7 => 7,
            Since::Days30 => 30,
        };
        Some(now.day_ends_unix.saturating_sub(days * DAY))
    }

    pub(super) fn words(self) -> String {
        match self {
            Since::Ever => tr!("log-since-ever"),
            Since::Today => tr!("log-since-today"),
            Since::Days7 => tr!("log-since-week"),
            Since::Days30 => tr!("log-since-month"),
        }
    }
}

/// What is typed and chosen on these pages. None of it is secret.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) view: View,
    pub(super) search: String,
    pub(super) name: String,
    pub(super) role: Option<Role>,
    pub(super) label: String,
    pub(super) bad_label: Option<BadName>,
    pub(super) settings: Option<SettingsTyped>,
    /// The service that sends texts.
    pub(super) gateway: Option<GatewayTyped>,
    /// Why what was typed cannot work.
    pub(super) unfit: Option<Unfit>,
    /// A new notice is scrolled to once.
    pub(super) reveal: bool,
    /// Where a test text goes.
    pub(super) try_number: String,
    pub(super) practice: Option<PracticeTyped>,
    /// First entries of newer pages of the log, for going back to them.
    pub(super) newer: Vec<Option<i64>>,
    pub(super) since: Since,
    pub(super) export: Option<String>,
    /// The path of a backup from elsewhere.
    pub(super) backup: String,
}

/// The settings as they are typed, and those that they were filled from.
pub(super) struct SettingsTyped {
    pub(super) from: Settings,
    pub(super) program: String,
    pub(super) support: String,
    pub(super) wrong_codes: String,
    pub(super) shortest: String,
    pub(super) time_server: String,
    pub(super) lock_after: String,
    pub(super) full_sign_in: String,
    pub(super) after_lock: AfterLock,
    pub(super) lock_screen: LockScreen,
}

/// What a person did with a page.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that was pressed in this frame, or not")]
pub(super) struct Shown<R> {
    pub(super) inner: R,
    pub(super) back: bool,
    pub(super) next: bool,
    pub(super) lock: bool,
}

/// A page: who is signed in, its title, what is on it, the way back.
pub(super) fn page_ui<R>(
    ui: &mut Ui,
    (id, title, text): (&'static str, &str, &str),
    next: Option<&str>,
    flow: &Session,
    screen: &mut Screen<'_>,
    content: impl FnOnce(&mut Ui, &mut Screen<'_>) -> R,
) -> Shown<R> {
    let (support, back) = (support_text(screen), tr!("go-back"));
    let mut frame = StepFrame::new(id).support(&support).back(&back);
    if let Some(next) = next {
        frame = frame.next(next, ButtonState::Ready);
    }
    let shown = frame.show(ui, |ui| {
        let lock = who_ui(ui, flow);
        ui.add_space(space::L);
        title_ui(ui, title, text);
        (content(ui, screen), lock)
    });
    let (inner, lock) = shown.inner;
    Shown { inner, back: shown.back, next: shown.next, lock }
}

/// Who is signed in, and the way to lock. True when it was pressed.
fn who_ui(ui: &mut Ui, flow: &Session) -> bool {
    let name = shown_name(ui, &flow.signed_in.name, &flow.signed_in.person).to_owned();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let pressed = ui.add(Button::secondary(&tr!("in-lock")).icon(Icon::Lock)).clicked();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(theme::help(tr!("people-signed-in", name = name))).truncate());
            });
            pressed
        })
        .inner
    })
    .inner
}

/// Who is signed in, on a line above pages that are not built from [`page_ui`].
pub(super) fn who_line_ui(ui: &mut Ui, flow: &Session) {
    let name = shown_name(ui, &flow.signed_in.name, &flow.signed_in.person).to_owned();
    let t = theme::tokens(ui.ctx());
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), WHO_LINE), Sense::hover());
    ui.painter().rect_filled(line, 0.0, t.selection);
    // At the left edge of what is on the page; pages with a drawing are wider.
    let column = match flow.step {
        Step::Phone(_) | Step::Codes(_) | Step::ClinicKey(_) => Column::Whole,
        Step::At(..)
        | Step::BadName(_)
        | Step::Log(_)
        | Step::Backups(_)
        | Step::Plan(..)
        | Step::FreshCode(..)
        | Step::Preparing(_)
        | Step::NewPassword(_)
        | Step::Slip(..)
        | Step::Removed(_) => Column::Words,
    };
    let words = line.with_min_x(left_edge(line, column)).with_max_x(line.right() - space::L);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(words).layout(Layout::left_to_right(Align::Center)));
    inner.spacing_mut().interact_size.y = 0.0;
    inner.add(Label::new(theme::help(tr!("people-signed-in", name = name))).truncate());
}

/// The same at the right of the line that says who helps, which gives way.
pub(super) fn who_foot_ui(ui: &mut Ui, page: Rect, flow: &Session) {
    let name = shown_name(ui, &flow.signed_in.name, &flow.signed_in.person).to_owned();
    let words = theme::help(tr!("people-signed-in", name = name));
    let line = page.with_min_y(page.bottom() - LOW_FOOT).shrink2(vec2(space::L, 0.0));
    let half = line.with_min_x(line.center().x);
    ui.painter().rect_filled(half, 0.0, theme::tokens(ui.ctx()).bg);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(half).layout(Layout::right_to_left(Align::Center)));
    inner.spacing_mut().interact_size.y = 0.0;
    inner.add(Label::new(words).truncate());
}

/// The change that was just made. What comes back is its notice, for a long page to scroll to.
pub(super) fn done_ui(ui: &mut Ui, done: Option<&Change>, flow: &Session) -> Option<Response> {
    let (what, then) = words::done_texts(ui, done?, flow);
    let notice = Notice::new("session.done", NoticeKind::Success, &what, &then).width(CONTENT_WIDTH).show(ui);
    ui.add_space(space::L);
    Some(notice)
}
