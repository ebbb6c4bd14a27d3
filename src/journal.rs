//! The support log's lines: what the program did, in words that hold nobody's secret.
//!
//! A line is made of fixed words, numbers and places in our own source, never of a text that somebody typed: there is no
//! way to write one into a [`Note`]. What people do is the audit log's, which is in the database; this is for whoever
//! has to find out why the program did not start, or was slow. [`note`] goes nowhere until [`to`] has said where, so
//! tests write nothing. What libraries have to say (`RUST_LOG`) goes nowhere at all.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

/// A request that takes longer is worth a line.
const SLOW: Duration = Duration::from_secs(2);

/// Letters of a request's or library's words that are kept.
const LONGEST: usize = 120;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The window was started.
    Started,
    /// The window was closed.
    Ended {
        /// The exit status.
        status: u8,
    },
    /// The command line ran a command.
    Ran {
        /// Which.
        command: Word,
        /// Its exit status.
        status: u8,
        /// The documented code of a failure.
        code: Option<&'static str>,
        /// How long it took.
        took: Duration,
    },
    /// The first picture was drawn.
    Drawn {
        /// By which renderer.
        renderer: &'static str,
    },
    /// Another page is on the screen.
    Page {
        /// Which kind.
        name: &'static str,
    },
    /// A window could not be opened.
    NoWindow {
        /// With which renderer.
        renderer: &'static str,
        /// The window system's own words.
        reason: Word,
    },
    /// A second start found this window and raised it.
    Raised,
    /// A request failed.
    Failed {
        /// Which.
        request: Word,
        /// The documented code.
        code: &'static str,
    },
    /// A request took long.
    Slow {
        /// Which.
        request: Word,
        /// How long.
        took: Duration,
    },
    /// The program stopped by a fault of its own.
    Panicked {
        /// File and line.
        place: Word,
    },
}

/// A few plain letters on one line: no digits in a row that could be a code, a key or a telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word(String);

impl Word {
    /// The name of a request or command: what stands before the first field of its printed form.
    pub fn name_of(request: &impl fmt::Debug) -> Self {
        // Secrets print as a fixed word, and what follows the name is not kept.
        let shown = format!("{request:?}");
        let name = shown.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        Self(name.to_owned())
    }

    /// A place in our source, or what a window system says: letters and short numbers of it.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut out = String::new();
        let mut digits = 0;
        for letter in text.chars().take(LONGEST) {
            digits = if letter.is_ascii_digit() { digits + 1 } else { 0 };
            let kept = letter == ' ' || letter.is_ascii_graphic() && letter != '"';
            // Line numbers have at most four; a code has six.
            out.push(if kept && digits <= 4 { letter } else { '#' });
        }
        Self(out)
    }
}

impl Note {
    /// Whether the process may end, or become another, right after it: then it must be written by then.
    #[must_use]
    pub fn may_be_the_last(&self) -> bool {
        match self {
            Note::Ended { .. } | Note::Ran { .. } | Note::NoWindow { .. } | Note::Panicked { .. } => true,
            Note::Started
            | Note::Drawn { .. }
            | Note::Page { .. }
            | Note::Raised
            | Note::Failed { .. }
            | Note::Slow { .. } => false,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Started => {
                let (version, system, processor) =
                    (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
                write!(f, "started version={version} system={system} processor={processor}")
            }
            Note::Ended { status } => write!(f, "ended status={status}"),
            Note::Ran { command, status, code, took } => {
                write!(f, "ran command={} status={status} ms={}", command.0, took.as_millis())?;
                code.map_or(Ok(()), |code| write!(f, " code={code}"))
            }
            Note::Drawn { renderer } => write!(f, "drawn renderer={renderer}"),
            Note::Page { name } => write!(f, "page name={name}"),
            Note::NoWindow { renderer, reason } => write!(f, "no-window renderer={renderer} reason=\"{}\"", reason.0),
            Note::Raised => f.write_str("raised by=second-start"),
            Note::Failed { request, code } => write!(f, "failed request={} code={code}", request.0),
            Note::Slow { request, took } => write!(f, "slow request={} ms={}", request.0, took.as_millis()),
            Note::Panicked { place } => write!(f, "panicked place={}", place.0),
        }
    }
}

/// Where lines go.
pub type Sink = Box<dyn Fn(&Note) + Send + Sync>;

static SINK: OnceLock<Sink> = OnceLock::new();

/// Says once where lines go.
pub fn to(sink: Sink) {
    SINK.get_or_init(|| sink);
}

/// Whether that was said.
#[must_use]
pub fn is_kept() -> bool {
    SINK.get().is_some()
}

/// Writes a line. Nobody is told whether it could be written: nothing depends on it.
pub fn note(note: &Note) {
    if let Some(sink) = SINK.get() {
        sink(note);
    }
}

/// Writes what is worth a line about a request that was performed.
pub fn performed(request: &Word, took: Duration, failed: Option<&'static str>) {
    if let Some(code) = failed {
        note(&Note::Failed { request: request.clone(), code });
    }
    if took >= SLOW {
        note(&Note::Slow { request: request.clone(), took });
    }
}

/// From now on a panic says where it happened, once to `say` and once to the log, and nothing else: its message could
/// hold what was being typed.
pub fn panics_tell_only_their_place(say: impl Fn(&str) + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        note(&Note::Panicked { place: Word::plain(&place) });
        say(&place);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SecretText;
    use crate::domain::verify::Presented;
    use crate::flows::Request;

    #[test]
    fn a_request_is_known_by_its_name_alone() {
        let request = Request::SignIn {
            person: "msantos".to_owned(),
            password: SecretText::from("harbour lemon kettle"),
            presented: Presented::DayPass,
        };
        assert_eq!(Word::name_of(&request), Word("SignIn".to_owned()));
        assert_eq!(Word::name_of(&Request::Lock(crate::domain::presence::Why::Asked)), Word("Lock".to_owned()));
    }

    #[test]
    fn no_line_holds_a_long_number_or_a_second_line() {
        for (text, plain) in [
            ("src/desktop/run.rs:1234:17", "src/desktop/run.rs:1234:17"),
            ("code 482913 refused", "code 4829## refused"),
            ("07700 900123", "0770# 9001##"),
            ("one\ntwo\r\u{7}\"three\" four", "one#two###three# four"),
            ("Zoë", "Zo#"),
        ] {
            assert_eq!(Word::plain(text), Word(plain.to_owned()));
        }
        assert_eq!(Word::plain(&"x".repeat(5000)).0.len(), LONGEST);
    }

    #[test]
    fn each_line_says_what_support_asks_for() {
        let took = Duration::from_millis(2500);
        let (request, reason) =
            (Word::name_of(&Request::Lock(crate::domain::presence::Why::Asked)), Word::plain("no GL"));
        for (note, line) in [
            (Note::Ended { status: 0 }, "ended status=0"),
            (
                Note::Ran { command: request.clone(), status: 4, code: Some("disk-full"), took },
                "ran command=Lock status=4 ms=2500 code=disk-full",
            ),
            (Note::NoWindow { renderer: "glow", reason }, "no-window renderer=glow reason=\"no GL\""),
            (Note::Failed { request: request.clone(), code: "disk-full" }, "failed request=Lock code=disk-full"),
            (Note::Slow { request, took }, "slow request=Lock ms=2500"),
        ] {
            assert_eq!(note.to_string(), line);
        }
        assert!(Note::Started.to_string().starts_with(concat!(
            "started version=",
            env!("CARGO_PKG_VERSION"),
            " system="
        )));
    }
}
