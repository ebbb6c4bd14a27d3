//! Calls to macOS.

use std::ptr;

/// Refuses debuggers from now on; one that is attached already ends the program.
pub(crate) fn let_nobody_attach() {
    // SAFETY: PT_DENY_ATTACH takes no address and looks at none. Refused, it is as it was.
    unsafe { libc::ptrace(libc::PT_DENY_ATTACH, 0, ptr::null_mut(), 0) };
}
