//! Twilio's Messages (twilio.com/docs/messaging/api/message-resource), version 2010-04-01.

use serde::Deserialize;

use super::client::{Reply, exchange, presentable};
use crate::domain::secret::SecretText;
use crate::domain::sms::{Asked, Spot, Values, basic};
use crate::ports::{GatewayAccount, GatewayError, Outgoing, Sent, SentStage, Transcript};

/// A message as far as it matters here.
#[derive(Deserialize)]
struct MessageJson {
    sid: Option<String>,
    status: Option<String>,
    error_code: Option<u32>,
}

/// A refusal.
#[derive(Deserialize)]
struct ErrorJson {
    code: Option<u32>,
    message: Option<String>,
}

fn messages(account: &GatewayAccount) -> String {
    let base = account.settings.address().trim_end_matches('/');
    let values = Values(vec![("account", account.settings.account.as_str())]);
    let path = values.fill("/2010-04-01/Accounts/{account}/Messages", Spot::Url);
    format!("{base}{}", path.expose())
}

fn login(account: &GatewayAccount) -> (String, SecretText) {
    let settings = &account.settings;
    let user = if settings.api_key.is_empty() { &settings.account } else { &settings.api_key };
    basic(user, &account.secret)
}

pub(super) fn send(outgoing: &Outgoing, transcript: &mut Transcript) -> Result<Sent, GatewayError> {
    let settings = &outgoing.account.settings;
    let sender = if settings.sender.starts_with("MG") && settings.sender.len() == 34 {
        "MessagingServiceSid={from}"
    } else {
        "From={from}"
    };
    // A number as sender is written with its plus sign; a short code and a name are not.
    let long_number = settings.sender.len() > 6 && settings.sender.bytes().all(|byte| byte.is_ascii_digit());
    let from = if long_number { format!("+{}", settings.sender) } else { settings.sender.clone() };
    let values = Values(vec![("to", outgoing.to.e164()), ("from", &from), ("text", outgoing.message.body.expose())]);
    let form = values.fill(&format!("To={{to}}&{sender}&Body={{text}}"), Spot::Url);
    let ask = Asked {
        method: "POST",
        url: SecretText::new(format!("{}.json", messages(&outgoing.account))),
        body: Some(("application/x-www-form-urlencoded", form)),
        headers: vec![login(&outgoing.account)],
    };
    let reply = exchange(&ask, settings, transcript)?;
    if reply.status == 201 {
        let message = read(&reply, outgoing)?;
        transcript.push(message.status.clone().unwrap_or_default());
        let stage = stage(&message)?.unwrap_or(SentStage::Accepted);
        return Ok(Sent { stage, reference: message.sid });
    }
    let refusal = refusal(&reply, outgoing);
    if let Some(said) = refusal.1 {
        transcript.push(said);
    }
    Err(refusal.0)
}

pub(super) fn fate(account: &GatewayAccount, reference: &str) -> Result<Option<SentStage>, GatewayError> {
    let values = Values(vec![("sid", reference)]);
    let ask = Asked {
        method: "GET",
        url: SecretText::new(format!("{}/{}.json", messages(account), values.fill("{sid}", Spot::Url).expose())),
        body: None,
        headers: vec![login(account)],
    };
    // What cannot be asked changes nothing about what was said before.
    let Ok(reply) = exchange(&ask, &account.settings, &mut Transcript::new()) else { return Ok(None) };
    serde_json::from_str::<MessageJson>(&reply.body).map_or(Ok(None), |message| stage(&message))
}

fn read(reply: &Reply, outgoing: &Outgoing) -> Result<MessageJson, GatewayError> {
    serde_json::from_str::<MessageJson>(&reply.body)
        .ok()
        .filter(|message| message.status.is_some())
        .ok_or_else(|| GatewayError::Strange { status: reply.status, said: presentable(&reply.body, outgoing) })
}

/// How far it is; an error number on it says why it will not arrive.
fn stage(message: &MessageJson) -> Result<Option<SentStage>, GatewayError> {
    match message.status.as_deref() {
        Some("failed" | "undelivered" | "canceled") => Err(by_number(message.error_code, String::new())),
        Some("delivered" | "read") => Ok(Some(SentStage::Delivered)),
        Some("queued" | "accepted" | "scheduled" | "sending" | "sent") => Ok(Some(SentStage::Accepted)),
        Some(_) | None => Ok(None),
    }
}

fn refusal(reply: &Reply, outgoing: &Outgoing) -> (GatewayError, Option<String>) {
    let error = serde_json::from_str::<ErrorJson>(&reply.body).ok();
    let code = error.as_ref().and_then(|error| error.code);
    let said = error.and_then(|error| error.message).unwrap_or_else(|| reply.body.clone());
    let said = presentable(&said, outgoing);
    let line = code.map_or_else(|| said.clone(), |code| format!("{code}: {said}"));
    let refusal = match (code, reply.status) {
        (Some(_), 400..=499) => by_number(code, said),
        (_, 401 | 403) => GatewayError::Login,
        (_, 407) => GatewayError::Proxy,
        (_, 429 | 503) => GatewayError::Busy,
        (None, 400..=499) => GatewayError::Refused { code: None, said },
        (_, status) => GatewayError::Strange { status, said },
    };
    (refusal, Some(line))
}

/// Twilio's numbers (twilio.com/docs/api/errors); one that is not here is shown as it is.
fn by_number(code: Option<u32>, said: String) -> GatewayError {
    match code {
        Some(20003 | 20403 | 20404 | 20008) => GatewayError::Login,
        Some(20005 | 21608 | 30002 | 90010 | 30034) => GatewayError::Account,
        Some(21211 | 21214 | 21217 | 21265 | 21401 | 21421 | 21614 | 30005 | 30006) => GatewayError::Number,
        Some(21408 | 21610 | 21612 | 30003 | 30004 | 30007 | 30032) => GatewayError::Barred,
        Some(21212 | 21266 | 21603 | 21606 | 21659 | 21660 | 21661 | 21701 | 21703 | 21704) => GatewayError::Sender,
        Some(20429 | 14107 | 21611 | 30001 | 30022 | 63038) => GatewayError::Busy,
        code => GatewayError::Refused { code, said },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_its_reason_and_an_unknown_one_is_shown() {
        for (code, error) in [
            (20003, GatewayError::Login),
            (20005, GatewayError::Account),
            (20404, GatewayError::Login),
            (21211, GatewayError::Number),
            (21212, GatewayError::Sender),
            (21408, GatewayError::Barred),
            (21608, GatewayError::Account),
            (21610, GatewayError::Barred),
            (21612, GatewayError::Barred),
            (21614, GatewayError::Number),
            (21606, GatewayError::Sender),
            (20429, GatewayError::Busy),
            (30006, GatewayError::Number),
            (30007, GatewayError::Barred),
        ] {
            assert_eq!(by_number(Some(code), String::new()), error, "{code}");
        }
        let said = "Something new".to_owned();
        let unknown = GatewayError::Refused { code: Some(39_999), said: said.clone() };
        assert_eq!(by_number(Some(39_999), said), unknown);
    }
}
