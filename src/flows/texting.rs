//! A text that was asked for, as a person may see it: on its way, taken, arrived, or why not. It never holds the code.
//!
//! ```text
//! NotAsked ──ask──▶ Asking ──▶ Sending ──▶ Sent(accepted | queued) ──▶ Sent(delivered)
//!                     └────────────┴──────────┴──────────────────────▶ Trouble
//! ```

use std::time::Duration;

use super::{Answer, Order, Reply, Request, Tickets, Waiting};
use crate::effects::{Failure, TextNews, TextTrouble};
use crate::ports::{BootTime, Now, SentStage, Transcript};

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TextState {
    /// None was asked for here.
    #[default]
    NotAsked,
    /// The desk is asked whether it may be sent.
    Asking,
    /// It is with the courier.
    Sending(TextNews),
    /// The service has it.
    Sent(TextNews, SentStage),
    /// It did not go, or nobody knows.
    Trouble(TextTrouble),
}

/// What came of an answer.
pub enum Heard {
    /// Somebody else's.
    NotMine(Box<Reply>),
    /// This one's; these orders follow.
    Mine(Vec<Order>),
    /// The desk refused before any text: the page says why.
    Refused(Failure),
}

/// One page's texts.
#[derive(Debug, Default)]
pub struct Texting {
    /// How far the last one is.
    pub state: TextState,
    /// What both sides said, without anything secret.
    pub transcript: Transcript,
    /// When the next may be asked for: a run of the computer, and a moment in it.
    until: Option<(String, Duration)>,
    waiting: Waiting,
}

impl Texting {
    /// Whether the desk is being asked; while a text is on its way, everything else goes on.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.state == TextState::Asking
    }

    /// How long the next text must wait.
    #[must_use]
    pub fn wait_left(&self, now: &BootTime) -> Option<Duration> {
        let (boot, ends) = self.until.as_ref().filter(|(boot, _)| *boot == now.boot_id)?;
        debug_assert_eq!(boot, &now.boot_id);
        ends.checked_sub(now.since_start).filter(|left| !left.is_zero())
    }

    /// Asks for a text.
    pub fn ask(&mut self, request: Request, tickets: &mut Tickets) -> Vec<Order> {
        self.state = TextState::Asking;
        self.transcript.clear();
        self.waiting.order(tickets, request)
    }

    /// An answer came. Only the one to what was asked last counts: a late one of an earlier number changes nothing.
    pub fn answer(&mut self, reply: Reply, now: &Now, tickets: &mut Tickets) -> Heard {
        if !self.waiting.accept(reply.0) {
            return Heard::NotMine(Box::new(reply));
        }
        let wait = |left: Duration| Some((now.boot.boot_id.clone(), now.boot.since_start.saturating_add(left)));
        match (&self.state, reply.1) {
            (TextState::Asking, Ok(Answer::Texting(news))) => {
                self.until = wait(news.resend);
                let errand = news.errand;
                self.state = TextState::Sending(news);
                Heard::Mine(self.waiting.order(tickets, Request::TextFate(errand)))
            }
            (TextState::Sending(news), Ok(Answer::TextFate(Ok(sent), transcript))) => {
                let news = news.clone();
                self.transcript = transcript;
                let further = sent.reference.is_some() && sent.stage != SentStage::Delivered;
                let errand = news.errand;
                self.state = TextState::Sent(news, sent.stage);
                let watch = || self.waiting.order(tickets, Request::TextChange(errand));
                Heard::Mine(further.then(watch).unwrap_or_default())
            }
            (TextState::Sent(news, _), Ok(Answer::TextFate(Ok(sent), transcript))) => {
                self.transcript = transcript;
                self.state = TextState::Sent(news.clone(), sent.stage);
                Heard::Mine(Vec::new())
            }
            (_, Ok(Answer::TextFate(Err(trouble), transcript))) => {
                if trouble.was_not_sent() {
                    // It does not count, so nothing keeps the person from asking again.
                    self.until = None;
                }
                self.transcript = transcript;
                self.state = TextState::Trouble(trouble);
                Heard::Mine(Vec::new())
            }
            (_, Err(Failure::Text(trouble))) => {
                if let TextTrouble::Wait(limit) = &trouble {
                    self.until = limit.left().and_then(wait);
                }
                self.state = TextState::Trouble(trouble);
                Heard::Mine(Vec::new())
            }
            (_, Err(failure)) => {
                self.state = TextState::NotAsked;
                Heard::Refused(failure)
            }
            (_, Ok(_)) => {
                self.state = TextState::NotAsked;
                Heard::Refused(Failure::WorkerGone)
            }
        }
    }
}
