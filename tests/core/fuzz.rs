//! The fuzz bodies, replayed over the corpus in the repository and over what a seeded mutation makes of it.
//!
//! `CLINIC2FA_FUZZ_SECS=60` mutates each body's corpus for that long instead.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clinic2fa::adapters::clock::SystemClock;
use clinic2fa::ports::Clock as _;

use super::bodies::{BODIES, Body};

/// Mutations of each body in an ordinary run; those that open a database take a thousand times as long.
const MUTATIONS: [(&str, u32); 9] = [
    ("code", 20_000),
    ("otpauth", 2_000),
    ("sealed", 5_000),
    ("rows", 300),
    ("backup", 60),
    ("config", 1_000),
    ("recovery_code", 20_000),
    ("activation_code", 300),
    ("names", 10_000),
];

fn corpus(body: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(body);
    let entries = folder.read_dir().unwrap_or_else(|err| panic!("{}: {err}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// The same numbers on every computer (xorshift64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }

    /// Bits flipped, bytes put in, taken out, doubled; two of the corpus joined.
    fn mutated(&mut self, all: &[(PathBuf, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = all[self.below(all.len())].1.clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 => bytes.insert(at, u8::try_from(self.below(256)).unwrap()),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                3 => bytes.truncate(at),
                4 => {
                    let other = &all[self.below(all.len())].1;
                    bytes.splice(at..at, other.iter().copied());
                }
                _ => bytes.extend_from_within(at..),
            }
        }
        bytes.truncate(8192);
        bytes
    }
}

fn try_out(name: &str, body: Body, bytes: &[u8], whence: &str) {
    let tried = std::panic::catch_unwind(|| body(bytes));
    assert!(tried.is_ok(), "{name}, {whence}: {}", data_encoding::HEXLOWER.encode(bytes));
}

fn run(name: &str) {
    let (_, body) = BODIES.into_iter().find(|(known, _)| *known == name).unwrap();
    let all = corpus(name);
    assert!(all.len() >= 3, "{name} has a corpus");
    for (path, bytes) in &all {
        try_out(name, body, bytes, &path.display().to_string());
    }
    let long = std::env::var("CLINIC2FA_FUZZ_SECS").ok().and_then(|secs| secs.parse().ok()).map(Duration::from_secs);
    let (_, count) = MUTATIONS.into_iter().find(|(known, _)| *known == name).unwrap();
    let clock = SystemClock::new();
    let end = long.map(|long| clock.now().boot.since_start + long);
    let mut dice = Seeded(0x00F0_22ED_0000_0001);
    let mut done = 0;
    while end.map_or(done < count, |end| clock.now().boot.since_start < end) {
        let bytes = dice.mutated(&all);
        try_out(name, body, &bytes, &format!("mutation {done}"));
        done += 1;
    }
}

macro_rules! bodies {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })+

        #[test]
        fn every_body_has_a_test_and_a_target() {
            assert_eq!([$(stringify!($name)),+], BODIES.map(|(name, _)| name));
            assert_eq!([$(stringify!($name)),+], MUTATIONS.map(|(name, _)| name));
            for (name, _) in BODIES {
                let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
                let manifest = fs::read_to_string(targets.join("Cargo.toml")).unwrap();
                assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in tests/fuzz/Cargo.toml");
                assert!(targets.join(format!("targets/{name}.rs")).exists(), "{name} has no target");
            }
        }
    };
}

bodies!(code, otpauth, sealed, rows, backup, config, recovery_code, activation_code, names);
