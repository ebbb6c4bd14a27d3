//! The desk's login on a PostgreSQL server.
//!
//! The connection has a thread of its own, so that a server that does not answer makes nobody else wait. The passwords
//! reach the server as SCRAM verifiers alone, so that neither its log nor its statistics can show them.

mod connect;
mod roles;

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use self::connect::{connect, told};
use crate::domain::practice::Server;
use crate::domain::secret::SecretText;
use crate::ports::{Login, LoginError, Logins, ServerSeen};

/// How long a sign-in waits for the server.
const OPEN_LIMIT: Duration = Duration::from_secs(10);
/// How long a lock does.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// Logins on a server, one at a time.
#[derive(Default)]
pub struct PgLogins {
    keeper: Option<Keeper>,
    /// Threads that nobody waited for to their end. What they still do is done to the same login.
    stray: Vec<Receiver<Infallible>>,
}

/// The thread that keeps one login up.
struct Keeper {
    orders: Sender<Order>,
    answers: Receiver<Result<(), LoginError>>,
    asked: Asked,
    /// Hangs up when the thread ends.
    ended: Receiver<Infallible>,
}

/// Whether a renewal has been asked for and not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    Renewal,
}

enum Order {
    Renew,
    Close,
}

impl Logins for PgLogins {
    fn look(&mut self, server: &Server, admin: &SecretText) -> Result<ServerSeen, LoginError> {
        let (server, admin) = (server.clone(), admin.duplicate());
        within(move || roles::look(&mut connect(&server, &admin)?, &server))
    }

    fn open(&mut self, server: &Server, admin: &SecretText, login: Login) -> Result<ServerSeen, LoginError> {
        self.close().ok();
        self.wait_for_stray()?;
        let (orders, inbox) = channel();
        let (outbox, answers) = channel();
        let (opened, seen) = channel();
        let (server, admin) = (server.clone(), admin.duplicate());
        let (running, ended) = channel();
        let keep = move || {
            keep(&server, &admin, login, &opened, &inbox, &outbox);
            drop::<Sender<Infallible>>(running);
        };
        spawned("login", keep)?;
        match seen.recv_timeout(OPEN_LIMIT) {
            Ok(seen) => {
                let seen = seen?;
                self.keeper = Some(Keeper { orders, answers, asked: Asked::Nothing, ended });
                Ok(seen)
            }
            Err(_) => {
                self.stray.push(ended);
                Err(LoginError::Unreachable)
            }
        }
    }

    fn renew(&mut self) -> Result<(), LoginError> {
        let Some(keeper) = &mut self.keeper else { return Err(LoginError::Lost) };
        let before = match (keeper.asked, keeper.answers.try_recv()) {
            (_, Ok(answer)) => answer,
            (Asked::Nothing, Err(TryRecvError::Empty)) => Ok(()),
            // It has been trying since the last time.
            (Asked::Renewal, Err(TryRecvError::Empty)) => return Err(LoginError::Lost),
            (_, Err(TryRecvError::Disconnected)) => Err(LoginError::Lost),
        };
        keeper.asked = Asked::Renewal;
        keeper.orders.send(Order::Renew).map_err(|_| LoginError::Lost)?;
        before
    }

    fn close(&mut self) -> Result<(), LoginError> {
        let Some(keeper) = self.keeper.take() else { return Ok(()) };
        keeper.orders.send(Order::Close).map_err(|_| LoginError::Lost)?;
        // The last answer before the thread ends is the one to this order.
        let mut last = Err(LoginError::Lost);
        loop {
            match keeper.answers.recv_timeout(CLOSE_LIMIT) {
                Ok(answer) => last = answer,
                Err(RecvTimeoutError::Disconnected) => return last,
                Err(RecvTimeoutError::Timeout) => {
                    self.stray.push(keeper.ended);
                    return Err(LoginError::Lost);
                }
            }
        }
    }

    fn change_admin(&mut self, server: &Server, old: &SecretText, new: &SecretText) -> Result<(), LoginError> {
        let (server, old, new) = (server.clone(), old.duplicate(), new.duplicate());
        within(move || {
            roles::change_own_password(&mut connect(&server, &old)?, &new)?;
            connect(&server, &new).map(drop)
        })
    }
}

impl PgLogins {
    /// A thread that is late would take the next person's password away again, and end their sessions.
    fn wait_for_stray(&mut self) -> Result<(), LoginError> {
        while let Some(ended) = self.stray.pop() {
            if let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(OPEN_LIMIT) {
                self.stray.push(ended);
                return Err(LoginError::Unreachable);
            }
        }
        Ok(())
    }
}

/// Makes the login, keeps it up as long as it is told to, and ends it: when told, and when nobody tells any more.
fn keep(
    server: &Server,
    admin: &SecretText,
    login: Login,
    opened: &Sender<Result<ServerSeen, LoginError>>,
    inbox: &Receiver<Order>,
    outbox: &Sender<Result<(), LoginError>>,
) {
    let made = connect(server, admin).and_then(|mut client| {
        let seen = roles::open(&mut client, server, &login)?;
        Ok((client, seen))
    });
    let Login { name, valid, password, mark: _ } = login;
    drop(password);
    let mut client = match made {
        Ok((client, seen)) => {
            if opened.send(Ok(seen)).is_err() {
                // Nobody waits any more: what was made is taken back.
                let mut client = client;
                roles::close(&mut client, &name).ok();
                return;
            }
            client
        }
        Err(err) => {
            opened.send(Err(err)).ok();
            return;
        }
    };
    let mut again = |work: &mut dyn FnMut(&mut postgres::Client) -> Result<(), LoginError>| {
        if client.is_closed() {
            client = connect(server, admin)?;
        }
        work(&mut client)
    };
    while let Ok(Order::Renew) = inbox.recv() {
        if outbox.send(again(&mut |client| roles::renew(client, &name, valid))).is_err() {
            break;
        }
    }
    outbox.send(again(&mut |client| roles::close(client, &name))).ok();
}

/// Does something on a thread of its own, and waits for it no longer than a sign-in may take.
fn within<T: Send + 'static>(work: impl FnOnce() -> Result<T, LoginError> + Send + 'static) -> Result<T, LoginError> {
    let (sender, answer) = channel();
    spawned("server", move || drop(sender.send(work())))?;
    answer.recv_timeout(OPEN_LIMIT).map_err(|_| LoginError::Unreachable)?
}

fn spawned(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), LoginError> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map(drop).map_err(|_| LoginError::Unreachable)
}
