//! Paper and clipboard for the screens, on threads of their own: a frame never waits for a disk or a printer.
//!
//! Nothing starts before its first wish, so that a start pays for neither.

mod paper;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use eframe::egui::Context;
use zeroize::Zeroizing;

use crate::adapters::clipboard::{Clipboard, ClipboardEvent};
use crate::config::Remembered;
use crate::domain::secret::SecretText;

pub use paper::{Job, Paper, PaperNote};

/// How long a copied key or sheet stays in the clipboard.
pub const COPIED_FOR: Duration = Duration::from_secs(30);

/// What screens may ask of the outside that no flow needs to know about.
#[derive(Default)]
pub struct Services {
    ctx: Context,
    paper: paper::Desk,
    clipboard: Option<(Clipboard, Receiver<ClipboardEvent>)>,
    copied: Option<ClipboardEvent>,
}

impl Services {
    /// Services that wake `ctx` when something has happened.
    #[must_use]
    pub fn new(ctx: &Context) -> Self {
        Self { ctx: ctx.clone(), ..Self::default() }
    }

    /// Takes in what has happened since the last frame. Never waits.
    pub fn drain(&mut self) {
        self.paper.drain();
        if let Some((_, events)) = &self.clipboard
            && let Some(event) = events.try_iter().last()
        {
            self.copied = Some(event);
        }
    }

    /// Whether nothing is under way on the paper thread.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.paper.state.busy.is_none()
    }

    /// How it stands with the paper.
    #[must_use]
    pub fn paper(&self) -> &Paper {
        &self.paper.state
    }

    /// What became of the last copying, until [`Services::new_page`].
    #[must_use]
    pub fn copied(&self) -> Option<ClipboardEvent> {
        self.copied
    }

    /// Another page: what was said about the last one's paper and clipboard is not said on this one.
    pub fn new_page(&mut self) {
        self.paper.state = Paper { busy: self.paper.state.busy, ..Paper::default() };
        self.copied = None;
    }

    /// Copies a secret: kept out of clipboard histories, and taken away again after [`COPIED_FOR`].
    pub fn copy(&mut self, text: SecretText) {
        self.paper.state.note = None;
        if self.clipboard.is_none() {
            let ctx = self.ctx.clone();
            let (told, events) = sync_channel(16);
            let clipboard = Clipboard::start(move |event| {
                // Full only when no frame is drawn any more; then nobody reads what is said either.
                told.try_send(event).ok();
                ctx.request_repaint();
            });
            self.clipboard = clipboard.ok().map(|clipboard| (clipboard, events));
        }
        let sent = self.clipboard.as_ref().is_some_and(|(clipboard, _)| clipboard.copy(text, COPIED_FOR));
        self.copied = (!sent).then_some(ClipboardEvent::Refused);
    }

    fn wish(&mut self, job: Job, wish: paper::Wish) {
        self.copied = None;
        self.paper.wish(&self.ctx, job, wish);
    }

    /// Asks for a proposal where to save a sheet of that name; it comes as [`Paper::proposed`].
    pub fn propose_file(&mut self, name: String) {
        self.wish(Job::Propose, paper::Wish::Propose(name));
    }

    /// The proposal, once: what the person makes of it is the field's.
    pub fn take_proposed(&mut self) -> Option<PathBuf> {
        self.paper.state.proposed.take()
    }

    /// Saves a sheet.
    pub fn save(&mut self, path: PathBuf, pdf: Zeroizing<Vec<u8>>) {
        self.wish(Job::Save, paper::Wish::Save(path, pdf));
    }

    /// Prints a sheet.
    pub fn print(&mut self, pdf: Zeroizing<Vec<u8>>) {
        let saved = self.paper.state.saved.clone();
        self.wish(Job::Print, paper::Wish::Print(pdf, saved));
    }

    /// Deletes the sheet that was saved.
    pub fn delete_saved(&mut self) {
        if let Some(path) = self.paper.state.saved.clone() {
            self.wish(Job::Delete, paper::Wish::Delete(path));
        }
    }

    /// Writes down what the window remembers. Nobody is told how it went: nothing depends on it.
    pub fn remember(&mut self, data_dir: PathBuf, remembered: Remembered) {
        self.paper.remember(&self.ctx, data_dir, remembered);
    }
}
