//! A desktop moved by hand, for tests and demonstrations, and for systems that say nothing. Clones are the same desktop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::ports::{Clock, Covered, Presence, Shortcut, Sign, Tell, Words};

/// The desktop.
#[derive(Clone, Default)]
pub struct ManualDesktop(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// The clock that idle time runs on, and when somebody last touched something.
    touched: Option<(Arc<dyn Clock>, Duration)>,
    tell: Option<Tell>,
    shortcut: Option<Shortcut>,
    said: Option<Words>,
    broken: bool,
}

impl ManualDesktop {
    /// A desktop that counts idle time by this clock, touched just now.
    #[must_use]
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        let desktop = Self::default();
        let now = clock.now().boot.since_start;
        desktop.inner().touched = Some((clock, now));
        desktop
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody moves the mouse.
    pub fn touch(&self) {
        if let Some((clock, at)) = &mut self.inner().touched {
            *at = clock.now().boot.since_start;
        }
    }

    /// Something happens to the desktop; nobody hears of it before [`Presence::listen`].
    pub fn tell(&self, sign: Sign) {
        let tell = self.inner().tell.clone();
        if let Some(tell) = tell {
            tell(sign);
        }
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.inner().tell.is_some()
    }

    /// From now on a question about it is answered by a panic, as a library's fault would be.
    pub fn breaks(&self) {
        self.inner().broken = true;
    }

    /// What is said above whatever people work in.
    #[must_use]
    pub fn said(&self) -> Option<Words> {
        self.inner().said.clone()
    }

    /// What was last asked about the keys that lock from anywhere.
    #[must_use]
    pub fn keys(&self) -> Option<Shortcut> {
        self.inner().shortcut
    }
}

impl Presence for ManualDesktop {
    fn listen(&mut self, tell: Tell) {
        self.inner().tell = Some(tell);
    }

    fn idle(&mut self) -> Option<Duration> {
        let inner = self.inner();
        assert!(!inner.broken, "as asked for");
        let (clock, at) = inner.touched.as_ref()?;
        Some(clock.now().boot.since_start.saturating_sub(*at))
    }

    fn shortcut(&mut self, wanted: Shortcut) {
        self.inner().shortcut = Some(wanted);
    }

    fn say(&mut self, words: Option<&Words>) {
        self.inner().said = words.cloned();
    }

    fn covered(&mut self) -> Covered {
        let hands = |is: bool| is.then_some("by hand");
        Covered { idle: hands(self.inner().touched.is_some()), ..Covered::default() }
    }
}
