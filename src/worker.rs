//! The thread that owns the desk and with it every port. A frame never waits for it.
//!
//! A copy of the whole state can take seconds. It is made on a thread and with a desk of its own, as another process would
//! do it, so that neither a lock nor anything else waits for it.

mod gateway;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError};
use std::thread;
use std::time::Duration;

use self::gateway::{Mail, Said};
use crate::effects::{Carried, Courier, Desk, Failure, News, TextTrouble};
use crate::flows::{Answer, Order, Reply, Request, Ticket};

/// Orders that may wait for the worker, and texts for the service; a flow gives one at a time.
const QUEUE: usize = 8;

/// What the desk's thread is given.
enum Job {
    /// By a flow.
    Order(Order),
    /// From the courier: what came of a text.
    Ended(Carried),
}

/// The window's end of the worker.
pub struct Worker {
    orders: Sender<Job>,
    /// Orders that the desk has not begun. What asks for more than there is room for is refused, but never a lock.
    waiting: Arc<AtomicUsize>,
    mail: Sender<Mail>,
    replies: Receiver<Reply>,
    said: Receiver<Said>,
    news: Receiver<News>,
    /// Orders without an answer yet: when the thread is gone, this is who must be told.
    outstanding: Vec<Ticket>,
    /// The same for the courier's thread.
    asked: Vec<Ticket>,
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
    /// Starts the named threads. `make` builds the desk on its own, since some keychains belong to the thread that opened
    /// them; `courier` is what carries its texts; `wake` is called after each answer.
    ///
    /// # Errors
    /// The system could not start a thread.
    pub fn start(
        make: impl Fn() -> Desk + Send + Sync + 'static,
        courier: Courier,
        wake: impl Fn() + Send + Sync + Clone + 'static,
    ) -> std::io::Result<Self> {
        let (orders, inbox) = mpsc::channel::<Job>();
        let ordered = Arc::new(AtomicUsize::new(0));
        let begun = Arc::clone(&ordered);
        // What waits for the service is counted: a question about a text needs no room, and must never find none.
        let (mail, letters) = mpsc::channel::<Mail>();
        let waiting = Arc::new(AtomicUsize::new(0));
        let (outbox, replies) = mpsc::channel();
        let (saying, said) = mpsc::channel();
        start_gateway(courier, (letters, Arc::clone(&waiting)), saying, wake.clone())?;
        let errands = (mail.clone(), waiting);
        let (teller, news) = mpsc::channel();
        thread::Builder::new().name("desk".to_owned()).spawn(move || {
            let (make, wake) = (Arc::new(make), Arc::new(wake));
            let wake_at_end = Arc::clone(&wake);
            let _wake = WakeAtEnd(move || wake_at_end());
            // After `wake`, so that the window finds the channel closed when it is woken for the last time.
            let outbox = outbox;
            let mut desk = make();
            loop {
                let job = match desk.next_tick() {
                    Some(wait) => inbox.recv_timeout(wait),
                    None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                };
                if let Ok(Job::Order(_)) = job {
                    begun.fetch_sub(1, Ordering::SeqCst);
                }
                match job {
                    Ok(Job::Order((ticket, request @ (Request::DailyBackup | Request::BackupNow)))) => {
                        beside(&make, &wake, outbox.clone(), (ticket, request));
                    }
                    Ok(Job::Order((ticket, request))) => {
                        let answer = desk.perform(request);
                        let lost = hand_over(&mut desk, &errands);
                        let answer = match answer {
                            Ok(Answer::Texting(news)) if lost.contains(&news.errand) => {
                                Err(Failure::Text(TextTrouble::QueueFull))
                            }
                            answer => answer,
                        };
                        if outbox.send((ticket, answer)).is_err() {
                            break;
                        }
                        wake();
                    }
                    // A text is where it is, whether or not that can be written down.
                    Ok(Job::Ended(carried)) => drop(desk.text_ended(&carried)),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                for news in desk.tick() {
                    // Nobody listens any more once the window is gone.
                    teller.send(news).ok();
                    wake();
                }
            }
            desk.finish();
        })?;
        let (outstanding, asked, refused) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { orders, waiting: ordered, mail, replies, said, news, outstanding, asked, refused })
    }

    /// Hands over orders; never waits. What a full queue or a dead thread cannot take is answered as failed; a lock, and the
    /// look at where the clinic stands that follows it, finds room always.
    pub fn send(&mut self, orders: Vec<Order>) {
        for order in orders {
            let ticket = order.0;
            // A thread that is gone answers for itself, through its closed channel.
            match order {
                (ticket, Request::TextFate(id)) => {
                    self.mail.send(Mail::Ask(ticket, id)).ok();
                    self.asked.push(ticket);
                }
                (ticket, Request::TextChange(id)) => {
                    self.mail.send(Mail::Watch(ticket, id)).ok();
                    self.asked.push(ticket);
                }
                order => {
                    let must = matches!(order.1, Request::Lock(_) | Request::Stand);
                    if !must && self.waiting.load(Ordering::SeqCst) >= QUEUE {
                        self.refused.push(ticket);
                        continue;
                    }
                    self.waiting.fetch_add(1, Ordering::SeqCst);
                    self.orders.send(Job::Order(order)).ok();
                    self.outstanding.push(ticket);
                }
            }
        }
    }

    /// The next thing that happened without having been asked for; never waits.
    pub fn news(&mut self) -> Option<News> {
        self.news.try_recv().ok()
    }

    /// The end: the thread locks and closes what it started, and is waited for, but not for ever.
    pub fn end(self, at_most: Duration) {
        drop(self.orders);
        drop(self.mail);
        // Answers that still come are nobody's; the channel closes with the thread.
        while self.replies.recv_timeout(at_most).is_ok() {}
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
            Err(TryRecvError::Empty) => self.said_by_courier(),
            Err(TryRecvError::Disconnected) => {
                let gone = self.outstanding.pop().map(|ticket| (ticket, Err(Failure::WorkerGone)));
                gone.or_else(|| self.said_by_courier())
            }
        }
    }

    /// The courier's next answer. What is for the desk goes on to it.
    fn said_by_courier(&mut self) -> Option<Reply> {
        loop {
            match self.said.try_recv() {
                Ok(Said::Ended(carried)) => {
                    // A desk that is gone loses a line of the log, and nothing else that matters.
                    self.orders.send(Job::Ended(carried)).ok();
                }
                Ok(Said::Reply(reply)) => {
                    self.asked.retain(|ticket| *ticket != reply.0);
                    return Some(*reply);
                }
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => {
                    return self.asked.pop().map(|ticket| (ticket, Err(Failure::WorkerGone)));
                }
            }
        }
    }
}

fn start_gateway(
    mut courier: Courier,
    (letters, waiting): (Receiver<Mail>, Arc<AtomicUsize>),
    saying: Sender<Said>,
    wake: impl Fn() + Send + 'static,
) -> std::io::Result<()> {
    let run = move || gateway::run(&mut courier, (&letters, &waiting), &saying, &wake);
    thread::Builder::new().name("gateway".to_owned()).spawn(run).map(drop)
}

/// Gives the courier what the desk has ready. What finds no room was not sent, and is given back: which errands.
fn hand_over(desk: &mut Desk, (mail, waiting): &(Sender<Mail>, Arc<AtomicUsize>)) -> Vec<u64> {
    let mut lost = Vec::new();
    for errand in desk.take_errands() {
        let not_carried = errand.not_carried();
        let full = waiting.fetch_add(1, Ordering::SeqCst) >= QUEUE;
        if full || mail.send(Mail::Carry(Box::new(errand))).is_err() {
            waiting.fetch_sub(1, Ordering::SeqCst);
            desk.text_ended(&not_carried).ok();
            lost.push(not_carried.id);
        }
    }
    lost
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
    use crate::adapters;
    use crate::domain::presence::Why;
    use crate::flows::{Request, Tickets};

    fn courier() -> Courier {
        Courier::new(Box::new(adapters::sms::NetworkGateway))
    }

    /// Waits for the thread's wake-up, then takes what there is.
    fn reply(worker: &mut Worker, woken: &Receiver<()>) -> Reply {
        loop {
            if let Some(reply) = worker.receive() {
                return reply;
            }
            woken.recv_timeout(Duration::from_secs(30)).unwrap();
        }
    }

    #[test]
    fn a_worker_that_died_is_answered_for() {
        let (wake, woken) = sync_channel(16);
        let dies = || -> Desk { panic!("the desk could not be made") };
        let mut worker = Worker::start(dies, courier(), move || {
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
        let mut worker = Worker::start(stuck, courier(), move || {
            wake.try_send(()).ok();
        })
        .unwrap();
        let mut tickets = Tickets::default();
        let orders: Vec<Order> = (0..=QUEUE).map(|_| (tickets.draw(), Request::Look)).collect();
        let last = orders.last().unwrap().0;
        worker.send(orders);
        assert!(matches!(worker.receive(), Some((ticket, Err(Failure::WorkerGone))) if ticket == last));
        assert!(worker.receive().is_none());
        drop(release);
    }

    /// Whoever clicks from page to page while a server hangs must not be able to click the lock away.
    #[test]
    fn a_lock_finds_room_behind_whatever_is_waiting() {
        let (wake, woken) = sync_channel(64);
        let (release, held) = sync_channel::<()>(0);
        let held = std::sync::Mutex::new(held);
        let folder = tempfile::tempdir().unwrap();
        let place = adapters::place::DataDir::open(Some(folder.path().join("data"))).unwrap();
        let make = move || -> Desk {
            held.lock().unwrap().recv().ok();
            crate::effects::tests::desk(&place, &adapters::clock::TestClock::at(0))
        };
        let mut worker = Worker::start(make, courier(), move || {
            wake.try_send(()).ok();
        })
        .unwrap();
        let mut tickets = Tickets::default();
        worker.send((0..2 * QUEUE).map(|_| (tickets.draw(), Request::Look)).collect());
        let (lock, stand) = (tickets.draw(), tickets.draw());
        worker.send(vec![(lock, Request::Lock(Why::Asked)), (stand, Request::Stand)]);
        drop(release);
        let mut answers = Vec::new();
        while !answers.iter().any(|(ticket, _)| *ticket == stand) {
            answers.push(reply(&mut worker, &woken));
        }
        let refused = answers.iter().filter(|(_, answer)| matches!(answer, Err(Failure::WorkerGone))).count();
        assert_eq!(refused, QUEUE, "the clicks");
        assert!(answers.iter().any(|(ticket, answer)| *ticket == lock && matches!(answer, Ok(Answer::Locked(None)))));
        // There is room again.
        let look = tickets.draw();
        worker.send(vec![(look, Request::Look)]);
        assert!(matches!(reply(&mut worker, &woken), (ticket, Ok(_)) if ticket == look));
    }
}
