//! One function a command.

use serde_json::json;

use super::answer::{Answer, Refusal, Shown};
use super::args::{Command, With};
use super::input::Input;
use super::{backup, doctor, people, practice, sms};
use crate::adapters::Wired;
use crate::adapters::clock::utc_text;
use crate::domain::audit;
use crate::domain::code::Code;
use crate::domain::names;
use crate::domain::recovery::RecoveryCode;
use crate::domain::secret::SecretText;
use crate::domain::state::{ClinicStage, Joins, PersonStage};
use crate::domain::verify::{FirstCode, Presented};
use crate::effects::{Desk, Failure, Managed, NewSetup, PhoneOffer, Purpose, Sheets, SignedIn, Standing};
use crate::explain;
use crate::flows::Mishap;
use crate::ports::{EntryFilter, Look, PersonLook, StoreError};
use crate::strings::Text;

/// Writes an answer with secrets before what they belong to is stored; what could not be written is not confirmed.
pub(super) type Show<'a> = &'a mut dyn FnMut(&Answer) -> std::io::Result<()>;

/// Performs a command.
pub(super) fn perform(command: &Command, wired: &Wired, input: &mut Input, show: Show<'_>) -> Result<Answer, Refusal> {
    let mut desk = wired.desk();
    match command {
        Command::Help => Ok(Answer::help()),
        Command::Version => Ok(Answer::version()),
        Command::PeopleAdd { name, role, manager } => people::add(&mut desk, input, name, *role, manager),
        Command::PeopleReset { person, manager } => people::reset(&mut desk, input, person, manager),
        Command::PeopleRemove { person, manager } => people::remove(&mut desk, input, person, manager),
        Command::PeopleRole { person, role, manager } => {
            people::managed(&mut desk, input, person, manager, |person| Managed::Role(person, *role))
        }
        Command::PeopleDayPass { person, manager } => {
            people::managed(&mut desk, input, person, manager, Managed::DayPass)
        }
        Command::EnrolBegin { person, number: Some(number) } => sms::begin(&mut desk, wired, input, person, number),
        Command::EnrolRenew { person, number: Some(number) } => sms::renew(&mut desk, wired, input, person, number),
        Command::SmsSend { person } => sms::send(&mut desk, wired, input, person),
        Command::SmsTest { to, manager } => sms::test(&mut desk, wired, input, to, manager),
        Command::EnrolBegin { person, number: None } => people::enrol_begin(&mut desk, input, person),
        Command::RecoveryKeyRenew { manager } => people::recovery_key_renew(&mut desk, input, manager, show),
        Command::Recover { manager } => people::recover(&mut desk, input, manager.as_deref()),
        Command::SettingsShow => people::settings_show(&mut desk),
        Command::SettingsSet { pairs, password, manager } => {
            people::settings_set(&mut desk, input, pairs, *password, manager)
        }
        Command::KeySet { change, manager } => practice::key_set(&mut desk, input, *change, manager),
        Command::KeyCheck { manager } => practice::key_check(&mut desk, input, manager),
        Command::KeyRotate { manager } => practice::key_rotate(&mut desk, input, manager),
        Command::Protect { file, manager } => practice::protect(&mut desk, input, file, manager),
        Command::RemoveOriginal { manager } => practice::remove_original(&mut desk, input, manager),
        Command::AuditExport { file } => audit_export(&mut desk, file),
        Command::Status => status(&mut desk),
        Command::Doctor => Ok(doctor::examine(&mut desk, wired)),
        Command::SetupBegin { clinic, person, support } => setup_begin(&mut desk, input, clinic, person, support),
        Command::SetupConfirm { person } => setup_confirm(&mut desk, input, person, show),
        Command::PeopleList => people_list(&mut desk),
        Command::EnrolRenew { person, number: None } => enrol_renew(&mut desk, input, person),
        Command::EnrolConfirm { person } => {
            let answer = enrol_confirm(&mut desk, input, person, show);
            sms::carry_notices(&mut desk, wired);
            answer
        }
        Command::SignIn { person, with, .. } => sign_in(&mut desk, input, person, *with),
        Command::Password { person } => password(&mut desk, input, person),
        Command::RecoveryRenew { person } => recovery_renew(&mut desk, input, person, show),
        Command::AuditList { person, event, since, limit } => {
            let filter = EntryFilter {
                person: person.clone(),
                event: event.clone(),
                since_unix: *since,
                limit: *limit,
                ..EntryFilter::default()
            };
            audit_list(&mut desk, filter)
        }
        Command::AuditVerify => audit_verify(&mut desk),
        Command::BackupCreate { file } => backup::create(&mut desk, file),
        Command::BackupRestore { file, manager, rehearsal } => {
            backup::restore(&mut desk, input, file, manager.as_deref(), *rehearsal)
        }
    }
}

fn status(desk: &mut Desk) -> Result<Answer, Refusal> {
    let (state, look, words) = match desk.stand() {
        Ok(Standing::New) => ("new", None, Text::new("cli-state-new")),
        Ok(Standing::Pending(look)) => ("pending", Some(look), Text::new("cli-state-pending")),
        Ok(Standing::Active(look)) => ("active", Some(look), Text::new("cli-state-active")),
        Err(Failure::Closed(_)) => ("closed", desk.look().ok().flatten(), Text::new("cli-state-closed")),
        Err(failure) => return Err(failure.into()),
    };
    let people = look.as_ref().map_or(0, |look| look.people.len());
    let clinic = look.map(|look| look.name);
    let count = Text::new("cli-people-count").with("count", i64::try_from(people).unwrap_or(i64::MAX));
    let plain = match &clinic {
        Some(clinic) => format!("{clinic}: {} {}", words.get(), count.get()),
        None => words.get(),
    };
    Ok(Answer::new(&json!({"state": state, "clinic": clinic, "people": people}), plain))
}

fn setup_begin(
    desk: &mut Desk,
    input: &mut Input,
    clinic: &str,
    person: &str,
    support: &str,
) -> Result<Answer, Refusal> {
    let name =
        |typed: &str| names::tidy(typed).map_err(|_| Refusal::new("cli-usage", 2).but(Text::new("cli-bad-name")));
    let (clinic, person) = (name(clinic)?, name(person)?);
    let support = if support.is_empty() { String::new() } else { name(support)? };
    let password = input.password(&Text::new("cli-ask-new-password"))?;
    let offer = desk.begin_setup(&NewSetup { clinic, person, support, password }).map_err(set_up_already)?;
    Ok(offered(&offer, "setup confirm"))
}

/// A clinic that is set up, or looks as if it had been, is not set up again.
fn set_up_already(failure: Failure) -> Refusal {
    if failure == Failure::Store(StoreError::NotNow) {
        let (what, todo) = (Text::new("err-already-set-up"), Text::new("do-already-set-up"));
        Refusal { code: "already-set-up", what, todo, status: 5 }
    } else if let Failure::Closed(_) = failure {
        Refusal { status: 5, ..Refusal::from(failure) }
    } else {
        failure.into()
    }
}

/// A square to scan; `next` is the command that follows.
pub(super) fn offered(offer: &PhoneOffer, next: &str) -> Answer {
    let (uri, key) = (offer.uri.expose(), offer.key.expose());
    let plain = format!(
        "{}\n{uri}\n{key}\n{}",
        Text::new("cli-set-up-begun").with("next", next.to_owned()).get(),
        offer.person
    );
    Answer::new(&json!({"person": offer.person, "uri": uri, "secret": key}), plain)
}

fn setup_confirm(desk: &mut Desk, input: &mut Input, person: &str, show: Show<'_>) -> Result<Answer, Refusal> {
    let look = match desk.stand()? {
        Standing::Pending(look) => look,
        Standing::New => return Err(not_set_up()),
        Standing::Active(_) => return Err(set_up_already(StoreError::NotNow.into())),
    };
    let person = known(&look, person)?;
    let password = input.password(&Text::new("cli-ask-password"))?;
    let code = code(input, &Text::new("cli-ask-code"))?;
    if let Some(refused) = first_code(desk, &person, &password, &code)? {
        return Ok(refused);
    }
    let sheets = desk.setup_sheets()?;
    let shown = tell_sheets(&sheets, show)?;
    desk.finish_setup()?;
    Ok(Answer::Told(shown))
}

/// Judges the first code of a phone; an answer when it was not right.
fn first_code(desk: &mut Desk, person: &str, password: &SecretText, code: &Code) -> Result<Option<Answer>, Refusal> {
    match desk.reopen(person, password) {
        Ok(_) => {}
        Err(Failure::Refused(verdict)) => return Ok(Some(Answer::Verdict(verdict))),
        // Nothing is being linked: not even a password has been chosen.
        Err(Failure::Store(StoreError::NotReady)) => return Err(StoreError::NotNow.into()),
        Err(failure) => return Err(failure.into()),
    }
    let first = match desk.first_code(code) {
        Err(Failure::Refused(verdict)) => return Ok(Some(Answer::Verdict(verdict))),
        other => other?,
    };
    let (word, mishap, wait, off) = match first {
        FirstCode::Right => return Ok(None),
        FirstCode::Used { next_in } => ("used", Mishap::FirstCodeUsed { next_in }, next_in.as_secs(), None),
        FirstCode::WrongText { tries_left } => ("code", Mishap::FirstTextWrong { tries_left }, 0, None),
        FirstCode::TextOver => ("expired", Mishap::FirstTextOver, 0, None),
        FirstCode::Wrong { clock_off_secs } => {
            ("code", Mishap::FirstCodeWrong { clock_off_secs, times: 1 }, 0, clock_off_secs)
        }
    };
    let notice = explain::mishap(&mishap, None, &explain::Names::default());
    let plain = format!("{} {}", notice.what.get(), notice.todo.get());
    let object = json!({"verdict": word, "wait_secs": wait, "clock_off_secs": off, "recovery_left": null});
    Ok(Some(Answer::Bad(object, plain, 1)))
}

fn tell_sheets(sheets: &Sheets, show: Show<'_>) -> Result<Shown, Refusal> {
    let codes: Vec<&str> = sheets.codes.iter().map(SecretText::expose).collect();
    let key = sheets.clinic_key.as_ref().map(SecretText::expose);
    let mut plain =
        codes.iter().enumerate().fold(String::new(), |text, (at, code)| format!("{text}{}. {code}\n", at + 1));
    let object = match key {
        Some(key) => {
            plain = format!("{plain}{}: {key}\n", Text::new("clinic-key").get());
            json!({"recovery_codes": codes, "recovery_key": key})
        }
        None => json!({"recovery_codes": codes}),
    };
    plain += &Text::new("cli-set-up-done").get();
    show(&Answer::Object(object, plain)).map_err(|_| Refusal::new("cli-not-written", 4))?;
    Ok(if key.is_some() { Shown::ClinicKey } else { Shown::Codes })
}

fn people_list(desk: &mut Desk) -> Result<Answer, Refusal> {
    let Some(look) = look(desk)? else {
        return Ok(Answer::new(&json!({"people": []}), Text::new("cli-state-new").get()));
    };
    let state = |person: &PersonLook| match person.stage {
        _ if person.manager_needed || person.wait.is_some() => "locked",
        Some(PersonStage::Active) => "active",
        Some(PersonStage::Pending) => "pending",
        Some(PersonStage::Reset) => "reset",
        None => "damaged",
    };
    let rows: Vec<_> = look
        .people
        .iter()
        .map(|person| {
            json!({
                "id": person.id, "name": person.name, "role": person.role.name(), "state": state(person),
                "factors": person.phones.iter().map(|phone| phone.kind.name()).collect::<Vec<_>>(), "recovery_left": person.recovery_left,
            })
        })
        .collect();
    let plain: Vec<String> = look
        .people
        .iter()
        .map(|person| format!("{}\t{}\t{}\t{}", person.id, person.name, person.role.name(), state(person)))
        .collect();
    Ok(Answer::new(&json!({"people": rows}), plain.join("\n")))
}

/// The id of a person of an active clinic.
fn active_person(desk: &mut Desk, person: &str) -> Result<String, Refusal> {
    known(&active_clinic(desk)?, person)
}

/// A clinic in use.
pub(super) fn active_clinic(desk: &mut Desk) -> Result<Look, Refusal> {
    match desk.stand()? {
        Standing::Active(look) => Ok(look),
        Standing::New | Standing::Pending(_) => Err(not_set_up()),
    }
}

pub(super) fn not_set_up() -> Refusal {
    Refusal { code: "not-set-up", what: Text::new("err-not-set-up"), todo: Text::new("do-not-set-up"), status: 5 }
}

/// What can be seen without keys; `None` in a folder that is new. A database that is gone is a failure, not "new".
pub(super) fn look(desk: &mut Desk) -> Result<Option<Look>, Refusal> {
    match desk.look()? {
        Some(look) => Ok(Some(look)),
        None => match desk.stand()? {
            Standing::New => Ok(None),
            Standing::Pending(look) | Standing::Active(look) => Ok(Some(look)),
        },
    }
}

/// By id or full name. Unknown and not yet linked people get the same kind of answer.
fn known(look: &Look, person: &str) -> Result<String, Refusal> {
    match look.find(person) {
        Some(found) if found.stage == Some(PersonStage::Active) || look.stage == ClinicStage::Pending => {
            Ok(found.id.clone())
        }
        Some(found) if found.stage.is_none() => {
            let names = explain::Names { person: found.name.clone(), ..explain::Names::default() };
            Err(Refusal::of(explain::failure(&StoreError::PersonDamaged.into(), &names), 4))
        }
        Some(_) | None => Err(StoreError::NobodyThere.into()),
    }
}

/// By id or full name, however they stand: whom a manager means, or who begins.
pub(super) fn anybody(look: &Look, person: &str) -> Result<String, Refusal> {
    look.find(person).map(|found| found.id.clone()).ok_or_else(|| StoreError::NobodyThere.into())
}

fn code(input: &mut Input, prompt: &Text) -> Result<Code, Refusal> {
    let typed = input.secret(prompt)?;
    Code::parse(typed.expose()).map_err(|_| not_a(&Mishap::NotACode))
}

pub(super) fn not_a(mishap: &Mishap) -> Refusal {
    let names = explain::Names { office: "ClinicOffice".to_owned(), person: String::new() };
    Refusal::of(explain::mishap(mishap, None, &names), 2)
}

/// Password and code for one change; an answer when they were refused.
pub(super) fn for_a_change(
    desk: &mut Desk,
    input: &mut Input,
    person: &str,
) -> Result<Result<SignedIn, Answer>, Refusal> {
    let person = active_person(desk, person)?;
    let password = input.password(&Text::new("cli-ask-password"))?;
    let code = code(input, &Text::new("cli-ask-code"))?;
    let (verdict, signed_in) = desk.sign_in(&person, &password, &Presented::Code(code), Purpose::Change)?;
    Ok(signed_in.ok_or(Answer::Verdict(verdict)))
}

fn enrol_renew(desk: &mut Desk, input: &mut Input, person: &str) -> Result<Answer, Refusal> {
    match for_a_change(desk, input, person)? {
        Ok(_) => Ok(offered(&desk.begin_phone("", Joins::InTheirPlace)?, "enrol confirm")),
        Err(refused) => Ok(refused),
    }
}

fn enrol_confirm(desk: &mut Desk, input: &mut Input, person: &str, show: Show<'_>) -> Result<Answer, Refusal> {
    let person = anybody(&active_clinic(desk)?, person)?;
    let password = input.password(&Text::new("cli-ask-password"))?;
    let code = code(input, &Text::new("cli-ask-new-code"))?;
    if let Some(refused) = first_code(desk, &person, &password, &code)? {
        return Ok(refused);
    }
    let sheets = desk.phone_sheets()?;
    let shown = tell_sheets(&sheets, show)?;
    desk.finish_phone()?;
    Ok(Answer::Told(shown))
}

pub(super) fn sign_in(desk: &mut Desk, input: &mut Input, person: &str, with: With) -> Result<Answer, Refusal> {
    let person = active_person(desk, person)?;
    let password = input.password(&Text::new("cli-ask-password"))?;
    let presented = match with {
        With::Recovery => {
            let typed = input.secret(&Text::new("cli-ask-spare"))?;
            Presented::Recovery(RecoveryCode::parse(typed.expose()).map_err(|_| not_a(&Mishap::NotASpare))?)
        }
        With::App => Presented::Code(code(input, &Text::new("cli-ask-code"))?),
        With::Sms => Presented::Text(code(input, &Text::new("cli-ask-code"))?),
    };
    let (verdict, _) = desk.sign_in(&person, &password, &presented, Purpose::Work)?;
    Ok(Answer::Verdict(verdict))
}

fn password(desk: &mut Desk, input: &mut Input, person: &str) -> Result<Answer, Refusal> {
    if let Err(refused) = for_a_change(desk, input, person)? {
        return Ok(refused);
    }
    let new = input.password(&Text::new("cli-ask-new-password"))?;
    desk.change_password(&new)?;
    Ok(Answer::done())
}

fn recovery_renew(desk: &mut Desk, input: &mut Input, person: &str, show: Show<'_>) -> Result<Answer, Refusal> {
    if let Err(refused) = for_a_change(desk, input, person)? {
        return Ok(refused);
    }
    let sheets = desk.new_codes()?;
    let shown = tell_sheets(&sheets, show)?;
    desk.finish_codes()?;
    Ok(Answer::Told(shown))
}

fn audit_list(desk: &mut Desk, mut filter: EntryFilter) -> Result<Answer, Refusal> {
    if let (Some(look), Some(person)) = (look(desk)?, &mut filter.person) {
        // By id or full name; an id of someone who is no longer there stands in the log as it did.
        *person = look.find(person).map_or_else(|| names::key(person), |found| found.id.clone());
    }
    let entries = desk.entries(&filter)?;
    let rows: Vec<_> = entries.iter().map(audit::json).collect();
    let plain: Vec<String> = entries
        .iter()
        .map(|e| {
            let at = utc_text(e.unix_secs);
            format!(
                "{}\t{at}\t{}\t{}\t{}\t{}\t{}\t{}",
                e.number, e.event, e.person, e.actor, e.desk, e.factor, e.result
            )
        })
        .collect();
    Ok(Answer::new(&json!({"events": rows}), plain.join("\n")))
}

fn audit_export(desk: &mut Desk, file: &std::path::Path) -> Result<Answer, Refusal> {
    if look(desk)?.is_none() {
        return Err(not_set_up());
    }
    let events = desk.export(file)?;
    let count = i64::try_from(events).unwrap_or(i64::MAX);
    Ok(Answer::new(&json!({"events": events}), Text::new("cli-exported").with("count", count).get()))
}

fn audit_verify(desk: &mut Desk) -> Result<Answer, Refusal> {
    if look(desk)?.is_none() {
        return Err(not_set_up());
    }
    Ok(match desk.verify_log()? {
        Ok(events) => {
            let plain = Text::new("cli-log-whole").with("count", events);
            Answer::new(&json!({"events": events, "ok": true}), plain.get())
        }
        Err(first_bad) => {
            let plain = Text::new("cli-log-broken").with("number", first_bad);
            Answer::Bad(json!({"ok": false, "first_bad": first_bad}), plain.get(), 4)
        }
    })
}
