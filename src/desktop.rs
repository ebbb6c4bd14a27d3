//! The window. It draws flows and returns what the person asked for; it decides nothing.
//!
//! [`app::App`] owns the flow, the worker and what is being typed; [`screens`] has a file for each screen; [`widgets`],
//! [`art`] and [`theme`] are what they are made of. [`services`] is paper and clipboard, which no flow needs to know.

pub mod app;
pub mod art;
pub mod curtain;
mod drawing;
pub mod run;
pub mod screen;
pub mod screens;
pub mod services;
mod surface;
pub mod theme;
pub mod widgets;

#[cfg(test)]
mod tests;
