//! What is being typed while somebody is signed in.

use std::time::Duration;

use eframe::egui::{Context, Id};

use super::pages::Pages;
use crate::desktop::screens::lock::{forget_typing, refusal};
use crate::desktop::screens::{sheets, wizard};
use crate::desktop::widgets::{CodeField, PasswordField, TextField};
use crate::domain::password::Weak;
use crate::domain::secret::SecretText;
use crate::domain::verify::{Consequence, Verdict};
use crate::flows::session::{Asks, Change, Session, Step};
use crate::flows::{self, Mishap};
use crate::ports::Now;

pub(super) const CODE: &str = "session.code";
pub(super) const PASSWORD: &str = "session.password";
pub(super) const SPARE: &str = "session.spare";
pub(super) const DATABASE_KEY: &str = "session.database-key";

/// The pages as the fields tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    At(flows::session::Page),
    Log,
    Backups,
    Plan,
    FreshCode,
    Preparing,
    NewPassword,
    Codes,
    Slip,
    Removed,
    Phone,
}

/// Whether something was given whose answer moves the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Nothing,
    Given,
}

/// What is being typed.
#[derive(Default)]
pub struct Fields {
    pub(super) code: SecretText,
    pub(super) password: SecretText,
    /// A database key to keep.
    pub(super) database_key: SecretText,
    /// The new password judged, once something was typed; measuring takes too long for every frame.
    pub(super) judged: Option<Result<(), Weak>>,
    /// The new phone's steps.
    pub(super) wizard: wizard::Fields,
    /// The new spare codes.
    pub(super) sheets: sheets::Fields,
    /// Phones, people, settings, the log.
    pub(super) pages: Pages,
    page: Option<Page>,
    focus: Option<Id>,
    asked: Asked,
    /// When a wait that was told ends, on the boot clock.
    until: Option<Duration>,
    /// A new notice is scrolled to once.
    pub(super) reveal: bool,
}

impl Fields {
    /// Wipes what was typed, and egui's memory of it.
    pub fn wipe(&mut self, ctx: &Context) {
        self.wipe_own(ctx);
        self.wizard.wipe(ctx);
        self.sheets.wipe(ctx);
        *self = Self::default();
    }

    fn wipe_own(&mut self, ctx: &Context) {
        self.code.wipe();
        self.password.wipe();
        self.database_key.wipe();
        self.judged = None;
        self.until = None;
        forget_typing(ctx, CodeField::id(CODE));
        forget_typing(ctx, TextField::id(SPARE));
        forget_typing(ctx, PasswordField::id(PASSWORD));
        PasswordField::mask(ctx, PASSWORD);
        forget_typing(ctx, PasswordField::id(DATABASE_KEY));
        PasswordField::mask(ctx, DATABASE_KEY);
    }

    /// Called first in every frame: a new page begins empty, and an answer moves the focus. True on a new page.
    pub(super) fn follow(&mut self, ctx: &Context, flow: &Session, now: &Now) -> bool {
        let (page, focus, mishap) = match &flow.step {
            Step::At(page, _) => (Page::At(*page), None, None),
            Step::BadName(_) => (Page::At(flows::session::Page::People), None, None),
            Step::Log(_) => (Page::Log, None, None),
            Step::Backups(_) => (Page::Backups, None, None),
            Step::Plan(..) => (Page::Plan, None, None),
            Step::FreshCode(change, mishap) => {
                (Page::FreshCode, Some(self.fresh_field(flow, change, mishap.as_ref())), mishap.as_ref())
            }
            Step::Preparing(_) => (Page::Preparing, None, None),
            Step::NewPassword(mishap) => (Page::NewPassword, Some(PasswordField::id(PASSWORD)), mishap.as_ref()),
            Step::Slip(..) => (Page::Slip, None, None),
            Step::Removed(_) => (Page::Removed, None, None),
            Step::Codes(_) | Step::ClinicKey(_) => (Page::Codes, None, None),
            Step::Phone(_) => (Page::Phone, None, None),
        };
        let arrived = self.page != Some(page);
        if arrived {
            self.wipe_own(ctx);
            // A fresh code stands between what is typed about texts and what comes of it: it is there again afterwards.
            let about_texts = match page {
                Page::At(flows::session::Page::Texts) | Page::FreshCode | Page::Preparing => {
                    (self.pages.gateway.take(), std::mem::take(&mut self.pages.try_number))
                }
                Page::At(_)
                | Page::Log
                | Page::Backups
                | Page::Plan
                | Page::NewPassword
                | Page::Codes
                | Page::Slip
                | Page::Removed
                | Page::Phone => (None, String::new()),
            };
            let (gateway, try_number) = about_texts;
            self.pages = Pages { gateway, try_number, reveal: true, ..Pages::default() };
            self.sheets.wipe(ctx);
            // Each linking is a conversation of its own: the number of the last one is nobody's business.
            self.wizard.wipe(ctx);
            self.page = Some(page);
            self.focus = focus;
            self.asked = Asked::Nothing;
        }
        if self.asked == Asked::Given && !flow.is_busy() {
            self.asked = Asked::Nothing;
            self.focus = focus;
            self.reveal = mishap.is_some();
            if mishap.is_some() {
                // The desk knows the clinic's own rules: its word stands until something else is typed.
                self.judged = None;
            }
            if let Some(Mishap::Refused(verdict)) = mishap {
                self.refused(verdict);
            }
            self.until = mishap.and_then(refusal::wait_told).map(|wait| now.boot.since_start + wait);
        }
        arrived
    }

    /// Where the focus belongs before a change.
    fn fresh_field(&self, flow: &Session, change: &Change, mishap: Option<&Mishap>) -> Id {
        let about_password =
            matches!(mishap, Some(Mishap::NoPassword | Mishap::Refused(Verdict::WrongPassword { .. })));
        match change.asks() {
            Asks::PasswordAndCode if about_password || self.password.is_empty() => PasswordField::id(PASSWORD),
            Asks::Code | Asks::PasswordAndCode if flow.signed_in.by.is_digits() => CodeField::id(CODE),
            Asks::Code | Asks::PasswordAndCode => TextField::id(SPARE),
        }
    }

    /// What was refused is typed again; what was not looked at stays.
    fn refused(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::WrongPassword { wait: None } => self.password.wipe(),
            // A wait is too long for a password to stand in a field, and the phone shows another code after it.
            Verdict::WrongPassword { wait: Some(_) }
            | Verdict::WrongCode { then: Consequence::Locked(_) | Consequence::Manager, .. }
            | Verdict::WrongText { then: Consequence::Locked(_) | Consequence::Manager, .. }
            | Verdict::WrongRecovery { wait: Some(_), .. }
            | Verdict::Wait { .. }
            | Verdict::Manager => {
                self.password.wipe();
                self.code.wipe();
            }
            Verdict::WrongCode { then: Consequence::None, .. }
            | Verdict::WrongText { then: Consequence::None, .. }
            | Verdict::WrongRecovery { wait: None, .. }
            | Verdict::Used { .. }
            | Verdict::TextUsed { .. }
            | Verdict::TextOver { .. }
            | Verdict::RecoveryUsed { .. }
            | Verdict::Accepted { .. } => self.code.wipe(),
        }
    }

    /// What is left of a wait.
    pub(super) fn wait_left(&self, now: &Now) -> Option<Duration> {
        self.until?.checked_sub(now.boot.since_start).filter(|left| !left.is_zero())
    }

    /// Gives the focus to the field it belongs to. Not called while fields are off.
    pub(super) fn give_focus(&mut self, ctx: &Context) {
        if let Some(id) = self.focus.take() {
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Something is given; the text stays until the answer is there.
    pub(super) fn given(&mut self) {
        self.asked = Asked::Given;
    }
}
