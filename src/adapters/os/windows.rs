//! Calls to Windows.

use std::ffi::OsStr;
use std::os::windows::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::time::Duration;

use windows_sys::Win32::Foundation::{FILETIME, MAX_PATH};
use windows_sys::Win32::Storage::FileSystem::{GetDiskFreeSpaceExW, GetDriveTypeW, GetVolumePathNameW};
use windows_sys::Win32::System::ErrorReporting::{WER_FAULT_REPORTING_FLAG_NOHEAP, WerSetFlags};
use windows_sys::Win32::System::SystemInformation::{GetSystemTimeAsFileTime, GetTickCount64};
use windows_sys::Win32::UI::Shell::ShellExecuteW;
use windows_sys::Win32::UI::WindowsAndMessaging::SW_HIDE;

/// `DRIVE_REMOTE` of `winbase.h`: a network drive, mapped to a letter or not.
const DRIVE_REMOTE: u32 = 4;

/// Seconds from 1601, where Windows begins to count, to 1970.
const SECS_1601_TO_1970: i64 = 11_644_473_600;

/// The least that `ShellExecuteW` answers when it could do what was asked; anything up to it is an error code.
const SHELL_DONE: isize = 32;

/// Time since the computer started, sleep included.
pub(crate) fn since_start() -> Duration {
    // SAFETY: takes nothing and returns a number.
    Duration::from_millis(unsafe { GetTickCount64() })
}

/// Whole seconds since 1970, negative before.
pub(crate) fn unix_secs() -> i64 {
    let mut time = FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 };
    // SAFETY: writes one FILETIME to a place that is there.
    unsafe { GetSystemTimeAsFileTime(&raw mut time) };
    let ticks = (u64::from(time.dwHighDateTime) << 32) | u64::from(time.dwLowDateTime);
    i64::try_from(ticks / 10_000_000).unwrap_or(i64::MAX).saturating_sub(SECS_1601_TO_1970)
}

/// Whether the path lies on a drive of another computer; it need not exist.
pub(crate) fn is_network_drive(path: &Path) -> bool {
    let path = wide(path);
    let mut root = vec![0_u16; MAX_PATH as usize + 1];
    let room = u32::try_from(root.len()).unwrap_or(0);
    // SAFETY: both buffers end in zero and outlive the calls; the room given is the buffer's length.
    unsafe {
        GetVolumePathNameW(path.as_ptr(), root.as_mut_ptr(), room) != 0 && GetDriveTypeW(root.as_ptr()) == DRIVE_REMOTE
    }
}

/// Bytes this person may still write on the drive of an existing folder.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let folder = wide(folder);
    let mut free = 0;
    // SAFETY: the path ends in zero and outlives the call; the other two places may be null by the documentation.
    let done = unsafe { GetDiskFreeSpaceExW(folder.as_ptr(), &raw mut free, ptr::null_mut(), ptr::null_mut()) };
    (done != 0).then_some(free)
}

/// Asks the program that opens such files to print one; `false` when there is none or it refused.
pub(crate) fn print_file(file: &Path) -> bool {
    let file = wide(file);
    let verb: Vec<u16> = "print\0".encode_utf16().collect();
    // SAFETY: both texts end in zero and outlive the call; window, parameters and folder may be null.
    let answer =
        unsafe { ShellExecuteW(ptr::null_mut(), verb.as_ptr(), file.as_ptr(), ptr::null(), ptr::null(), SW_HIDE) };
    answer as isize > SHELL_DONE
}

/// Keeps this program's memory out of the reports that Windows writes about a crash.
pub(crate) fn leave_memory_out_of_reports() {
    // SAFETY: takes a number and changes only how this process is reported. Refused, reports are as they were.
    unsafe { WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP) };
}

/// A text as Windows takes it: UTF-16, ended by a zero.
pub(super) fn wide(text: impl AsRef<OsStr>) -> Vec<u16> {
    text.as_ref().encode_wide().chain([0]).collect()
}
