//! The outside world, one file a thing. Only `wire` names these to the rest of the program.

pub mod clock;
pub mod keychain;
pub mod paper;
pub mod place;
pub mod sqlite;
