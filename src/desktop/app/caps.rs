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
            for event in &input.events {
                self.hear(event, input.modifiers.shift);
            }
        });
    }

    fn hear(&mut self, event: &Event, shift: bool) {
        if let Event::Text(text) = event {
            let mut letters = text.chars();
            if let (Some(letter), None) = (letters.next(), letters.next())
                && letter.is_uppercase() != letter.is_lowercase()
            {
                self.on = Some(letter.is_uppercase() != shift);
            }
        }
        if let Event::Key { key: Key::CapsLock, pressed: true, repeat: false, .. } = event {
            self.on = self.on.map(|on| !on);
        }
    }

    /// Whether it is known to be on.
    pub(super) fn is_on(&self) -> bool {
        self.on == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_tell() {
        for (letter, shift, on) in [("A", false, true), ("a", false, false), ("A", true, false), ("a", true, true)] {
            let mut caps = CapsLock::default();
            caps.hear(&Event::Text(letter.to_owned()), shift);
            assert_eq!(caps.is_on(), on, "{letter} {shift}");
        }
        let mut caps = CapsLock::default();
        for typed in ["1", "-", "山", "ABC"] {
            caps.hear(&Event::Text(typed.to_owned()), false);
            assert!(!caps.is_on(), "{typed}");
        }
    }
}
