//! The hidden window, sent by hand what Windows sends.

use std::sync::mpsc::{Receiver, channel};
use std::thread;

use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    INPUT, INPUT_0, INPUT_KEYBOARD, KEYBDINPUT, KEYEVENTF_KEYUP, SendInput, VK_CONTROL, VK_SHIFT,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    FindWindowW, PBT_APMPOWERSTATUSCHANGE, PBT_APMRESUMESUSPEND, PostMessageW, SendMessageW, WTS_CONSOLE_CONNECT,
    WTS_REMOTE_CONNECT, WTS_SESSION_LOGON, WTS_SESSION_UNLOCK,
};

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

fn hidden_window() -> HWND {
    let name = crate::adapters::os::windows::wide(NAME);
    // SAFETY: the name ends in zero and outlives the call.
    let window = unsafe { FindWindowW(name.as_ptr(), ptr::null()) };
    assert!(!window.is_null());
    window
}

/// Sends a message as Windows does: returns when it has been dealt with.
fn send(message: u32, event: u32) {
    // SAFETY: takes plain values.
    unsafe { SendMessageW(hidden_window(), message, usize::try_from(event).unwrap(), 0) };
}

/// Waits until all that was put into the thread's queue has been dealt with. What is sent would overtake it.
fn catch_up(heard: &Receiver<Message>) {
    // SAFETY: takes plain values.
    unsafe { PostMessageW(hidden_window(), WM_DISPLAYCHANGE, 0, 0) };
    assert_eq!(next(heard), "screens");
}

fn press(key: u16, flags: u32) {
    let what = KEYBDINPUT { wVk: key, wScan: 0, dwFlags: flags, time: 0, dwExtraInfo: 0 };
    let input = INPUT { r#type: INPUT_KEYBOARD, Anonymous: INPUT_0 { ki: what } };
    // SAFETY: reads one INPUT, whose size it is told.
    let done = unsafe { SendInput(1, &raw const input, i32::try_from(size_of::<INPUT>()).unwrap()) };
    assert_eq!(done, 1, "no input can be made here");
}

fn next(heard: &Receiver<Message>) -> &'static str {
    match heard.recv_timeout(PATIENCE).expect("nothing was told") {
        Message::Locked => "locked",
        Message::SwitchedAway => "away",
        Message::RemoteGone => "remote gone",
        Message::GoesToSleep(_) => "sleeps",
        Message::Woke => "woke",
        Message::Hotkey => "hotkey",
        Message::ScreensChanged => "screens",
    }
}

/// One test, because there is one window of that name.
#[test]
fn each_message_of_windows_is_told_and_sleep_waits_for_the_guard() {
    let (tell, heard) = channel();
    let (ready, is_ready) = channel();
    let told = move |message| tell.send(message).unwrap();
    thread::Builder::new().name("session".to_owned()).spawn(|| listen(move |l| ready.send(l).unwrap(), told)).unwrap();
    let listener = is_ready.recv_timeout(PATIENCE).unwrap();

    // What comes back is nothing to lock for; the one after it in each line is.
    let lines = [
        (WM_WTSSESSION_CHANGE, [WTS_SESSION_UNLOCK, WTS_SESSION_LOCK], "locked"),
        (WM_WTSSESSION_CHANGE, [WTS_CONSOLE_CONNECT, WTS_CONSOLE_DISCONNECT], "away"),
        (WM_WTSSESSION_CHANGE, [WTS_REMOTE_CONNECT, WTS_REMOTE_DISCONNECT], "remote gone"),
        (WM_WTSSESSION_CHANGE, [WTS_SESSION_LOGON, WTS_SESSION_LOCK], "locked"),
        (WM_POWERBROADCAST, [PBT_APMPOWERSTATUSCHANGE, PBT_APMRESUMEAUTOMATIC], "woke"),
        (WM_POWERBROADCAST, [PBT_APMRESUMESUSPEND, PBT_APMRESUMEAUTOMATIC], "woke"),
    ];
    for (message, events, expected) in lines {
        for event in events {
            send(message, event);
        }
        assert_eq!(next(&heard), expected, "{events:?}");
    }
    send(WM_DISPLAYCHANGE, 0);
    assert_eq!(next(&heard), "screens");

    // Windows has to wait until the curtain is painted.
    let (slept, has_slept) = channel();
    let sleep = move || {
        send(WM_POWERBROADCAST, PBT_APMSUSPEND);
        slept.send(()).unwrap();
    };
    thread::Builder::new().name("power".to_owned()).spawn(sleep).unwrap();
    let Ok(Message::GoesToSleep(guard)) = heard.recv_timeout(PATIENCE) else { panic!("no sleep was told") };
    assert!(has_slept.recv_timeout(BEFORE_SLEEP / 3).is_err(), "it slept before the curtain was painted");
    drop(guard);
    assert!(has_slept.recv_timeout(BEFORE_SLEEP / 3).is_ok(), "it did not sleep when the curtain was painted");
    // And not for ever.
    send(WM_POWERBROADCAST, PBT_APMSUSPEND);
    assert_eq!(next(&heard), "sleeps");

    // The keys are taken, and given back.
    let press_all = || {
        let keys = [VK_CONTROL, VK_SHIFT, u16::try_from(KEY_L).unwrap()];
        for (flags, key) in [0, KEYEVENTF_KEYUP].into_iter().flat_map(|flags| keys.map(|key| (flags, key))) {
            press(key, flags);
        }
    };
    listener.hotkey(true);
    catch_up(&heard);
    press_all();
    assert_eq!(next(&heard), "hotkey");
    assert!(idle().is_some_and(|idle| idle < PATIENCE));
    listener.hotkey(false);
    catch_up(&heard);
    press_all();
    catch_up(&heard);

    assert!(is_told());
}
