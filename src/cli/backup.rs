//! `backup create`, `backup restore`, and the day's backup after a sign-in.

use std::path::Path;
use std::thread::JoinHandle;

use serde_json::{Value, json};

use super::answer::{Answer, Refusal, Shown};
use super::args::{Command, Rehearsal};
use super::commands::{for_a_change, look, not_a, not_set_up};
use super::input::Input;
use crate::adapters::Wired;
use crate::adapters::clock::utc_text;
use crate::domain::recovery::ClinicKey;
use crate::domain::restore::{Fate, KeyFate, LogFate, Plan, SettingsFate};
use crate::effects::{Desk, Vouches};
use crate::explain::plan_words;
use crate::flows::Mishap;
use crate::strings::Text;

pub(super) fn create(desk: &mut Desk, file: &Path) -> Result<Answer, Refusal> {
    look(desk)?.ok_or_else(not_set_up)?;
    let copied = desk.backup_to(file)?;
    let count = i64::try_from(copied.people).unwrap_or(i64::MAX);
    Ok(Answer::new(&json!({"people": copied.people}), Text::new("cli-backup-made").with("count", count).get()))
}

/// The backup that belongs to a command, after its answer was written. Whatever comes of it, what was answered stands; the
/// log, `doctor` and the next manager's page say when there is none.
pub(super) fn after(command: &Command, shown: Option<Shown>, wired: &Wired) {
    if matches!(command, Command::SignIn { .. }) {
        drop(wired.desk().daily_backup());
    }
    // The backups there are open with the old clinic recovery key, which is destroyed now.
    let renewed = matches!(command, Command::RecoveryKeyRenew { .. } | Command::EnrolConfirm { .. })
        && shown == Some(Shown::ClinicKey);
    // The backups there have no database key, or one that opens nothing any more.
    let other_key = matches!(command, Command::KeySet { .. } | Command::KeyRotate { .. } | Command::Protect { .. });
    if renewed || other_key {
        drop(wired.desk().backup_now());
    }
}

/// The day's backup, beside the program that a sign-in was for.
pub(super) fn beside(wired: Wired) -> Option<JoinHandle<()>> {
    let work = move || drop(wired.desk().daily_backup());
    std::thread::Builder::new().name("backup".to_owned()).spawn(work).ok()
}

pub(super) fn restore(
    desk: &mut Desk,
    input: &mut Input,
    file: &Path,
    manager: Option<&str>,
    rehearsal: Rehearsal,
) -> Result<Answer, Refusal> {
    if rehearsal == Rehearsal::Only {
        return Ok(told(&desk.restore_plan(file)?, rehearsal));
    }
    let plan = match (desk.vouches()?, manager) {
        (_, Some(manager)) => {
            // Said before anybody types a password: a file that cannot be taken in costs no code.
            let plan = desk.restore_plan(file)?;
            input.say(&listed(&plan, Rehearsal::Only));
            if let Err(refused) = for_a_change(desk, input, manager)? {
                return Ok(refused);
            }
            desk.restore(file)?
        }
        (Vouches::Manager, None) => return Err(crate::effects::Failure::RestoreNeedsManager.into()),
        (Vouches::ClinicKey, None) => {
            input.say(&listed(&desk.restore_plan(file)?, Rehearsal::Only));
            let typed = input.secret(&Text::new("cli-ask-clinic-key"))?;
            let key = ClinicKey::parse(typed.expose()).map_err(|_| not_a(&Mishap::NotAClinicKey))?;
            desk.restore_with(file, &key)?
        }
    };
    Ok(told(&plan, rehearsal))
}

fn told(plan: &Plan, rehearsal: Rehearsal) -> Answer {
    let mut object = json!({"people": plan.people_after(), "plan": plan_json(plan)});
    if let (Rehearsal::Only, Some(fields)) = (rehearsal, object.as_object_mut()) {
        fields.insert("dry_run".to_owned(), true.into());
    }
    Answer::new(&object, listed(plan, rehearsal))
}

/// In sentences, one a line.
fn listed(plan: &Plan, rehearsal: Rehearsal) -> String {
    let mut lines = vec![match rehearsal {
        Rehearsal::Only => Text::new("cli-restore-would").get(),
        Rehearsal::No => Text::new("cli-restore-done").get(),
    }];
    lines.push(Text::new("cli-restore-as-of").with("time", utc_text(plan.as_of_unix)).get());
    lines.extend(plan_words::sentences(plan).iter().map(Text::get));
    lines.extend(
        plan.people.iter().map(|person| format!("{}\t{}\t{}", person.id, person.name, plan_words::of(person).get())),
    );
    lines.join("\n")
}

fn plan_json(plan: &Plan) -> Value {
    let people: Vec<Value> = plan
        .people
        .iter()
        .map(|person| {
            let (fate, why) = person.fate.names();
            let codes_void = match person.fate {
                Fate::Stays { codes_void } => codes_void,
                Fate::GoesOn | Fate::Reset(_) | Fate::StaysDamaged | Fate::LeftOut => 0,
            };
            json!({
                "id": person.id, "name": person.name, "role": person.role.name(), "fate": fate, "why": why,
                "codes_void": codes_void,
            })
        })
        .collect();
    json!({
        "clinic": plan.clinic,
        "as_of": utc_text(plan.as_of_unix),
        "changes_since": plan.changes_since,
        "newer_backups": plan.newer_backups,
        "settings": match plan.settings {
            SettingsFate::Same => "same",
            SettingsFate::FromBackup => "from-backup",
        },
        "key": match plan.database_key {
            KeyFate::Present => "stays",
            KeyFate::Backup => "from-backup",
        },
        "log": match plan.log {
            LogFate::Present => "goes-on",
            LogFate::Backup => "from-backup",
        },
        "people": people,
    })
}
