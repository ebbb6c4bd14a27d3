//! What becomes of a sign-in when the person leaves, the system locks, or the computer sleeps.

use std::time::Duration;

use super::Order;
use super::program::{Act, Program, Stage};
use crate::domain::presence::Why;
use crate::ports::Now;

/// What was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Nobody touches anything: it locks at this time since the computer started.
    Leaving(Duration),
    /// Somebody is there again.
    Present,
    /// Something that locks.
    Lock(Why),
    /// The computer woke up.
    Woke,
}

impl Program {
    /// Something was noticed. Signed in, all of it but a warning locks; locked, a sleep ends the way back with the
    /// password alone.
    pub fn noticed(&mut self, news: News, now: &Now) -> Vec<Order> {
        // What the system's own lock screen covers it covers; a set-up is ended by who walks away or presses the keys that lock, and by a sleep.
        match news {
            News::Lock(why @ (Why::Asked | Why::Idle | Why::Sleep | Why::TooLong)) if self.holds_keys() => {
                return self.abandon(why);
            }
            News::Woke if self.holds_keys() => return self.abandon(Why::Sleep),
            News::Leaving(_) | News::Present | News::Lock(_) | News::Woke => {}
        }
        match (news, &mut self.stage) {
            (News::Leaving(ends), Stage::In(flow)) => flow.leaving = Some(ends),
            (News::Present, Stage::In(flow)) => flow.leaving = None,
            (News::Lock(why), Stage::In(_)) => return self.act(Act::Lock(why), now),
            (News::Woke, Stage::In(_)) => return self.act(Act::Lock(Why::Sleep), now),
            // As long as it is not judged, nobody is signed in; then it is locked at once.
            (News::Lock(why), Stage::Lock(flow)) if flow.is_busy() => self.lock_after_sign_in(why),
            (News::Woke, Stage::Lock(flow)) if flow.is_busy() => self.lock_after_sign_in(Why::Sleep),
            (News::Woke | News::Lock(Why::Sleep | Why::ClockJumped), Stage::Lock(flow)) => flow.forget_leave(now),
            (
                News::Leaving(_) | News::Present | News::Lock(_) | News::Woke,
                Stage::Starting
                | Stage::Closed(_)
                | Stage::SetUp(_)
                | Stage::Recover(_)
                | Stage::Restore(_)
                | Stage::Lock(_),
            ) => {}
        }
        Vec::new()
    }
}
