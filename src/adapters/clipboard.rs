//! The clipboard, for the one secret that a person may want there: the key, when the square won't scan.
//!
//! It asks clipboard histories and cloud clipboards to leave the text out, and takes it away again after a while, at
//! the end of the program too, unless something else has been copied meanwhile.
//!
//! A thread of its own: on X11 the text lives in the program that copied it, and reading waits for another program.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::domain::secret::SecretText;

/// How long the end of the program waits for the clipboard to be cleared.
const PATIENCE: Duration = Duration::from_secs(1);

/// What became of a wish. None of these holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClipboardEvent {
    /// The text can be pasted now.
    Copied,
    /// The text is gone from the clipboard.
    Cleared,
    /// Something else was copied meanwhile; it has been left there.
    LeftAlone,
    /// The system did not take the text, or has no clipboard.
    Refused,
}

/// A wish sent to the thread.
struct Wish {
    text: SecretText,
    for_at_most: Duration,
}

/// The clipboard. Wishes never wait; what became of them is told to the listener given to [`Clipboard::start`].
pub struct Clipboard {
    wishes: Option<SyncSender<Wish>>,
    ended: Receiver<()>,
}

impl Clipboard {
    /// Starts the thread. `listener` is called on it, and should only pass the event on and ask for a repaint.
    ///
    /// The system's clipboard is opened at the first wish.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(listener: impl Fn(ClipboardEvent) + Send + 'static) -> std::io::Result<Self> {
        Self::start_with(System::default(), listener)
    }

    fn start_with(
        board: impl Board + Send + 'static,
        listener: impl Fn(ClipboardEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (wishes, received) = sync_channel(4);
        let (ending, ended) = sync_channel(1);
        thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
            serve(board, &received, listener);
            // Nobody may be waiting any more.
            ending.try_send(()).ok();
        })?;
        Ok(Self { wishes: Some(wishes), ended })
    }

    /// Copies the text, and clears it after `for_at_most` if it is still there. `false` when the thread is stuck.
    #[must_use]
    pub fn copy(&self, text: SecretText, for_at_most: Duration) -> bool {
        self.wishes.as_ref().is_some_and(|wishes| wishes.try_send(Wish { text, for_at_most }).is_ok())
    }
}

impl Drop for Clipboard {
    fn drop(&mut self) {
        // Without a sender the thread clears and ends. The program must not end first, nor hang on a stuck display.
        self.wishes = None;
        self.ended.recv_timeout(PATIENCE).ok();
    }
}

/// The thread: serves wishes, and clears by itself when the time is up or nobody is left to wish.
fn serve(mut board: impl Board, wishes: &Receiver<Wish>, listener: impl Fn(ClipboardEvent)) {
    let mut copied: Option<(SecretText, Duration)> = None;
    loop {
        let next = match &copied {
            Some((_, for_at_most)) => wishes.recv_timeout(*for_at_most),
            None => wishes.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match next {
            Ok(Wish { text, for_at_most }) => {
                if board.set(text.expose()) {
                    copied = Some((text, for_at_most));
                    listener(ClipboardEvent::Copied);
                } else {
                    listener(ClipboardEvent::Refused);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some((text, _)) = copied.take() {
                    listener(clear(&mut board, &text));
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                if let Some((text, _)) = copied.take() {
                    clear(&mut board, &text);
                }
                return;
            }
        }
    }
}

fn clear(board: &mut impl Board, text: &SecretText) -> ClipboardEvent {
    match board.get() {
        Some(now) if now.as_str() != text.expose() => ClipboardEvent::LeftAlone,
        Some(_) | None if board.clear() => ClipboardEvent::Cleared,
        Some(_) | None => ClipboardEvent::Refused,
    }
}

/// What a clipboard can do; a trait so that the thread can be tested without a display.
trait Board {
    fn set(&mut self, text: &str) -> bool;
    /// The text that is there; `None` when there is none.
    fn get(&mut self) -> Option<Zeroizing<String>>;
    fn clear(&mut self) -> bool;
}

/// The system's clipboard, kept open from its first use on: on X11 the text is gone when its owner is.
#[derive(Default)]
struct System(Option<arboard::Clipboard>);

impl System {
    fn open(&mut self) -> Option<&mut arboard::Clipboard> {
        if self.0.is_none() {
            self.0 = arboard::Clipboard::new().ok();
        }
        self.0.as_mut()
    }
}

impl Board for System {
    fn set(&mut self, text: &str) -> bool {
        #[cfg(target_os = "macos")]
        use arboard::SetExtApple as _;
        #[cfg(target_os = "linux")]
        use arboard::SetExtLinux as _;
        #[cfg(windows)]
        use arboard::SetExtWindows as _;
        let Some(board) = self.open() else {
            return false;
        };
        let set = board.set();
        // On Windows this one also keeps the text from the cloud and from other devices.
        #[cfg(windows)]
        let set = set.exclude_from_monitoring();
        #[cfg(not(windows))]
        let set = set.exclude_from_history();
        if set.text(text).is_ok() {
            return true;
        }
        // A connection to a display that has gone stays broken: the next wish opens a new one.
        self.0 = None;
        false
    }

    fn get(&mut self) -> Option<Zeroizing<String>> {
        self.open()?.get_text().ok().map(Zeroizing::new)
    }

    fn clear(&mut self) -> bool {
        self.open().is_some_and(|board| board.clear().is_ok())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A clipboard in memory that others can reach too.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Option<String>>>);

    impl Shared {
        fn holds(&self) -> Option<String> {
            self.0.lock().unwrap().clone()
        }
    }

    impl Board for Shared {
        fn set(&mut self, text: &str) -> bool {
            *self.0.lock().unwrap() = Some(text.to_owned());
            text != "refused"
        }

        fn get(&mut self) -> Option<Zeroizing<String>> {
            self.holds().map(Zeroizing::new)
        }

        fn clear(&mut self) -> bool {
            // Slow, so that an end of the program that does not wait for it is noticed.
            thread::park_timeout(Duration::from_millis(50));
            *self.0.lock().unwrap() = None;
            true
        }
    }

    const LONG: Duration = Duration::from_hours(1);
    const LIMIT: Duration = Duration::from_secs(20);

    fn start() -> (Shared, Clipboard, Receiver<ClipboardEvent>) {
        let board = Shared::default();
        let (events, told) = sync_channel(8);
        let clipboard = Clipboard::start_with(board.clone(), move |event| events.try_send(event).unwrap()).unwrap();
        (board, clipboard, told)
    }

    #[test]
    fn copied_text_is_cleared_when_its_time_is_up() {
        let (board, clipboard, told) = start();
        assert!(clipboard.copy(SecretText::from("JBSW"), LONG));
        assert_eq!(told.recv_timeout(LIMIT), Ok(ClipboardEvent::Copied));
        assert_eq!(board.holds().as_deref(), Some("JBSW"));
        assert!(clipboard.copy(SecretText::from("JBSW"), Duration::from_millis(1)));
        assert_eq!(told.recv_timeout(LIMIT), Ok(ClipboardEvent::Copied));
        assert_eq!((told.recv_timeout(LIMIT), board.holds()), (Ok(ClipboardEvent::Cleared), None));
    }

    #[test]
    fn what_someone_else_copied_is_left_alone() {
        let (mut board, clipboard, told) = start();
        // Long enough for the next line to come first, however busy the computer is.
        assert!(clipboard.copy(SecretText::from("JBSW"), Duration::from_secs(2)));
        assert_eq!(told.recv_timeout(LIMIT), Ok(ClipboardEvent::Copied));
        board.set("a patient's address");
        assert_eq!(told.recv_timeout(LIMIT), Ok(ClipboardEvent::LeftAlone));
        drop(clipboard);
        assert_eq!(board.holds().as_deref(), Some("a patient's address"));
    }

    #[test]
    fn the_end_of_the_program_clears_and_a_refusal_is_told() {
        let (board, clipboard, told) = start();
        assert!(clipboard.copy(SecretText::from("refused"), LONG));
        assert_eq!(told.recv_timeout(LIMIT), Ok(ClipboardEvent::Refused));
        assert!(clipboard.copy(SecretText::from("JBSW"), LONG));
        drop(clipboard);
        assert_eq!(board.holds(), None);
    }
}
