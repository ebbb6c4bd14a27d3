//! The clinic's choices while somebody is signed in: what another desk or the command line changes holds here at the next
//! look.
//!
//! A look costs one read of the file. What it shows is not proved, and so only the reason to read the verified row: words
//! that somebody wrote into the file change nothing here.

use std::time::Duration;

use super::practice::{News, Work};
use super::{Desk, Failure};
use crate::domain::edit::Edit;
use crate::domain::practice::{AtLock, Practice};
use crate::domain::state::Settings;
use crate::ports::{Now, StoreError};

/// How often the file is looked at.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What a session goes by.
pub(super) struct Choices {
    known: Settings,
    /// The file's then: it grows with every change.
    epoch: u64,
    /// When the next look is due, on the boot clock.
    due: Duration,
}

impl Choices {
    pub(super) fn new(known: Settings, epoch: u64, now: &Now) -> Self {
        Self { known, epoch, due: now.boot.since_start + LOOK_EVERY }
    }
}

impl Desk {
    /// They were changed here: the next tick looks, and how long this session may last holds at once.
    pub(super) fn choices_changed(&mut self, edit: &Edit) {
        let Some(open) = &mut self.open else { return };
        let Some(choices) = &mut open.choices else { return };
        choices.due = Duration::ZERO;
        if let Some(full) = &mut open.full {
            full.longest = edit.of(&choices.known).full_sign_in();
        }
    }

    /// Looks, when it is time, and takes over what was changed.
    pub(super) fn look_at_choices(&mut self, now: &Now) -> Option<News> {
        let open = self.open.as_mut()?;
        let choices = open.choices.as_mut()?;
        let at = now.boot.since_start;
        if choices.due > at {
            return None;
        }
        choices.due = at + LOOK_EVERY;
        let (known, person) = (choices.known.clone(), open.person.clone());
        // What cannot be read now is read at a later look; until then it stays as it was.
        let epoch = self.store.look(now).ok()??.epoch;
        if epoch == choices.epoch {
            return None;
        }
        let guarded = match self.guard_open() {
            Err(Failure::Store(StoreError::SessionOver)) => return Some(News::SessionOver),
            other => other.ok()?,
        };
        let settings = self.store.person(&guarded.keys, &person).ok()?.0.settings();
        drop(guarded);
        if let Some(work) = &mut self.work {
            work.follow(&settings.practice);
        }
        let open = self.open.as_mut()?;
        if let Some(full) = &mut open.full {
            full.longest = settings.full_sign_in();
        }
        let choices = open.choices.as_mut()?;
        choices.known.clone_from(&settings);
        choices.epoch = epoch;
        (settings != known).then(|| News::Choices(Box::new(settings)))
    }
}

impl Work {
    /// What was started goes on as it was started; how it ends is as the clinic wants it now.
    fn follow(&mut self, practice: &Practice) {
        self.at_end = practice.at_end;
        // A program that lives on a login is closed with it, whatever the next sign-in will open.
        if self.login.is_none() || practice.closing() != AtLock::Keep {
            self.at_lock = practice.closing();
        }
    }
}
