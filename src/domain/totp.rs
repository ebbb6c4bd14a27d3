//! Time-based codes: RFC 6238 with SHA-1, six digits and steps of 30 s.
//!
//! The window is the step now and one on either side. A step counts once: only a step above the last accepted one
//! is taken, and what is stored is the step that matched, never the step of this computer's clock.

use totp_rs::{Algorithm, Builder, Totp};

use super::code::Code;
use super::dice::{Dice, NoRandomness};
use super::secret::Secret;

/// Length of a time step in seconds (RFC 6238 section 4.1, X).
pub const STEP_SECS: u64 = 30;

/// Steps accepted before and after the present one (RFC 6238 section 5.2).
pub const WINDOW: u64 = 1;

/// Length of a seed in bytes: 160 bits (RFC 4226 section 4, R6).
pub const SEED_LEN: usize = 20;

/// How far the clock doctor looks, in steps either way: 24 h.
pub const DOCTOR_REACH: u64 = 24 * 3600 / STEP_SECS;

/// No clock that shows an earlier time is right: 2026-01-01T00:00:00Z, before this program was made. Codes cannot be
/// judged by it, and "wrong code" would be untrue.
pub const EARLIEST_UNIX: i64 = 1_767_225_600;

/// A clock that is off by less than this, in seconds, lets every code in that a phone shows.
pub const CLOCK_MATTERS_SECS: u64 = 30;

/// A time step: seconds since 1970 divided by 30.
pub type Step = u64;

/// The step that a wall-clock time falls into; times before 1970 count as its first second.
#[must_use]
pub fn step_at(unix_secs: i64) -> Step {
    u64::try_from(unix_secs).unwrap_or(0) / STEP_SECS
}

/// Seconds until the next step begins, 1 to 30.
#[must_use]
pub fn secs_to_next_step(unix_secs: i64) -> u64 {
    STEP_SECS - u64::try_from(unix_secs).unwrap_or(0) % STEP_SECS
}

/// The key that a phone and this program share.
pub struct Seed(Secret);

/// A stored seed that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASeed;

/// What a typed code comes to against one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The first step of the window with this code that lies above the last accepted one.
    Fresh(Step),
    /// The code belongs to the window, but only to steps at or below the last accepted one.
    Used,
    /// No step of the window has this code.
    None,
}

impl Seed {
    /// A new seed.
    ///
    /// # Errors
    /// [`NoRandomness`] from the dice.
    pub fn roll(dice: &mut Dice) -> Result<Self, NoRandomness> {
        Ok(Self(Secret::new(dice.bytes::<SEED_LEN>()?.to_vec())))
    }

    /// A stored seed.
    ///
    /// # Errors
    /// [`NotASeed`] when it has not 20 bytes.
    pub fn from_stored(bytes: Secret) -> Result<Self, NotASeed> {
        if bytes.expose().len() == SEED_LEN { Ok(Self(bytes)) } else { Err(NotASeed) }
    }

    /// The seed's bytes, for sealing and for the square.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(0)
            .with_step_duration(STEP_SECS)
            .with_secret(self.0.expose().to_vec())
            .build_noncompliant()
    }

    /// Judges a code at a time, against the last accepted step.
    #[must_use]
    pub fn check(&self, code: &Code, unix_secs: i64, last: Option<Step>) -> Match {
        let totp = self.totp();
        let now = step_at(unix_secs);
        let mut found = Match::None;
        for step in now.saturating_sub(WINDOW)..=now.saturating_add(WINDOW) {
            if has_code(&totp, step, code) {
                if last.is_none_or(|last| step > last) {
                    return Match::Fresh(step);
                }
                found = Match::Used;
            }
        }
        found
    }

    /// Every step within 24 h either way that has this code: what the clock doctor compares.
    #[must_use]
    pub fn matches_within_a_day(&self, code: &Code, unix_secs: i64) -> Vec<Step> {
        let totp = self.totp();
        let now = step_at(unix_secs);
        (now.saturating_sub(DOCTOR_REACH)..=now.saturating_add(DOCTOR_REACH))
            .filter(|&step| has_code(&totp, step, code))
            .collect()
    }
}

fn has_code(totp: &Totp, step: Step, code: &Code) -> bool {
    step.checked_mul(STEP_SECS).is_some_and(|time| code.is(&totp.generate(time).to_string()))
}

/// The code of a step, for tests and demos that stand in for a phone.
#[doc(hidden)]
#[must_use]
pub fn code_at(seed: &Seed, step: Step) -> String {
    seed.totp().generate(step * STEP_SECS).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: i64 = 1_772_442_000;

    fn s1() -> Seed {
        Seed(Secret::new(b"12345678901234567890".to_vec()))
    }

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    // RFC 4226 appendix D: the first ten HOTP values of this key, which are TOTP's steps 0 to 9.
    #[test]
    fn rfc_4226_values() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, value) in expected.into_iter().enumerate() {
            assert_eq!(code_at(&s1(), step as u64), value);
        }
    }

    // RFC 6238 appendix B, the SHA-1 rows, cut to six digits; and clocks from the field reports (C16, C22) to year 2603.
    #[test]
    fn rfc_6238_values_and_far_clocks() {
        for (time, value) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
            (T0, "384688"),
            (2_147_483_648, "703886"),
            (1_767_225_870, "095181"),
            (1_767_864_720, "000054"),
        ] {
            assert_eq!(code_at(&s1(), step_at(time)), value, "{time}");
            assert_eq!(s1().check(&code(value), time, None), Match::Fresh(step_at(time)));
        }
        // C08: S46SQCPPTCNPROMHWYBDCTBZXV, a seed of 16 bytes whose base32 has an odd length and bits left over
        let odd = data_encoding::HEXLOWER.decode(b"973d2809ef989af8b987b602314c39bd").unwrap();
        assert_eq!(code_at(&Seed(Secret::new(odd)), step_at(1_612_380_872)), "100172");
    }

    #[test]
    fn no_clock_makes_it_panic() {
        for time in [i64::MIN, -3600, -1, 0, 1, 29, 30, 59, i64::MAX - 1, i64::MAX] {
            assert_ne!(s1().check(&code("000000"), time, Some(u64::MAX)), Match::Fresh(u64::MAX));
            assert!((1..=30).contains(&secs_to_next_step(time)));
        }
    }

    // C20: how far this computer's clock may be off while a phone at T0+15 shows 384688.
    #[test]
    fn the_window_is_one_step_either_way() {
        for (offset, accepted) in [
            (-420, false),
            (-61, false),
            (-50, false),
            (-46, false),
            (-45, true),
            (-30, true),
            (-16, true),
            (0, true),
            (14, true),
            (15, true),
            (30, true),
            (44, true),
            (45, false),
            (50, false),
            (60, false),
            (420, false),
        ] {
            let found = s1().check(&code("384688"), T0 + 15 + offset, None);
            assert_eq!(found != Match::None, accepted, "{offset}");
        }
    }

    // C26, C28, C30: strictly above the last accepted step, by the step that matched.
    #[test]
    fn a_step_counts_once() {
        let t0 = step_at(T0);
        for (typed, at, expected) in [
            ("384688", T0 + 5, Match::Used),
            ("384688", T0 + 31, Match::Used),
            ("384688", T0 + 59, Match::Used),
            ("465411", T0 + 12, Match::Used),
            ("387572", T0 + 12, Match::Fresh(t0 + 1)),
            ("387572", T0 + 40, Match::Fresh(t0 + 1)),
            ("384688", T0 + 60, Match::None),
        ] {
            assert_eq!(s1().check(&code(typed), at, Some(t0)), expected, "{typed} at {at}");
        }
    }

    // C27 kind: the same six digits in two steps of one window. The first unused one counts.
    #[test]
    fn equal_codes_in_one_window() {
        let twin = (0..3_000_000_u64).find(|&step| {
            code_at(&s1(), step) == code_at(&s1(), step + 1) || code_at(&s1(), step) == code_at(&s1(), step + 2)
        });
        let first = twin.expect("a pair within three million steps");
        let digits = code_at(&s1(), first);
        let middle = i64::try_from((first + 1) * STEP_SECS).unwrap();
        assert_eq!(s1().check(&code(&digits), middle, None), Match::Fresh(first));
        let Match::Fresh(second) = s1().check(&code(&digits), middle, Some(first)) else { panic!("second is unused") };
        assert!(second > first);
        assert_eq!(s1().check(&code(&digits), middle, Some(second)), Match::Used);
    }
}
