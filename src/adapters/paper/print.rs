//! To the printer. Calls here wait for the printing system: never from the thread that draws.

#[cfg(unix)]
use std::io::{self, Write};
#[cfg(unix)]
use std::process::{Command, Stdio};

use super::PaperError;

/// How this system prints a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printing {
    /// From memory, through a pipe.
    Directly,
    /// Only a file that the person has saved: Windows hands the file to the program that opens PDFs.
    SavedFile,
}

/// How this system prints.
#[must_use]
pub fn printing() -> Printing {
    if cfg!(windows) { Printing::SavedFile } else { Printing::Directly }
}

/// Sends the sheet to the default printer.
///
/// # Errors
/// [`PaperError::NoPrinter`] without a printer or without CUPS' commands, [`PaperError::Refused`] when it was not taken.
#[cfg(unix)]
pub fn print(pdf: &[u8]) -> Result<(), PaperError> {
    let mut list = Command::new("lpstat");
    list.arg("-e");
    // The title is what others see in the printer's queue: no name in it.
    let mut lp = Command::new("lp");
    lp.args(["-t", "clinic2fa", "-"]);
    print_with(list, lp, pdf)
}

#[cfg(unix)]
fn print_with(mut list: Command, mut lp: Command, pdf: &[u8]) -> Result<(), PaperError> {
    let absent = |error: io::Error| {
        let kind = error.kind();
        if kind == io::ErrorKind::NotFound { PaperError::NoPrinter } else { PaperError::Broken(kind) }
    };
    // `lp` without a printer says so only in the language of the desktop; the list of printers is plain.
    let printers = list.stdin(Stdio::null()).stderr(Stdio::null()).output().map_err(absent)?;
    if printers.stdout.iter().all(u8::is_ascii_whitespace) {
        return Err(PaperError::NoPrinter);
    }
    lp.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = lp.spawn().map_err(absent)?;
    // Taken, so that the pipe closes and the printer sees the end. An `lp` that stops reading says more by its status.
    let written = child.stdin.take().map(|mut pipe| pipe.write_all(pdf));
    let status = child.wait().map_err(|error| PaperError::Broken(error.kind()))?;
    match written {
        Some(Ok(())) if status.success() => Ok(()),
        Some(_) | None => Err(PaperError::Refused),
    }
}

/// Asks the program that opens PDFs to print a saved sheet.
///
/// # Errors
/// [`PaperError::Refused`] when no program prints PDFs, or it did not start.
#[cfg(windows)]
pub fn print_saved(path: &std::path::Path) -> Result<(), PaperError> {
    if crate::adapters::os::print_file(path) { Ok(()) } else { Err(PaperError::Refused) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A line of shell that stands in for one of CUPS' commands.
    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_sheet_goes_through_the_pipe_whole() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("printed");
        let pdf: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let lp = shell(&format!("cat > '{}'", out.display()));
        assert_eq!(print_with(shell("echo FrontDesk"), lp, &pdf), Ok(()));
        assert_eq!(std::fs::read(&out).unwrap(), pdf);
    }

    #[test]
    fn no_printer_and_a_refusing_printer_are_told_apart() {
        let absent = || Command::new("/no/such/command");
        for (list, lp, expected) in [
            (absent(), shell("exit 0"), PaperError::NoPrinter),
            (shell("exit 0"), shell("exit 0"), PaperError::NoPrinter),
            (shell("echo FrontDesk"), absent(), PaperError::NoPrinter),
            (shell("echo FrontDesk"), shell("cat > /dev/null; exit 1"), PaperError::Refused),
            (shell("echo FrontDesk"), shell("exit 1"), PaperError::Refused),
            (shell("echo FrontDesk"), shell("exit 0"), PaperError::Refused),
        ] {
            let what = format!("{list:?} {lp:?}");
            // More than a pipe holds, so that a printer that does not read is noticed and does not hang.
            assert_eq!(print_with(list, lp, &vec![0; 1_000_000]), Err(expected), "{what}");
        }
    }
}
