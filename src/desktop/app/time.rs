//! The clinic's own time server, asked while the lock screen is up: seldom, and on a thread of its own.

use std::time::Duration;

use crate::effects::TimeCheck;
use crate::flows::program::{Program, Stage};
use crate::ports::Now;
use crate::worker::Aside;

/// How often it is asked while the lock screen is looked at.
const EVERY: Duration = Duration::from_mins(10);

/// Servers in, seconds out.
type Answers = Aside<String, Option<i64>>;

/// Whoever asks, and when last.
pub(super) struct TimeWatch {
    start: Option<Box<dyn FnOnce() -> std::io::Result<Answers>>>,
    aside: Option<Answers>,
    asked: Option<Duration>,
}

impl TimeWatch {
    /// Starts nothing before the first question: most clinics have no time server of their own.
    pub(super) fn new(mut check: TimeCheck, wake: impl Fn() + Send + 'static) -> Self {
        let start = move || Aside::start("time", move |server: String| check.ask(&server), wake);
        Self { start: Some(Box::new(start)), aside: None, asked: None }
    }

    /// Asks when it is time, and hands on what was answered.
    pub(super) fn follow(&mut self, program: &mut Program, now: &Now) {
        if let Some(Some(off)) = self.aside.as_ref().and_then(Aside::answer) {
            program.heard_time(off, now);
        }
        let Stage::Lock(flow) = &program.stage else { return };
        let server = &flow.look.settings.time_server;
        let since = self.asked.map(|asked| now.boot.since_start.saturating_sub(asked));
        if server.is_empty() || since.is_some_and(|since| since < EVERY) {
            return;
        }
        self.asked = Some(now.boot.since_start);
        if let Some(start) = self.start.take() {
            self.aside = start().ok();
        }
        if let Some(aside) = &self.aside {
            aside.ask(server.clone());
        }
    }
}
