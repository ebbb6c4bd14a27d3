//! What the program needs before it can start, and the page that says why it does not have it.

use std::path::PathBuf;

use eframe::egui::{Ui, ViewportCommand};

use crate::adapters::raise::Door;
use crate::desktop::screen::Screen;
use crate::desktop::screens::closed;
use crate::desktop::widgets::{ButtonState, Notice, NoticeKind, StepFrame, title_ui};
use crate::effects::{Courier, Desk, Failure, TimeCheck, Watcher};
use crate::ports::Turn;
use crate::tr;

/// An open data directory.
pub struct Opened {
    /// Makes a desk, on the thread that uses it.
    pub desk: Box<dyn Fn() -> Desk + Send + Sync>,
    /// Carries its texts.
    pub courier: Courier,
    /// Held while this is the one window on the data directory.
    pub only_window: Option<Turn>,
    /// What asks the clinic's own time server, where it has one; nothing in tests.
    pub time_check: Option<TimeCheck>,
    /// Where a second start knocks to have this window raised.
    pub door: Option<Door>,
    /// What watches over whoever is signed in; nothing in most tests.
    pub watcher: Option<Watcher>,
    /// Where the window remembers its place; nowhere in tests.
    pub data_dir: Option<PathBuf>,
}

impl Opened {
    /// A desk without a directory of its own, for tests.
    #[must_use]
    pub fn with_desk(desk: impl Fn() -> Desk + Send + Sync + 'static, courier: Courier) -> Self {
        let desk = Box::new(desk);
        Self { desk, courier, only_window: None, time_check: None, door: None, watcher: None, data_dir: None }
    }
}

/// Why the data directory is not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// Another window has it, and does not answer.
    AlreadyOpen,
    /// Another window has it and comes to the front: this one is not needed.
    Raised,
    /// It cannot be used.
    Failure(Failure),
}

/// Says why; true for "Try again".
pub(super) fn not_opened_ui(ui: &mut Ui, why: &NotOpened, screen: &mut Screen<'_>) -> bool {
    match why {
        // What the clinic's spare key opens, is open: there is nothing to recover here.
        NotOpened::Failure(failure) => closed::ui(ui, failure, false, screen).is_some(),
        NotOpened::AlreadyOpen => already_open_ui(ui),
        NotOpened::Raised => {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
            false
        }
    }
}

fn already_open_ui(ui: &mut Ui) -> bool {
    let (close, again) = (tr!("close"), tr!("try-again"));
    let answer = StepFrame::new("already-open").leave(&close).next(&again, ButtonState::Ready).show(ui, |ui| {
        title_ui(ui, &tr!("already-open-title"), "");
        let (what, todo) = (tr!("err-already-open"), tr!("do-already-open"));
        Notice::new("already-open-notice", NoticeKind::Warning, &what, &todo).show(ui);
    });
    if answer.back {
        ui.ctx().send_viewport_cmd(ViewportCommand::Close);
    }
    answer.next
}
