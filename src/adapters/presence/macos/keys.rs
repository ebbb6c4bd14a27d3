//! Ctrl+Shift+L from any program. Needs no leave of the person, as reading all keys would.

use std::sync::{Mutex, Once, PoisonError};

use dispatch2::DispatchQueue;
use global_hotkey::hotkey::{Code, HotKey, Modifiers};
use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};

use crate::ports::{Shortcut, Sign, Tell};

/// There exactly while the keys are taken; dropped, it gives them back.
static TAKEN: Mutex<Option<GlobalHotKeyManager>> = Mutex::new(None);
static TOLD: Once = Once::new();

/// Takes the keys, or gives them back, when the window's thread comes to it: macOS has them of that thread alone.
pub(super) fn take(wanted: Shortcut, tell: Tell) {
    TOLD.call_once(|| {
        GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
            if event.state == HotKeyState::Pressed {
                tell(Sign::Shortcut);
            }
        }));
    });
    DispatchQueue::main().exec_async(move || {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        match wanted {
            Shortcut::Free => *taken = None,
            Shortcut::Taken if taken.is_some() => {}
            // Another program may have the keys: then they stay its own.
            Shortcut::Taken => *taken = registered().ok(),
        }
    });
}

fn registered() -> Result<GlobalHotKeyManager, global_hotkey::Error> {
    let keys = GlobalHotKeyManager::new()?;
    keys.register(HotKey::new(Some(Modifiers::CONTROL | Modifiers::SHIFT), Code::KeyL))?;
    Ok(keys)
}
