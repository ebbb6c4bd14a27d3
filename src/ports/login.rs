//! What is asked of the PostgreSQL server: a login for this desk that lives only while somebody is signed in.

use std::time::Duration;

use crate::domain::practice::Server;
use crate::domain::secret::SecretText;

/// This desk's login.
#[derive(Debug)]
pub struct Login {
    /// The role's name.
    pub name: String,
    /// What marks the role as ours: kept as its comment. Another one of that name is left alone.
    pub mark: String,
    /// Its password until the next sign-in.
    pub password: SecretText,
    /// For how long the server takes the password, by its own clock.
    pub valid: Duration,
}

/// Why the server did not do what was asked. Nothing is half done then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginError {
    /// Nothing answers there.
    Unreachable,
    /// The server does not prove that it is the one that was meant.
    Certificate,
    /// The server does not encrypt, and it is on another computer.
    NoEncryption,
    /// The administrative login's password is not taken.
    AdminRefused,
    /// There is no such database.
    NoDatabase,
    /// The role whose member the desk's login becomes is not there.
    NoRole,
    /// The administrative login may not make and end logins, or not make them members of that role.
    NoRights,
    /// A login of that name is there that this program has not made.
    NameTaken,
    /// The connection broke.
    Lost,
    /// The server refused with this code (SQLSTATE, PostgreSQL's appendix A).
    Refused(String),
}

/// What a look at the server found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSeen {
    /// Its clock, UTC seconds.
    pub unix_secs: i64,
    /// Its version, as it calls it.
    pub version: String,
}

/// Makes, keeps alive and ends the desk's login.
pub trait Logins: Send {
    /// Looks whether everything that a sign-in needs is there, and changes nothing.
    ///
    /// # Errors
    /// See [`LoginError`].
    fn look(&mut self, server: &Server, admin: &SecretText) -> Result<ServerSeen, LoginError>;

    /// Makes the login if it is not there, ends what is left of its sessions, and gives it the password.
    ///
    /// # Errors
    /// See [`LoginError`]; the login is as it was.
    fn open(&mut self, server: &Server, admin: &SecretText, login: Login) -> Result<ServerSeen, LoginError>;

    /// Asks for the open login to be valid for that long again. Does not wait: what is told is what became of the call
    /// before this one.
    ///
    /// # Errors
    /// See [`LoginError`].
    fn renew(&mut self) -> Result<(), LoginError>;

    /// Takes the open login's password away and ends its sessions. Waits, but not for long: a server that does not
    /// answer ends the login by itself when its time is over.
    ///
    /// # Errors
    /// See [`LoginError`].
    fn close(&mut self) -> Result<(), LoginError>;

    /// Gives the administrative login another password.
    ///
    /// # Errors
    /// See [`LoginError`]; without an answer nobody knows which of the two it has.
    fn change_admin(&mut self, server: &Server, old: &SecretText, new: &SecretText) -> Result<(), LoginError>;
}
