//! What went wrong with the practice program and the database key.

use super::{Names, Notice, Tone};
use crate::effects::KeyMishap;
use crate::ports::{CipherError, LoginError, ProgramError};
use crate::strings::Text;

pub(super) fn program(err: ProgramError, names: &Names) -> Notice {
    let mut notice = match err {
        ProgramError::NotFound => notice!(Danger, "program-missing"),
        ProgramError::NotAllowed => notice!(Danger, "program-not-allowed"),
        ProgramError::NoFolder => notice!(Danger, "program-folder"),
        ProgramError::StillThere => notice!(Warning, "program-still-there"),
        ProgramError::NoSuchHandover => notice!(Danger, "program-handover"),
        ProgramError::Broken(_) => notice!(Danger, "program-broken"),
    };
    let office = if names.office.is_empty() { Text::new("the-program").get() } else { names.office.clone() };
    notice.what = notice.what.with("office", office.clone());
    notice.todo = notice.todo.with("office", office);
    notice
}

/// What a database server answered.
#[must_use]
pub fn login(err: &LoginError) -> Notice {
    match err {
        LoginError::Unreachable => notice!(Danger, "server-unreachable"),
        LoginError::Certificate => notice!(Danger, "server-certificate"),
        LoginError::NoEncryption => notice!(Danger, "server-no-encryption"),
        LoginError::AdminRefused => notice!(Danger, "server-admin"),
        LoginError::NoDatabase => notice!(Danger, "server-database"),
        LoginError::NoRole => notice!(Danger, "server-role"),
        LoginError::NoRights => notice!(Danger, "server-rights"),
        LoginError::NameTaken => notice!(Danger, "server-name-taken"),
        LoginError::Lost => notice!(Warning, "server-lost"),
        LoginError::Refused(state) => {
            let mut notice = notice!(Danger, "server-refused");
            notice.todo = notice.todo.with("state", state.clone());
            notice
        }
    }
}

pub(super) fn cipher(err: CipherError) -> Notice {
    match err {
        CipherError::NoProgram => notice!(Danger, "cipher-program"),
        CipherError::NoCipher => notice!(Danger, "cipher-other-program"),
        CipherError::NoFile => notice!(Danger, "cipher-no-file"),
        CipherError::NotADatabase => notice!(Danger, "cipher-no-database"),
        CipherError::InUse => notice!(Warning, "cipher-in-use"),
        CipherError::OriginalThere => notice!(Warning, "cipher-original-there"),
        CipherError::Differs => notice!(Danger, "cipher-differs"),
        CipherError::Full => notice!(Danger, "cipher-full"),
        CipherError::NotAllowed => notice!(Danger, "cipher-not-allowed"),
        CipherError::Shut => notice!(Danger, "cipher-shut"),
        CipherError::Broken => notice!(Danger, "cipher-broken"),
    }
}

pub(super) fn key(mishap: KeyMishap) -> Notice {
    match mishap {
        KeyMishap::None => notice!(Warning, "key-none"),
        KeyMishap::Unset(setting) => {
            let mut notice = notice!(Warning, "key-setting");
            notice.what = notice.what.with("setting", setting.to_owned());
            notice
        }
        KeyMishap::StillKept => notice!(Warning, "key-still-kept"),
        KeyMishap::Unusable => notice!(Warning, "key-unusable"),
        KeyMishap::NotHexadecimal => notice!(Warning, "key-not-hexadecimal"),
        KeyMishap::NotThisKind => notice!(Warning, "key-not-this-kind"),
    }
}
