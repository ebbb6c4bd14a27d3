//! What signing in opens: the settings, the key, an encrypted file, and a program that is started with its key.

use std::ffi::OsString;
use std::path::Path;

use serde_json::json;

use super::answer::{Answer, Refusal};
use super::args::KeyWord;
use super::commands::for_a_change;
use super::input::Input;
use crate::domain::practice::Practice;
use crate::effects::{Desk, Failure, KeyChange, KeyState};
use crate::ports::{Ending, ProgramError, Protected};
use crate::strings::Text;

/// Sets one of the practice program's settings.
pub(super) fn set(practice: &mut Practice, key: &str, value: &str) -> Result<(), Refusal> {
    let bad = |what: &'static str| Refusal::new("cli-setting", 2).but(Text::new(what));
    if practice.get(key).is_none() {
        return Err(bad("cli-setting-unknown"));
    }
    practice.set(key, value).map_err(|_| {
        bad(match key {
            "opens" => "cli-setting-opens",
            "start-arguments" => "cli-setting-arguments",
            "key-by" => "cli-setting-key-by",
            "at-lock" => "cli-setting-at-lock",
            "at-end" => "cli-setting-at-end",
            "postgres-port" => "cli-setting-port",
            "start-program" | "start-folder" | "sqlcipher-file" | "postgres-certificate" => "cli-setting-path",
            _ => "cli-setting-value",
        })
    })
}

pub(super) fn key_set(desk: &mut Desk, input: &mut Input, word: KeyWord, manager: &str) -> Result<Answer, Refusal> {
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let change = match word {
        KeyWord::Given => KeyChange::Keep(input.secret(&Text::new("cli-ask-key"))?.into()),
        KeyWord::New => KeyChange::New,
        KeyWord::None => KeyChange::Forget,
    };
    desk.set_key(&change)?;
    Ok(Answer::done())
}

pub(super) fn key_check(desk: &mut Desk, input: &mut Input, manager: &str) -> Result<Answer, Refusal> {
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let state = desk.check_key()?;
    let (plain, version, off) = match &state {
        KeyState::Unchecked => (Text::new("cli-key-unchecked").get(), None, None),
        KeyState::FileOpens => (Text::new("cli-key-file-opens").get(), None, None),
        KeyState::FilePlain => (Text::new("cli-key-file-plain").get(), None, None),
        KeyState::Server { version, clock_off_secs } => {
            let off = *clock_off_secs;
            let mut plain = Text::new("cli-key-server").with("version", version.clone()).get();
            // Two clocks that are read one after the other differ by a second.
            if off.unsigned_abs() > 1 {
                let clock = if off > 0 { "cli-key-server-ahead" } else { "cli-key-server-behind" };
                let secs = i64::try_from(off.unsigned_abs()).unwrap_or(i64::MAX);
                plain = format!("{plain} {}", Text::new(clock).with("seconds", secs).get());
            }
            (plain, Some(version.clone()), Some(off))
        }
    };
    let object = json!({"opens": state.name(), "server_version": version, "server_clock_off_secs": off});
    Ok(Answer::new(&object, plain))
}

pub(super) fn key_rotate(desk: &mut Desk, input: &mut Input, manager: &str) -> Result<Answer, Refusal> {
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    let given = if desk.rotation_needs_a_text()? { Some(input.secret(&Text::new("cli-ask-key"))?) } else { None };
    desk.rotate_key(given.as_ref())?;
    Ok(Answer::new(&json!({}), Text::new("cli-key-rotated").get()))
}

pub(super) fn protect(desk: &mut Desk, input: &mut Input, file: &Path, manager: &str) -> Result<Answer, Refusal> {
    // The whole path is what is kept: the program may be started from anywhere.
    let file = std::path::absolute(file).map_err(|_| Failure::Cipher(crate::ports::CipherError::NoFile))?;
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    Ok(match desk.protect(&file)? {
        Protected::Already => Answer::new(&json!({"protected": "already"}), Text::new("cli-protected-already").get()),
        Protected::Now { tables, rows, original } => {
            let original = original.display().to_string();
            let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
            let plain = Text::new("cli-protected")
                .with("rows", count(rows))
                .with("tables", count(tables))
                .with("original", original.clone());
            let object = json!({"protected": "now", "tables": tables, "rows": rows, "original": original});
            Answer::new(&object, plain.get())
        }
    })
}

pub(super) fn remove_original(desk: &mut Desk, input: &mut Input, manager: &str) -> Result<Answer, Refusal> {
    if let Err(refused) = for_a_change(desk, input, manager)? {
        return Ok(refused);
    }
    desk.remove_original()?;
    Ok(Answer::done())
}

/// Starts the program that a sign-in was for, with the key as the clinic chose to pass it, and waits for its end; its exit
/// status.
pub(super) fn start(desk: &mut Desk, program: &[OsString]) -> Result<u8, Refusal> {
    let (name, arguments) = program.split_first().ok_or_else(|| Refusal::new("cli-usage", 2))?;
    if let Err(failure) = desk.start_given(name, arguments) {
        let named = matches!(
            failure,
            Failure::Program(ProgramError::NotFound | ProgramError::NotAllowed | ProgramError::Broken(_))
        );
        return Err(if named { Refusal::new("cli-program", 4) } else { failure.into() });
    }
    let status = match desk.wait_for_end() {
        Ending::Status(status) => status & 0xff,
        // As shells say it.
        Ending::Signal(signal) => 128 + signal,
    };
    Ok(u8::try_from(status).unwrap_or(128))
}
