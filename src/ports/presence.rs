//! What is asked of the desktop about the people in front of it.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened to the desktop and concerns whoever is signed in.
#[derive(Debug)]
pub enum Sign {
    /// The system's own lock screen came up.
    SystemLocked,
    /// The computer goes to sleep, as soon as this is dropped or the system waits no longer.
    GoesToSleep(Awake),
    /// It woke up.
    Woke,
    /// Another person of this computer is at the screen now.
    SwitchedAway,
    /// The remote session was disconnected.
    RemoteGone,
    /// The keys that lock from anywhere were pressed.
    Shortcut,
    /// A screen came, went or changed its size.
    ScreensChanged,
}

/// Keeps the computer awake until dropped, for as long as the system allows (five seconds on Linux).
pub struct Awake(#[expect(dead_code, reason = "held for its drop alone")] Box<dyn Any + Send>);

impl Awake {
    /// Wraps whatever lets the computer go to sleep when dropped.
    #[must_use]
    pub fn new(guard: impl Any + Send) -> Self {
        Self(Box::new(guard))
    }
}

impl std::fmt::Debug for Awake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Awake")
    }
}

/// Who is told of signs; called on threads of the adapter's.
pub type Tell = Arc<dyn Fn(Sign) + Send + Sync>;

/// Whether the keys that lock from anywhere are taken from other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// They are: somebody is signed in.
    Taken,
    /// They are not.
    Free,
}

/// What is said above whatever people work in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What is going to happen.
    pub what: String,
    /// What to do about it.
    pub then: String,
}

/// By what each thing is noticed here; nothing where it is not. For `doctor`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// For how long nobody has touched anything.
    pub idle: Option<&'static str>,
    /// The system's own lock screen.
    pub system_lock: Option<&'static str>,
    /// Going to sleep, before it happens.
    pub sleep: Option<&'static str>,
    /// Another person of this computer.
    pub switching: Option<&'static str>,
    /// A remote session that was disconnected.
    pub remote: Option<&'static str>,
    /// Keys that lock from anywhere.
    pub shortcut: Option<&'static str>,
}

/// The desktop. Where it says nothing, nothing is made up: `None`, and no sign.
pub trait Presence: Send {
    /// Begins to listen. Called once.
    fn listen(&mut self, tell: Tell);

    /// For how long nobody has touched keyboard or mouse, in any program.
    fn idle(&mut self) -> Option<Duration>;

    /// Takes the keys that lock from anywhere, or gives them back.
    fn shortcut(&mut self, wanted: Shortcut);

    /// Says something above whatever people work in, until it is called with nothing. Only where a window of ours cannot stand
    /// there itself, which is under Wayland; elsewhere it does nothing.
    fn say(&mut self, words: Option<&Words>) {
        let _ = words;
    }

    /// What is noticed here.
    fn covered(&mut self) -> Covered;
}
