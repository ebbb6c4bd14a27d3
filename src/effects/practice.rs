//! The practice program: started with its key after an accepted sign-in, watched, and closed at a lock.
//!
//! ```text
//! sign_in accepted ──▶ start_practice ─┬─ the key, opened with the DEK ──▶ Programs::start, wiped here
//!                                      └─ a login of this desk's own ────▶ Logins::open, renewed by tick
//! tick ──▶ News: the program has ended, the login cannot be renewed
//! lock ──▶ DEK wiped, Programs::close politely (firmly after the grace, by tick), Logins::close
//! ```

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::choices::LOOK_EVERY;
use super::{Desk, Failure};
use crate::domain::keys::Key;
use crate::domain::practice::{AtEnd, AtLock, KeyBy, Opens, Practice};
use crate::domain::secret::SecretText;
use crate::domain::state::{Clinic, Settings};
use crate::ports::{
    CipherFiles, Ending, Handover, Login, LoginError, Logins, Manner, Now, ProgramError, Programs, Running, Start,
    Ties, ToldBy,
};

/// For how long the server takes the desk's password; also how long a login outlives a program that was killed.
pub const LOGIN_VALID: Duration = Duration::from_secs(60);
/// How often it is renewed: three times before it ends.
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// How soon after a renewal that did not work another is tried.
const RENEW_AGAIN: Duration = Duration::from_secs(5);
/// How often a running program is looked after.
const TICK: Duration = Duration::from_secs(1);
/// How long a program that was ended firmly is waited for before the next one is started.
const FIRM_WAIT: Duration = Duration::from_secs(2);
/// How long one look at a program on the command line lasts before the login is looked at again.
const LOOK: Duration = Duration::from_secs(1);

/// What stands behind the practice program's ports.
pub struct Outside {
    /// Starts programs.
    pub programs: Box<dyn Programs>,
    /// Keeps the desk's login on a server.
    pub logins: Box<dyn Logins>,
    /// Encrypts files.
    pub files: Box<dyn CipherFiles>,
}

/// What came of starting what a sign-in is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// No program is set.
    NoneSet,
    /// It runs.
    Running,
}

/// What happens without having been asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The clinic's choices were changed, here or elsewhere.
    Choices(Box<Settings>),
    /// Whoever was signed in has been reset or removed; the desk is locked.
    SessionOver,
    /// The program has ended by itself.
    ProgramEnded(AtEnd),
    /// The desk's login cannot be renewed at present; open connections go on.
    LoginStuck(LoginError),
    /// It could be renewed again.
    LoginBack,
}

/// What a sign-in started.
pub(super) struct Work {
    pub(super) at_lock: AtLock,
    pub(super) at_end: AtEnd,
    pub(super) login: Option<Renewal>,
    /// When a program that was asked to close is made to, on the boot clock.
    firm_at: Option<Duration>,
}

/// When the login is renewed, on the boot clock, and how the last time went.
pub(super) struct Renewal {
    due: Duration,
    stuck: bool,
}

/// What a key is for, once it has been opened.
struct Released {
    practice: Practice,
    key: SecretText,
    desk_role: String,
    mark: String,
}

impl Desk {
    /// The same desk, with programs, servers and files to open.
    #[must_use]
    pub fn with_outside(self, outside: Outside) -> Self {
        Self { outside: Some(outside), ..self }
    }

    pub(super) fn outside(&mut self) -> Result<&mut Outside, Failure> {
        self.outside.as_mut().ok_or(Failure::Program(ProgramError::Broken("none")))
    }

    /// Starts the program that the clinic has chosen, with its key. Only after an accepted sign-in.
    ///
    /// # Errors
    /// [`Failure::NotSignedIn`], [`Failure::Program`], [`Failure::Login`], [`Failure::Key`]; see [`Failure`]. Nothing
    /// runs and no login is open then.
    pub fn start_practice(&mut self) -> Result<Started, Failure> {
        if let Some(Work { firm_at: None, .. }) = self.work
            && self.outside()?.programs.wait(Duration::ZERO) == Running::Yes
        {
            self.full()?;
            return Ok(Started::Running);
        }
        let practice = self.practice()?;
        if !practice.starts_something() {
            return Ok(Started::NoneSet);
        }
        let folder = (!practice.start_folder.is_empty()).then(|| PathBuf::from(&practice.start_folder));
        let program = PathBuf::from(&practice.start_program);
        let arguments = practice.start_arguments.iter().map(OsString::from).collect();
        self.start(Start { program, arguments, folder, variables: Vec::new(), handover: None, ties: Ties::Own })?;
        Ok(Started::Running)
    }

    /// Starts the program that was named on the command line, with the key that the clinic's own program would get.
    ///
    /// # Errors
    /// As [`Desk::start_practice`].
    pub fn start_given(&mut self, program: &OsString, arguments: &[OsString]) -> Result<(), Failure> {
        self.start(Start {
            program: PathBuf::from(program),
            arguments: arguments.to_vec(),
            folder: None,
            variables: Vec::new(),
            handover: None,
            ties: Ties::Shared,
        })
    }

    fn start(&mut self, start: Start) -> Result<(), Failure> {
        self.end_firmly()?;
        let released = self.release()?;
        let practice = match &released {
            Some(released) => released.practice.clone(),
            None => self.practice()?,
        };
        let mut login = None;
        let (variables, handover) = match released {
            None => (Vec::new(), None),
            Some(released) if practice.opens == Opens::Postgres => {
                let (password, due) = self.open_login(&released)?;
                login = Some(Renewal { due, stuck: false });
                for_server(&practice, &released.desk_role, password)
            }
            Some(released) => (Vec::new(), Some(handed_over(&practice, released.key, "\n"))),
        };
        let started = self.outside()?.programs.start(Start { variables, handover, ..start });
        if let Err(err) = started {
            if login.is_some() {
                self.outside()?.logins.close().ok();
            }
            return Err(Failure::Program(err));
        }
        self.work = Some(Work { at_lock: practice.closing(), at_end: practice.at_end, login, firm_at: None });
        Ok(())
    }

    /// The key itself, for a program that asks by itself, in this process. For a server, its login is kept up by
    /// [`Desk::tick`].
    ///
    /// # Errors
    /// As [`Desk::start_practice`].
    pub(crate) fn key_for_this_process(&mut self) -> Result<Option<(Practice, String, SecretText)>, Failure> {
        let Some(released) = self.release()? else { return Ok(None) };
        let practice = released.practice.clone();
        if practice.opens != Opens::Postgres {
            return Ok(Some((practice, String::new(), released.key)));
        }
        let (password, due) = self.open_login(&released)?;
        let login = Some(Renewal { due, stuck: false });
        self.work = Some(Work { at_lock: practice.closing(), at_end: practice.at_end, login, firm_at: None });
        Ok(Some((practice, released.desk_role, password)))
    }

    /// Whoever is signed in came to work, and neither for one change nor on the way to a first sign-in.
    fn full(&self) -> Result<(), Failure> {
        self.open()?.full.as_ref().map(drop).ok_or(Failure::NotSignedIn)
    }

    /// The clinic's choices, from its verified row.
    fn practice(&mut self) -> Result<Practice, Failure> {
        self.full()?;
        let person = self.open()?.person.clone();
        let guarded = self.guard_open()?;
        let (clinic, _) = self.store.person(&guarded.keys, &person)?;
        Ok(clinic.settings().practice)
    }

    /// Opens the key, where the clinic has something for it to open.
    fn release(&mut self) -> Result<Option<Released>, Failure> {
        self.full()?;
        self.settle_key()?;
        let (person, dek) = (self.open()?.person.clone(), self.open()?.dek.duplicate());
        let guarded = self.guard_open()?;
        let (clinic, _) = self.store.person(&guarded.keys, &person)?;
        let practice = clinic.settings().practice;
        if practice.opens == Opens::Nothing {
            return Ok(None);
        }
        super::database_key::needs(&practice)?;
        let key = super::database_key::present(&clinic, &dek)?;
        let (desk_role, mark) = desk_role(&clinic);
        Ok(Some(Released { practice, key, desk_role, mark }))
    }

    /// A login with a password that nobody had before; when it is due to be renewed.
    fn open_login(&mut self, released: &Released) -> Result<(SecretText, Duration), Failure> {
        let random = Key::roll(&mut self.dice)?;
        let password = SecretText::new(data_encoding::HEXLOWER.encode(random.expose()));
        let (name, mark) = (released.desk_role.clone(), released.mark.clone());
        let login = Login { name, mark, password: password.duplicate(), valid: LOGIN_VALID };
        let before = self.clock.now().boot.since_start;
        self.outside()?.logins.open(&released.practice.postgres, &released.key, login).map_err(Failure::Login)?;
        Ok((password, before + RENEW_EVERY))
    }

    /// Nothing of an earlier sign-in may run beside what is started now.
    fn end_firmly(&mut self) -> Result<(), Failure> {
        if self.work.take().is_none() {
            return Ok(());
        }
        let outside = self.outside()?;
        outside.programs.close(Manner::Firmly);
        outside.logins.close().ok();
        match outside.programs.wait(FIRM_WAIT) {
            Running::Yes => Err(Failure::Program(ProgramError::StillThere)),
            Running::No | Running::Ended(_) => Ok(()),
        }
    }

    /// Whether something runs that [`Desk::tick`] must look after, about once a second.
    #[must_use]
    pub fn wants_ticks(&self) -> bool {
        self.work.is_some()
    }

    /// How long until [`Desk::tick`] is to be called; without one there is nothing to look after.
    #[must_use]
    pub fn next_tick(&self) -> Option<Duration> {
        let looks = self.open.as_ref().is_some_and(|open| open.choices.is_some());
        if self.wants_ticks() { Some(TICK) } else { looks.then_some(LOOK_EVERY) }
    }

    /// Looks after what a sign-in started, and whether the clinic wants it otherwise now. Waits for nobody, unless the key
    /// store asks something.
    pub fn tick(&mut self) -> Vec<News> {
        let now = self.clock.now();
        let mut news: Vec<News> = self.look_at_choices(&now).into_iter().collect();
        let (Some(work), Some(outside)) = (&mut self.work, &mut self.outside) else { return news };
        let at = now.boot.since_start;
        if let Some(login) = &mut work.login
            && login.due <= at
        {
            let renewed = outside.logins.renew();
            login.due = at + if renewed.is_ok() { RENEW_EVERY } else { RENEW_AGAIN };
            match (renewed, login.stuck) {
                (Err(err), false) => news.push(News::LoginStuck(err)),
                (Ok(()), true) => news.push(News::LoginBack),
                (Err(_), true) | (Ok(()), false) => {}
            }
            login.stuck = login.due == at + RENEW_AGAIN;
        }
        match outside.programs.wait(Duration::ZERO) {
            Running::Yes if work.firm_at.is_some_and(|firm_at| firm_at <= at) => outside.programs.close(Manner::Firmly),
            Running::Ended(_) => {
                let at_end = work.at_end;
                if work.login.is_some() {
                    outside.logins.close().ok();
                }
                self.work = None;
                if self.open.is_some() {
                    news.push(News::ProgramEnded(at_end));
                }
            }
            Running::Yes | Running::No => {}
        }
        news
    }

    /// At a lock: the program is asked to close, where the clinic wants that, and the login ends at once.
    pub(super) fn leave_work(&mut self, now: &Now) {
        let (Some(work), Some(outside)) = (&mut self.work, &mut self.outside) else { return };
        if let AtLock::Close(grace) = work.at_lock
            && work.firm_at.is_none()
        {
            outside.programs.close(Manner::Politely);
            work.firm_at = Some(now.boot.since_start + grace);
        }
        if work.login.take().is_some() {
            // What cannot be ended now ends by itself when its minute is over.
            outside.logins.close().ok();
        }
        if outside.programs.wait(Duration::ZERO) != Running::Yes {
            self.work = None;
        }
    }

    /// Waits for the end of the program that was started last, and keeps its login up meanwhile.
    pub fn wait_for_end(&mut self) -> Ending {
        let ending = loop {
            let running = match self.outside() {
                Ok(outside) => outside.programs.wait(LOOK),
                Err(_) => Running::No,
            };
            match running {
                Running::Yes => drop(self.tick()),
                Running::Ended(ending) => break ending,
                Running::No => break Ending::Status(0),
            }
        };
        self.lock();
        ending
    }

    /// The end of our own program: whatever it started is closed, politely as long as the clinic allows.
    pub fn finish(&mut self) {
        self.lock();
        let Some(Work { at_lock, .. }) = self.work.take() else { return };
        let grace = match at_lock {
            AtLock::Close(grace) => grace,
            AtLock::Keep => Duration::ZERO,
        };
        let Some(outside) = &mut self.outside else { return };
        outside.programs.close(Manner::Politely);
        if outside.programs.wait(grace) == Running::Yes {
            outside.programs.close(Manner::Firmly);
        }
    }
}

/// The desk's role on the server, and the comment that marks it as ours. Both come from this computer's own random id.
pub(super) fn desk_role(clinic: &Clinic) -> (String, String) {
    let id: String = clinic.keychain_id.chars().take(16).collect();
    (format!("clinic2fa_{id}"), format!("clinic2fa desk login of clinic {}", clinic.id))
}

/// A key on its way, as the clinic chose. `end` closes it where it is a line of a stream.
fn handed_over(practice: &Practice, key: SecretText, end: &str) -> Handover {
    match practice.key_by {
        KeyBy::Environment(_) => Handover::Variable { name: practice.variable().to_owned(), key },
        KeyBy::Input => Handover::Input(SecretText::new(format!("{}{end}", key.expose()))),
        KeyBy::Descriptor => Handover::Descriptor {
            content: SecretText::new(format!("{}{end}", key.expose())),
            told: ToldBy::Number("CLINIC2FA_KEY_FD"),
        },
    }
}

/// What a PostgreSQL program finds in its environment, and its password; on a descriptor, a whole service file.
fn for_server(
    practice: &Practice,
    role: &str,
    password: SecretText,
) -> (Vec<(&'static str, String)>, Option<Handover>) {
    let server = &practice.postgres;
    let trust = if server.certificate.is_empty() { "system" } else { server.certificate.as_str() };
    let mut settings = vec![
        ("host", "PGHOST", server.host.clone()),
        ("port", "PGPORT", server.port.to_string()),
        ("dbname", "PGDATABASE", server.database.clone()),
        ("user", "PGUSER", role.to_owned()),
    ];
    if !server.is_local() {
        settings.push(("sslmode", "PGSSLMODE", "verify-full".to_owned()));
        settings.push(("sslrootcert", "PGSSLROOTCERT", trust.to_owned()));
    }
    if practice.key_by == KeyBy::Descriptor {
        let mut service = SecretText::from("[clinic2fa]\n");
        for (name, _, value) in &settings {
            *service.edit() += &format!("{name}={value}\n");
        }
        *service.edit() += &format!("password={}\n", password.expose());
        let told = ToldBy::Path("PGSERVICEFILE");
        let variables = vec![("PGSERVICE", "clinic2fa".to_owned())];
        return (variables, Some(Handover::Descriptor { content: service, told }));
    }
    let variables = settings.into_iter().map(|(_, variable, value)| (variable, value)).collect();
    (variables, Some(handed_over(practice, password, "\n")))
}
