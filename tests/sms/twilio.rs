//! Twilio's contract (API 2010-04-01, Messages), on a server of our own: what it must be sent, and each of its answers.

use clinic2fa::adapters::sms::NetworkGateway;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::sms::{GatewayKind, SmsSettings};
use clinic2fa::ports::{GatewayAccount, GatewayError, Sent, SentStage, SmsGateway};

use crate::rough::sends;
use crate::server::{Request, Server};
use crate::texting::settings;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const SID: &str = "SM0123456789abcdef0123456789abcdef";

pub(crate) fn twilio(url: &str) -> SmsSettings {
    SmsSettings {
        gateway: GatewayKind::Twilio,
        account: ACCOUNT.to_owned(),
        sender: "+447700900999".to_owned(),
        ..settings(url)
    }
}

pub(crate) fn message(status: &str, error: &str) -> String {
    format!(r#"{{"sid": "{SID}", "status": "{status}", "error_code": {error}, "to": "+447700900123"}}"#)
}

/// Status, error number, and what it is told as; unknown ones are shown as they are.
pub(crate) const ERRORS: &[(&str, u32, Option<GatewayError>)] = &[
    ("401 Unauthorized", 20003, Some(GatewayError::Login)),
    ("403 Forbidden", 20005, Some(GatewayError::Account)),
    ("404 Not Found", 20404, Some(GatewayError::Login)),
    ("400 Bad Request", 21211, Some(GatewayError::Number)),
    ("400 Bad Request", 21212, Some(GatewayError::Sender)),
    ("400 Bad Request", 21408, Some(GatewayError::Barred)),
    ("400 Bad Request", 21606, Some(GatewayError::Sender)),
    ("400 Bad Request", 21608, Some(GatewayError::Account)),
    ("400 Bad Request", 21610, Some(GatewayError::Barred)),
    ("400 Bad Request", 21612, Some(GatewayError::Barred)),
    ("400 Bad Request", 21614, Some(GatewayError::Number)),
    ("429 Too Many Requests", 20429, Some(GatewayError::Busy)),
    ("503 Service Unavailable", 20503, Some(GatewayError::Busy)),
    ("400 Bad Request", 21617, None),
    ("400 Bad Request", 39999, None),
];

/// Who signed in, by `Authorization: Basic`.
fn login_of(request: &Request) -> Vec<u8> {
    let header = request.header("authorization").unwrap();
    data_encoding::BASE64.decode(header.strip_prefix("Basic ").unwrap().as_bytes()).unwrap()
}

#[test]
fn a_request_is_as_twilio_describes_it() {
    let server = Server::saying("201 Created", message("queued", "null"));
    let (sent, ..) = sends(twilio(&server.url));
    assert_eq!(sent, Ok(Sent { stage: SentStage::Accepted, reference: Some(SID.to_owned()) }));
    let request = server.requests().pop().unwrap();
    assert_eq!(request.line, format!("POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1"));
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    let login = login_of(&request);
    assert!(login.starts_with(format!("{ACCOUNT}:s3cr&t").as_bytes()));
    let form = request.form();
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["To", "From", "Body"]);
    assert_eq!((form[0].1.as_str(), form[1].1.as_str()), ("+447700900123", "+447700900999"));
    assert!(form[2].1.starts_with("482913 is your code for Café £"));

    // An API key signs in; the account stays in the address. A messaging service takes the sender's place.
    let service = "MG0123456789abcdef0123456789abcdef";
    let keyed = SmsSettings {
        api_key: "SK0123456789abcdef0123456789abcdef".to_owned(),
        sender: service.to_owned(),
        ..twilio(&server.url)
    };
    assert_eq!(keyed.check(), Ok(()));
    assert!(sends(keyed).0.is_ok());
    let request = server.requests().pop().unwrap();
    let login = login_of(&request);
    assert!(login.starts_with(b"SK0123456789abcdef0123456789abcdef:"));
    assert!(request.line.contains(ACCOUNT));
    let names: Vec<String> = request.form().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["To", "MessagingServiceSid", "Body"], "never both");
    assert_eq!(request.form()[1].1, service);

    // A number has its plus sign, however it was typed; a short code and a name have none.
    for (sender, from) in [("447700900999", "+447700900999"), ("60777", "60777"), ("Oak Tree", "Oak Tree")] {
        assert!(sends(SmsSettings { sender: sender.to_owned(), ..twilio(&server.url) }).0.is_ok());
        assert_eq!(server.requests().pop().unwrap().form()[1], ("From".to_owned(), from.to_owned()));
    }
}

#[test]
fn each_error_number_has_its_reason() {
    for (status, code, error) in ERRORS.iter().cloned() {
        let body = format!(r#"{{"code": {code}, "message": "Said about +447700900123", "status": 400}}"#);
        let server = Server::saying(status, body);
        let (sent, words, _) = sends(twilio(&server.url));
        assert!(words.contains(&code.to_string()), "{words}");
        match error {
            Some(error) => assert_eq!(sent, Err(error), "{code}"),
            None => {
                let said = "Said about …".to_owned();
                assert_eq!(sent, Err(GatewayError::Refused { code: Some(code), said }), "shown as it is");
            }
        }
    }
    let server = Server::saying("500 Internal Server Error", r#"{"code": 20500, "message": "x", "status": 500}"#);
    assert!(matches!(sends(twilio(&server.url)).0, Err(GatewayError::Strange { status: 500, .. })));
    let server = Server::saying("201 Created", "<html>");
    assert!(matches!(sends(twilio(&server.url)).0, Err(GatewayError::Strange { status: 201, .. })));
}

/// Twilio may take a landline and find out later: the text's fate is asked for.
#[test]
fn what_became_of_a_text() {
    let account = |url: &str| GatewayAccount { settings: twilio(url), secret: SecretText::from("t") };
    for (status, error, fate) in [
        ("queued", "null", Ok(Some(SentStage::Accepted))),
        ("sent", "null", Ok(Some(SentStage::Accepted))),
        ("delivered", "null", Ok(Some(SentStage::Delivered))),
        ("undelivered", "30006", Err(GatewayError::Number)),
        ("undelivered", "30007", Err(GatewayError::Barred)),
        ("failed", "30003", Err(GatewayError::Barred)),
        ("failed", "21610", Err(GatewayError::Barred)),
        ("failed", "77777", Err(GatewayError::Refused { code: Some(77_777), said: String::new() })),
    ] {
        let server = Server::saying("200 OK", message(status, error));
        assert_eq!(NetworkGateway.fate(&account(&server.url), SID), fate, "{status} {error}");
        let request = server.requests().pop().unwrap();
        assert_eq!(request.line, format!("GET /2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}.json HTTP/1.1"));
    }
    let gone = Server::saying("500 Internal Server Error", "");
    assert_eq!(NetworkGateway.fate(&account(&gone.url), SID), Ok(None), "what cannot be asked changes nothing");
}
