//! What every screen is given besides its flow.

use super::services::Services;
use crate::explain::Names;
use crate::ports::Now;

/// The surroundings of a screen, made anew for each frame.
pub struct Screen<'a> {
    /// Both clocks, read once for this frame.
    pub now: &'a Now,
    /// The practice program's name and the chosen person's, for sentences.
    pub names: &'a Names,
    /// The clinic's name; empty before there is one.
    pub clinic: &'a str,
    /// Whom to ask for help; empty when nobody was named.
    pub support: &'a str,
    /// Caps Lock is on, where the system says so.
    pub caps_lock: bool,
    /// Paper and clipboard.
    pub services: &'a mut Services,
}
