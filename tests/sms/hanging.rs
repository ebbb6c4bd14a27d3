//! A service that hangs, under the real worker: codes go on being checked beside it, and nothing is ever sent twice.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::adapters::sms::NetworkGateway;
use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::sms::TextWait;
use clinic2fa::domain::verify::{Presented, Verdict};
use clinic2fa::effects::{Courier, Failure, TextTrouble};
use clinic2fa::flows::{Answer, Reply, Request, Ticket, Tickets};
use clinic2fa::ports::{Clock, GatewayError, SentStage};
use clinic2fa::worker::Worker;

use crate::clinic::{Clinic, MARIA, PASSWORD, digits};
use crate::kannel::PASSWORD as SERVICE_PASSWORD;
use crate::server::{Server, respond};
use crate::texting::{Inbox, NUMBER, settings};
use crate::twilio::{message, twilio};

/// The service is given up after three seconds; whatever took longer than this waited for it.
const AT_ONCE: Duration = Duration::from_secs(2);

struct Desk {
    worker: Worker,
    woken: Receiver<()>,
    tickets: Tickets,
    clock: SystemClock,
}

impl Desk {
    /// The clinic's own worker, with the real gateway.
    fn of(clinic: &Clinic) -> Self {
        let (wake, woken) = sync_channel(64);
        let office = clinic.office.clone();
        let wake = move || {
            wake.try_send(()).ok();
        };
        let courier = Courier::new(Box::new(NetworkGateway));
        let worker = Worker::start(move || office.desk(), courier, wake).expect("threads");
        Self { worker, woken, tickets: Tickets::default(), clock: SystemClock::new() }
    }

    fn asks(&mut self, request: Request) -> Ticket {
        let ticket = self.tickets.draw();
        self.worker.send(vec![(ticket, request)]);
        ticket
    }

    /// The next answer, and how long it took.
    #[track_caller]
    fn hears(&mut self) -> (Reply, Duration) {
        let start = self.clock.now().boot.since_start;
        loop {
            if let Some(reply) = self.worker.receive() {
                return (reply, self.clock.now().boot.since_start - start);
            }
            self.woken.recv_timeout(Duration::from_secs(30)).expect("an answer within half a minute");
        }
    }

    #[track_caller]
    fn asks_for_text(&mut self) -> u64 {
        self.asks(Request::Text { person: MARIA.to_owned(), password: PASSWORD.into() });
        match self.hears().0 {
            (_, Ok(Answer::Texting(news))) => news.errand,
            (_, other) => panic!("{other:?}"),
        }
    }

    /// A sign-in beside a text that hangs; it must not have waited for it.
    #[track_caller]
    fn signs_in(&mut self, presented: Presented) {
        let (person, password) = (MARIA.to_owned(), SecretText::from(PASSWORD));
        let asked = self.asks(Request::SignIn { person, password, presented });
        let ((ticket, answer), took) = self.hears();
        assert!(ticket == asked && took < AT_ONCE, "{took:?}: {answer:?}");
        assert!(matches!(answer, Ok(Answer::Verdict(Verdict::Accepted { .. }, Some(_)))), "{answer:?}");
        let locked = self.asks(Request::Lock(clinic2fa::domain::presence::Why::Asked));
        assert_eq!(self.hears().0.0, locked);
    }
}

/// A clinic whose service takes every text and answers none; Maria's number was linked when it still did.
fn clinic_with_a_hanging_service() -> (Clinic, Server) {
    let server = Server::start(|_, _| std::thread::park_timeout(Duration::from_secs(120)));
    let (mut clinic, inbox) = (Clinic::oak_tree(), Inbox::default());
    clinic.turns_texts_on(settings(&server.url), SERVICE_PASSWORD);
    clinic.maria_links(NUMBER, &mut inbox.courier(), || inbox.code());
    clinic.waits(Duration::from_secs(24 * 3600));
    (clinic, server)
}

#[test]
fn c66_a_hanging_service_delays_no_code_check_and_is_asked_once() {
    let (clinic, server) = clinic_with_a_hanging_service();
    let mut desk = Desk::of(&clinic);
    let start = desk.clock.now().boot.since_start;
    let errand = desk.asks_for_text();
    let fate = desk.asks(Request::TextFate(errand));
    // It hangs by now, and both ways round it are open at once.
    server.until_asked(1);
    desk.signs_in(Presented::Code(digits(&clinic.phone.code())));
    desk.signs_in(Presented::Recovery(RecoveryCode::parse(&clinic.spare(3)).unwrap()));
    assert!(desk.clock.now().boot.since_start - start < Duration::from_secs(3), "while it still hung");

    let ((ticket, answer), _) = desk.hears();
    assert_eq!(ticket, fate);
    let Ok(Answer::TextFate(Err(trouble), transcript)) = answer else { panic!("{answer:?}") };
    assert_eq!(trouble, TextTrouble::Gateway(GatewayError::NoAnswer));
    assert!(!trouble.was_not_sent(), "it may have been");
    assert!(transcript.join(" ").ends_with("sms-no-answer"), "{transcript:?}");
    // C66: within 10 seconds, whatever happens.
    assert!(desk.clock.now().boot.since_start - start < Duration::from_secs(10));

    // Nothing is sent again by itself, nor by whoever asks too soon: the one that may have arrived counts.
    desk.asks(Request::Text { person: MARIA.to_owned(), password: PASSWORD.into() });
    let ((_, answer), _) = desk.hears();
    assert!(matches!(answer, Err(Failure::Text(TextTrouble::Wait(TextWait::Resend(_))))), "{answer:?}");
    let later = desk.asks(Request::TextFate(errand));
    assert_eq!(desk.hears().0.0, later, "its fate is still known, and asking for it sends nothing");
    assert_eq!(server.requests().len(), 1, "never sent twice");
    desk.worker.end(Duration::from_secs(10));
    assert_eq!(server.requests().len(), 1, "nor at the end");
}

/// Twilio may take a text and find out later: it is asked, and what it finds is told and written down; then no more.
#[test]
fn what_becomes_of_a_text_is_asked_for_until_it_is_known() {
    let told = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |request, stream| {
        let first =
            told.fetch_add(usize::from(request.line.starts_with("GET ")), std::sync::atomic::Ordering::SeqCst) == 0;
        match (request.line.starts_with("POST "), first) {
            (true, _) => respond(stream, "201 Created", &message("queued", "null")),
            (false, true) => respond(stream, "200 OK", &message("sent", "null")),
            (false, false) => respond(stream, "200 OK", &message("undelivered", "30006")),
        }
    });
    let (mut clinic, inbox) = (Clinic::oak_tree(), Inbox::default());
    clinic.turns_texts_on(twilio(&server.url), SERVICE_PASSWORD);
    clinic.maria_links(NUMBER, &mut inbox.courier(), || inbox.code());
    clinic.waits(Duration::from_secs(24 * 3600));
    let mut desk = Desk::of(&clinic);
    let errand = desk.asks_for_text();
    desk.asks(Request::TextFate(errand));
    let ((_, answer), _) = desk.hears();
    assert!(matches!(&answer, Ok(Answer::TextFate(Ok(sent), _)) if sent.stage == SentStage::Accepted), "{answer:?}");
    // While it is followed, codes are checked as ever.
    desk.asks(Request::TextChange(errand));
    desk.signs_in(Presented::Code(digits(&clinic.phone.code())));
    let ((_, answer), _) = desk.hears();
    let number = TextTrouble::Gateway(GatewayError::Number);
    assert!(matches!(&answer, Ok(Answer::TextFate(Err(trouble), _)) if *trouble == number), "{answer:?}");
    desk.worker.end(Duration::from_secs(10));
    let lines: Vec<String> = server.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines.iter().filter(|line| line.starts_with("POST ")).count(), 1, "{lines:?}");
    assert_eq!(lines.len(), 3, "asked twice, and no more once it was known: {lines:?}");
    let log = clinic.log_from(0);
    assert!(log.contains(&("text-sent".to_owned(), "not-delivered".to_owned())), "{log:?}");
}

/// A window that is closed while the service hangs does not wait for it.
#[test]
fn closing_the_program_does_not_wait_for_a_hanging_service() {
    let (clinic, server) = clinic_with_a_hanging_service();
    let mut desk = Desk::of(&clinic);
    desk.asks_for_text();
    server.until_asked(1);
    let start = desk.clock.now().boot.since_start;
    desk.worker.end(Duration::from_secs(10));
    assert!(desk.clock.now().boot.since_start - start < AT_ONCE);
    assert_eq!(server.requests().len(), 1);
}

/// More people than the service can be asked for: those who find no room are told so, and their texts are not counted.
#[test]
fn a_queue_behind_a_hanging_service_has_an_end() {
    let (mut clinic, server) = clinic_with_a_hanging_service();
    let before = clinic.desk.look().unwrap().unwrap().texts.this_month;
    let mut desk = Desk::of(&clinic);
    desk.asks_for_text();
    server.until_asked(1);
    // Eight more wait; the tenth finds no room. Ten is what one person may ask for in a day.
    for _ in 0..8 {
        clinic.office.clock.advance(Duration::from_secs(3600));
        desk.asks_for_text();
    }
    clinic.office.clock.advance(Duration::from_secs(3600));
    desk.asks(Request::Text { person: MARIA.to_owned(), password: PASSWORD.into() });
    let ((_, answer), took) = desk.hears();
    assert_eq!(answer.map(drop), Err(Failure::Text(TextTrouble::QueueFull)));
    assert!(took < AT_ONCE, "told at once, not after the others: {took:?}");
    assert_eq!(server.requests().len(), 1);
    let counted = clinic.desk.look().unwrap().unwrap().texts.this_month - before;
    assert_eq!(counted, 9, "those that hang or wait; the tenth was given back");
}
