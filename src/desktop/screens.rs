//! One file a screen. A screen draws a flow and returns what the person asked for; it keeps only what is being typed.

pub mod closed;
pub mod gateway;
pub mod lock;
pub mod notices;
pub mod recover;
pub mod restore;
pub mod session;
pub mod sheets;
pub mod wizard;
