//! Arguments. What a refusal repeats is never a value: it could be a code that somebody put in the wrong place.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use super::answer::Refusal;
use crate::domain::state::Role;
use crate::strings::Text;

/// A command, its options read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Help,
    Version,
    Status,
    Doctor,
    SetupBegin { clinic: String, person: String, support: String },
    SetupConfirm { person: String },
    PeopleList,
    PeopleAdd { name: String, role: Role, manager: String },
    PeopleReset { person: String, manager: String },
    PeopleRemove { person: String, manager: String },
    PeopleRole { person: String, role: Role, manager: String },
    PeopleDayPass { person: String, manager: String },
    EnrolBegin { person: String, number: Option<String> },
    EnrolRenew { person: String, number: Option<String> },
    EnrolConfirm { person: String },
    SmsSend { person: String },
    SmsTest { to: String, manager: String },
    SignIn { person: String, with: With, program: Option<Vec<OsString>> },
    Password { person: String },
    RecoveryRenew { person: String },
    RecoveryKeyRenew { manager: String },
    Recover { manager: Option<String> },
    SettingsShow,
    SettingsSet { pairs: Vec<(String, String)>, password: SmsPassword, manager: String },
    KeySet { change: KeyWord, manager: String },
    KeyCheck { manager: String },
    KeyRotate { manager: String },
    Protect { file: PathBuf, manager: String },
    RemoveOriginal { manager: String },
    AuditExport { file: PathBuf },
    AuditList { person: Option<String>, event: Option<String>, since: Option<i64>, limit: Option<usize> },
    AuditVerify,
    BackupCreate { file: PathBuf },
    BackupRestore { file: PathBuf, manager: Option<String>, rehearsal: Rehearsal },
}

/// Whether a restore is done, or only said what it would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Rehearsal {
    /// Only said: `--dry-run`.
    Only,
    /// Done.
    #[default]
    No,
}

/// Whether the password of the service that sends texts follows on standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SmsPassword {
    /// It stays as it is.
    Kept,
    /// It is the last line of the input.
    Follows,
}

/// Most words after `settings set`.
const MOST_SETTINGS: usize = 64;

/// What is given beside the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum With {
    /// A code from the phone.
    #[default]
    App,
    /// A code from the sheet.
    Recovery,
    /// A code from a text.
    Sms,
}

/// What becomes of the unencrypted original of an encrypted file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Original {
    #[default]
    Kept,
    Removed,
}

/// What is done with the database key; a given one comes from standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyWord {
    Given,
    New,
    None,
}

/// A whole command line.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) command: Command,
    pub(super) json: bool,
    pub(super) data_dir: Option<PathBuf>,
}

/// Options as they came, before the command says which belong to it.
#[derive(Default)]
struct Options {
    words: Vec<String>,
    values: Vec<(&'static str, String)>,
    json: bool,
    with: With,
    rehearsal: Rehearsal,
    original: Original,
    data_dir: Option<PathBuf>,
    program: Option<Vec<OsString>>,
}

/// Options with a value.
const WITH_VALUE: [&str; 12] =
    ["clinic", "person", "support", "event", "since", "limit", "as", "name", "role", "manager", "number", "to"];

/// What people try to pass as an argument, and must not.
const SECRETS: [&str; 12] = [
    "password",
    "pass",
    "new-password",
    "code",
    "otp",
    "pin",
    "recovery-code",
    "spare-code",
    "activation-code",
    "key",
    "recovery-key",
    "secret",
];

/// Reads the arguments after the program's name.
///
/// On a mistake, says whether `--json` had been asked for.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Parsed, (Refusal, bool)> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let json = arguments.iter().take_while(|word| *word != "--").any(|word| word == "--json");
    collect(arguments).and_then(Options::command).map_err(|refusal| (refusal, json))
}

fn collect(arguments: Vec<OsString>) -> Result<Options, Refusal> {
    let mut options = Options::default();
    let before: Vec<OsString> = arguments.iter().take_while(|word| *word != "--").cloned().collect();
    if before.len() < arguments.len() {
        options.program = Some(arguments.into_iter().skip(before.len() + 1).collect());
    }
    let mut parser = Parser::from_args(before);
    while let Some(arg) = parser.next().map_err(|_| usage(Text::new("cli-unreadable")))? {
        match arg {
            Arg::Long("json") => options.json = true,
            Arg::Long("recovery") => options.with = With::Recovery,
            Arg::Long("sms") => options.with = With::Sms,
            Arg::Long("dry-run") => options.rehearsal = Rehearsal::Only,
            Arg::Long("remove-original") => options.original = Original::Removed,
            Arg::Long("help") | Arg::Short('h') => options.words.insert(0, "help".to_owned()),
            Arg::Long("version") | Arg::Short('V') => options.words.insert(0, "version".to_owned()),
            Arg::Long("data-dir") => {
                let value = parser.value().map_err(|_| needs_value("--data-dir"))?;
                options.data_dir = Some(PathBuf::from(value));
            }
            Arg::Long(name) if SECRETS.contains(&name) => return Err(Refusal::new("cli-secret-argument", 2)),
            Arg::Long(name) => {
                // Not repeated, here and below: a code or password that was put here would be shown.
                let Some(known) = WITH_VALUE.into_iter().find(|known| *known == name) else {
                    return Err(usage(Text::new("cli-no-such-option")));
                };
                if options.values.iter().any(|(before, _)| *before == known) {
                    return Err(usage(Text::new("cli-option-twice").with("option", format!("--{known}"))));
                }
                let value = parser.value().ok().and_then(|value| value.string().ok());
                options.values.push((known, value.ok_or_else(|| needs_value(&format!("--{known}")))?));
            }
            Arg::Short(_) => return Err(usage(Text::new("cli-no-such-option"))),
            Arg::Value(word) => options.words.push(word.string().unwrap_or_default()),
        }
    }
    Ok(options)
}

impl Options {
    fn command(mut self) -> Result<Parsed, Refusal> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let (known, allowed): (&[&str], &[&str]) = match words.as_slice() {
            [] | ["help", ..] => (&["help"], &[]),
            ["version", ..] => (&["version"], &[]),
            ["status", ..] => (&["status"], &[]),
            ["doctor", ..] => (&["doctor"], &[]),
            ["setup", "begin", ..] => (&["setup", "begin"], &["clinic", "person", "support"]),
            ["setup", "confirm", ..] => (&["setup", "confirm"], &["person"]),
            ["people", "list", ..] => (&["people", "list"], &[]),
            ["people", "add", ..] => (&["people", "add"], &["name", "role", "as"]),
            ["people", "reset", ..] => (&["people", "reset"], &["person", "as"]),
            ["people", "remove", ..] => (&["people", "remove"], &["person", "as"]),
            ["people", "role", ..] => (&["people", "role"], &["person", "role", "as"]),
            ["people", "day-pass", ..] => (&["people", "day-pass"], &["person", "as"]),
            ["enrol", "begin", ..] => (&["enrol", "begin"], &["person", "number"]),
            ["enrol", "renew", ..] => (&["enrol", "renew"], &["person", "number"]),
            ["enrol", "confirm", ..] => (&["enrol", "confirm"], &["person"]),
            ["sms", "send", ..] => (&["sms", "send"], &["person"]),
            ["sms", "test", ..] => (&["sms", "test"], &["to", "as"]),
            ["sign-in", ..] => (&["sign-in"], &["person"]),
            ["password", ..] => (&["password"], &["person"]),
            ["recovery", "renew", ..] => (&["recovery", "renew"], &["person"]),
            ["recovery-key", "renew", ..] => (&["recovery-key", "renew"], &["as"]),
            ["recover", ..] => (&["recover"], &["manager"]),
            ["settings", "show", ..] => (&["settings", "show"], &[]),
            ["settings", "set", ..] => (&["settings", "set"], &["as"]),
            ["key", "check", ..] => (&["key", "check"], &["as"]),
            ["key", "rotate", ..] => (&["key", "rotate"], &["as"]),
            ["protect", ..] => (&["protect"], &["as"]),
            ["audit", "export", ..] => (&["audit", "export"], &[]),
            ["audit", "list", ..] => (&["audit", "list"], &["person", "event", "since", "limit"]),
            ["audit", "verify", ..] => (&["audit", "verify"], &[]),
            ["backup", "create", ..] => (&["backup", "create"], &[]),
            ["backup", "restore", ..] => (&["backup", "restore"], &["as"]),
            _ => return Err(usage(Text::new("cli-unknown-command"))),
        };
        // Words after the command that are no options: a file, a setting and its value.
        let more = match known {
            ["settings", "set"] => MOST_SETTINGS,
            ["audit", "export"] | ["backup", "create" | "restore"] => 1,
            ["protect"] if self.original == Original::Kept => 1,
            _ => 0,
        };
        if words.len() > known.len() + more && known != ["help"] {
            // Not repeated: a code that was put here would be shown.
            return Err(Refusal::new("cli-secret-argument", 2).but(usage(Text::new("cli-extra-argument")).what));
        }
        if let Some((name, _)) = self.values.iter().find(|(name, _)| !allowed.contains(name)) {
            return Err(usage(Text::new("cli-unknown-option").with("option", format!("--{name}"))));
        }
        let operands: Vec<String> = words.iter().skip(known.len()).map(|word| (*word).to_owned()).collect();
        let sign_in = known == ["sign-in"];
        let alien = match self.with {
            With::App => None,
            With::Recovery => Some("--recovery"),
            With::Sms => Some("--sms"),
        };
        if let Some(option) = alien.filter(|_| !sign_in) {
            return Err(usage(Text::new("cli-unknown-option").with("option", option.to_owned())));
        }
        if self.rehearsal == Rehearsal::Only && known != ["backup", "restore"] {
            return Err(usage(Text::new("cli-unknown-option").with("option", "--dry-run".to_owned())));
        }
        if self.original == Original::Removed && known != ["protect"] {
            return Err(usage(Text::new("cli-unknown-option").with("option", "--remove-original".to_owned())));
        }
        if self.program.is_some() && (!sign_in || self.json || self.program.as_ref().is_some_and(Vec::is_empty)) {
            return Err(usage(Text::new("cli-program-not-here")));
        }
        let command = match known {
            ["status"] => Command::Status,
            ["doctor"] => Command::Doctor,
            ["setup", "begin"] => Command::SetupBegin {
                clinic: self.need("clinic")?,
                person: self.need("person")?,
                support: self.take("support").unwrap_or_default(),
            },
            ["setup", "confirm"] => Command::SetupConfirm { person: self.need("person")? },
            ["version"] => Command::Version,
            ["people", what @ ..] => self.people(what)?,
            ["enrol", "begin"] => Command::EnrolBegin { person: self.need("person")?, number: self.take("number") },
            ["enrol", "renew"] => Command::EnrolRenew { person: self.need("person")?, number: self.take("number") },
            ["enrol", "confirm"] => Command::EnrolConfirm { person: self.need("person")? },
            ["sms", "send"] => Command::SmsSend { person: self.need("person")? },
            ["sms", "test"] => Command::SmsTest { to: self.need("to")?, manager: self.need("as")? },
            ["sign-in"] => {
                Command::SignIn { person: self.need("person")?, with: self.with, program: self.program.take() }
            }
            ["password"] => Command::Password { person: self.need("person")? },
            ["recovery", "renew"] => Command::RecoveryRenew { person: self.need("person")? },
            ["recovery-key", "renew"] => Command::RecoveryKeyRenew { manager: self.need("as")? },
            ["recover"] => Command::Recover { manager: self.take("manager") },
            ["settings", "show"] => Command::SettingsShow,
            ["settings", "set"] => self.settings(&operands)?,
            ["key" | "protect", ..] => self.key(known, &operands)?,
            ["audit", "export"] => Command::AuditExport { file: export_file(&operands)? },
            ["audit", "list"] => Command::AuditList {
                person: self.take("person"),
                event: self.take("event"),
                since: self.take("since").map(|since| time(&since)).transpose()?,
                limit: self.take("limit").map(|limit| number(&limit)).transpose()?,
            },
            ["audit", "verify"] => Command::AuditVerify,
            ["backup", "create"] => Command::BackupCreate { file: backup_file(&operands)? },
            ["backup", "restore"] => Command::BackupRestore {
                file: backup_file(&operands)?,
                manager: self.take("as"),
                rehearsal: self.rehearsal,
            },
            _ => Command::Help,
        };
        // An empty variable is one that is not set.
        let from_environment =
            || std::env::var_os("CLINIC2FA_DATA_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        Ok(Parsed { command, json: self.json, data_dir: self.data_dir.or_else(from_environment) })
    }

    /// Keys and values in turn; the password's key stands alone, at the end.
    fn settings(&mut self, operands: &[String]) -> Result<Command, Refusal> {
        if let [key, word] = operands
            && key == "key"
        {
            return Ok(Command::KeySet { change: key_word(word)?, manager: self.need("as")? });
        }
        let (operands, password) = match operands.split_last() {
            Some((last, before)) if super::sms::is_secret(last) => (before, SmsPassword::Follows),
            Some(_) | None => (operands, SmsPassword::Kept),
        };
        if operands.iter().any(|word| super::sms::is_secret(word)) {
            return Err(Refusal::new("cli-secret-argument", 2));
        }
        let mut pairs = Vec::new();
        for pair in operands.chunks(2) {
            let [key, value] = pair else {
                // One word alone lacks its value; behind others it may be a code, and is not repeated.
                return Err(if pairs.is_empty() {
                    usage(Text::new("cli-missing-option").with("option", "KEY VALUE".to_owned()))
                } else {
                    Refusal::new("cli-secret-argument", 2).but(usage(Text::new("cli-extra-argument")).what)
                });
            };
            pairs.push((key.clone(), value.clone()));
        }
        if pairs.is_empty() && password == SmsPassword::Kept {
            return Err(usage(Text::new("cli-missing-option").with("option", "KEY VALUE".to_owned())));
        }
        Ok(Command::SettingsSet { pairs, password, manager: self.need("as")? })
    }

    fn key(&mut self, known: &[&str], operands: &[String]) -> Result<Command, Refusal> {
        let manager = self.need("as");
        Ok(match (known, self.original, operands) {
            (["key", "check"], ..) => Command::KeyCheck { manager: manager? },
            (["key", ..], ..) => Command::KeyRotate { manager: manager? },
            (_, Original::Removed, _) => Command::RemoveOriginal { manager: manager? },
            (_, Original::Kept, [file]) if !file.is_empty() => {
                Command::Protect { file: file.into(), manager: manager? }
            }
            (_, Original::Kept, _) => {
                return Err(usage(Text::new("cli-missing-option").with("option", "FILE".to_owned())));
            }
        })
    }

    fn people(&mut self, what: &[&str]) -> Result<Command, Refusal> {
        Ok(match what {
            ["add"] => Command::PeopleAdd {
                name: self.need("name")?,
                role: self.take("role").map_or(Ok(Role::Staff), |role| self::role(&role))?,
                manager: self.need("as")?,
            },
            ["reset"] => Command::PeopleReset { person: self.need("person")?, manager: self.need("as")? },
            ["remove"] => Command::PeopleRemove { person: self.need("person")?, manager: self.need("as")? },
            ["role"] => Command::PeopleRole {
                person: self.need("person")?,
                role: role(&self.need("role")?)?,
                manager: self.need("as")?,
            },
            ["day-pass"] => Command::PeopleDayPass { person: self.need("person")?, manager: self.need("as")? },
            _ => Command::PeopleList,
        })
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.values.iter().rposition(|(known, _)| *known == name)?;
        Some(self.values.swap_remove(at).1)
    }

    fn need(&mut self, name: &str) -> Result<String, Refusal> {
        self.take(name).ok_or_else(|| usage(Text::new("cli-missing-option").with("option", format!("--{name}"))))
    }
}

fn usage(what: Text) -> Refusal {
    Refusal::new("cli-usage", 2).but(what)
}

fn needs_value(option: &str) -> Refusal {
    usage(Text::new("cli-missing-value").with("option", option.to_owned()))
}

fn role(text: &str) -> Result<Role, Refusal> {
    let found = [Role::Staff, Role::Manager].into_iter().find(|role| role.name() == text);
    found.ok_or_else(|| usage(Text::new("cli-bad-role")))
}

/// The one operand of `audit export`: its ending says what is written.
fn export_file(operands: &[String]) -> Result<PathBuf, Refusal> {
    let file = operands.first().map(PathBuf::from).unwrap_or_default();
    let known = file
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv") || ending.eq_ignore_ascii_case("jsonl"));
    if known { Ok(file) } else { Err(usage(Text::new("cli-bad-export-file"))) }
}

/// The one operand of `backup create` and `backup restore`.
fn backup_file(operands: &[String]) -> Result<PathBuf, Refusal> {
    let file = operands.first().filter(|file| !file.is_empty());
    file.map(PathBuf::from).ok_or_else(|| usage(Text::new("cli-missing-option").with("option", "FILE".to_owned())))
}

fn time(text: &str) -> Result<i64, Refusal> {
    text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_second).map_err(|_| usage(Text::new("cli-bad-time")))
}

fn number(text: &str) -> Result<usize, Refusal> {
    text.parse().map_err(|_| usage(Text::new("cli-bad-number")))
}

/// Any other word is taken for the key itself, which is not repeated.
fn key_word(word: &str) -> Result<KeyWord, Refusal> {
    match word {
        "given" => Ok(KeyWord::Given),
        "new" => Ok(KeyWord::New),
        "none" => Ok(KeyWord::None),
        _ => Err(Refusal::new("cli-secret-argument", 2).but(Text::new("cli-key-word"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, Refusal> {
        parse(line.split_whitespace().map(OsString::from)).map(|parsed| parsed.command).map_err(|(refusal, _)| refusal)
    }

    #[test]
    fn commands_are_read() {
        assert_eq!(parsed("status --json"), Ok(Command::Status));
        assert_eq!(
            parsed("sign-in --recovery --person msantos"),
            Ok(Command::SignIn { person: "msantos".into(), with: With::Recovery, program: None })
        );
        let program = Some(vec![OsString::from("psql"), OsString::from("--code")]);
        assert_eq!(
            parsed("sign-in --person msantos -- psql --code"),
            Ok(Command::SignIn { person: "msantos".into(), with: With::App, program })
        );
        assert_eq!(
            parsed("audit list --since 2026-03-02T09:00:00Z --limit 5"),
            Ok(Command::AuditList { person: None, event: None, since: Some(1_772_442_000), limit: Some(5) })
        );
        assert_eq!(parsed(""), Ok(Command::Help));
    }

    // C100: a secret as an argument is refused, and no refusal repeats it.
    #[test]
    fn secrets_as_arguments_are_refused_and_not_repeated() {
        for line in [
            "sign-in --person msantos --code 384688",
            "sign-in --person msantos --code=384688",
            "sign-in --person msantos 384688",
            "sign-in --password 384688",
            "password --person msantos --new-password=384688",
            "setup confirm 384688",
            "384688",
            "sign-in --384688",
            "sign-in -384688",
            "settings set sms.password 384688 --as msantos",
            "--json=384688",
        ] {
            let refusal = parsed(line).unwrap_err();
            assert_eq!(refusal.status, 2, "{line}");
            assert!(!refusal.plain().contains("384688") && !refusal.json().contains("384688"), "{line}");
        }
        assert_eq!(parsed("sign-in --person msantos --code 384688").unwrap_err().code, "cli-secret-argument");
    }

    #[test]
    fn options_belong_to_their_command() {
        for line in [
            "status --person x",
            "people list --recovery",
            "sign-in",
            "setup begin --clinic x",
            "audit list --limit x",
            "audit list --since yesterday",
            "people frob",
            "sign-in --person",
            "status -- ls",
            "sign-in --person x --",
            "sign-in --person x --json -- ls",
        ] {
            assert_eq!(parsed(line).unwrap_err().status, 2, "{line}");
        }
    }
}
