//! The watcher's thread: it looks at the desktop while somebody is signed in, and wakes the window only to say something.
//!
//! Nothing starts before the first sign-in, so that a start pays for none of it. A frame never waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use eframe::egui::Context;

use crate::domain::presence::{Why, slept_between};
use crate::domain::state::Settings;
use crate::effects::{Task, Told, Watcher};
use crate::flows::presence::News;
use crate::flows::program::{Program, Stage};
use crate::ports::{Awake, BootTime, Clock, Now, Sign, Words};
use crate::tr;

/// Frames that are painted locked before the computer may sleep: one may have been begun before.
const FRAMES_BEFORE_SLEEP: u8 = 2;
/// How long nobody may touch a computer on which somebody is being set up, at least.
const SET_UP_WAITS: Duration = Duration::from_mins(15);
/// The window library may hear of a changed screen after us: it is asked again this often, and so long apart.
const SCREENS_ASKED_AGAIN: u8 = 4;
const SCREENS_SETTLE: Duration = Duration::from_millis(500);

enum Heard {
    Sign(Sign),
    Told(Told),
}

/// The window's end of the thread.
pub(super) struct PresenceWatch {
    start: Option<Watcher>,
    own_input: Arc<AtomicU64>,
    tasks: Option<Sender<Task>>,
    told: Sender<Heard>,
    heard: Receiver<Heard>,
    watching: Option<Watching>,
    awake: Option<(Awake, u8)>,
    screens_again: u8,
    /// Whether the warning is said above whatever people work in.
    says: Says,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Nothing,
    Warning,
}

struct Watching {
    task: Task,
    /// How long the computer had slept when it began.
    asleep: Duration,
}

impl PresenceWatch {
    pub(super) fn new(watcher: Watcher) -> Self {
        let (told, heard) = mpsc::channel();
        let own_input = watcher.own_input();
        Self {
            start: Some(watcher),
            own_input,
            tasks: None,
            told,
            heard,
            watching: None,
            awake: None,
            screens_again: 0,
            says: Says::Nothing,
        }
    }

    /// As the thread would say it.
    #[cfg(test)]
    pub(super) fn says(&self, told: Told) {
        self.told.send(Heard::Told(told)).ok();
    }

    /// Called before anything of a frame is drawn: what was noticed since the last one.
    pub(super) fn take_in(&mut self, program: &Program, clock: &dyn Clock) -> Vec<News> {
        let mut news = Vec::new();
        while let Ok(heard) = self.heard.try_recv() {
            let heard = match heard {
                // Whoever sets up may have been told to set this computer's clock right.
                Heard::Told(Told::Lock(Why::ClockJumped)) if program.holds_keys() => {
                    self.watching = None;
                    continue;
                }
                Heard::Told(Told::Leaving(ends)) => News::Leaving(ends),
                Heard::Told(Told::Present) => News::Present,
                Heard::Told(Told::Lock(why)) => News::Lock(why),
                Heard::Sign(Sign::SystemLocked) => News::Lock(Why::SystemLocked),
                Heard::Sign(Sign::SwitchedAway) => News::Lock(Why::SwitchedAway),
                Heard::Sign(Sign::RemoteGone) => News::Lock(Why::RemoteGone),
                Heard::Sign(Sign::Shortcut) => News::Lock(Why::Asked),
                Heard::Sign(Sign::Woke) => News::Woke,
                Heard::Sign(Sign::GoesToSleep(awake)) => {
                    self.awake = Some((awake, FRAMES_BEFORE_SLEEP));
                    News::Lock(Why::Sleep)
                }
                // Frames are all there is to do: each plans the curtain anew.
                Heard::Sign(Sign::ScreensChanged) => {
                    self.screens_again = SCREENS_ASKED_AGAIN;
                    continue;
                }
            };
            news.push(heard);
        }
        // A computer that has just woken up paints nothing of a session, whoever else has or has not noticed.
        let slept = self.watching.as_ref().is_some_and(|watching| slept_between(watching.asleep, clock.asleep()));
        if slept && matches!(program.stage, Stage::In(_)) {
            news.push(News::Lock(Why::Sleep));
        }
        news
    }

    /// Whether screens came or went a moment ago.
    pub(super) fn screens_settle(&self) -> bool {
        self.screens_again > 0
    }

    /// Called also while the window is put away: the thread watches exactly while somebody is signed in, by what the
    /// clinic wants now.
    pub(super) fn watch(&mut self, ctx: &Context, program: &Program, settings: &Settings, clock: &dyn Clock) {
        let after = Duration::from_secs(u64::from(settings.lock_after_minutes) * 60);
        let task = match &program.stage {
            Stage::In(flow) => {
                Task::Watch { full: flow.signed_in.full_at.clone(), longest: settings.full_sign_in(), after }
            }
            // Its hands are on the phone: getting the app takes a while.
            Stage::SetUp(_) | Stage::Recover(_) if program.holds_keys() => {
                let longest = settings.full_sign_in();
                Task::Watch { full: self.since(clock), longest, after: after.max(SET_UP_WAITS) }
            }
            Stage::Starting
            | Stage::Closed(_)
            | Stage::SetUp(_)
            | Stage::Recover(_)
            | Stage::Restore(_)
            | Stage::Lock(_) => Task::Rest,
        };
        let known = self.watching.as_ref().map_or(&Task::Rest, |watching| &watching.task);
        if *known != task {
            self.begin(ctx, task, clock);
        }
        self.say(ctx, program);
    }

    /// When what is being watched began.
    fn since(&self, clock: &dyn Clock) -> BootTime {
        match &self.watching {
            Some(Watching { task: Task::Watch { full, .. }, .. }) => full.clone(),
            Some(Watching { task: Task::Rest | Task::Say(_), .. }) | None => clock.now().boot,
        }
    }

    /// Says the warning to people who work in another program, where our own window cannot; once, and takes it away. It is
    /// their desktop's notification, and counts no seconds.
    fn say(&mut self, ctx: &Context, program: &Program) {
        let elsewhere = ctx.input(|input| input.viewport().focused) != Some(true);
        let says = match &program.stage {
            Stage::In(flow) if flow.leaving.is_some() && elsewhere => Says::Warning,
            Stage::In(_)
            | Stage::Starting
            | Stage::Closed(_)
            | Stage::SetUp(_)
            | Stage::Recover(_)
            | Stage::Restore(_)
            | Stage::Lock(_) => Says::Nothing,
        };
        if says != self.says {
            self.says = says;
            let words = || Words { what: tr!("leaving-said-first"), then: tr!("leaving-then") };
            if let Some(tasks) = &self.tasks {
                tasks.send(Task::Say((says == Says::Warning).then(words))).ok();
            }
        }
    }

    /// Called after each frame.
    pub(super) fn follow(&mut self, ctx: &Context, program: &Program, now: &Now) {
        if ctx.input(|input| !input.events.is_empty()) {
            let millis = u64::try_from(now.boot.since_start.as_millis()).unwrap_or(u64::MAX);
            self.own_input.store(millis, Ordering::Relaxed);
        }
        self.let_sleep(ctx, program);
        if let Some(left) = self.screens_again.checked_sub(1) {
            self.screens_again = left;
            ctx.request_repaint_after(SCREENS_SETTLE);
        }
    }

    fn begin(&mut self, ctx: &Context, task: Task, clock: &dyn Clock) {
        self.watching = (task != Task::Rest).then(|| Watching { task: task.clone(), asleep: clock.asleep() });
        if self.tasks.is_none() {
            self.tasks = self.start.take().and_then(|watcher| start(watcher, self.told.clone(), ctx.clone()).ok());
        }
        let begun = self.tasks.as_ref().is_some_and(|tasks| tasks.send(task).is_ok());
        if !begun {
            self.told.send(Heard::Told(Told::Lock(Why::Unwatched))).ok();
            ctx.request_repaint();
        }
    }

    /// Lets the computer sleep once every key is wiped and the curtain has been painted.
    fn let_sleep(&mut self, ctx: &Context, program: &Program) {
        let Some((_, frames)) = &mut self.awake else { return };
        if matches!(program.stage, Stage::In(_)) || program.is_locking() {
            return;
        }
        match frames.checked_sub(1) {
            Some(left) => {
                *frames = left;
                ctx.request_repaint();
            }
            None => self.awake = None,
        }
    }
}

/// Locks when the thread ends, however it does: a desk that nobody watches over must not stay open.
struct LockAtEnd(Sender<Heard>, Context);

impl Drop for LockAtEnd {
    fn drop(&mut self) {
        self.0.send(Heard::Told(Told::Lock(Why::Unwatched))).ok();
        self.1.request_repaint();
    }
}

fn start(mut watcher: Watcher, told: Sender<Heard>, ctx: Context) -> std::io::Result<Sender<Task>> {
    let (tasks, inbox) = mpsc::channel();
    thread::Builder::new().name("presence".to_owned()).spawn(move || {
        let _end = LockAtEnd(told.clone(), ctx.clone());
        let (signs, woken) = (told.clone(), ctx.clone());
        watcher.listen(Arc::new(move |sign| {
            signs.send(Heard::Sign(sign)).ok();
            woken.request_repaint();
        }));
        run(&mut watcher, &inbox, |heard| {
            told.send(Heard::Told(heard)).ok();
            ctx.request_repaint();
        });
    })?;
    Ok(tasks)
}

/// Until the window is gone: waits for a task, or for the time of the next look.
fn run(watcher: &mut Watcher, tasks: &Receiver<Task>, tell: impl Fn(Told)) {
    let mut again = None;
    loop {
        let task = match again {
            None => tasks.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(wait) => tasks.recv_timeout(wait),
        };
        match task {
            Ok(task) => watcher.begin(task),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let told;
        (told, again) = watcher.look();
        if let Some(told) = told {
            tell(told);
        }
    }
}
