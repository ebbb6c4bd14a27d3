//! Whether Caps Lock is on, as far as the keys tell: egui passes on no such state, but a capital letter that was typed
//! without Shift says it.

use eframe::egui::{Context, Event, Key};

/// What the keys have told.
#[derive(Debug, Default)]
pub(super) struct CapsLock {
    /// Nothing told yet, or the window was left: then it may have been pressed elsewhere.
    on: Option<bool>,
}

impl CapsLock {
    /// Looks at this frame's keys.
    pub(super) fn watch(&mut self, ctx: &Context) {
        ctx.input(|input| {
            if !input.focused {
                self.on = None;
            }
            self.hear(&input.events);
        });
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "egui's events are not ours and grow")]
    fn hear(&mut self, events: &[Event]) {
        // Shift as it was at each key: by the end of the frame it may have been let go. A letter without a key comes
        // from an input method or from a program, and tells nothing.
        let mut shift = None;
        for event in events {
            match event {
                Event::Key { key: Key::CapsLock, pressed: true, repeat: false, .. } => self.on = self.on.map(|on| !on),
                Event::Key { pressed: true, modifiers, .. } => shift = Some(modifiers.shift),
                Event::Text(text) => {
                    let mut letters = text.chars();
                    if let (Some(letter), None, Some(shift)) = (letters.next(), letters.next(), shift.take())
                        && letter.is_uppercase() != letter.is_lowercase()
                    {
                        self.on = Some(letter.is_uppercase() != shift);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether it is known to be on.
    pub(super) fn is_on(&self) -> bool {
        self.on == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::Modifiers;

    use super::*;

    fn typed(letter: &str, shift: bool) -> [Event; 2] {
        let modifiers = if shift { Modifiers::SHIFT } else { Modifiers::NONE };
        let key = Event::Key { key: Key::A, physical_key: None, pressed: true, repeat: false, modifiers };
        [key, Event::Text(letter.to_owned())]
    }

    #[test]
    fn letters_tell() {
        for (letter, shift, on) in [("A", false, true), ("a", false, false), ("A", true, false), ("a", true, true)] {
            let mut caps = CapsLock::default();
            caps.hear(&typed(letter, shift));
            assert_eq!(caps.is_on(), on, "{letter} {shift}");
        }
        for letter in ["1", "-", "山", "ABC"] {
            let mut caps = CapsLock::default();
            caps.hear(&typed(letter, false));
            assert!(!caps.is_on(), "{letter}");
        }
    }

    #[test]
    fn what_was_not_typed_on_keys_tells_nothing() {
        let mut caps = CapsLock::default();
        caps.hear(&[Event::Text("A".to_owned())]);
        assert!(!caps.is_on());
        caps.hear(&typed("A", false));
        caps.hear(&[Event::Text("a".to_owned())]);
        assert!(caps.is_on());
    }
}
