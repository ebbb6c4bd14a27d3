//! A page of memory for one key: what keeps a key where it is, and nowhere else.
//!
//! A key that is handed on hands on an address, so that no copy of its bytes stays behind in a place nobody wipes. The
//! page is the key's alone: it can be kept out of the swap file, and let go of, without touching another key's.

use std::sync::OnceLock;

use zeroize::Zeroize;

/// Bytes of a key.
const KEY_LEN: usize = 32;

/// Deeper than any call of ours leaves something on the stack, in bytes; a thread's is eight times as large.
const SWEPT: usize = 256 * 1024;

/// What keeps memory from being swapped out, for as long as it lives.
pub type Pinned = Box<dyn Send + Sync>;

/// Asks the system to keep these bytes out of the swap file; `None` where it will not, which stops nobody.
pub type Pin = fn(&[u8]) -> Option<Pinned>;

static PIN: OnceLock<Pin> = OnceLock::new();

/// Says once, before the first key, how this system pins memory. Without it keys are wiped all the same.
pub fn pin_with(pin: Pin) {
    // A second call, from a second window of one test, would say the same.
    PIN.get_or_init(|| pin);
}

/// 32 bytes with a page to themselves, wiped when dropped.
pub(super) struct KeyPage {
    // Before the page: it must end while the memory is still ours, or it would end the pin of whoever has it next.
    _pinned: Option<Pinned>,
    page: Box<Page>,
}

/// Aligned to the system's page, and so as large as one.
#[cfg_attr(target_os = "macos", repr(C, align(16384)))]
#[cfg_attr(not(target_os = "macos"), repr(C, align(4096)))]
struct Page([u8; KEY_LEN]);

impl KeyPage {
    /// Zeros, to be filled in place.
    pub(super) fn blank() -> Self {
        let page = Box::new(Page([0; KEY_LEN]));
        let pinned = PIN.get().and_then(|pin| pin(&page.0));
        Self { _pinned: pinned, page }
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.page.0
    }

    pub(super) fn fill(&mut self) -> &mut [u8; KEY_LEN] {
        &mut self.page.0
    }
}

impl Drop for KeyPage {
    fn drop(&mut self) {
        self.page.0.zeroize();
    }
}

/// Overwrites what earlier calls of this thread have left on its stack. Done at every lock: ciphers and codes work with
/// copies of their keys there, and a stack is wiped by nobody.
#[inline(never)]
pub fn sweep_stack() {
    #[expect(clippy::large_stack_arrays, reason = "its size is its purpose")]
    let mut room = [0_u8; SWEPT];
    room.zeroize();
    std::hint::black_box(&room);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_key_has_its_page_for_itself_and_gives_its_pin_back() {
        static HELD: AtomicUsize = AtomicUsize::new(0);
        struct Held;
        impl Drop for Held {
            fn drop(&mut self) {
                HELD.fetch_sub(1, Ordering::Relaxed);
            }
        }
        pin_with(|bytes| {
            assert_eq!(bytes.as_ptr().addr() % 4096, 0, "the start of a page");
            assert_eq!(bytes.len(), KEY_LEN);
            HELD.fetch_add(1, Ordering::Relaxed);
            Some(Box::new(Held))
        });
        assert!(size_of::<Page>() >= 4096, "nothing else fits on it");
        // Other tests of this binary make keys at the same time: only ours are counted, by what changes.
        let keys: Vec<KeyPage> = (0..1000).map(|_| KeyPage::blank()).collect();
        assert!(HELD.load(Ordering::Relaxed) >= 1000);
        drop(keys);
        assert!(HELD.load(Ordering::Relaxed) < 1000);
    }
}
