//! The two keys that every page answers to.

use eframe::egui::{Context, Event, InputState, Key, Response, response::Flags};

/// Enter was pressed (not held down), and no button has the focus: a focused button
/// answers Enter itself.
#[must_use]
pub fn enter_pressed(ctx: &Context) -> bool {
    let free = ctx.memory(|memory| memory.focused().is_none()) || ctx.text_edit_focused();
    free && ctx.input(|input| fresh_press(input, Key::Enter))
}

/// Esc was pressed, not held down.
#[must_use]
pub fn escape_pressed(ctx: &Context) -> bool {
    ctx.input(|input| fresh_press(input, Key::Escape))
}

/// egui counts the repeats of a held key as presses. A key held a moment too long would
/// press the next page's button as well.
pub(super) fn ignore_held_keys(response: &mut Response) {
    if !response.flags.contains(Flags::FAKE_PRIMARY_CLICKED) {
        return;
    }
    let held = response.ctx.input(|input| {
        let keys = [Key::Enter, Key::Space];
        let any = |repeats: bool| {
            input.events.iter().any(|event| {
                matches!(event, Event::Key { key, pressed: true, repeat, .. }
                    if keys.contains(key) && *repeat == repeats)
            })
        };
        any(true) && !any(false)
    });
    if held {
        response.flags.remove(Flags::FAKE_PRIMARY_CLICKED);
    }
}

fn fresh_press(input: &InputState, wanted: Key) -> bool {
    input.events.iter().any(|event| {
        matches!(event, Event::Key { key, pressed: true, repeat: false, modifiers, .. }
            if *key == wanted && modifiers.is_none())
    })
}
