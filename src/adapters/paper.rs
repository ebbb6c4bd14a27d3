//! The two sheets of paper: laid out as PDF, saved where the person says, or handed to the printer.
//!
//! A sheet is never written anywhere by itself: no temporary file, no copy kept. The printing system keeps its own
//! copy of a job for a while (CUPS: readable by root alone), which we cannot prevent and the README says.

mod layout;
mod print;
mod winansi;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::domain::secret::SecretText;
use crate::explain::leaver::Proof;
use crate::tr;

#[cfg(unix)]
pub use print::print;
#[cfg(windows)]
pub use print::print_saved;
pub use print::{Printing, printing};

/// What stands on one sheet.
pub struct Sheet<'codes> {
    /// The heading.
    pub title: String,
    /// Label and value, as "Clinic" and "Oak Tree Surgery".
    pub fields: Vec<(String, String)>,
    /// What it is for and where to keep it: one paragraph each.
    pub intro: Vec<String>,
    /// The codes or the key.
    pub body: Body<'codes>,
    /// The words before the line on which a used code's date is written.
    pub used_on: String,
    /// What to do when the sheet is lost.
    pub foot: String,
}

/// The secret part of a sheet.
pub enum Body<'codes> {
    /// Up to a dozen spare codes, numbered from 1, each with a box to tick.
    Codes(&'codes [SecretText]),
    /// One key, in groups divided by dashes or blanks.
    Key(&'codes SecretText),
    /// None.
    Nothing,
}

/// Why a sheet did not get onto the disk or the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperError {
    /// A file of that name is there; it has not been touched.
    Exists,
    /// This person may not write in that folder, or there is no such folder.
    NoRights,
    /// The disk is full; the part that was written is gone again.
    Full,
    /// No printer is set up, or this system has no printing.
    NoPrinter,
    /// There is a printer, and the printing system did not take the sheet.
    Refused,
    /// Anything else.
    Broken(io::ErrorKind),
}

impl<'codes> Sheet<'codes> {
    /// The sheet of a person's spare codes; `date` as a person writes it, "25 November 2026".
    #[must_use]
    pub fn spare_codes(clinic: &str, person: &str, date: &str, codes: &'codes [SecretText]) -> Self {
        Self {
            title: tr!("sheet-codes-title"),
            fields: vec![
                (tr!("sheet-made-for"), person.to_owned()),
                (tr!("sheet-clinic"), clinic.to_owned()),
                (tr!("sheet-date"), date.to_owned()),
            ],
            intro: vec![tr!("sheet-codes-intro-use"), tr!("sheet-codes-intro-once"), tr!("sheet-codes-intro-where")],
            body: Body::Codes(codes),
            used_on: tr!("sheet-used-on"),
            foot: tr!("sheet-codes-foot"),
        }
    }

    /// The sheet of the clinic's spare key; `date` as in [`Sheet::spare_codes`].
    #[must_use]
    pub fn clinic_key(clinic: &str, date: &str, key: &'codes SecretText) -> Self {
        Self {
            title: tr!("sheet-key-title"),
            fields: vec![(tr!("sheet-clinic"), clinic.to_owned()), (tr!("sheet-date"), date.to_owned())],
            intro: vec![tr!("sheet-key-intro-use"), tr!("sheet-key-intro-once"), tr!("sheet-key-intro-how")],
            body: Body::Key(key),
            used_on: tr!("sheet-used-on"),
            foot: tr!("sheet-key-foot"),
        }
    }

    /// The slip with which a new or reset person begins; `made` is the date and time at which its day begins.
    #[must_use]
    pub fn slip(clinic: &str, person: &str, made: &str, code: &'codes SecretText) -> Self {
        Self {
            title: tr!("sheet-slip-title"),
            fields: vec![
                (tr!("sheet-made-for"), person.to_owned()),
                (tr!("sheet-clinic"), clinic.to_owned()),
                (tr!("sheet-date"), made.to_owned()),
            ],
            intro: vec![tr!("sheet-slip-intro-use"), tr!("sheet-slip-intro-phone"), tr!("sheet-slip-intro-good")],
            body: Body::Key(code),
            used_on: tr!("sheet-used-on"),
            foot: tr!("sheet-slip-foot"),
        }
    }

    /// The proof that somebody was removed. It holds no secret.
    #[must_use]
    pub fn removal(clinic: &str, proof: Proof) -> Self {
        let mut fields = vec![(tr!("leaver-clinic"), clinic.to_owned())];
        fields.extend(proof.facts);
        Self {
            title: tr!("leaver-sheet-title"),
            fields,
            intro: vec![proof.stopped, proof.advice],
            body: Body::Nothing,
            used_on: String::new(),
            foot: tr!("leaver-foot"),
        }
    }

    /// The sheet as a PDF of one A4 page.
    #[must_use]
    pub fn pdf(&self) -> Zeroizing<Vec<u8>> {
        layout::page(self)
    }
}

/// Where a sheet of that name is proposed to be saved: in the person's documents, else at home, under a name that is
/// not taken. `None` when the system names neither.
#[must_use]
pub fn proposed_file(name: &str) -> Option<PathBuf> {
    let places = directories::UserDirs::new()?;
    let folder = places.document_dir().filter(|folder| folder.is_dir()).unwrap_or_else(|| places.home_dir());
    Some(free_name(folder, name))
}

/// The first of "name.pdf", "name 2.pdf", … that is not there.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    // What no file system takes, or reads as a way to another folder.
    let plain: String = name.chars().map(|letter| if "/\\:*?\"<>|.".contains(letter) { ' ' } else { letter }).collect();
    let plain: String = plain.chars().filter(|letter| !letter.is_control()).take(80).collect();
    let plain = plain.trim();
    let names = (1..100).map(|n| if n == 1 { format!("{plain}.pdf") } else { format!("{plain} {n}.pdf") });
    names.map(|name| folder.join(name)).find(|path| !path.exists()).unwrap_or_else(|| folder.join("sheet.pdf"))
}

/// Writes the sheet to a new file for its owner alone, down to the disk.
///
/// # Errors
/// See [`PaperError`]; after an error there is no file of ours.
pub fn save(path: &Path, pdf: &[u8]) -> Result<(), PaperError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| PaperError::from(&error))?;
    write(file, pdf).map_err(|error| {
        // Half a sheet of codes is no use to anyone but a thief. That it cannot be removed changes no answer.
        drop(std::fs::remove_file(path));
        PaperError::from(&error)
    })
}

fn write(mut file: File, pdf: &[u8]) -> io::Result<()> {
    file.write_all(pdf)?;
    file.sync_all()
}

/// Deletes a sheet that was saved, once it is on paper; one that is gone is no error.
///
/// # Errors
/// See [`PaperError`].
pub fn delete_saved(path: &Path) -> Result<(), PaperError> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(PaperError::from(&error)),
    }
}

impl From<&io::Error> for PaperError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's kinds are not ours and grow")]
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists,
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory => Self::NoRights,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::Full,
            kind => Self::Broken(kind),
        }
    }
}

#[cfg(test)]
mod tests;
