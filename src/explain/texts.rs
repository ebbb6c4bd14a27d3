//! Texts: why there is none, and why nobody knows.

use std::time::Duration;

use super::{Notice, Tone, minutes_and_seconds};
use crate::domain::sms::{BadNumber, TextWait, Unfit};
use crate::effects::TextTrouble;
use crate::ports::GatewayError;
use crate::strings::Text;

/// Why no text was sent, or why nobody knows; `left` is how much of a wait is left now.
#[must_use]
pub fn trouble(trouble: &TextTrouble, left: Option<Duration>) -> Notice {
    match trouble {
        TextTrouble::Wait(wait) => self::wait(*wait, left),
        TextTrouble::NoNumber => notice!(Warning, "sms-no-number"),
        TextTrouble::Unfit(unfit) => self::unfit(*unfit),
        TextTrouble::BadNumber(bad) => bad_number(*bad),
        TextTrouble::Gateway(err) => gateway(err),
        TextTrouble::QueueFull => notice!(Warning, "sms-queue-full"),
    }
}

/// The same for the first text to a number: whoever reads it may have no spare code yet, and cannot mend the service.
#[must_use]
pub fn linking_trouble(trouble: &TextTrouble, left: Option<Duration>) -> Notice {
    let advice = match trouble {
        TextTrouble::Gateway(err) => match err {
            GatewayError::Number => Text::new("try-sms-number"),
            GatewayError::Barred => Text::new("try-sms-barred"),
            GatewayError::Busy => Text::new("try-sms-busy"),
            GatewayError::NameUnknown | GatewayError::Unreachable => Text::new("link-sms-later"),
            GatewayError::NoAnswer | GatewayError::Broken | GatewayError::Strange { .. } => {
                Text::new("try-sms-may-arrive")
            }
            GatewayError::Certificate
            | GatewayError::Proxy
            | GatewayError::Login
            | GatewayError::Account
            | GatewayError::Credit
            | GatewayError::Sender
            | GatewayError::Moved
            | GatewayError::Refused { .. }
            | GatewayError::TooLong => Text::new("link-sms-manager"),
        },
        // Not "the same code": it may be another number by now.
        TextTrouble::Wait(TextWait::Resend(wait) | TextWait::Often(wait)) => {
            Text::new("link-sms-often").with("time", minutes_and_seconds(left.unwrap_or(*wait)))
        }
        TextTrouble::Wait(TextWait::Day(_) | TextWait::ClinicDay(_)) => Text::new("try-sms-clinic-day-limit"),
        TextTrouble::Wait(TextWait::ClinicMonth) | TextTrouble::Unfit(_) => Text::new("link-sms-manager"),
        TextTrouble::NoNumber | TextTrouble::BadNumber(_) | TextTrouble::QueueFull => {
            return self::trouble(trouble, left);
        }
    };
    Notice { todo: advice, ..self::trouble(trouble, left) }
}

/// The same for a test text: whoever reads it is the one who can mend it, and is not waiting to sign in.
#[must_use]
pub fn test_trouble(trouble: &TextTrouble, left: Option<Duration>) -> Notice {
    let advice = match trouble {
        TextTrouble::Gateway(err) => match err {
            GatewayError::NameUnknown => Text::new("try-sms-name-unknown"),
            GatewayError::Unreachable => Text::new("try-sms-unreachable"),
            GatewayError::Certificate => Text::new("try-sms-certificate"),
            GatewayError::Proxy => Text::new("try-sms-proxy"),
            GatewayError::Login => Text::new("try-sms-login"),
            GatewayError::Account => Text::new("try-sms-account"),
            GatewayError::Credit => Text::new("try-sms-credit"),
            GatewayError::Number => Text::new("try-sms-number"),
            GatewayError::Barred => Text::new("try-sms-barred"),
            GatewayError::Sender => Text::new("try-sms-sender"),
            GatewayError::Busy => Text::new("try-sms-busy"),
            GatewayError::Moved => Text::new("try-sms-moved"),
            GatewayError::Refused { .. } => Text::new("try-sms-refused"),
            GatewayError::NoAnswer | GatewayError::Broken | GatewayError::Strange { .. } => {
                Text::new("try-sms-may-arrive")
            }
            GatewayError::TooLong => Text::new("try-sms-too-long"),
        },
        TextTrouble::Wait(TextWait::ClinicDay(_)) => Text::new("try-sms-clinic-day-limit"),
        TextTrouble::Wait(TextWait::ClinicMonth) => Text::new("try-sms-clinic-month-limit"),
        TextTrouble::Wait(_)
        | TextTrouble::NoNumber
        | TextTrouble::Unfit(_)
        | TextTrouble::BadNumber(_)
        | TextTrouble::QueueFull => return self::trouble(trouble, left),
    };
    Notice { todo: advice, ..self::trouble(trouble, left) }
}

fn wait(wait: TextWait, left: Option<Duration>) -> Notice {
    let timed = |mut notice: Notice, wait: Duration| {
        notice.todo = notice.todo.with("time", minutes_and_seconds(left.unwrap_or(wait)));
        notice
    };
    match wait {
        TextWait::Resend(left) => timed(notice!(Warning, "sms-too-soon"), left),
        TextWait::Often(left) => timed(notice!(Warning, "sms-too-often"), left),
        TextWait::Day(_) => notice!(Warning, "sms-day-limit"),
        TextWait::ClinicDay(_) => notice!(Warning, "sms-clinic-day-limit"),
        TextWait::ClinicMonth => notice!(Warning, "sms-clinic-month-limit"),
    }
}

/// Why texts cannot be sent with these settings.
#[must_use]
pub fn unfit(unfit: Unfit) -> Notice {
    match unfit {
        Unfit::Off => notice!(Warning, "sms-off"),
        Unfit::NoGateway => notice!(Warning, "sms-no-gateway"),
        Unfit::NoUrl => notice!(Warning, "sms-no-url"),
        Unfit::BadUrl => notice!(Warning, "sms-bad-url"),
        Unfit::NotEncrypted => notice!(Warning, "sms-not-encrypted"),
        Unfit::NoAccount => notice!(Warning, "sms-no-account"),
        Unfit::NoSecret => notice!(Warning, "sms-no-password"),
        Unfit::SecretInSight(_) => notice!(Warning, "sms-password-in-sight"),
        Unfit::BadSender => notice!(Warning, "sms-bad-sender"),
        Unfit::NoLimit => notice!(Warning, "sms-no-limit"),
        Unfit::BadTemplate => notice!(Warning, "sms-bad-template"),
        Unfit::UnknownPlaceholder(_) => notice!(Warning, "sms-unknown-placeholder"),
        Unfit::BadJson => notice!(Warning, "sms-bad-json"),
        Unfit::BadDayLimit => notice!(Warning, "sms-bad-day-limit"),
        Unfit::BadCountry => notice!(Warning, "sms-bad-country"),
        Unfit::BadMethod => notice!(Warning, "sms-bad-method"),
        Unfit::BadHeader => notice!(Warning, "sms-bad-header"),
        Unfit::BadTimeout => notice!(Warning, "sms-bad-timeout"),
        Unfit::BadProxy => notice!(Warning, "sms-bad-proxy"),
    }
}

/// Why a typed number was not taken.
#[must_use]
pub fn bad_number(bad: BadNumber) -> Notice {
    match bad {
        BadNumber::Unreadable => notice!(Warning, "number-unreadable"),
        BadNumber::Extension => notice!(Warning, "number-extension"),
        BadNumber::Landline => notice!(Warning, "number-landline"),
        BadNumber::Special => notice!(Warning, "number-special"),
        BadNumber::Country => notice!(Warning, "number-country"),
    }
}

fn gateway(err: &GatewayError) -> Notice {
    let said = |mut notice: Notice, words: String| {
        notice.what = notice.what.with("said", words);
        notice
    };
    match err {
        GatewayError::NameUnknown => notice!(Danger, "sms-name-unknown"),
        GatewayError::Unreachable => notice!(Danger, "sms-unreachable"),
        GatewayError::Certificate => notice!(Danger, "sms-certificate"),
        GatewayError::Proxy => notice!(Danger, "sms-proxy"),
        GatewayError::Login => notice!(Danger, "sms-login"),
        GatewayError::Account => notice!(Danger, "sms-account"),
        GatewayError::Credit => notice!(Danger, "sms-credit"),
        GatewayError::Number => notice!(Danger, "sms-number"),
        GatewayError::Barred => notice!(Danger, "sms-barred"),
        GatewayError::Sender => notice!(Danger, "sms-sender"),
        GatewayError::Busy => notice!(Warning, "sms-busy"),
        GatewayError::Moved => notice!(Warning, "sms-moved"),
        GatewayError::Refused { code, said: words } => {
            let number = code.map(|code| code.to_string()).unwrap_or_default();
            said(notice!(Danger, "sms-refused"), format!("{number} {words}").trim().chars().take(60).collect())
        }
        GatewayError::NoAnswer => notice!(Warning, "sms-no-answer"),
        GatewayError::Broken => notice!(Warning, "sms-broken"),
        GatewayError::Strange { status, .. } => said(notice!(Warning, "sms-strange"), status.to_string()),
        GatewayError::TooLong => notice!(Warning, "sms-too-long"),
    }
}
