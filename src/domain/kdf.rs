//! Argon2id (RFC 9106): what makes guessing a password slow.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};

use super::keys::Key;
use super::secret::SecretText;

/// Cost of one stretching. Written beside the slot it belongs to and bound into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// Where calibration starts: 64 MiB and three passes (RFC 9106 section 4, second recommended option, one lane).
    pub const START: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// Below this nothing is ever calibrated (OWASP's first Argon2id setting).
    pub const FLOOR: Self = Self { memory_kib: 46 * 1024, passes: 1 };
    /// Never more memory than this, for old computers with several programs open.
    const MOST_MEMORY_KIB: u32 = 256 * 1024;

    /// The cost whose stretching takes between half a second and one, judged from how long [`Cost::START`] took.
    #[must_use]
    pub fn calibrated(start_took: Duration) -> Self {
        let took = start_took.as_millis().max(1);
        let (low, high) = (500, 1000);
        if took > high {
            // Too slow: fewer passes first, then less memory, never under the floor.
            let per_pass = took / u128::from(Self::START.passes);
            let passes = u32::try_from(high / per_pass.max(1)).unwrap_or(1).clamp(1, Self::START.passes);
            let memory_kib = if per_pass > high { Self::FLOOR.memory_kib } else { Self::START.memory_kib };
            Self { memory_kib, passes }
        } else if took < low {
            // Time to spare: memory is what hurts a guesser most. Aim at the middle of the range.
            let factor = u32::try_from(750 / took).unwrap_or(u32::MAX).max(1);
            let memory_kib = Self::START.memory_kib.saturating_mul(factor).min(Self::MOST_MEMORY_KIB);
            Self { memory_kib, passes: Self::START.passes }
        } else {
            Self::START
        }
    }

    /// A higher cost, when stretching at this one took less than a quarter of a second: a new computer, or a slot from
    /// before. Memory grows first.
    #[must_use]
    pub fn dearer(self, took: Duration) -> Option<Self> {
        let took = took.as_millis().max(1);
        let factor = u32::try_from(750 / took).unwrap_or(u32::MAX);
        if took >= 250 {
            return None;
        }
        let memory_kib = self.memory_kib.saturating_mul(factor).clamp(Self::FLOOR.memory_kib, Self::MOST_MEMORY_KIB);
        let dearer = Self { memory_kib, passes: self.passes };
        self.is_below(dearer).then_some(dearer)
    }

    /// Whether this costs less than another in some respect: the slot is then worth raising.
    #[must_use]
    pub fn is_below(self, other: Self) -> bool {
        u64::from(self.memory_kib) * u64::from(self.passes) < u64::from(other.memory_kib) * u64::from(other.passes)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "argon2id,m={},t={},p=1", self.memory_kib, self.passes)
    }
}

/// A stored cost that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCost;

impl FromStr for Cost {
    type Err = BadCost;

    fn from_str(text: &str) -> Result<Self, BadCost> {
        let rest = text.strip_prefix("argon2id,m=").and_then(|rest| rest.strip_suffix(",p=1")).ok_or(BadCost)?;
        let (memory, passes) = rest.split_once(",t=").ok_or(BadCost)?;
        let cost =
            Self { memory_kib: memory.parse().map_err(|_| BadCost)?, passes: passes.parse().map_err(|_| BadCost)? };
        // A damaged row must not make the program ask for all the memory there is, or run for a day.
        let sane = (8..=Self::MOST_MEMORY_KIB).contains(&cost.memory_kib) && (1..=64).contains(&cost.passes);
        if sane { Ok(cost) } else { Err(BadCost) }
    }
}

/// The computer could not find the memory for one stretching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

/// Length of a slot's salt in bytes (RFC 9106 section 3.1).
pub const SALT_LEN: usize = 16;

/// Stretches a password (normalised already) into a key.
///
/// # Errors
/// [`NoMemory`] when the memory cannot be had.
pub fn stretch(password: &SecretText, salt: &[u8; SALT_LEN], cost: Cost) -> Result<Key, NoMemory> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| NoMemory)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Key::made(|key| argon2.hash_password_into(password.expose().as_bytes(), salt, key)).map_err(|_| NoMemory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_read_back_as_written_and_nonsense_is_refused() {
        for cost in [Cost::START, Cost::FLOOR, Cost { memory_kib: 8, passes: 1 }] {
            assert_eq!(cost.to_string().parse(), Ok(cost));
        }
        for bad in ["", "argon2id,m=0,t=1,p=1", "argon2id,m=4294967295,t=1,p=1", "argon2id,m=65536,t=0,p=1", "scrypt"] {
            assert_eq!(bad.parse::<Cost>(), Err(BadCost), "{bad}");
        }
    }

    #[test]
    fn calibration_stays_between_floor_and_ceiling() {
        for millis in [1, 40, 90, 240, 470, 500, 999, 1001, 1400, 2500, 6000, 60_000] {
            let cost = Cost::calibrated(Duration::from_millis(millis));
            assert!(!cost.is_below(Cost::FLOOR), "{millis} ms: {cost}");
            assert!(cost.memory_kib <= Cost::MOST_MEMORY_KIB);
        }
        assert_eq!(Cost::calibrated(Duration::from_millis(600)), Cost::START);
        assert_eq!(Cost::calibrated(Duration::from_millis(1400)).passes, 2);
        assert_eq!(Cost::calibrated(Duration::from_secs(9)), Cost::FLOOR);
        assert!(Cost::START.is_below(Cost::calibrated(Duration::from_millis(100))));
        assert_eq!(Cost::START.dearer(Duration::from_millis(300)), None);
        assert_eq!(Cost::START.dearer(Duration::from_millis(240)).map(|cost| cost.memory_kib), Some(3 * 64 * 1024));
        assert_eq!(Cost { memory_kib: Cost::MOST_MEMORY_KIB, passes: 3 }.dearer(Duration::from_millis(1)), None);
    }

    #[test]
    fn every_input_counts() {
        let cost = Cost { memory_kib: 64, passes: 2 };
        let key = |password: &str, salt: &[u8; 16], cost| stretch(&password.into(), salt, cost).unwrap().to_secret();
        let base = key("password", b"somesaltsomesalt", cost);
        assert_eq!(base, key("password", b"somesaltsomesalt", cost));
        assert_ne!(base, key("Password", b"somesaltsomesalt", cost));
        assert_ne!(base, key("password", b"somesaltsomesalT", cost));
        assert_ne!(base, key("password", b"somesaltsomesalt", Cost { passes: 3, ..cost }));
        assert_ne!(base, key("password", b"somesaltsomesalt", Cost { memory_kib: 72, ..cost }));
    }
}
