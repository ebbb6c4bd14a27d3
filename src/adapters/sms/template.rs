//! A template's placeholders, filled in once and escaped for the place where they stand.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::secret::SecretText;

/// RFC 3986's unreserved characters stay; everything else is escaped, in addresses and in forms alike.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where a placeholder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// In an address or a form.
    Url,
    /// Between a JSON string's quotation marks.
    Json,
    /// In a header.
    Header,
}

/// Names and values. Each is looked for once: what a value says is never taken for a placeholder.
pub(super) struct Values<'a>(pub(super) Vec<(&'static str, &'a str)>);

impl Values<'_> {
    /// The template with its values.
    pub(super) fn fill(&self, template: &str, spot: Spot) -> SecretText {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
