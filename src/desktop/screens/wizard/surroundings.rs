//! What stands around every page: the step bar, Back, the help line, and notices.

use std::time::Duration;

use eframe::egui::Ui;

use super::Fields;
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::screen::Screen;
use crate::desktop::screens::notices;
use crate::desktop::widgets::{StepBar, StepFrame};
use crate::effects::Failure;
use crate::explain;
use crate::flows::Mishap;
use crate::flows::enrolment::{Aim, App, Enrolment, Method, Step};
use crate::tr;

/// How many steps the bar has.
const STEPS: usize = 7;

/// The words around a page, kept while it is drawn.
pub(super) struct Around {
    at: Option<usize>,
    bar: String,
    bar_name: String,
    back: Option<String>,
    support: String,
    skip: Option<String>,
    drawing_name: String,
}

impl Around {
    /// `title` is the page's, for those who hear the bar.
    pub(super) fn new(flow: &Enrolment, title: &str, screen: &Screen<'_>) -> Self {
        // Behind the last step, all of them are done.
        let number_alone = flow.aim == Aim::SecondPhone && flow.method == Method::Texts;
        let all_done = matches!(flow.step, Step::Congratulations(_) | Step::Finished) && !number_alone;
        let (at, bar) = match flow.number() {
            Some(step) => (Some(usize::from(step)), tr!("wizard-step", step = step)),
            None if all_done => (Some(STEPS + 1), tr!("wizard-steps-done")),
            None => (None, String::new()),
        };
        let support = match flow.aim {
            Aim::NewPhone | Aim::SecondPhone | Aim::Person(_) if screen.support.is_empty() => tr!("need-help-none"),
            Aim::FirstSetUp | Aim::NewPhone | Aim::SecondPhone | Aim::Person(_) | Aim::Recovered => {
                notices::support_line(screen.support)
            }
        };
        Self {
            at,
            bar_name: format!("{bar}: {title}"),
            bar,
            back: flow.can_go_back().then(|| tr!("go-back")),
            support,
            skip: None,
            drawing_name: tr!("wizard-drawing"),
        }
    }

    /// With "Skip to the square" at the foot.
    pub(super) fn with_skip(mut self) -> Self {
        self.skip = Some(tr!("wizard-skip"));
        self
    }

    /// The frame of the page.
    pub(super) fn frame<'a>(&'a self, id: &'static str) -> StepFrame<'a> {
        let mut frame = StepFrame::new(id).support(&self.support);
        if let Some(at) = self.at {
            let bar = StepBar { at, of: STEPS, words: &self.bar, name: &self.bar_name };
            frame = frame.bar(bar);
        }
        if let Some(back) = &self.back {
            frame = frame.back(back);
        }
        if let Some(skip) = &self.skip {
            frame = frame.aside_button(skip);
        }
        frame
    }

    /// The frame with a drawing at the left and words on it.
    pub(super) fn drawn<'a>(&'a self, id: &'static str, drawing: Drawing, words: &'a [&'a str]) -> StepFrame<'a> {
        self.frame(id).drawing(drawing, words, &self.drawing_name)
    }
}

/// A mishap as a notice. What it says to wait for is counted down from the moment its answer came.
pub(super) fn mishap_ui(ui: &mut Ui, id: &'static str, mishap: Option<&Mishap>, fields: &Fields, screen: &Screen<'_>) {
    let Some(mishap) = mishap else { return };
    let left = counted_down(ui, mishap, fields, screen);
    let notice = match mishap {
        Mishap::Failure(Failure::Refused(verdict)) => explain::verdict(verdict, left),
        Mishap::Failure(_)
        | Mishap::ClockOff(_)
        | Mishap::Refused(_)
        | Mishap::NotACode
        | Mishap::NotASpare
        | Mishap::NoPassword
        | Mishap::FirstCodeWrong { .. }
        | Mishap::FirstTextWrong { .. }
        | Mishap::FirstTextOver
        | Mishap::FirstCodeUsed { .. }
        | Mishap::NotAClinicKey
        | Mishap::BadName(_)
        | Mishap::WrongProof => explain::mishap(mishap, left, screen.names),
    };
    notices::notice_ui(ui, id, &notice, left.map(|_| Icon::Clock), screen.now);
}

/// What is left now of the wait that a mishap asks for; the page is drawn again when its next second begins.
pub(super) fn counted_down(ui: &Ui, mishap: &Mishap, fields: &Fields, screen: &Screen<'_>) -> Option<Duration> {
    let since = fields.answered.map_or(Duration::ZERO, |at| screen.now.boot.since_start.saturating_sub(at));
    let left = wait_of(mishap)?.saturating_sub(since);
    notices::tick(ui.ctx(), left);
    Some(left)
}

/// How long a mishap asks to wait, counted from its answer.
fn wait_of(mishap: &Mishap) -> Option<Duration> {
    use crate::domain::verify::Verdict;
    match mishap {
        Mishap::FirstCodeUsed { next_in } => Some(*next_in),
        Mishap::Failure(Failure::Refused(Verdict::WrongPassword { wait })) => *wait,
        Mishap::Failure(Failure::Refused(Verdict::Wait { left, .. })) => Some(*left),
        Mishap::Failure(_)
        | Mishap::ClockOff(_)
        | Mishap::Refused(_)
        | Mishap::NotACode
        | Mishap::NotASpare
        | Mishap::NoPassword
        | Mishap::FirstCodeWrong { .. }
        | Mishap::FirstTextWrong { .. }
        | Mishap::FirstTextOver
        | Mishap::NotAClinicKey
        | Mishap::BadName(_)
        | Mishap::WrongProof => None,
    }
}

/// The app's name as people know it.
pub(super) fn app_name(app: App) -> String {
    match app {
        App::Google => tr!("app-google"),
        App::Microsoft => tr!("app-microsoft"),
        App::Authy => tr!("app-authy"),
        App::Other => tr!("app-other-short"),
    }
}
