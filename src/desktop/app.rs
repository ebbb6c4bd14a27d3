//! The window's one object: it carries answers to the flow, draws the stage, and carries what the person asked for back.
//!
//! Nothing in here waits, and nothing is drawn at rest: the worker and the services wake the window when something has
//! happened, and a screen that counts down asks for its next whole second itself.

mod caps;
mod drawn;
mod opening;
mod place;
mod presence;
mod put_away;
mod raised;
mod stage;
#[cfg(test)]
mod tests;
mod time;
mod typed;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{self, Context, Key, Modifiers, Ui, ViewportCommand};

use self::stage::{Fields, Known, StageKind};
use super::curtain::{Curtain, Monitor};
use super::drawing::Drawn;
use super::resized;
use super::screen::Screen;
use super::services::Services;
use super::theme;
use crate::config::Remembered;
use crate::domain::page;
use crate::domain::presence::Why;
use crate::flows::program::{Act, Program, Stage};
use crate::flows::{Order, Request};
use crate::journal::{self, Note};
use crate::ports::{Clock, Now, Turn};
use crate::tr;
use crate::worker::Worker;

pub use self::opening::{NotOpened, Opened};

/// How long the window's end waits for the practice program to close; then it is ended with us.
const END_LIMIT: Duration = Duration::from_secs(15);

/// What opens the data directory; asked again by "Try again".
pub type Opener = Box<dyn FnMut() -> Result<Opened, NotOpened>>;

/// The window.
pub struct App {
    ctx: Context,
    clock: Arc<dyn Clock>,
    opener: Opener,
    state: State,
    known: Known,
    fields: Fields,
    services: Services,
    remembered: Remembered,
    data_dir: Option<PathBuf>,
    caps: caps::CapsLock,
    drawn: Option<StageKind>,
    protected: bool,
    placed: place::Placed,
    first_picture: drawn::FirstPicture,
    drawn_flag: Drawn,
    raised: raised::Raised,
    curtain: Curtain,
    shown: put_away::Shown,
    /// The screens, and the one that the window is on.
    monitors: (Vec<Monitor>, Option<usize>),
    /// What the person asked for in the last frame is not seen before the next.
    unseen: bool,
}

/// Whether there is a program behind the window.
enum State {
    /// There is.
    Running(Box<Running>),
    /// The data directory could not be opened.
    Shut(NotOpened),
}

struct Running {
    program: Program,
    worker: Worker,
    time: Option<time::TimeWatch>,
    presence: Option<presence::PresenceWatch>,
    /// Orders that have not been answered, also those that no flow waits for.
    in_flight: usize,
    /// The right to be the one window on this data directory, for as long as the program runs.
    _only_window: Option<Turn>,
}

impl App {
    /// Dresses `ctx`, opens the data directory and gives the program's first order.
    #[must_use]
    pub fn new(
        ctx: &Context,
        clock: Arc<dyn Clock>,
        opener: impl FnMut() -> Result<Opened, NotOpened> + 'static,
        choice: theme::Choice,
    ) -> Self {
        theme::install(ctx);
        theme::apply(ctx, choice);
        // Some desktops say neither light nor dark.
        ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
        let mut app = Self {
            ctx: ctx.clone(),
            clock,
            opener: Box::new(opener),
            state: State::Shut(NotOpened::AlreadyOpen),
            known: Known::default(),
            fields: Fields::default(),
            services: Services::new(ctx),
            remembered: Remembered::default(),
            data_dir: None,
            caps: caps::CapsLock::default(),
            drawn: None,
            protected: false,
            placed: place::Placed::NotYet,
            first_picture: drawn::FirstPicture::default(),
            drawn_flag: Drawn::default(),
            raised: raised::Raised::default(),
            curtain: Curtain::default(),
            shown: put_away::Shown::default(),
            monitors: (Vec::new(), None),
            unseen: false,
        };
        app.open();
        app
    }

    /// Opens the data directory, or says why not.
    fn open(&mut self) {
        self.state = match (self.opener)().and_then(|opened| self.start(opened)) {
            Ok(running) => State::Running(Box::new(running)),
            Err(why) => State::Shut(why),
        };
    }

    fn start(&mut self, opened: Opened) -> Result<Running, NotOpened> {
        let ctx = self.ctx.clone();
        let worker = Worker::start(opened.desk, opened.courier, move || ctx.request_repaint());
        let worker = worker.map_err(|_| NotOpened::Failure(crate::effects::Failure::WorkerGone))?;
        self.remembered = opened.data_dir.as_deref().map(Remembered::load).unwrap_or_default();
        self.data_dir = opened.data_dir;
        let ctx = self.ctx.clone();
        let time = opened.time_check.map(|check| time::TimeWatch::new(check, move || ctx.request_repaint()));
        if let Some(door) = opened.door {
            self.raised.listen(door, &self.ctx);
        }
        let (program, orders) = Program::start(self.remembered.last_person.clone());
        let presence = opened.watcher.map(presence::PresenceWatch::new);
        let mut running = Running { program, worker, time, presence, in_flight: 0, _only_window: opened.only_window };
        running.send(orders);
        Ok(running)
    }

    /// Whether every order has been answered, what was asked for is drawn, and nothing is on its way to disk or printer.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let answered = match &self.state {
            State::Running(running) => running.in_flight == 0,
            State::Shut(_) => true,
        };
        answered && !self.unseen && self.services.is_idle()
    }

    /// The flow, where there is one: for tests.
    #[must_use]
    pub fn program(&self) -> Option<&Program> {
        match &self.state {
            State::Running(running) => Some(&running.program),
            State::Shut(_) => None,
        }
    }

    /// One whole frame: [`App::take_in`], then [`App::draw`].
    pub fn frame(&mut self, ui: &mut Ui) {
        self.take_in();
        self.draw(ui);
    }

    /// Takes in what has come back from the threads. Runs while the window is hidden too, and never waits.
    pub fn take_in(&mut self) {
        self.services.drain();
        self.raised.come_to_the_front(&self.ctx);
        let State::Running(running) = &mut self.state else { return };
        let mut now = None;
        if let Some(presence) = &mut running.presence {
            for news in presence.take_in(&running.program, &*self.clock) {
                let orders = running.program.noticed(news, now.get_or_insert_with(|| self.clock.now()));
                // Locked, perhaps out of sight: no frame may come between here and the page that looks the same.
                if !orders.is_empty() {
                    self.fields.wipe(&self.ctx);
                }
                running.send(orders);
            }
        }
        while let Some(reply) = running.worker.receive() {
            running.in_flight = running.in_flight.saturating_sub(1);
            let now = now.get_or_insert_with(|| self.clock.now());
            let orders = running.program.answer(reply, now);
            running.send(orders);
        }
        while let Some(news) = running.worker.news() {
            let orders = running.program.news(news, now.get_or_insert_with(|| self.clock.now()));
            running.send(orders);
        }
        if let Stage::SetUp(flow) = &mut running.program.stage
            && let Some(words) = flow.suggested.take()
        {
            self.fields.wizard.take_suggestion(&self.ctx, words);
        }
        if let Stage::Recover(flow) = &mut running.program.stage
            && let Some(words) = flow.suggested.take()
        {
            self.fields.recover.wizard.take_suggestion(&self.ctx, words);
        }
        self.known.learn(&running.program);
        if let Some(presence) = &mut running.presence {
            presence.watch(&self.ctx, &running.program, &self.known.settings, &*self.clock);
        }
        if now.is_some() && running.program.last_person != self.remembered.last_person {
            self.remembered.last_person.clone_from(&running.program.last_person);
            if let Some(data_dir) = self.data_dir.clone() {
                self.services.remember(data_dir, self.remembered.clone());
            }
        }
    }

    /// Draws the stage, and carries out what the person asked for.
    pub fn draw(&mut self, ui: &mut Ui) {
        // Fonts and styles are in force from the frame after they were installed: this one was begun before.
        if !ui.style().text_styles.contains_key(&theme::style_of::step_heading()) {
            ui.ctx().request_repaint();
            return;
        }
        let now = self.clock.now();
        ui.painter().rect_filled(ui.max_rect(), 0.0, theme::tokens(ui.ctx()).bg);
        self.unseen = false;
        resized::paint_again(ui.ctx());
        typed::cut_books(ui.ctx());
        self.caps.watch(ui.ctx());
        self.turn_page(ui.ctx());
        match &mut self.state {
            State::Running(running) => {
                if let Some(time) = &mut running.time {
                    time.follow(&mut running.program, &now);
                }
                let known = (&self.known.settings, &self.known.names, self.known.clinic.as_str());
                let (monitors, here) = (self.monitors.0.as_slice(), self.monitors.1);
                self.curtain.follow(ui.ctx(), &running.program, known, (monitors, here), &now);
                let mut screen = Screen {
                    now: &now,
                    names: &self.known.names,
                    clinic: &self.known.clinic,
                    support: &self.known.support,
                    caps_lock: self.caps.is_on(),
                    services: &mut self.services,
                };
                let drawn = stage::stage_ui(ui, &running.program, &mut self.fields, &mut screen);
                let act = if lock_pressed(ui.ctx(), &running.program) { Some(Act::Lock(Why::Asked)) } else { drawn };
                if let Some(presence) = &mut running.presence {
                    presence.follow(ui.ctx(), &running.program, &now);
                }
                if let Some(act) = act {
                    self.act(act, &now);
                }
            }
            State::Shut(why) => {
                let mut screen = Screen {
                    now: &now,
                    names: &self.known.names,
                    clinic: "",
                    support: "",
                    caps_lock: false,
                    services: &mut self.services,
                };
                if opening::not_opened_ui(ui, why, &mut screen) {
                    self.open();
                    ui.ctx().request_repaint();
                }
            }
        }
        self.protect(ui.ctx());
    }

    fn act(&mut self, act: Act, now: &Now) {
        let State::Running(running) = &mut self.state else { return };
        let orders = running.program.act(act, now);
        running.send(orders);
        self.unseen = true;
        self.ctx.request_repaint();
    }

    /// On another stage, nothing that was typed on the last one is left.
    fn turn_page(&mut self, ctx: &Context) {
        let kind = self.program().map(|program| StageKind::of(&program.stage));
        if kind == self.drawn {
            return;
        }
        self.drawn = kind;
        if let Some(kind) = kind {
            journal::note(&Note::Page { name: kind.name() });
        }
        self.fields.wipe(ctx);
        // What was typed went by here too.
        page::sweep_stack();
        self.services.new_page();
        ctx.send_viewport_cmd(ViewportCommand::Title(title(&self.known.names.office)));
    }

    /// Keeps a square, a key or codes out of screenshots and shared screens while they are seen, where the system can.
    fn protect(&mut self, ctx: &Context) {
        let wanted = self.program().is_some_and(|program| stage::shows_secret(&program.stage));
        if wanted != self.protected {
            self.protected = wanted;
            ctx.send_viewport_cmd(ViewportCommand::ContentProtected(wanted));
        }
    }
}

impl Running {
    fn send(&mut self, orders: Vec<Order>) {
        self.in_flight += orders.len();
        self.worker.send(orders);
    }
}

/// The window's title.
#[must_use]
pub fn title(office: &str) -> String {
    tr!("window-title", office = office)
}

/// Ctrl+L (Cmd+L on a Mac), from anywhere while somebody is signed in.
fn lock_pressed(ctx: &Context, program: &Program) -> bool {
    matches!(program.stage, Stage::In(_)) && ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::L))
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        self.take_in();
        self.keep_place(ctx, frame);
        self.notice_first_picture(frame);
        if let State::Running(running) = &self.state
            && running.presence.as_ref().is_some_and(presence::PresenceWatch::screens_settle)
        {
            place::list_anew(frame);
        }
        self.monitors = place::monitors(frame);
        if let State::Running(running) = &self.state {
            self.curtain.come(ctx, &running.program, &self.known.settings);
            self.shown.follow(ctx, &running.program);
        }
        // Alt+F4 on a curtain would open the desk.
        if self.curtain.is_up() && ctx.input(|input| input.viewport().close_requested()) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.draw(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.fields.wipe(&self.ctx);
        let state = std::mem::replace(&mut self.state, State::Shut(NotOpened::AlreadyOpen));
        if let State::Running(mut running) = state {
            // So that the log says when the desk was left; the keys are gone with the process either way.
            if matches!(running.program.stage, Stage::In(_)) {
                let orders = running.program.act(Act::Lock(Why::Asked), &self.clock.now());
                running.send(orders.into_iter().filter(|(_, request)| matches!(request, Request::Lock(_))).collect());
            }
            running.worker.end(END_LIMIT);
        }
        if let Some(data_dir) = &self.data_dir {
            self.remembered.save(data_dir).ok();
        }
    }
}
