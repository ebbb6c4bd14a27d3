//! The six digits, as people type them.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many digits a code has (RFC 4226 section 5.3; fixed, see DESIGN: many phone apps ignore anything else).
pub const DIGITS: usize = 6;

/// Six ASCII digits. Never printed; compared in constant time.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Code([u8; DIGITS]);

/// A text that cannot be a code: it is no attempt, and nothing is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACode;

/// What typed or pasted text comes to: ASCII digits with blanks, dashes and line ends gone, other scripts' digits
/// turned into ASCII. `None` where it holds anything that is neither.
#[must_use]
pub fn digits_of(text: &str) -> Option<String> {
    // A text this long is no code; looking at all of a pasted megabyte would only cost time.
    const LONGEST: usize = 256;
    if text.len() > LONGEST {
        return None;
    }
    let mut digits = String::with_capacity(DIGITS);
    for c in text.chars() {
        if let Some(digit) = digit_of(c) {
            digits.push(char::from(digit));
        } else if !is_padding(c) {
            return None;
        }
    }
    Some(digits)
}

/// Digits of the scripts that phones and input methods type: ASCII, full-width, Arabic-Indic and its extended form.
fn digit_of(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok().map(|value| b'0' + value)
}

/// What stands between digits when a code is copied: blanks of every width, line ends, dashes, zero-width marks.
fn is_padding(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

impl Code {
    /// Reads a typed text.
    ///
    /// # Errors
    /// [`NotACode`] when it is not exactly six digits after cleaning.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let mut digits = digits_of(text).ok_or(NotACode)?;
        let code = <[u8; DIGITS]>::try_from(digits.as_bytes()).map(Self).map_err(|_| NotACode);
        digits.zeroize();
        code
    }

    /// Whether this is that code, in constant time.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.as_slice().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Cases C15, C16, C19 of the field reports.
    #[test]
    fn codes_are_read_as_people_type_them() {
        for typed in [
            "384688",
            "384 688",
            " 384688 ",
            "384-688",
            "384688\n",
            "384688\r\n",
            "384\u{a0}688",
            "384\u{202f}688",
            "384688\u{200b}",
            "384\u{2013}688",
            "３８４６８８",
            "٣٨٤٦٨٨",
            "۳۸۴۶۸۸",
        ] {
            assert!(Code::parse(typed).is_ok_and(|code| code.is("384688")), "{typed:?}");
        }
        assert!(Code::parse("000054").is_ok_and(|code| code.is("000054")));
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        let huge = "9".repeat(1 << 20);
        for typed in [
            "",
            " ",
            "     ",
            "38468",
            "3846881",
            "abcdef",
            "+384688",
            "38\u{0}4688",
            "●●●●●●",
            "😀😀😀😀😀😀",
            "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
            "384688.",
            "12e456",
            &huge,
        ] {
            assert!(Code::parse(typed).is_err(), "{:?}", typed.chars().take(20).collect::<String>());
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Code::parse("384688").unwrap()), "Code(hidden)");
    }
}
