//! What Windows tells a window of its session: locked, switched, disconnected, going to sleep, woken up; and when
//! somebody last touched something. The window is never shown.

#![expect(unsafe_code, reason = "foreign functions; every call here takes plain values or a buffer that outlives it")]

use std::cell::RefCell;
use std::ptr;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Power::RegisterSuspendResumeNotification;
use windows_sys::Win32::System::RemoteDesktop::{NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification};
use windows_sys::Win32::System::SystemInformation::{GetTickCount, GetTickCount64};
use windows_sys::Win32::System::Threading::GetCurrentThreadId;
use windows_sys::Win32::System::WindowsProgramming::QueryUnbiasedInterruptTime;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    GetLastInputInfo, LASTINPUTINFO, MOD_CONTROL, MOD_NOREPEAT, MOD_SHIFT, RegisterHotKey, UnregisterHotKey,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DEVICE_NOTIFY_WINDOW_HANDLE, DefWindowProcW, DestroyWindow, DispatchMessageW, GetMessageW, MSG,
    PBT_APMRESUMEAUTOMATIC, PBT_APMSUSPEND, PostThreadMessageW, RegisterClassW, WM_APP, WM_DISPLAYCHANGE, WM_HOTKEY,
    WM_POWERBROADCAST, WM_WTSSESSION_CHANGE, WNDCLASSW, WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT,
    WTS_SESSION_LOCK,
};

/// Windows waits about two seconds for every program before it sleeps.
const BEFORE_SLEEP: Duration = Duration::from_millis(1500);
/// The window's name, and its class's.
const NAME: &str = "clinic2fa session";
const HOTKEY: i32 = 1;
/// The virtual key of the letter L is its capital letter.
const KEY_L: u32 = 0x4c;

/// What happened.
pub(crate) enum Message {
    Locked,
    SwitchedAway,
    RemoteGone,
    /// It sleeps when this is dropped, or after a moment.
    GoesToSleep(SyncSender<()>),
    Woke,
    Hotkey,
    ScreensChanged,
}

type Told = Box<dyn Fn(Message)>;

thread_local! {
    static TELL: RefCell<Option<Told>> = const { RefCell::new(None) };
}

/// The thread that [`listen`] runs on, once it is ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listener(u32);

impl Listener {
    /// Takes Ctrl+Shift+L from other programs, or gives it back.
    pub(crate) fn hotkey(self, taken: bool) {
        // SAFETY: takes plain values; a thread that is gone is an error that is returned.
        unsafe { PostThreadMessageW(self.0, WM_APP, WPARAM::from(taken), 0) };
    }
}

/// For how long nobody has touched anything in this session.
pub(crate) fn idle() -> Option<Duration> {
    let size = u32::try_from(size_of::<LASTINPUTINFO>()).ok()?;
    let mut info = LASTINPUTINFO { cbSize: size, dwTime: 0 };
    // SAFETY: writes one LASTINPUTINFO, whose size it is told, to a place that is there.
    let done = unsafe { GetLastInputInfo(&raw mut info) };
    // SAFETY: takes nothing and returns a number. It begins anew every 49 days; the difference is right nevertheless.
    let now = unsafe { GetTickCount() };
    (done != 0).then(|| Duration::from_millis(now.wrapping_sub(info.dwTime).into()))
}

/// How long this computer has slept since it started.
pub(crate) fn asleep() -> Duration {
    let mut awake = 0;
    // SAFETY: writes one number, in tenths of microseconds, to a place that is there.
    let done = unsafe { QueryUnbiasedInterruptTime(&raw mut awake) };
    // SAFETY: takes nothing and returns a number.
    let whole = Duration::from_millis(unsafe { GetTickCount64() });
    let awake = Duration::from_micros(awake / 10);
    if done == 0 { Duration::ZERO } else { whole.saturating_sub(awake) }
}

/// Whether Windows tells a window of this program about its session.
pub(crate) fn is_told() -> bool {
    let Some(window) = window() else { return false };
    let told = hears_of_session(window);
    // SAFETY: the window is this thread's own, and nobody uses it afterwards; what it heard of ends with it.
    unsafe { DestroyWindow(window) };
    told
}

/// Refused while the service that tells of it has not started yet.
fn hears_of_session(window: HWND) -> bool {
    // SAFETY: the window is this thread's own.
    unsafe { WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION) != 0 }
}

/// A window of this thread's own that is never shown.
fn window() -> Option<HWND> {
    let name = super::windows::wide(NAME);
    // SAFETY: a null name is this program's own module.
    let module = unsafe { GetModuleHandleW(ptr::null()) };
    // SAFETY: all fields are plain values for which zero is "none".
    let mut class: WNDCLASSW = unsafe { std::mem::zeroed() };
    class.lpfnWndProc = Some(heard);
    class.hInstance = module;
    class.lpszClassName = name.as_ptr();
    // SAFETY: the class and its name outlive the call, which copies them; a class that is there already stays.
    unsafe { RegisterClassW(&raw const class) };
    // SAFETY: the name ends in zero and outlives the call; parent, menu and parameter may be null. A top-level window, since
    // message-only windows hear nothing of power and displays; without WS_VISIBLE it is never shown.
    let window = unsafe {
        let (parent, menu) = (ptr::null_mut(), ptr::null_mut());
        CreateWindowExW(0, name.as_ptr(), name.as_ptr(), 0, 0, 0, 0, 0, parent, menu, module, ptr::null())
    };
    (!window.is_null()).then_some(window)
}

/// Tells what happens, for as long as the thread lives. Returns only when there can be no window.
pub(crate) fn listen(ready: impl FnOnce(Listener), tell: impl Fn(Message) + 'static) {
    TELL.set(Some(Box::new(tell)));
    let Some(window) = window() else { return };
    let mut told = hears_of_session(window);
    // A computer in "modern standby" tells of sleep only who has asked for it; others tell every window.
    // SAFETY: the window is this thread's own.
    unsafe { RegisterSuspendResumeNotification(window, DEVICE_NOTIFY_WINDOW_HANDLE) };
    // SAFETY: takes nothing and returns a number.
    ready(Listener(unsafe { GetCurrentThreadId() }));
    // SAFETY: all fields are plain values for which zero is "none".
    let mut message: MSG = unsafe { std::mem::zeroed() };
    // SAFETY: writes one MSG to a place that is there; zero is the end, -1 an error.
    while unsafe { GetMessageW(&raw mut message, ptr::null_mut(), 0, 0) } > 0 {
        if message.hwnd.is_null() && message.message == WM_APP {
            // Somebody has signed in or out: time enough for a service to start.
            told = told || hears_of_session(window);
            // SAFETY: the window is this thread's own. Another program may have the keys: then they stay its own.
            unsafe {
                if message.wParam == 0 {
                    UnregisterHotKey(window, HOTKEY);
                } else {
                    RegisterHotKey(window, HOTKEY, MOD_CONTROL | MOD_SHIFT | MOD_NOREPEAT, KEY_L);
                }
            }
            continue;
        }
        // SAFETY: the message was just written by GetMessageW.
        unsafe { DispatchMessageW(&raw const message) };
    }
}

/// Called by Windows with each message to the window.
extern "system" fn heard(window: HWND, message: u32, w: WPARAM, l: LPARAM) -> LRESULT {
    let event = u32::try_from(w).unwrap_or(0);
    let mut wait: Option<Receiver<()>> = None;
    let told = match (message, event) {
        (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK) => Some(Message::Locked),
        (WM_WTSSESSION_CHANGE, WTS_CONSOLE_DISCONNECT) => Some(Message::SwitchedAway),
        (WM_WTSSESSION_CHANGE, WTS_REMOTE_DISCONNECT) => Some(Message::RemoteGone),
        (WM_POWERBROADCAST, PBT_APMSUSPEND) => {
            let (guard, gone) = sync_channel(0);
            wait = Some(gone);
            Some(Message::GoesToSleep(guard))
        }
        (WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC) => Some(Message::Woke),
        (WM_HOTKEY, _) => Some(Message::Hotkey),
        (WM_DISPLAYCHANGE, _) => Some(Message::ScreensChanged),
        _ => None,
    };
    if let Some(told) = told {
        TELL.with_borrow(|tell| {
            if let Some(tell) = tell {
                tell(told);
            }
        });
    }
    if let Some(gone) = wait {
        // Ends when the guard is dropped, or when Windows would not wait any longer either.
        gone.recv_timeout(BEFORE_SLEEP).ok();
    }
    // SAFETY: passes on what it was given.
    unsafe { DefWindowProcW(window, message, w, l) }
}

#[cfg(test)]
mod tests;
