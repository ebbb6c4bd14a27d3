//! Twilio's own description of its service, enforced by Prism (stoplight.io/open-source/prism): what that calls right is right.
//!
//! `CLINIC2FA_TWILIO_MOCK` is the address of a running one. Or the program is named by `CLINIC2FA_PRISM` and the description
//! by `CLINIC2FA_TWILIO_DESCRIPTION`, and it is started here. Without either these are left out, in CI as well: the contract
//! in `twilio.rs` is the one that every change must keep.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clinic2fa::adapters::sms::NetworkGateway;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::sms::SmsSettings;
use clinic2fa::ports::{GatewayAccount, GatewayError, Sent, SentStage, SmsGateway};

use crate::kannel::free_ports;
use crate::rough::sends;
use crate::server::{Request, Server};
use crate::twilio::{ERRORS, twilio};

/// What enforces the description, until the test ends.
struct Contract {
    /// `127.0.0.1:port`.
    at: String,
    started: Option<Child>,
}

impl Drop for Contract {
    fn drop(&mut self) {
        if let Some(child) = &mut self.started {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

impl Contract {
    fn find() -> Option<Self> {
        let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(url) = named("CLINIC2FA_TWILIO_MOCK") {
            let at = url.strip_prefix("http://").expect("http://host:port").trim_end_matches('/').to_owned();
            return Some(Self { at, started: None });
        }
        let (prism, description) = (named("CLINIC2FA_PRISM"), named("CLINIC2FA_TWILIO_DESCRIPTION"));
        let (Some(prism), Some(description)) = (prism, description) else {
            say("left out: neither CLINIC2FA_TWILIO_MOCK nor CLINIC2FA_PRISM and CLINIC2FA_TWILIO_DESCRIPTION is set");
            return None;
        };
        for file in [&prism, &description] {
            assert!(Path::new(file).exists(), "{file} is not there");
        }
        let [port] = free_ports();
        let child = Command::new(prism)
            .args(["mock", "-h", "127.0.0.1", "-p", &port.to_string(), "--errors", &description])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Prism");
        let contract = Self { at: format!("127.0.0.1:{port}"), started: Some(child) };
        let up = (0..600).any(|_| {
            let up = TcpStream::connect(&contract.at).is_ok();
            if !up {
                std::thread::park_timeout(Duration::from_millis(100));
            }
            up
        });
        assert!(up, "Prism did not start within a minute");
        Some(contract)
    }

    /// A server in front of it: each request passes through `changed`, and asks for that example of an answer.
    fn behind(&self, example: &str, changed: impl Fn(Request) -> Request + Send + Sync + 'static) -> Server {
        let (at, example) = (self.at.clone(), example.to_owned());
        Server::start(move |request, stream| {
            drop(stream.write_all(&ask(&at, &example, &changed(request.clone()))));
        })
    }
}

fn say(what: &str) {
    drop(writeln!(std::io::stderr(), "{what}"));
}

/// Hands a request on. Prism gives the example that the header `Prefer` names.
fn ask(at: &str, example: &str, request: &Request) -> Vec<u8> {
    let mut whole = format!("{}\r\n", request.line);
    let ours = ["host", "connection", "content-length", "prefer"];
    for (name, value) in request.headers.iter().filter(|(name, _)| !ours.contains(&name.to_lowercase().as_str())) {
        whole.push_str(&format!("{name}: {value}\r\n"));
    }
    if !example.is_empty() {
        whole.push_str(&format!("Prefer: {example}\r\n"));
    }
    let length = request.body.len();
    whole.push_str(&format!("Host: {at}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{}", request.body));
    let mut answer = Vec::new();
    let mut contract = TcpStream::connect(at).unwrap();
    contract.write_all(whole.as_bytes()).unwrap();
    contract.read_to_end(&mut answer).unwrap();
    answer
}

/// Every kind of request that we make is one that Twilio's description allows; one that is not is found out.
#[test]
fn what_we_ask_is_what_twilio_describes() {
    let Some(contract) = Contract::find() else { return };
    let server = contract.behind("", |request| request);
    let service = "MG0123456789abcdef0123456789abcdef";
    for (sender, api_key) in [
        ("+447700900999", ""),
        ("447700900999", ""),
        ("60777", ""),
        ("Oak Tree", ""),
        (service, "SK0123456789abcdef0123456789abcdef"),
    ] {
        let asked = SmsSettings { sender: sender.to_owned(), api_key: api_key.to_owned(), ..twilio(&server.url) };
        let (sent, words, _) = sends(asked);
        let Ok(Sent { stage: SentStage::Accepted, reference: Some(sid) }) = sent else {
            panic!("{sender}: {sent:?} {words}")
        };
        // And what became of it.
        let account = GatewayAccount { settings: twilio(&server.url), secret: SecretText::from("t") };
        let fate = NetworkGateway.fate(&account, &sid);
        assert!(matches!(fate, Ok(Some(_))), "{sender}: {fate:?}");
    }

    for (right, wrong) in [("To=", "Too="), ("Body=", "Text="), ("From=", "Sender=")] {
        let server = contract.behind("", move |mut request| {
            request.body = request.body.replace(right, wrong);
            request
        });
        let (sent, ..) = sends(twilio(&server.url));
        assert!(sent.is_err(), "{wrong} is no part of the description, and nobody minds");
    }
    let server = contract.behind("", |mut request| {
        request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        request
    });
    assert_eq!(sends(twilio(&server.url)).0, Err(GatewayError::Login), "nobody signs in");
}

/// Each error number of the description, in the words and with the status that it has there.
#[test]
fn each_error_that_twilio_describes_is_told_right() {
    let Some(contract) = Contract::find() else { return };
    let mut told = 0;
    for (status, number, error) in ERRORS {
        let status = status.split(' ').next().unwrap();
        let server = contract.behind(&format!("code={status}, example=e{number}"), |request| request);
        let (sent, words, _) = sends(twilio(&server.url));
        if !words.contains(&number.to_string()) {
            say(&format!("left out: the description has no example of {number} ({words})"));
            continue;
        }
        told += 1;
        match error {
            Some(error) => assert_eq!(sent, Err(error.clone()), "{number}: {words}"),
            None => assert!(
                matches!(&sent, Err(GatewayError::Refused { code: Some(code), .. }) if code == number),
                "{number}: {sent:?} {words}"
            ),
        }
    }
    say(&format!("{told} of {} error numbers", ERRORS.len()));
    assert!(told > 0, "the description has none of our errors");
}
