//! Folders, disks and files that are not as they should be.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::clinic::{BEGIN, Clinic, PASSWORD, place};
use crate::desk::{Desk, desk_or_leave_out, finish, leave_out, timed, until};

/// A file system in memory, unmounted at the end; `None`, said, where that takes rights we have not. CI must have them.
struct Disk {
    at: TempDir,
    /// Before `mount` and the like: nothing for root, else `sudo` where it asks no password.
    by: &'static [&'static str],
}

/// A program that needs to be root's, run as root; whether it did what it should.
fn as_root(by: &[&str], words: &[&str]) -> bool {
    let words: Vec<&str> = by.iter().chain(words).copied().collect();
    let (program, arguments) = words.split_first().expect("a program");
    Command::new(program).args(arguments).output().is_ok_and(|done| done.status.success())
}

/// The ways of being root, the nearest first.
const AS_ROOT: [&[&str]; 2] = [&[], &["sudo", "-n"]];

impl Disk {
    fn mount(options: &str) -> Option<Self> {
        let at = TempDir::new().expect("a folder");
        let about = fs::metadata(at.path()).expect("a folder");
        let options = format!("{options},uid={},gid={},mode=700", about.uid(), about.gid());
        let path = at.path().to_str().expect("a plain path").to_owned();
        let mount = ["mount", "-t", "tmpfs", "-o", &options, "tmpfs", &path];
        let by = AS_ROOT.into_iter().find(|by| as_root(by, &mount));
        if by.is_none() {
            leave_out("a disk of its own, which only root can mount");
        }
        by.map(|by| Self { at, by })
    }

    fn path(&self) -> &Path {
        self.at.path()
    }

    fn remount(&self, options: &str) {
        let path = self.path().to_str().expect("a plain path");
        assert!(as_root(self.by, &["mount", "-o", &format!("remount,{options}"), path]), "remount {options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        as_root(self.by, &["umount", "--lazy", self.path().to_str().expect("a plain path")]);
    }
}

fn rights(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

/// A database with that header, of no program of ours unless so named.
fn foreign(path: &Path, application: i32, version: i32) {
    let db = Connection::open(path).expect("a database");
    db.pragma_update(None, "application_id", application).expect("set");
    db.pragma_update(None, "user_version", version).expect("set");
    db.execute_batch("CREATE TABLE clinic (id TEXT); INSERT INTO clinic VALUES ('theirs');").expect("made");
}

const OURS: i32 = 0x4332_4641;

// C49, and what is not ours at all.
#[test]
fn a_file_that_is_not_ours_or_newer_stays_as_it_is() {
    let desk = desk_or_leave_out!();
    type Make<'a> = &'a dyn Fn(&Path);
    let kinds: [(&str, Make<'_>); 6] = [
        ("database-newer", &|path| foreign(path, OURS, 9999)),
        ("database-newer", &|path| foreign(path, OURS + 1000, 9999)),
        ("database-foreign", &|path| foreign(path, 0, 1)),
        ("database-damaged", &|path| fs::write(path, "this is a letter and no database").expect("written")),
        ("database-damaged", &|path| fs::write(path, [0; 8192]).expect("written")),
        // Ours by its header, and rubbish after it.
        ("database-damaged", &|path| {
            foreign(path, OURS, 1);
            let mut bytes = fs::read(path).expect("read");
            bytes[100..].fill(0xa5);
            fs::write(path, bytes).expect("written");
        }),
    ];
    for (code, make) in kinds {
        let place = place(desk);
        let ctl = &place.ctl;
        fs::create_dir(&ctl.data_dir).expect("a folder");
        let path = ctl.data_dir.join("state.db");
        make(&path);
        let before = fs::read(&path).expect("read");
        for (line, input) in [
            ("status", &[][..]),
            (BEGIN, &[PASSWORD]),
            ("sign-in --person msantos", &[PASSWORD, "123456"]),
            ("people list", &[]),
            ("audit list", &[]),
            ("audit verify", &[]),
        ] {
            ctl.refused(line, input, 4, code);
        }
        assert_eq!(ctl.json("doctor", &[]).0, 4);
        assert!(fs::read(&path).expect("read") == before, "{code}: changed");
        for beside in ["state.db-wal", "state.db-shm", "state.db-journal"] {
            assert!(!ctl.data_dir.join(beside).exists(), "{code}: {beside} was left");
        }
    }
    // An empty file is a set-up that was killed at once; without a marker it is no clinic.
    let place = place(desk);
    fs::create_dir(&place.ctl.data_dir).expect("a folder");
    fs::write(place.ctl.data_dir.join("state.db"), "").expect("written");
    assert_eq!(place.ctl.state(), "new");
    let clinic = Clinic::set_up_in(place);
    // A page in the middle is gone.
    let whole = clinic.copy();
    for keep in [whole.len() / 2, 4096, 100, 50] {
        fs::write(clinic.database(), &whole[..keep]).expect("cut");
        let (status, answer) = clinic.ctl().json("sign-in --person msantos", &[PASSWORD, "123456"]);
        assert!(status == 4 && answer["error"]["code"] == "database-damaged", "{keep}: {answer}");
        assert_eq!(clinic.ctl().json(BEGIN, &[PASSWORD]).0, 4);
        assert!(fs::read(clinic.database()).expect("read") == whole[..keep], "{keep}: changed");
    }
}

#[test]
fn files_and_folders_are_their_owners_alone() {
    let desk = desk_or_leave_out!();
    let place = place(desk);
    fs::create_dir(&place.ctl.data_dir).expect("a folder");
    fs::set_permissions(&place.ctl.data_dir, fs::Permissions::from_mode(0o777)).expect("set");
    let clinic = Clinic::set_up_in(place);
    let folder = &clinic.ctl().data_dir;
    assert_eq!(rights(folder), 0o700);
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert_eq!(rights(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    // A folder that is somebody's home stays as open as it was.
    let home = TempDir::new().expect("a folder");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).expect("set");
    fs::write(home.path().join("letter.txt"), "dear").expect("written");
    assert_eq!(desk.ctl(home.path()).state(), "new");
    assert_eq!(rights(home.path()), 0o755);
}

#[test]
fn folders_that_cannot_be_used() {
    let desk = desk_or_leave_out!();
    let dir = TempDir::new().expect("a folder");
    // The path is a file, or leads through one.
    let file = dir.path().join("file");
    File::create(&file).expect("a file");
    desk.ctl(&file).refused("status", &[], 4, "folder-broken");
    desk.ctl(&file.join("below")).refused(BEGIN, &[PASSWORD], 4, "folder-broken");

    // Another person's.
    let theirs = dir.path().join("theirs");
    fs::create_dir(&theirs).expect("a folder");
    let owner = |path: &Path| fs::metadata(path).expect("a folder").uid();
    let path = theirs.to_str().expect("a plain path");
    let given = AS_ROOT.into_iter().any(|by| as_root(by, &["chown", "65534", path]));
    if given && owner(&theirs) != owner(dir.path()) {
        for (line, input) in [("status", &[][..]), (BEGIN, &[PASSWORD])] {
            desk.ctl(&theirs).refused(line, input, 4, "folder-owner");
        }
        if let Ok(entries) = fs::read_dir(&theirs) {
            assert_eq!(entries.count(), 0, "nothing was created");
        }
        AS_ROOT.into_iter().any(|by| as_root(by, &["chown", &owner(dir.path()).to_string(), path]));
    } else {
        leave_out("another person's folder, which only root can make");
    }
}

#[test]
fn a_read_only_disk() {
    let desk = desk_or_leave_out!();
    let Some(disk) = Disk::mount("size=8m") else { return };
    let clinic = set_up_on(desk, &disk);
    let code = clinic.phone.code();
    disk.remount("ro");
    desk.ctl(&disk.path().join("other")).refused(BEGIN, &[PASSWORD], 4, "database-readonly");
    clinic.ctl().refused("sign-in --person msantos", &[PASSWORD, &code], 4, "database-readonly");
    clinic.ctl().refused("status", &[], 4, "database-readonly");
    disk.remount("rw");
    clinic.ctl().judged("sign-in --person msantos", &[PASSWORD, &code], 0, "accepted");
}

fn set_up_on<'a>(desk: &'a Desk, disk: &Disk) -> OnDisk<'a> {
    let ctl = desk.ctl(&disk.path().join("data"));
    let phone = crate::clinic::Phone::of(&ctl.done(BEGIN, &[PASSWORD]));
    ctl.done("setup confirm --person msantos", &[PASSWORD, &phone.code()]);
    OnDisk { ctl, phone }
}

struct OnDisk<'a> {
    ctl: crate::desk::Ctl<'a>,
    phone: crate::clinic::Phone,
}

impl OnDisk<'_> {
    fn ctl(&self) -> &crate::desk::Ctl<'_> {
        &self.ctl
    }
}

#[test]
fn a_full_disk_tells_nothing_and_loses_nothing() {
    let desk = desk_or_leave_out!();
    let Some(disk) = Disk::mount("size=1m") else { return };
    let clinic = set_up_on(desk, &disk);
    let ctl = clinic.ctl();
    let entries = ctl.done("audit list", &[])["events"].clone();
    let fill = disk.path().join("fill");
    fill_up(&fill);
    let code = clinic.phone.code();
    for (password, code) in [(PASSWORD, code.as_str()), ("not the password at all", "123456")] {
        ctl.refused("sign-in --person msantos", &[password, code], 4, "disk-full");
    }
    desk.ctl(&disk.path().join("other")).refused(BEGIN, &[PASSWORD], 4, "disk-full");
    fs::remove_file(&fill).expect("removed");
    assert_eq!(ctl.done("audit list", &[])["events"], entries, "nothing was counted");
    ctl.judged("sign-in --person msantos", &[PASSWORD, &code], 0, "accepted");
    ctl.done("audit verify", &[]);
}

/// Filled to the last blocks in every measure: a sign-in is recorded whole and told, or neither.
#[test]
fn a_disk_with_little_left_tells_what_it_has_recorded_and_nothing_else() {
    let desk = desk_or_leave_out!();
    let Some(disk) = Disk::mount("size=2m") else { return };
    let clinic = set_up_on(desk, &disk);
    let ctl = clinic.ctl();
    // The day's backup first: it is not what is tried here.
    ctl.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.code()], 0, "accepted");
    let entries = || ctl.done("audit list", &[])["events"].as_array().expect("a list").len();
    let before = entries();
    let fill = disk.path().join("fill");
    let (mut recorded, mut refused) = (0, 0);
    for left in (0..=24).map(|pages| pages * 4096) {
        fill_up(&fill);
        let file = fs::OpenOptions::new().write(true).open(&fill).expect("open");
        let long = file.metadata().expect("a file").len();
        file.set_len(long.saturating_sub(left)).expect("shortened");
        drop(file);
        let (status, answer) = ctl.json("sign-in --person msantos", &["not the password at all", "123456"]);
        fs::remove_file(&fill).expect("removed");
        let now = entries();
        match (status, answer["verdict"].as_str(), answer["error"]["code"].as_str()) {
            (1 | 3, Some(_), None) => recorded += 1,
            (4, None, Some("disk-full")) => refused += 1,
            other => panic!("{left} bytes left: {other:?} {answer}"),
        }
        assert_eq!(now, before + recorded, "{left} bytes left: {answer}");
    }
    assert!(recorded > 0 && refused > 0, "{recorded} recorded, {refused} refused");
    ctl.done("audit verify", &[]);
}

/// A full disk: no backup, no restore, and nothing lost by either.
#[test]
fn backups_on_a_full_disk() {
    let desk = desk_or_leave_out!();
    let Some(disk) = Disk::mount("size=1m") else { return };
    let clinic = set_up_on(desk, &disk);
    let ctl = clinic.ctl();
    let elsewhere = TempDir::new().expect("a folder");
    let copy = elsewhere.path().join("copy.db");
    ctl.done(&format!("backup create '{}'", copy.display()), &[]);
    let fill = disk.path().join("fill");
    fill_up(&fill);
    let there = disk.path().join("copy.db");
    ctl.refused(&format!("backup create '{}'", there.display()), &[], 4, "disk-full");
    // Full is the stick alone: the clinic goes on, and the log says what could not be made.
    if let Some(stick) = Disk::mount("size=40k") {
        let other = Clinic::set_up(desk);
        let line = format!("backup create '{}'", stick.path().join("copy.db").display());
        other.ctl().refused(&line, &[], 4, "backup-full");
        assert_eq!(fs::read_dir(stick.path()).expect("a folder").count(), 0, "no half of one is left");
        let log = other.ctl().done("audit list --event backup-failed", &[]);
        assert_eq!(log["events"][0]["result"], "disk-full");
    }
    ctl.refused(&format!("backup restore '{}' --dry-run", copy.display()), &[], 4, "disk-full");
    assert!(!ctl.data_dir.join("restoring.db").exists(), "nothing is left in the way");
    fs::remove_file(&fill).expect("removed");
    let code = clinic.phone.code();
    ctl.judged("sign-in --person msantos", &[PASSWORD, &code], 0, "accepted");
    ctl.done(&format!("backup create '{}'", there.display()), &[]);
    ctl.done("audit verify", &[]);
}

/// A file that is somebody else's, or may only be read, in a folder of one's own.
#[test]
fn a_file_that_may_not_be_written() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let line = "sign-in --person msantos";
    let code = clinic.phone.code();
    let path = clinic.database();
    let path = path.to_str().expect("a plain path");
    let entries = clinic.entries();
    if fs::metadata("/proc/self").expect("oneself").uid() == 0 {
        // Root may write whatever its rights are; an immutable file it may not, where the file system has such.
        if as_root(&[], &["chattr", "+i", path]) {
            ctl.refused(line, &[PASSWORD, &code], 4, "database-readonly");
            assert!(as_root(&[], &["chattr", "-i", path]), "writable again");
        } else {
            writeln!(std::io::stderr(), "left out: a file that even root may not write").expect("written");
        }
    } else {
        fs::set_permissions(path, fs::Permissions::from_mode(0o400)).expect("set");
        ctl.refused(line, &[PASSWORD, &code], 4, "database-readonly");
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("set");
        ctl.refused(line, &[PASSWORD, &code], 4, "folder-owner");
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("set");
    }
    assert_eq!(clinic.entries(), entries, "nothing was counted");
    ctl.judged(line, &[PASSWORD, &code], 0, "accepted");
}

fn fill_up(path: &PathBuf) {
    let mut file = File::create(path).expect("a file");
    while file.write_all(&[0; 512]).is_ok() {}
}

// C89
#[test]
fn another_process_that_writes_is_waited_for_and_then_said() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let entries = clinic.entries();
    let other = Connection::open(clinic.database()).expect("the database");
    other.execute_batch("BEGIN IMMEDIATE").expect("the write lock");
    let code = clinic.phone.code();
    let (took, ()) = timed(|| ctl.refused("sign-in --person msantos", &[PASSWORD, &code], 4, "database-busy"));
    assert!((4..12).contains(&took.as_secs()), "{took:?}");
    assert_eq!(clinic.entries(), entries, "not counted, and reading goes on meanwhile");

    // It waits, and goes on when the other ends.
    let mut command = ctl.command(["sign-in", "--person", "msantos", "--json"]);
    command.stdin(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(format!("{PASSWORD}\n{code}\n").as_bytes()).expect("written");
    // The inter-process lock is taken just before the transaction that has to wait.
    let locked = ctl.data_dir.join("state.lock");
    until("the program to come to the lock", 20, || File::open(&locked).is_ok_and(|file| file.try_lock().is_err()));
    other.execute_batch("COMMIT").expect("released");
    let (status, answer) = finish(child).object();
    assert_eq!((status, &answer["verdict"]), (0, &"accepted".into()), "{answer}");
    let whole: String = other.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(whole, "ok");
}
