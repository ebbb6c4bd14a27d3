//! Secrets from standard input, one a line, or from prompts without echo on a terminal.

use std::io::{IsTerminal, Read};

use zeroize::Zeroize;

use super::answer::Refusal;
use crate::domain::secret::SecretText;
use crate::strings::Text;

/// Longest line that is read; a longer one is no password and no code.
const LONGEST_LINE: usize = 4096;

/// Standard input. Read byte by byte: what comes after the secrets belongs to the program that is started.
pub(super) struct Input {
    terminal: bool,
    first: bool,
}

impl Input {
    pub(super) fn new() -> Self {
        Self { terminal: std::io::stdin().is_terminal(), first: true }
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
        let line = read_line(&mut std::io::stdin().lock(), std::mem::take(&mut self.first));
        line.ok_or_else(ended)
    }
}

/// One line without its end; a byte-order mark before the first and a carriage return at the end are dropped. `None`
/// when the input has ended, or when the line is longer than any secret or not UTF-8.
fn read_line(from: &mut impl Read, first: bool) -> Option<SecretText> {
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
            return None;
        }
        bytes.push(byte);
    }
    if !any {
        return None;
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => SecretText::new(text),
        Err(err) => {
            err.into_bytes().zeroize();
            return None;
        }
    };
    let start = if first { text.expose().trim_start_matches('\u{feff}') } else { text.expose() };
    Some(SecretText::from(start.strip_suffix('\r').unwrap_or(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    // C100: newline, CRLF, no newline, closed input.
    #[test]
    fn lines_as_scripts_and_windows_write_them() {
        let read = |bytes: &[u8]| {
            let mut from = bytes;
            read_line(&mut from, true).map(|line| (line.expose().to_owned(), from.len()))
        };
        assert_eq!(read(b"384688\nrest"), Some(("384688".into(), 4)));
        assert_eq!(read(b"384688\r\nrest"), Some(("384688".into(), 4)));
        assert_eq!(read(b"384688"), Some(("384688".into(), 0)));
        assert_eq!(read("\u{feff}pass word \n".as_bytes()), Some(("pass word ".into(), 0)));
        assert_eq!(read(b"\n"), Some((String::new(), 0)));
        assert_eq!(read(b""), None);
        assert_eq!(read(b"\xff\xfe\n"), None);
        assert_eq!(read(&[b'9'; 5000]), None);
    }
}
