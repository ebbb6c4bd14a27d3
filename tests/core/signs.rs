//! What a Linux desktop tells, by the real adapter on a bus of the test's own: each kind of sign is heard, nobody else's
//! is, and the computer is kept awake until the lock is done. What the window makes of a sign: its tests of leaving.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use clinic2fa::adapters::clock::TestClock;
use clinic2fa::adapters::presence::linux::{LinuxDesktop, Where};
use clinic2fa::domain::presence::Why;
use clinic2fa::effects::{Task, Told, Watcher};
use clinic2fa::ports::{Clock as _, Presence as _, Sign, Words};

use super::buses::{Bus, Logind, MINE, Notices, OTHERS, Saver, StartedIn};
use super::clinic::T0;

/// Longest until a sign arrives, on a busy machine.
const SOON: Duration = Duration::from_secs(30);
/// The adapter speaks to its buses on threads of its own: this often is looked whether it has got so far.
const LOOK: Duration = Duration::from_millis(10);

macro_rules! bus_or_leave_out {
    () => {
        match Bus::start() {
            Some(bus) => bus,
            None => return,
        }
    };
}

/// The program's end: the desktop on that bus, and what it told.
struct Heard {
    desktop: LinuxDesktop,
    signs: Receiver<Sign>,
}

impl Heard {
    fn on(bus: &Bus) -> Self {
        let (told, signs) = mpsc::channel();
        let (system_bus, session_bus) = (Some(bus.address()), Some(bus.address()));
        let mut desktop = LinuxDesktop::at(Where { system_bus, session_bus, ..Where::default() });
        desktop.listen(Arc::new(move |sign| drop(told.send(sign))));
        Self { desktop, signs }
    }

    /// Listening begins on threads, so what is said is said again until one hears it.
    #[track_caller]
    fn hears(&self, say: impl Fn()) -> Sign {
        for _ in 0..300 {
            say();
            if let Ok(sign) = self.signs.recv_timeout(LOOK * 10) {
                return sign;
            }
        }
        panic!("it was not heard");
    }

    /// Everything that was still on its way.
    fn drains(&self) {
        while self.signs.recv_timeout(LOOK * 20).is_ok() {}
    }
}

#[track_caller]
fn until(what: &str, so: impl Fn() -> bool) {
    for _ in 0..3000 {
        if so() {
            return;
        }
        std::thread::park_timeout(LOOK);
    }
    panic!("it did not come: {what}");
}

#[test]
fn logind_locks_this_session_and_nobody_elses() {
    for started_in in [StartedIn::Session, StartedIn::UserService] {
        let bus = bus_or_leave_out!();
        let logind = Logind::on(&bus, started_in);
        let heard = Heard::on(&bus);
        assert!(matches!(heard.hears(|| logind.locks(MINE)), Sign::SystemLocked), "{started_in:?}");
        heard.drains();
        logind.locks(OTHERS);
        logind.changes(OTHERS, "Active", false);
        logind.changes(OTHERS, "LockedHint", true);
        // What comes to this session is no reason to lock it.
        logind.changes(MINE, "Active", true);
        logind.changes(MINE, "LockedHint", false);
        logind.changes(MINE, "IdleHint", true);
        logind.changes(MINE, "Active", false);
        let next = heard.signs.recv_timeout(SOON).expect("the last of them");
        assert!(matches!(next, Sign::SwitchedAway), "{started_in:?}: {next:?}");
    }
}

/// Desktops that lock by themselves say so by a property, on Wayland too.
#[test]
fn a_session_that_says_it_is_locked_is_locked() {
    let bus = bus_or_leave_out!();
    let logind = Logind::on(&bus, StartedIn::Session);
    let heard = Heard::on(&bus);
    assert!(matches!(heard.hears(|| logind.changes(MINE, "LockedHint", true)), Sign::SystemLocked));
}

#[test]
fn the_computer_is_kept_awake_until_the_sign_is_dropped() {
    let bus = bus_or_leave_out!();
    let logind = Logind::on(&bus, StartedIn::Session);
    let heard = Heard::on(&bus);
    until("a delay to be asked for", || logind.asked() == 1);
    let sign = heard.hears(|| logind.prepares_for_sleep(true));
    assert!(matches!(sign, Sign::GoesToSleep(_)));
    assert!(logind.is_held(), "the computer would sleep before the lock");
    drop(sign);
    until("the delay to be given back", || !logind.is_held());
    heard.drains();
    logind.prepares_for_sleep(false);
    assert!(matches!(heard.signs.recv_timeout(SOON).expect("a sign"), Sign::Woke));
    until("a delay for the next sleep", || logind.asked() == 2 && logind.is_held());
}

#[test]
fn every_screen_saver_is_heard_when_it_comes_up_and_not_when_it_goes() {
    for name in
        ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver"]
    {
        let bus = bus_or_leave_out!();
        let saver = Saver::on(&bus.address(), name);
        let mut heard = Heard::on(&bus);
        assert!(matches!(heard.hears(|| saver.is_active(true)), Sign::SystemLocked), "{name}");
        heard.drains();
        saver.is_active(false);
        let stranger = Saver::on(&bus.address(), "com.example.ScreenSaver");
        stranger.is_active(true);
        assert!(heard.signs.recv_timeout(LOOK * 20).is_err(), "{name}");
        assert!(heard.desktop.covered().system_lock.is_some(), "{name}");
    }
}

/// Idle time as GNOME counts it, all the way to the lock.
#[test]
fn gnomes_idle_monitor_locks_the_desk() {
    let bus = bus_or_leave_out!();
    let monitor = bus.idle_monitor();
    let desktop = LinuxDesktop::at(Where { session_bus: Some(bus.address()), ..Where::default() });
    let clock = TestClock::at(T0);
    let mut watcher = Watcher::new(Box::new(desktop), Arc::new(clock.clone()));
    assert_eq!(watcher.covered().idle, Some("GNOME"));
    watcher.begin(Task::Watch {
        full: clock.now().boot,
        longest: Duration::from_hours(12),
        after: Duration::from_secs(60),
    });
    for (millis, told) in
        [(0, None), (29_000, None), (31_000, Some("leaving")), (500, Some("present")), (60_000, Some("lock"))]
    {
        monitor.counts(millis);
        clock.advance(Duration::from_secs(1));
        let said = watcher.look().0.map(|said| match said {
            Told::Leaving(_) => "leaving",
            Told::Present => "present",
            Told::Lock(Why::Idle) => "lock",
            Told::Lock(why) => panic!("{why:?}"),
        });
        assert_eq!(said, told, "{millis}");
    }
}

/// What `doctor` says is what is there.
#[test]
fn what_is_covered_is_what_answers() {
    let bus = bus_or_leave_out!();
    let nothing = Heard::on(&bus).desktop.covered();
    assert_eq!(nothing, clinic2fa::ports::Covered::default());
    let _logind = Logind::on(&bus, StartedIn::Session);
    let covered = Heard::on(&bus).desktop.covered();
    assert_eq!((covered.sleep, covered.switching), (Some("logind"), Some("logind")));
    assert_eq!(covered.system_lock, Some("logind"));
}

/// A bus that is not there, and one that goes away, tell nothing and stop nothing.
#[test]
fn a_bus_that_is_gone_stops_nothing() {
    let nowhere = "unix:path=/nonexistent/bus".to_owned();
    let mut desktop =
        LinuxDesktop::at(Where { system_bus: Some(nowhere.clone()), session_bus: Some(nowhere), ..Where::default() });
    desktop.listen(Arc::new(|sign| panic!("{sign:?}")));
    assert_eq!(desktop.idle(), None);
    let bus = bus_or_leave_out!();
    let monitor = bus.idle_monitor();
    let mut desktop = LinuxDesktop::at(Where { session_bus: Some(bus.address()), ..Where::default() });
    monitor.counts(5);
    assert_eq!(desktop.idle(), Some(Duration::from_millis(5)));
    drop(bus);
    assert_eq!(desktop.idle(), None);
}

/// Where no window of ours may stand above others, the desktop itself says it, and takes it back.
#[test]
fn the_warning_is_a_notification_until_it_is_taken_back() {
    let bus = bus_or_leave_out!();
    let mut desktop = LinuxDesktop::at(Where { session_bus: Some(bus.address()), ..Where::default() });
    let words = Words { what: "Locking soon.".to_owned(), then: "Move the mouse.".to_owned() };
    // A desktop without them: nothing is said, and nothing breaks.
    desktop.say(Some(&words));
    let (notices, _served) = Notices::on(&bus.address());
    desktop.say(Some(&words));
    assert_eq!(notices.shown(), ["Locking soon. Move the mouse.!"], "and it is urgent");
    desktop.say(Some(&words));
    assert_eq!(notices.shown().len(), 1, "one at a time");
    desktop.say(None);
    assert_eq!(notices.shown(), Vec::<String>::new());
}
