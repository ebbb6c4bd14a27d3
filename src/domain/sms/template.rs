//! A service as the manager describes it: its placeholders, the request that comes of them, and whether that can work.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::settings::Unfit;
use crate::domain::secret::SecretText;

/// RFC 3986's unreserved characters stay; everything else is escaped, in addresses and in forms alike.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Each placeholder with a value that it could have, for trying a description out. Those that are numbers may stand bare
/// in JSON.
const SAMPLES: [(&str, &str); 9] = [
    ("to", "+447700900123"),
    ("digits", "447700900123"),
    ("from", "from"),
    ("text", "text"),
    ("account", "account"),
    ("secret", "secret"),
    ("coding", "0"),
    ("unicode", "0"),
    ("type", "text"),
];

/// Headers that belong to the connection, or to the kind of body: a second one would contradict ours.
const OURS: [&str; 5] = ["content-type", "content-length", "host", "connection", "transfer-encoding"];

/// How a request's body is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// None: everything is in the address.
    #[default]
    None,
    /// A form, as `name=value&…`.
    Form,
    /// JSON.
    Json,
}

/// The most headers of a manager's own.
pub const HEADERS: usize = 8;

/// The method that a service is asked with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// What goes with the body: GET without one, POST with one.
    #[default]
    Usual,
    /// GET, which has no body.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
}

impl Method {
    /// As it is sent beside that body.
    #[must_use]
    pub fn name(self, body: BodyKind) -> &'static str {
        match (self, body) {
            (Self::Get, _) | (Self::Usual, BodyKind::None) => "GET",
            (Self::Post, _) | (Self::Usual, BodyKind::Form | BodyKind::Json) => "POST",
            (Self::Put, _) => "PUT",
        }
    }
}

/// How the service is told who asks, beside what the template says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// Not beside it.
    #[default]
    None,
    /// `Authorization: Basic`, account and password.
    Basic,
    /// `Authorization: Bearer`, the password.
    Bearer,
}

/// A service as the manager describes it. `{to}` is the number with its plus sign, `{digits}` without, and there are
/// `{from}`, `{text}`, `{account}`, `{secret}`, `{coding}` (0 or 2) and `{unicode}` (0 or 1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    /// Body.
    pub body: BodyKind,
    /// Method.
    pub method: Method,
    /// The body with its placeholders; it counts only where there is a body.
    pub content: String,
    /// More headers, one a line, `Name: value`; empty for none.
    pub header: String,
    /// Who asks.
    pub auth: Auth,
    /// The answer's body must hold this, blanks aside; empty when the status says it all.
    pub accepted: String,
    /// And this says that the text waits at the service, for the network is down.
    pub queued: String,
}

/// A part of the description, for pointing at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The web address.
    Address,
    /// The body.
    Content,
    /// A header.
    Header,
}

/// A request, ready to be sent. It holds passwords and a code, so nothing prints it.
pub struct Asked {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// The whole address.
    pub url: SecretText,
    /// Name and value each.
    pub headers: Vec<(String, SecretText)>,
    /// Its kind, and itself.
    pub body: Option<(&'static str, SecretText)>,
}

impl Template {
    /// The request, but for who asks.
    #[must_use]
    pub fn asked(&self, address: &str, values: &Values<'_>) -> Asked {
        let headers = self.headers().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_owned(), values.fill(value.trim(), Spot::Header)))
        });
        let body = match self.body {
            BodyKind::None => None,
            BodyKind::Form => Some((FORM, values.fill(&self.content, Spot::Url))),
            BodyKind::Json => Some((JSON, values.fill(&self.content, Spot::Json))),
        };
        let (method, url) = (self.method.name(self.body), values.fill(address, Spot::Url));
        Asked { method, url, headers: headers.collect(), body }
    }

    /// The request with made-up values, as lines to look at. `hidden` stands where the password would.
    #[must_use]
    pub fn preview(&self, address: &str, from: &str, account: &str, text: &str, hidden: &str) -> Vec<String> {
        let given = [("from", from), ("account", account), ("text", text), ("secret", hidden)];
        let value = |name: &'static str, sample: &'static str| {
            let given = given.iter().find(|(known, _)| *known == name);
            (name, given.map_or(sample, |(_, value)| *value))
        };
        let values = Values(SAMPLES.iter().map(|(name, sample)| value(name, sample)).collect());
        let asked = self.asked(address, &values);
        let mut lines = vec![format!("{} {}", asked.method, asked.url.expose())];
        match self.auth {
            Auth::None => {}
            Auth::Basic => lines.push(format!("Authorization: Basic {hidden}")),
            Auth::Bearer => lines.push(format!("Authorization: Bearer {hidden}")),
        }
        lines.extend(asked.headers.iter().map(|(name, value)| format!("{name}: {}", value.expose())));
        if let Some((kind, body)) = &asked.body {
            lines.push(format!("Content-Type: {kind}"));
            lines.push(body.expose().to_owned());
        }
        lines
    }

    fn headers(&self) -> impl Iterator<Item = &str> {
        self.header.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Whether that stands in the description somewhere.
    pub(super) fn names(&self, address: &str, placeholder: &str) -> bool {
        self.parts(address).iter().any(|(_, text)| text.contains(placeholder))
    }

    /// What is sent, each part with its name.
    fn parts<'a>(&'a self, address: &'a str) -> Vec<(Part, &'a str)> {
        let mut parts = vec![(Part::Address, address)];
        if self.body != BodyKind::None {
            parts.push((Part::Content, &self.content));
        }
        parts.push((Part::Header, &self.header));
        parts
    }

    /// Whether the service can be asked so.
    pub(super) fn check(&self, address: &str) -> Result<(), Unfit> {
        if self.method == Method::Get && self.body != BodyKind::None {
            return Err(Unfit::BadMethod);
        }
        let parts = self.parts(address);
        for (part, text) in &parts {
            if has_unknown(text) {
                return Err(Unfit::UnknownPlaceholder(*part));
            }
            if in_sight(text) {
                return Err(Unfit::SecretInSight(*part));
            }
        }
        let asked = self.asked(address, &Values(SAMPLES.to_vec()));
        if !asked.url.expose().bytes().all(is_of_an_address) {
            return Err(Unfit::BadUrl);
        }
        let sent = |name: &str| parts.iter().any(|(part, text)| *part != Part::Header && text.contains(name));
        if !sent("{text}") || !(sent("{to}") || sent("{digits}")) {
            return Err(Unfit::BadTemplate);
        }
        if let Some((JSON, body)) = &asked.body
            && serde_json::from_str::<serde::de::IgnoredAny>(body.expose()).is_err()
        {
            return Err(Unfit::BadJson);
        }
        if self.headers().count() <= HEADERS && self.headers().all(|line| self.is_header(line)) {
            Ok(())
        } else {
            Err(Unfit::BadHeader)
        }
    }

    fn is_header(&self, line: &str) -> bool {
        let Some((name, value)) = line.split_once(':') else { return false };
        let name = name.trim().to_lowercase();
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let twice = name == "authorization" && self.auth != Auth::None;
        !name.is_empty()
            && name.chars().all(token)
            && !value.trim().is_empty()
            && !value.chars().any(char::is_control)
            && !OURS.contains(&name.as_str())
            && !twice
    }
}

/// A character that may stand in an address (RFC 3986). What follows a `#` is sent to nobody.
fn is_of_an_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte)
}

/// Whether there is something in curly brackets that looks like a placeholder and is none.
fn has_unknown(text: &str) -> bool {
    text.match_indices('{').any(|(at, _)| {
        let inner = text.get(at + 1..).unwrap_or_default().split_once('}').map(|(inner, _)| inner);
        let is_name =
            |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
        let name = inner.filter(is_name);
        name.is_some_and(|name| SAMPLES.iter().all(|(known, _)| *known != name))
    })
}

/// Whether a password is written out: what stands behind these names must hold a placeholder.
fn in_sight(text: &str) -> bool {
    const NAMES: [&str; 8] = ["password", "passwd", "pass", "pwd", "secret", "apikey", "token", "authorization"];
    let text = text.to_lowercase();
    let written_out = |end: usize| {
        let rest = text.get(end..).unwrap_or_default();
        let value = rest.trim_start_matches(['"', '\'', ' ', ':', '=']);
        let value_of_it = value.split(['&', '"', '\'', ',', '\n']).next().unwrap_or_default();
        value.len() < rest.len() && !value_of_it.trim().is_empty() && !value_of_it.contains('{')
    };
    let named = NAMES.iter().any(|name| text.match_indices(name).any(|(at, _)| written_out(at + name.len())));
    // "key" is part of other words.
    let stands_alone = |at: usize| !text.get(..at).unwrap_or_default().ends_with(|c: char| c.is_alphanumeric());
    named || text.match_indices("key").any(|(at, _)| stands_alone(at) && written_out(at + 3))
}

/// Where a placeholder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In an address or a form.
    Url,
    /// Between a JSON string's quotation marks.
    Json,
    /// In a header.
    Header,
}

/// Names and values. Each is looked for once: what a value says is never taken for a placeholder.
pub struct Values<'a>(pub Vec<(&'static str, &'a str)>);

impl Values<'_> {
    /// The template with its values.
    #[must_use]
    pub fn fill(&self, template: &str, spot: Spot) -> SecretText {
        let mut out = String::with_capacity(template.len() + 256);
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let found = self.0.iter().find(|(name, _)| {
                let inner = from.strip_prefix('{').and_then(|inner| inner.strip_prefix(name));
                inner.is_some_and(|inner| inner.starts_with('}'))
            });
            let taken = match found {
                Some((name, value)) => {
                    out.push_str(&escaped(value, spot));
                    name.len() + 2
                }
                None => {
                    out.push('{');
                    1
                }
            };
            rest = from.get(taken..).unwrap_or_default();
        }
        out.push_str(rest);
        SecretText::new(out)
    }
}

fn escaped(value: &str, spot: Spot) -> String {
    match spot {
        Spot::Url => utf8_percent_encode(value, ESCAPED).to_string(),
        Spot::Json => {
            let quoted = serde_json::to_string(value).unwrap_or_default();
            let inner = quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
            inner.unwrap_or_default().to_owned()
        }
        // A line's end would begin another header.
        Spot::Header => value.chars().filter(|c| !c.is_control()).collect(),
    }
}

/// `Authorization: Basic` (RFC 7617).
#[must_use]
pub fn basic(user: &str, password: &SecretText) -> (String, SecretText) {
    let pair = SecretText::new(format!("{user}:{}", password.expose()));
    let value = SecretText::new(format!("Basic {}", data_encoding::BASE64.encode(pair.expose().as_bytes())));
    ("Authorization".to_owned(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "https://sms.example/?to={to}&text={text}";

    fn check(address: &str, content: &str, header: &str) -> Result<(), Unfit> {
        let body = if content.is_empty() { BodyKind::None } else { BodyKind::Json };
        let (content, header) = (content.to_owned(), header.to_owned());
        Template { body, content, header, ..Template::default() }.check(address)
    }

    #[test]
    fn values_are_escaped_for_their_place_and_never_filled_twice() {
        let values = Values(vec![("text", "a&b=\"{secret}\"\r\nX: 1 £ŵ"), ("secret", "s3"), ("to", "+447700900123")]);
        let fill = |template: &str, spot| values.fill(template, spot).expose().to_owned();
        assert_eq!(
            fill("https://sms.example/?to={to}&t={text}", Spot::Url),
            "https://sms.example/?to=%2B447700900123&t=a%26b%3D%22%7Bsecret%7D%22%0D%0AX%3A%201%20%C2%A3%C5%B5"
        );
        let json = fill(r#"{"to": "{to}", "text": "{text}", "x": {"y": 1}}"#, Spot::Json);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["text"], "a&b=\"{secret}\"\r\nX: 1 £ŵ");
        assert_eq!(fill("X-Key: {secret}{text}", Spot::Header), "X-Key: s3a&b=\"{secret}\"X: 1 £ŵ");
        assert_eq!(fill("{unknown} { {to", Spot::Header), "{unknown} { {to");
    }

    /// Behind each name under which services are given a password; also where a placeholder follows later on.
    #[test]
    fn a_password_in_sight_is_refused() {
        let sight = |part| Err(Unfit::SecretInSight(part));
        for name in ["password", "Passwd", "pass", "pwd", "secret", "api_key", "apikey", "api-key", "key", "token"] {
            let hidden = format!("https://sms.example/?{name}={{secret}}&to={{to}}&text={{text}}");
            assert_eq!(check(&hidden, "", ""), Ok(()), "{name}");
            for address in [
                format!("{GOOD}&{name}=hunter2"),
                format!("https://sms.example/?{name}=hunter2&to={{to}}&text={{text}}"),
            ] {
                assert_eq!(check(&address, "", ""), sight(Part::Address), "{address}");
            }
            let json = format!(r#"{{"{name}": "hunter2", "to": "{{to}}", "text": "{{text}}"}}"#);
            assert_eq!(check("https://sms.example/", &json, ""), sight(Part::Content), "{json}");
            let json = json.replace("hunter2", "{secret}");
            assert_eq!(check("https://sms.example/", &json, ""), Ok(()), "{json}");
            assert_eq!(check(GOOD, "", &format!("X-{name}: hunter2")), sight(Part::Header), "{name}");
            assert_eq!(check(GOOD, "", &format!("X-{name}: {{secret}}")), Ok(()), "{name}");
        }
        assert_eq!(check(GOOD, "", "Authorization: Bearer abc"), sight(Part::Header));
        assert_eq!(check(GOOD, "", "Authorization: App {secret}"), Ok(()));
        for harmless in ["monkey=1", "tokens=1", "keyword=oak", "passport=1"] {
            assert_eq!(check(&format!("{GOOD}&{harmless}"), "", ""), Ok(()), "{harmless}");
        }
    }

    #[test]
    fn what_nobody_would_fill_in_is_refused_where_it_stands() {
        let unknown = |part| Err(Unfit::UnknownPlaceholder(part));
        assert_eq!(check(&format!("{GOOD}&x={{message}}"), "", ""), unknown(Part::Address));
        assert_eq!(check(&format!("{GOOD}&x={{To}}"), "", ""), unknown(Part::Address));
        assert_eq!(check(GOOD, r#"{"text": "{txt}"}"#, ""), unknown(Part::Content));
        assert_eq!(check(GOOD, "", "X-From: {sender}"), unknown(Part::Header));
        assert_eq!(check(GOOD, r#"{"a": {"to": "{to}"}, "b": {}, "c": {"d": 1}}"#, ""), Ok(()), "JSON's own brackets");
    }

    #[test]
    fn text_and_number_must_be_sent_somewhere() {
        let lacks = Err(Unfit::BadTemplate);
        assert_eq!(check("https://sms.example/?to={to}", "", ""), lacks);
        assert_eq!(check("https://sms.example/?text={text}", "", ""), lacks);
        assert_eq!(check("https://sms.example/?d={digits}&text={text}", "", ""), Ok(()));
        assert_eq!(check("https://sms.example/", "", "X: {to} {text}"), lacks, "not in a header");
        // A body that is not sent says nothing.
        let unsent = Template { content: "{to} {text}".to_owned(), ..Template::default() };
        assert_eq!(unsent.check("https://sms.example/"), lacks);
    }

    #[test]
    fn json_must_be_json_once_it_is_filled_in() {
        let json = |content: &str| check(GOOD, content, "");
        assert_eq!(json(r#"{"to": "{to}", "type": {coding}, "n": {digits}}"#), Ok(()), "numbers may stand bare");
        for bad in [r#"{"text": {text}}"#, r#"{"to": "{to}""#, "to={to}", r#"{"to": "{to}",}"#] {
            assert_eq!(json(bad), Err(Unfit::BadJson), "{bad}");
        }
    }

    #[test]
    fn headers_are_lines_with_a_colon_and_none_that_is_ours() {
        assert_eq!(check(GOOD, "", "X-One: a\nX-Two: {secret}\n"), Ok(()));
        for bad in ["X-One", ": a", "X-One:", "X One: a", "X-One: a\nX-Two", "host: a", "Content-Type: text/plain"] {
            assert_eq!(check(GOOD, "", bad), Err(Unfit::BadHeader), "{bad}");
        }
        let twice =
            Template { auth: Auth::Bearer, header: "Authorization: App {secret}".to_owned(), ..Template::default() };
        assert_eq!(twice.check(GOOD), Err(Unfit::BadHeader));
    }

    /// The method goes with the body until one is chosen, also in what was stored before there was a choice.
    #[test]
    fn the_method_goes_with_the_body_until_one_is_chosen() {
        let stored: Template = serde_json::from_str(r#"{"body": "json", "content": "x"}"#).unwrap();
        assert_eq!((stored.method, stored.asked(GOOD, &Values(Vec::new())).method), (Method::Usual, "POST"));
        for (method, without, with) in [
            (Method::Usual, "GET", Ok("POST")),
            (Method::Get, "GET", Err(Unfit::BadMethod)),
            (Method::Post, "POST", Ok("POST")),
            (Method::Put, "PUT", Ok("PUT")),
        ] {
            for (body, expected) in [(BodyKind::None, Ok(without)), (BodyKind::Form, with)] {
                let template = Template { method, body, ..Template::default() };
                let asked = template.check(GOOD).map(|()| template.asked(GOOD, &Values(Vec::new())).method);
                assert_eq!(asked, expected, "{method:?} {body:?}");
            }
        }
    }

    #[test]
    fn eight_headers_and_no_more() {
        let lines = |count: usize| (0..count).map(|at| format!("X-{at}: a")).collect::<Vec<_>>().join("\n");
        assert_eq!(check(GOOD, "", &lines(HEADERS)), Ok(()));
        assert_eq!(check(GOOD, "", &lines(HEADERS + 1)), Err(Unfit::BadHeader));
    }

    #[test]
    fn an_address_that_cannot_be_sent_is_refused() {
        for bad in ["<a>", "\"", "|", "#part", "{}", "{ to"] {
            assert_eq!(check(&format!("{GOOD}{bad}"), "", ""), Err(Unfit::BadUrl), "{bad}");
        }
    }

    #[test]
    fn a_preview_shows_everything_but_the_password() {
        let template = Template {
            body: BodyKind::Json,
            content: r#"{"to": "{to}", "text": "{text}", "k": "{secret}"}"#.to_owned(),
            header: "X-Key: {secret}".to_owned(),
            auth: Auth::Basic,
            ..Template::default()
        };
        let lines = template.preview("https://sms.example/{account}?s={secret}", "Oak", "a/1", "12 \"34\"", "hidden");
        assert_eq!(
            lines,
            [
                "POST https://sms.example/a%2F1?s=hidden",
                "Authorization: Basic hidden",
                "X-Key: hidden",
                "Content-Type: application/json",
                r#"{"to": "+447700900123", "text": "12 \"34\"", "k": "hidden"}"#,
            ]
        );
    }
}
