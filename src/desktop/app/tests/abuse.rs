//! The lock screen under a cat on the keyboard, a book on Enter and somebody who wants to know: it stays locked, and no
//! frame takes long.
//!
//! What a frame takes is the processor time of the thread that draws it, tessellation included: another program that
//! keeps the machine busy changes nothing about it.

use eframe::egui::{PointerButton, pos2};
use rustix::time::{ClockId, clock_gettime};

use super::*;

/// The most that a frame may take. Tests are built without optimisation, so this is generous to ourselves by far less
/// than it looks.
const LONGEST: Duration = Duration::from_millis(200);

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}

struct Abuse {
    front: Front,
    slowest: Duration,
    entries: i64,
}

impl Abuse {
    fn begins() -> Self {
        let mut front = Front::new();
        front.is_set_up();
        let entries = Self::entries(&front);
        Self { front, slowest: Duration::ZERO, entries }
    }

    fn entries(front: &Front) -> i64 {
        let db = rusqlite::Connection::open(front._folder.path().join("data/state.db")).unwrap();
        db.query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).unwrap()
    }

    /// One frame, and what it took.
    fn frame(&mut self) {
        let before = thread_time();
        self.front.harness.step();
        let output = self.front.harness.output();
        let shapes = output.shapes.clone();
        self.front.harness.ctx.tessellate(shapes, output.pixels_per_point);
        let took = thread_time() - before;
        self.slowest = self.slowest.max(took);
    }

    fn key(&mut self, key: Key, repeat: bool, modifiers: Modifiers) {
        for pressed in [true, false] {
            if pressed || !repeat {
                self.front.harness.event(Event::Key { key, physical_key: None, pressed, repeat, modifiers });
            }
        }
        self.frame();
    }

    #[track_caller]
    fn still_locked(&mut self, after: &str) {
        self.front.settle();
        let locked = matches!(self.front.app().program().unwrap().stage, Stage::Lock(_));
        assert!(locked, "after {after}: {:?}", self.front.harness.root());
        assert_eq!(Self::entries(&self.front), self.entries, "after {after}: nothing was an attempt");
        assert!(self.slowest < LONGEST, "after {after}: a frame took {:?}", self.slowest);
    }
}

#[test]
fn the_lock_screen_stays_locked_and_quick_under_abuse() {
    let mut abuse = Abuse::begins();
    // The first pictures of a page load its fonts and drawings: they count too.
    abuse.frame();
    for key in [Key::Enter, Key::A, Key::Num7, Key::Backspace, Key::Space] {
        for number in 0..600 {
            if key == Key::A {
                abuse.front.harness.event(Event::Text("a".to_owned()));
            }
            abuse.key(key, number > 0, Modifiers::NONE);
        }
        abuse.still_locked("600 keys held");
    }
    for _ in 0..50 {
        abuse.key(Key::Tab, false, Modifiers::NONE);
    }
    abuse.still_locked("Tab, fifty times");
    for key in [Key::Escape, Key::L, Key::F4, Key::C, Key::X, Key::Z, Key::A] {
        for modifiers in [Modifiers::NONE, Modifiers::ALT, Modifiers::COMMAND, Modifiers::SHIFT] {
            // Back from "I don't have my phone", copy, cut, undo: whatever they do, it is not signing in.
            abuse.key(key, false, modifiers);
        }
    }
    abuse.still_locked("keys that mean something elsewhere");
    for text in ["9".repeat(5_000_000), "x".repeat(5_000_000), "ä\n".repeat(1_700_000)] {
        for _ in 0..3 {
            abuse.front.harness.event(Event::Paste(text.clone()));
            abuse.frame();
            abuse.key(Key::Tab, false, Modifiers::NONE);
        }
    }
    for _ in 0..300 {
        abuse.front.harness.event(Event::Paste("y".repeat(900)));
        abuse.frame();
    }
    abuse.still_locked("5 MB pasted");
    for (width, height) in
        [(1366.0, 768.0), (200.0, 150.0), (1.0, 1.0), (3000.0, 60.0), (5000.0, 4000.0), (360.0, 300.0)]
    {
        abuse.front.harness.set_size(vec2(width, height));
        abuse.frame();
        for zoom in [0.5, 1.0, 2.0, 3.0, 4.0] {
            abuse.front.harness.ctx.set_zoom_factor(zoom);
            abuse.frame();
            abuse.frame();
        }
    }
    abuse.front.harness.ctx.set_zoom_factor(1.0);
    abuse.front.harness.set_size(vec2(1100.0, 720.0));
    abuse.still_locked("other sizes and scales");
    for number in 0..200 {
        let at = pos2((number * 37 % 1100) as f32, (number * 53 % 720) as f32);
        for pressed in [true, false] {
            let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
            abuse.front.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        }
        abuse.frame();
    }
    abuse.still_locked("clicks with the other button");
    eprintln!("slowest frame of the lock screen under abuse: {:?}", abuse.slowest);
}

/// And whoever comes back after it signs in as ever.
#[test]
fn after_all_that_the_right_person_signs_in() {
    let mut front = Front::new();
    let seed = front.is_set_up();
    for _ in 0..20 {
        front.harness.event(Event::Paste("x".repeat(5_000_000)));
        front.harness.step();
        front.harness.key_press(Key::Tab);
        front.harness.step();
    }
    front.settle();
    front.clock.advance(Duration::from_secs(30));
    front.harness.get_by_role_and_label(Role::PasswordInput, "Password").focus();
    front.settle();
    front.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    front.settle();
    front.key(Key::Backspace);
    let code = front.phone(&seed);
    front.signs_in(&code);
    assert!(front.is_in(), "{:?}", front.harness.root());
}
