//! Calls to Windows that only the window makes.

use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::WAIT_OBJECT_0;
use windows_sys::Win32::System::Threading::{
    CreateEventW, EVENT_MODIFY_STATE, INFINITE, OpenEventW, SetEvent, WaitForSingleObject,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    ASFW_ANY, AllowSetForegroundWindow, MB_ICONERROR, MB_OK, MB_SETFOREGROUND, MessageBoxW,
};

use super::windows::wide;

/// A box with an error in it, and the sound that goes with it; returns when the person has closed it.
pub(crate) fn message_box(title: &str, text: &str) {
    let (title, text) = (wide(title), wide(text));
    // SAFETY: both texts end in zero and outlive the call; a box without an owner is allowed.
    unsafe { MessageBoxW(ptr::null_mut(), text.as_ptr(), title.as_ptr(), MB_OK | MB_ICONERROR | MB_SETFOREGROUND) };
}

/// A bell that another process of the same log-on session can ring by its name.
pub(crate) struct Bell(OwnedHandle);

impl Bell {
    /// Hangs it up; `None` when Windows refuses.
    pub(crate) fn hang(name: &str) -> Option<Self> {
        let name = wide(name);
        // SAFETY: the name ends in zero and outlives the call; no security attributes means the session's own.
        let handle = unsafe { CreateEventW(ptr::null(), 0, 0, name.as_ptr()) };
        if handle.is_null() {
            return None;
        }
        // SAFETY: the handle was just made, is not null, and nobody else closes it.
        Some(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// Waits until it is rung; false when it cannot be waited for.
    pub(crate) fn wait(&self) -> bool {
        // SAFETY: the handle is open for as long as `self` is.
        unsafe { WaitForSingleObject(self.0.as_raw_handle(), INFINITE) == WAIT_OBJECT_0 }
    }

    /// Rings the bell of that name, and lets whoever hears it come to the front; false when there is none.
    pub(crate) fn ring(name: &str) -> bool {
        let name = wide(name);
        // SAFETY: the name ends in zero and outlives the call.
        let handle = unsafe { OpenEventW(EVENT_MODIFY_STATE, 0, name.as_ptr()) };
        if handle.is_null() {
            return false;
        }
        // SAFETY: the handle was just opened, is not null, and nobody else closes it.
        let bell = unsafe { OwnedHandle::from_raw_handle(handle) };
        // SAFETY: takes a number; refused, the other window asks for attention in the task bar instead.
        unsafe { AllowSetForegroundWindow(ASFW_ANY) };
        // SAFETY: the handle is open until `bell` is dropped.
        unsafe { SetEvent(bell.as_raw_handle()) != 0 }
    }
}
