//! Which renderer draws, and the way to the other when it cannot.
//!
//! ```text
//! glow (or what drew the last window) ── cannot draw ──▶ the program starts itself again: --second-try wgpu
//!                                                          └── cannot draw either ──▶ a message, status 1
//! ```
//!
//! A process has one event loop in its life, so the second try is a second process; by then the first has let go of the
//! window's lock. There is no third. A renderer that was asked for by name is the only one tried.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::run::say;
use crate::config::{DrawBy, Renderer, SECOND_TRY};
use crate::journal::{self, Note, Word};
use crate::tr;

/// Set once the first picture was seen: what goes wrong after that is not the renderer's fault.
#[derive(Clone, Debug, Default)]
pub struct Drawn(Arc<AtomicBool>);

impl Drawn {
    /// The picture was seen.
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// One attempt to draw.
pub(super) struct Attempt {
    draw_by: DrawBy,
    renderer: Renderer,
    drawn: Drawn,
}

/// Why there is no window (any more).
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no window system, or it does not answer: another renderer would fare no better.
    NoWindowSystem(String),
    /// The renderer, or what it draws on.
    NoPicture(String),
    /// A panic before the first picture, and its place: what comes out of a window system that is half there.
    StoppedBefore(String),
    /// A panic after it. It was said already.
    Stopped(String),
}

impl Trouble {
    /// For whoever wanted a window.
    pub(super) fn sentence(&self) -> String {
        match self {
            Trouble::NoWindowSystem(reason) => tr!("start-no-window", reason = reason.as_str()),
            Trouble::NoPicture(reason) => tr!("start-no-picture", reason = reason.as_str()),
            // The place is in the log: it is somebody else's source, and says nothing to whoever reads this.
            Trouble::StoppedBefore(_) => tr!("start-half-there"),
            Trouble::Stopped(place) => tr!("start-stopped", place = place.as_str()),
        }
    }

    fn reason(&self) -> &str {
        match self {
            Trouble::NoWindowSystem(reason)
            | Trouble::NoPicture(reason)
            | Trouble::StoppedBefore(reason)
            | Trouble::Stopped(reason) => reason,
        }
    }
}

impl Attempt {
    pub(super) fn new(draw_by: DrawBy, drew_last: Option<Renderer>) -> Self {
        let renderer = match draw_by {
            DrawBy::WhatWorks => drew_last.unwrap_or(Renderer::Glow),
            DrawBy::Only(renderer) | DrawBy::Instead(renderer) => renderer,
        };
        Self { draw_by, renderer, drawn: Drawn::default() }
    }

    pub(super) fn eframe_renderer(&self) -> eframe::Renderer {
        match self.renderer {
            Renderer::Glow => eframe::Renderer::Glow,
            Renderer::Wgpu => eframe::Renderer::Wgpu,
        }
    }

    /// Runs the window, and tells how it ended.
    pub(super) fn watch(&self, show: impl FnOnce(Drawn) -> eframe::Result) -> Result<(), Trouble> {
        // Of the window's own thread and before the first picture a panic may be the renderer's, and the other one
        // better: it is said once that is known.
        let place = Arc::new(Mutex::new(String::new()));
        let (held, drawn, window) = (Arc::clone(&place), self.drawn.clone(), thread::current().id());
        journal::panics_tell_only_their_place(move |place| {
            place.clone_into(&mut held.lock().unwrap_or_else(PoisonError::into_inner));
            if drawn.is_set() || thread::current().id() != window {
                say(&tr!("start-stopped", place = place));
            }
        });
        let drawn = self.drawn.clone();
        let trouble = match catch_unwind(AssertUnwindSafe(|| show(drawn))) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(err @ eframe::Error::WinitEventLoop(_))) => Trouble::NoWindowSystem(reason(&err)),
            Ok(Err(err)) => Trouble::NoPicture(reason(&err)),
            Err(_) => {
                let place = place.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if self.drawn.is_set() { Trouble::Stopped(place) } else { Trouble::StoppedBefore(place) }
            }
        };
        journal::note(&Note::NoWindow { renderer: self.renderer.name(), reason: Word::plain(trouble.reason()) });
        Err(trouble)
    }

    /// Starts the program again with the other renderer, where that may help; its exit status.
    pub(super) fn again(&self, trouble: &Trouble) -> Option<ExitCode> {
        let other = self.next(trouble)?;
        let mut command = Command::new(std::env::current_exe().ok()?);
        command.args(std::env::args_os().skip(1)).arg(format!("--{SECOND_TRY}")).arg(other.name());
        become_it(command)
    }

    fn next(&self, trouble: &Trouble) -> Option<Renderer> {
        match (self.draw_by, trouble) {
            (DrawBy::WhatWorks, Trouble::NoPicture(_) | Trouble::StoppedBefore(_)) if !self.drawn.is_set() => {
                Some(self.renderer.other())
            }
            (DrawBy::WhatWorks | DrawBy::Only(_) | DrawBy::Instead(_), _) => None,
        }
    }
}

/// In our place, under the same process id, so that whoever started us has one program to watch.
#[cfg(unix)]
fn become_it(mut command: Command) -> Option<ExitCode> {
    use std::os::unix::process::CommandExt;
    // Comes back only when it could not be started.
    drop(command.exec());
    None
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Option<ExitCode> {
    let status = command.status().ok()?;
    Some(status.code().map_or(ExitCode::FAILURE, |code| ExitCode::from(u8::try_from(code).unwrap_or(1))))
}

/// The last clause of the window system's own words that says something: what stands before it are places in other
/// people's source.
fn reason(err: &eframe::Error) -> String {
    clause(&err.to_string())
}

fn clause(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let says_something = |clause: &&str| clause.chars().filter(|letter| letter.is_alphabetic()).count() > 3;
    let clause = line.rsplit(": ").find(says_something).unwrap_or(line);
    clause.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    // C78: the other one, once, and only where it may help.
    #[test]
    fn the_other_renderer_is_tried_once() {
        let picture = || Trouble::NoPicture(String::new());
        let next = |draw_by, last, trouble: Trouble| Attempt::new(draw_by, last).next(&trouble);
        assert_eq!(next(DrawBy::WhatWorks, None, picture()), Some(Renderer::Wgpu));
        assert_eq!(next(DrawBy::WhatWorks, Some(Renderer::Wgpu), picture()), Some(Renderer::Glow));
        assert_eq!(next(DrawBy::WhatWorks, None, Trouble::StoppedBefore(String::new())), Some(Renderer::Wgpu));
        assert_eq!(next(DrawBy::WhatWorks, None, Trouble::NoWindowSystem(String::new())), None);
        for renderer in [Renderer::Glow, Renderer::Wgpu] {
            assert_eq!(next(DrawBy::Only(renderer), None, picture()), None);
            assert_eq!(next(DrawBy::Instead(renderer), None, picture()), None);
        }
        let attempt = Attempt::new(DrawBy::WhatWorks, None);
        attempt.drawn.set();
        assert_eq!(attempt.next(&picture()), None, "a window that has been seen is not opened again");
    }

    #[test]
    fn the_reason_is_the_last_clause_with_words_in_it() {
        for (text, said) in [
            (
                "winit EventLoopError: os error at x11.rs:99: Failed to open connection to X server.\nmore",
                "Failed to open connection to X server",
            ),
            ("WGPU error: No suitable graphics adapter found: {}", "No suitable graphics adapter found"),
            ("42", "42"),
            ("", ""),
        ] {
            assert_eq!(clause(text), said);
        }
    }

    #[test]
    fn it_begins_with_what_drew_last_unless_told_otherwise() {
        let renderer = |draw_by, last| Attempt::new(draw_by, last).renderer;
        assert_eq!(renderer(DrawBy::WhatWorks, None), Renderer::Glow);
        assert_eq!(renderer(DrawBy::WhatWorks, Some(Renderer::Wgpu)), Renderer::Wgpu);
        assert_eq!(renderer(DrawBy::Only(Renderer::Glow), Some(Renderer::Wgpu)), Renderer::Glow);
        assert_eq!(renderer(DrawBy::Instead(Renderer::Wgpu), Some(Renderer::Glow)), Renderer::Wgpu);
    }
}
