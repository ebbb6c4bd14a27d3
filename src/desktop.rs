//! The window. It draws flows and returns what the person asked for; it decides nothing.

pub mod art;
pub mod screen;
pub mod screens;
pub mod services;
pub mod theme;
pub mod widgets;
