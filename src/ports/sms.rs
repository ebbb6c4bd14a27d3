//! What is asked of the service that sends texts.

use super::TextEnd;
use crate::domain::secret::SecretText;
use crate::domain::sms::{Message, Number, SmsSettings};

/// How to reach the service, with its password.
#[derive(Debug)]
pub struct GatewayAccount {
    /// The manager's choices.
    pub settings: SmsSettings,
    /// Login's password, API secret or token; empty where there is none.
    pub secret: SecretText,
}

/// One text on its way out. It holds a code and a number, so nothing prints it whole.
#[derive(Debug)]
pub struct Outgoing {
    /// Who sends it.
    pub account: GatewayAccount,
    /// Where to.
    pub to: Number,
    /// What.
    pub message: Message,
}

/// What the service said to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// How far the text is.
    pub stage: SentStage,
    /// The service's own name for it, where its fate can be asked for.
    pub reference: Option<String>,
}

/// How far a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentStage {
    /// The service has taken it.
    Accepted,
    /// The service has taken it and waits for the network.
    Queued,
    /// It is on the telephone.
    Delivered,
}

/// Why a text was not sent, or nobody knows whether it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayError {
    /// No computer has that name, or there is no network.
    NameUnknown,
    /// Nobody answers at that address.
    Unreachable,
    /// The service's certificate is not one that this computer trusts.
    Certificate,
    /// The clinic's proxy does not let it through.
    Proxy,
    /// Login or password is wrong.
    Login,
    /// The account is suspended, or a trial.
    Account,
    /// The account is out of money.
    Credit,
    /// The service says that texts cannot go to this number.
    Number,
    /// The number's owner, network or country takes no texts from here.
    Barred,
    /// The sender's name or number is not allowed.
    Sender,
    /// Too many at once, or the service is closed for the moment.
    Busy,
    /// The service points elsewhere; nothing follows.
    Moved,
    /// It refused in its own way.
    Refused {
        /// Its number for it.
        code: Option<u32>,
        /// Its words, without anything secret.
        said: String,
    },
    /// No answer in time, after the text was handed over.
    NoAnswer,
    /// The connection broke, after the text may have been handed over.
    Broken,
    /// An answer that does not say whether the text was taken.
    Strange {
        /// The HTTP status.
        status: u16,
        /// Its words, without anything secret.
        said: String,
    },
    /// A longer answer than any text needs.
    TooLong,
}

impl GatewayError {
    /// Documented name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NameUnknown => "sms-name-unknown",
            Self::Unreachable => "sms-unreachable",
            Self::Certificate => "sms-certificate",
            Self::Proxy => "sms-proxy",
            Self::Login => "sms-login",
            Self::Account => "sms-account",
            Self::Credit => "sms-credit",
            Self::Number => "sms-number",
            Self::Barred => "sms-barred",
            Self::Sender => "sms-sender",
            Self::Busy => "sms-busy",
            Self::Moved => "sms-moved",
            Self::Refused { .. } => "sms-refused",
            Self::NoAnswer => "sms-no-answer",
            Self::Broken => "sms-broken",
            Self::Strange { .. } => "sms-strange",
            Self::TooLong => "sms-too-long",
        }
    }

    /// What becomes of the count: only what was certainly not sent is given back.
    #[must_use]
    pub fn end(&self) -> TextEnd {
        match self {
            Self::NameUnknown
            | Self::Unreachable
            | Self::Certificate
            | Self::Proxy
            | Self::Login
            | Self::Account
            | Self::Credit
            | Self::Number
            | Self::Barred
            | Self::Sender
            | Self::Busy
            | Self::Refused { .. } => TextEnd::NotSent(self.code()),
            // Whoever redirects may have sent it before.
            Self::NoAnswer | Self::Broken | Self::Moved | Self::Strange { .. } | Self::TooLong => TextEnd::Unknown,
        }
    }
}

/// What was said on both sides, for the manager's test, without anything secret.
pub type Transcript = Vec<String>;

/// A service that sends texts.
pub trait SmsGateway: Send {
    /// Hands one text over, once: what is not known to have failed is never sent again.
    ///
    /// # Errors
    /// [`GatewayError`].
    fn send(&mut self, outgoing: &Outgoing) -> (Result<Sent, GatewayError>, Transcript);

    /// Asks what became of a text; `None` where the service does not tell (yet).
    ///
    /// # Errors
    /// [`GatewayError`]: it was taken, and could not be brought.
    fn fate(&mut self, account: &GatewayAccount, reference: &str) -> Result<Option<SentStage>, GatewayError>;
}
