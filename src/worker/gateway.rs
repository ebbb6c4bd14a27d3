//! The thread that owns the courier: a service that hangs delays neither a frame nor a sign-in.
//!
//! It carries errands in order, reports what came of each so that the desk can write it down, and answers flows that ask: at
//! once with what is known, or when something changes. It keeps nobody alive: when the window lets go, it ends.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use crate::effects::{Carried, Courier, Errand, Failure};
use crate::flows::{Answer, Reply, Ticket};

/// What the thread is given.
pub(super) enum Mail {
    /// Carry this.
    Carry(Box<Errand>),
    /// What became of errand so-and-so?
    Ask(Ticket, u64),
    /// Say so when something new is known of it.
    Watch(Ticket, u64),
}

/// What the thread says.
pub(super) enum Said {
    /// To a flow.
    Reply(Box<Reply>),
    /// To the desk, by way of the window.
    Ended(Carried),
}

/// How long apart, and how often, the service is asked what became of a text.
const APART: Duration = Duration::from_secs(3);
const LOOKS: u32 = 20;
/// Fates that are remembered.
const REMEMBERED: usize = 16;

/// A text, and how often its fate may still be asked for.
struct Under {
    errand: Option<Errand>,
    carried: Carried,
    looks_left: u32,
}

/// Runs until the window is gone.
pub(super) fn run(
    courier: &mut Courier,
    (inbox, waiting): (&Receiver<Mail>, &AtomicUsize),
    outbox: &Sender<Said>,
    wake: &dyn Fn(),
) {
    let mut under: VecDeque<Under> = VecDeque::new();
    let mut watching: Vec<(Ticket, u64)> = Vec::new();
    let say = |said: Said| {
        outbox.send(said).ok();
        wake();
    };
    let tell = |ticket: Ticket, carried: &Carried| {
        say(Said::Reply(Box::new((ticket, Ok(Answer::TextFate(carried.outcome.clone(), carried.transcript.clone()))))));
    };
    let unknown = |ticket: Ticket| say(Said::Reply(Box::new((ticket, Err(Failure::WorkerGone)))));
    loop {
        let following = under.iter().any(|text| text.looks_left > 0);
        let mail = if following {
            inbox.recv_timeout(APART)
        } else {
            inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match mail {
            Ok(Mail::Carry(errand)) => {
                // Under way: it takes no room any more.
                waiting.fetch_sub(1, Ordering::SeqCst);
                let carried = courier.carry(&errand);
                say(Said::Ended(carried.clone()));
                let followable = carried.outcome.as_ref().is_ok_and(|sent| sent.reference.is_some());
                let (errand, looks_left) = if followable { (Some(*errand), LOOKS) } else { (None, 0) };
                under.push_back(Under { errand, carried, looks_left });
            }
            Ok(Mail::Ask(ticket, id)) => match under.iter().find(|text| text.carried.id == id) {
                Some(text) => tell(ticket, &text.carried),
                None => unknown(ticket),
            },
            Ok(Mail::Watch(ticket, id)) => watching.push((ticket, id)),
            Err(RecvTimeoutError::Timeout) => {
                for text in under.iter_mut().filter(|text| text.looks_left > 0) {
                    text.looks_left -= 1;
                    let Some(errand) = &text.errand else { continue };
                    if let Some(further) = courier.follow(errand, &text.carried) {
                        say(Said::Ended(further.clone()));
                        text.carried = further;
                        text.looks_left = 0;
                    }
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if under.len() > REMEMBERED {
            under.pop_front();
        }
        // Whoever watches is told once nothing more will change.
        watching.retain(|(ticket, id)| match under.iter().find(|text| text.carried.id == *id) {
            Some(text) if text.looks_left > 0 => true,
            Some(text) => {
                tell(*ticket, &text.carried);
                false
            }
            None => {
                unknown(*ticket);
                false
            }
        });
        // Number and code are wiped as soon as nobody follows them.
        for text in under.iter_mut().filter(|text| text.looks_left == 0) {
            text.errand = None;
        }
    }
}
