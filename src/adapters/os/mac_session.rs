//! What macOS tells of its session: screen locked, another person, going to sleep, woken up, screens that come and go.
//!
//! Sleep comes to the thread of [`listen`], which may therefore hold it up while the window paints. The rest comes to that
//! thread or to the main one, as macOS likes; what is told may come from both.

#![expect(unsafe_code, reason = "foreign functions; every call here takes plain values or a place that outlives it")]

use std::ffi::c_void;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use objc2_core_foundation::{
    CFBoolean, CFDictionary, CFNotificationCenter, CFNotificationSuspensionBehavior, CFNumber, CFRunLoop, CFString,
    CFType, kCFRunLoopDefaultMode,
};
use objc2_core_graphics::{
    CGDirectDisplayID, CGDisplayChangeSummaryFlags, CGDisplayRegisterReconfigurationCallback,
    CGSessionCopyCurrentDictionary,
};
use objc2_io_kit::{
    IOAllowPowerChange, IODeregisterForSystemPower, IONotificationPort, IONotificationPortRef,
    IORegisterForSystemPower, IOServiceClose, io_connect_t, io_object_t, io_service_t,
};

use crate::adapters::presence::mac_signs::{CONSOLE_CHANGED, Notified, Power, SAVER_STARTED, SCREEN_LOCKED, Session};

/// macOS waits up to thirty seconds for every program before it sleeps; nobody who shuts a lid should notice us.
const BEFORE_SLEEP: Duration = Duration::from_secs(5);

/// What happened.
pub(crate) enum Message {
    Notified(Notified),
    /// It sleeps when this is dropped, or after a moment.
    GoesToSleep(SyncSender<()>),
    Woke,
    ScreensChanged,
}

type Told = Box<dyn Fn(Message) + Send + Sync>;

static TELL: OnceLock<Told> = OnceLock::new();
/// Where sleep is allowed.
static ROOT: AtomicU32 = AtomicU32::new(0);

fn tell(message: Message) {
    if let Some(tell) = TELL.get() {
        tell(message);
    }
}

/// This session as it is now; nothing outside of a session with a screen.
pub(crate) fn session() -> Option<Session> {
    let dictionary = CGSessionCopyCurrentDictionary()?;
    // SAFETY: its keys are strings and its values objects of Core Foundation, of kinds that are asked for below.
    let dictionary = unsafe { dictionary.cast_unchecked::<CFString, CFType>() };
    let truth = |key| {
        let value = dictionary.get(&CFString::from_static_str(key))?;
        let number = || value.downcast_ref::<CFNumber>()?.as_i64();
        value.downcast_ref::<CFBoolean>().map(CFBoolean::as_bool).or_else(|| Some(number()? != 0))
    };
    Some(Session::of(truth))
}

/// Whether macOS tells this program of sleep.
pub(crate) fn hears_of_sleep() -> bool {
    PowerPort::open().is_some()
}

/// Tells what happens, for as long as the thread lives. Returns only when nothing will ever be told to this thread.
pub(crate) fn listen(told: impl Fn(Message) + Send + Sync + 'static) {
    if TELL.set(Box::new(told)).is_err() {
        return;
    }
    let centre = CFNotificationCenter::distributed_center();
    observe(centre.as_deref(), SCREEN_LOCKED);
    observe(centre.as_deref(), SAVER_STARTED);
    observe(CFNotificationCenter::darwin_notify_center().as_deref(), CONSOLE_CHANGED);
    // SAFETY: the function lives as long as the program, and is given nothing of ours.
    unsafe { CGDisplayRegisterReconfigurationCallback(Some(screens_changed), ptr::null_mut()) };
    let power = PowerPort::open();
    if let (Some(power), Some(here)) = (&power, CFRunLoop::current()) {
        ROOT.store(power.root, Ordering::Release);
        // SAFETY: the port is open for as long as `power` is.
        let source = unsafe { IONotificationPort::run_loop_source(power.port) };
        // SAFETY: a constant of the system's.
        here.add_source(source.as_deref(), unsafe { kCFRunLoopDefaultMode });
    }
    CFRunLoop::run();
}

fn observe(centre: Option<&CFNotificationCenter>, name: &'static str) {
    let Some(centre) = centre else { return };
    let name = CFString::from_static_str(name);
    // A program that is not in front is told late, unless it asks for this.
    let at_once = CFNotificationSuspensionBehavior::DeliverImmediately;
    // SAFETY: the function lives as long as the program; the observer is an address to know it by, and never read.
    unsafe { centre.add_observer(ptr::from_ref(&TELL).cast(), Some(notified), Some(&name), ptr::null(), at_once) };
}

/// Called by macOS with each notification that was asked for.
unsafe extern "C-unwind" fn notified(
    _: *mut CFNotificationCenter,
    _: *mut c_void,
    name: *const CFString,
    _: *const c_void,
    _: *const CFDictionary,
) {
    // SAFETY: null, or a text that is there until this returns.
    if let Some(name) = unsafe { name.as_ref() } {
        tell(Message::Notified(Notified::named(&name.to_string())));
    }
}

/// Called by macOS twice for each screen that changes, before and after.
unsafe extern "C-unwind" fn screens_changed(_: CGDirectDisplayID, what: CGDisplayChangeSummaryFlags, _: *mut c_void) {
    if !what.contains(CGDisplayChangeSummaryFlags::BeginConfigurationFlag) {
        tell(Message::ScreensChanged);
    }
}

/// Called by macOS, on the thread of [`listen`], with each message of its power management.
unsafe extern "C-unwind" fn power_changes(_: *mut c_void, _: io_service_t, message: u32, argument: *mut c_void) {
    // Two kinds of message are questions, whose number is where others have an address; macOS waits for the answer.
    let allow = || IOAllowPowerChange(ROOT.load(Ordering::Acquire), argument.addr().cast_signed());
    match Power::numbered(message) {
        Power::MaySleep => {
            allow();
        }
        Power::WillSleep => {
            let (guard, gone) = sync_channel(0);
            tell(Message::GoesToSleep(guard));
            // Ends when the guard is dropped, or when it has taken too long.
            gone.recv_timeout(BEFORE_SLEEP).ok();
            allow();
        }
        Power::Woke => tell(Message::Woke),
        Power::Nothing => {}
    }
}

/// Messages of the power management, for as long as it lives.
struct PowerPort {
    root: io_connect_t,
    port: IONotificationPortRef,
    notifier: io_object_t,
}

impl PowerPort {
    /// Nothing where macOS refuses.
    fn open() -> Option<Self> {
        let (mut port, mut notifier) = (ptr::null_mut(), 0);
        // SAFETY: writes a pointer and a number to places that are there; the function lives as long as the program.
        let root =
            unsafe { IORegisterForSystemPower(ptr::null_mut(), &raw mut port, Some(power_changes), &raw mut notifier) };
        (root != 0).then_some(Self { root, port, notifier })
    }
}

impl Drop for PowerPort {
    fn drop(&mut self) {
        // SAFETY: made by `open` and undone once, in the order that Apple asks for.
        unsafe {
            IODeregisterForSystemPower(&raw mut self.notifier);
            IOServiceClose(self.root);
            IONotificationPort::destroy(self.port);
        }
    }
}
