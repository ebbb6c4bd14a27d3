//! Which screen a stage is drawn by, and what every screen needs to know.

use eframe::egui::{Context, Ui};

use crate::desktop::screen::Screen;
use crate::desktop::screens::{closed, lock, recover, restore, session, wizard};
use crate::domain::presence::Why;
use crate::domain::state::Settings;
use crate::explain::Names;
use crate::flows::enrolment::{self, Enrolment};
use crate::flows::program::{Act, Program, Stage};
use crate::flows::sheets::{Page, SheetsFlow};
use crate::ports::Look;

/// What is being typed, screen by screen.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) wizard: wizard::Fields,
    pub(super) lock: lock::Fields,
    pub(super) recover: recover::Fields,
    pub(super) restore: restore::Fields,
    pub(super) session: session::Fields,
}

impl Fields {
    pub(super) fn wipe(&mut self, ctx: &Context) {
        self.wizard.wipe(ctx);
        self.lock.wipe(ctx);
        self.recover.wipe(ctx);
        self.restore.wipe(ctx);
        self.session.wipe(ctx);
    }
}

/// Which stage was drawn last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StageKind {
    Starting,
    Closed,
    SetUp,
    Recover,
    Restore,
    Lock,
    In,
}

impl StageKind {
    pub(super) fn of(stage: &Stage) -> Self {
        match stage {
            Stage::Starting => Self::Starting,
            Stage::Closed(_) => Self::Closed,
            Stage::SetUp(_) => Self::SetUp,
            Stage::Recover(_) => Self::Recover,
            Stage::Restore(_) => Self::Restore,
            Stage::Lock(_) => Self::Lock,
            Stage::In(_) => Self::In,
        }
    }

    /// For the support log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Closed => "closed",
            Self::SetUp => "set-up",
            Self::Recover => "recover",
            Self::Restore => "restore",
            Self::Lock => "lock",
            Self::In => "signed-in",
        }
    }
}

/// Names that sentences need, from whatever the flow knows by now.
pub(super) struct Known {
    pub(super) names: Names,
    pub(super) clinic: String,
    pub(super) support: String,
    /// As of the last look.
    pub(super) settings: Settings,
}

impl Default for Known {
    fn default() -> Self {
        let settings = Settings::default();
        let names = Names { office: settings.program.clone(), person: String::new() };
        Self { names, clinic: String::new(), support: settings.support.clone(), settings }
    }
}

impl Known {
    pub(super) fn learn(&mut self, program: &Program) {
        match &program.stage {
            Stage::SetUp(flow) => self.learn_names(flow),
            Stage::Recover(flow) => flow.manager_name().clone_into(&mut self.names.person),
            Stage::Lock(flow) => {
                self.learn_look(&flow.look);
                let person = flow.person().map(|person| person.name.as_str()).unwrap_or_default();
                person.clone_into(&mut self.names.person);
            }
            Stage::In(flow) => {
                flow.signed_in.name.clone_into(&mut self.names.person);
                // A session goes by what was verified, and not by what the pages read.
                if flow.signed_in.settings != self.settings {
                    self.settings.clone_from(&flow.signed_in.settings);
                }
            }
            Stage::Starting | Stage::Closed(_) | Stage::Restore(_) => {}
        }
    }

    fn learn_names(&mut self, flow: &Enrolment) {
        flow.names.person.clone_into(&mut self.names.person);
        // The clinic of a person who sets up by themselves is known from the lock screen.
        if flow.aim == enrolment::Aim::FirstSetUp {
            flow.names.clinic.clone_into(&mut self.clinic);
            flow.names.support.clone_into(&mut self.support);
        }
    }

    fn learn_look(&mut self, look: &Look) {
        look.name.clone_into(&mut self.clinic);
        look.settings.support.clone_into(&mut self.support);
        look.settings.program.clone_into(&mut self.names.office);
        self.settings.clone_from(&look.settings);
    }
}

/// Draws the stage; what the person asked for.
pub(super) fn stage_ui(ui: &mut Ui, program: &Program, fields: &mut Fields, screen: &mut Screen<'_>) -> Option<Act> {
    match &program.stage {
        Stage::Starting => {
            closed::starting_ui(ui, screen);
            None
        }
        Stage::Closed(failure) => closed::ui(ui, failure, program.is_busy(), screen).map(|reply| match reply {
            closed::Reply::TryAgain => Act::TryAgain,
            closed::Reply::UseClinicKey => Act::UseClinicKey,
            closed::Reply::RestoreBackup => Act::RestoreBackup,
        }),
        Stage::SetUp(flow) => wizard::ui(ui, flow, &mut fields.wizard, screen).map(Act::SetUp),
        Stage::Recover(flow) => recover::ui(ui, flow, &mut fields.recover, screen).map(Act::Recover),
        Stage::Restore(flow) => restore::ui(ui, flow, &mut fields.restore, screen).map(Act::Restore),
        Stage::Lock(flow) => lock::ui(ui, flow, &mut fields.lock, screen).map(|reply| match reply {
            lock::Reply::Act(act) => Act::SignIn(act),
            lock::Reply::SetUpPerson => Act::SetUpPerson,
            lock::Reply::UseClinicKey => Act::UseClinicKey,
        }),
        Stage::In(flow) => session::ui(ui, flow, &mut fields.session, screen).map(|reply| match reply {
            session::Reply::Act(act) => Act::Session(act),
            session::Reply::Lock => Act::Lock(Why::Asked),
        }),
    }
}

/// Whether a square, a key or codes are on the screen.
pub(super) fn shows_secret(stage: &Stage) -> bool {
    use crate::flows::recover as recover_flow;
    use crate::flows::session::Step;
    match stage {
        Stage::SetUp(flow) => enrolment_shows_secret(flow),
        Stage::Recover(flow) => match &flow.step {
            recover_flow::Step::Key(_) => true,
            recover_flow::Step::Phone(flow) => enrolment_shows_secret(flow),
            recover_flow::Step::Manager | recover_flow::Step::Password(_) | recover_flow::Step::Finished => false,
        },
        Stage::In(flow) => match &flow.step {
            Step::Codes(sheets) | Step::ClinicKey(sheets) => sheets_show_secret(sheets),
            Step::Phone(flow) => enrolment_shows_secret(flow),
            Step::Slip(..) => true,
            Step::At(..)
            | Step::BadName(_)
            | Step::Log(_)
            | Step::Backups(_)
            | Step::Plan(..)
            | Step::FreshCode(..)
            | Step::Preparing(_)
            | Step::NewPassword(_)
            | Step::Removed(_) => false,
        },
        Stage::Restore(flow) => matches!(flow.step, crate::flows::restore::Step::Key(_)),
        Stage::Starting | Stage::Closed(_) | Stage::Lock(_) => false,
    }
}

fn enrolment_shows_secret(flow: &Enrolment) -> bool {
    use enrolment::Step;
    match &flow.step {
        Step::Square { .. } => true,
        Step::Sheets(sheets) => sheets_show_secret(sheets),
        Step::Why
        | Step::Who
        | Step::AskManager
        | Step::Names(_)
        | Step::Password(..)
        | Step::Activate(_)
        | Step::Resume(_)
        | Step::StartOver(_)
        | Step::OpenApp
        | Step::GetApp(_)
        | Step::GetStarted { .. }
        | Step::TapScan
        | Step::CodeShown
        | Step::TypeCode(_)
        | Step::Texts(_)
        | Step::Congratulations(_)
        | Step::Finished => false,
    }
}

fn sheets_show_secret(sheets: &SheetsFlow) -> bool {
    matches!(sheets.page, Page::Show(_))
}
