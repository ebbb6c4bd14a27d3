//! The thread that owns the desk and with it every port. A frame never waits for it.
//!
//! A copy of the whole state can take seconds. It is made on a thread and with a desk of its own, as another process would
//! do it, so that neither a lock nor anything else waits for it.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender, TryRecvError, TrySendError};
use std::thread;

use crate::effects::{Desk, Failure};
use crate::flows::{Order, Reply, Request, Ticket};

/// Orders that may wait for the worker; a flow gives one at a time.
const QUEUE: usize = 8;

/// The window's end of the worker.
pub struct Worker {
    orders: SyncSender<Order>,
    replies: Receiver<Reply>,
    /// Orders without an answer yet: when the thread is gone, this is who must be told.
    outstanding: Vec<Ticket>,
    /// Orders that found the queue full.
    refused: Vec<Ticket>,
}

/// Calls `wake` once more when the thread ends, also by a panic: somebody may be waiting for its answer.
struct WakeAtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for WakeAtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Worker {
    /// Starts the named thread. `make` builds the desk there, since some keychains belong to the thread that opened
    /// them; `wake` is called after each answer.
    ///
    /// # Errors
    /// The system could not start a thread.
    pub fn start(
        make: impl Fn() -> Desk + Send + Sync + 'static,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let (orders, inbox) = mpsc::sync_channel::<Order>(QUEUE);
        let (outbox, replies) = mpsc::channel();
        thread::Builder::new().name("desk".to_owned()).spawn(move || {
            let (make, wake) = (Arc::new(make), Arc::new(wake));
            let wake_at_end = Arc::clone(&wake);
            let _wake = WakeAtEnd(move || wake_at_end());
            // After `wake`, so that the window finds the channel closed when it is woken for the last time.
            let outbox = outbox;
            let mut desk = make();
            while let Ok((ticket, request)) = inbox.recv() {
                if matches!(request, Request::DailyBackup | Request::BackupNow) {
                    beside(&make, &wake, outbox.clone(), (ticket, request));
                    continue;
                }
                if outbox.send((ticket, desk.perform(request))).is_err() {
                    break;
                }
                wake();
            }
        })?;
        Ok(Self { orders, replies, outstanding: Vec::new(), refused: Vec::new() })
    }

    /// Hands over orders; never waits. What a full queue or a dead thread cannot take is answered as failed.
    pub fn send(&mut self, orders: Vec<Order>) {
        for order in orders {
            let ticket = order.0;
            match self.orders.try_send(order) {
                Ok(()) | Err(TrySendError::Disconnected(_)) => self.outstanding.push(ticket),
                Err(TrySendError::Full(_)) => self.refused.push(ticket),
            }
        }
    }

    /// The next answer, if there is one; never waits. Once the thread is gone, every open order is answered as failed.
    pub fn receive(&mut self) -> Option<Reply> {
        if let Some(ticket) = self.refused.pop() {
            return Some((ticket, Err(Failure::WorkerGone)));
        }
        match self.replies.try_recv() {
            Ok(reply) => {
                self.outstanding.retain(|ticket| *ticket != reply.0);
                Some(reply)
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => self.outstanding.pop().map(|ticket| (ticket, Err(Failure::WorkerGone))),
        }
    }
}

/// A named thread for questions beside the desk's orders, whose answers may take long or never come.
pub struct Aside<Q, A> {
    questions: SyncSender<Q>,
    answers: Receiver<A>,
}

impl<Q: Send + 'static, A: Send + 'static> Aside<Q, A> {
    /// Starts the thread; `wake` is called after each answer.
    ///
    /// # Errors
    /// The system could not start a thread.
    pub fn start(
        name: &str,
        mut answer: impl FnMut(Q) -> A + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (questions, inbox) = mpsc::sync_channel::<Q>(1);
        let (outbox, answers) = mpsc::channel();
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Ok(question) = inbox.recv() {
                if outbox.send(answer(question)).is_err() {
                    break;
                }
                wake();
            }
        })?;
        Ok(Self { questions, answers })
    }

    /// Asks; never waits. A question that finds one waiting already is dropped.
    pub fn ask(&self, question: Q) {
        self.questions.try_send(question).ok();
    }

    /// The next answer, if there is one; never waits.
    #[must_use]
    pub fn answer(&self) -> Option<A> {
        self.answers.try_recv().ok()
    }
}

/// Performs an order on a thread and with a desk of its own. One that cannot be started answers like a worker that is gone.
fn beside<M, W>(make: &Arc<M>, wake: &Arc<W>, outbox: Sender<Reply>, (ticket, request): Order)
where
    M: Fn() -> Desk + Send + Sync + 'static,
    W: Fn() + Send + Sync + 'static,
{
    let (make, wake_at_end, instead) = (Arc::clone(make), Arc::clone(wake), outbox.clone());
    let started = thread::Builder::new().name("backup".to_owned()).spawn(move || {
        let _wake = WakeAtEnd(move || wake_at_end());
        // Whoever asked gets an answer, whatever happens here.
        let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| make().perform(request)));
        outbox.send((ticket, made.unwrap_or(Err(Failure::WorkerGone)))).ok();
    });
    if started.is_err() {
        instead.send((ticket, Err(Failure::WorkerGone))).ok();
        wake();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::flows::{Request, Tickets};

    /// Waits for the thread's wake-up, then takes what there is.
    fn reply(worker: &mut Worker, woken: &Receiver<()>) -> Reply {
        loop {
            if let Some(reply) = worker.receive() {
                return reply;
            }
            woken.recv_timeout(std::time::Duration::from_secs(30)).unwrap();
        }
    }

    #[test]
    fn a_worker_that_died_is_answered_for() {
        let (wake, woken) = sync_channel(16);
        let dies = || -> Desk { panic!("the desk could not be made") };
        let mut worker = Worker::start(dies, move || {
            wake.try_send(()).ok();
        })
        .unwrap();
        let mut tickets = Tickets::default();
        let (first, second) = (tickets.draw(), tickets.draw());
        worker.send(vec![(first, Request::Stand)]);
        assert!(matches!(reply(&mut worker, &woken), (ticket, Err(Failure::WorkerGone)) if ticket == first));
        worker.send(vec![(second, Request::Look)]);
        assert!(matches!(worker.receive(), Some((ticket, Err(Failure::WorkerGone))) if ticket == second));
        assert!(worker.receive().is_none());
    }

    #[test]
    fn a_stuck_worker_is_answered_for_and_never_waited_for() {
        let (wake, _woken) = sync_channel(16);
        let (release, held) = sync_channel::<()>(0);
        let held = std::sync::Mutex::new(held);
        let stuck = move || -> Desk {
            held.lock().unwrap().recv().ok();
            panic!("released")
        };
        let mut worker = Worker::start(stuck, move || {
            wake.try_send(()).ok();
        })
        .unwrap();
        let mut tickets = Tickets::default();
        let orders: Vec<Order> = (0..=QUEUE).map(|_| (tickets.draw(), Request::Stand)).collect();
        let last = orders.last().unwrap().0;
        worker.send(orders);
        assert!(matches!(worker.receive(), Some((ticket, Err(Failure::WorkerGone))) if ticket == last));
        assert!(worker.receive().is_none());
        drop(release);
    }
}
