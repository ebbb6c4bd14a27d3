//! Reports from the field that one person at the window can meet, by their numbers.

use eframe::egui::{ImeEvent, MissingGlyphPolicy};

use super::*;

impl Front {
    fn wrong_code(&self) -> &'static str {
        if self.code() == "111111" { "222222" } else { "111111" }
    }

    pub(super) fn walks_to_the_field(&mut self) {
        self.walks_to_the_square();
        self.press("My phone shows six digits");
        self.press("I see it");
    }

    fn key_shown(&self) -> String {
        self.enrolment().offer().unwrap().key.expose().to_owned()
    }

    /// Set up, at the lock screen; what the phone goes on showing.
    pub(super) fn is_set_up(&mut self) -> Seed {
        self.walks_to_the_field();
        let seed = data_encoding::BASE32_NOPAD.decode(self.key_shown().as_bytes()).unwrap();
        let code = self.code();
        self.types(&code);
        self.press("Show my spare codes");
        self.proves();
        self.proves();
        self.press("Go to sign in");
        Seed::from_stored(Secret::new(seed)).unwrap()
    }

    pub(super) fn phone(&self, seed: &Seed) -> String {
        totp::code_at(seed, totp::step_at(self.clock.now().unix_secs))
    }

    pub(super) fn signs_in(&mut self, code: &str) {
        self.harness.get_by_role_and_label(Role::PasswordInput, "Password").focus();
        self.settle();
        self.types(PASSWORD);
        self.key(Key::Tab);
        self.key(Key::Tab);
        self.types(code);
    }

    pub(super) fn is_in(&self) -> bool {
        matches!(self.app().program().unwrap().stage, Stage::In(_))
    }
}

// C05: wrong codes, Back and Next again never make a new square; C35: and none of it counts as a sign-in.
#[test]
fn c05_c35_the_square_stays_and_nobody_is_locked() {
    let mut front = Front::new();
    front.walks_to_the_field();
    let key = front.key_shown();
    for _ in 0..20 {
        let wrong = front.wrong_code();
        front.types(wrong);
        front.sees("That code isn't right");
        assert_eq!(front.key_shown(), key);
    }
    front.key(Key::Escape);
    front.key(Key::Escape);
    front.sees("Point your phone at this square");
    assert_eq!(front.key_shown(), key);
    front.press("My phone shows six digits");
    front.press("I see it");
    let code = front.code();
    front.types(&code);
    front.sees("Congratulations");
}

// C13: the key is read in groups of four, and it is the same key as the square's, without a blank in it.
#[test]
fn c13_the_key_is_grouped_for_the_eye_alone() {
    let mut front = Front::new();
    front.walks_to_the_square();
    front.press("It won't scan");
    let key = front.key_shown();
    assert!(
        key.len() == 32 && key.bytes().all(|letter| letter.is_ascii_uppercase() || (b'2'..=b'7').contains(&letter))
    );
    let letters: Vec<char> = key.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    front.sees(&groups.join(" "));
    assert!(front.enrolment().offer().unwrap().uri.expose().contains(&format!("secret={key}&")));
}

// C26, C30: the code that linked the phone, typed again, is named for what it is and does not count; the next works.
#[test]
fn c30_the_code_of_the_set_up_is_used_already() {
    let mut front = Front::new();
    let seed = front.is_set_up();
    let code = front.phone(&seed);
    front.signs_in(&code);
    front.sees("That code has already been used.");
    assert!(!front.is_in());
    front.clock.advance(Duration::from_secs(30));
    let next = front.phone(&seed);
    front.types(&next);
    front.sees("You're in, Maria");
}

// C59: a prompt that has stood for a quarter of an hour, half filled in, takes a right code.
#[test]
fn c59_a_prompt_does_not_go_stale() {
    let mut front = Front::new();
    let seed = front.is_set_up();
    front.harness.get_by_role_and_label(Role::PasswordInput, "Password").focus();
    front.settle();
    front.types(PASSWORD);
    front.clock.advance(Duration::from_mins(15));
    front.key(Key::Tab);
    front.key(Key::Tab);
    let code = front.phone(&seed);
    front.types(&code);
    assert!(front.is_in());
}

// C54, as far as there is something to open yet: whoever ends the program ends the session; the next start is locked.
#[test]
fn c54_a_new_start_is_locked() {
    let mut front = Front::new();
    let seed = front.is_set_up();
    front.clock.advance(Duration::from_secs(30));
    let code = front.phone(&seed);
    front.signs_in(&code);
    assert!(front.is_in());
    // The window and the desk's thread are gone; what they left is opened by another.
    *front.harness.state_mut() = None;
    front.settle();
    assert!(matches!(front.app().program().unwrap().stage, Stage::Lock(_)));
    front.signs_in(&code);
    assert!(!front.is_in());
    front.sees("That code has already been used.");
}

impl Front {
    /// Composed by an input method, as in Japanese or with dead keys: shown while it is being composed, then given whole.
    fn composes(&mut self, text: &str) {
        let half: String = text.chars().take(1).collect();
        self.harness.event(Event::Ime(ImeEvent::Preedit { text: half, active_range_chars: None }));
        self.settle();
        self.harness.event(Event::Ime(ImeEvent::Commit(text.to_owned())));
        self.settle();
    }

    fn goes_to_the_field(&mut self) {
        for button in ["It's open", "I tapped it", "The camera is open", "My phone shows six digits", "I see it"] {
            self.press(button);
        }
    }
}

// C73: what an input method composes arrives whole, in names and in the field for the code, half width or full.
#[test]
fn c73_an_input_method_loses_nothing() {
    let mut front = Front::new();
    front.harness.ctx.set_missing_glyph_policy(MissingGlyphPolicy::Tofu);
    front.begins_as("診療所", "山田 花子", Front::composes);
    front.goes_to_the_field();
    let wide: String =
        front.code().bytes().filter_map(|digit| char::from_u32(0xff10 + u32::from(digit - b'0'))).collect();
    front.composes(&wide);
    front.sees("Congratulations");
    assert_eq!(front.app().known.clinic, "診療所");
}

// C75: two people whose names the fonts cannot show are told apart by their short ids.
#[test]
fn c75_a_name_that_cannot_be_shown_has_its_id_beside_it() {
    let mut front = Front::new();
    front.harness.ctx.set_missing_glyph_policy(MissingGlyphPolicy::Tofu);
    front.begins_as("Oak Tree Surgery", "山田 花子", Front::types);
    front.goes_to_the_field();
    let code = front.code();
    front.types(&code);
    front.press("Show my spare codes");
    front.proves();
    front.proves();
    front.press("Go to sign in");
    let Stage::Lock(flow) = &front.app().program().unwrap().stage else { panic!("not locked") };
    let id = flow.person().unwrap().id.clone();
    assert!(id.len() > 1 && id.is_ascii(), "{id}");
    front.sees(&id);
}

// C20, C22: a clock that cannot be right is named on the lock screen before anybody types, with what it shows.
#[test]
fn c20_c22_an_impossible_clock_is_named_with_what_it_shows() {
    let mut front = Front::new();
    front.is_set_up();
    front.clock.set_wall(0);
    *front.harness.state_mut() = None;
    front.settle();
    front.sees("This computer's clock shows a time that has long passed");
    front.sees(" 1970 (UTC");
}
