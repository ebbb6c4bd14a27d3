//! Idle time on Wayland, by `ext-idle-notify-v1`: the compositor says when nobody has touched anything for a second, and
//! when somebody does again.

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::protocol::wl_seat::{self, WlSeat};
use wayland_client::{Connection, Dispatch, EventQueue, QueueHandle};
use wayland_protocols::ext::idle_notify::v1::client::ext_idle_notification_v1::{self, ExtIdleNotificationV1};
use wayland_protocols::ext::idle_notify::v1::client::ext_idle_notifier_v1::{self, ExtIdleNotifierV1};

use crate::adapters::clock::since_start;

/// The pause after which the compositor speaks, in milliseconds.
const PAUSE_MS: u32 = 1000;
/// The version in which a video that keeps the screen on does not count as somebody being there.
const INPUT_ALONE: u32 = 2;
/// Nobody pauses.
const BUSY: u64 = u64::MAX;

/// Since when nobody has touched anything, in milliseconds since the computer started.
pub(super) struct IdleWatch(Arc<AtomicU64>);

struct State {
    since: Arc<AtomicU64>,
    seat: Option<WlSeat>,
    notifier: Option<ExtIdleNotifierV1>,
}

/// The compositor of that name, if one answers.
pub(super) fn reach(display: &str) -> Option<UnixStream> {
    let socket = match std::env::var_os("XDG_RUNTIME_DIR") {
        Some(folder) => PathBuf::from(folder).join(display),
        None => PathBuf::from(display),
    };
    UnixStream::connect(socket).ok()
}

impl IdleWatch {
    /// Listens on a thread of its own, if the compositor has the protocol.
    pub(super) fn over(compositor: UnixStream) -> Option<Self> {
        let connection = Connection::from_socket(compositor).ok()?;
        let mut queue = connection.new_event_queue();
        let handle = queue.handle();
        connection.display().get_registry(&handle, ());
        let since = Arc::new(AtomicU64::new(BUSY));
        let mut state = State { since: Arc::clone(&since), seat: None, notifier: None };
        queue.roundtrip(&mut state).ok()?;
        let (notifier, seat) = (state.notifier.as_ref()?, state.seat.as_ref()?);
        if notifier_version(notifier) >= INPUT_ALONE {
            notifier.get_input_idle_notification(PAUSE_MS, seat, &handle, ());
        } else {
            notifier.get_idle_notification(PAUSE_MS, seat, &handle, ());
        }
        connection.flush().ok()?;
        thread::Builder::new().name("wayland-idle".to_owned()).spawn(move || follow(queue, state)).ok()?;
        Some(Self(since))
    }

    /// For how long nobody has touched anything; nothing once the compositor is gone.
    pub(super) fn idle(&self) -> Option<Duration> {
        if Arc::strong_count(&self.0) < 2 {
            return None;
        }
        let since = self.0.load(Ordering::Relaxed);
        let idle =
            if since == BUSY { Duration::ZERO } else { since_start().saturating_sub(Duration::from_millis(since)) };
        Some(idle)
    }
}

fn notifier_version(notifier: &ExtIdleNotifierV1) -> u32 {
    wayland_client::Proxy::version(notifier)
}

fn follow(mut queue: EventQueue<State>, mut state: State) {
    while queue.blocking_dispatch(&mut state).is_ok() {}
}

impl Dispatch<WlRegistry, ()> for State {
    fn event(
        state: &mut Self,
        registry: &WlRegistry,
        event: wl_registry::Event,
        (): &(),
        _: &Connection,
        handle: &QueueHandle<Self>,
    ) {
        if let wl_registry::Event::Global { name, interface, version } = event {
            match interface.as_str() {
                "wl_seat" => state.seat = Some(registry.bind(name, 1, handle, ())),
                "ext_idle_notifier_v1" => {
                    state.notifier = Some(registry.bind(name, version.min(INPUT_ALONE), handle, ()));
                }
                _ => {}
            }
        }
    }
}

impl Dispatch<WlSeat, ()> for State {
    fn event(_: &mut Self, _: &WlSeat, _: wl_seat::Event, (): &(), _: &Connection, _: &QueueHandle<Self>) {}
}

impl Dispatch<ExtIdleNotifierV1, ()> for State {
    fn event(
        _: &mut Self,
        _: &ExtIdleNotifierV1,
        _: ext_idle_notifier_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

impl Dispatch<ExtIdleNotificationV1, ()> for State {
    fn event(
        state: &mut Self,
        _: &ExtIdleNotificationV1,
        event: ext_idle_notification_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        let since = match event {
            ext_idle_notification_v1::Event::Idled => {
                let began = since_start().saturating_sub(Duration::from_millis(PAUSE_MS.into()));
                u64::try_from(began.as_millis()).unwrap_or(BUSY)
            }
            ext_idle_notification_v1::Event::Resumed | _ => BUSY,
        };
        state.since.store(since, Ordering::Relaxed);
    }
}
