//! What is asked of the system about the practice program: start it with its key, see whether it runs, close it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::secret::SecretText;

/// How a program gets its key. Never as an argument: everybody on the computer can read those.
#[derive(Debug)]
pub enum Handover {
    /// In an environment variable of the program alone.
    Variable {
        /// Its name.
        name: String,
        /// The key.
        key: SecretText,
    },
    /// As the one line on its standard input, which then ends.
    Input(SecretText),
    /// On an open file that it inherits.
    Descriptor {
        /// What is read there.
        content: SecretText,
        /// How the program learns which one.
        told: ToldBy,
    },
}

/// How a program learns on which open file its key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldBy {
    /// Its number, in this environment variable. It can be read once.
    Number(&'static str),
    /// A path that opens it, in this environment variable. It can be read again.
    Path(&'static str),
}

/// Whose terminal and signals the program has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// Ours, as with any command: for the command line.
    Shared,
    /// Its own; whatever it starts is closed with it.
    Own,
}

/// A program to start.
#[derive(Debug)]
pub struct Start {
    /// Which.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Its working folder, if not ours.
    pub folder: Option<PathBuf>,
    /// Environment variables beside those that it inherits; nothing in them is secret.
    pub variables: Vec<(&'static str, String)>,
    /// Its key.
    pub handover: Option<Handover>,
    /// Whose terminal it has.
    pub ties: Ties,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

/// Whether the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// None was started, or its end has been told.
    No,
    /// It does.
    Yes,
    /// It has ended; told once.
    Ended(Ending),
}

/// How to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Asks it to close.
    Politely,
    /// Ends it.
    Firmly,
}

/// Why a program was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramError {
    /// There is no such program.
    NotFound,
    /// It may not be started.
    NotAllowed,
    /// There is no such folder.
    NoFolder,
    /// The last one has not ended.
    StillThere,
    /// This system cannot pass a key like that.
    NoSuchHandover,
    /// The system could not start it; the word is for `doctor`.
    Broken(&'static str),
}

/// Starts the practice program and knows whether it runs. It ends with us, where the system offers that.
pub trait Programs: Send {
    /// Starts it. The key is wiped here as soon as the program has it.
    ///
    /// # Errors
    /// See [`ProgramError`]; nothing is running then that was not before.
    fn start(&mut self, start: Start) -> Result<(), ProgramError>;

    /// Whether it runs; waits for its end for at most that long.
    fn wait(&mut self, at_most: Duration) -> Running;

    /// Closes it; an ended one is left alone. Does not wait for the end.
    fn close(&mut self, manner: Manner);
}
