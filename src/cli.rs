//! `clinic2factl`: the command line, for the clinic's IT helper, for roll-out scripts and for tests from outside.
//!
//! It drives the same desk as the window and obeys the same rules, waits, locks and log. Secrets come from standard
//! input, one a line, or from prompts without echo; as an argument they are refused.
#![doc = include_str!("cli/errors.md")]

mod answer;
mod args;
mod backup;
mod commands;
mod doctor;
mod input;
mod people;
mod practice;
mod sms;

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use self::answer::{Answer, Refusal};
use self::args::Command;
use crate::adapters::{Config, system_clock, wire};
use crate::journal::{self, Note, Word};
use crate::ports::Clock;
use crate::strings::Text;

/// Runs one command; the exit status.
///
/// 0 done or accepted, 1 refused, 2 usage or a text that cannot be a code, 3 must wait or locked, 4 cannot decide,
/// 5 not allowed for this person or in this state. With a program to start: the program's own, or 120 and ours.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    journal::panics_tell_only_their_place(|place| complain(&Text::new("cli-stopped").with("place", place).get()));
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let starts_a_program = arguments.iter().any(|word| word == "--");
    let parsed = match args::parse(arguments) {
        Ok(parsed) => parsed,
        Err((refusal, json)) => {
            let status = tell(&Err(refusal), json);
            return if starts_a_program { OURS + status } else { status };
        }
    };
    let json = parsed.json;
    if parsed.command == Command::Help {
        return tell(&Ok(Answer::help()), json);
    }
    if parsed.command == Command::Version {
        return tell(&Ok(Answer::version()), json);
    }
    let run = Run::begun(&parsed.command);
    if let Command::SignIn { program: Some(program), person, with } = &parsed.command {
        return start_program(&parsed, (person, *with), program, &run);
    }
    let mut input = input::Input::new();
    let mut told = false;
    let mut show = |answer: &Answer| {
        written_for_somebody()?;
        write(answer, json)?;
        told = true;
        Ok(())
    };
    let wired = wire(&Config { data_dir: parsed.data_dir.clone() }).map_err(Refusal::from);
    let outcome = match &wired {
        Ok(wired) => commands::perform(&parsed.command, wired, &mut input, &mut show),
        Err(refusal) => Err(refusal.clone()),
    };
    let code = outcome.as_ref().err().map(|refusal| refusal.code);
    let mut shown = None;
    let status = match outcome {
        // Secrets were written already, before what they belong to was stored.
        Ok(Answer::Told(what)) => {
            shown = Some(what);
            0
        }
        // They could not be stored after all. Standard output has its one object, so this goes to the other.
        Err(refusal) if told => {
            let taken_back = Text::new("cli-taken-back").get();
            complain(&format!("{taken_back} {}", refusal.plain()));
            refusal.status
        }
        outcome => tell(&outcome, json),
    };
    run.ended(status, code);
    if let (0, Ok(wired)) = (status, &wired) {
        backup::after(&parsed.command, shown, wired);
    }
    status
}

/// A command that runs, for the support log.
struct Run {
    command: Word,
    clock: Arc<dyn Clock>,
    begun: Duration,
}

impl Run {
    fn begun(command: &Command) -> Self {
        let clock = system_clock();
        Self { command: Word::name_of(command), begun: clock.now().boot.since_start, clock }
    }

    fn ended(&self, status: u8, code: Option<&'static str>) {
        let took = self.clock.now().boot.since_start.saturating_sub(self.begun);
        journal::note(&Note::Ran { command: self.command.clone(), status, code, took });
    }
}

/// With a program to start, our refusals begin after this.
const OURS: u8 = 120;

/// Signs in, then starts the program; it ends with the program's own status.
fn start_program(parsed: &args::Parsed, (person, with): (&str, args::With), program: &[OsString], run: &Run) -> u8 {
    let mut input = input::Input::new();
    let signed_in = wire(&Config { data_dir: parsed.data_dir.clone() }).map_err(Refusal::from).and_then(|wired| {
        let mut desk = wired.desk();
        commands::sign_in(&mut desk, &mut input, person, with).map(|answer| (answer, desk, wired))
    });
    let code = signed_in.as_ref().err().map(|refusal| refusal.code);
    run.ended(signed_in.as_ref().map_or_else(|refusal| refusal.status, |(answer, ..)| answer.status()), code);
    let status = match signed_in {
        Ok((answer, mut desk, wired)) if answer.status() == 0 => {
            let backup = backup::beside(wired);
            let status =
                practice::start(&mut desk, program).unwrap_or_else(|refusal| OURS + tell(&Err(refusal), false));
            // It was over long ago, unless the program was.
            backup.map(std::thread::JoinHandle::join);
            return status;
        }
        other => tell(&other.map(|(answer, ..)| answer), false),
    };
    OURS + status
}

fn tell(outcome: &Result<Answer, Refusal>, json: bool) -> u8 {
    let (written, status) = match outcome {
        Ok(answer) => (write(answer, json), answer.status()),
        Err(refusal) if json => (line(&mut std::io::stdout().lock(), &refusal.json()), refusal.status),
        Err(refusal) => (line(&mut std::io::stderr().lock(), &refusal.plain()), refusal.status),
    };
    match (written, outcome) {
        // The null device takes everything: nobody has read this either.
        (Ok(()), Err(refusal)) if json && refusal.code == "cli-not-written" => {
            complain(&refusal.plain());
            status
        }
        (Ok(()), _) => status,
        // Nobody reads the answer any more: the status still says it, and standard error when there is something to do.
        (Err(_), Ok(_)) => {
            if status == 0 {
                4
            } else {
                status
            }
        }
        (Err(_), Err(refusal)) => {
            if json {
                complain(&refusal.plain());
            }
            status
        }
    }
}

/// Says something on standard error; where that is gone, too, the exit status has to do.
fn complain(text: &str) {
    drop(line(&mut std::io::stderr().lock(), text));
}

/// Fails when standard output is the null device: started without one, or sent there. Secrets that are shown once
/// would be gone.
fn written_for_somebody() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let null = std::fs::metadata("/dev/null")?;
        let out =
            std::os::fd::AsFd::as_fd(&std::io::stdout()).try_clone_to_owned().map(std::fs::File::from)?.metadata()?;
        if out.file_type().is_char_device() && out.rdev() == null.rdev() {
            return Err(std::io::ErrorKind::NotConnected.into());
        }
    }
    Ok(())
}

/// Writes an answer and makes sure that it went out.
fn write(answer: &Answer, json: bool) -> std::io::Result<()> {
    if json {
        line(&mut std::io::stdout().lock(), &answer.json())
    } else if answer.status() == 0 {
        line(&mut std::io::stdout().lock(), &answer.plain())
    } else {
        line(&mut std::io::stderr().lock(), &answer.plain())
    }
}

fn line(to: &mut impl Write, text: &str) -> std::io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.write_all(b"\n")?;
    to.flush()
}
