//! The `sqlcipher` program: told everything on its standard input.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::domain::secret::SecretText;
use crate::ports::CipherError;

/// A `sqlcipher` that was seen to encrypt.
pub(super) struct Shell(String);

/// What it read at its start, before our commands: nothing.
const NO_START_FILE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

impl Shell {
    /// The program of that name or path. Another SQLite shell would take the key and write a file that anybody can
    /// read.
    pub(super) fn new(program: &str) -> Result<Self, CipherError> {
        let shell = Self(program.to_owned());
        let version = shell.run(Path::new(":memory:"), &SecretText::from("PRAGMA cipher_version;\n"))?;
        if version.trim().is_empty() { Err(CipherError::NoCipher) } else { Ok(shell) }
    }

    /// Runs commands on a file; what they wrote.
    pub(super) fn run(&self, file: &Path, commands: &SecretText) -> Result<String, CipherError> {
        let mut child = Command::new(&self.0)
            .args(["-batch", "-bail", "-init", NO_START_FILE])
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|_| CipherError::NoProgram)?;
        if let Some(mut input) = child.stdin.take() {
            // One that ended early says so by its status.
            input.write_all(commands.expose().as_bytes()).ok();
        }
        let output = child.wait_with_output().map_err(|_| CipherError::Broken)?;
        if output.status.success() {
            return String::from_utf8(output.stdout).map_err(|_| CipherError::Broken);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(if said.contains("not a database") {
            CipherError::Shut
        } else if said.contains("locked") {
            CipherError::InUse
        } else if said.contains("full") {
            CipherError::Full
        } else if said.contains("unable to open") || said.contains("readonly") {
            CipherError::NotAllowed
        } else {
            CipherError::Broken
        })
    }

    /// Whether the key opens the file.
    pub(super) fn opens(&self, file: &Path, key: &SecretText) -> Result<bool, CipherError> {
        let commands = format!("PRAGMA key = {};\nSELECT count(*) FROM sqlite_master;\n", raw(key).expose());
        match self.run(file, &SecretText::new(commands)) {
            Ok(_) => Ok(true),
            Err(CipherError::Shut) => Ok(false),
            Err(err) => Err(err),
        }
    }

    /// Encrypts the file anew, in one transaction.
    pub(super) fn rekey(&self, file: &Path, old: &SecretText, new: &SecretText) -> Result<(), CipherError> {
        let commands = format!(
            "PRAGMA key = {};\nSELECT count(*) FROM sqlite_master;\nPRAGMA rekey = {};\n",
            raw(old).expose(),
            raw(new).expose()
        );
        self.run(file, &SecretText::new(commands)).map(drop)
    }
}

/// A key of 256 bits as it is, without being stretched: `"x'…'"`.
pub(super) fn raw(key: &SecretText) -> SecretText {
    SecretText::new(format!("\"x'{}'\"", key.expose()))
}

/// A text in an SQL command.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name in an SQL command.
pub(super) fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
