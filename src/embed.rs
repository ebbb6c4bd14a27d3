//! For programs that ask for password and code by themselves: [`open`] signs in and hands out the database key.
//!
//! ```no_run
//! # fn main() -> Result<(), clinic2fa::effects::Failure> {
//! let mut opened = clinic2fa::embed::open(None, "msantos", &"harbour lemon kettle 42".into(), "482913")?;
//! let key: &str = opened.key(); // for a PostgreSQL server the password of `opened.login()`
//! // ... open the database; with a server, call this about once a second for as long as new connections may be made:
//! opened.keep_up();
//! drop(opened); // locks: the key is wiped, the login and its sessions end
//! # Ok(())
//! # }
//! ```
//! A program in another language starts through `clinic2factl sign-in --person ID -- PROGRAM`, or from the window, and
//! finds the key where the clinic's setting `key-by` says.

use std::path::PathBuf;

use crate::adapters::{Config, wire};
use crate::domain::code::Code;
use crate::domain::practice::Opens;
use crate::domain::secret::SecretText;
use crate::domain::verify::{Presented, Verdict};
use crate::effects::{Desk, Failure, KeyMishap, News, Purpose};

/// A database that is open for as long as this lives.
pub struct Opened {
    desk: Desk,
    opens: Opens,
    login: String,
    key: SecretText,
}

/// Signs in on the clinic of a data directory (`None`: the system's own) with a password and a code as typed, and hands
/// out the database key. Rules, waits, locks and log are those of the window.
///
/// # Errors
/// [`Failure::Refused`] when password or code were judged and refused, [`Failure::Key`] when no key is kept, and every
/// other [`Failure`]; the words for each are in [`crate::explain`].
pub fn open(data_dir: Option<PathBuf>, person: &str, password: &SecretText, code: &str) -> Result<Opened, Failure> {
    open_at(wire(&Config { data_dir })?.desk(), person, password, code)
}

/// The same at a desk.
///
/// # Errors
/// As [`open`].
pub fn open_at(mut desk: Desk, person: &str, password: &SecretText, code: &str) -> Result<Opened, Failure> {
    // A text that cannot be a code is no try, and is not judged.
    let code = Code::parse(code).map_err(|_| Failure::NotSignedIn)?;
    let (verdict, _) = desk.sign_in(person, password, &Presented::Code(code), Purpose::Work)?;
    if !matches!(verdict, Verdict::Accepted { .. }) {
        return Err(Failure::Refused(verdict));
    }
    let (practice, login, key) = desk.key_for_this_process()?.ok_or(Failure::Key(KeyMishap::None))?;
    Ok(Opened { desk, opens: practice.opens, login, key })
}

impl Opened {
    /// What it opens.
    #[must_use]
    pub fn opens(&self) -> Opens {
        self.opens
    }

    /// The key: a stored text, 64 hexadecimal digits for `SQLCipher`, or the password of [`Opened::login`].
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.expose()
    }

    /// The login's name on a PostgreSQL server; empty for other kinds.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Keeps a server's login up; never waits. What it could not renew is told once, and once when it could again.
    pub fn keep_up(&mut self) -> Vec<News> {
        self.desk.tick()
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.desk.finish();
    }
}
