//! What signing in opens: the clinic's choices about the practice program, its database, and how the key is passed.
//!
//! Each choice has one text form, used on the command line, in the store and in the window alike.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What kind of thing the database key opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opens {
    /// Nothing: the program is started without a key.
    #[default]
    Nothing,
    /// Whatever takes a stored text.
    Text,
    /// A file encrypted with `SQLCipher`.
    Sqlcipher,
    /// A PostgreSQL server, by a login of this desk's own.
    Postgres,
}

impl Opens {
    /// All of them.
    pub const ALL: [Self; 4] = [Opens::Nothing, Opens::Text, Opens::Sqlcipher, Opens::Postgres];

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Opens::Nothing => "nothing",
            Opens::Text => "text",
            Opens::Sqlcipher => "sqlcipher",
            Opens::Postgres => "postgres",
        }
    }

    /// The environment variable that programs of this kind look into when no other is chosen.
    #[must_use]
    pub fn usual_variable(self) -> &'static str {
        match self {
            Opens::Nothing | Opens::Text | Opens::Sqlcipher => "CLINIC2FA_KEY",
            Opens::Postgres => "PGPASSWORD",
        }
    }
}

/// How the program gets the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum KeyBy {
    /// In an environment variable of the program alone; without a name, the one that programs of the kind look into.
    Environment(Option<String>),
    /// As the one line on its standard input, which then ends.
    Input,
    /// On an open file that it inherits.
    Descriptor,
}

/// What happens to the program when the desk is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AtLock {
    /// It goes on behind the lock screen.
    Keep,
    /// It is asked to close, and after that time made to.
    Close(Duration),
}

/// What happens when the program ends by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtEnd {
    /// The desk is locked.
    #[default]
    Lock,
    /// The signed-in page stays.
    Stay,
}

/// A text that is none of a setting's values, or a value that does not fit the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadChoice;

impl fmt::Display for BadChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a value of this setting")
    }
}

/// The longest grace before a program is made to close: ten minutes.
const LONGEST_GRACE_SECS: u64 = 600;

impl TryFrom<String> for KeyBy {
    type Error = BadChoice;

    fn try_from(text: String) -> Result<Self, BadChoice> {
        match text.split_once(':') {
            None if text == "environment" => Ok(KeyBy::Environment(None)),
            None if text == "input" => Ok(KeyBy::Input),
            None if text == "descriptor" => Ok(KeyBy::Descriptor),
            Some(("environment", name)) if is_variable(name) => Ok(KeyBy::Environment(Some(name.to_owned()))),
            None | Some(_) => Err(BadChoice),
        }
    }
}

/// A name that every system takes for an environment variable (POSIX 8.1).
fn is_variable(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

impl From<KeyBy> for String {
    fn from(by: KeyBy) -> Self {
        match by {
            KeyBy::Environment(None) => "environment".to_owned(),
            KeyBy::Environment(Some(name)) => format!("environment:{name}"),
            KeyBy::Input => "input".to_owned(),
            KeyBy::Descriptor => "descriptor".to_owned(),
        }
    }
}

impl TryFrom<String> for AtLock {
    type Error = BadChoice;

    fn try_from(text: String) -> Result<Self, BadChoice> {
        if text == "keep" {
            return Ok(AtLock::Keep);
        }
        let secs = text.strip_prefix("close:").and_then(|secs| secs.parse::<u64>().ok()).ok_or(BadChoice)?;
        if secs > LONGEST_GRACE_SECS { Err(BadChoice) } else { Ok(AtLock::Close(Duration::from_secs(secs))) }
    }
}

impl From<AtLock> for String {
    fn from(at: AtLock) -> Self {
        match at {
            AtLock::Keep => "keep".to_owned(),
            AtLock::Close(grace) => format!("close:{}", grace.as_secs()),
        }
    }
}

impl AtEnd {
    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AtEnd::Lock => "lock",
            AtEnd::Stay => "stay",
        }
    }
}

/// Where a PostgreSQL server is, and as whom it is administered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// Its name or address, or the folder of its socket.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The practice program's database.
    pub database: String,
    /// The login that makes and ends this desk's login.
    pub admin: String,
    /// The role whose rights the practice program needs: the desk's login becomes its member.
    pub role: String,
    /// A file with the certificate that signed the server's; empty for those that the system trusts.
    pub certificate: String,
}

impl Default for Server {
    fn default() -> Self {
        let (host, database, admin, role, certificate) = Default::default();
        Self { host, port: 5432, database, admin, role, certificate }
    }
}

impl Server {
    /// Whether nothing leaves this computer on the way to it: a socket's folder, or a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let loopback = self.host.parse::<core::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        self.is_socket() || loopback || self.host == "localhost"
    }

    /// Whether it is reached by a socket in the file system.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }
}

/// Everything a clinic chooses about it. Stored inside [`super::state::Settings`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Practice {
    /// What the key opens.
    pub opens: Opens,
    /// The program that a sign-in starts, a whole path; empty for none.
    pub start_program: String,
    /// Its arguments. Never the key.
    pub start_arguments: Vec<String>,
    /// Its working folder; empty for its own.
    pub start_folder: String,
    /// How it gets the key.
    pub key_by: KeyBy,
    /// What happens to it at a lock.
    pub at_lock: AtLock,
    /// What happens when it ends.
    pub at_end: AtEnd,
    /// The encrypted file.
    pub sqlcipher_file: String,
    /// The `sqlcipher` program.
    pub sqlcipher_program: String,
    /// The PostgreSQL server.
    pub postgres: Server,
}

impl Default for Practice {
    fn default() -> Self {
        Self {
            opens: Opens::Nothing,
            start_program: String::new(),
            start_arguments: Vec::new(),
            start_folder: String::new(),
            key_by: KeyBy::Environment(None),
            at_lock: AtLock::Close(Duration::from_secs(10)),
            at_end: AtEnd::Lock,
            sqlcipher_file: String::new(),
            sqlcipher_program: "sqlcipher".to_owned(),
            postgres: Server::default(),
        }
    }
}

/// The names of the settings, in the order in which they are shown.
pub const KEYS: [&str; 15] = [
    "opens",
    "start-program",
    "start-arguments",
    "start-folder",
    "key-by",
    "at-lock",
    "at-end",
    "sqlcipher-file",
    "sqlcipher-program",
    "postgres-host",
    "postgres-port",
    "postgres-database",
    "postgres-admin",
    "postgres-role",
    "postgres-certificate",
];

impl Practice {
    /// A setting as text; `None` for a name that is no setting's.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        let server = &self.postgres;
        Some(match key {
            "opens" => self.opens.name().to_owned(),
            "start-program" => self.start_program.clone(),
            "start-arguments" => joined(&self.start_arguments),
            "start-folder" => self.start_folder.clone(),
            "key-by" => self.key_by.clone().into(),
            "at-lock" => self.at_lock.into(),
            "at-end" => self.at_end.name().to_owned(),
            "sqlcipher-file" => self.sqlcipher_file.clone(),
            "sqlcipher-program" => self.sqlcipher_program.clone(),
            "postgres-host" => server.host.clone(),
            "postgres-port" => server.port.to_string(),
            "postgres-database" => server.database.clone(),
            "postgres-admin" => server.admin.clone(),
            "postgres-role" => server.role.clone(),
            "postgres-certificate" => server.certificate.clone(),
            _ => return None,
        })
    }

    /// Sets one from its text.
    ///
    /// # Errors
    /// [`BadChoice`] for a value that the setting does not have, and for a name that is no setting's.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), BadChoice> {
        let value = value.trim();
        if value.chars().any(char::is_control) {
            return Err(BadChoice);
        }
        let text = value.to_owned();
        match key {
            "opens" => self.opens = Opens::ALL.into_iter().find(|opens| opens.name() == value).ok_or(BadChoice)?,
            "start-program" => self.start_program = whole_path(text)?,
            "start-arguments" => self.start_arguments = split(value)?,
            "start-folder" => self.start_folder = whole_path(text)?,
            "key-by" => self.key_by = text.try_into()?,
            "at-lock" => self.at_lock = text.try_into()?,
            "at-end" => {
                self.at_end = [AtEnd::Lock, AtEnd::Stay].into_iter().find(|at| at.name() == value).ok_or(BadChoice)?;
            }
            "sqlcipher-file" => self.sqlcipher_file = whole_path(text)?,
            "sqlcipher-program" if value.is_empty() => return Err(BadChoice),
            "sqlcipher-program" => self.sqlcipher_program = text,
            "postgres-host" => self.postgres.host = text,
            "postgres-port" => self.postgres.port = value.parse().ok().filter(|port| *port > 0).ok_or(BadChoice)?,
            "postgres-database" => self.postgres.database = text,
            "postgres-admin" => self.postgres.admin = text,
            "postgres-role" => self.postgres.role = text,
            "postgres-certificate" => self.postgres.certificate = whole_path(text)?,
            _ => return Err(BadChoice),
        }
        Ok(())
    }

    /// Whether a program is to be started at all.
    #[must_use]
    pub fn starts_something(&self) -> bool {
        !self.start_program.is_empty()
    }

    /// The environment variable for a key that is passed so.
    #[must_use]
    pub fn variable(&self) -> &str {
        match &self.key_by {
            KeyBy::Environment(Some(name)) => name,
            KeyBy::Environment(None) | KeyBy::Input | KeyBy::Descriptor => self.opens.usual_variable(),
        }
    }

    /// The first setting without which the key could not be used, where one is missing.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        let server = &self.postgres;
        let needed: &[(&'static str, &str)] = match self.opens {
            Opens::Nothing | Opens::Text => &[],
            Opens::Sqlcipher => &[("sqlcipher-file", &self.sqlcipher_file)],
            Opens::Postgres => &[
                ("postgres-host", &server.host),
                ("postgres-database", &server.database),
                ("postgres-admin", &server.admin),
                ("postgres-role", &server.role),
            ],
        };
        needed.iter().find(|(_, value)| value.is_empty()).map(|(key, _)| *key)
    }

    /// What happens to the program at a lock. A server's sessions end then, so a program that lives on them is closed.
    #[must_use]
    pub fn closing(&self) -> AtLock {
        match (self.opens, self.at_lock) {
            (Opens::Postgres, AtLock::Keep) => Self::default().at_lock,
            (Opens::Nothing | Opens::Text | Opens::Sqlcipher | Opens::Postgres, at_lock) => at_lock,
        }
    }
}

/// A path from the top, or nothing: one that depends on where a program was started could mean another file.
fn whole_path(text: String) -> Result<String, BadChoice> {
    if text.is_empty() || std::path::Path::new(&text).is_absolute() { Ok(text) } else { Err(BadChoice) }
}

/// Words at blanks; double quotes hold a word with blanks together, and two in them are one.
fn split(line: &str) -> Result<Vec<String>, BadChoice> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                word.get_or_insert_default().push('"');
            }
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    if quoted { Err(BadChoice) } else { Ok(words) }
}

/// The same words as one line.
fn joined(words: &[String]) -> String {
    let quote = |word: &String| {
        let plain = !word.is_empty() && !word.contains([' ', '"']);
        if plain { word.clone() } else { format!("\"{}\"", word.replace('"', "\"\"")) }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_comes_back_as_it_was_set() {
        let mut practice = Practice::default();
        let path = if cfg!(windows) { "C:\\office\\office" } else { "/opt/office" };
        let values = [
            ("opens", "postgres"),
            ("start-program", path),
            ("start-arguments", r#"--desk "front desk" "" "say ""hi""""#),
            ("start-folder", path),
            ("key-by", "environment:OFFICE_KEY"),
            ("at-lock", "close:5"),
            ("at-end", "stay"),
            ("sqlcipher-file", path),
            ("sqlcipher-program", "sqlcipher3"),
            ("postgres-host", "db.clinic.example"),
            ("postgres-port", "5433"),
            ("postgres-database", "office"),
            ("postgres-admin", "desks"),
            ("postgres-role", "office_users"),
            ("postgres-certificate", path),
        ];
        assert_eq!(values.map(|(key, _)| key), KEYS);
        for (key, value) in values {
            practice.set(key, value).unwrap();
            assert_eq!(practice.get(key).as_deref(), Some(value), "{key}");
        }
        assert_eq!(practice.start_arguments, ["--desk", "front desk", "", "say \"hi\""]);
        let stored = serde_json::to_string(&practice).unwrap();
        assert_eq!(serde_json::from_str::<Practice>(&stored).unwrap(), practice);
    }

    #[test]
    fn what_no_setting_has_is_refused_and_changes_nothing() {
        let wrong = [
            ("opens", "oracle"),
            ("start-program", "office"),
            ("start-arguments", "\"open"),
            ("start-folder", "here"),
            ("key-by", "argument"),
            ("key-by", "environment:"),
            ("key-by", "environment:A=B"),
            ("key-by", "environment:1A"),
            ("at-lock", "close"),
            ("at-lock", "close:601"),
            ("at-lock", "close:-1"),
            ("at-end", "restart"),
            ("sqlcipher-program", ""),
            ("postgres-port", "0"),
            ("postgres-port", "65536"),
            ("postgres-host", "a\nb"),
            ("postgres-password", "x"),
        ];
        for (key, value) in wrong {
            let mut practice = Practice::default();
            assert_eq!(practice.set(key, value), Err(BadChoice), "{key} {value}");
            assert_eq!(practice, Practice::default(), "{key} {value}");
        }
    }

    #[test]
    fn only_what_stays_on_this_computer_is_local() {
        let at = |host: &str| Server { host: host.to_owned(), ..Server::default() };
        assert!(["/run/postgresql", "127.0.0.1", "127.8.0.1", "::1", "localhost"].map(at).iter().all(Server::is_local));
        let far = ["192.168.1.4", "db.clinic.example", "localhost.clinic.example", "10.0.0.1", ""];
        assert!(!far.map(at).iter().any(Server::is_local));
    }

    #[test]
    fn a_program_on_a_server_whose_sessions_end_is_closed() {
        let mut practice = Practice { at_lock: AtLock::Keep, ..Practice::default() };
        assert_eq!(practice.closing(), AtLock::Keep);
        practice.opens = Opens::Postgres;
        assert_eq!(practice.closing(), AtLock::Close(Duration::from_secs(10)));
    }
}
