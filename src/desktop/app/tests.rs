//! The real window under `egui_kittest`: a real worker, a real SQLite file, a keychain in memory, a clock turned by hand.

#[cfg(unix)]
mod abuse;
mod backups;
mod cases;
mod leaving;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, ViewportCommand, ViewportId, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::adapters::clock::TestClock;
use crate::adapters::keychain::memory::MemoryKeychain;
use crate::adapters::place::DataDir;
use crate::adapters::presence::manual::ManualDesktop;
use crate::adapters::sms::NetworkGateway;
use crate::adapters::sqlite::SqliteStore;
use crate::desktop::theme::Choice;
use crate::domain::dice::{Dice, NoRandomness};
use crate::domain::kdf::Cost;
use crate::domain::secret::Secret;
use crate::domain::totp::{self, Seed};
use crate::effects::{CostPolicy, Courier, Desk, DeskConfig, Watcher};
use crate::flows::enrolment::{Enrolment, Step};
use crate::flows::sheets::{Page, Sheet};
use crate::ports::{ItemName, StoreError};

const NOON: i64 = 1_772_452_800;
const PASSWORD: &str = "copper lantern meadow";

struct Front {
    harness: Harness<'static, Option<App>>,
    clock: TestClock,
    desktop: ManualDesktop,
    place: DataDir,
    _folder: tempfile::TempDir,
}

fn desk(place: &DataDir, keychain: MemoryKeychain, clock: TestClock) -> Desk {
    let turns_place = place.clone();
    let limit = Duration::from_secs(30);
    let turns = Box::new(move || turns_place.lock(limit).map(Turn::new).map_err(StoreError::from));
    let store = SqliteStore::new(place.database(), turns, "front".to_owned());
    let dice = Dice::new(Box::new(|out| getrandom::fill(out).map_err(|_| NoRandomness)));
    let config = DeskConfig {
        marker: ItemName(format!("marker-{}", place.marker_id())),
        cost: CostPolicy::Fixed(Cost { memory_kib: 8, passes: 1 }),
    };
    Desk::new(Box::new(store), Box::new(keychain), Arc::new(clock), dice, config)
}

impl Front {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = DataDir::open(Some(folder.path().join("data"))).unwrap();
        let (keychain, clock) = (MemoryKeychain::default(), TestClock::at(NOON));
        let (shown, data) = (clock.clone(), place.clone());
        let desktop = ManualDesktop::with_clock(Arc::new(clock.clone()));
        let watched = desktop.clone();
        let harness = Harness::builder().with_size(vec2(1100.0, 720.0)).build_ui_state(
            move |ui, app: &mut Option<App>| {
                let app = app.get_or_insert_with(|| {
                    let (place, keychain, clock) = (place.clone(), keychain.clone(), shown.clone());
                    let watched = watched.clone();
                    let opener = move || {
                        let (place, keychain, clock) = (place.clone(), keychain.clone(), clock.clone());
                        let watcher = Watcher::new(Box::new(watched.clone()), Arc::new(clock.clone()));
                        let opened = Opened::with_desk(
                            move || desk(&place, keychain.clone(), clock.clone()),
                            Courier::new(Box::new(NetworkGateway)),
                        );
                        Ok(Opened { watcher: Some(watcher), ..opened })
                    };
                    App::new(ui.ctx(), Arc::new(shown.clone()), opener, Choice::System)
                });
                app.frame(ui);
            },
            None,
        );
        let mut front = Self { harness, clock, desktop, place: data, _folder: folder };
        front.settle();
        front
    }

    fn app(&self) -> &App {
        self.harness.state().as_ref().unwrap()
    }

    /// Draws until every order has been answered and its answer is on the screen.
    fn settle(&mut self) {
        for _ in 0..20_000 {
            self.harness.step();
            if self.app().is_idle() {
                self.harness.run_steps(3);
                return;
            }
            thread::park_timeout(Duration::from_millis(1));
        }
        panic!("no answer: {:?}", self.harness.root());
    }

    fn press(&mut self, name: &str) {
        self.desktop.touch();
        self.harness.get_by_role_and_label(Role::Button, name).click();
        self.settle();
    }

    fn types(&mut self, text: &str) {
        self.desktop.touch();
        self.harness.event(Event::Text(text.to_owned()));
        self.settle();
    }

    fn key(&mut self, key: Key) {
        self.desktop.touch();
        self.harness.key_press(key);
        self.settle();
    }

    fn sees(&self, words: &str) {
        let found = self
            .harness
            .query_all_by(|node| [node.label(), node.value()].into_iter().flatten().any(|text| text.contains(words)));
        assert!(found.count() > 0, "{words:?} is not there: {:?}", self.harness.root());
    }

    fn enrolment(&self) -> &Enrolment {
        match &self.app().program().unwrap().stage {
            Stage::SetUp(flow) => flow,
            Stage::Starting
            | Stage::Closed(_)
            | Stage::Recover(_)
            | Stage::Restore(_)
            | Stage::Lock(_)
            | Stage::In(_) => {
                panic!("not setting up")
            }
        }
    }

    fn begins(&mut self) {
        self.begins_as("Oak Tree Surgery", "Maria Santos", Self::types);
    }

    /// The first page, the names given as `gives` does it.
    fn begins_as(&mut self, clinic: &str, person: &str, gives: fn(&mut Self, &str)) {
        self.press("Set it up");
        self.press("I manage this clinic. You set up the clinic first, and your own phone with it.");
        gives(self, clinic);
        self.key(Key::Tab);
        gives(self, person);
        self.key(Key::Enter);
        self.types(PASSWORD);
        self.key(Key::Enter);
        self.sees("Open your authenticator app");
    }

    fn walks_to_the_square(&mut self) {
        self.begins();
        for button in ["It's open", "I tapped it", "The camera is open"] {
            self.press(button);
        }
        self.sees("Point your phone at this square");
    }

    /// What the phone shows now.
    fn code(&self) -> String {
        let key = self.enrolment().offer().unwrap().key.duplicate();
        let seed = data_encoding::BASE32_NOPAD.decode(key.expose().as_bytes()).unwrap();
        let seed = Seed::from_stored(Secret::new(seed)).unwrap();
        let step = totp::step_at(self.clock.now().unix_secs);
        totp::code_at(&seed, step)
    }

    fn commands(&self) -> Vec<ViewportCommand> {
        self.harness.output().viewport_output[&ViewportId::ROOT].commands.clone()
    }

    /// Copies the end of what is shown onto paper and proves it.
    fn proves(&mut self) {
        let Step::Sheets(flow) = &self.enrolment().step else { panic!("no sheets") };
        let shown = match flow.page {
            Page::Show(Sheet::Codes) => flow.codes()[2].duplicate(),
            Page::Show(Sheet::ClinicKey) => flow.clinic_key().unwrap().duplicate(),
            Page::Prove(..) => panic!("hidden"),
        };
        self.press("I have it on paper");
        let end: String = shown.expose().chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        self.types(&end);
        self.key(Key::Enter);
    }
}

fn pressed(key: Key, repeat: bool) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat, modifiers: Modifiers::NONE }
}

#[test]
fn the_seven_steps_lead_to_the_lock_screen() {
    let mut front = Front::new();
    front.walks_to_the_square();
    front.press("My phone shows six digits");
    front.press("I see it");
    let wrong = if front.code() == "111111" { "222222" } else { "111111" };
    front.types(wrong);
    front.sees("That code isn't right.");
    let code = front.code();
    front.types(&code);
    front.sees("Congratulations");
    front.press("Show my spare codes");
    front.proves();
    front.proves();
    front.sees("You are set up");
    front.press("Go to sign in");
    assert!(matches!(front.app().program().unwrap().stage, Stage::Lock(_)));
}

// Digits that are typed before their field is there are not lost, and count once.
#[test]
fn digits_typed_at_the_square_reach_the_field() {
    let mut front = Front::new();
    front.walks_to_the_square();
    let code = front.code();
    for digit in code.chars() {
        front.harness.event(Event::Text(digit.to_string()));
        front.harness.step();
    }
    front.settle();
    front.sees("Congratulations");

    let mut front = Front::new();
    front.walks_to_the_square();
    front.harness.event(Event::Paste("384 688 and more".to_owned()));
    front.settle();
    front.sees("Point your phone at this square");
    let code = front.code();
    front.harness.event(Event::Paste(format!("{code}\n")));
    front.settle();
    front.sees("Congratulations");
}

#[test]
fn a_text_that_is_no_code_stays_and_is_not_judged() {
    let mut front = Front::new();
    front.walks_to_the_square();
    front.types("38");
    front.key(Key::Enter);
    front.sees("A code is six digits.");
    front.sees("38");
    front.key(Key::Escape);
    front.sees("Your phone now shows a code");
}

#[test]
fn the_window_is_kept_out_of_screenshots_while_the_square_is_seen() {
    let mut front = Front::new();
    front.begins();
    front.harness.get_by_role_and_label(Role::Link, "Skip to the square").click();
    let mut seen = Vec::new();
    for _ in 0..4 {
        front.harness.step();
        seen.extend(front.commands());
    }
    assert!(seen.contains(&ViewportCommand::ContentProtected(true)), "{seen:?}");
    front.sees("Point your phone at this square");
    // One event a step: a step with two shows the commands of its second frame alone.
    front.harness.event(pressed(Key::Escape, false));
    for _ in 0..3 {
        front.harness.step();
        seen.extend(front.commands());
    }
    front.sees("Tap Scan a QR code");
    assert!(seen.contains(&ViewportCommand::ContentProtected(false)), "{seen:?}");
}

#[test]
fn not_now_closes_the_window_and_escape_does_not() {
    let mut front = Front::new();
    front.sees("Nothing is protected yet.");
    let mut closes = |what: &dyn Fn(&mut Front)| {
        what(&mut front);
        (0..3).any(|_| {
            front.harness.step();
            front.commands().contains(&ViewportCommand::Close)
        })
    };
    assert!(!closes(&|front| front.harness.key_press(Key::Escape)));
    assert!(closes(&|front| front.harness.get_by_role_and_label(Role::Button, "Not now").click()));
}

#[test]
fn a_held_enter_presses_nothing_on_the_next_page() {
    let mut front = Front::new();
    front.harness.event(pressed(Key::Enter, false));
    front.settle();
    for _ in 0..5 {
        front.harness.event(pressed(Key::Enter, true));
        front.settle();
    }
    assert!(matches!(front.enrolment().step, Step::Who));
}

#[test]
fn a_suggested_password_comes_into_the_field_to_be_read() {
    let mut front = Front::new();
    front.press("Set it up");
    front.press("I manage this clinic. You set up the clinic first, and your own phone with it.");
    front.types("Oak: Tree");
    front.sees("The colon will be left out on your phone.");
    front.key(Key::Tab);
    front.types("Maria Santos");
    front.key(Key::Enter);
    front.types("oaktree");
    front.sees("5 more characters");
    front.press("Suggest one");
    front.sees("Three words are easy to remember.");
    let field = front.harness.get_by_role_and_label(Role::TextInput, "New password").value().unwrap();
    assert_eq!(field.split('-').count(), 3, "{field}");
}

#[test]
fn a_folder_that_cannot_be_opened_is_said_and_tried_again() {
    let clock = TestClock::at(NOON);
    let mut harness = Harness::builder().with_size(vec2(1100.0, 720.0)).build_ui_state(
        move |ui, app: &mut Option<App>| {
            let mut answers = vec![
                NotOpened::AlreadyOpen,
                NotOpened::Failure(crate::effects::Failure::Store(StoreError::NetworkPath)),
            ];
            let opener = move || Err(answers.pop().unwrap_or(NotOpened::AlreadyOpen));
            app.get_or_insert_with(|| App::new(ui.ctx(), Arc::new(clock.clone()), opener, Choice::System)).frame(ui);
        },
        None,
    );
    harness.run_steps(3);
    let says = |harness: &Harness<'_, Option<App>>, words: &str| format!("{:?}", harness.root()).contains(words);
    assert!(says(&harness, "network drive"), "{:?}", harness.root());
    assert!(harness.state().as_ref().unwrap().is_idle());
    harness.run_steps(2);
}
