//! A clinic that was set up, and the phone of its manager.

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;

use clinic2fa::domain::secret::Secret;
use clinic2fa::domain::totp::{Seed, code_at};
use serde_json::Value;
use tempfile::TempDir;

use crate::desk::{Ctl, Desk, unix_secs, until};

pub(crate) const PASSWORD: &str = "quarter lantern mosaic";
pub(crate) const BEGIN: &str = "setup begin --clinic 'Oak Tree Surgery' --person 'Maria Santos'";

/// A data directory and the program on it.
pub(crate) struct Place<'a> {
    pub(crate) ctl: Ctl<'a>,
    _dir: TempDir,
}

/// A folder that does not exist yet.
pub(crate) fn place(desk: &Desk) -> Place<'_> {
    let dir = TempDir::new().expect("a folder");
    Place { ctl: desk.ctl(&dir.path().join("data")), _dir: dir }
}

/// A phone with one entry.
pub(crate) struct Phone {
    pub(crate) secret: String,
    seed: Seed,
    /// The newest step whose code was given away.
    last: Cell<u64>,
}

impl Phone {
    /// As scanned: the URI and the key by hand must be the same.
    #[track_caller]
    pub(crate) fn of(offer: &Value) -> Self {
        let secret = offer["secret"].as_str().expect("a key").to_owned();
        let uri = offer["uri"].as_str().expect("a URI");
        assert!(uri.starts_with("otpauth://totp/ClinicOffice:"), "{uri}");
        assert!(uri.contains(&format!("?secret={secret}&issuer=ClinicOffice")), "{uri}");
        let raw = data_encoding::BASE32.decode(secret.as_bytes()).expect("base32");
        assert_eq!(raw.len(), 20, "160 bits");
        Self { secret, seed: Seed::from_stored(Secret::new(raw)).expect("a seed"), last: Cell::new(0) }
    }

    /// A code that was not given away yet. When all that count have been, waits for the next to begin to count.
    pub(crate) fn code(&self) -> String {
        // A code of the step before counts, but not if that step ends before the program has stretched the password.
        const LONG_ENOUGH: u64 = 12;
        let (now, into) = (unix_secs() / 30, unix_secs() % 30);
        let earliest = if into < 30 - LONG_ENOUGH { now - 1 } else { now };
        let step = earliest.max(self.last.get() + 1);
        until("a step's code to count", 40, || step <= unix_secs() / 30 + 1);
        self.last.set(step);
        code_at(&self.seed, step)
    }

    /// The code given away last.
    pub(crate) fn same_code(&self) -> String {
        code_at(&self.seed, self.last.get())
    }

    pub(crate) fn code_at(&self, step: u64) -> String {
        code_at(&self.seed, step)
    }

    /// Six digits that are no code of this hour.
    pub(crate) fn wrong_code(&self) -> String {
        let now = unix_secs() / 30;
        let right: Vec<String> = (now - 60..now + 60).map(|step| self.code_at(step)).collect();
        (0..).map(|n| format!("{:06}", 111_111 + n)).find(|code| !right.contains(code)).expect("one is free")
    }
}

/// An active clinic.
pub(crate) struct Clinic<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) phone: Phone,
    pub(crate) spares: Vec<String>,
    pub(crate) key: String,
}

impl<'a> Clinic<'a> {
    /// Set up in a folder of its own.
    #[track_caller]
    pub(crate) fn set_up(desk: &'a Desk) -> Self {
        Self::set_up_in(place(desk))
    }

    #[track_caller]
    pub(crate) fn set_up_in(place: Place<'a>) -> Self {
        let phone = Phone::of(&place.ctl.done(BEGIN, &[PASSWORD]));
        let sheets = place.ctl.done("setup confirm --person msantos", &[PASSWORD, &phone.code()]);
        let key = sheets["recovery_key"].as_str().expect("a key").to_owned();
        Self { place, phone, spares: spares(&sheets), key }
    }

    pub(crate) fn ctl(&self) -> &Ctl<'a> {
        &self.place.ctl
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.ctl().data_dir.join("state.db")
    }

    /// The keychain items' id.
    pub(crate) fn keychain_id(&self) -> String {
        rusqlite::Connection::open(self.database())
            .and_then(|db| db.query_row("SELECT keychain_id FROM clinic", [], |row| row.get(0)))
            .expect("an id")
    }

    #[track_caller]
    pub(crate) fn signs_in(&self) -> Value {
        self.ctl().judged("sign-in --person msantos", &[PASSWORD, &self.phone.code()], 0, "accepted")
    }

    /// With spare code `number` of the sheet.
    #[track_caller]
    pub(crate) fn signs_in_by_spare(&self, number: usize) -> Value {
        let spare = &self.spares[number - 1];
        self.ctl().judged("sign-in --recovery --person msantos", &[PASSWORD, spare], 0, "accepted")
    }

    /// How many entries the log has.
    #[track_caller]
    pub(crate) fn entries(&self) -> usize {
        self.ctl().done("audit list", &[])["events"].as_array().expect("a list").len()
    }

    /// The whole database, to be put back later.
    pub(crate) fn copy(&self) -> Vec<u8> {
        assert!(!self.ctl().data_dir.join("state.db-wal").exists(), "everything is in the file itself");
        fs::read(self.database()).expect("the database")
    }
}

#[track_caller]
pub(crate) fn spares(sheets: &Value) -> Vec<String> {
    let codes = sheets["recovery_codes"].as_array().expect("codes");
    assert_eq!(codes.len(), 10);
    codes.iter().map(|code| code.as_str().expect("text").to_owned()).collect()
}
