//! A keychain that may never answer, behind a limit.
//!
//! A locked keychain blocks the call until the person has answered the system's own dialogue, and a dead one for ever.
//! So calls run on a thread, one in flight, and the caller waits no longer than the limit:
//!
//! ```text
//!              answer in time                       the stuck call ended (its answer is dropped)
//!    ┌──────────────────────────────┐        ┌──────────────────────────────────────────────┐
//!    ▼                              │        ▼                                              │
//!  free ── call ──▶ in flight ──────┴──▶  free                                              │
//!                      │ limit: Waiting                                                     │
//!                      ▼                                                                    │
//!                    stuck ── next call: waits half the limit ──────────────────────────────┘
//!                                 │ still stuck
//!                                 ▼
//!                      set aside; a fresh thread and store take the call (at most MOST_SET_ASIDE, then Waiting)
//! ```
//!
//! Why half the limit first: usually the person is still typing the keychain's password, and a second store would put
//! a second dialogue behind the first. Why a fresh store at all: a dialogue whose daemon was restarted never ends.
//!
//! **Late writes.** A write that was given up may still be carried out, at any later time. So no second write or
//! removal of the same item starts while one is outstanding: that is `Waiting` too, until the first has ended or the
//! program is started again (which takes the dialogue away). Within that order a late write is harmless: the device
//! key is written once, under a name of its own; the epoch is read before it is raised, and one that comes late is
//! behind the file's, which the next attempt mends; a later marker is written after the earlier one, not before.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError};
use std::thread;
use std::time::Duration;

use super::{checked_name, checked_value};
use crate::domain::secret::Secret;
use crate::ports::{ItemName, Keychain, KeychainError};

/// More stuck calls than this, and further ones are answered `Waiting` at once: each holds a thread and a connection.
pub const MOST_SET_ASIDE: usize = 4;

type Answer = Result<Option<Secret>, KeychainError>;
type Build = dyn Fn() -> Box<dyn Keychain> + Send + Sync;

/// A keychain whose calls end within a limit, whatever the keychain behind it does.
pub struct Patient {
    name: &'static str,
    limit: Duration,
    build: Arc<Build>,
    current: Option<Worker>,
    set_aside: Vec<Worker>,
}

/// A thread with a keychain of its own. It ends when this is dropped and its last call has ended.
struct Worker {
    jobs: Sender<Job>,
    stuck: Option<Stuck>,
}

struct Stuck {
    answer: Receiver<Answer>,
    changes: Option<ItemName>,
}

struct Job {
    call: Call,
    answer: SyncSender<Answer>,
}

enum Call {
    Read(ItemName),
    Write(ItemName, Secret),
    Remove(ItemName),
}

impl Patient {
    /// `build` makes a keychain that may block; it runs on the thread, because connecting may block too.
    pub fn new<K: Keychain + 'static>(
        name: &'static str,
        limit: Duration,
        build: impl Fn() -> K + Send + Sync + 'static,
    ) -> Self {
        Self { name, limit, build: Arc::new(move || Box::new(build())), current: None, set_aside: Vec::new() }
    }

    fn call(&mut self, call: Call) -> Answer {
        let mut patience = self.limit;
        if let Some(mut worker) = self.current.take() {
            if let Some(stuck) = &worker.stuck {
                patience = self.limit / 2;
                match stuck.answer.recv_timeout(patience) {
                    Err(RecvTimeoutError::Timeout) => self.set_aside.push(worker),
                    // What it says is too late to be believed: the caller has been told otherwise.
                    Ok(_) => {
                        worker.stuck = None;
                        self.current = Some(worker);
                    }
                    Err(RecvTimeoutError::Disconnected) => {}
                }
            } else {
                self.current = Some(worker);
            }
        }
        self.set_aside.retain(Worker::is_stuck);

        let changes = call.changes();
        if changes.is_some() && self.set_aside.iter().any(|worker| worker.changes() == changes) {
            return Err(KeychainError::Waiting);
        }
        let mut worker = match self.current.take() {
            Some(worker) => worker,
            None if self.set_aside.len() >= MOST_SET_ASIDE => return Err(KeychainError::Waiting),
            None => Worker::start(Arc::clone(&self.build))?,
        };

        const ENDED: KeychainError = KeychainError::Broken("the keychain thread ended");
        let changes = changes.cloned();
        let (answer, answered) = mpsc::sync_channel(1);
        // A thread that panicked is not kept: the next call starts another.
        worker.jobs.send(Job { call, answer }).map_err(|_| ENDED)?;
        match answered.recv_timeout(patience) {
            Ok(answer) => {
                self.current = Some(worker);
                answer
            }
            Err(RecvTimeoutError::Timeout) => {
                worker.stuck = Some(Stuck { answer: answered, changes });
                self.current = Some(worker);
                Err(KeychainError::Waiting)
            }
            Err(RecvTimeoutError::Disconnected) => Err(ENDED),
        }
    }
}

impl Call {
    fn changes(&self) -> Option<&ItemName> {
        match self {
            Call::Read(_) => None,
            Call::Write(item, _) | Call::Remove(item) => Some(item),
        }
    }

    fn run(self, keychain: &mut dyn Keychain) -> Answer {
        match self {
            Call::Read(item) => keychain.read(&item),
            Call::Write(item, value) => keychain.write(&item, &value).map(|()| None),
            Call::Remove(item) => keychain.remove(&item).map(|()| None),
        }
    }
}

impl Worker {
    fn start(build: Arc<Build>) -> Result<Self, KeychainError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let mut keychain = build();
                for job in queue {
                    // Nobody may be waiting any more; the answer is dropped, and its secret wiped, with the channel.
                    drop(job.answer.send(job.call.run(keychain.as_mut())));
                }
            })
            .map_err(|_| KeychainError::Broken("no thread for the keychain"))?;
        Ok(Self { jobs, stuck: None })
    }

    fn is_stuck(&self) -> bool {
        self.stuck.as_ref().is_some_and(|stuck| matches!(stuck.answer.try_recv(), Err(TryRecvError::Empty)))
    }

    fn changes(&self) -> Option<&ItemName> {
        self.stuck.as_ref().and_then(|stuck| stuck.changes.as_ref())
    }
}

impl Keychain for Patient {
    fn read(&mut self, item: &ItemName) -> Result<Option<Secret>, KeychainError> {
        checked_name(item)?;
        self.call(Call::Read(item.clone()))
    }

    fn write(&mut self, item: &ItemName, value: &Secret) -> Result<(), KeychainError> {
        checked_name(item)?;
        checked_value(value)?;
        self.call(Call::Write(item.clone(), value.duplicate())).map(|_| ())
    }

    fn remove(&mut self, item: &ItemName) -> Result<(), KeychainError> {
        checked_name(item)?;
        self.call(Call::Remove(item.clone())).map(|_| ())
    }

    fn describe(&self) -> String {
        self.name.to_owned()
    }
}
