//! A window that was put away comes back for the warning before it locks, because nothing is painted in one that is, and
//! goes again when somebody is there.
//!
//! Wayland tells nobody whether their window was put away, and lets none come back by itself.

use eframe::egui::{Context, ViewportCommand, ViewportId};

use crate::flows::program::{Program, Stage};

/// Why the window is to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// Because people left it so.
    #[default]
    AsTheyLeftIt,
    /// For the warning alone.
    ForTheWarning,
}

impl Shown {
    /// Called also while the window is put away.
    pub(super) fn follow(&mut self, ctx: &Context, program: &Program) {
        let Stage::In(flow) = &program.stage else {
            // Locked, it stays for whoever comes back.
            *self = Self::AsTheyLeftIt;
            return;
        };
        let (put_away, clicked) =
            ctx.input(|input| (input.viewport().minimized == Some(true), input.pointer.any_pressed()));
        let minimize = |wanted| ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Minimized(wanted));
        match (*self, flow.leaving) {
            (Self::AsTheyLeftIt, Some(_)) if put_away => {
                *self = Self::ForTheWarning;
                minimize(false);
            }
            // Whoever clicks into it wants it.
            (Self::ForTheWarning, _) if clicked => *self = Self::AsTheyLeftIt,
            (Self::ForTheWarning, None) => {
                *self = Self::AsTheyLeftIt;
                minimize(true);
            }
            (Self::AsTheyLeftIt, Some(_) | None) | (Self::ForTheWarning, Some(_)) => {}
        }
    }
}
