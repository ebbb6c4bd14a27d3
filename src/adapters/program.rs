//! The practice program as a process of this computer.
//!
//! It is started with pipes of its own, so that a key on its standard input or on a descriptor is in no file. Where the
//! system offers it, it ends with us: on Linux by the parent-death signal, on Windows by a job. macOS has nothing of the
//! kind: a program there outlives one of ours that was killed.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io::{ErrorKind, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;
use crate::ports::{Ending, Handover, Manner, ProgramError, Programs, Running, Start, Ties};

/// How often an end that is waited for is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The one program that runs.
#[derive(Default)]
pub struct OsPrograms {
    running: Option<Process>,
}

struct Process {
    child: Child,
    ties: Ties,
    /// What makes it end with us, for as long as this is held.
    tied: system::Tied,
}

impl Programs for OsPrograms {
    fn start(&mut self, start: Start) -> Result<(), ProgramError> {
        if self.running.is_some() && self.wait(Duration::ZERO) == Running::Yes {
            return Err(ProgramError::StillThere);
        }
        let mut command = Command::new(&start.program);
        command.args(&start.arguments).envs(start.variables);
        if let Some(folder) = &start.folder {
            if !folder.is_dir() {
                return Err(ProgramError::NoFolder);
            }
            command.current_dir(folder);
        }
        if start.ties == Ties::Own {
            // What somebody types at ours, if anybody does, is not for it.
            command.stdin(Stdio::null());
        }
        let mut line = None;
        let mut open_file = None;
        match start.handover {
            None => {}
            Some(Handover::Variable { name, key }) => {
                command.env(name, key.expose());
            }
            Some(Handover::Input(key)) => {
                command.stdin(Stdio::piped());
                line = Some(key);
            }
            Some(Handover::Descriptor { content, told }) => {
                open_file = Some(system::open_file(&mut command, &content, told)?);
            }
        }
        system::tie(&mut command, start.ties);
        let spawned = command.spawn();
        // The key goes out of our memory with it.
        drop(command);
        drop(open_file);
        let mut child = spawned.map_err(|err| {
            if err.kind() == ErrorKind::NotFound {
                ProgramError::NotFound
            } else if err.kind() == ErrorKind::PermissionDenied {
                ProgramError::NotAllowed
            } else {
                ProgramError::Broken("start")
            }
        })?;
        if let (Some(line), Some(mut input)) = (line, child.stdin.take()) {
            // A program that does not read it needs no key; the pipe ends here either way.
            input.write_all(line.expose().as_bytes()).ok();
        }
        let tied = system::tied(&child);
        self.running = Some(Process { child, ties: start.ties, tied });
        Ok(())
    }

    fn wait(&mut self, at_most: Duration) -> Running {
        let Some(process) = &mut self.running else { return Running::No };
        let mut left = at_most;
        loop {
            match process.child.try_wait() {
                Ok(Some(status)) => {
                    self.running = None;
                    return Running::Ended(ending(status));
                }
                // Somebody else has waited for it: it is gone, and nobody knows how.
                Err(_) => {
                    self.running = None;
                    return Running::Ended(Ending::Status(128));
                }
                Ok(None) => {}
            }
            if left.is_zero() {
                return Running::Yes;
            }
            std::thread::park_timeout(left.min(LOOK_EVERY));
            left = left.saturating_sub(LOOK_EVERY);
        }
    }

    fn close(&mut self, manner: Manner) {
        if self.wait(Duration::ZERO) != Running::Yes {
            return;
        }
        if let Some(process) = &mut self.running {
            system::close(&mut process.child, &process.tied, process.ties, manner);
        }
    }
}

fn ending(status: ExitStatus) -> Ending {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ending::Signal(signal);
    }
    Ending::Status(status.code().unwrap_or(128))
}
