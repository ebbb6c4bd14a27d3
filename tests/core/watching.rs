//! Watching over a session with a desktop moved by hand and clocks turned by hand: idle, sleep, clocks that jump, half a
//! day. The thread that does this in the window only waits between the looks.

use std::sync::Arc;
use std::time::Duration;

use clinic2fa::adapters::clock::TestClock;
use clinic2fa::adapters::presence::manual::ManualDesktop;
use clinic2fa::domain::presence::Why;
use clinic2fa::effects::{Task, Told, Watcher};
use clinic2fa::ports::{Clock as _, Shortcut, Words};

use super::clinic::T0;

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

struct Room {
    clock: TestClock,
    desktop: ManualDesktop,
    watcher: Watcher,
}

impl Room {
    /// Somebody has just signed in at a desk that locks after so many minutes.
    fn signed_in(minutes: u64) -> Self {
        let clock = TestClock::at(T0);
        let desktop = ManualDesktop::with_clock(Arc::new(clock.clone()));
        let mut watcher = Watcher::new(Box::new(desktop.clone()), Arc::new(clock.clone()));
        watcher.begin(Task::Watch {
            full: clock.now().boot,
            longest: Duration::from_hours(12),
            after: secs(minutes * 60),
        });
        Self { clock, desktop, watcher }
    }

    /// Looks as often as it is told to, until something is told or so much time has passed.
    fn until(&mut self, time: Duration) -> (Option<Told>, Duration) {
        let began = self.clock.now().boot.since_start;
        loop {
            let (told, again) = self.watcher.look();
            let passed = self.clock.now().boot.since_start - began;
            let Some(again) = again.filter(|_| told.is_none() && passed < time) else { return (told, passed) };
            assert!(again <= secs(10), "{again:?}");
            self.clock.advance(again);
        }
    }
}

#[test]
fn after_five_minutes_without_anybody_it_warns_and_then_locks() {
    let mut room = Room::signed_in(5);
    let ends = room.clock.now().boot.since_start + secs(300);
    assert_eq!(room.until(secs(400)), (Some(Told::Leaving(ends)), secs(270)));
    assert_eq!(room.until(secs(400)), (Some(Told::Lock(Why::Idle)), secs(30)));
    assert_eq!(room.watcher.look(), (None, None), "and rests");
    assert_eq!(room.desktop.keys(), Some(Shortcut::Free));
}

#[test]
fn any_input_ends_the_warning() {
    let mut room = Room::signed_in(1);
    assert!(matches!(room.until(secs(60)).0, Some(Told::Leaving(_))));
    room.clock.advance(secs(29));
    room.desktop.touch();
    assert_eq!(room.watcher.look().0, Some(Told::Present));
    assert_eq!(room.until(secs(20)).0, None, "and it is counted anew");
    assert_eq!(room.desktop.keys(), Some(Shortcut::Taken));
}

/// Saying something is no sign of somebody: the warning goes on.
#[test]
fn what_is_said_above_others_changes_nothing_that_is_watched() {
    let mut room = Room::signed_in(1);
    assert!(matches!(room.until(secs(60)).0, Some(Told::Leaving(_))));
    let words = Words { what: "Locking".to_owned(), then: "Move the mouse".to_owned() };
    room.watcher.begin(Task::Say(Some(words.clone())));
    assert_eq!(room.desktop.said(), Some(words));
    room.desktop.touch();
    assert_eq!(room.watcher.look().0, Some(Told::Present));
    room.watcher.begin(Task::Say(None));
    assert_eq!(room.desktop.said(), None);
}

/// C60, word for word: five minutes of real idleness with a clock that was set back an hour.
#[test]
fn c60_the_clock_set_back_an_hour_does_not_keep_it_open() {
    let mut room = Room::signed_in(5);
    room.clock.set_wall(T0 - 3600);
    assert_eq!(room.until(secs(300)).0, Some(Told::Lock(Why::ClockJumped)));
}

/// C60: ten minutes of sleep: locked at once after waking.
#[test]
fn c60_after_ten_minutes_of_sleep_it_locks_at_the_first_look() {
    let mut room = Room::signed_in(60);
    room.clock.sleep(secs(600));
    room.desktop.touch();
    assert_eq!(room.watcher.look(), (Some(Told::Lock(Why::Sleep)), None));
}

#[test]
fn half_a_day_of_work_ends() {
    let mut room = Room::signed_in(60);
    for _ in 0..719 {
        room.desktop.touch();
        assert_eq!(room.until(secs(60)).0, None);
    }
    room.desktop.touch();
    assert_eq!(room.until(secs(120)).0, Some(Told::Lock(Why::TooLong)));
}

/// And so does as long as a clinic chose.
#[test]
fn a_chosen_time_after_password_and_code_it_ends() {
    let mut room = Room::signed_in(60);
    let full = room.clock.now().boot;
    room.watcher.begin(Task::Watch { full, longest: Duration::from_hours(1), after: secs(7200) });
    room.desktop.touch();
    assert_eq!(room.until(secs(3585)).0, None);
    room.desktop.touch();
    assert_eq!(room.until(secs(60)).0, Some(Told::Lock(Why::TooLong)));
}

/// Where the desktop does not say, idle time is the window's own.
#[test]
fn a_desktop_that_says_nothing_counts_from_the_windows_own_input() {
    let clock = TestClock::at(T0);
    let mut watcher = Watcher::new(Box::new(ManualDesktop::default()), Arc::new(clock.clone()));
    let own = watcher.own_input();
    let touch = || {
        let millis = u64::try_from(clock.now().boot.since_start.as_millis()).unwrap();
        own.store(millis, std::sync::atomic::Ordering::Relaxed);
    };
    touch();
    watcher.begin(Task::Watch { full: clock.now().boot, longest: Duration::from_hours(12), after: secs(60) });
    assert_eq!(watcher.look().0, None);
    clock.advance(secs(59));
    assert!(matches!(watcher.look().0, Some(Told::Leaving(_))));
    touch();
    assert_eq!(watcher.look().0, Some(Told::Present));
    clock.advance(secs(60));
    assert_eq!(watcher.look().0, Some(Told::Lock(Why::Idle)));
}
