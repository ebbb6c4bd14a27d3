//! Secrets from standard input, one a line, or from prompts without echo on a terminal.

use std::fs::File;
use std::io::{IsTerminal, Read};

use zeroize::Zeroize;

use super::answer::Refusal;
use crate::domain::secret::SecretText;
use crate::explain;
use crate::flows::Mishap;
use crate::strings::Text;

/// Longest line that is read; a longer one is no password and no code.
const LONGEST_LINE: usize = 4096;

/// Standard input. Read byte by byte, and not through the standard library's buffer: what comes after the secrets
/// belongs to the program that is started.
pub(super) struct Input {
    terminal: bool,
    first: bool,
    unbuffered: Option<File>,
}

impl Input {
    pub(super) fn new() -> Self {
        Self { terminal: std::io::stdin().is_terminal(), first: true, unbuffered: unbuffered() }
    }

    /// The next secret; `prompt` names it, on a terminal and in the refusal when the input has ended.
    pub(super) fn secret(&mut self, prompt: &Text) -> Result<SecretText, Refusal> {
        let ended = || {
            let mut refusal = Refusal::new("cli-input-ended", 2);
            refusal.todo = refusal.todo.with("wanted", prompt.get());
            refusal
        };
        if self.terminal {
            let asked = rpassword::prompt_password(format!("{}: ", prompt.get()));
            return asked.map(SecretText::new).map_err(|_| ended());
        }
        let from = self.unbuffered.as_mut().ok_or_else(ended)?;
        match read_line(from, std::mem::take(&mut self.first)) {
            Ok(line) => line.ok_or_else(ended),
            Err(Unreadable) => Err(Refusal::new("cli-input-unreadable", 2)),
        }
    }

    /// What is to be read before anything is typed: on a terminal alone, where somebody sits who can still stop.
    pub(super) fn say(&self, text: &str) {
        if self.terminal {
            // On standard error, as the prompts are; a terminal that is gone ends with them.
            drop(std::io::Write::write_all(&mut std::io::stderr().lock(), format!("{text}\n").as_bytes()));
        }
    }

    /// The next secret, which must not be empty: nothing typed is no try.
    pub(super) fn password(&mut self, prompt: &Text) -> Result<SecretText, Refusal> {
        let typed = self.secret(prompt)?;
        if typed.expose().is_empty() {
            let notice = explain::mishap(&Mishap::NoPassword, None, &explain::Names::default());
            return Err(Refusal::of(notice, 2));
        }
        Ok(typed)
    }
}

/// Another handle on standard input; `None` when there is none.
fn unbuffered() -> Option<File> {
    #[cfg(unix)]
    let own = std::os::fd::AsFd::as_fd(&std::io::stdin()).try_clone_to_owned();
    #[cfg(windows)]
    let own = std::os::windows::io::AsHandle::as_handle(&std::io::stdin()).try_clone_to_owned();
    own.ok().map(File::from)
}

/// A line that is longer than any secret, or no UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unreadable;

/// One line without its end; a byte-order mark before the first and a carriage return at the end are dropped. `None`
/// when the input has ended.
fn read_line(from: &mut impl Read, first: bool) -> Result<Option<SecretText>, Unreadable> {
    let mut bytes = Vec::with_capacity(LONGEST_LINE);
    let mut byte = [0];
    let mut any = false;
    while matches!(from.read(&mut byte), Ok(1)) {
        any = true;
        let [byte] = byte;
        if byte == b'\n' {
            break;
        }
        if bytes.len() == LONGEST_LINE {
            bytes.zeroize();
            return Err(Unreadable);
        }
        bytes.push(byte);
    }
    if !any {
        return Ok(None);
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => SecretText::new(text),
        Err(err) => {
            err.into_bytes().zeroize();
            return Err(Unreadable);
        }
    };
    let start = if first { text.expose().trim_start_matches('\u{feff}') } else { text.expose() };
    Ok(Some(SecretText::from(start.strip_suffix('\r').unwrap_or(start))))
}

#[cfg(test)]
mod tests {
    use super::*;

    // C100: newline, CRLF, no newline, closed input.
    #[test]
    fn lines_as_scripts_and_windows_write_them() {
        let read = |bytes: &[u8]| {
            let mut from = bytes;
            read_line(&mut from, true).map(|line| line.map(|line| (line.expose().to_owned(), from.len())))
        };
        assert_eq!(read(b"384688\nrest"), Ok(Some(("384688".into(), 4))));
        assert_eq!(read(b"384688\r\nrest"), Ok(Some(("384688".into(), 4))));
        assert_eq!(read(b"384688"), Ok(Some(("384688".into(), 0))));
        assert_eq!(read("\u{feff}pass word \n".as_bytes()), Ok(Some(("pass word ".into(), 0))));
        assert_eq!(read(b"\n"), Ok(Some((String::new(), 0))));
        assert_eq!(read(b""), Ok(None));
        assert_eq!(read(b"\xff\xfe\n"), Err(Unreadable));
        assert_eq!(read(&[b'9'; 5000]), Err(Unreadable));
    }
}
