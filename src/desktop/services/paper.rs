//! The thread that saves, prints and deletes sheets.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use eframe::egui::Context;
use zeroize::Zeroizing;

use crate::adapters::paper::{self, PaperError};
use crate::config::Remembered;

/// Wishes that may wait; a page sends one at a time.
const QUEUE: usize = 4;

/// What is being done with a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// A place to save it is being looked for.
    Propose,
    /// It is being saved.
    Save,
    /// It is on its way to the printer.
    Print,
    /// The saved file is being deleted.
    Delete,
}

/// What became of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperNote {
    /// Saved; where, stands in [`Paper::saved`].
    Saved,
    /// At the printer.
    Printed,
    /// The saved file is deleted.
    Deleted,
    /// It did not work.
    Trouble(Job, PaperError),
}

/// How it stands with the sheet of this page.
#[derive(Debug, Default)]
pub struct Paper {
    /// Under way.
    pub busy: Option<Job>,
    /// Where a file could be saved.
    pub proposed: Option<PathBuf>,
    /// A file that was saved here and not deleted.
    pub saved: Option<PathBuf>,
    /// What became of the last job.
    pub note: Option<PaperNote>,
}

/// What the thread is asked.
pub(super) enum Wish {
    Propose(String),
    Save(PathBuf, Zeroizing<Vec<u8>>),
    Print(Zeroizing<Vec<u8>>, Option<PathBuf>),
    Delete(PathBuf),
    Remember(PathBuf, Remembered),
}

/// What it answers.
enum Done {
    Proposed(Option<PathBuf>),
    Saved(PathBuf),
    Printed,
    Deleted,
    Trouble(Job, PaperError),
}

/// The window's end of the thread.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) state: Paper,
    thread: Option<(SyncSender<Wish>, Receiver<Done>)>,
}

impl Desk {
    pub(super) fn wish(&mut self, ctx: &Context, job: Job, wish: Wish) {
        if self.state.busy.is_some() {
            return;
        }
        self.state.note = None;
        if self.send(ctx, wish) {
            self.state.busy = Some(job);
        } else {
            self.state.note = Some(PaperNote::Trouble(job, PaperError::Refused));
        }
    }

    pub(super) fn remember(&mut self, ctx: &Context, data_dir: PathBuf, remembered: Remembered) {
        self.send(ctx, Wish::Remember(data_dir, remembered));
    }

    /// Hands a wish over; false when the thread cannot take it.
    fn send(&mut self, ctx: &Context, wish: Wish) -> bool {
        if self.thread.is_none() {
            self.thread = start(ctx.clone());
        }
        self.thread.as_ref().is_some_and(|(wishes, _)| wishes.try_send(wish).is_ok())
    }

    pub(super) fn drain(&mut self) {
        let Some((_, answers)) = &self.thread else { return };
        while let Ok(done) = answers.try_recv() {
            self.state.busy = None;
            self.state.note = match done {
                Done::Proposed(path) => {
                    self.state.proposed = path;
                    None
                }
                Done::Saved(path) => {
                    self.state.saved = Some(path);
                    Some(PaperNote::Saved)
                }
                Done::Deleted => {
                    self.state.saved = None;
                    Some(PaperNote::Deleted)
                }
                Done::Printed => Some(PaperNote::Printed),
                Done::Trouble(job, err) => Some(PaperNote::Trouble(job, err)),
            };
        }
    }
}

fn start(ctx: Context) -> Option<(SyncSender<Wish>, Receiver<Done>)> {
    let (wishes, inbox) = sync_channel::<Wish>(QUEUE);
    let (outbox, answers) = sync_channel(QUEUE);
    let started = thread::Builder::new().name("paper".to_owned()).spawn(move || {
        while let Ok(wish) = inbox.recv() {
            if let Some(done) = perform(wish) {
                if outbox.send(done).is_err() {
                    break;
                }
                ctx.request_repaint();
            }
        }
    });
    started.ok().map(|_| (wishes, answers))
}

fn perform(wish: Wish) -> Option<Done> {
    let told = |job: Job, done: Done| {
        move |result: Result<(), PaperError>| match result {
            Ok(()) => done,
            Err(err) => Done::Trouble(job, err),
        }
    };
    match wish {
        Wish::Propose(name) => Some(Done::Proposed(paper::proposed_file(&name))),
        Wish::Save(path, pdf) => {
            let result = paper::save(&path, &pdf);
            Some(told(Job::Save, Done::Saved(path))(result))
        }
        Wish::Print(pdf, saved) => Some(told(Job::Print, Done::Printed)(print(&pdf, saved.as_deref()))),
        Wish::Delete(path) => Some(told(Job::Delete, Done::Deleted)(paper::delete_saved(&path))),
        Wish::Remember(data_dir, remembered) => {
            remembered.save(&data_dir).ok();
            None
        }
    }
}

#[cfg(unix)]
fn print(pdf: &[u8], _saved: Option<&Path>) -> Result<(), PaperError> {
    paper::print(pdf)
}

#[cfg(windows)]
fn print(_pdf: &[u8], saved: Option<&Path>) -> Result<(), PaperError> {
    saved.map_or(Err(PaperError::Refused), paper::print_saved)
}
