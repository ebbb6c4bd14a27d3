//! Services that are asked by HTTP: three that are known, and any that a manager describes.

use super::client::{Reply, exchange, presentable};
use crate::domain::secret::SecretText;
use crate::domain::sms::{Alphabet, Asked, Auth, BodyKind, GatewayKind, SmsSettings, Template, Values, basic};
use crate::ports::{GatewayError, Outgoing, Sent, SentStage, Transcript};

/// The address with its placeholders, and the rest of the description.
fn described(settings: &SmsSettings) -> (String, Template) {
    let known = |body, content: &str, accepted: &str, queued: &str| Template {
        body,
        content: content.to_owned(),
        accepted: accepted.to_owned(),
        queued: queued.to_owned(),
        ..Template::default()
    };
    match settings.gateway {
        // Kannel takes GET alone, and without the coding it makes "?" of what its alphabet lacks.
        // (Kannel 1.4.5 user guide, "Using the HTTP interface to send SMS messages")
        GatewayKind::Kannel => {
            let query =
                "username={account}&password={secret}&to={to}&from={from}&text={text}&charset=UTF-8&coding={coding}";
            let address = settings.address();
            let join = if address.contains('?') { '&' } else { '?' };
            (format!("{address}{join}{query}"), known(BodyKind::None, "", "0:Accepted", "3:Queued"))
        }
        // (developer.vonage.com, SMS API) Every answer has status 200; the message's own status is in the body.
        GatewayKind::Vonage => {
            let form = "api_key={account}&api_secret={secret}&to={digits}&from={from}&text={text}&type={type}";
            (settings.address().to_owned(), known(BodyKind::Form, form, "\"status\":\"0\"", ""))
        }
        // (firetext.co.uk/docs) "0:1 SMS successfully queued", or a number and its meaning.
        GatewayKind::FireText => {
            let form = "apiKey={secret}&to={digits}&from={from}&message={text}&unicode={unicode}";
            (settings.address().to_owned(), known(BodyKind::Form, form, "0:", ""))
        }
        GatewayKind::Http | GatewayKind::None | GatewayKind::Twilio => {
            (settings.address().to_owned(), settings.template.clone())
        }
    }
}

pub(super) fn send(outgoing: &Outgoing, transcript: &mut Transcript) -> Result<Sent, GatewayError> {
    let settings = &outgoing.account.settings;
    let (address, template) = described(settings);
    let reply = exchange(&filled(outgoing, &address, &template), settings, transcript)?;
    let said = presentable(&reply.body, outgoing);
    if !said.is_empty() {
        transcript.push(said.clone());
    }
    judged(settings.gateway, &template, &reply, said)
}

fn filled(outgoing: &Outgoing, address: &str, template: &Template) -> Asked {
    let settings = &outgoing.account.settings;
    let (coding, unicode, kind) = match outgoing.message.alphabet {
        Alphabet::Gsm7 => ("0", "0", "text"),
        Alphabet::Unicode => ("2", "1", "unicode"),
    };
    let values = Values(vec![
        ("to", outgoing.to.e164()),
        ("digits", outgoing.to.digits()),
        ("from", &settings.sender),
        ("text", outgoing.message.body.expose()),
        ("account", &settings.account),
        ("secret", outgoing.account.secret.expose()),
        ("coding", coding),
        ("unicode", unicode),
        ("type", kind),
    ]);
    let mut asked = template.asked(address, &values);
    match template.auth {
        Auth::None => {}
        Auth::Basic => asked.headers.push(basic(&settings.account, &outgoing.account.secret)),
        Auth::Bearer => {
            let value = SecretText::new(format!("Bearer {}", outgoing.account.secret.expose()));
            asked.headers.push(("Authorization".to_owned(), value));
        }
    }
    asked
}

/// Only what the service says it has taken counts as taken.
fn judged(kind: GatewayKind, template: &Template, reply: &Reply, said: String) -> Result<Sent, GatewayError> {
    let dense: String = reply.body.chars().filter(|c| !c.is_whitespace()).collect();
    let wanted = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let holds = |text: &str| match kind {
        // These two begin with a number; "30:" is no "0:".
        GatewayKind::Kannel | GatewayKind::FireText => dense.starts_with(&wanted(text)),
        GatewayKind::Vonage | GatewayKind::Http | GatewayKind::None | GatewayKind::Twilio => {
            dense.contains(&wanted(text))
        }
    };
    if (200..300).contains(&reply.status) {
        let sent = |stage| Ok(Sent { stage, reference: None });
        if !template.queued.is_empty() && holds(&template.queued) {
            return sent(SentStage::Queued);
        }
        if template.accepted.is_empty() || holds(&template.accepted) {
            return sent(SentStage::Accepted);
        }
        if let Some(refusal) = known_refusal(kind, &dense, &said) {
            return Err(refusal);
        }
        return Err(GatewayError::Strange { status: reply.status, said });
    }
    Err(match reply.status {
        // Kannel says with the same status that a number has no route.
        403 if kind == GatewayKind::Kannel && dense.contains("routable") => GatewayError::Barred,
        401 | 403 => GatewayError::Login,
        402 => GatewayError::Credit,
        407 => GatewayError::Proxy,
        429 | 503 => GatewayError::Busy,
        400..=499 => GatewayError::Refused { code: None, said },
        status => GatewayError::Strange { status, said },
    })
}

/// Refusals that come with status 200.
fn known_refusal(kind: GatewayKind, dense: &str, said: &str) -> Option<GatewayError> {
    let code = match kind {
        GatewayKind::Vonage => after(dense, "\"status\":\"")?,
        GatewayKind::FireText => after(dense, "")?,
        GatewayKind::Kannel | GatewayKind::Http | GatewayKind::None | GatewayKind::Twilio => return None,
    };
    Some(match (kind, code) {
        // developer.vonage.com/messaging/sms/guides/troubleshooting-sms
        (GatewayKind::Vonage, 1 | 5 | 10) => GatewayError::Busy,
        (GatewayKind::Vonage, 4 | 14 | 11) => GatewayError::Login,
        (GatewayKind::Vonage, 6 | 3) => GatewayError::Number,
        (GatewayKind::Vonage, 7 | 29) => GatewayError::Barred,
        (GatewayKind::Vonage, 8) => GatewayError::Account,
        (GatewayKind::Vonage, 9) => GatewayError::Credit,
        (GatewayKind::Vonage, 15) => GatewayError::Sender,
        _ => GatewayError::Refused { code: Some(code), said: said.to_owned() },
    })
}

/// The number that follows.
fn after(text: &str, start: &str) -> Option<u32> {
    let (_, rest) = text.split_once(start).filter(|_| !start.is_empty()).unwrap_or(("", text));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(gateway: GatewayKind, status: u16, body: &str) -> Result<SentStage, GatewayError> {
        let settings = SmsSettings { gateway, ..SmsSettings::default() };
        let reply = Reply { status, body: body.to_owned() };
        judged(gateway, &described(&settings).1, &reply, body.to_owned()).map(|sent| sent.stage)
    }

    #[test]
    fn only_what_the_service_says_it_has_taken_counts() {
        use GatewayKind::{FireText, Kannel, Vonage};
        let strange = |status, said: &str| Err(GatewayError::Strange { status, said: said.to_owned() });
        let refused = |code, said: &str| Err(GatewayError::Refused { code, said: said.to_owned() });
        for (kind, status, body, outcome) in [
            (Kannel, 202, "0: Accepted for delivery", Ok(SentStage::Accepted)),
            (Kannel, 202, "3: Queued for later delivery", Ok(SentStage::Queued)),
            (Kannel, 202, "10: Accepted", strange(202, "10: Accepted")),
            (
                Kannel,
                200,
                "<html>Sign in to the hotel's network</html>",
                strange(200, "<html>Sign in to the hotel's network</html>"),
            ),
            (Kannel, 403, "Authorization failed for sendsms", Err(GatewayError::Login)),
            (Kannel, 403, "Not routable. Do not try again.", Err(GatewayError::Barred)),
            (Kannel, 400, "Missing receiver", refused(None, "Missing receiver")),
            (Kannel, 503, "Temporal failure", Err(GatewayError::Busy)),
            (Kannel, 500, "", strange(500, "")),
            (Vonage, 200, r#"{"messages":[{"status": "0"}]}"#, Ok(SentStage::Accepted)),
            (Vonage, 200, r#"{"messages":[{"status": "4"}]}"#, Err(GatewayError::Login)),
            (Vonage, 200, r#"{"messages":[{"status":"9"}]}"#, Err(GatewayError::Credit)),
            (Vonage, 200, r#"{"messages":[{"status":"15"}]}"#, Err(GatewayError::Sender)),
            (Vonage, 200, "[]", strange(200, "[]")),
            (FireText, 200, "0:1 SMS successfully queued", Ok(SentStage::Accepted)),
            (FireText, 200, "5:Invalid destination", refused(Some(5), "5:Invalid destination")),
        ] {
            assert_eq!(answer(kind, status, body), outcome, "{kind:?} {status} {body}");
        }
    }
}
