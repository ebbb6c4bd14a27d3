//! Programs on Linux and macOS: process groups, the parent-death signal, an inherited file.

#![expect(unsafe_code, reason = "what a child does before it becomes the program is foreign to Rust's rules")]

use std::io::Write;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::domain::secret::SecretText;
use crate::ports::{Manner, ProgramError, Ties, ToldBy};

/// The signal is the process's own: nothing to hold.
pub(super) struct Tied;

pub(super) fn tied(_: &Child) -> Tied {
    Tied
}

/// A group of its own, so that what it starts is closed with it; and on Linux, the end of it when ours comes.
pub(super) fn tie(command: &mut Command, ties: Ties) {
    if ties == Ties::Own {
        command.process_group(0);
    }
    #[cfg(target_os = "linux")]
    {
        let us = rustix::process::getpid();
        let end_with_us = move || {
            rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
            // Ours may have ended between the fork and the line above.
            if rustix::process::getppid() == Some(us) { Ok(()) } else { Err(rustix::io::Errno::SRCH.into()) }
        };
        // SAFETY: two system calls and no allocation, as is allowed between fork and exec.
        unsafe { command.pre_exec(end_with_us) };
    }
}

/// Puts the content where the program can read it by a descriptor alone, and tells it which.
pub(super) fn open_file(command: &mut Command, content: &SecretText, told: ToldBy) -> Result<OwnedFd, ProgramError> {
    let file = match told {
        ToldBy::Number(_) => pipe_with(content)?,
        ToldBy::Path(_) => readable_again(content)?,
    };
    let number = file.as_raw_fd();
    match told {
        ToldBy::Number(variable) => command.env(variable, number.to_string()),
        ToldBy::Path(variable) => command.env(variable, format!("/dev/fd/{number}")),
    };
    let keep_open = move || {
        // SAFETY: the parent holds the file until the child is started, so that the number is its there, too.
        let file = unsafe { BorrowedFd::borrow_raw(number) };
        Ok(fcntl_setfd(file, FdFlags::empty())?)
    };
    // SAFETY: one system call and no allocation, as is allowed between fork and exec.
    unsafe { command.pre_exec(keep_open) };
    Ok(file)
}

/// A pipe that holds the whole content already, its writing end closed.
fn pipe_with(content: &SecretText) -> Result<OwnedFd, ProgramError> {
    let broken = |_| ProgramError::Broken("pipe");
    let (reader, mut writer) = std::io::pipe().map_err(broken)?;
    // Keys are at most 4 KiB, and a pipe takes 16 on every system before it makes anybody wait.
    writer.write_all(content.expose().as_bytes()).map_err(broken)?;
    Ok(reader.into())
}

/// A file in memory alone, which libpq may open for each of its connections.
#[cfg(target_os = "linux")]
fn readable_again(content: &SecretText) -> Result<OwnedFd, ProgramError> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    let broken = |_| ProgramError::Broken("memory file");
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let file = memfd_create("clinic2fa", flags).map_err(broken)?;
    let mut writer = std::fs::File::from(file);
    writer.write_all(content.expose().as_bytes()).map_err(|_| ProgramError::Broken("memory file"))?;
    fcntl_add_seals(&writer, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)
        .map_err(broken)?;
    Ok(writer.into())
}

/// Elsewhere a pipe, which is good for one connection.
#[cfg(not(target_os = "linux"))]
fn readable_again(content: &SecretText) -> Result<OwnedFd, ProgramError> {
    pipe_with(content)
}

pub(super) fn close(child: &mut Child, _: &Tied, ties: Ties, manner: Manner) {
    let signal = match manner {
        Manner::Politely => Signal::TERM,
        Manner::Firmly => Signal::KILL,
    };
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return };
    // It has not been waited for, so that the number is still its own. An error means that it has just ended.
    match ties {
        Ties::Own => kill_process_group(pid, signal).ok(),
        Ties::Shared => kill_process(pid, signal).ok(),
    };
}
