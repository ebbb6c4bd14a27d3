//! The curtain: while locked, this window covers its screen, and one more window covers each further screen.
//!
//! It goes up when a sign-in of this run was locked, because then there is something to cover; before the first sign-in
//! and in the first set-up the program is a window like any other. What the system does not allow (on Wayland, standing
//! above other windows, and keeping people from switching past) is not claimed.

mod cover;
mod screens;

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Context, Id, Pos2, ViewportBuilder, ViewportCommand, ViewportId, WindowLevel};

use self::cover::Words;
pub use self::screens::Monitor;
use crate::adapters::clock::local_time_text;
use crate::desktop::app::title;
use crate::domain::presence::LockScreen;
use crate::domain::state::Settings;
use crate::explain::Names;
use crate::flows::program::{Locked, Program, Stage};
use crate::ports::Now;

/// How long the desk may be busy before other windows may stand before the curtain: the key store may be asking
/// something in a window of its own, and nobody could answer what they cannot see.
const QUESTION_AFTER: Duration = Duration::from_secs(2);

/// Whether it is up, and what it was last told.
#[derive(Debug, Default)]
pub struct Curtain {
    up: Option<Up>,
    /// Where the window stood before, and among which screens.
    before: Option<(Pos2, Vec<Monitor>)>,
    busy_since: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq)]
struct Up {
    monitors: Vec<Monitor>,
    /// The one that this window covers.
    prompt: Option<usize>,
    level: WindowLevel,
}

impl Curtain {
    /// Whether it is up.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.up.is_some()
    }

    /// Whether it should be.
    #[must_use]
    pub fn is_wanted(program: &Program, settings: &Settings) -> bool {
        let locked = matches!(program.locked, Locked::Since { .. }) && !matches!(program.stage, Stage::In(_));
        locked && settings.lock_screen == LockScreen::Curtain
    }

    /// Called also while the window is put away, when nothing is drawn and nothing would follow: brings it back.
    pub fn come(&self, ctx: &Context, program: &Program, settings: &Settings) {
        if self.up.is_none() && Self::is_wanted(program, settings) {
            for command in [ViewportCommand::Visible(true), ViewportCommand::Minimized(false), ViewportCommand::Focus] {
                ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
            }
            ctx.request_repaint_of(ViewportId::ROOT);
        }
    }

    /// Called in every frame, before anything is drawn: puts it up, takes it down, and follows screens that come and go.
    /// `here` is the screen that the window is on.
    pub fn follow(
        &mut self,
        ctx: &Context,
        program: &Program,
        known: (&Settings, &Names, &str),
        (monitors, here): (&[Monitor], Option<usize>),
        now: &Now,
    ) {
        let (settings, names, clinic) = known;
        if !Self::is_wanted(program, settings) {
            self.busy_since = None;
            if self.up.take().is_some() {
                // A place among other screens may be nowhere now: the window manager knows a better one.
                let same = self.before.take().filter(|(_, among)| *among == screens::distinct(monitors));
                take_down(ctx, same.map(|(place, _)| place));
            }
            return;
        }
        if self.up.is_none() {
            self.before = place_of(ctx).map(|place| (place, screens::distinct(monitors)));
        }
        let up = Up {
            monitors: screens::distinct(monitors),
            prompt: here.or_else(|| monitors.first().map(|monitor| monitor.index)),
            level: self.level(ctx, program, now),
        };
        if self.up.as_ref() != Some(&up) {
            put_up(ctx, self.up.as_ref(), &up);
        }
        if let Some(monitor) = up.monitors.iter().find(|monitor| Some(monitor.index) == up.prompt) {
            cover::keep_on(ctx, monitor);
        }
        let words = Arc::new(words_of(program, names, clinic));
        for monitor in up.monitors.iter().filter(|monitor| Some(monitor.index) != up.prompt) {
            show_cover(ctx, monitor, up.level, &names.office, &words);
        }
        self.up = Some(up);
    }

    fn level(&mut self, ctx: &Context, program: &Program, now: &Now) -> WindowLevel {
        if matches!(program.stage, Stage::Closed(_)) {
            return WindowLevel::Normal;
        }
        if !program.is_busy() {
            self.busy_since = None;
            return WindowLevel::AlwaysOnTop;
        }
        let since = *self.busy_since.get_or_insert(now.boot.since_start);
        match (since + QUESTION_AFTER).checked_sub(now.boot.since_start).filter(|left| !left.is_zero()) {
            Some(left) => {
                ctx.request_repaint_after(left);
                WindowLevel::AlwaysOnTop
            }
            None => WindowLevel::Normal,
        }
    }
}

fn words_of(program: &Program, names: &Names, clinic: &str) -> Words {
    let since = match program.locked {
        Locked::Since { unix_secs, .. } => local_time_text(unix_secs),
        Locked::NotYet => String::new(),
    };
    let clinic = if clinic.is_empty() { title(&names.office) } else { clinic.to_owned() };
    Words { clinic, person: program.locked_person().to_owned(), since }
}

/// This window over its screen. Only what is new is asked of the window system.
fn put_up(ctx: &Context, before: Option<&Up>, up: &Up) {
    for command in what_is_new(before, up) {
        ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
    }
}

fn what_is_new(before: Option<&Up>, up: &Up) -> Vec<ViewportCommand> {
    let mut commands = Vec::new();
    let mut say = |command| commands.push(command);
    if before.is_none() {
        say(ViewportCommand::Minimized(false));
        say(ViewportCommand::Decorations(false));
    }
    let moved = before.is_none_or(|before| (&before.monitors, before.prompt) != (&up.monitors, up.prompt));
    if moved {
        say(match up.prompt {
            Some(index) => ViewportCommand::SetMonitor(index),
            None => ViewportCommand::Fullscreen(true),
        });
    }
    if before.is_none() {
        // Windows draws a shadow around a window without a frame, unless it is full screen when that is said: a line at the
        // top through which what stands behind can be seen.
        say(ViewportCommand::Decorations(false));
    }
    if before.is_none_or(|before| before.level != up.level) {
        say(ViewportCommand::WindowLevel(up.level));
    }
    if moved {
        say(ViewportCommand::Focus);
    }
    commands
}

/// Where this window stands, if that is a place to come back to.
fn place_of(ctx: &Context) -> Option<Pos2> {
    ctx.input(|input| {
        let window = input.viewport();
        let odd = window.minimized == Some(true) || window.maximized == Some(true);
        window.outer_rect.filter(|_| !odd).map(|outer| outer.min)
    })
}

/// This window is one like any other again, at `place` where that is known: some window managers forget it.
fn take_down(ctx: &Context, place: Option<Pos2>) {
    let commands = [
        ViewportCommand::WindowLevel(WindowLevel::Normal),
        ViewportCommand::Fullscreen(false),
        ViewportCommand::Decorations(true),
    ];
    for command in commands.into_iter().chain(place.map(ViewportCommand::OuterPosition)) {
        ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
    }
}

/// A window over a further screen, for as long as it is asked for in every frame.
fn show_cover(ctx: &Context, monitor: &Monitor, level: WindowLevel, office: &str, words: &Arc<Words>) {
    let id = ViewportId::from_hash_of(Id::unique(("curtain", monitor.position, monitor.size)));
    let builder = ViewportBuilder::default()
        .with_title(title(office))
        .with_app_id("clinic2fa")
        .with_position(monitor.in_points().min)
        .with_inner_size(monitor.in_points().size())
        .with_clamp_size_to_monitor_size(false)
        .with_monitor(monitor.index)
        // For the same reason as above; elsewhere the screen is enough.
        .with_fullscreen(cfg!(windows))
        .with_decorations(false)
        .with_taskbar(false)
        .with_active(false)
        .with_close_button(false)
        .with_window_level(level);
    let (words, monitor) = (Arc::clone(words), monitor.clone());
    ctx.show_viewport_deferred(id, builder, move |ui, _| {
        cover::ui(ui, &words);
        cover::keep_on(ui.ctx(), &monitor);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up(level: WindowLevel, prompt: Option<usize>) -> Up {
        Up { monitors: Vec::new(), prompt, level }
    }

    #[test]
    fn a_window_that_covers_loses_its_frame_once_more_when_it_is_full_screen() {
        for prompt in [Some(0), None] {
            let commands = what_is_new(None, &up(WindowLevel::AlwaysOnTop, prompt));
            let full = |command: &ViewportCommand| {
                matches!(command, ViewportCommand::SetMonitor(_) | ViewportCommand::Fullscreen(true))
            };
            let at = commands.iter().position(full).unwrap();
            let after = commands.iter().skip(at).filter(|command| **command == ViewportCommand::Decorations(false));
            assert_eq!(after.count(), 1, "{commands:?}");
        }
    }

    #[test]
    fn only_what_is_new_is_asked_of_the_window_system() {
        let there = up(WindowLevel::AlwaysOnTop, Some(0));
        assert_eq!(what_is_new(Some(&there), &there), []);
        let question = up(WindowLevel::Normal, Some(0));
        assert_eq!(what_is_new(Some(&there), &question), [ViewportCommand::WindowLevel(WindowLevel::Normal)]);
        let moved = [ViewportCommand::SetMonitor(1), ViewportCommand::Focus];
        assert_eq!(what_is_new(Some(&there), &up(WindowLevel::AlwaysOnTop, Some(1))), moved);
    }
}
