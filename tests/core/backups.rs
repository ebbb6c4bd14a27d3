//! Whole copies of the state: consistent while others work, read back before they are called done, seven days of them.

use std::path::PathBuf;
use std::time::Duration;

use clinic2fa::domain::restore::Fate;
use clinic2fa::effects::{Daily, Desk, Failure};
use clinic2fa::ports::{BackupKind, CopyError, StoreError};

use super::clinic::{Clinic, Office, STEP, is_in};
use super::people::{BEN, with_ben};
use super::rights::assert_rights;

const DAY: Duration = Duration::from_hours(24);

pub(crate) fn folder(office: &Office) -> PathBuf {
    office.place.path().join("backups")
}

fn names(office: &Office) -> Vec<String> {
    let entries = folder(office).read_dir().into_iter().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn daily(desk: &mut Desk) -> PathBuf {
    match desk.daily_backup() {
        Ok(Daily::Made(copied)) => copied.path,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_a_day_and_the_last_seven_are_kept_for_their_owner_alone() {
    let mut clinic = Clinic::oak_tree();
    assert_eq!(clinic.desk.backups(), Ok(Vec::new()));
    for day in 1..=10 {
        let made = daily(&mut clinic.desk);
        assert_eq!(clinic.desk.daily_backup(), Ok(Daily::HadOne), "day {day}");
        assert_eq!(clinic.second_desk().daily_backup(), Ok(Daily::HadOne), "nor from elsewhere");
        assert_eq!(names(&clinic.office).len(), day.min(7));
        assert_eq!(clinic.desk.backups().unwrap()[0].path, made, "the newest first");
        clinic.waits(DAY);
        assert!(is_in(&clinic.maria_signs_in()));
    }
    let kept = clinic.desk.backups().unwrap();
    let days: Vec<&str> = kept.iter().map(|backup| backup.day.as_str()).collect();
    let expected: Vec<String> = (5..=11).rev().map(|day| format!("2026-03-{day:02}")).collect();
    assert_eq!(days, expected);
    assert!(kept.iter().all(|backup| backup.kind == BackupKind::Daily));
    // Those that a manager asks for have a row of seven of their own.
    for _ in 0..9 {
        clinic.desk.backup_now().unwrap();
    }
    let kept = clinic.desk.backups().unwrap();
    assert_eq!(kept.iter().filter(|backup| backup.kind == BackupKind::Asked).count(), 7);
    assert_eq!(kept.len(), 14);

    assert_rights(&folder(&clinic.office), 0o700);
    for backup in &kept {
        assert_rights(&backup.path, 0o600);
    }
    let log = clinic.log_from(1);
    assert_eq!(log.iter().filter(|(event, _)| event == "backup-created").count(), 19, "each stands in the log");
    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
}

/// A clock that was a year ahead for a week must not make the right days look old.
#[test]
fn a_clock_that_was_wrong_pushes_no_good_backup_out() {
    let mut clinic = Clinic::oak_tree();
    let right = clinic.office.now().unix_secs;
    clinic.office.clock.set_wall(right + 400 * 86_400);
    for _ in 0..7 {
        daily(&mut clinic.desk);
        clinic.waits(DAY);
    }
    clinic.office.clock.set_wall(right);
    for _ in 0..3 {
        let made = daily(&mut clinic.desk);
        assert!(made.exists(), "the one just made stays");
        clinic.waits(DAY);
    }
    let kept = clinic.desk.backups().unwrap();
    let newest: Vec<&str> = kept.iter().take(3).map(|backup| backup.day.as_str()).collect();
    assert_eq!((kept.len(), newest), (7, vec!["2026-03-04", "2026-03-03", "2026-03-02"]));
}

/// C48: the copy holds what stands in the write-ahead log alone, made while another desk has the file open.
#[test]
fn c48_a_backup_holds_what_is_still_in_the_log_beside_the_file() {
    let mut clinic = Clinic::oak_tree();
    let mut other = clinic.second_desk();
    other.stand().unwrap();
    // Held by a reader, the log is never folded in.
    let reader = rusqlite::Connection::open(clinic.office.database()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM person").unwrap();
    let ben =
        super::people::joins(&mut clinic, "Ben Ashdown", clinic2fa::domain::state::Role::Staff, super::people::BENS);
    let file = clinic.office.elsewhere("copy.db");
    let copied = clinic.desk.backup_to(&file).unwrap();
    assert_eq!((copied.people, ben.id.as_str()), (2, BEN));
    for beside in ["copy.db-wal", "copy.db-shm", "copy.db-journal"] {
        assert!(!clinic.office.elsewhere(beside).exists(), "{beside}");
    }
    let copy = rusqlite::Connection::open(&file).unwrap();
    let there: i64 = copy.query_row("SELECT count(*) FROM person WHERE id = 'bashdown'", [], |row| row.get(0)).unwrap();
    let only_main = std::fs::read(clinic.office.database()).unwrap();
    assert_eq!(there, 1);
    assert!(!only_main.windows(8).any(|bytes| bytes == BEN.as_bytes()), "the file alone does not have him yet");
    assert_rights(&file, 0o600);
    drop(reader);
}

/// A second desk in this process must not end the first one's locks on the file, as closing any handle on it would: other
/// processes would then take the log beside it away.
#[cfg(target_os = "linux")]
#[test]
fn a_second_desk_of_this_process_ends_no_lock_of_the_first() {
    use std::os::unix::fs::MetadataExt;
    let mut clinic = Clinic::oak_tree();
    clinic.desk.stand().unwrap();
    let inode = format!(":{} ", clinic.office.database().metadata().unwrap().ino());
    let locks = || std::fs::read_to_string("/proc/locks").unwrap().lines().filter(|line| line.contains(&inode)).count();
    let before = locks();
    assert!(before > 0, "an open database is locked");
    daily(&mut clinic.second_desk());
    clinic.second_desk().restore_plan(&clinic.office.database()).unwrap_err();
    assert_eq!(locks(), before);
}

#[test]
fn a_backup_never_takes_the_place_of_a_file() {
    let mut clinic = Clinic::oak_tree();
    let file = clinic.office.elsewhere("letter.txt");
    std::fs::write(&file, "dear").unwrap();
    assert_eq!(clinic.desk.backup_to(&file), Err(Failure::Copy(CopyError::Exists)));
    #[cfg(unix)]
    {
        let link = clinic.office.elsewhere("link.db");
        std::os::unix::fs::symlink(clinic.office.elsewhere("nowhere.db"), &link).unwrap();
        assert_eq!(clinic.desk.backup_to(&link), Err(Failure::Copy(CopyError::Exists)));
        std::fs::remove_file(&link).unwrap();
    }
    // Beside the state, a name of SQLite's own would be played into it.
    for name in ["state.db-journal", "state.db", "copy.db"] {
        let refused = clinic.desk.backup_to(&clinic.office.place.path().join(name));
        assert_eq!(refused, Err(Failure::Copy(CopyError::NotAllowed)), "{name}");
    }
    let nowhere = clinic.desk.backup_to(&clinic.office.elsewhere("no-such-folder/copy.db"));
    assert_eq!(nowhere, Err(Failure::Copy(CopyError::Broken)));
    assert_eq!(std::fs::read(&file).unwrap(), b"dear");
    let mut left: Vec<_> =
        clinic.office.elsewhere("x").parent().unwrap().read_dir().unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["data", "letter.txt"], "no half of a copy is left");
}

/// A backup that cannot be made stops nobody, is written down, and the next one is tried again.
#[test]
fn a_backup_that_fails_stops_nobody_and_is_told_to_managers() {
    let mut clinic = Clinic::oak_tree();
    // Something else has the folder's name.
    std::fs::write(folder(&clinic.office), "in the way").unwrap();
    let from = clinic.log_end();
    assert!(clinic.desk.daily_backup().is_err());
    assert_eq!(clinic.log_from(from + 1), [("backup-failed".to_owned(), "disk-broken".to_owned())]);
    assert!(is_in(&clinic.maria_signs_in()));
    let told = clinic.desk.happenings().unwrap();
    assert!(told.iter().any(|told| told.event == "backup-failed"), "{told:?}");
    std::fs::remove_file(folder(&clinic.office)).unwrap();
    daily(&mut clinic.desk);
}

#[test]
fn what_a_killed_process_left_is_cleared_and_never_listed() {
    let mut clinic = Clinic::oak_tree();
    std::fs::create_dir(folder(&clinic.office)).unwrap();
    for name in [".making.db", ".making.db-journal", "letter.db", "daily-2026-03-01.db", "daily-2026-03-01-x.db"] {
        std::fs::write(folder(&clinic.office).join(name), "half").unwrap();
    }
    std::fs::create_dir(folder(&clinic.office).join("daily-2026-03-01-7.db")).unwrap();
    let made = daily(&mut clinic.desk);
    assert_eq!(clinic.desk.backups().unwrap().into_iter().map(|backup| backup.path).collect::<Vec<_>>(), [made]);
    assert!(!names(&clinic.office).iter().any(|name| name.starts_with(".making")));
}

#[test]
fn no_backup_of_what_cannot_be_proved() {
    // A closed clinic, a changed clinic row, a set-up that is not finished.
    let mut clinic = Clinic::oak_tree();
    clinic.office.sql("UPDATE clinic SET name = 'Elm Tree Surgery'");
    assert!(matches!(clinic.desk.daily_backup(), Err(Failure::Closed(_))));
    let office = Office::new();
    let mut desk = office.desk();
    assert_eq!(desk.backup_to(&office.elsewhere("copy.db")), Err(StoreError::NotNow.into()));
    desk.begin_setup(&super::clinic::new_setup("Oak Tree Surgery", "Maria Santos")).unwrap();
    assert_eq!(desk.backup_to(&office.elsewhere("copy.db")), Err(StoreError::NotNow.into()));
    assert!(names(&clinic.office).is_empty() && names(&office).is_empty());
    // A damaged person is no reason to leave the others without one; the backup says whose record it is.
    let (mut clinic, _) = with_ben();
    clinic.office.sql("UPDATE factor SET seed = x'00' WHERE person = 'bashdown'");
    let file = daily(&mut clinic.desk);
    let plan = clinic.desk.restore_plan(&file).unwrap();
    let ben = plan.people.iter().find(|person| person.id == BEN).unwrap();
    assert_eq!(ben.fate, Fate::StaysDamaged);
    // Pages that are torn are: what is kept is what was good.
    let good = names(&clinic.office);
    let mut bytes = std::fs::read(clinic.office.copies_database("torn.db")).unwrap();
    let page = bytes.len() / 4096 - 2;
    bytes[page * 4096..page * 4096 + 200].fill(0xa5);
    clinic.desk = Office::new().desk();
    clinic.office.loses_database();
    std::fs::write(clinic.office.database(), bytes).unwrap();
    clinic.waits(DAY);
    let mut desk = clinic.office.desk();
    assert!(desk.daily_backup().is_err());
    assert_eq!(names(&clinic.office), good);
    clinic.waits(STEP);
}
