//! The window. It draws flows and returns what the person asked for; it decides nothing.

pub mod art;
pub mod theme;
pub mod widgets;
