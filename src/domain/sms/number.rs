//! Telephone numbers: typed as people type them, kept in international form (ITU-T E.164).
//!
//! Own rules for the countries that a clinic may allow, since one library that knows all numbering plans of the world
//! weighs more than the rest of this program's domain. Kinds that get no texts, or cost a fortune, are refused by what
//! is known of them; what is not known is allowed when it can be a mobile, for numbering plans grow faster than programs.

use crate::domain::code;

/// One country's numbering plan, as far as it matters here. Sources: Ofcom's National Telephone Numbering Plan for GB
/// (Guernsey, Jersey and the Isle of Man share +44); ITU-T E.164 national plans for the others.
struct Plan {
    /// ISO 3166 code.
    iso: &'static str,
    /// Country calling code.
    code: &'static str,
    /// What is dialled before a national number inside the country, and never from outside.
    trunk: &'static str,
    /// What is dialled in the country in the place of the plus sign.
    abroad: &'static str,
    /// National digits without the trunk prefix: fewest and most.
    length: (usize, usize),
    /// National numbers that begin so are mobiles, whatever else says.
    mobile: &'static [&'static str],
    /// These are landlines.
    landline: &'static [&'static str],
    /// These are premium, freephone, pager and other special numbers.
    special: &'static [&'static str],
}

/// Where a shorter and a longer beginning both fit, the longer one says what a number is.
const PLANS: [Plan; 14] = [
    Plan {
        iso: "GB",
        code: "44",
        trunk: "0",
        abroad: "00",
        length: (10, 10),
        mobile: &["7", "7624"],
        landline: &["1", "2", "3", "5"],
        special: &["70", "76", "8", "9"],
    },
    plan("IE", "353", "0", (9, 9), &["8"], &["1", "2", "4", "5", "6", "7", "9"], &["18", "15"]),
    plan("FR", "33", "0", (9, 9), &["6", "7"], &["1", "2", "3", "4", "5", "9"], &["8"]),
    plan(
        "DE",
        "49",
        "0",
        (10, 11),
        &["15", "16", "17"],
        &["2", "3", "4", "5", "6", "7", "8", "9"],
        &["1", "900", "800"],
    ),
    plan("ES", "34", "", (9, 9), &["6", "7"], &["8", "9"], &["80", "90"]),
    plan("IT", "39", "", (9, 11), &["3"], &["0"], &["1", "8"]),
    plan("PT", "351", "", (9, 9), &["9"], &["2", "3"], &["6", "7", "8"]),
    plan("NL", "31", "0", (9, 9), &["6"], &["1", "2", "3", "4", "5", "7"], &["8", "9", "66", "67"]),
    plan("PL", "48", "", (9, 9), &["45", "5", "6", "7", "88"], &["1", "2", "3", "4", "8", "9"], &["70", "80"]),
    plan("IN", "91", "0", (10, 10), &["6", "7", "8", "9"], &["1", "2", "3", "4", "5"], &["18"]),
    // In North America nothing tells a mobile from a landline.
    Plan { abroad: "011", ..plan("US", "1", "1", (10, 10), &[], &[], &NANP_SPECIAL) },
    Plan { abroad: "011", ..plan("CA", "1", "1", (10, 10), &[], &[], &NANP_SPECIAL) },
    Plan { abroad: "0011", ..plan("AU", "61", "0", (9, 9), &["4"], &["2", "3", "7", "8"], &["1", "5"]) },
    plan("NZ", "64", "0", (8, 10), &["2"], &["3", "4", "6", "7", "9"], &["8", "90"]),
];

const NANP_SPECIAL: [&str; 10] = ["0", "1", "800", "833", "844", "855", "866", "877", "888", "900"];

const fn plan(
    iso: &'static str,
    code: &'static str,
    trunk: &'static str,
    length: (usize, usize),
    mobile: &'static [&'static str],
    landline: &'static [&'static str],
    special: &'static [&'static str],
) -> Plan {
    Plan { iso, code, trunk, abroad: "00", length, mobile, landline, special }
}

/// A number that texts may go to, in international form with its plus sign. `Debug` shows only its end.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(String);

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Number(ending {})", self.ending())
    }
}

/// Why a typed text is no number to send texts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadNumber {
    /// It cannot be read as a telephone number.
    Unreadable,
    /// It has an extension: texts reach no desk telephone.
    Extension,
    /// A landline.
    Landline,
    /// A premium, freephone, pager or other special number.
    Special,
    /// Of a country that the manager has not allowed.
    Country,
}

/// Longest typed text that is looked at, in bytes.
const LONGEST: usize = 64;

/// The ISO codes that a manager may allow.
pub fn countries() -> impl Iterator<Item = &'static str> {
    PLANS.iter().map(|plan| plan.iso)
}

impl Number {
    /// Reads a typed number. `allowed` are ISO codes, the clinic's own first; see [`countries`].
    ///
    /// # Errors
    /// [`BadNumber`].
    pub fn parse(typed: &str, allowed: &[String]) -> Result<Self, BadNumber> {
        let home = allowed.first().map_or("GB", String::as_str);
        let home = PLANS.iter().find(|plan| plan.iso == home).ok_or(BadNumber::Country)?;
        let (plus, digits) = cleaned(typed)?;
        let abroad = if plus { Some(digits.as_str()) } else { digits.strip_prefix(home.abroad) };
        let (plan, national) = match abroad {
            Some(rest) => by_code(rest, allowed)?,
            None => (home, digits.as_str()),
        };
        let national = without_trunk(plan, national);
        let (fewest, most) = plan.length;
        let trunk_left = !plan.trunk.is_empty() && national.starts_with('0');
        if trunk_left || !(fewest..=most).contains(&national.len()) {
            return Err(BadNumber::Unreadable);
        }
        match kind(plan, national) {
            NumberKind::Landline => Err(BadNumber::Landline),
            NumberKind::Special => Err(BadNumber::Special),
            NumberKind::Mobile | NumberKind::Unknown => Ok(Self(format!("+{}{national}", plan.code))),
        }
    }

    /// A stored number.
    #[must_use]
    pub fn from_stored(e164: &str) -> Option<Self> {
        let digits = e164.strip_prefix('+')?;
        let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(e164.to_owned()))
    }

    /// With the plus sign: `+447700900123`.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// The same without it.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// The last two digits.
    #[must_use]
    pub fn ending(&self) -> &str {
        self.0.len().checked_sub(2).and_then(|at| self.0.get(at..)).unwrap_or_default()
    }

    /// As it is shown to whoever typed it: `+44 7700 900123`.
    #[must_use]
    pub fn shown(&self) -> String {
        let plan = PLANS.iter().find(|plan| self.digits().starts_with(plan.code));
        let (code, rest) = plan
            .map_or(("", self.digits()), |plan| (plan.code, self.digits().strip_prefix(plan.code).unwrap_or_default()));
        let groups: &[usize] = match code {
            "44" => &[4, 6],
            "1" => &[3, 3, 4],
            _ => &[3, 3, 3, 3],
        };
        let mut shown = format!("+{code}");
        let mut rest = rest;
        for size in groups {
            let (group, after) = rest.split_at_checked(*size).unwrap_or((rest, ""));
            if !group.is_empty() {
                shown.push(' ');
                shown.push_str(group);
            }
            rest = after;
        }
        shown + rest
    }
}

/// Whether it began with a plus sign, and its digits.
fn cleaned(typed: &str) -> Result<(bool, String), BadNumber> {
    if typed.len() > LONGEST {
        return Err(BadNumber::Unreadable);
    }
    let lower = typed.trim().to_lowercase();
    let text = lower.strip_prefix("tel:").unwrap_or(&lower).trim();
    let (plus, text) = match text.strip_prefix(['+', '\u{ff0b}']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if text.contains(['x', '#', ',', ';', '*']) {
        return Err(BadNumber::Extension);
    }
    let plain: String =
        text.chars().filter(|c| !matches!(c, '(' | ')' | '\u{ff08}' | '\u{ff09}' | '.' | '/')).collect();
    let digits = code::digits_of(&plain).ok_or(BadNumber::Unreadable)?;
    if digits.is_empty() { Err(BadNumber::Unreadable) } else { Ok((plus, digits)) }
}

/// The plan of a number in international form, if its country is allowed.
fn by_code<'a>(digits: &'a str, allowed: &[String]) -> Result<(&'static Plan, &'a str), BadNumber> {
    let of_code = |plan: &&Plan| digits.starts_with(plan.code);
    let is_allowed = |plan: &&Plan| allowed.iter().any(|iso| iso == plan.iso);
    let plan = PLANS.iter().filter(of_code).find(is_allowed).ok_or(BadNumber::Country)?;
    Ok((plan, digits.strip_prefix(plan.code).unwrap_or_default()))
}

/// "+44 (0)7700 900123" and "07700 900123" are the same: the trunk prefix goes where the plan has one and the number
/// would be too long with it.
fn without_trunk<'a>(plan: &Plan, national: &'a str) -> &'a str {
    let bare = national.strip_prefix(plan.trunk).filter(|_| !plan.trunk.is_empty());
    bare.filter(|bare| (plan.length.0..=plan.length.1).contains(&bare.len())).unwrap_or(national)
}

enum NumberKind {
    Mobile,
    Landline,
    Special,
    Unknown,
}

/// What the longest known beginning says.
fn kind(plan: &Plan, national: &str) -> NumberKind {
    let longest = |list: &[&str]| list.iter().filter(|start| national.starts_with(**start)).map(|s| s.len()).max();
    let (mobile, landline, special) = (longest(plan.mobile), longest(plan.landline), longest(plan.special));
    match (mobile, landline, special) {
        (None, None, None) => NumberKind::Unknown,
        (mobile, landline, special) if mobile > landline && mobile > special => NumberKind::Mobile,
        (_, landline, special) if landline > special => NumberKind::Landline,
        _ => NumberKind::Special,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(typed: &str, countries: &[&str]) -> Result<String, BadNumber> {
        let allowed: Vec<String> = countries.iter().map(|&iso| iso.to_owned()).collect();
        Number::parse(typed, &allowed).map(|number| number.e164().to_owned())
    }

    #[test]
    fn kinds_that_get_no_texts_are_refused_and_unknown_ones_are_not() {
        for (typed, outcome) in [
            ("07700 900123", Ok("+447700900123")),
            ("7700 900123", Ok("+447700900123")),
            ("07624 900123", Ok("+447624900123")),
            ("020 7946 0018", Err(BadNumber::Landline)),
            ("0300 123 4567", Err(BadNumber::Landline)),
            ("070 1234 5678", Err(BadNumber::Special)),
            ("07612 345678", Err(BadNumber::Special)),
            ("0800 1111 11", Err(BadNumber::Unreadable)),
            ("0800 111 1111", Err(BadNumber::Special)),
            ("0909 879 0123", Err(BadNumber::Special)),
            ("0677 900 1234", Ok("+446779001234")),
            ("07700 900123 ext 4", Err(BadNumber::Extension)),
            ("07700 900123#4", Err(BadNumber::Extension)),
            ("+353 85 012 3456", Err(BadNumber::Country)),
            ("+999 12345", Err(BadNumber::Country)),
            ("07700 90012", Err(BadNumber::Unreadable)),
            ("07700 9001234", Err(BadNumber::Unreadable)),
            ("+", Err(BadNumber::Unreadable)),
            ("", Err(BadNumber::Unreadable)),
            ("zero seven", Err(BadNumber::Unreadable)),
            ("٠٧٧٠٠ ٩٠٠١٢٣", Ok("+447700900123")),
            ("\u{202d}07700\u{a0}900‑123\u{202c}", Err(BadNumber::Unreadable)),
            ("07700\u{a0}900‑123", Ok("+447700900123")),
        ] {
            assert_eq!(parse(typed, &["GB"]), outcome.map(str::to_owned), "{typed}");
        }
        assert_eq!(parse("+353 85 012 3456", &["GB", "IE"]), Ok("+353850123456".to_owned()));
        assert_eq!(parse("085 012 3456", &["IE", "GB"]), Ok("+353850123456".to_owned()));
        assert_eq!(parse(&"7".repeat(1 << 20), &["GB"]), Err(BadNumber::Unreadable));
    }

    #[test]
    fn it_is_shown_in_groups_and_printed_by_its_end() {
        let number = Number::parse("07700900123", &["GB".to_owned()]).unwrap();
        assert_eq!(number.shown(), "+44 7700 900123");
        assert_eq!(format!("{number:?}"), "Number(ending 23)");
        let us = Number::parse("(202) 555-0143", &["US".to_owned()]).unwrap();
        assert_eq!(us.shown(), "+1 202 555 0143");
        assert_eq!(Number::from_stored("+447700900123"), Some(number));
        assert_eq!(Number::from_stored("447700900123"), None);
    }
}
