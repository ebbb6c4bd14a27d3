//! Programs on Windows: a job that ends with us, and windows that are asked to close.

#![expect(unsafe_code, reason = "foreign functions; every call takes plain values or a structure that outlives it")]

use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::process::{Child, Command};
use std::ptr;

use windows_sys::Win32::Foundation::{HWND, LPARAM};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectExtendedLimitInformation, SetInformationJobObject,
    TerminateJobObject,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{EnumWindows, GetWindowThreadProcessId, PostMessageW, WM_CLOSE};

use crate::domain::secret::SecretText;
use crate::ports::{Manner, ProgramError, Ties, ToldBy};

/// The job: closed with our process, however that ends, and everything in it ends then.
pub(super) struct Tied(Option<OwnedHandle>);

pub(super) fn tie(_: &mut Command, _: Ties) {}

/// Puts a program that has just been started into a job of its own. What it starts in the instant before is outside.
pub(super) fn tied(child: &Child) -> Tied {
    // SAFETY: no attributes and no name; the handle is ours alone.
    let job = unsafe { CreateJobObjectW(ptr::null(), ptr::null()) };
    if job.is_null() {
        return Tied(None);
    }
    // SAFETY: it has just been made and belongs to nobody else.
    let job = unsafe { OwnedHandle::from_raw_handle(job) };
    let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    let size = u32::try_from(size_of_val(&limits)).unwrap_or(0);
    // SAFETY: the structure is the one that the class names, and outlives the call.
    let limited = unsafe {
        SetInformationJobObject(
            job.as_raw_handle(),
            JobObjectExtendedLimitInformation,
            ptr::from_ref(&limits).cast(),
            size,
        )
    };
    // SAFETY: both handles are open.
    let inside = unsafe { AssignProcessToJobObject(job.as_raw_handle(), child.as_raw_handle()) };
    Tied((limited != 0 && inside != 0).then_some(job))
}

/// A file that is open in another program has no number here that means the same there.
pub(super) fn open_file(_: &mut Command, _: &SecretText, _: ToldBy) -> Result<OwnedHandle, ProgramError> {
    Err(ProgramError::NoSuchHandover)
}

pub(super) fn close(child: &mut Child, tied: &Tied, _: Ties, manner: Manner) {
    match (manner, &tied.0) {
        (Manner::Politely, _) => ask_to_close(child.id()),
        (Manner::Firmly, Some(job)) => {
            // SAFETY: the handle is open.
            unsafe { TerminateJobObject(job.as_raw_handle(), 1) };
        }
        (Manner::Firmly, None) => {
            child.kill().ok();
        }
    }
}

/// As if somebody had pressed the cross of each of its windows.
fn ask_to_close(process: u32) {
    // SAFETY: called back during this call alone, with a window of the system's and the number that is handed over.
    unsafe extern "system" fn ask(window: HWND, process: LPARAM) -> i32 {
        let mut owner = 0_u32;
        // SAFETY: writes one number to a place that is there.
        unsafe { GetWindowThreadProcessId(window, &raw mut owner) };
        if isize::try_from(owner) == Ok(process) {
            // SAFETY: takes plain values; a window that is gone is an error that changes nothing.
            unsafe { PostMessageW(window, WM_CLOSE, 0, 0) };
        }
        1
    }
    if let Ok(process) = isize::try_from(process) {
        // SAFETY: the function outlives the call, which returns after the last window.
        unsafe { EnumWindows(Some(ask), process) };
    }
}

#[cfg(test)]
mod tests;
