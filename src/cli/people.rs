//! What a manager does for others, how a new or reset person begins, and the way back with the clinic recovery key.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal, Shown};
use super::args::SmsPassword;
use super::commands::{Show, active_clinic, anybody, for_a_change, look, not_a, not_set_up, offered};
use super::input::Input;
use super::sms;
use crate::adapters::clock::{local_moment_text, utc_text};
use crate::domain::edit::Edit;
use crate::domain::names::{self, server_name};
use crate::domain::practice;
use crate::domain::presence::{AfterLock, LockScreen};
use crate::domain::recovery::{ClinicKey, RecoveryCode};
use crate::domain::sms::SmsState;
use crate::domain::state::{Role, Settings};
use crate::domain::verify::Verdict;
use crate::effects::{ActivationSlip, Desk, Failure, Managed};
use crate::explain::{self, leaver};
use crate::flows::Mishap;
use crate::ports::KeyKept;
use crate::strings::Text;

/// A name for a person or a setting, tidied; refused with the reason.
fn name(typed: &str) -> Result<String, Refusal> {
    names::tidy(typed).map_err(|bad| Refusal::of(explain::bad_name(bad), 2))
}

fn slip(slip: &ActivationSlip, object: &Value) -> Answer {
    let plain = Text::new("cli-activation").with("person", slip.person.clone()).get();
    Answer::new(object, format!("{plain}\n{}", slip.code.expose()))
}

pub(super) fn add(
    desk: &mut Desk,
    input: &mut Input,
    typed: &str,
    role: Role,
    manager: &str,
) -> Result<Answer, Refusal> {
    let name = name(typed)?;
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let made = desk.add_person(&name, role)?;
    Ok(slip(&made, &json!({"person": made.person, "activation_code": made.code.expose()})))
}

pub(super) fn reset(desk: &mut Desk, input: &mut Input, person: &str, manager: &str) -> Result<Answer, Refusal> {
    let person = anybody(&active_clinic(desk)?, person)?;
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let made = desk.reset_person(&person)?;
    Ok(slip(&made, &json!({"activation_code": made.code.expose()})))
}

/// In sentences it says what a proof says; the object is empty, and the log has the rest.
pub(super) fn remove(desk: &mut Desk, input: &mut Input, person: &str, manager: &str) -> Result<Answer, Refusal> {
    let person = anybody(&active_clinic(desk)?, person)?;
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let removal = desk.remove_person(&person)?;
    let utc = utc_text(removal.unix_secs);
    let proof = leaver::proof(&removal, local_moment_text(removal.unix_secs), utc);
    let facts: String = proof.facts.iter().map(|(label, value)| format!("{label}: {value}\n")).collect();
    Ok(Answer::Object(json!({}), format!("{facts}{} {}", proof.stopped, proof.advice)))
}

/// A change without secrets to show.
pub(super) fn managed(
    desk: &mut Desk,
    input: &mut Input,
    person: &str,
    manager: &str,
    change: impl FnOnce(String) -> Managed,
) -> Result<Answer, Refusal> {
    let person = anybody(&active_clinic(desk)?, person)?;
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    desk.managed(change(person))?;
    Ok(Answer::done())
}

pub(super) fn enrol_begin(desk: &mut Desk, input: &mut Input, person: &str) -> Result<Answer, Refusal> {
    let person = anybody(&active_clinic(desk)?, person)?;
    let typed = input.secret(&Text::new("cli-ask-activation"))?;
    let code = RecoveryCode::parse(typed.expose()).map_err(|_| Refusal::new("not-an-activation-code", 2))?;
    let password = input.password(&Text::new("cli-ask-new-password"))?;
    match desk.activate(&person, &code, &password) {
        Ok(offer) => Ok(offered(&offer, "enrol confirm")),
        Err(failure) => activation_refused(failure),
    }
}

pub(super) fn activation_refused(failure: Failure) -> Result<Answer, Refusal> {
    if let Failure::Refused(Verdict::WrongPassword { wait }) = failure {
        Ok(wrong_activation(wait))
    } else if let Failure::Refused(verdict) = failure {
        Ok(Answer::Verdict(verdict))
    } else {
        Err(failure.into())
    }
}

/// Counted like a password, and no password: the sentence is about the slip.
fn wrong_activation(wait: Option<std::time::Duration>) -> Answer {
    let secs = wait.map_or(0, |wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    let mut todo = Text::new("do-activation-wrong").get();
    if let Some(wait) = wait {
        todo = Text::new("do-wait").with("time", explain::minutes_and_seconds(wait)).get();
    }
    let object = json!({"verdict": "code", "wait_secs": secs, "clock_off_secs": null, "recovery_left": null});
    Answer::Bad(object, format!("{} {todo}", Text::new("err-activation-wrong").get()), 1)
}

pub(super) fn recovery_key_renew(
    desk: &mut Desk,
    input: &mut Input,
    manager: &str,
    show: Show<'_>,
) -> Result<Answer, Refusal> {
    match for_a_change(desk, input, manager)? {
        Ok(_) => {}
        Err(refused) => return Ok(refused),
    }
    let key = desk.new_clinic_key()?;
    let plain = format!("{}: {}\n{}", Text::new("clinic-key").get(), key.expose(), Text::new("cli-key-renewed").get());
    let shown = Answer::Object(json!({"recovery_key": key.expose()}), plain);
    show(&shown).map_err(|_| Refusal::new("cli-not-written", 4))?;
    desk.finish_clinic_key()?;
    Ok(Answer::Told(Shown::ClinicKey))
}

pub(super) fn recover(desk: &mut Desk, input: &mut Input, manager: Option<&str>) -> Result<Answer, Refusal> {
    let manager = match (manager, desk.look()) {
        (Some(manager), _) => Some(anybody(&look(desk)?.ok_or_else(not_set_up)?, manager)?),
        (None, Ok(None)) => {
            // A database that is gone says so.
            look(desk)?;
            return Err(not_set_up());
        }
        // The clinic's row need not be readable for this.
        (None, _) => None,
    };
    let typed = input.secret(&Text::new("cli-ask-clinic-key"))?;
    let key = ClinicKey::parse(typed.expose()).map_err(|_| not_a(&Mishap::NotAClinicKey))?;
    match manager {
        None => {
            desk.recover(&key)?;
            Ok(Answer::done())
        }
        Some(manager) => {
            let password = input.password(&Text::new("cli-ask-new-password"))?;
            Ok(offered(&desk.recover_manager(&key, &manager, &password)?, "enrol confirm"))
        }
    }
}

/// The documented keys, in this order.
fn listed(settings: &Settings) -> Vec<(&'static str, Value)> {
    let own = [
        ("program", settings.program.clone().into()),
        ("support", settings.support.clone().into()),
        ("wrong-codes", settings.wrong_codes.into()),
        ("shortest-password", settings.shortest_password.into()),
        ("time-server", settings.time_server.clone().into()),
        ("after-lock", settings.after_lock.name().into()),
        ("lock-after-minutes", settings.lock_after_minutes.into()),
        ("full-sign-in-hours", settings.full_sign_in_hours.into()),
        ("lock-screen", settings.lock_screen.name().into()),
    ];
    let of_practice = practice::KEYS.map(|key| (key, settings.practice.get(key).unwrap_or_default().into()));
    own.into_iter().chain(of_practice).collect()
}

pub(super) fn settings_show(desk: &mut Desk) -> Result<Answer, Refusal> {
    let look = look(desk)?.ok_or_else(not_set_up)?;
    let mut rows: Vec<_> = listed(&look.settings).into_iter().chain(sms::listed(&look)).collect();
    // Whether there is one; never which.
    rows.push(("key", if look.database_key == KeyKept::Yes { "kept" } else { "none" }.into()));
    let plain: Vec<String> = rows
        .iter()
        .map(|(key, value)| format!("{key}\t{}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let object: serde_json::Map<String, Value> = rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Ok(Answer::new(&json!({"settings": object}), plain.join("\n")))
}

pub(super) fn settings_set(
    desk: &mut Desk,
    input: &mut Input,
    pairs: &[(String, String)],
    password: SmsPassword,
    manager: &str,
) -> Result<Answer, Refusal> {
    let before = active_clinic(desk)?.settings;
    let mut settings = before.clone();
    for (key, value) in pairs {
        settings = with(settings, key, value)?;
    }
    if settings.sms != before.sms {
        sms::check(&settings.sms)?;
    }
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let turned_on = settings.sms.state == SmsState::On && before.sms.state == SmsState::Off;
    match password {
        SmsPassword::Kept => desk.managed(Managed::Settings(Edit::new(before, settings)))?,
        SmsPassword::Follows => {
            let secret = input.password(&Text::new("cli-sms-secret"))?;
            desk.set_gateway(&Edit::new(before, settings), Some(&secret))?;
        }
    }
    Ok(if turned_on { sms::turned_on() } else { Answer::done() })
}

/// The settings with one changed; a value out of its range is refused, never bent.
fn with(mut settings: Settings, key: &str, value: &str) -> Result<Settings, Refusal> {
    let bad = |what: &'static str| Refusal::new("cli-setting", 2).but(Text::new(what));
    match key {
        "program" => settings.program = name(value)?,
        "support" if value.trim().is_empty() => settings.support = String::new(),
        "support" => settings.support = name(value)?,
        "wrong-codes" => settings.wrong_codes = value.parse().map_err(|_| bad("cli-setting-wrong-codes"))?,
        "shortest-password" => {
            settings.shortest_password = value.parse().map_err(|_| bad("cli-setting-shortest-password"))?;
        }
        "time-server" => settings.time_server = server_name(value).ok_or_else(|| bad("cli-setting-time-server"))?,
        key if key.starts_with("sms.") => settings.sms = sms::with(settings.sms, key, value)?,
        "after-lock" => settings.after_lock = AfterLock::named(value).ok_or_else(|| bad("cli-setting-after-lock"))?,
        "lock-after-minutes" => {
            settings.lock_after_minutes = value.parse().map_err(|_| bad("cli-setting-lock-after-minutes"))?;
        }
        "full-sign-in-hours" => {
            settings.full_sign_in_hours = value.parse().map_err(|_| bad("cli-setting-full-sign-in-hours"))?;
        }
        "lock-screen" => {
            settings.lock_screen = LockScreen::named(value).ok_or_else(|| bad("cli-setting-lock-screen"))?;
        }
        _ => super::practice::set(&mut settings.practice, key, value)?,
    }
    let bent = settings.clone().within_ranges();
    if bent.wrong_codes != settings.wrong_codes {
        return Err(bad("cli-setting-wrong-codes"));
    }
    if bent.shortest_password != settings.shortest_password {
        return Err(bad("cli-setting-shortest-password"));
    }
    if bent.lock_after_minutes != settings.lock_after_minutes {
        return Err(bad("cli-setting-lock-after-minutes"));
    }
    if bent.full_sign_in_hours != settings.full_sign_in_hours {
        return Err(bad("cli-setting-full-sign-in-hours"));
    }
    Ok(settings)
}
