//! Watching over whoever is signed in, beside the desk and on a thread of its own: a desk that is busy locks nevertheless.
//!
//! It looks at most once a second, and mostly every ten; while nobody is signed in it does not look at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::domain::presence::{Finding, Guard, Reading, Why};
use crate::ports::{BootTime, Clock, Covered, Presence, Shortcut, Tell, Words};

/// What the watcher does from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Watches over a session.
    Watch {
        /// When password and code were given.
        full: BootTime,
        /// How long they last.
        longest: Duration,
        /// For how long nobody may touch anything.
        after: Duration,
    },
    /// Nobody is signed in.
    Rest,
    /// Says something above whatever people work in, or no longer. What is watched goes on.
    Say(Option<Words>),
}

/// What the window is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nobody touches anything: it locks at this time since the computer started.
    Leaving(Duration),
    /// Somebody is there again.
    Present,
    /// Lock.
    Lock(Why),
}

/// Asks the desktop and the clocks.
pub struct Watcher {
    desktop: Box<dyn Presence>,
    clock: Arc<dyn Clock>,
    guard: Option<Guard>,
    leaving: Option<Duration>,
    own_input: Arc<AtomicU64>,
}

impl Watcher {
    /// Nothing is watched yet.
    #[must_use]
    pub fn new(desktop: Box<dyn Presence>, clock: Arc<dyn Clock>) -> Self {
        Self { desktop, clock, guard: None, leaving: None, own_input: Arc::default() }
    }

    /// Begins to listen; each sign is told as it comes.
    pub fn listen(&mut self, tell: Tell) {
        self.desktop.listen(tell);
    }

    /// What is noticed here, for `doctor`.
    pub fn covered(&mut self) -> Covered {
        self.desktop.covered()
    }

    /// Where the window notes when it was last touched, in milliseconds since the computer started: what idle time is
    /// counted from on a desktop that does not say.
    #[must_use]
    pub fn own_input(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.own_input)
    }

    /// Begins a task.
    pub fn begin(&mut self, task: Task) {
        match task {
            Task::Say(words) => self.desktop.say(words.as_ref()),
            Task::Rest => {
                self.leaving = None;
                self.guard = None;
                self.desktop.shortcut(Shortcut::Free);
            }
            Task::Watch { full, longest, after } => {
                self.leaving = None;
                let at = self.read();
                self.guard = Some(Guard::new(&full, longest, after, &at));
                self.desktop.shortcut(Shortcut::Taken);
            }
        }
    }

    /// Looks once: what is to be told, and how long until the next look; without one it rests.
    pub fn look(&mut self) -> (Option<Told>, Option<Duration>) {
        let at = self.read();
        let Some(guard) = &self.guard else { return (None, None) };
        match guard.judge(&at) {
            Finding::Present(again) => (self.leaving.take().map(|_| Told::Present), Some(again)),
            Finding::Leaving { left, again } => {
                let ends = at.now.boot.since_start.saturating_add(left);
                // The same moment read twice differs by a little.
                let news = self.leaving.is_none_or(|known| known.abs_diff(ends) > Duration::from_millis(500));
                if news {
                    self.leaving = Some(ends);
                }
                (news.then_some(Told::Leaving(ends)), Some(again))
            }
            Finding::Lock(why) => {
                self.begin(Task::Rest);
                (Some(Told::Lock(why)), None)
            }
        }
    }

    fn read(&mut self) -> Reading {
        let now = self.clock.now();
        let idle = self.desktop.idle().unwrap_or_else(|| {
            let touched = Duration::from_millis(self.own_input.load(Ordering::Relaxed));
            now.boot.since_start.saturating_sub(touched)
        });
        Reading { asleep: self.clock.asleep(), idle, now }
    }
}
