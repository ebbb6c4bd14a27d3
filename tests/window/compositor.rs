//! A Wayland compositor of a test's own: a seat and the idle protocol, and nobody in front of it but the test. It speaks
//! the protocol as the real ones do; what is written here is only when somebody pauses, and when somebody is there again.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tempfile::TempDir;
use wayland_protocols::ext::idle_notify::v1::server::ext_idle_notification_v1::{self, ExtIdleNotificationV1};
use wayland_protocols::ext::idle_notify::v1::server::ext_idle_notifier_v1::{self, ExtIdleNotifierV1};
use wayland_server::backend::ClientData;
use wayland_server::protocol::wl_seat::{self, WlSeat};
use wayland_server::{
    Client, DataInit, Dispatch, Display, DisplayHandle, GlobalDispatch, ListeningSocket, New, Resource,
};

/// How often it looks whether somebody wants something.
const LOOK: Duration = Duration::from_millis(2);

/// What was asked of it: by which request, and after how many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// When nobody touches anything.
    Input(u32),
    /// When nobody touches anything and nothing keeps the screen on.
    Idle(u32),
}

enum Hands {
    Pause,
    Touch,
}

/// The compositor. It ends with this.
pub(crate) struct Compositor {
    hands: Option<Sender<Hands>>,
    asked: Receiver<Asked>,
    thread: Option<JoinHandle<()>>,
    dir: TempDir,
}

struct State {
    asked: Sender<Asked>,
    watchers: Vec<ExtIdleNotificationV1>,
}

struct Nobody;

impl ClientData for Nobody {}

impl Compositor {
    /// One that has the idle protocol in that version, or does not have it.
    pub(crate) fn with_idle(version: Option<u32>) -> Self {
        let dir = TempDir::new().expect("a folder");
        let socket = ListeningSocket::bind_absolute(dir.path().join("wayland")).expect("a socket");
        let (hands, wanted) = mpsc::channel();
        let (told, asked) = mpsc::channel();
        let thread = thread::Builder::new().name("compositor".to_owned());
        let thread = thread.spawn(move || serve(&socket, version, told, &wanted)).expect("a thread");
        Self { hands: Some(hands), asked, thread: Some(thread), dir }
    }

    /// As `WAYLAND_DISPLAY` may name it: by its whole path.
    pub(crate) fn name(&self) -> String {
        self.dir.path().join("wayland").to_str().expect("plain").to_owned()
    }

    /// What the next one asked.
    #[track_caller]
    pub(crate) fn asked(&self) -> Asked {
        self.asked.recv_timeout(Duration::from_secs(30)).expect("nobody asked")
    }

    /// Nobody has touched anything for as long as was asked.
    pub(crate) fn pauses(&self) {
        self.says(Hands::Pause);
    }

    /// Somebody touches something.
    pub(crate) fn touches(&self) {
        self.says(Hands::Touch);
    }

    fn says(&self, hands: Hands) {
        self.hands.as_ref().expect("until it ends").send(hands).expect("it runs");
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        self.hands = None;
        self.thread.take().map(JoinHandle::join);
    }
}

fn serve(socket: &ListeningSocket, version: Option<u32>, asked: Sender<Asked>, hands: &Receiver<Hands>) {
    let mut display = Display::<State>::new().expect("a display");
    let mut handle = display.handle();
    handle.create_global::<State, WlSeat, ()>(1, ());
    if let Some(version) = version {
        handle.create_global::<State, ExtIdleNotifierV1, ()>(version, ());
    }
    let mut state = State { asked, watchers: Vec::new() };
    loop {
        if let Some(stream) = socket.accept().expect("a client") {
            handle.insert_client(stream, Arc::new(Nobody)).expect("a client");
        }
        match hands.recv_timeout(LOOK) {
            Ok(Hands::Pause) => state.watchers.iter().for_each(ExtIdleNotificationV1::idled),
            Ok(Hands::Touch) => state.watchers.iter().for_each(ExtIdleNotificationV1::resumed),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        }
        display.dispatch_clients(&mut state).expect("requests");
        display.flush_clients().expect("events");
    }
}

impl GlobalDispatch<WlSeat, ()> for State {
    fn bind(_: &mut Self, _: &DisplayHandle, _: &Client, seat: New<WlSeat>, (): &(), init: &mut DataInit<'_, Self>) {
        init.init(seat, ());
    }
}

impl Dispatch<WlSeat, ()> for State {
    fn request(
        _: &mut Self,
        _: &Client,
        _: &WlSeat,
        _: wl_seat::Request,
        (): &(),
        _: &DisplayHandle,
        _: &mut DataInit<'_, Self>,
    ) {
    }
}

impl GlobalDispatch<ExtIdleNotifierV1, ()> for State {
    fn bind(
        _: &mut Self,
        _: &DisplayHandle,
        _: &Client,
        notifier: New<ExtIdleNotifierV1>,
        (): &(),
        init: &mut DataInit<'_, Self>,
    ) {
        init.init(notifier, ());
    }
}

impl Dispatch<ExtIdleNotifierV1, ()> for State {
    fn request(
        state: &mut Self,
        _: &Client,
        _: &ExtIdleNotifierV1,
        request: ext_idle_notifier_v1::Request,
        (): &(),
        _: &DisplayHandle,
        init: &mut DataInit<'_, Self>,
    ) {
        use ext_idle_notifier_v1::Request;
        let (id, asked) = match request {
            Request::GetIdleNotification { id, timeout, .. } => (id, Asked::Idle(timeout)),
            Request::GetInputIdleNotification { id, timeout, .. } => (id, Asked::Input(timeout)),
            Request::Destroy | _ => return,
        };
        state.watchers.push(init.init(id, ()));
        state.asked.send(asked).ok();
    }
}

impl Dispatch<ExtIdleNotificationV1, ()> for State {
    fn request(
        state: &mut Self,
        _: &Client,
        notification: &ExtIdleNotificationV1,
        _: ext_idle_notification_v1::Request,
        (): &(),
        _: &DisplayHandle,
        _: &mut DataInit<'_, Self>,
    ) {
        state.watchers.retain(|watcher| watcher.id() != notification.id());
    }
}
