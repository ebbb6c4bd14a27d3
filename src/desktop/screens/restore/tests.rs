//! Bringing a backup back, as a person meets it.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::adapters::clock::TestClock;
use crate::desktop::services::Services;
use crate::desktop::theme;
use crate::domain::restore::{Fate, KeyFate, LogFate, PersonPlan, Plan, SettingsFate, Why};
use crate::domain::state::Role;
use crate::effects::Failure;
use crate::explain::Names;
use crate::flows::{Answer, Order, Request, Tickets};
use crate::ports::{BackupError, Clock as _};

const SPARE_KEY: &str = "YHE5-2GF2-DSFD-6B8J-WAMT-9FK1-7VMS-NC0G";
const T0: i64 = 1_772_442_000;

struct Safe {
    flow: Restore,
    fields: Fields,
    tickets: Tickets,
    orders: Vec<Order>,
    services: Services,
    dressed: bool,
}

fn opened(files: &[BackupFile]) -> Harness<'static, Safe> {
    let mut tickets = Tickets::default();
    let (mut flow, mut orders) = Restore::new(&mut tickets);
    let (ticket, _) = orders.pop().unwrap();
    flow.answer((ticket, Ok(Answer::Backups(files.to_vec()))));
    let state = Safe {
        flow,
        fields: Fields::default(),
        tickets,
        orders: Vec::new(),
        services: Services::default(),
        dressed: false,
    };
    let show = |ui: &mut Ui, safe: &mut Safe| {
        if !std::mem::replace(&mut safe.dressed, true) {
            theme::install(ui.ctx());
            return;
        }
        let now = TestClock::at(T0).now();
        let names = Names { office: "ClinicOffice".to_owned(), person: String::new() };
        let (clinic, support, services) = ("Oak Tree Surgery", "01632 960123", &mut safe.services);
        let mut screen = Screen { now: &now, names: &names, clinic, support, caps_lock: false, services };
        if let Some(act) = super::ui(ui, &safe.flow, &mut safe.fields, &mut screen) {
            safe.orders.extend(safe.flow.act(act, &mut safe.tickets));
        }
    };
    let mut harness = Harness::builder().with_size((1100.0, 900.0)).build_ui_state(show, state);
    harness.run();
    harness
}

fn backups() -> Vec<BackupFile> {
    let file = |kind, number, written_unix| BackupFile {
        path: PathBuf::from(format!("/backups/{number}.db")),
        kind,
        day: "2026-03-02".to_owned(),
        number,
        written_unix,
    };
    vec![file(BackupKind::Asked, 12, T0), file(BackupKind::Daily, 7, T0 - 86_400)]
}

fn plan() -> Plan {
    let person =
        |id: &str, name: &str, fate| PersonPlan { id: id.to_owned(), name: name.to_owned(), role: Role::Staff, fate };
    Plan {
        clinic: "Oak Tree Surgery".to_owned(),
        as_of_unix: T0,
        changes_since: 3,
        newer_backups: 1,
        settings: SettingsFate::FromBackup,
        database_key: KeyFate::Backup,
        log: LogFate::Backup,
        people: vec![
            person("akhan", "Asha Khan", Fate::Reset(Why::Damaged)),
            person("msantos", "Maria Santos", Fate::Stays { codes_void: 9 }),
        ],
    }
}

fn types(safe: &mut Harness<'_, Safe>, text: &str) {
    safe.event(eframe::egui::Event::Text(text.to_owned()));
    safe.run();
}

fn presses(safe: &mut Harness<'_, Safe>, button: &str) {
    safe.get_by_label_contains(button).click();
    safe.run();
}

fn sees(safe: &Harness<'_, Safe>, words: &str) -> bool {
    safe.query_all_by_label_contains(words).next().is_some()
}

fn answers(safe: &mut Harness<'_, Safe>, reply: Result<Answer, Failure>) -> Request {
    let (ticket, request) = safe.state_mut().orders.pop().unwrap();
    safe.state_mut().flow.answer((ticket, reply));
    safe.run();
    request
}

/// From the list to the end: what changes is seen before it is done.
#[test]
fn a_backup_is_chosen_looked_through_and_brought_back() {
    let mut safe = opened(&backups());
    presses(&mut safe, "The newest.");
    assert!(sees(&safe, "Nothing is changed yet"));
    types(&mut safe, SPARE_KEY);
    presses(&mut safe, "Next");
    let asked = answers(&mut safe, Ok(Answer::Plan(plan())));
    assert!(matches!(asked, Request::RestorePlanWith { file, .. } if file.ends_with("12.db")));
    for words in [
        "This is what will change",
        "3 changes were made after this backup",
        "1 newer backup",
        "who was removed since then",
        "No manager can sign in afterwards",
        "must be set up again: the record was damaged",
        "9 spare codes no longer count",
    ] {
        assert!(sees(&safe, words), "{words}");
    }
    presses(&mut safe, "Bring it back");
    let asked = answers(&mut safe, Ok(Answer::Restored(plan())));
    assert!(matches!(asked, Request::RestoreWith { .. }));
    assert!(sees(&safe, "The backup is back") && sees(&safe, "Asha Khan"));
    assert!(safe.state().fields.key.is_empty(), "nothing of the key is kept");
}

#[test]
fn a_wrong_key_and_a_damaged_backup_are_said_where_they_were_given() {
    let mut safe = opened(&backups());
    presses(&mut safe, "first sign-in of the day");
    types(&mut safe, "0000");
    presses(&mut safe, "Next");
    assert!(safe.state().orders.is_empty() && sees(&safe, "longer than that"));
    safe.state_mut().fields.key.wipe();
    types(&mut safe, SPARE_KEY);
    presses(&mut safe, "Next");
    answers(&mut safe, Err(Failure::BackupKeyWrong));
    assert!(sees(&safe, "does not open this backup"));
    presses(&mut safe, "Next");
    answers(&mut safe, Err(Failure::Backup(BackupError::Damaged)));
    assert!(sees(&safe, "That backup is damaged"));
    presses(&mut safe, "Back");
    assert!(sees(&safe, "Which backup?"));
    assert!(safe.state().fields.key.is_empty());
}

#[test]
fn without_a_backup_here_one_from_elsewhere_is_named() {
    let mut safe = opened(&[]);
    assert!(sees(&safe, "There is no backup on this computer."));
    safe.get_by_role(eframe::egui::accesskit::Role::TextInput).focus();
    safe.run();
    types(&mut safe, " /media/stick/copy.db ");
    presses(&mut safe, "Use this file");
    assert_eq!(safe.state().flow.file, PathBuf::from("/media/stick/copy.db"));
}
