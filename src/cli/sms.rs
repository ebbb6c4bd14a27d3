//! Text messages: sending a code, trying the service, linking a number, and the settings about them.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::commands::{active_clinic, anybody, for_a_change};
use super::input::Input;
use crate::adapters::Wired;
use crate::domain::recovery::RecoveryCode;
use crate::domain::sms::{Auth, BodyKind, GatewayKind, HEADERS, Letters, Method, SmsSettings, SmsState, countries};
use crate::effects::{Carried, Desk, Failure, TextNews, TextTrouble};
use crate::explain;
use crate::ports::{Look, PasswordKept, SentStage};
use crate::strings::Text;

/// How often, and how long apart, a test asks what became of its text.
const LOOKS: u32 = 5;
const APART: Duration = Duration::from_secs(1);

/// Whether a command waits for the text's fate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    /// What the service says at once.
    None,
    /// What becomes of the text.
    AFewSeconds,
}

/// Carries what the desk has ready, writes down what came of it, and hands back what came of the text in question.
fn carry(desk: &mut Desk, wired: &Wired, news: &TextNews, patience: Patience) -> Result<Carried, Refusal> {
    let mut courier = wired.courier();
    let mut asked = None;
    for errand in desk.take_errands() {
        let mut carried = courier.carry(&errand);
        desk.text_ended(&carried)?;
        if patience == Patience::AFewSeconds {
            for _ in 0..LOOKS {
                let arrived = carried.outcome.as_ref().is_ok_and(|sent| sent.stage == SentStage::Delivered);
                let followable = carried.outcome.as_ref().is_ok_and(|sent| sent.reference.is_some());
                if arrived || !followable {
                    break;
                }
                std::thread::park_timeout(APART);
                if let Some(further) = courier.follow(&errand, &carried) {
                    desk.text_ended(&further)?;
                    carried = further;
                }
            }
        }
        if errand.id() == news.errand {
            asked = Some(carried);
        }
    }
    asked.ok_or_else(|| Failure::WorkerGone.into())
}

/// Carries notices that nobody waits for: what comes of them stands in the log.
pub(super) fn carry_notices(desk: &mut Desk, wired: &Wired) {
    let mut courier = wired.courier();
    for errand in desk.take_errands() {
        let carried = courier.carry(&errand);
        desk.text_ended(&carried).ok();
    }
}

fn stage_name(stage: SentStage) -> (&'static str, Text) {
    match stage {
        SentStage::Accepted => ("accepted", Text::new("cli-text-accepted")),
        SentStage::Queued => ("queued", Text::new("cli-text-queued")),
        SentStage::Delivered => ("delivered", Text::new("cli-text-delivered")),
    }
}

fn secs(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// The answer to a text that went out; a refusal when the service did not take it.
fn sent(carried: &Carried, news: &TextNews, words: &str) -> Result<Answer, Refusal> {
    let stage = carried.outcome.clone().map_err(Failure::Text)?.stage;
    let (name, how) = stage_name(stage);
    let to = if news.number.is_empty() { format!("ending {}", news.ending) } else { news.number.clone() };
    let object = json!({"sent": true, "to": to, "wait_secs": secs(news.resend), "stage": name});
    Ok(Answer::new(&object, format!("{words} {}", how.get())))
}

/// A refused password or a wait is a verdict, as everywhere.
fn asked(news: Result<TextNews, Failure>) -> Result<Result<TextNews, Answer>, Refusal> {
    match news {
        Ok(news) => Ok(Ok(news)),
        Err(Failure::Refused(verdict)) => Ok(Err(Answer::Verdict(verdict))),
        Err(failure) => Err(failure.into()),
    }
}

/// A code for signing in, or once more for a number that is being linked.
pub(super) fn send(desk: &mut Desk, wired: &Wired, input: &mut Input, person: &str) -> Result<Answer, Refusal> {
    let person = anybody(&active_clinic(desk)?, person)?;
    let password = input.password(&Text::new("cli-ask-password"))?;
    let first = match desk.text(&person, &password) {
        // Nothing is linked yet: then it is the number that is being linked.
        Err(Failure::Text(TextTrouble::NoNumber)) => match desk.reopen(&person, &password) {
            Ok(_) => match desk.text_again() {
                Err(Failure::NotSignedIn | Failure::Store(_)) => Err(Failure::Text(TextTrouble::NoNumber)),
                other => other,
            },
            Err(Failure::Store(_)) => Err(Failure::Text(TextTrouble::NoNumber)),
            Err(failure) => Err(failure),
        },
        other => other,
    };
    let news = match asked(first)? {
        Ok(news) => news,
        Err(refused) => return Ok(refused),
    };
    let carried = carry(desk, wired, &news, Patience::None)?;
    sent(&carried, &news, &Text::new("cli-text-sent").with("ending", news.ending.clone()).get())
}

/// A text without a code, and what both sides said.
pub(super) fn test(
    desk: &mut Desk,
    wired: &Wired,
    input: &mut Input,
    number: &str,
    manager: &str,
) -> Result<Answer, Refusal> {
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let news = match asked(desk.test_text(number))? {
        Ok(news) => news,
        Err(refused) => return Ok(refused),
    };
    let carried = carry(desk, wired, &news, Patience::AFewSeconds)?;
    let mut lines = carried.transcript.clone();
    let detail = |lines: &[String]| lines.join(" | ");
    match &carried.outcome {
        Ok(sent) => {
            let (name, how) = stage_name(sent.stage);
            lines.push(name.to_owned());
            let object = json!({"sent": true, "to": news.number, "stage": name, "detail": detail(&lines)});
            Ok(Answer::new(&object, format!("{}\n{}", how.get(), lines.join("\n"))))
        }
        Err(trouble) => {
            let notice = explain::texts::trouble(trouble, None);
            let error = json!({"code": notice.code, "what": notice.what.get(), "do": notice.todo.get()});
            let object = json!({"sent": false, "error": error, "detail": detail(&lines)});
            let plain = format!("{} {}\n{}", notice.what.get(), notice.todo.get(), lines.join("\n"));
            Ok(Answer::Bad(object, plain, 4))
        }
    }
}

fn linked(desk: &mut Desk, wired: &Wired, number: &str) -> Result<Answer, Refusal> {
    let news = match asked(desk.begin_number(number))? {
        Ok(news) => news,
        Err(refused) => return Ok(refused),
    };
    let carried = carry(desk, wired, &news, Patience::None)?;
    let words = Text::new("cli-text-number").with("number", news.number.clone()).get();
    let then = Text::new("cli-sms-confirm").get();
    sent(&carried, &news, &format!("{words} {then}"))
}

/// A number for somebody who signs in already: beside their app, or in the place of their old number.
pub(super) fn renew(
    desk: &mut Desk,
    wired: &Wired,
    input: &mut Input,
    person: &str,
    number: &str,
) -> Result<Answer, Refusal> {
    match for_a_change(desk, input, person)? {
        Ok(_) => linked(desk, wired, number),
        Err(refused) => Ok(refused),
    }
}

/// A number for a new or reset person, in the place of an app.
pub(super) fn begin(
    desk: &mut Desk,
    wired: &Wired,
    input: &mut Input,
    person: &str,
    number: &str,
) -> Result<Answer, Refusal> {
    let look = active_clinic(desk)?;
    let person = anybody(&look, person)?;
    // Before the slip is used up.
    let sms = &look.settings.sms;
    let fit = if sms.state == SmsState::On { sms.check() } else { Err(crate::domain::sms::Unfit::Off) };
    fit.map_err(|unfit| Failure::Text(TextTrouble::Unfit(unfit)))?;
    let bad = |bad| Failure::Text(TextTrouble::BadNumber(bad));
    crate::domain::sms::Number::parse(number, &sms.countries).map_err(bad)?;
    let typed = input.secret(&Text::new("cli-ask-activation"))?;
    let code = RecoveryCode::parse(typed.expose()).map_err(|_| Refusal::new("not-an-activation-code", 2))?;
    let password = input.password(&Text::new("cli-ask-new-password"))?;
    match desk.activate(&person, &code, &password) {
        Ok(_) => linked(desk, wired, number),
        Err(failure) => super::people::activation_refused(failure),
    }
}

/// The documented keys, in this order.
pub(super) fn listed(look: &Look) -> Vec<(&'static str, Value)> {
    let sms = &look.settings.sms;
    let word = |value: &dyn Fn() -> Option<Value>| value().unwrap_or(Value::Null);
    let named = |value: serde_json::Result<Value>| word(&|| value.as_ref().ok().cloned());
    let kept = match look.texts.password {
        PasswordKept::Yes => "cli-sms-secret-set",
        PasswordKept::No => "cli-sms-secret-not-set",
    };
    vec![
        ("sms.on", if sms.state == SmsState::On { "yes" } else { "no" }.into()),
        ("sms.gateway", sms.gateway.name().into()),
        ("sms.url", if sms.gateway == GatewayKind::Http { sms.url.clone() } else { sms.redacted_address() }.into()),
        ("sms.account", sms.account.clone().into()),
        ("sms.api-key", sms.api_key.clone().into()),
        ("sms.password", Text::new(kept).get().into()),
        ("sms.sender", sms.sender.clone().into()),
        ("sms.proxy", sms.proxy.clone().into()),
        ("sms.countries", sms.countries.join(",").into()),
        ("sms.day-limit", sms.per_day.into()),
        ("sms.month-limit", sms.per_month.into()),
        ("sms.letters", named(serde_json::to_value(sms.letters))),
        ("sms.timeout", sms.timeout_secs.into()),
        ("sms.body", named(serde_json::to_value(sms.template.body))),
        ("sms.method", named(serde_json::to_value(sms.template.method))),
        ("sms.content", sms.template.content.clone().into()),
        ("sms.header", sms.template.header.clone().into()),
        ("sms.auth", named(serde_json::to_value(sms.template.auth))),
        ("sms.accepted", sms.template.accepted.clone().into()),
        ("sms.queued", sms.template.queued.clone().into()),
        ("sms.sent-this-month", look.texts.this_month.into()),
    ]
}

/// The settings with one changed; a value that cannot work is refused, never bent.
pub(super) fn with(mut sms: SmsSettings, key: &str, value: &str) -> Result<SmsSettings, Refusal> {
    let bad = || {
        let what = Text::new("cli-setting-sms").with("key", key.to_owned());
        Refusal::new("cli-setting", 2).but(what)
    };
    let plain = |value: &str| {
        let fits = value.len() <= 2000 && !value.chars().any(char::is_control);
        fits.then(|| value.trim().to_owned()).ok_or_else(bad)
    };
    // Headers stand one a line.
    let lines = |value: &str| value.lines().map(plain).collect::<Result<Vec<_>, _>>().map(|lines| lines.join("\n"));
    let number = |value: &str| value.parse::<u32>().map_err(|_| bad());
    match key {
        "sms.on" => {
            sms.state = match value {
                "yes" => SmsState::On,
                "no" => SmsState::Off,
                _ => return Err(bad()),
            }
        }
        "sms.gateway" => {
            sms.gateway = GatewayKind::ALL.into_iter().find(|kind| kind.name() == value).ok_or_else(bad)?;
            // Another service is somewhere else.
            sms.url = String::new();
        }
        "sms.url" => sms.url = plain(value)?,
        "sms.account" => sms.account = plain(value)?,
        "sms.api-key" => sms.api_key = plain(value)?,
        "sms.sender" => sms.sender = plain(value)?,
        "sms.proxy" => sms.proxy = plain(value)?,
        "sms.countries" => {
            let wanted: Vec<String> = value.split(',').map(|iso| iso.trim().to_uppercase()).collect();
            if !wanted.iter().all(|iso| countries().any(|known| known == iso)) {
                return Err(bad());
            }
            sms.countries = wanted;
        }
        "sms.day-limit" => sms.per_day = number(value)?,
        "sms.month-limit" => sms.per_month = number(value)?,
        "sms.timeout" => sms.timeout_secs = number(value)?,
        "sms.letters" => sms.letters = word::<Letters>(value).ok_or_else(bad)?,
        "sms.body" => sms.template.body = word::<BodyKind>(value).ok_or_else(bad)?,
        "sms.method" => sms.template.method = word::<Method>(value).ok_or_else(bad)?,
        "sms.auth" => sms.template.auth = word::<Auth>(value).ok_or_else(bad)?,
        "sms.content" => sms.template.content = plain(value)?,
        "sms.header" => {
            let all = lines(value)?;
            if all.lines().count() > HEADERS {
                return Err(bad());
            }
            sms.template.header = all;
        }
        "sms.accepted" => sms.template.accepted = plain(value)?,
        "sms.queued" => sms.template.queued = plain(value)?,
        _ => return Err(Refusal::new("cli-setting", 2).but(Text::new("cli-setting-unknown"))),
    }
    if sms.clone().within_ranges() != sms {
        return Err(bad());
    }
    Ok(sms)
}

/// What is on must be able to work; what is off may be half filled in.
pub(super) fn check(sms: &SmsSettings) -> Result<(), Refusal> {
    match sms.state {
        SmsState::On => sms.check().map_err(|unfit| Refusal::of(explain::texts::unfit(unfit), 2)),
        SmsState::Off => Ok(()),
    }
}

fn word<T: for<'de> serde::Deserialize<'de>>(value: &str) -> Option<T> {
    serde_json::from_value(Value::String(value.to_owned())).ok()
}

/// Whether a setting is the service's password, which is no argument.
pub(super) fn is_secret(key: &str) -> bool {
    key == "sms.password"
}

/// What is said when texts are turned on.
pub(super) fn turned_on() -> Answer {
    let why_not = Text::new("cli-sms-why-not").get();
    Answer::new(&json!({"why_not": why_not}), format!("{} {why_not}", Text::new("cli-done").get()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headers stand one a line; nothing else has lines.
    #[test]
    fn only_headers_have_lines() {
        let two = with(SmsSettings::default(), "sms.header", "X-One: a \r\n X-Two: {secret}");
        assert_eq!(two.map(|sms| sms.template.header).ok().as_deref(), Some("X-One: a\nX-Two: {secret}"));
        for key in ["sms.url", "sms.content", "sms.sender", "sms.accepted"] {
            assert!(with(SmsSettings::default(), key, "a\nb").is_err(), "{key}");
        }
        assert!(with(SmsSettings::default(), "sms.header", "X-One: a\u{7}").is_err());
    }
}
