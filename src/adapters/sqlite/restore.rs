//! Taking a backup in: what it would change, and doing it.
//!
//! A backup is never opened where it lies. It is copied beside the state first (also from a disk that may not be written
//! to, and with the log that a hand-made copy may have beside it), read through, and compared person by person. Where the
//! present file can be read, the outcome is written into it in one transaction: its log goes on, and no other process
//! loses its file. Where it cannot, the copy takes its place, and what was there is kept.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::backup::{self, Soundness, soundness};
use super::desk::{Desk, begin};
use super::open::{self, Peek, sql};
use super::recover::last_entry;
use super::{SqliteStore, rows};
use crate::domain::audit::{Event, What};
use crate::domain::keys::StateKeys;
use crate::domain::names;
use crate::domain::restore::{
    Circumstances, Fate, KeyFate, LogFate, PersonPlan, Plan, Present, Reference, Row, SettingsFate, Why, decide,
};
use crate::domain::state::{Clinic, ClinicStage, Person, Role, Settings};
use crate::ports::{
    BackupError, BackupFile, Backups, Committed, Copied, CopyError, CopyTo, Judge, Now, RecoverySlots, StoreError,
};

/// The copy of a backup while it is looked at, beside the state.
const TAKEN_IN: &str = "restoring.db";

/// One of the two states, as its rows say.
struct State {
    clinic: Clinic,
    /// Whether the clinic's row is the one that was written with these keys.
    proved: bool,
    people: Vec<(String, Row)>,
    /// The time of the log's last entry, UTC seconds.
    as_of_unix: i64,
}

impl State {
    fn row(&self, id: &str) -> Option<&Row> {
        self.people.iter().find(|(known, _)| known == id).map(|(_, row)| row)
    }
}

/// A backup's copy beside the state; removed again unless it took the state's place.
struct TakenIn {
    path: PathBuf,
    connection: Option<Connection>,
}

impl Drop for TakenIn {
    fn drop(&mut self) {
        drop(self.connection.take());
        open::remove_all(&self.path).ok();
    }
}

impl TakenIn {
    fn of(file: &Path, state: &Path) -> Result<Self, BackupError> {
        let there = file.canonicalize().map_err(|err| unreadable(&err))?;
        // By any name: closing it would also end every lock that this process has on it.
        let same = open::identity(state).is_some() && open::identity(state) == open::identity(&there);
        if same || state.canonicalize().is_ok_and(|state| state == there) {
            return Err(BackupError::InUse);
        }
        match open::peek(&there) {
            Ok(Peek::Ours) => {}
            Ok(Peek::Nothing) | Err(StoreError::Damaged) => return Err(BackupError::Damaged),
            Err(StoreError::Foreign) => return Err(BackupError::Foreign),
            Err(StoreError::Newer) => return Err(BackupError::Newer),
            Err(_) => return Err(BackupError::NotReadable),
        }
        let path = state.with_file_name(TAKEN_IN);
        open::remove_all(&path).map_err(|err| open::io(&err))?;
        let mut taken = Self { path, connection: None };
        let [from, from_log, ..] = open::with_side_files(&there);
        let [to, to_log, ..] = open::with_side_files(&taken.path);
        copy_file(&from, &to)?;
        if from_log.exists() {
            copy_file(&from_log, &to_log)?;
        }
        let connection = open::open(&taken.path, OpenFlags::empty()).map_err(of_the_copy)?;
        let sound = soundness(&connection).map_err(of_the_copy)?;
        taken.connection = Some(connection);
        if sound == Soundness::Broken { Err(BackupError::Damaged) } else { Ok(taken) }
    }

    fn connection(&mut self) -> Result<&mut Connection, BackupError> {
        self.connection.as_mut().ok_or(BackupError::Damaged)
    }
}

fn copy_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut source = fs::File::open(from).map_err(|err| unreadable(&err))?;
    let mut copy = open::new_file(to).map_err(|err| open::io(&err))?;
    std::io::copy(&mut source, &mut copy).map_err(|err| open::io(&err))?;
    Ok(())
}

fn unreadable(err: &std::io::Error) -> BackupError {
    if err.kind() == std::io::ErrorKind::NotFound { BackupError::Missing } else { BackupError::NotReadable }
}

/// What reading the copy means for the backup; trouble with the disk stays the disk's.
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever is not the backup's fault stays what it is")]
fn of_the_copy(err: StoreError) -> BackupError {
    match err {
        StoreError::Damaged | StoreError::ClinicChanged | StoreError::NotNow => BackupError::Damaged,
        StoreError::Newer => BackupError::Newer,
        other => BackupError::Store(other),
    }
}

/// A state by its rows. Without keys everything readable passes as proved, which is good enough for showing.
fn load(connection: &Connection, keys: Option<&StateKeys>, now: &Now) -> Result<Option<State>, StoreError> {
    let (clinic, proved) = match rows::clinic_unproved(connection) {
        Ok(None) => return Ok(None),
        Ok(Some((clinic, tag))) => {
            let proved = keys.is_none_or(|keys| clinic.tag(&keys.state) == tag);
            (clinic, proved)
        }
        Err(StoreError::ClinicChanged) => match rows::clinic_to_recover(connection, now) {
            Ok(Some(clinic)) => (clinic, false),
            Ok(None) | Err(StoreError::ClinicChanged) => return Ok(None),
            Err(err) => return Err(err),
        },
        Err(err) => return Err(err),
    };
    let on_the_roll = |person: &Person| match keys {
        Some(keys) if proved => clinic.roll.get(&person.id) == Some(&person.tag(&keys.state)),
        Some(_) | None => true,
    };
    let mut people = Vec::new();
    for found in rows::people_unproved(connection).map_err(|err| sql(&err))? {
        match found {
            // The roll does not know them: put there by somebody else.
            Ok(person) if proved && !clinic.roll.contains_key(&person.id) => {}
            Ok(person) if on_the_roll(&person) => people.push((person.id.clone(), Row::Whole(Box::new(person)))),
            Ok(person) => people.push((person.id, Row::Damaged)),
            Err(id) if proved && !clinic.roll.contains_key(&id) => {}
            Err(id) => people.push((id, Row::Damaged)),
        }
    }
    for id in clinic.roll.keys() {
        if people.iter().all(|(known, _)| known != id) {
            people.push((id.clone(), Row::Damaged));
        }
    }
    let as_of_unix = connection
        .query_row("SELECT coalesce(max(unix_secs), 0) FROM audit", [], |row| row.get(0))
        .map_err(|err| sql(&err))?;
    Ok(Some(State { clinic, proved, people, as_of_unix }))
}

/// A backup must be proved: it was written here, and by a clinic in use.
fn load_backup(taken: &mut TakenIn, keys: Option<&StateKeys>, now: &Now) -> Result<State, BackupError> {
    let state = load(taken.connection()?, keys, now).map_err(of_the_copy)?.ok_or(BackupError::Damaged)?;
    if state.proved && state.clinic.stage == ClinicStage::Active { Ok(state) } else { Err(BackupError::Damaged) }
}

/// What is written, and what is said about it.
struct Decided {
    clinic: Clinic,
    people: Vec<Person>,
    /// Whose rows are left as they are.
    left: BTreeSet<String>,
    plan: Plan,
}

/// Lays the two states side by side.
fn decided(present: Option<&State>, backup: &State, judge: Judge<'_>, newer_backups: usize, now: &Now) -> Decided {
    let reference = match present {
        Some(state) if state.proved && state.clinic.epoch >= backup.clinic.epoch => Reference::Present,
        Some(_) | None => Reference::Backup,
    };
    let next_entry = present.map_or(backup.clinic.head.number, |state| state.clinic.head.number).saturating_add(1);
    let about = Circumstances {
        reference,
        present: if present.is_some() { Present::There } else { Present::Gone },
        actor: match judge {
            Judge::Manager(actor) => Some(actor),
            Judge::ClinicKey => None,
        },
        next_entry,
        now,
    };
    let ids: BTreeSet<&String> =
        present.iter().flat_map(|state| &state.people).chain(&backup.people).map(|(id, _)| id).collect();
    let (mut people, mut lines, mut left): (Vec<Person>, Vec<PersonPlan>, _) =
        (Vec::new(), Vec::new(), BTreeSet::new());
    for id in ids {
        match decide(present.and_then(|state| state.row(id)), backup.row(id), &about) {
            None => {}
            Some((Some(person), fate)) => {
                let (name, role) = (person.name.clone(), person.role);
                lines.push(PersonPlan { id: id.clone(), name, role, fate });
                people.push(person);
            }
            Some((None, fate)) => {
                left.insert(id.clone());
                lines.push(PersonPlan { id: id.clone(), name: id.clone(), role: Role::Staff, fate });
            }
        }
    }
    leave_out_namesakes(&mut people, &mut lines);
    lines.sort_by_key(|line| (names::key(&line.name), line.id.clone()));
    let base = match (reference, present) {
        (Reference::Present, Some(state)) => &state.clinic,
        (Reference::Present | Reference::Backup, _) => &backup.clinic,
    };
    let reset = |id: &String| {
        lines.iter().any(|line| line.id == *id && !matches!(line.fate, Fate::Stays { .. } | Fate::GoesOn))
    };
    // What signing in opens stays with the key that opens it.
    let settings = Settings { practice: base.settings().practice, ..backup.clinic.settings() };
    let same_settings =
        present.is_some_and(|state| state.clinic.settings() == settings && state.clinic.name == backup.clinic.name);
    let kept = &base.database_key;
    let same_key = kept.present.is_none() || present.is_some_and(|state| state.clinic.database_key == *kept);
    let clinic = Clinic {
        name: backup.clinic.name.clone(),
        settings_json: settings.over(&backup.clinic.settings_json),
        epoch: present.map_or(0, |state| state.clinic.epoch).max(backup.clinic.epoch),
        gauge: present.map_or_else(
            || backup.clinic.gauge.clone(),
            |state| state.clinic.gauge.clone().fuller(&backup.clinic.gauge, &now.boot),
        ),
        // The service's password goes with the settings that say whose it is; what was sent stays counted.
        sms_secret: backup.clinic.sms_secret.clone(),
        texts: present.map_or_else(
            || backup.clinic.texts.clone(),
            |state| state.clinic.texts.clone().higher(&backup.clinic.texts),
        ),
        // A new clinic recovery key is due to nobody who is reset.
        key_due: base.key_due.clone().filter(|id| !reset(id)),
        ..base.clone()
    };
    let plan = Plan {
        clinic: backup.clinic.name.clone(),
        as_of_unix: backup.as_of_unix,
        changes_since: present.map_or(0, |state| state.clinic.epoch.saturating_sub(backup.clinic.epoch)),
        newer_backups,
        settings: if same_settings { SettingsFate::Same } else { SettingsFate::FromBackup },
        database_key: if same_key { KeyFate::Present } else { KeyFate::Backup },
        log: if present.is_some() { LogFate::Present } else { LogFate::Backup },
        people: lines,
    };
    Decided { clinic, people, left, plan }
}

/// Nobody comes back under a name that somebody has by now.
fn leave_out_namesakes(people: &mut Vec<Person>, lines: &mut [PersonPlan]) {
    let back = |lines: &[PersonPlan], id: &str| {
        lines.iter().any(|line| line.id == id && matches!(line.fate, Fate::Reset(Why::Removed | Why::Damaged)))
    };
    let others: Vec<(String, String)> =
        people.iter().filter(|p| !back(lines, &p.id)).map(|p| (p.id.clone(), p.name.clone())).collect();
    people.retain(|person| {
        let taken = back(lines, &person.id)
            && others.iter().any(|(id, name)| *id != person.id && names::is_mistaken_for(name, &person.name));
        if taken && let Some(line) = lines.iter_mut().find(|line| line.id == person.id) {
            line.fate = Fate::LeftOut;
        }
        !taken
    });
}

/// Writes what was decided into an open transaction: everyone anew, the roll with them.
fn write(desk: &mut Desk<'_>, decided: &Decided) -> Result<(), StoreError> {
    let all = || -> rusqlite::Result<Vec<String>> {
        desk.tx.prepare("SELECT id FROM person")?.query_map([], |row| row.get(0))?.collect()
    };
    let all = all().map_err(|err| sql(&err))?;
    let kept = |id: &String| decided.left.contains(id);
    let roll = std::mem::take(&mut desk.clinic.roll);
    for id in all.iter().filter(|id| !kept(id)) {
        rows::delete_person(&desk.tx, &mut desk.clinic, id).map_err(|err| sql(&err))?;
    }
    // Rows whose person's id is damaged belong to nobody, and would be in the way.
    desk.tx
        .execute_batch(
            "DELETE FROM factor WHERE person NOT IN (SELECT id FROM person);
             DELETE FROM recovery_code WHERE person NOT IN (SELECT id FROM person);",
        )
        .map_err(|err| sql(&err))?;
    for id in &decided.left {
        // A tag that nothing has, where there is none: damaged, for a manager to remove.
        desk.clinic.roll.insert(id.clone(), roll.get(id).copied().unwrap_or([0; 32]));
    }
    for person in &decided.people {
        desk.save(None, person)?;
    }
    Ok(())
}

impl SqliteStore {
    /// Whether the present file can take the outcome in; `None` when it is not there or cannot be read.
    fn present(
        &mut self,
        backup: &Clinic,
        judge: Judge<'_>,
        now: &Now,
    ) -> Result<Option<&mut Connection>, BackupError> {
        let found = match self.existing() {
            Ok(None) | Err(StoreError::Damaged) => None,
            Ok(Some(connection)) => match (soundness(connection)?, rows::clinic_to_recover(connection, now)) {
                (Soundness::Broken, _) | (_, Ok(None) | Err(StoreError::ClinicChanged | StoreError::Damaged)) => None,
                (Soundness::Whole | Soundness::ValuesOff, Ok(Some(clinic))) => Some(clinic),
                (Soundness::Whole | Soundness::ValuesOff, Err(err)) => return Err(err.into()),
            },
            Err(err) => return Err(err.into()),
        };
        match (found, judge) {
            // A set-up that nobody has finished protects nothing.
            (Some(clinic), Judge::ClinicKey) if is_pending(self.connection()?)? && clinic.id != backup.id => Ok(None),
            (Some(clinic), _) if clinic.id != backup.id => Err(BackupError::OtherClinic),
            (Some(_), _) => Ok(Some(self.connection()?)),
            (None, Judge::ClinicKey) => Ok(None),
            (None, Judge::Manager(_)) => Err(StoreError::Damaged.into()),
        }
    }

    fn newer_than(&self, backup: &State, file: &Path) -> usize {
        let all = backup::list(&backup::folder(&self.path)).unwrap_or_default();
        let there = file.canonicalize().ok();
        let newer = |other: &&BackupFile| other.number > backup.clinic.epoch && other.path.canonicalize().ok() != there;
        all.iter().filter(newer).count()
    }

    /// Into the present file, in one transaction.
    fn merge(
        &mut self,
        keys: &StateKeys,
        backup: &State,
        judge: Judge<'_>,
        (epoch, newer): (u64, usize),
        now: &Now,
    ) -> Result<Committed<Plan>, BackupError> {
        let name = self.desk.clone();
        let tx = begin(self.connection()?)?;
        let mut present = load(&tx, Some(keys), now)?.ok_or(StoreError::Damaged)?;
        if !present.proved {
            // As on coming back with the clinic recovery key: the log goes on from its last entry.
            present.clinic.head = last_entry(&tx).map_err(|err| sql(&err))?;
        }
        let head = present.clinic.head.clone();
        let clocks = present.clinic.clocks.clone();
        let mut desk = Desk { tx, clinic: present.clinic.clone(), keys, name };
        desk.catch_up(now)?;
        debug_assert!(desk.clinic.head.number >= head.number, "the log only grows");
        present.clinic.head = desk.clinic.head.clone();
        let outcome = decided(Some(&present), backup, judge, newer, now);
        let head = desk.clinic.head.clone();
        desk.clinic = Clinic { head, clocks, roll: present.clinic.roll, ..outcome.clinic.clone() };
        desk.clinic.epoch = desk.clinic.epoch.max(epoch);
        write(&mut desk, &outcome)?;
        let (epoch, _) = desk.close(&restored(judge), now)?;
        Ok(Committed { value: outcome.plan, epoch })
    }

    /// In the place of a file that cannot be read: everything is made ready beside it, then the two are exchanged.
    fn replace(
        &mut self,
        keys: &StateKeys,
        mut taken: TakenIn,
        judge: Judge<'_>,
        (epoch, newer): (u64, usize),
        now: &Now,
    ) -> Result<Committed<Plan>, BackupError> {
        let backup = load_backup(&mut taken, Some(keys), now)?;
        let mut outcome = decided(None, &backup, judge, newer, now);
        outcome.plan.changes_since = epoch.saturating_sub(backup.clinic.epoch);
        let connection = taken.connection()?;
        let tx = begin(connection)?;
        let mut desk = Desk { tx, clinic: outcome.clinic.clone(), keys, name: self.desk.clone() };
        desk.clinic.epoch = desk.clinic.epoch.max(epoch);
        desk.catch_up(now)?;
        write(&mut desk, &outcome)?;
        let (epoch, _) = desk.close(&restored(judge), now)?;
        // Into the one file that is going to be renamed.
        connection.query_row("PRAGMA journal_mode = delete", [], |_| Ok(())).map_err(|err| sql(&err))?;
        drop(taken.connection.take());
        fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open(&taken.path)
            .and_then(|file| file.sync_all())
            .map_err(|err| open::io(&err))?;
        self.opened = None;
        let kept = keep_aside(&self.path, now).map_err(|err| open::io(&err))?;
        if let Err(err) = fs::rename(&taken.path, &self.path) {
            if let Some(kept) = kept {
                fs::rename(kept, &self.path).ok();
            }
            return Err(open::io(&err).into());
        }
        if let Some(folder) = self.path.parent() {
            open::flush_folder(folder).map_err(|err| open::io(&err))?;
        }
        Ok(Committed { value: outcome.plan, epoch })
    }
}

fn is_pending(connection: &Connection) -> Result<bool, StoreError> {
    Ok(matches!(rows::clinic_unproved(connection), Ok(Some((clinic, _))) if clinic.stage == ClinicStage::Pending))
}

fn restored(judge: Judge<'_>) -> Event {
    match judge {
        Judge::Manager(actor) => Event::to("", actor, What::Restored, "done"),
        Judge::ClinicKey => Event::to("", "", What::Restored, "done"),
    }
}

/// Gives a file that is to be replaced, and what SQLite has beside it, a name of its own: nothing is wiped here. Side
/// files that were left alone go with it, too: beside another database they would be played into it.
fn keep_aside(state: &Path, now: &Now) -> std::io::Result<Option<PathBuf>> {
    let free = (0..).map(|n| state.with_file_name(format!("replaced-{}.db", now.unix_secs.saturating_add(n))));
    let Some(aside) = free.into_iter().find(|path| open::with_side_files(path).iter().all(|path| !path.exists()))
    else {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    };
    let mut moved = None;
    for (from, to) in open::with_side_files(state).into_iter().zip(open::with_side_files(&aside)) {
        match fs::rename(&from, &to) {
            Ok(()) if from == state => moved = Some(to),
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(err),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(moved)
}

impl Backups for SqliteStore {
    fn copy(&mut self, keys: &StateKeys, to: CopyTo<'_>, now: &Now) -> Result<Copied, CopyError> {
        let path = self.path.clone();
        backup::copy(self.connection()?, &path, keys, to, now)
    }

    fn backups(&mut self) -> Result<Vec<BackupFile>, StoreError> {
        backup::list(&backup::folder(&self.path))
    }

    fn has_todays(&mut self, now: &Now) -> Result<bool, StoreError> {
        backup::has_todays(&backup::folder(&self.path), now)
    }

    fn is_from_elsewhere(&mut self) -> Result<bool, StoreError> {
        let desk = self.desk.clone();
        let connection = self.connection()?;
        let last: Option<String> = connection
            .query_row("SELECT desk FROM audit ORDER BY number DESC LIMIT 1", [], |row| row.get(0))
            .optional()
            .map_err(|err| sql(&err))?;
        Ok(last.is_some_and(|last| last != desk))
    }

    fn is_whole(&mut self) -> Result<bool, StoreError> {
        match self.existing() {
            Ok(None) => Ok(true),
            Ok(Some(connection)) => Ok(soundness(connection)? != Soundness::Broken),
            Err(StoreError::Damaged) => Ok(false),
            Err(err) => Err(err),
        }
    }

    fn backup_slots(&mut self, file: &Path, now: &Now) -> Result<RecoverySlots, BackupError> {
        let mut taken = TakenIn::of(file, &self.path)?;
        super::recover::slots(taken.connection()?, now).map_err(of_the_copy)
    }

    fn plan(
        &mut self,
        keys: Option<&StateKeys>,
        file: &Path,
        judge: Judge<'_>,
        now: &Now,
    ) -> Result<Plan, BackupError> {
        let mut taken = TakenIn::of(file, &self.path)?;
        let backup = load_backup(&mut taken, keys, now)?;
        let newer = self.newer_than(&backup, file);
        let present = match self.present(&backup.clinic, judge, now)? {
            Some(connection) => load(connection, keys, now)?,
            None => None,
        };
        Ok(decided(present.as_ref(), &backup, judge, newer, now).plan)
    }

    fn restore(
        &mut self,
        keys: &StateKeys,
        file: &Path,
        judge: Judge<'_>,
        epoch: u64,
        now: &Now,
    ) -> Result<Committed<Plan>, BackupError> {
        let mut taken = TakenIn::of(file, &self.path)?;
        let backup = load_backup(&mut taken, Some(keys), now)?;
        let newer = self.newer_than(&backup, file);
        let is_there = self.present(&backup.clinic, judge, now)?.is_some();
        if is_there {
            self.merge(keys, &backup, judge, (epoch, newer), now)
        } else {
            self.replace(keys, taken, judge, (epoch, newer), now)
        }
    }
}
