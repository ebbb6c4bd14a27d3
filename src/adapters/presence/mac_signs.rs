//! What a Mac says, and what it means. Pure, so that it is tried on every system.
//!
//! A lock is told where somebody is signed in and the screen is locked, also if it was locked already; another person only
//! when they come, because a session that is shared over the network is never the one at the screen.

use crate::ports::Sign;

/// The screen was locked. Not in Apple's documentation, and sent by every version since 10.7.
pub(crate) const SCREEN_LOCKED: &str = "com.apple.screenIsLocked";
/// The screen saver began. The like of it.
pub(crate) const SAVER_STARTED: &str = "com.apple.screensaver.didstart";
/// Another session is at the screen: `kCGNotifyGUIConsoleSessionChanged` of `CGSession.h`. It does not say whose.
pub(crate) const CONSOLE_CHANGED: &str = "com.apple.coregraphics.GUIConsoleSessionChanged";

/// In the session's dictionary while its screen is locked. Not in Apple's documentation either.
const LOCKED_KEY: &str = "CGSSessionScreenIsLocked";
/// In the same: whether the session is the one at the screen. `kCGSessionOnConsoleKey` of `CGSession.h`.
const ON_CONSOLE_KEY: &str = "kCGSSessionOnConsoleKey";

/// What to do about a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notified {
    /// The screen is locked, or covered by the screen saver.
    Locked,
    /// Look at the session: it may no longer be at the screen.
    Look,
    /// It is none of ours.
    Nothing,
}

impl Notified {
    /// By its name.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            SCREEN_LOCKED | SAVER_STARTED => Notified::Locked,
            CONSOLE_CHANGED => Notified::Look,
            _ => Notified::Nothing,
        }
    }
}

/// What to do about a message of the power management, by the numbers of `IOMessage.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Power {
    /// It asks whether it may sleep, and waits for the answer.
    MaySleep,
    /// It will sleep, and waits for us up to thirty seconds.
    WillSleep,
    /// It is awake again, all of it.
    Woke,
    /// Anything else; it must not be answered.
    Nothing,
}

impl Power {
    /// By its number.
    pub(crate) fn numbered(message: u32) -> Self {
        match message {
            0xe000_0270 => Power::MaySleep,
            0xe000_0280 => Power::WillSleep,
            0xe000_0300 => Power::Woke,
            _ => Power::Nothing,
        }
    }
}

/// Whether the session's screen is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// It is.
    Locked,
    /// It is not.
    Open,
}

/// Whether the session is the one at the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seat {
    /// It is.
    Here,
    /// Another one is, or nobody.
    Elsewhere,
}

/// A look at the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    screen: Screen,
    seat: Seat,
}

impl Session {
    /// By its dictionary, which is asked for each value; nothing where there is none, or where it is no truth value.
    pub(crate) fn of(value: impl Fn(&'static str) -> Option<bool>) -> Self {
        let screen = if value(LOCKED_KEY) == Some(true) { Screen::Locked } else { Screen::Open };
        let seat = if value(ON_CONSOLE_KEY) == Some(false) { Seat::Elsewhere } else { Seat::Here };
        Self { screen, seat }
    }

    /// What has happened since the look before; without one, since somebody signed in.
    pub(crate) fn since(self, before: Option<Session>) -> Option<Sign> {
        let left = before.is_some_and(|before| before.seat == Seat::Here) && self.seat == Seat::Elsewhere;
        let locked = before.is_none_or(|before| before.screen == Screen::Open) && self.screen == Screen::Locked;
        match (left, locked) {
            (true, _) => Some(Sign::SwitchedAway),
            (false, true) => Some(Sign::SystemLocked),
            (false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Session = Session { screen: Screen::Open, seat: Seat::Here };
    const LOCKED: Session = Session { screen: Screen::Locked, seat: Seat::Here };
    const AWAY: Session = Session { screen: Screen::Open, seat: Seat::Elsewhere };
    const AWAY_LOCKED: Session = Session { screen: Screen::Locked, seat: Seat::Elsewhere };

    #[test]
    fn a_dictionary_without_a_word_of_the_lock_is_an_open_screen_at_the_seat() {
        let of = |locked, on_console| {
            Session::of(|key| match key {
                "CGSSessionScreenIsLocked" => locked,
                "kCGSSessionOnConsoleKey" => on_console,
                other => panic!("{other:?} is not in it"),
            })
        };
        assert_eq!(of(None, None), OPEN);
        assert_eq!(of(None, Some(true)), OPEN);
        assert_eq!(of(Some(false), Some(true)), OPEN);
        assert_eq!(of(Some(true), Some(true)), LOCKED);
        assert_eq!(of(None, Some(false)), AWAY);
        assert_eq!(of(Some(true), Some(false)), AWAY_LOCKED);
    }

    #[test]
    fn each_change_of_the_session_is_told_once_and_only_when_it_locks() {
        let told = |before, now: Session| match now.since(before) {
            Some(Sign::SystemLocked) => "locked",
            Some(Sign::SwitchedAway) => "away",
            Some(Sign::GoesToSleep(_) | Sign::Woke | Sign::RemoteGone | Sign::Shortcut | Sign::ScreensChanged) => {
                "something else"
            }
            None => "nothing",
        };
        let all = [OPEN, LOCKED, AWAY, AWAY_LOCKED];
        for same in all {
            assert_eq!(told(Some(same), same), "nothing", "{same:?}");
            assert_eq!(told(Some(same), OPEN), "nothing", "coming back from {same:?}");
        }
        assert_eq!(told(Some(OPEN), LOCKED), "locked");
        assert_eq!(told(Some(OPEN), AWAY), "away");
        assert_eq!(told(Some(OPEN), AWAY_LOCKED), "away");
        assert_eq!(told(Some(LOCKED), AWAY), "away");
        assert_eq!(told(Some(AWAY), AWAY_LOCKED), "locked");
        // Signed in a moment after it was locked, and a shared session that is never at the screen.
        assert_eq!(told(None, LOCKED), "locked");
        assert_eq!(told(None, AWAY), "nothing");
        assert_eq!(told(None, OPEN), "nothing");
    }

    #[test]
    fn a_notification_is_known_by_its_whole_name() {
        assert_eq!(Notified::named("com.apple.screenIsLocked"), Notified::Locked);
        assert_eq!(Notified::named("com.apple.screensaver.didstart"), Notified::Locked);
        assert_eq!(Notified::named("com.apple.coregraphics.GUIConsoleSessionChanged"), Notified::Look);
        for other in ["com.apple.screenIsUnlocked", "com.apple.screensaver.didstop", "com.apple.screenIsLocked2", ""] {
            assert_eq!(Notified::named(other), Notified::Nothing, "{other:?}");
        }
    }

    /// `iokit_common_msg(n)` is the system's number (0x38 << 26) with n; only two kinds may be answered.
    #[test]
    fn power_messages_are_known_by_the_numbers_of_their_header() {
        let common = |n: u32| (0x38 << 26) | n;
        assert_eq!(Power::numbered(common(0x270)), Power::MaySleep);
        assert_eq!(Power::numbered(common(0x280)), Power::WillSleep);
        assert_eq!(Power::numbered(common(0x300)), Power::Woke);
        // Will not sleep, will power on, will power off, will restart, capabilities changed, the bare number.
        for other in [common(0x290), common(0x320), common(0x250), common(0x310), common(0x340), 0x280] {
            assert_eq!(Power::numbered(other), Power::Nothing, "{other:#x}");
        }
    }
}
