//! Somebody leaves: what the system tells, under a desktop moved by hand, and what is on the screen then.

use super::*;
use crate::domain::presence::Why;
use crate::flows::presence::News;
use crate::flows::program::Locked;
use crate::flows::sign_in::{Page as LockPage, Way};
use crate::ports::{Awake, Sign};

impl Front {
    fn is_signed_in() -> (Self, Seed) {
        let mut front = Self::new();
        let seed = front.is_set_up();
        front.clock.advance(Duration::from_secs(30));
        let code = front.phone(&seed);
        front.signs_in(&code);
        assert!(front.is_in());
        (front, seed)
    }

    /// The watcher's thread is there once the frame after the sign-in is drawn.
    fn hears(&mut self, sign: Sign) {
        for _ in 0..20_000 {
            self.harness.step();
            if self.desktop.is_heard() {
                self.desktop.tell(sign);
                self.settle();
                return;
            }
            thread::park_timeout(Duration::from_millis(1));
        }
        panic!("nobody listens");
    }

    fn notices(&mut self, news: News) {
        self.hears_of(news);
        self.settle();
    }

    /// The same, without waiting for what comes of it.
    fn hears_of(&mut self, news: News) {
        let now = self.clock.now();
        if let State::Running(running) = &mut self.harness.state_mut().as_mut().unwrap().state {
            let orders = running.program.noticed(news, &now);
            running.send(orders);
        }
    }

    /// A set-up is left while the window is put away: answers are taken in, and nothing is drawn.
    fn leaves_unseen(&mut self) {
        let app = self.harness.state_mut().as_mut().unwrap();
        let State::Running(running) = &app.state else { panic!("not running") };
        running.presence.as_ref().unwrap().says(crate::effects::Told::Lock(Why::Idle));
        for _ in 0..20_000 {
            app.take_in();
            if app.is_idle() && matches!(app.program().unwrap().stage, Stage::SetUp(_)) {
                return;
            }
            thread::park_timeout(Duration::from_millis(1));
        }
        panic!("no answer");
    }

    fn asks(&self) -> Option<LockPage> {
        match &self.app().program()?.stage {
            Stage::Lock(flow) => Some(flow.page),
            Stage::Starting
            | Stage::Closed(_)
            | Stage::SetUp(_)
            | Stage::Recover(_)
            | Stage::Restore(_)
            | Stage::In(_) => None,
        }
    }

    fn curtain_is_up(&self) -> bool {
        self.app().curtain.is_up()
    }
}

#[test]
fn what_the_system_tells_locks_and_leaves_the_way_back() {
    for sign in [Sign::SystemLocked, Sign::SwitchedAway, Sign::RemoteGone, Sign::Shortcut] {
        let (mut front, _) = Front::is_signed_in();
        assert!(!front.curtain_is_up());
        front.hears(sign);
        assert_eq!(front.asks(), Some(LockPage::Asking(Way::AfterLock)));
        assert!(front.curtain_is_up());
        front.sees("Welcome back, Maria");
    }
}

/// What watches over the desk dies: then it is locked, and nobody is left signed in without it.
#[test]
fn a_desk_that_nothing_watches_over_is_locked() {
    let mut front = Front::new();
    let seed = front.is_set_up();
    front.desktop.breaks();
    // And once more: the thread is not there any more then.
    for _ in 0..2 {
        front.clock.advance(Duration::from_secs(30));
        let code = front.phone(&seed);
        front.signs_in(&code);
        for _ in 0..20_000 {
            front.harness.step();
            if matches!(front.app().program().unwrap().locked, Locked::Since { why: Why::Unwatched, .. }) {
                break;
            }
            thread::park_timeout(Duration::from_millis(1));
        }
        front.settle();
        assert!(matches!(front.app().program().unwrap().locked, Locked::Since { why: Why::Unwatched, .. }));
        assert_eq!(front.asks(), Some(LockPage::Asking(Way::Phone)), "with everything that is asked");
    }
}

/// The computer may sleep once every key is wiped and the curtain was painted, and not before.
#[test]
fn going_to_sleep_waits_for_the_lock_and_asks_for_everything_afterwards() {
    let (mut front, _) = Front::is_signed_in();
    let (guard, gone) = std::sync::mpsc::sync_channel::<()>(0);
    front.hears(Sign::GoesToSleep(Awake::new(guard)));
    assert!(!front.is_in());
    assert!(front.curtain_is_up());
    front.harness.run_steps(5);
    assert_eq!(gone.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected), "it may sleep now");
    assert_eq!(front.asks(), Some(LockPage::Asking(Way::Phone)));
}

/// C60: nothing of a session is painted after waking, whether anything told of the sleep or not.
#[test]
fn c60_the_first_frame_after_waking_is_locked() {
    let (mut front, _) = Front::is_signed_in();
    front.clock.sleep(Duration::from_secs(600));
    front.harness.step();
    assert!(!front.is_in());
    front.settle();
    assert_eq!(front.asks(), Some(LockPage::Asking(Way::Phone)));
}

#[test]
fn a_sleep_while_locked_asks_for_the_phone() {
    let (mut front, _) = Front::is_signed_in();
    front.hears(Sign::SystemLocked);
    assert_eq!(front.asks(), Some(LockPage::Asking(Way::AfterLock)));
    front.hears(Sign::Woke);
    assert_eq!(front.asks(), Some(LockPage::Asking(Way::Phone)));
}

#[test]
fn coming_back_takes_the_password_alone_and_takes_the_curtain_down() {
    let (mut front, _) = Front::is_signed_in();
    front.hears(Sign::SystemLocked);
    front.types(PASSWORD);
    front.key(Key::Enter);
    assert!(front.is_in());
    assert!(!front.curtain_is_up());
}

/// The hour passes while the lock screen stands there: the password stays typed, and a code is asked for.
#[test]
fn after_the_hour_the_same_screen_asks_for_the_code() {
    let (mut front, seed) = Front::is_signed_in();
    front.hears(Sign::SystemLocked);
    front.clock.advance(Duration::from_secs(3600));
    front.types(PASSWORD);
    front.key(Key::Enter);
    assert_eq!(front.asks(), Some(LockPage::Asking(Way::Phone)));
    let code = front.phone(&seed);
    front.types(&code);
    assert!(front.is_in());
}

#[test]
fn a_warning_is_shown_and_goes_when_somebody_is_there() {
    let (mut front, _) = Front::is_signed_in();
    let ends = front.clock.now().boot.since_start + Duration::from_secs(27);
    front.notices(News::Leaving(ends));
    front.sees("Locking in half a minute because nobody has typed.");
    front.clock.advance(Duration::from_secs(16));
    front.settle();
    front.sees("Locking in half a minute because nobody has typed.");
    front.clock.advance(Duration::from_secs(10));
    front.settle();
    front.sees("Locking in 10 seconds because nobody has typed.");
    front.notices(News::Present);
    assert!(front.harness.query_by_label_contains("Locking in").is_none());
    assert!(front.is_in());
}

/// Who works in another program is told by the desktop, where our window cannot stand above theirs; who is here is not told
/// twice.
#[test]
fn a_warning_is_said_to_people_in_another_program() {
    let (mut front, _) = Front::is_signed_in();
    let ends = front.clock.now().boot.since_start + Duration::from_secs(27);
    let said = |front: &mut Front, wanted: bool| {
        for _ in 0..20_000 {
            front.harness.step();
            if front.desktop.said().is_some() == wanted {
                return front.desktop.said();
            }
            thread::park_timeout(Duration::from_millis(1));
        }
        panic!("said: {wanted} was waited for");
    };
    let here = |front: &mut Front, here: bool| {
        let root = front.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
        root.focused = Some(here);
    };
    here(&mut front, false);
    front.notices(News::Leaving(ends));
    let words = said(&mut front, true).unwrap();
    assert_eq!(words.what, "Locking in half a minute because nobody has typed.");
    assert_eq!(words.then, "Move the mouse or press any key to stay signed in.");
    here(&mut front, true);
    said(&mut front, false);
    here(&mut front, false);
    said(&mut front, true);
    front.notices(News::Present);
    said(&mut front, false);
    front.notices(News::Leaving(ends));
    said(&mut front, true);
    front.notices(News::Lock(Why::Idle));
    said(&mut front, false);
}

/// A lock that comes while a sign-in is being judged is not lost.
#[test]
fn a_lock_during_a_sign_in_locks_what_it_leads_to() {
    let (mut front, _) = Front::is_signed_in();
    front.notices(News::Lock(Why::Idle));
    front.harness.event(Event::Text(PASSWORD.to_owned()));
    front.harness.step();
    // Another process has its turn, so that this one is judged later.
    let others = front.place.lock(Duration::ZERO).unwrap();
    front.harness.key_press(Key::Enter);
    front.harness.step();
    assert!(front.app().program().unwrap().is_busy());
    front.hears_of(News::Lock(Why::SystemLocked));
    drop(others);
    front.settle();
    assert!(!front.is_in());
    assert!(matches!(front.app().program().unwrap().locked, Locked::Since { why: Why::SystemLocked, .. }));
}

/// Before the first sign-in there is nothing to cover, and in a window nothing is covered.
#[test]
fn before_the_first_sign_in_there_is_no_curtain() {
    let mut front = Front::new();
    assert!(!front.curtain_is_up());
    front.is_set_up();
    assert!(matches!(front.app().program().unwrap().stage, Stage::Lock(_)));
    assert!(!front.curtain_is_up());
}

/// Whoever walks away in the middle of a set-up leaves no square on the screen and no key behind it; the phone that has
/// scanned the square stays the right one.
#[test]
fn a_set_up_that_nobody_is_at_any_more_goes_on_with_the_password() {
    for left in [News::Lock(Why::Asked), News::Lock(Why::Idle), News::Lock(Why::Sleep), News::Woke] {
        let mut front = Front::new();
        front.walks_to_the_square();
        for _ in 0..20_000 {
            front.harness.step();
            if front.desktop.is_heard() {
                break;
            }
            thread::park_timeout(Duration::from_millis(1));
        }
        assert!(front.desktop.is_heard(), "somebody watches");
        let scanned = front.enrolment().offer().unwrap().key.duplicate();
        // The system's own lock screen hides what is behind it, and whoever comes back goes on.
        front.notices(News::Lock(Why::SystemLocked));
        front.sees("Point your phone at this square");
        front.notices(left);
        front.sees("Let's go on with your set-up");
        assert!(front.enrolment().offer().is_none());
        assert!(!front.curtain_is_up(), "nothing was open that a curtain could hide");
        front.types(PASSWORD);
        front.key(Key::Enter);
        assert_eq!(front.enrolment().offer().unwrap().key.expose(), scanned.expose());
        // With nothing begun there is nothing to end.
        let mut front = Front::new();
        front.press("Set it up");
        front.notices(left);
        front.sees("Who are you?");
    }
}

/// What was typed goes with the keys, also when the window is put away and nothing is drawn between the two pages.
#[test]
fn what_was_typed_in_a_set_up_goes_with_it() {
    let mut front = Front::new();
    front.walks_to_the_field();
    front.types("123");
    assert!(!front.app().fields.wizard.are_empty());
    front.leaves_unseen();
    assert!(front.app().fields.wizard.are_empty());
    front.settle();
    front.sees("Let's go on with your set-up");
}
