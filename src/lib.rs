//! Two-factor sign-in in front of a clinic's practice-management database.

pub mod adapters;
#[cfg(feature = "desktop")]
pub mod desktop;
pub mod domain;
pub mod cli;
pub mod config;
pub mod effects;
pub mod explain;
pub mod flows;
pub mod ports;
pub mod strings;
pub mod worker;
