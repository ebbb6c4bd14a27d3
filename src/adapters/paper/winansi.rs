//! Text for the fonts that every PDF reader has built in: their 8-bit alphabet and the widths of their letters.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;

/// Bytes 0x80 to 0x9F of `WinAnsiEncoding` (ISO 32000-1, annex D); U+0000 stands where there is none.
const UPPER_CONTROLS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•',
    '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Widths of Helvetica's letters from blank to tilde, in thousandths of the size (Adobe's Core 14 metrics).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// The text in `WinAnsiEncoding`. Letters outside it are written in Latin ones ("Łucja" is "Lucja"), else as "?".
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    // Composed first: "e" with an accent of its own is one letter here.
    for letter in text.nfc() {
        match byte(letter) {
            Some(byte) => bytes.push(byte),
            None => match deunicode_char(letter) {
                Some(latin) => bytes.extend(latin.bytes().filter(|byte| (b' '..=b'~').contains(byte))),
                None => bytes.push(b'?'),
            },
        }
    }
    bytes
}

fn byte(letter: char) -> Option<u8> {
    match u8::try_from(letter) {
        Ok(byte @ (0x20..=0x7E | 0xA0..=0xFF)) => Some(byte),
        Ok(_) => None,
        Err(_) => {
            let place = UPPER_CONTROLS.iter().position(|known| *known == letter)?;
            u8::try_from(0x80 + place).ok()
        }
    }
}

/// The width of encoded text in Helvetica at `size`, in points. Letters beyond ASCII count as wide ones.
pub(super) fn width(text: &[u8], size: f32) -> f32 {
    let letter = |byte: &u8| HELVETICA.get(usize::from(byte.wrapping_sub(b' '))).copied().unwrap_or(722);
    text.iter().map(|byte| f32::from(letter(byte))).sum::<f32>() * size / 1_000.0
}

/// The text in lines no wider than `room` points at `size`, broken at blanks; a longer word stands alone.
pub(super) fn wrap(text: &str, size: f32, room: f32) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for word in text.split_whitespace().map(encode) {
        if let Some(line) = lines.last_mut() {
            let longer = [line.as_slice(), b" ", &word].concat();
            if width(&longer, size) <= room {
                *line = longer;
                continue;
            }
        }
        lines.push(word);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_out_in_letters_that_can_be_printed() {
        for (text, expected) in [
            ("Maria Santos", b"Maria Santos".as_slice()),
            ("José", b"Jos\xE9"),
            ("Jose\u{301}", b"Jos\xE9"),
            ("€ 5 – ‘now’", b"\x80 5 \x96 \x91now\x92"),
            ("Łucja Żak", b"Lucja Zak"),
            ("Ольга", b"Ol'ga"),
            ("\u{7}", b""),
        ] {
            assert_eq!(encode(text), expected, "{text}");
        }
        assert!(encode("張偉").iter().all(u8::is_ascii), "{:?}", encode("張偉"));
    }

    #[test]
    fn lines_keep_within_the_room() {
        let text = "For a day without your phone. A spare code takes the place of the code on your phone.";
        let lines = wrap(text, 12.0, 200.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| width(line, 12.0) <= 200.0));
        assert_eq!(lines.join(&b' '), text.as_bytes());
        assert_eq!(wrap("", 12.0, 10.0).len(), 0);
        assert_eq!(wrap("unbreakable", 12.0, 1.0).len(), 1);
    }
}
