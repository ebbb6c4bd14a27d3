//! The database key: kept sealed under the DEK, changed with both keys sealed before anything outside is touched.

use std::path::Path;

use super::{Desk, Failure, Guarded};
use crate::domain::edit::Edit;
use crate::domain::keys::{Key, Kind, Place};
use crate::domain::practice::{Opens, Practice};
use crate::domain::secret::{Secret, SecretText};
use crate::domain::state::{Clinic, DatabaseKey, Role};
use crate::ports::{CipherError, FileState, LoginError, ManagerChange, Protected, StoreError};

/// The longest key that is kept, in bytes: it has to fit into an environment variable and a line.
const LONGEST_KEY: usize = 4096;

/// What is done with the database key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChange {
    /// This one is kept.
    Keep(std::sync::Arc<SecretText>),
    /// A new random one of 256 bits is made and kept, as 64 hexadecimal digits; nobody sees it.
    New,
    /// None is kept any more.
    Forget,
}

/// Why a key was not kept, changed or released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMishap {
    /// None is kept.
    None,
    /// A setting without which it cannot be used is empty.
    Unset(&'static str),
    /// One is kept, and something depends on it.
    StillKept,
    /// It is empty, too long, or has a control character in it.
    Unusable,
    /// A `SQLCipher` key is 64 hexadecimal digits.
    NotHexadecimal,
    /// A key of this kind is not made or changed like that.
    NotThisKind,
}

/// How the key and what it opens stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// A text is kept; nobody can be asked whether it is right.
    Unchecked,
    /// It opens the encrypted file.
    FileOpens,
    /// The file is not encrypted (yet).
    FilePlain,
    /// The server answers, and its administrative login can do what signing in needs.
    Server {
        /// As it calls itself.
        version: String,
        /// Its clock less this computer's, in seconds. Logins go by the server's own, so that this stops nobody.
        clock_off_secs: i64,
    },
}

impl KeyState {
    /// Its word.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            KeyState::Unchecked => "text",
            KeyState::FileOpens => "file",
            KeyState::FilePlain => "file-not-encrypted",
            KeyState::Server { .. } => "server",
        }
    }
}

/// Refuses when a setting without which the key cannot be used is empty.
pub(super) fn needs(practice: &Practice) -> Result<(), Failure> {
    practice.missing().map_or(Ok(()), |key| Err(Failure::Key(KeyMishap::Unset(key))))
}

/// The key that opens the database.
pub(super) fn present(clinic: &Clinic, dek: &Key) -> Result<SecretText, Failure> {
    let sealed = clinic.database_key.present.as_deref().ok_or(Failure::Key(KeyMishap::None))?;
    opened(clinic, dek, sealed, Kind::DatabaseKey)
}

fn opened(clinic: &Clinic, dek: &Key, sealed: &[u8], kind: Kind) -> Result<SecretText, Failure> {
    let place = Place { clinic: &clinic.id, owner: "", kind, kdf: None };
    let secret = dek.open(sealed, &place).map_err(|_| StoreError::Damaged)?;
    let text = std::str::from_utf8(secret.expose()).map_err(|_| StoreError::Damaged)?;
    Ok(SecretText::from(text))
}

/// Whether a text can be the key of a database of that kind.
fn check(opens: Opens, key: &SecretText) -> Result<(), Failure> {
    let text = key.expose();
    let unusable = text.is_empty() || text.len() > LONGEST_KEY || text.chars().any(char::is_control);
    let raw = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match opens {
        _ if unusable => Err(Failure::Key(KeyMishap::Unusable)),
        Opens::Sqlcipher if !raw => Err(Failure::Key(KeyMishap::NotHexadecimal)),
        Opens::Nothing | Opens::Text | Opens::Sqlcipher | Opens::Postgres => Ok(()),
    }
}

impl Desk {
    fn seal_key(&mut self, clinic: &str, key: &SecretText, kind: Kind) -> Result<Vec<u8>, Failure> {
        let place = Place { clinic, owner: "", kind, kdf: None };
        let dek = self.open()?.dek.duplicate();
        Ok(dek.seal(&Secret::new(key.expose().as_bytes().to_vec()), &place, &mut self.dice)?)
    }

    fn new_key(&mut self) -> Result<SecretText, Failure> {
        let key = Key::roll(&mut self.dice)?;
        Ok(SecretText::new(data_encoding::HEXLOWER.encode(key.expose())))
    }

    /// A manager with a fresh code, and the clinic's verified row.
    fn manager(&mut self) -> Result<(String, Clinic), Failure> {
        let (actor, ..) = self.fresh()?;
        let guarded = self.guard_open()?;
        let (clinic, person) = self.store.person(&guarded.keys, &actor)?;
        if person.role != Role::Manager {
            let refused = ManagerChange::DatabaseKey(DatabaseKey::default()).event(&actor, "not-allowed");
            return self.refuse(&guarded, &refused, StoreError::NotAllowed);
        }
        Ok((actor, clinic))
    }

    /// Stores sealed keys; the fresh code goes on counting until the change that it was given for is whole.
    fn store_keys(&mut self, actor: &str, keys: DatabaseKey) -> Result<(), Failure> {
        let guarded = self.guard_open()?;
        let committed = self.store.manage(&guarded.keys, actor, ManagerChange::DatabaseKey(keys), &guarded.now)?;
        self.raise(&guarded, committed).map(drop)
    }

    fn store_settings(&mut self, actor: &str, edit: Edit) -> Result<(), Failure> {
        let guarded = self.guard_open()?;
        let committed = self.store.manage(&guarded.keys, actor, ManagerChange::Settings(edit), &guarded.now)?;
        self.raise(&guarded, committed).map(drop)
    }

    /// Whether other settings would make a kept key useless: a key belongs to one kind of database, and an encrypted
    /// file is lost with its key.
    pub(super) fn check_practice(&mut self, edit: &Edit) -> Result<(), Failure> {
        let (actor, ..) = self.fresh()?;
        let guarded = self.guard_open()?;
        let (clinic, _) = self.store.person(&guarded.keys, &actor)?;
        let present = clinic.settings();
        let (old, new) = (&present.practice, edit.of(&present).practice);
        let kept = clinic.database_key.present.is_some();
        if kept && old.opens != new.opens && old.opens != Opens::Nothing {
            return Err(Failure::Key(KeyMishap::StillKept));
        }
        Ok(())
    }

    /// Keeps, makes or forgets the database key. A manager's fresh code must have been given just before.
    ///
    /// # Errors
    /// [`Failure::Key`], [`StoreError::NotAllowed`]; see [`Failure`].
    pub fn set_key(&mut self, change: &KeyChange) -> Result<(), Failure> {
        let _turn = self.store.key_turn()?;
        let (actor, clinic) = self.manager()?;
        let practice = clinic.settings().practice;
        let present = match change {
            KeyChange::Forget if !practice.sqlcipher_file.is_empty() && clinic.database_key.present.is_some() => {
                return Err(Failure::Key(KeyMishap::StillKept));
            }
            KeyChange::Forget => None,
            KeyChange::Keep(_) | KeyChange::New if practice.opens == Opens::Nothing => {
                return Err(Failure::Key(KeyMishap::Unset("opens")));
            }
            // The only key of an encrypted file is never written over: that is what rotating is for.
            KeyChange::Keep(_) | KeyChange::New
                if practice.opens == Opens::Sqlcipher
                    && !practice.sqlcipher_file.is_empty()
                    && clinic.database_key.present.is_some() =>
            {
                return Err(Failure::Key(KeyMishap::StillKept));
            }
            // A server's administrative login has the password that somebody gave it.
            KeyChange::New if practice.opens == Opens::Postgres => return Err(Failure::Key(KeyMishap::NotThisKind)),
            KeyChange::New => Some(self.new_key()?),
            KeyChange::Keep(key) => {
                check(practice.opens, key)?;
                Some(key.duplicate())
            }
        };
        let present = present.map(|key| self.seal_key(&clinic.id, &key, Kind::DatabaseKey)).transpose()?;
        self.store_keys(&actor, DatabaseKey { present, next: None })?;
        self.spend_fresh();
        Ok(())
    }

    /// Puts another key in the place of the present one, in the database too: a random one, or for a stored text the one
    /// that is given. Both are sealed before, and the old one is forgotten once the new one is seen to work. A manager's
    /// fresh code must have been given just before.
    ///
    /// # Errors
    /// [`Failure::Key`], [`Failure::Login`], [`Failure::Cipher`]; see [`Failure`]. Whichever key the database has is
    /// kept.
    pub fn rotate_key(&mut self, given: Option<&SecretText>) -> Result<(), Failure> {
        self.fresh()?;
        let _turn = self.store.key_turn()?;
        self.settle_in_turn()?;
        let (actor, clinic) = self.manager()?;
        let practice = clinic.settings().practice;
        needs(&practice)?;
        let dek = self.open()?.dek.duplicate();
        let old = present(&clinic, &dek)?;
        let new = match (practice.opens, given) {
            (Opens::Nothing, _) => return Err(Failure::Key(KeyMishap::None)),
            (Opens::Text, None) => return Err(Failure::Key(KeyMishap::NotThisKind)),
            (Opens::Text, Some(given)) => given.duplicate(),
            (Opens::Sqlcipher | Opens::Postgres, _) => self.new_key()?,
        };
        check(practice.opens, &new)?;
        let next = Some(self.seal_key(&clinic.id, &new, Kind::NextDatabaseKey)?);
        self.store_keys(&actor, DatabaseKey { next, ..clinic.database_key.clone() })?;
        self.change_outside(&practice, &old, &new)?;
        let present = Some(self.seal_key(&clinic.id, &new, Kind::DatabaseKey)?);
        self.store_keys(&actor, DatabaseKey { present, next: None })?;
        self.spend_fresh();
        Ok(())
    }

    /// Whether [`Desk::rotate_key`] has to be given the new key.
    ///
    /// # Errors
    /// As [`Desk::rotate_key`].
    pub fn rotation_needs_a_text(&mut self) -> Result<bool, Failure> {
        let (_, clinic) = self.manager()?;
        Ok(clinic.settings().practice.opens == Opens::Text)
    }

    /// Looks whether the key opens what it should, and changes nothing. A manager's fresh code must have been given just
    /// before.
    ///
    /// # Errors
    /// [`Failure::Key`], [`Failure::Login`], [`Failure::Cipher`]; see [`Failure`].
    pub fn check_key(&mut self) -> Result<KeyState, Failure> {
        self.fresh()?;
        self.settle_key()?;
        let (_, clinic) = self.manager()?;
        let practice = clinic.settings().practice;
        needs(&practice)?;
        let key = present(&clinic, &self.open()?.dek.duplicate())?;
        let outside = self.outside()?;
        Ok(match practice.opens {
            Opens::Nothing | Opens::Text => KeyState::Unchecked,
            Opens::Sqlcipher => {
                let file = Path::new(&practice.sqlcipher_file);
                match outside.files.state(&practice.sqlcipher_program, file, &key).map_err(Failure::Cipher)? {
                    FileState::Opens => KeyState::FileOpens,
                    FileState::Plain => KeyState::FilePlain,
                    FileState::Shut => return Err(Failure::Cipher(CipherError::Shut)),
                }
            }
            Opens::Postgres => {
                let seen = outside.logins.look(&practice.postgres, &key).map_err(Failure::Login)?;
                let clock_off_secs = seen.unix_secs.saturating_sub(self.clock.now().unix_secs);
                KeyState::Server { version: seen.version, clock_off_secs }
            }
        })
    }

    /// Changes the key where it is used.
    fn change_outside(&mut self, practice: &Practice, old: &SecretText, new: &SecretText) -> Result<(), Failure> {
        let outside = self.outside()?;
        match practice.opens {
            Opens::Nothing | Opens::Text => Ok(()),
            Opens::Postgres => outside.logins.change_admin(&practice.postgres, old, new).map_err(Failure::Login),
            Opens::Sqlcipher => {
                let (program, file) = (&practice.sqlcipher_program, Path::new(&practice.sqlcipher_file));
                outside.files.rekey(program, file, old, new).map_err(Failure::Cipher)
            }
        }
    }

    /// After a change of key that was not finished: finds out which of the two the database has, and keeps that one.
    ///
    /// While somebody else is at it, that is no unfinished change: forgetting the new key then would lose the database.
    pub(super) fn settle_key(&mut self) -> Result<(), Failure> {
        let person = self.open()?.person.clone();
        let unfinished = {
            let guarded = self.guard_open()?;
            self.store.person(&guarded.keys, &person)?.0.database_key.next.is_some()
        };
        if !unfinished {
            return Ok(());
        }
        let _turn = self.store.key_turn()?;
        self.settle_in_turn()
    }

    fn settle_in_turn(&mut self) -> Result<(), Failure> {
        let (person, dek) = (self.open()?.person.clone(), self.open()?.dek.duplicate());
        let (clinic, practice, next) = {
            let guarded = self.guard_open()?;
            let (clinic, _) = self.store.person(&guarded.keys, &person)?;
            let Some(sealed) = clinic.database_key.next.clone() else { return Ok(()) };
            let next = opened(&clinic, &dek, &sealed, Kind::NextDatabaseKey)?;
            let practice = clinic.settings().practice;
            (clinic, practice, next)
        };
        let old = present(&clinic, &dek)?;
        let key = if self.has(&practice, &next)? {
            next
        } else if self.has(&practice, &old)? {
            old
        } else {
            return Err(match practice.opens {
                Opens::Postgres => Failure::Login(LoginError::AdminRefused),
                Opens::Nothing | Opens::Text | Opens::Sqlcipher => Failure::Cipher(CipherError::Shut),
            });
        };
        let sealed = self.seal_key(&clinic.id, &key, Kind::DatabaseKey)?;
        let guarded: Guarded = self.guard_open()?;
        let keys = DatabaseKey { present: Some(sealed), next: None };
        let committed = self.store.settle_key(&guarded.keys, &person, &clinic.database_key, keys, &guarded.now)?;
        self.raise(&guarded, committed)
    }

    /// Whether the database takes that key.
    fn has(&mut self, practice: &Practice, key: &SecretText) -> Result<bool, Failure> {
        let outside = self.outside()?;
        match practice.opens {
            // Nobody can be asked: the text that was given last is the one that is meant.
            Opens::Nothing | Opens::Text => Ok(true),
            Opens::Postgres => match outside.logins.look(&practice.postgres, key) {
                Ok(_) => Ok(true),
                Err(LoginError::AdminRefused) => Ok(false),
                Err(err) => Err(Failure::Login(err)),
            },
            Opens::Sqlcipher => {
                let file = Path::new(&practice.sqlcipher_file);
                let state = outside.files.state(&practice.sqlcipher_program, file, key).map_err(Failure::Cipher)?;
                Ok(state == FileState::Opens)
            }
        }
    }

    /// Encrypts a file under the database key, which is made if there is none, and sets it as what a sign-in opens. A
    /// manager's fresh code must have been given just before. Interrupted, it is repeated.
    ///
    /// # Errors
    /// [`Failure::Cipher`], [`Failure::Key`]; see [`Failure`].
    pub fn protect(&mut self, file: &Path) -> Result<Protected, Failure> {
        self.fresh()?;
        let _turn = self.store.key_turn()?;
        self.settle_in_turn()?;
        let (actor, clinic) = self.manager()?;
        let mut settings = clinic.settings();
        let practice = &mut settings.practice;
        let name = file.to_str().filter(|_| file.is_absolute()).ok_or(Failure::Cipher(CipherError::NoFile))?;
        let another = !practice.sqlcipher_file.is_empty() && practice.sqlcipher_file != name;
        let other_kind = !matches!(practice.opens, Opens::Nothing | Opens::Sqlcipher);
        if clinic.database_key.present.is_some() && (another || other_kind) {
            return Err(Failure::Key(KeyMishap::StillKept));
        }
        let key = match &clinic.database_key.present {
            Some(_) => present(&clinic, &self.open()?.dek.duplicate())?,
            None => self.new_key()?,
        };
        check(Opens::Sqlcipher, &key)?;
        // The key is safe before anything depends on it.
        if clinic.database_key.present.is_none() {
            let sealed = Some(self.seal_key(&clinic.id, &key, Kind::DatabaseKey)?);
            self.store_keys(&actor, DatabaseKey { present: sealed, next: None })?;
        }
        practice.opens = Opens::Sqlcipher;
        name.clone_into(&mut practice.sqlcipher_file);
        let program = practice.sqlcipher_program.clone();
        if settings != clinic.settings() {
            let edit = Edit::new(clinic.settings(), settings);
            self.store_settings(&actor, edit.clone())?;
            self.choices_changed(&edit);
        }
        let protected = self.outside()?.files.protect(&program, file, &key).map_err(Failure::Cipher)?;
        self.spend_fresh();
        Ok(protected)
    }

    /// Removes the unencrypted original that [`Desk::protect`] kept. A manager's fresh code must have been given just
    /// before.
    ///
    /// # Errors
    /// [`Failure::Cipher`], [`Failure::Key`]; see [`Failure`].
    pub fn remove_original(&mut self) -> Result<(), Failure> {
        let (_, clinic) = self.manager()?;
        let practice = clinic.settings().practice;
        if practice.opens != Opens::Sqlcipher {
            return Err(Failure::Key(KeyMishap::NotThisKind));
        }
        needs(&practice)?;
        let key = present(&clinic, &self.open()?.dek.duplicate())?;
        let file = Path::new(&practice.sqlcipher_file);
        let files = &mut self.outside()?.files;
        files.remove_original(&practice.sqlcipher_program, file, &key).map_err(Failure::Cipher)?;
        self.spend_fresh();
        Ok(())
    }
}
