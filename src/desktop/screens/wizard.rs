//! The seven steps: a page for each step of an [`Enrolment`], in a file for each group of pages.
//!
//! A page is a function that draws and returns an act. Where the person is, is the flow's to know; what is kept here is
//! what is being typed, and which page was drawn last, so that the focus can go to a new page's first field.

mod activate;
mod app_steps;
pub(super) mod arrival;
mod closing;
mod names;
mod password;
mod phone_steps;
mod resume;
mod square;
mod start;
mod store;
mod surroundings;
mod texts;

#[cfg(test)]
mod tests;

pub(super) use password::new_password_ui;

use std::time::Duration;

use eframe::egui::{Context, Ui};

use super::gateway::{self, GatewayTyped};
use super::lock::forget_typing;
use super::sheets;
use crate::desktop::screen::Screen;
use crate::desktop::widgets::{CodeField, PasswordField, TextField};
use crate::domain::password::Weak;
use crate::domain::secret::SecretText;
use crate::flows::enrolment::{Act, Enrolment, Step};

/// What is being typed.
#[derive(Default)]
pub struct Fields {
    clinic: String,
    person: String,
    support: String,
    /// The code on a slip from the manager.
    slip: SecretText,
    password: SecretText,
    /// What the rules say of the password as it stands; judging it takes too long for every frame.
    judged: Option<Result<(), Weak>>,
    origin: Origin,
    code: SecretText,
    code_state: CodeState,
    /// Something was sent, and its answer has not been looked at yet.
    sent: bool,
    /// When the last answer came, on the clock that waits run on.
    answered: Option<Duration>,
    /// The service that sends texts.
    gateway: GatewayTyped,
    /// A mobile number.
    number: String,
    /// A new notice is scrolled to once.
    reveal: bool,
    store: store::AppSquare,
    sheets: sheets::Fields,
    page: Option<PageId>,
}

/// Where the password in the field comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Origin {
    /// It was typed.
    #[default]
    Typed,
    /// It is the suggested one.
    Suggested,
}

/// How the code came into its field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum CodeState {
    /// It is being typed there.
    #[default]
    Typed,
    /// It was begun on a page before: once complete it is sent as soon as its own page is there.
    Carried,
    /// More than a code was pasted, and nothing of it was kept.
    TooLong,
}

/// Names a page for scroll positions and for noticing that it is a new one.
type PageId = &'static str;

impl Fields {
    /// Whether nothing secret stands in them.
    #[cfg(test)]
    pub fn are_empty(&self) -> bool {
        self.code.is_empty() && self.password.is_empty() && self.slip.is_empty()
    }

    /// Wipes everything.
    pub fn wipe(&mut self, ctx: &Context) {
        self.leave(ctx);
        self.sheets.wipe(ctx);
        *self = Self::default();
    }

    /// Wipes what the page being left has no more use for. Names stay: Back shows them again.
    fn leave(&mut self, ctx: &Context) {
        self.slip.wipe();
        self.password.wipe();
        // It is stored by the time its page is left, and was for nothing else.
        self.gateway.secret.wipe();
        self.judged = None;
        self.origin = Origin::Typed;
        if self.code_state != CodeState::Carried {
            self.code_state = CodeState::Typed;
            self.code.wipe();
        }
        PasswordField::mask(ctx, password::NEW);
        PasswordField::mask(ctx, gateway::SECRET);
        forget_typing(ctx, TextField::id(texts::NUMBER));
        forget_typing(ctx, TextField::id(texts::TRY));
        PasswordField::mask(ctx, resume::FIELD);
        self.sent = false;
        self.answered = None;
    }

    /// The new password as it stands in its field.
    pub(super) fn new_password(&self) -> SecretText {
        self.password.duplicate()
    }

    /// A suggestion has come: it goes into the field, to be read.
    pub fn take_suggestion(&mut self, ctx: &Context, words: SecretText) {
        self.password = words;
        self.judged = None;
        self.origin = Origin::Suggested;
        self.sent = false;
        PasswordField::unmask(ctx, password::NEW);
    }

    /// Notices that the answer to what was sent has come.
    fn notice_answer(&mut self, ctx: &Context, flow: &Enrolment, screen: &Screen<'_>) {
        if self.sent && !flow.is_busy() {
            self.sent = false;
            self.answered = Some(screen.now.boot.since_start);
            if texts::was_judged(flow) || phone_steps::was_judged(flow) {
                self.code.wipe();
            }
            if resume::was_refused(flow) {
                self.password.wipe();
            }
            if let Step::Activate(Some(mishap)) = &flow.step
                && activate::is_about_slip(mishap)
            {
                arrival::focus(ctx, Some(TextField::id(activate::SLIP)));
            }
        }
    }
}

/// The field of a new password, for asking for the focus.
pub(super) fn new_password_field() -> eframe::egui::Id {
    PasswordField::id(password::NEW)
}

/// Draws the page; what the person asked for.
pub fn ui(ui: &mut Ui, flow: &Enrolment, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Act> {
    fields.notice_answer(ui.ctx(), flow, screen);
    let page = page_id(&flow.step);
    let arrived = fields.page != Some(page);
    if arrived {
        fields.leave(ui.ctx());
        screen.services.new_page();
        fields.page = Some(page);
        arrival::focus(ui.ctx(), first_field(&flow.step));
    }
    let focus = if arrived && first_field(&flow.step).is_none() { Focus::Primary } else { Focus::Stays };
    let act = page_ui(ui, flow, fields, screen, focus);
    if matches!(act, Some(Act::GiveCode(_) | Act::GivePassword(_) | Act::Activate { .. } | Act::Suggest)) {
        fields.sent = true;
    }
    act
}

/// Where the focus is in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    /// The page is new and has no field: the primary button gets it.
    Primary,
    /// Where it is.
    Stays,
}

fn page_ui(ui: &mut Ui, flow: &Enrolment, fields: &mut Fields, screen: &mut Screen<'_>, focus: Focus) -> Option<Act> {
    match &flow.step {
        Step::Why => start::why_ui(ui, flow, screen, focus),
        Step::Who => start::who_ui(ui, flow, screen),
        Step::AskManager => start::ask_manager_ui(ui, flow, screen, focus),
        Step::Names(mishap) => names::names_ui(ui, flow, *mishap, fields, screen),
        Step::Password(names, mishap) => password::password_ui(ui, flow, names, mishap.as_ref(), fields, screen),
        Step::Activate(mishap) => activate::activate_ui(ui, flow, mishap.as_ref(), fields, screen),
        Step::Resume(mishap) => resume::resume_ui(ui, flow, mishap.as_ref(), fields, screen),
        Step::StartOver(mishap) => resume::start_over_ui(ui, flow, mishap.as_ref(), screen, focus),
        Step::OpenApp => app_steps::open_app_ui(ui, flow, screen, focus),
        Step::GetApp(handset) => store::get_app_ui(ui, flow, *handset, fields, screen, focus),
        Step::GetStarted { used_before } => app_steps::get_started_ui(ui, flow, *used_before, screen, focus),
        Step::TapScan => app_steps::tap_scan_ui(ui, flow, screen, focus),
        Step::Square { wont_scan } => square::square_ui(ui, flow, *wont_scan, fields, screen, focus),
        Step::CodeShown => phone_steps::code_shown_ui(ui, flow, fields, screen, focus),
        Step::TypeCode(mishap) => phone_steps::type_code_ui(ui, flow, mishap.as_ref(), fields, screen),
        Step::Texts(step) => texts::ui(ui, flow, step, fields, screen, focus),
        Step::Congratulations(mishap) => closing::congratulations_ui(ui, flow, mishap.as_ref(), screen, focus),
        Step::Sheets(pages) => {
            sheets::ui(ui, pages, &mut fields.sheets, flow.is_busy(), screen).map(|reply| match reply {
                sheets::Reply::OnPaper => Act::Next,
                sheets::Reply::ShowAgain => Act::ShowAgain,
                sheets::Reply::Proof(typed) => Act::GiveProof(typed),
                sheets::Reply::GiveUp => Act::Back,
                sheets::Reply::Later => Act::PrintLater,
            })
        }
        Step::Finished => closing::finished_ui(ui, flow, screen, focus),
    }
}

/// The page of a step. "It won't scan" is the same page: the focus stays on its button.
fn page_id(step: &Step) -> PageId {
    match step {
        Step::Why => "why",
        Step::Who => "who",
        Step::AskManager => "ask-manager",
        Step::Names(_) => "names",
        Step::Password(..) => "password",
        Step::Activate(_) => "activate",
        Step::Resume(_) => "resume",
        Step::StartOver(_) => "start-over",
        Step::OpenApp => "open-app",
        Step::GetApp(_) => "get-app",
        Step::GetStarted { .. } => "get-started",
        Step::TapScan => "tap-scan",
        Step::Square { .. } => "square",
        Step::CodeShown => "code-shown",
        Step::TypeCode(_) => "type-code",
        Step::Texts(step) => texts::page_id(step),
        Step::Congratulations(_) => "congratulations",
        Step::Sheets(_) => "sheets",
        Step::Finished => "finished",
    }
}

/// The field that a new page gives the focus to.
fn first_field(step: &Step) -> Option<eframe::egui::Id> {
    match step {
        Step::Names(_) => Some(TextField::id(names::CLINIC)),
        Step::Password(..) => Some(PasswordField::id(password::NEW)),
        Step::Activate(_) => Some(TextField::id(activate::SLIP)),
        Step::Resume(_) => Some(PasswordField::id(resume::FIELD)),
        Step::TypeCode(_) => Some(CodeField::id(phone_steps::CODE)),
        Step::Texts(step) => texts::first_field(step),
        // Pages without a field, and the sheets, which look after their own focus.
        Step::Why
        | Step::Who
        | Step::AskManager
        | Step::StartOver(_)
        | Step::OpenApp
        | Step::GetApp(_)
        | Step::GetStarted { .. }
        | Step::TapScan
        | Step::Square { .. }
        | Step::CodeShown
        | Step::Congratulations(_)
        | Step::Sheets(_)
        | Step::Finished => None,
    }
}
