//! For managers: the backups there are, making one, and bringing one back.
//!
//! ```text
//! Backups ──▶ Plan(file) ──▶ FreshCode(Restore(file)) ──▶ Backups, with what has changed
//!    │ ▲
//!    └─┘ make one now
//! ```

use std::path::PathBuf;

use super::{Change, Page, Session, Step};
use crate::domain::restore::Plan;
use crate::effects::Failure;
use crate::flows::{Mishap, Order, Request, Tickets};
use crate::ports::BackupFile;

/// The page of backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupsView {
    /// Newest first.
    pub files: Vec<BackupFile>,
    /// What was done just now.
    pub done: Option<BackupDone>,
    /// What went wrong.
    pub mishap: Option<Mishap>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupDone {
    /// One was made.
    Made,
    /// One was brought back: what has changed.
    Restored(Plan),
}

impl Session {
    /// To the page, with a fresh list.
    pub(super) fn show_backups(&mut self, done: Option<BackupDone>, tickets: &mut Tickets) -> Vec<Order> {
        // What is there stays until the new list has come.
        let files = if let Step::Backups(view) = &mut self.step { std::mem::take(&mut view.files) } else { Vec::new() };
        self.step = Step::Backups(BackupsView { files, done, mishap: None });
        self.waiting.order(tickets, Request::Backups)
    }

    pub(super) fn make_backup(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        if let Step::Backups(view) = &mut self.step {
            (view.done, view.mishap) = (None, None);
        }
        self.waiting.order(tickets, Request::BackupNow)
    }

    pub(super) fn plan_restore(&mut self, file: PathBuf, tickets: &mut Tickets) -> Vec<Order> {
        if let Step::Backups(view) = &mut self.step {
            (view.done, view.mishap) = (None, None);
        }
        self.planned = file.clone();
        self.waiting.order(tickets, Request::RestorePlan(file))
    }

    pub(super) fn planned(&mut self, plan: Plan) {
        self.step = Step::Plan(self.planned.clone(), plan);
    }

    pub(super) fn restored(&mut self, plan: Plan, tickets: &mut Tickets) -> Vec<Order> {
        // Everyone's spare codes are void, one's own too.
        self.signed_in.recovery_left = 0;
        let mut orders = self.show_backups(Some(BackupDone::Restored(plan)), tickets);
        orders.extend(self.look_again(Page::People, tickets));
        orders
    }

    /// The day's backup, once somebody is in. Nobody waits for it.
    pub(super) fn order_daily(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        self.daily.order(tickets, Request::DailyBackup)
    }

    /// After a new clinic recovery key or database key: the backups there are open with the old one, which is destroyed
    /// now, or hold the old one, which opens nothing any more.
    pub(super) fn order_with_new_key(&mut self, tickets: &mut Tickets) -> Vec<Order> {
        self.daily.order(tickets, Request::BackupNow)
    }

    /// It came to nothing: managers are told, once.
    pub(super) fn daily_failed(&mut self, failure: Failure) {
        if self.is_manager() {
            self.no_backup = Some(failure);
        }
    }
}

impl Change {
    /// The backup that a change brings back.
    #[must_use]
    pub fn restores(&self) -> Option<&PathBuf> {
        if let Change::Restore(file) = self { Some(file) } else { None }
    }
}
