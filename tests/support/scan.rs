//! Looks through another process's memory for secrets: all that can be written to, page by page.

#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

use clinic2fa::domain::kdf;
use clinic2fa::domain::keys::{Key, Kind, Place, StateKeys, slot_key};
use clinic2fa::domain::secret::{Secret, SecretText};
use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER, HEXUPPER};
use rusqlite::Connection;

/// What is looked for: a name, and the bytes of one way to write it.
#[derive(Default)]
pub(crate) struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    /// Bytes as they are, and as programs write them.
    pub(crate) fn bytes(&mut self, what: &str, bytes: &[u8]) {
        let hex = HEXLOWER.encode(bytes);
        for (how, form) in [
            ("raw", bytes.to_vec()),
            ("hex", hex.clone().into_bytes()),
            ("HEX", HEXUPPER.encode(bytes).into_bytes()),
            ("base32", BASE32_NOPAD.encode(bytes).into_bytes()),
            ("base64", BASE64.encode(bytes).trim_end_matches('=').as_bytes().to_vec()),
        ] {
            self.0.push((format!("{what}, {how}"), form));
        }
    }

    /// A text as it is, and as Windows and X11 write it.
    pub(crate) fn text(&mut self, what: &str, text: &str) {
        self.0.push((format!("{what}, text"), text.as_bytes().to_vec()));
        self.0.push((format!("{what}, wide"), text.bytes().flat_map(|byte| [byte, 0]).collect()));
        self.0.push((format!("{what}, wider"), text.bytes().flat_map(|byte| [byte, 0, 0, 0]).collect()));
    }

    /// The first of them that stands in these bytes.
    pub(crate) fn in_bytes(&self, bytes: &[u8]) -> Option<&str> {
        let stands = |form: &[u8]| bytes.windows(form.len()).any(|window| window == form);
        self.0.iter().find(|(_, form)| stands(form)).map(|(what, _)| what.as_str())
    }

    /// Each place where one of them stands, as words for a person: "the DEK, raw: [heap] +0x10".
    ///
    /// # Panics
    /// When the process is not there, or its memory may not be read.
    pub(crate) fn found_in(&self, pid: u32) -> Vec<String> {
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("a process that may be looked into");
        let mut memory = File::open(format!("/proc/{pid}/mem")).expect("memory that may be read");
        let mut first = vec![false; 1 << 16];
        for (_, form) in &self.0 {
            first[usize::from(u16::from_le_bytes([form[0], form[1]]))] = true;
        }
        let (mut found, mut looked_at) = (Vec::new(), 0);
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (range, rights) = (words.next().expect("a range"), words.next().expect("rights"));
            let name = words.nth(3).unwrap_or("anonymous");
            // What can only be read came from a file and is there for everyone to read; device memory is no memory.
            if !rights.starts_with("rw") || name.starts_with("/dev/") {
                continue;
            }
            let (from, to) = range.split_once('-').expect("two ends");
            let address = |text| u64::from_str_radix(text, 16).expect("hexadecimal");
            let (from, to) = (address(from), address(to));
            let mut bytes = vec![0; usize::try_from(to - from).expect("fits")];
            memory.seek(SeekFrom::Start(from)).expect("an address");
            // A stack's lowest pages, say, are reserved and not there: as much as there is.
            let mut filled = 0;
            while filled < bytes.len() {
                match memory.read(&mut bytes[filled..]) {
                    Ok(0) | Err(_) => break,
                    Ok(some) => filled += some,
                }
            }
            looked_at += filled;
            for (at, pair) in bytes[..filled].windows(2).enumerate() {
                if !first[usize::from(u16::from_le_bytes([pair[0], pair[1]]))] {
                    continue;
                }
                for (what, form) in &self.0 {
                    if bytes[at..filled].starts_with(form) {
                        let mut place = String::new();
                        write!(place, "{what}: {name} {:#x}", from + at as u64).expect("text");
                        found.push(place);
                    }
                }
            }
        }
        assert!(looked_at > 1 << 20, "only {looked_at} bytes could be read");
        found
    }
}

/// The keys of a clinic, from outside: what its keychain item, its file and a password come to.
pub(crate) struct ClinicKeys {
    pub(crate) device: Key,
    pub(crate) slot: Key,
    pub(crate) state: StateKeys,
    pub(crate) dek: Key,
}

impl ClinicKeys {
    /// `item` is the device key's item as the keychain holds it.
    pub(crate) fn of(database: &std::path::Path, person: &str, password: &str, item: &str) -> Self {
        let bytes = BASE64.decode(item.trim().strip_prefix("1:").expect("an item of ours").as_bytes()).expect("base64");
        let device = Key::from_stored(&Secret::new(bytes)).expect("32 bytes");
        let db = Connection::open(database).expect("the database");
        let clinic: String = db.query_row("SELECT id FROM clinic", [], |row| row.get(0)).expect("an id");
        let slot = "SELECT slot_salt, slot_cost, slot_sealed FROM person WHERE id = ?1";
        let (salt, cost, sealed): (Vec<u8>, String, Vec<u8>) =
            db.query_row(slot, [person], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("a slot");
        let salt = salt.try_into().expect("16 bytes");
        let stretched =
            kdf::stretch(&SecretText::from(password), &salt, cost.parse().expect("a cost")).expect("memory");
        let slot = slot_key(&stretched, &device, &clinic);
        let place = Place { clinic: &clinic, owner: person, kind: Kind::PersonSlot, kdf: Some(&cost) };
        let dek = Key::from_stored(&slot.open(&sealed, &place).expect("the right password")).expect("32 bytes");
        Self { state: StateKeys::of(&device, &clinic), device, slot, dek }
    }
}
