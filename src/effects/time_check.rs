//! What the clinic's own time server says about this computer's clock: an explanation, beside the desk and on a thread of
//! its own, so that a server that does not answer delays nobody.

use std::sync::Arc;

use crate::domain::totp::EARLIEST_UNIX;
use crate::ports::{Clock, TimeServer};

/// Asks the time server.
pub struct TimeCheck {
    server: Box<dyn TimeServer>,
    clock: Arc<dyn Clock>,
}

impl TimeCheck {
    /// Nothing is asked yet.
    #[must_use]
    pub fn new(server: Box<dyn TimeServer>, clock: Arc<dyn Clock>) -> Self {
        Self { server, clock }
    }

    /// This computer's clock less the server's, in seconds, if the server says. A clock that is impossible is named
    /// without it.
    pub fn ask(&mut self, server: &str) -> Option<i64> {
        (self.clock.now().unix_secs >= EARLIEST_UNIX).then(|| self.server.clock_off_secs(server)).flatten()
    }
}
