//! What a restore would change, in sentences: the same in the window and on the command line.

use crate::domain::restore::{Fate, KeyFate, LogFate, PersonPlan, Plan, Present, SettingsFate, Why};
use crate::strings::Text;

/// What happens to one person.
#[must_use]
pub fn of(person: &PersonPlan) -> Text {
    match person.fate {
        Fate::Stays { codes_void: 0 } => Text::new("restore-stays"),
        Fate::Stays { codes_void } => Text::new("restore-stays-codes").with("count", i64::from(codes_void)),
        Fate::GoesOn => Text::new("restore-goes-on"),
        Fate::Reset(Why::Changed) => Text::new("restore-reset-changed"),
        Fate::Reset(Why::Added) => Text::new("restore-reset-added"),
        Fate::Reset(Why::Removed) => Text::new("restore-reset-removed"),
        Fate::Reset(Why::Damaged) => Text::new("restore-reset-damaged"),
        Fate::StaysDamaged => Text::new("restore-damaged"),
        Fate::LeftOut => Text::new("restore-left-out"),
    }
}

/// What is to be known about the whole of it.
#[must_use]
pub fn sentences(plan: &Plan) -> Vec<Text> {
    let mut said = Vec::new();
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    if plan.changes_since > 0 {
        said.push(Text::new("restore-changes-since").with("count", count(plan.changes_since)));
    }
    if plan.newer_backups > 0 {
        said.push(Text::new("restore-newer").with("count", count(plan.newer_backups as u64)));
    }
    // Without a present state nobody can be compared: whoever was removed since comes back as they were.
    if plan.present() == Present::Gone && plan.changes_since > 0 {
        said.push(Text::new("restore-removed-return"));
    }
    match plan.settings {
        SettingsFate::Same => {}
        SettingsFate::FromBackup => said.push(Text::new("restore-settings")),
    }
    match plan.database_key {
        KeyFate::Present => {}
        KeyFate::Backup => said.push(Text::new("restore-key")),
    }
    match plan.log {
        LogFate::Present => {}
        LogFate::Backup => said.push(Text::new("restore-log")),
    }
    if plan.managers_after() == 0 {
        said.push(Text::new("restore-no-manager"));
    }
    said.push(Text::new("restore-next-code"));
    said
}
