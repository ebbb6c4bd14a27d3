//! Backups from the window: the day's own, one that is asked for, and bringing one back where the file is gone.

use super::*;

impl Front {
    fn backups(&self) -> Vec<String> {
        let entries = self.place.path().join("backups").read_dir().into_iter().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn presses_starting_with(&mut self, words: &str) {
        self.harness
            .get_by(|node| node.role() == Role::Button && node.label().is_some_and(|l| l.starts_with(words)))
            .click();
        self.settle();
    }

    fn half_minutes_pass(&mut self, count: u32) {
        self.clock.advance(count * Duration::from_secs(30));
        self.harness.run_steps(2);
    }

    /// Set up and signed in; the clinic's spare key from its sheet.
    fn is_set_up_with_its_key(&mut self) -> (Seed, String) {
        self.walks_to_the_square();
        let key = self.enrolment().offer().unwrap().key.duplicate();
        let bytes = data_encoding::BASE32_NOPAD.decode(key.expose().as_bytes()).unwrap();
        self.press("My phone shows six digits");
        self.press("I see it");
        let code = self.code();
        self.types(&code);
        self.press("Show my spare codes");
        self.proves();
        let Step::Sheets(flow) = &self.enrolment().step else { panic!("no sheets") };
        let clinic_key = flow.clinic_key().unwrap().expose().to_owned();
        self.proves();
        self.press("Go to sign in");
        self.half_minutes_pass(1);
        let seed = Seed::from_stored(Secret::new(bytes)).unwrap();
        let code = self.phone(&seed);
        self.signs_in(&code);
        assert!(self.is_in());
        (seed, clinic_key)
    }
}

/// The first sign-in of a day makes the day's backup; a manager makes another one, and brings it back after looking
/// through what it changes.
#[test]
fn a_manager_makes_a_backup_and_brings_it_back() {
    let mut front = Front::new();
    let (seed, _) = front.is_set_up_with_its_key();
    let made = front.backups();
    assert!(made.len() == 1 && made[0].starts_with("daily-2026-03-02-"), "{made:?}");
    front.presses_starting_with("Settings");
    // Below what can be seen at this size.
    front.harness.get_by_role_and_label(Role::Button, "Backups").click_accesskit();
    front.settle();
    front.sees("Made by itself at the first sign-in of the day");
    front.press("Make a backup now");
    front.sees("The backup is made");
    assert_eq!(front.backups().len(), 2);
    front
        .harness
        .get_all_by(|node| node.label().is_some_and(|l| l.starts_with("Bring back the one of")))
        .next()
        .unwrap()
        .click_accesskit();
    front.settle();
    front.sees("This is what will change");
    front.sees("signs in as before; 10 spare codes no longer count");
    front.press("Bring it back");
    front.half_minutes_pass(1);
    let code = front.phone(&seed);
    front.types(&code);
    front.sees("The backup is back");
    front.sees("Maria Santos");
    assert!(front.is_in(), "whoever asked is still in");
    front.harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    front.settle();
    front.sees("Welcome back, Maria");
    front.types(PASSWORD);
    front.key(Key::Enter);
    assert!(front.is_in());
    assert_eq!(front.backups().len(), 2, "one of the day is enough");
}

/// The file is gone: plain steps lead from the closed page to the lock screen.
#[test]
fn a_lost_file_is_brought_back_with_the_spare_key() {
    let mut front = Front::new();
    let (seed, clinic_key) = front.is_set_up_with_its_key();
    for end in ["", "-wal", "-shm"] {
        std::fs::remove_file(front.place.path().join(format!("state.db{end}"))).ok();
    }
    front.harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    front.settle();
    front.sees("its sign-in file is gone");
    front.press("Bring back a backup");
    front.sees("Which backup?");
    front.key(Key::Escape);
    front.sees("its sign-in file is gone");
    front.press("Bring back a backup");
    front.harness.get_by(|node| node.label().is_some_and(|l| l.contains("The newest."))).click();
    front.settle();
    front.types(&clinic_key);
    front.press("Next");
    front.sees("This is what will change");
    front.press("Bring it back");
    front.sees("The backup is back");
    front.press("Go to sign in");
    front.half_minutes_pass(2);
    let code = front.phone(&seed);
    front.signs_in(&code);
    assert!(front.is_in());
}

/// A new computer: the same from the first page of the set-up.
#[test]
fn a_new_computer_begins_with_a_backup() {
    let mut old = Front::new();
    let (seed, clinic_key) = old.is_set_up_with_its_key();
    let file = old.place.path().join("backups").join(&old.backups()[0]);
    let mut front = Front::new();
    front.press("Set it up");
    front.presses_starting_with("This clinic has a backup");
    front.sees("There is no backup on this computer.");
    front.harness.get_by_role(Role::TextInput).focus();
    front.settle();
    front.types(file.to_str().unwrap());
    front.press("Use this file");
    front.types(&clinic_key);
    front.press("Next");
    front.sees("This is what will change");
    front.press("Bring it back");
    front.press("Go to sign in");
    front.half_minutes_pass(3);
    let code = front.phone(&seed);
    front.signs_in(&code);
    assert!(front.is_in(), "with the phone and the password of the old computer");
}

/// A backup that cannot be made is said to a manager, and stops nobody.
#[test]
fn a_backup_that_could_not_be_made_is_said() {
    let mut front = Front::new();
    std::fs::write(front.place.path().join("backups"), "in the way").unwrap();
    front.is_set_up_with_its_key();
    front.sees("There is no backup of today.");
    assert!(front.is_in());
}
