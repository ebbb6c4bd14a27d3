//! The thread that owns the desk and with it every port. A frame never waits for it.

use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread;

use crate::effects::{Desk, Failure};
use crate::flows::{Order, Reply};

/// Orders that may wait for the worker; a flow gives one at a time.
const QUEUE: usize = 8;

/// The window's end of the worker.
pub struct Worker {
    orders: SyncSender<Order>,
    replies: Receiver<Reply>,
    undelivered: Vec<Reply>,
}

impl Worker {
    /// Starts the named thread. `make` builds the desk there, since some keychains belong to the thread that opened
    /// them; `wake` is called after each answer.
    ///
    /// # Errors
    /// The system could not start a thread.
    pub fn start(
        make: impl FnOnce() -> Desk + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (orders, inbox) = mpsc::sync_channel::<Order>(QUEUE);
        let (outbox, replies) = mpsc::channel();
        thread::Builder::new().name("desk".to_owned()).spawn(move || {
            let mut desk = make();
            while let Ok((ticket, request)) = inbox.recv() {
                if outbox.send((ticket, desk.perform(request))).is_err() {
                    break;
                }
                wake();
            }
        })?;
        Ok(Self { orders, replies, undelivered: Vec::new() })
    }

    /// Hands over orders. One that a dead or stuck worker cannot take is answered at once, as a failure.
    pub fn send(&mut self, orders: Vec<Order>) {
        for order in orders {
            if let Err(TrySendError::Full((ticket, _)) | TrySendError::Disconnected((ticket, _))) =
                self.orders.try_send(order)
            {
                self.undelivered.push((ticket, Err(Failure::WorkerGone)));
            }
        }
    }

    /// The next answer, if there is one. Never waits.
    pub fn receive(&mut self) -> Option<Reply> {
        self.undelivered.pop().or_else(|| self.replies.try_recv().ok())
    }
}
