//! Services that stall, lie, point elsewhere and talk without end; and what is sent to those that a manager describes.

use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::adapters::sms::NetworkGateway;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::sms::{Alphabet, Auth, BodyKind, GatewayKind, Message, Method, Number, SmsSettings, Template};
use clinic2fa::effects::{Courier, Failure, TextTrouble};
use clinic2fa::explain;
use clinic2fa::ports::{Clock, GatewayAccount, GatewayError, Outgoing, Sent, SentStage, SmsGateway, TextEnd};

use crate::clinic::{Clinic, MARIA, PASSWORD};
use crate::server::{Server, respond};
use crate::texting::{Inbox, NUMBER, carry, settings};

pub(crate) const BODY: &str = "482913 is your code for Café £ & \"{secret}\" + Co.";
pub(crate) const SECRET: &str = "s3cr&t=\"\\";

/// A text on its way by these settings.
pub(crate) fn outgoing(settings: SmsSettings) -> Outgoing {
    let to = Number::parse("07700 900123", &["GB".to_owned()]).unwrap();
    let message = Message { body: SecretText::from(BODY), alphabet: Alphabet::Gsm7 };
    Outgoing { account: GatewayAccount { settings, secret: SecretText::from(SECRET) }, to, message }
}

/// What the service said, and how long it took.
pub(crate) fn sends(settings: SmsSettings) -> (Result<Sent, GatewayError>, String, Duration) {
    let clock = SystemClock::new();
    let start = clock.now().boot.since_start;
    let (sent, transcript) = NetworkGateway.send(&outgoing(settings));
    let took = clock.now().boot.since_start - start;
    let words = transcript.join(" | ");
    for secret in [SECRET, BODY, "482913", "7700900123", "s3cr%26t"] {
        assert!(!words.contains(secret), "{words}");
    }
    (sent, words, took)
}

#[test]
fn a_service_that_stalls_is_given_up_in_time_and_its_text_counts() {
    // Accepts, reads, and never answers; or begins to.
    for begins in ["", "HTTP/1.1 202 Accepted\r\n", "HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n0: Acc"] {
        let server = Server::start(move |_, stream| {
            drop(stream.write_all(begins.as_bytes()));
            std::thread::park_timeout(Duration::from_secs(60));
        });
        let (sent, _, took) = sends(settings(&server.url));
        assert_eq!(sent, Err(GatewayError::NoAnswer), "{begins}");
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert_eq!(server.requests().len(), 1, "never sent twice");
        assert_eq!(GatewayError::NoAnswer.end(), TextEnd::Unknown);
    }
}

/// One byte a second keeps a connection busy, not alive.
#[test]
fn a_service_that_dribbles_is_given_up_in_time() {
    let server = Server::start(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n"));
        while stream.write_all(b".").is_ok() {
            std::thread::park_timeout(Duration::from_millis(300));
        }
    });
    let (sent, _, took) = sends(settings(&server.url));
    assert_eq!(sent, Err(GatewayError::NoAnswer));
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_service_that_is_not_there_has_sent_nothing() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let (sent, ..) = sends(settings(&format!("http://{free}/")));
    assert_eq!(sent, Err(GatewayError::Unreachable));
    let (sent, ..) = sends(settings("https://no-such-service.invalid/"));
    assert!(matches!(sent, Err(GatewayError::NameUnknown | GatewayError::Unreachable)), "{sent:?}");
    assert!(matches!(GatewayError::Unreachable.end(), TextEnd::NotSent(_)));
}

#[test]
fn a_connection_that_breaks_may_have_sent_it() {
    let server = Server::start(|_, _| {});
    let (sent, ..) = sends(settings(&server.url));
    assert_eq!(sent, Err(GatewayError::Broken));
    assert_eq!(GatewayError::Broken.end(), TextEnd::Unknown);
    // No HTTP at all.
    let server = Server::start(|_, stream| drop(stream.write_all(b"220 mail.example ESMTP\r\n")));
    assert_eq!(sends(settings(&server.url)).0, Err(GatewayError::Broken));
}

#[test]
fn redirects_are_not_followed_and_nothing_is_sent_along() {
    let trap = Server::saying("202 Accepted", "0: Accepted for delivery");
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let to = trap.url.clone();
        let server = Server::start(move |_, stream| {
            let answer = format!("HTTP/1.1 {status}\r\nLocation: {to}/\r\nContent-Length: 0\r\n\r\n");
            drop(stream.write_all(answer.as_bytes()));
        });
        assert_eq!(sends(settings(&server.url)).0, Err(GatewayError::Moved), "{status}");
    }
    assert!(trap.requests().is_empty());
}

/// A service may send and then redirect: each counts, so that the limits hold, and nobody is told that nothing was sent.
#[test]
fn a_service_that_redirects_every_text_meets_the_limit() {
    let server = Server::start(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: /thanks\r\nContent-Length: 0\r\n\r\n"));
    });
    let (mut clinic, inbox) = (Clinic::oak_tree(), Inbox::default());
    clinic.turns_texts_on(settings(&server.url), "fiddle-faddle");
    clinic.maria_links(NUMBER, &mut inbox.courier(), || inbox.code());
    clinic.waits(Duration::from_secs(24 * 3600));
    let mut courier = Courier::new(Box::new(NetworkGateway));
    for pause in [30, 60, 120, 120, 600] {
        clinic.desk.text(MARIA, &SecretText::from(PASSWORD)).unwrap();
        let carried = carry(&mut clinic.desk, &mut courier).pop().unwrap();
        assert_eq!(carried.outcome, Err(TextTrouble::Gateway(GatewayError::Moved)));
        let said = explain::texts::trouble(&TextTrouble::Gateway(GatewayError::Moved), None);
        assert!(said.what.get().ends_with("The text may still arrive."), "{}", said.what.get());
        let again = clinic.desk.text(MARIA, &SecretText::from(PASSWORD));
        assert!(matches!(again, Err(Failure::Text(TextTrouble::Wait(_)))), "{pause}: {again:?}");
        clinic.waits(Duration::from_secs(pause));
    }
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn a_gigabyte_is_not_read() {
    let server = Server::start(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1073741824\r\n\r\n0: Accepted"));
        let much = vec![b'.'; 1 << 20];
        while stream.write_all(&much).is_ok() {}
    });
    let (sent, _, took) = sends(settings(&server.url));
    assert_eq!(sent, Err(GatewayError::TooLong));
    assert!(took < Duration::from_secs(3), "{took:?}");
    // The same in the answer's head.
    let server = Server::start(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 202 Accepted\r\n"));
        while stream.write_all(b"X-Filler: ...............................................\r\n").is_ok() {}
    });
    let (sent, ..) = sends(settings(&server.url));
    assert!(matches!(sent, Err(GatewayError::TooLong | GatewayError::Broken)), "{sent:?}");
}

/// Says 200 to everything, as a hotel's sign-in page does: that is not "sent".
#[test]
fn a_service_that_lies_is_not_believed() {
    let server = Server::saying("200 OK", "<html>Welcome! Please log in. 0: Accepted</html>");
    let (sent, words, _) = sends(settings(&server.url));
    assert!(matches!(sent, Err(GatewayError::Strange { status: 200, .. })), "{sent:?}");
    assert!(words.contains("Welcome!"), "{words}");
}

/// C66: each with its reason, and none of them repeats what was sent.
#[test]
fn c66_bad_days_of_a_service() {
    let echo = format!("no credit; you sent {BODY} to +447700900123 with {SECRET}\r\n\u{1b}[2J");
    for (status, error) in [
        ("500 Internal Server Error", None),
        ("429 Too Many Requests", Some(GatewayError::Busy)),
        ("402 Payment Required", Some(GatewayError::Credit)),
        ("403 Forbidden", Some(GatewayError::Login)),
        ("200 OK", None),
    ] {
        let server = Server::saying(status, echo.clone());
        let (sent, words, _) = sends(settings(&server.url));
        match (sent, error) {
            (Err(got), Some(error)) => assert_eq!(got, error),
            (Err(GatewayError::Strange { said, .. }), None) => assert!(said.contains("no credit"), "{said}"),
            other => panic!("{other:?}"),
        }
        assert!(!words.contains('\u{1b}'), "{words}");
    }
}

#[test]
fn a_described_service_is_asked_as_described() {
    let server = Server::saying("200 OK", "{\"result\": \"queued\"}");
    let described = SmsSettings {
        gateway: GatewayKind::Http,
        url: format!("{}/v1/{{account}}?to={{digits}}", server.url),
        account: "clinic/1".to_owned(),
        template: Template {
            body: BodyKind::Json,
            content: r#"{"to": "{to}", "message": {"text": "{text}"}, "from": "{from}", "key": "{secret}"}"#.to_owned(),
            header: "X-Key: {secret}".to_owned(),
            method: Method::Usual,
            auth: Auth::Basic,
            accepted: "\"result\":\"sent\"".to_owned(),
            queued: "\"result\":\"queued\"".to_owned(),
        },
        ..settings("")
    };
    assert_eq!(described.check(), Ok(()));
    let (sent, words, _) = sends(described);
    assert_eq!(sent, Ok(Sent { stage: SentStage::Queued, reference: None }));
    assert!(words.contains("/v1/{account}?…"), "{words}");
    let request = server.requests().pop().unwrap();
    assert_eq!(request.line, "POST /v1/clinic%2F1?to=447700900123 HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("x-key"), Some(SECRET));
    let login = data_encoding::BASE64.encode(format!("clinic/1:{SECRET}").as_bytes());
    assert_eq!(request.header("authorization"), Some(format!("Basic {login}").as_str()));
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["message"]["text"], BODY);
    assert_eq!((&body["to"], &body["key"]), (&"+447700900123".into(), &SECRET.into()));
}

/// Any method with any body that may go with it, an empty one included.
#[test]
fn a_described_service_is_asked_with_the_method_that_was_chosen() {
    for (method, body, line, sent) in [
        (Method::Post, BodyKind::None, "POST", ""),
        (Method::Put, BodyKind::None, "PUT", ""),
        (Method::Put, BodyKind::Form, "PUT", "to=447700900123"),
        (Method::Get, BodyKind::None, "GET", ""),
    ] {
        let server = Server::saying("200 OK", "OK");
        let url = format!("{}/?to={{to}}&text={{text}}", server.url);
        let template = Template { method, body, content: "to={digits}".to_owned(), ..Template::default() };
        let described = SmsSettings { gateway: GatewayKind::Http, url, template, ..settings("") };
        assert_eq!(described.check(), Ok(()));
        assert_eq!(sends(described).0, Ok(Sent { stage: SentStage::Accepted, reference: None }), "{method:?}");
        let request = server.requests().pop().unwrap();
        assert!(request.line.starts_with(&format!("{line} /?to=")), "{}", request.line);
        assert_eq!(request.body, sent);
    }
}

#[test]
fn the_known_services_are_asked_by_their_own_forms() {
    let server = Server::saying("200 OK", r#"{"messages": [{"status": "0"}]}"#);
    let vonage = SmsSettings { gateway: GatewayKind::Vonage, account: "key1".to_owned(), ..settings(&server.url) };
    assert_eq!(sends(vonage).0, Ok(Sent { stage: SentStage::Accepted, reference: None }));
    let form = server.requests().pop().unwrap().form();
    let field = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(field("to"), Some("447700900123"));
    assert_eq!((field("api_key"), field("api_secret"), field("text")), (Some("key1"), Some(SECRET), Some(BODY)));
    assert_eq!((field("type"), field("from")), (Some("text"), Some("OakTree")));

    let server = Server::saying("200 OK", "0:1 SMS successfully queued");
    let firetext = SmsSettings { gateway: GatewayKind::FireText, ..settings(&server.url) };
    assert_eq!(sends(firetext).0, Ok(Sent { stage: SentStage::Accepted, reference: None }));
    let form = server.requests().pop().unwrap().form();
    assert!(
        form.contains(&("message".to_owned(), BODY.to_owned()))
            && form.contains(&("unicode".to_owned(), "0".to_owned()))
    );
}

/// A proxy is asked where the field names one, and none is where it names none, whatever the environment says.
#[test]
fn the_proxy_is_the_one_in_the_settings() {
    let proxy = Server::start(|request, stream| {
        let status =
            if request.line.starts_with("CONNECT ") { "407 Proxy Authentication Required" } else { "202 Accepted" };
        respond(stream, status, "0: Accepted for delivery");
    });
    let through = SmsSettings { proxy: proxy.url.clone(), ..settings("http://192.168.255.1:13013/") };
    let (sent, ..) = sends(through);
    let asked = proxy.requests();
    assert_eq!(asked.len(), 1, "{sent:?}");
    assert!(asked[0].line.contains("192.168.255.1:13013"), "{}", asked[0].line);
    assert_eq!(sent, Err(GatewayError::Proxy));
}
