//! The log as a file, written in pages so that a million entries need no memory.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

use super::{Desk, Failure};
use crate::domain::audit::{Entry, csv_line, json_line};

/// Entries a page.
const PAGE: usize = 1000;

impl Desk {
    /// Writes the whole log to a new file: JSON lines for a name that ends in `.jsonl`, else CSV; how many entries.
    ///
    /// # Errors
    /// [`Failure::FileExists`], [`Failure::FileNotAllowed`], [`Failure::FileFull`], [`Failure::FileBroken`]; see [`Failure`].
    pub fn export(&mut self, path: &Path) -> Result<u64, Failure> {
        let mut file = new_file(path)?;
        let written = self.export_to(&mut file, path);
        if written.is_err() {
            // Half a log must not be taken for a whole one, nor stand in the way of the next try.
            drop(file);
            std::fs::remove_file(path).ok();
        }
        written
    }

    fn export_to(&mut self, file: &mut File, path: &Path) -> Result<u64, Failure> {
        let lines = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl"));
        let mut file = BufWriter::new(&mut *file);
        let line: fn(&Entry) -> String = if lines { json_line } else { csv_line };
        if !lines {
            file.write_all(b"n,at,event,person,actor,desk,factor,result\r\n").map_err(|err| failed(&err))?;
        }
        let (mut written, mut last) = (0, 0);
        loop {
            let page = self.store.entries_after(last, PAGE)?;
            let Some(end) = page.last() else { break };
            last = end.number;
            for entry in &page {
                file.write_all(line(entry).as_bytes()).map_err(|err| failed(&err))?;
                written += 1;
            }
        }
        file.into_inner().map_err(|err| failed(err.error()))?.sync_all().map_err(|err| failed(&err))?;
        Ok(written)
    }
}

/// Never over a file that is there.
fn new_file(path: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|err| if err.kind() == ErrorKind::AlreadyExists { Failure::FileExists } else { failed(&err) })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's list of kinds is open")]
fn failed(err: &std::io::Error) -> Failure {
    match err.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Failure::FileFull,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Failure::FileNotAllowed,
        _ => Failure::FileBroken,
    }
}
