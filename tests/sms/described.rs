//! What a manager is shown of a service of one's own is what that service is sent.

use clinic2fa::domain::sms::{Auth, BodyKind, GatewayKind, SmsSettings, Template};

use crate::rough::{BODY, SECRET, sends};
use crate::server::{Request, Server};
use crate::texting::settings;

/// A request as the form's last lines show it.
fn lines_of(request: &Request, server: &Server) -> Vec<String> {
    let path = request.line.strip_suffix(" HTTP/1.1").unwrap();
    let (method, path) = path.split_once(' ').unwrap();
    let mut lines = vec![format!("{method} {}{path}", server.url)];
    for name in ["authorization", "x-one", "x-two", "content-type"] {
        let header = |(known, value): &(String, String)| {
            known.eq_ignore_ascii_case(name).then(|| format!("{}: {value}", known.to_lowercase()))
        };
        lines.extend(request.headers.iter().filter_map(header));
    }
    lines.extend(Some(request.body.clone()).filter(|body| !body.is_empty()));
    lines
}

#[test]
fn a_service_is_sent_what_was_shown() {
    for (body, content) in [
        (BodyKind::None, ""),
        (BodyKind::Form, "to={to}&from={from}&text={text}&key={secret}&unicode={unicode}"),
        (BodyKind::Json, r#"{"to": "{digits}", "text": "{text}", "key": "{secret}", "coding": {coding}}"#),
    ] {
        for auth in [Auth::None, Auth::Bearer] {
            let server = Server::saying("200 OK", "taken");
            let described = SmsSettings {
                gateway: GatewayKind::Http,
                url: format!("{}/v1/{{account}}?to={{to}}&text={{text}}&key={{secret}}", server.url),
                account: "clinic/1".to_owned(),
                template: Template {
                    body,
                    content: content.to_owned(),
                    header: "X-One: {account}\nX-Two: {secret}".to_owned(),
                    auth,
                    ..Template::default()
                },
                ..settings("")
            };
            assert_eq!(described.check(), Ok(()));
            assert!(sends(described.clone()).0.is_ok());
            let (url, account) = (&described.url, &described.account);
            let shown = described.template.preview(url, &described.sender, account, BODY, SECRET);
            let shown: Vec<String> = shown
                .into_iter()
                .map(|line| match line.split_once(": ") {
                    Some((name, value)) if !name.contains(['{', '/']) => format!("{}: {value}", name.to_lowercase()),
                    Some(_) | None => line,
                })
                .collect();
            assert_eq!(lines_of(&server.requests().pop().unwrap(), &server), shown, "{body:?} {auth:?}");
        }
    }
}
