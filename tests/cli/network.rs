//! C52: a data directory on another computer. The file system is a real one as far as the kernel knows, of the kind that
//! `sshfs` mounts; what would be the other computer is a thread of this test, which writes down who wants to change anything.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use tempfile::TempDir;

use crate::clinic::{BEGIN, PASSWORD};
use crate::desk::desk_or_leave_out;

/// Before `mount` and the like: nothing for root, else `sudo` where it asks no password.
const AS_ROOT: [&[&str]; 2] = [&[], &["sudo", "-n"]];

fn as_root(by: &[&str], words: &[&str], input: Stdio) -> bool {
    let words: Vec<&str> = by.iter().chain(words).copied().collect();
    let (program, arguments) = words.split_first().expect("a program");
    Command::new(program).args(arguments).stdin(input).output().is_ok_and(|done| done.status.success())
}

/// An empty folder of another computer.
struct Share {
    at: TempDir,
    by: &'static [&'static str],
    /// How often somebody wanted to change something there.
    changes: Arc<AtomicU32>,
}

impl Share {
    fn mount() -> Option<Self> {
        let at = TempDir::new().expect("a folder");
        let about = fs::metadata(at.path()).expect("a folder");
        let device = OpenOptions::new().read(true).write(true).open("/dev/fuse").ok()?;
        // The connection is handed over as `mount`'s standard input.
        let options = format!("fd=0,rootmode=40000,user_id={},group_id={}", about.uid(), about.gid());
        let path = at.path().to_str().expect("a plain path");
        let mount = ["mount", "-i", "-t", "fuse.sshfs", "-o", &options, "sshfs", path];
        let by = AS_ROOT.into_iter().find(|by| {
            let connection = device.try_clone().expect("a second handle");
            as_root(by, &mount, connection.into())
        })?;
        let changes = Arc::new(AtomicU32::new(0));
        let (seen, owner) = (Arc::clone(&changes), (about.uid(), about.gid()));
        let serve = move || serve(device, owner, &seen);
        thread::Builder::new().name("the other computer".to_owned()).spawn(serve).expect("a thread");
        Some(Self { at, by, changes })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        as_root(self.by, &["umount", "--lazy", self.at.path().to_str().expect("a plain path")], Stdio::null());
    }
}

/// Answers as an empty folder does (`linux/fuse.h`), until it is unmounted.
fn serve(mut device: File, (uid, gid): (u32, u32), changes: &AtomicU32) {
    let mut asked = vec![0; 256 * 1024];
    while let Ok(length) = device.read(&mut asked) {
        let word = |at: usize| u32::from_le_bytes(asked[at..at + 4].try_into().expect("four bytes"));
        let (opcode, unique) = (word(4), &asked[8..16]);
        assert!(length >= 40, "a request has a head");
        let mut told = Vec::new();
        let error: i32 = match opcode {
            // FORGET and BATCH_FORGET have no answer.
            2 | 42 => continue,
            // INIT: version 7.31, and nothing special.
            26 => {
                told = vec![0; 64];
                told[..4].copy_from_slice(&7_u32.to_le_bytes());
                told[4..8].copy_from_slice(&31_u32.to_le_bytes());
                told[20..24].copy_from_slice(&4096_u32.to_le_bytes());
                0
            }
            // GETATTR: a folder of one's own.
            3 => {
                told = vec![0; 104];
                told[16] = 1;
                for (at, value) in [(76, 0o40_700), (80, 2), (84, uid), (88, gid), (96, 4096)] {
                    told[at..at + 4].copy_from_slice(&value.to_le_bytes());
                }
                0
            }
            // STATFS, OPENDIR, READDIR, RELEASEDIR: nothing in it.
            17 => {
                told = vec![0; 80];
                0
            }
            27 => {
                told = vec![0; 16];
                0
            }
            28 | 29 => 0,
            // LOOKUP: ENOENT.
            1 => -2,
            // SETATTR, SYMLINK, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, LINK, WRITE, CREATE, RENAME2: EACCES.
            4 | 6 | 8..=13 | 16 | 35 | 45 => {
                changes.fetch_add(1, Ordering::SeqCst);
                -13
            }
            // ENOSYS.
            _ => -38,
        };
        let length = u32::try_from(16 + told.len()).expect("short");
        let answer = [&length.to_le_bytes()[..], &error.to_le_bytes(), unique, &told].concat();
        if device.write_all(&answer).is_err() {
            return;
        }
    }
}

#[test]
fn c52_a_folder_on_another_computer_is_refused_and_stays_as_it_was() {
    let desk = desk_or_leave_out!();
    let Some(share) = Share::mount() else {
        writeln!(std::io::stderr(), "left out: a network folder, which only root can mount").expect("written");
        return;
    };
    let beside = TempDir::new().expect("a folder");
    let link = beside.path().join("link");
    std::os::unix::fs::symlink(share.at.path(), &link).expect("a link");
    for folder in [share.at.path().to_owned(), share.at.path().join("deep/clinic"), link.clone(), link.join("clinic")] {
        let ctl = desk.ctl(&folder);
        for (line, input) in [
            ("status", &[][..]),
            (BEGIN, &[PASSWORD]),
            ("sign-in --person msantos", &[PASSWORD, "123456"]),
            ("people list", &[]),
            ("audit list", &[]),
            ("audit verify", &[]),
        ] {
            ctl.refused(line, input, 4, "network-path");
        }
        let (status, doctor) = ctl.json("doctor", &[]);
        assert_eq!(status, 4, "{doctor}");
    }
    assert_eq!(share.changes.load(Ordering::SeqCst), 0, "nobody wanted to create anything there");
    assert_eq!(fs::read_dir(beside.path()).expect("a folder").count(), 1, "nor in its place");
    // The other computer does see it when somebody does.
    fs::create_dir(share.at.path().join("clinic")).expect_err("refused there");
    assert_eq!(share.changes.load(Ordering::SeqCst), 1);
}
