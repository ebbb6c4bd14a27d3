//! What this process does so that its memory stays its own: no core dump, no debugger, no swapped keys.
//!
//! Called first thing in both programs. Nothing here can fail in a way that stops anybody: a system that refuses is a
//! system on which the README's promise is weaker, and it says so.

use crate::domain::page::{self, Pinned};

/// The memory of both programs, wiped block by block as it is freed.
///
/// What a library copied into a buffer of its own (a typed letter, a line of JSON, a message on the bus) is nobody's to
/// wipe; this reaches it all the same. It is said once in each program: `#[global_allocator]`.
pub type Memory = zeroizing_alloc::ZeroAlloc<std::alloc::System>;

/// The memory of this system, to be wiped.
#[must_use]
pub const fn memory() -> Memory {
    zeroizing_alloc::ZeroAlloc(std::alloc::System)
}

/// Closes the process to lookers-on.
///
/// A crash leaves no picture of the memory, other programs of the same person can neither trace nor read it (Linux,
/// macOS), and pages with keys are asked to stay out of the swap file.
pub fn harden() {
    system::close();
    pin_keys();
}

/// Only the last of [`harden`]'s three, for a process whose memory a test reads.
pub fn pin_keys() {
    page::pin_with(pin);
}

/// Systems have a limit for this: above it, and where it is not allowed at all, a key is wiped but may be swapped.
fn pin(bytes: &[u8]) -> Option<Pinned> {
    region::lock(bytes.as_ptr(), bytes.len()).ok().map(|guard| Box::new(guard) as Pinned)
}

#[cfg(unix)]
mod system {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    pub(super) fn close() {
        // The hard limit stays: what a person starts after signing in may ask for its own dumps again.
        let limit = Rlimit { current: Some(0), ..getrlimit(Resource::Core) };
        setrlimit(Resource::Core, limit).ok();
        // Also closes /proc/PID/mem and its like to everyone but the administrator, and ends with the next program.
        #[cfg(target_os = "linux")]
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).ok();
        #[cfg(target_os = "macos")]
        crate::adapters::os::let_nobody_attach();
    }
}

#[cfg(windows)]
mod system {
    pub(super) fn close() {
        crate::adapters::os::leave_memory_out_of_reports();
    }
}
