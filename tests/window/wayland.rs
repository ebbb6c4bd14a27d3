//! Idle time by Wayland's idle protocol: the real adapter before a compositor that pauses when the test wants.

use std::sync::Arc;
use std::time::Duration;

use clinic2fa::adapters::clock::TestClock;
use clinic2fa::adapters::presence::linux::{LinuxDesktop, Where};
use clinic2fa::domain::presence::Why;
use clinic2fa::effects::{Task, Told, Watcher};
use clinic2fa::ports::{Clock as _, Presence as _};

use crate::compositor::{Asked, Compositor};
use crate::desk::until;
use crate::program::{SOON, screen_or_leave_out};
use crate::x11::display;

const SECOND: Duration = Duration::from_secs(1);

fn before(compositor: &Compositor) -> LinuxDesktop {
    LinuxDesktop::at(Where { wayland: Some(compositor.name()), ..Where::default() })
}

/// The compositor says when a second has passed without anybody, and when somebody is there; between the two it is counted.
#[test]
fn idle_time_is_counted_from_what_the_compositor_says() {
    let compositor = Compositor::with_idle(Some(2));
    let mut desktop = before(&compositor);
    assert_eq!(desktop.covered().idle, Some("Wayland"));
    assert_eq!(compositor.asked(), Asked::Input(1000), "a video that plays is nobody");
    let mut idle = || desktop.idle().expect("it is counted");
    assert_eq!(idle(), Duration::ZERO, "until it is said otherwise somebody is there");
    for _ in 0..2 {
        compositor.pauses();
        let mut earlier = Duration::ZERO;
        until("the pause", SOON, || {
            earlier = idle();
            earlier > Duration::ZERO
        });
        assert!(earlier >= SECOND, "the second before it was said counts: {earlier:?}");
        until("it to grow", SOON, || idle() > earlier);
        assert!(idle() < Duration::from_secs(SOON), "counted from this pause");
        compositor.touches();
        until("somebody", SOON, || idle() == Duration::ZERO);
    }
    drop(compositor);
    until("the compositor's end to be known", SOON, || desktop.idle().is_none());
}

/// The protocol's first version knows one kind of pause.
#[test]
fn an_older_compositor_is_asked_in_its_own_words() {
    let compositor = Compositor::with_idle(Some(1));
    let mut desktop = before(&compositor);
    assert_eq!(desktop.idle(), Some(Duration::ZERO));
    assert_eq!(compositor.asked(), Asked::Idle(1000));
    compositor.pauses();
    until("the pause", SOON, || desktop.idle() >= Some(SECOND));
}

#[test]
fn a_compositor_without_the_protocol_says_nothing() {
    let compositor = Compositor::with_idle(None);
    let mut desktop = before(&compositor);
    assert_eq!((desktop.idle(), desktop.covered().idle), (None, None));
}

/// The whole way: a pause warns, somebody ends the warning, a longer pause locks.
#[test]
fn a_pause_on_wayland_warns_and_locks() {
    let compositor = Compositor::with_idle(Some(2));
    let clock = TestClock::at(1_800_000_000);
    let mut watcher = Watcher::new(Box::new(before(&compositor)), Arc::new(clock.clone()));
    let watch = |after| Task::Watch { full: clock.now().boot, longest: Duration::from_hours(12), after };
    watcher.begin(watch(30 * SECOND + SECOND));
    assert_eq!(watcher.look().0, None);
    compositor.asked();
    compositor.pauses();
    let told = |watcher: &mut Watcher| {
        let mut told = None;
        until("something to be told", SOON, || {
            told = watcher.look().0;
            told.is_some()
        });
        told
    };
    assert!(matches!(told(&mut watcher), Some(Told::Leaving(_))));
    compositor.touches();
    assert_eq!(told(&mut watcher), Some(Told::Present));
    watcher.begin(watch(SECOND));
    compositor.pauses();
    // What is short of its last half minute says so first.
    let mut last = told(&mut watcher);
    if matches!(last, Some(Told::Leaving(_))) {
        last = told(&mut watcher);
    }
    assert_eq!(last, Some(Told::Lock(Why::Idle)));
}

/// Where both are named: under Wayland an X11 display is a guest and sees nobody; where nobody answers to Wayland's name,
/// the window is one of X11, and so is the idle time.
#[test]
fn x11_counts_only_where_no_compositor_answers() {
    let desk = screen_or_leave_out!();
    let named = |wayland: String| {
        LinuxDesktop::at(Where { display: Some(display(&desk)), wayland: Some(wayland), ..Where::default() })
    };
    let compositor = Compositor::with_idle(None);
    let covered = named(compositor.name()).covered();
    assert_eq!((covered.idle, covered.shortcut), (None, None));
    let gone = compositor.name();
    drop(compositor);
    let covered = named(gone).covered();
    assert_eq!((covered.idle, covered.shortcut), (Some("X11"), Some("X11")));
}
