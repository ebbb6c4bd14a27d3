//! The data directory: where it is, whose it is, and whether it may hold a database.
