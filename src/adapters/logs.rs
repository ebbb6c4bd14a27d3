//! The support log's files: a few, small, turned over, for their owner alone.
//!
//! The window and the command line write to the same ones, each line in one go. A file is opened for each line, so that
//! nobody goes on writing to one that was turned over; there are a few dozen lines a day.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::clock::utc_text;
use crate::journal;
use crate::ports::Clock;

/// The folder, in the data directory.
const FOLDER: &str = "logs";
/// The file that is written to; older ones have a number behind: 1 is the youngest.
const NAME: &str = "clinic2fa.log";
/// Lines that may wait for the thread.
const QUEUE: usize = 256;
/// How long the end of the program waits for its last line.
const PATIENCE: Duration = Duration::from_secs(1);
/// Whoever holds its lock writes, and turns the files over.
const LOCK: &str = "turn.lock";
/// How often, and how long apart, the lock is looked at: together a fifth of a second.
const LOOKS: usize = 100;
const LOOK: Duration = Duration::from_millis(2);
/// How many older files are kept.
pub const OLDER: usize = 3;
/// A file that has grown to this many bytes is turned over.
pub const LARGEST: u64 = 256 * 1024;

/// Where the files of a data directory are.
#[must_use]
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join(FOLDER)
}

/// From now on [`journal::note`] writes to the files of that data directory, from a thread of its own: a frame never waits
/// for a disk. Lines after which the process may end are waited for, a little.
pub(super) fn keep(data_dir: &Path, clock: Arc<dyn Clock>) {
    // The folder is opened again by "Try again" and by a start that waits: one thread is enough.
    if journal::is_kept() {
        return;
    }
    let (lines, queue) = sync_channel::<Line>(QUEUE);
    let folder = folder(data_dir);
    let thread = thread::Builder::new().name("log".to_owned()).spawn(move || {
        for line in queue {
            // A full disk or a folder that was taken away stops nobody from working.
            write(&folder, &line.text).ok();
            if let Some(written) = line.written {
                written.try_send(()).ok();
            }
        }
    });
    if thread.is_err() {
        return;
    }
    journal::to(Box::new(move |note| {
        let text = format!("{} [{}] {note}\n", utc_text(clock.now().unix_secs), std::process::id());
        if note.may_be_the_last() {
            let (written, done) = sync_channel(1);
            if lines.try_send(Line { text, written: Some(written) }).is_ok() {
                done.recv_timeout(PATIENCE).ok();
            }
        } else {
            // Full only where the disk hangs; then there is nowhere to say so.
            lines.try_send(Line { text, written: None }).ok();
        }
    }));
}

/// A line on its way to the thread, and whom to tell when it is written.
struct Line {
    text: String,
    written: Option<SyncSender<()>>,
}

/// Adds one line.
fn write(folder: &Path, line: &str) -> io::Result<()> {
    make(folder)?;
    let lock = open(&folder.join(LOCK))?;
    let ours = turn(&lock);
    let newest = folder.join(NAME);
    let mut file = open(&newest)?;
    if ours && file.metadata()?.len() >= LARGEST {
        drop(file);
        turn_over(folder)?;
        file = open(&newest)?;
    }
    // In one call, so that lines of two programs never mix, even where one of them did not wait for its turn.
    file.write_all(line.as_bytes())
}

/// Waits a little for its turn among the programs that write. A program that was stopped in the middle of it holds
/// nobody up for longer: the line is written all the same, but no file is turned over.
fn turn(lock: &File) -> bool {
    for _ in 0..LOOKS {
        if lock.try_lock().is_ok() {
            return true;
        }
        thread::park_timeout(LOOK);
    }
    false
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Moves every file one number up; the oldest goes.
fn turn_over(folder: &Path) -> io::Result<()> {
    let numbered = |number: usize| folder.join(format!("{NAME}.{number}"));
    for number in (1..OLDER).rev() {
        match fs::rename(numbered(number), numbered(number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    fs::rename(folder.join(NAME), numbered(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<(String, u64)> {
        let mut files: Vec<_> = folder
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len()))
            .filter(|(name, _)| name != LOCK)
            .collect();
        files.sort();
        files
    }

    #[test]
    fn files_are_turned_over_and_never_grow_past_their_bounds() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("deep/logs");
        let line = |number: usize| format!("{number:06} {}\n", "x".repeat(1016));
        let in_a_file = usize::try_from(LARGEST / 1024).unwrap();
        for number in 0..in_a_file * 6 {
            write(&folder, &line(number)).unwrap();
        }
        let found = files(&folder);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["clinic2fa.log", "clinic2fa.log.1", "clinic2fa.log.2", "clinic2fa.log.3"]);
        assert!(found.iter().all(|(_, bytes)| *bytes <= LARGEST + 1024), "{found:?}");
        // The youngest line is in the youngest file, and nothing between was lost.
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let all: String = names.iter().rev().map(|name| read(name)).collect();
        let numbers: Vec<usize> = all.lines().map(|line| line.split_once(' ').unwrap().0.parse().unwrap()).collect();
        assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1));
        assert_eq!(numbers.last(), Some(&(in_a_file * 6 - 1)));
        assert!(numbers.len() >= in_a_file * OLDER);
    }

    #[test]
    fn programs_that_write_at_once_lose_no_line() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, writers, lines) = (dir.path(), 4, 600);
        thread::scope(|scope| {
            for writer in 0..writers {
                scope.spawn(move || {
                    for number in 0..lines {
                        write(folder, &format!("{writer} {number} {}\n", "y".repeat(200))).unwrap();
                    }
                });
            }
        });
        let all: String =
            files(folder).into_iter().map(|(name, _)| fs::read_to_string(folder.join(name)).unwrap()).collect();
        assert_eq!(all.lines().count(), writers * lines);
        assert!(all.lines().all(|line| line.ends_with(&"y".repeat(200))));
    }

    #[test]
    fn a_program_that_stopped_in_its_turn_holds_nobody_up() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "one\n").unwrap();
        let stuck = open(&dir.path().join(LOCK)).unwrap();
        stuck.lock().unwrap();
        write(dir.path(), "two\n").unwrap();
        assert_eq!(fs::read_to_string(dir.path().join(NAME)).unwrap(), "one\ntwo\n");
    }

    #[cfg(unix)]
    #[test]
    fn they_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = folder(dir.path());
        write(&folder, "line\n").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(NAME))), (0o700, 0o600));
    }
}
