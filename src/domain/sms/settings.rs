//! What a manager chooses about text messages, and whether it can work.

use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::number;
use super::template::{Auth, Part, Template};

/// Seconds until an answer may be given up.
pub const TIMEOUT_SECS: core::ops::RangeInclusive<u32> = 3..=30;

/// Whether texts are sent at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsState {
    /// As every clinic begins: texts can be read and redirected by others.
    #[default]
    Off,
    /// The manager has read why not, and pays for them.
    On,
}

/// The service that sends texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GatewayKind {
    /// None is chosen.
    #[default]
    None,
    /// Twilio's Messages.
    Twilio,
    /// Kannel, or what speaks like it.
    Kannel,
    /// Vonage's SMS.
    Vonage,
    /// `FireText`.
    FireText,
    /// Any service that is asked by HTTP, described by the manager.
    Http,
}

impl GatewayKind {
    /// All that can be chosen.
    pub const ALL: [Self; 6] = [Self::None, Self::Twilio, Self::Kannel, Self::Vonage, Self::FireText, Self::Http];

    /// The name among the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Twilio => "twilio",
            Self::Kannel => "kannel",
            Self::Vonage => "vonage",
            Self::FireText => "firetext",
            Self::Http => "http",
        }
    }

    /// Where the service is, when nothing else is said; empty where a clinic has its own.
    #[must_use]
    pub fn usual_url(self) -> &'static str {
        match self {
            Self::None | Self::Kannel | Self::Http => "",
            Self::Twilio => "https://api.twilio.com",
            Self::Vonage => "https://rest.nexmo.com/sms/json",
            Self::FireText => "https://www.firetext.co.uk/api/sendsms",
        }
    }
}

/// What becomes of letters that not every telephone has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Letters {
    /// They are written plainly: the text costs one part.
    #[default]
    Plain,
    /// They are sent as Unicode: some services charge more.
    Unicode,
}

/// A clinic's choices about text messages. The password of the service is not among them: it is sealed elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SmsSettings {
    /// Off until the manager turns it on.
    pub state: SmsState,
    /// Which service.
    pub gateway: GatewayKind,
    /// Where it is; empty for the service's usual place.
    pub url: String,
    /// Login, API key or account SID.
    pub account: String,
    /// Twilio: the SID of an API key, whose secret is then the password; empty to use the account's own token.
    pub api_key: String,
    /// Whom the text is from: a name of at most 11 letters, a number, or a messaging service's SID.
    pub sender: String,
    /// The clinic's web proxy, `http://host:port`; empty for none.
    pub proxy: String,
    /// Countries that numbers may be of, the clinic's own first.
    pub countries: Vec<String>,
    /// Texts in 24 hours, for the whole clinic.
    pub per_day: u32,
    /// Texts in a calendar month: the spending limit. 0 until the manager has set one.
    pub per_month: u32,
    /// Letters that not every telephone has.
    pub letters: Letters,
    /// Seconds until an answer is given up, 3 to 30.
    pub timeout_secs: u32,
    /// How to ask a service of kind `http`.
    pub template: Template,
}

impl Default for SmsSettings {
    fn default() -> Self {
        Self {
            state: SmsState::Off,
            gateway: GatewayKind::None,
            url: String::new(),
            account: String::new(),
            api_key: String::new(),
            sender: String::new(),
            proxy: String::new(),
            countries: vec!["GB".to_owned()],
            per_day: 100,
            per_month: 0,
            letters: Letters::Plain,
            timeout_secs: 10,
            template: Template::default(),
        }
    }
}

/// Why texts cannot be sent with these settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The manager has not turned them on.
    Off,
    /// No service is chosen.
    NoGateway,
    /// No address.
    NoUrl,
    /// The address is none, or holds blanks or a user name.
    BadUrl,
    /// The address is neither encrypted nor inside this network.
    NotEncrypted,
    /// Login or account is missing.
    NoAccount,
    /// Password is missing, or belongs to another address.
    NoSecret,
    /// A password stands where anybody can read it.
    SecretInSight(Part),
    /// A sender that networks refuse.
    BadSender,
    /// The spending limit is missing.
    NoLimit,
    /// The template lacks `{text}`, or a number to send to.
    BadTemplate,
    /// It has a placeholder that nobody fills in.
    UnknownPlaceholder(Part),
    /// Its body is no JSON.
    BadJson,
    /// The limit a day is no number from 1 to 10,000.
    BadDayLimit,
    /// A country that numbers cannot be read for, or none.
    BadCountry,
    /// A body goes with POST or PUT, and GET was chosen.
    BadMethod,
    /// A header is none, or one that is not the manager's to write.
    BadHeader,
    /// An answer is given up too soon, or too late.
    BadTimeout,
    /// The proxy's address is none.
    BadProxy,
}

impl SmsSettings {
    /// Where the service is asked.
    #[must_use]
    pub fn address(&self) -> &str {
        if self.url.is_empty() { self.gateway.usual_url() } else { &self.url }
    }

    /// What the password is for. Sealed with it, it opens for no other address: who changes that must know it.
    #[must_use]
    pub fn destination(&self) -> String {
        format!("{} {} {}", self.gateway.name(), origin(self.address()).unwrap_or_default(), self.proxy)
    }

    /// Whether the service asks for a password.
    #[must_use]
    pub fn needs_secret(&self) -> bool {
        let asks = self.template.auth != Auth::None || self.template.names(&self.url, "{secret}");
        self.gateway != GatewayKind::Http || asks
    }

    /// The address without what could be secret in it.
    #[must_use]
    pub fn redacted_address(&self) -> String {
        let address = self.address();
        match address.split_once('?') {
            Some((before, _)) => format!("{before}?…"),
            None => address.to_owned(),
        }
    }

    /// Within the ranges that a clinic may choose from.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        self.per_day = self.per_day.clamp(1, 10_000);
        self.per_month = self.per_month.min(100_000);
        self.timeout_secs = self.timeout_secs.clamp(*TIMEOUT_SECS.start(), *TIMEOUT_SECS.end());
        self.countries.retain(|iso| number::countries().any(|known| known == iso));
        if self.countries.is_empty() {
            self.countries.push("GB".to_owned());
        }
        self
    }

    /// Whether these can work at all, on or off.
    ///
    /// # Errors
    /// The first of [`Unfit`] that is true.
    pub fn check(&self) -> Result<(), Unfit> {
        if self.gateway == GatewayKind::None {
            return Err(Unfit::NoGateway);
        }
        let address = self.address();
        if address.is_empty() {
            return Err(Unfit::NoUrl);
        }
        check_address(address)?;
        if !self.proxy.is_empty() {
            let host = self.proxy.strip_prefix("http://").or_else(|| self.proxy.strip_prefix("https://"));
            let host = host.ok_or(Unfit::BadProxy)?.trim_end_matches('/');
            if host.is_empty() || host.contains(['@', '/', ' ', '?']) {
                return Err(Unfit::BadProxy);
            }
        }
        if self.account.is_empty()
            && matches!(self.gateway, GatewayKind::Twilio | GatewayKind::Kannel | GatewayKind::Vonage)
        {
            return Err(Unfit::NoAccount);
        }
        if self.gateway == GatewayKind::Http {
            self.template.check(address)?;
            let named = self.template.auth == Auth::Basic || self.template.names(address, "{account}");
            if named && self.account.is_empty() {
                return Err(Unfit::NoAccount);
            }
        }
        self.check_sender()?;
        if self.per_month == 0 {
            return Err(Unfit::NoLimit);
        }
        if !(1..=10_000).contains(&self.per_day) {
            return Err(Unfit::BadDayLimit);
        }
        let known = |iso: &String| number::countries().any(|known| known == iso);
        if self.countries.is_empty() || !self.countries.iter().all(known) {
            return Err(Unfit::BadCountry);
        }
        if !TIMEOUT_SECS.contains(&self.timeout_secs) {
            return Err(Unfit::BadTimeout);
        }
        Ok(())
    }

    /// A name of at most 11 plain letters, or digits with a plus sign; Twilio also takes a messaging service.
    fn check_sender(&self) -> Result<(), Unfit> {
        let sender = self.sender.as_str();
        // Some services know their clinic's sender, and are sent none.
        if sender.is_empty() && self.gateway == GatewayKind::Http && !self.template.names(self.address(), "{from}") {
            return Ok(());
        }
        let service = self.gateway == GatewayKind::Twilio && sender.starts_with("MG") && sender.len() == 34;
        let digits = sender.trim_start_matches('+');
        let number = !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let name = (1..=11).contains(&sender.len())
            && sender.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-'))
            && sender.bytes().any(|byte| byte.is_ascii_alphabetic());
        if service || number || name { Ok(()) } else { Err(Unfit::BadSender) }
    }
}

/// Scheme and authority: `https://host:port`.
fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    Some(format!("{}://{}", scheme.to_lowercase(), authority.to_lowercase()))
}

/// Encrypted, or to this computer or a private network by its number: a name could lead anywhere.
fn check_address(address: &str) -> Result<(), Unfit> {
    let origin = origin(address).ok_or(Unfit::BadUrl)?;
    let (scheme, authority) = origin.split_once("://").ok_or(Unfit::BadUrl)?;
    if address.chars().any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii())
        || authority.contains(['@', '{', '}'])
    {
        return Err(Unfit::BadUrl);
    }
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let near = host == "localhost" || host.parse::<IpAddr>().is_ok_and(is_near);
    match scheme {
        "https" if !host.is_empty() => Ok(()),
        "http" if near => Ok(()),
        "http" if !host.is_empty() => Err(Unfit::NotEncrypted),
        _ => Err(Unfit::BadUrl),
    }
}

fn is_near(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kannel(url: &str) -> SmsSettings {
        SmsSettings {
            gateway: GatewayKind::Kannel,
            url: url.to_owned(),
            account: "clinic".to_owned(),
            sender: "OakTree".to_owned(),
            per_month: 100,
            ..SmsSettings::default()
        }
    }

    #[test]
    fn unencrypted_only_where_nobody_else_listens() {
        for (url, outcome) in [
            ("https://sms.example/send", Ok(())),
            ("HTTPS://sms.example/send", Ok(())),
            ("http://127.0.0.1:13013/cgi-bin/sendsms", Ok(())),
            ("http://localhost:13013/", Ok(())),
            ("http://192.168.1.7/", Ok(())),
            ("http://[::1]:8080/", Ok(())),
            ("http://[fd00::1]/", Ok(())),
            ("http://sms.example/send", Err(Unfit::NotEncrypted)),
            ("http://8.8.8.8/send", Err(Unfit::NotEncrypted)),
            ("http://127.0.0.1.sms.example/", Err(Unfit::NotEncrypted)),
            ("http://localhost.sms.example/", Err(Unfit::NotEncrypted)),
            ("http://127.0.0.1@sms.example/", Err(Unfit::BadUrl)),
            ("https://user:pw@sms.example/", Err(Unfit::BadUrl)),
            ("ftp://sms.example/", Err(Unfit::BadUrl)),
            ("https://", Err(Unfit::BadUrl)),
            ("https://{account}.sms.example/", Err(Unfit::BadUrl)),
            ("sms.example", Err(Unfit::BadUrl)),
            ("https://sms.example/a b", Err(Unfit::BadUrl)),
            ("", Err(Unfit::NoUrl)),
        ] {
            assert_eq!(kannel(url).check(), outcome, "{url}");
        }
    }

    #[test]
    fn senders_that_networks_refuse_are_refused_here() {
        let with = |sender: &str| SmsSettings { sender: sender.to_owned(), ..kannel("https://sms.example") }.check();
        for good in ["OakTree", "Oak-Tree 1", "447700900123", "+447700900123", "60777"] {
            assert_eq!(with(good), Ok(()), "{good}");
        }
        for bad in ["", "TwelveLetter", "Café", "+", "1234567890123456", "Oak\nTree", "-"] {
            assert_eq!(with(bad), Err(Unfit::BadSender), "{bad}");
        }
    }

    /// What the description does not name may stay empty; how long to wait has its limits.
    #[test]
    fn a_service_of_ones_own_needs_what_it_names() {
        let own = |url: &str, auth: Auth, account: &str| SmsSettings {
            gateway: GatewayKind::Http,
            account: account.to_owned(),
            template: Template { auth, ..Template::default() },
            ..kannel(url)
        };
        let plain = "https://sms.example/?to={to}&text={text}";
        let named = "https://sms.example/?to={to}&text={text}&u={account}";
        let with_secret = "https://sms.example/?to={to}&text={text}&p={secret}";
        for (settings, fit, needs_secret) in [
            (own(plain, Auth::None, ""), Ok(()), false),
            (own(named, Auth::None, ""), Err(Unfit::NoAccount), false),
            (own(named, Auth::None, "clinic"), Ok(()), false),
            (own(with_secret, Auth::None, ""), Ok(()), true),
            (own(plain, Auth::Basic, ""), Err(Unfit::NoAccount), true),
            (own(plain, Auth::Basic, "clinic"), Ok(()), true),
            (own(plain, Auth::Bearer, ""), Ok(()), true),
            (SmsSettings { sender: String::new(), ..own(plain, Auth::None, "") }, Ok(()), false),
            (
                SmsSettings { sender: String::new(), ..own(&format!("{plain}&f={{from}}"), Auth::None, "") },
                Err(Unfit::BadSender),
                false,
            ),
            (SmsSettings { timeout_secs: 2, ..own(plain, Auth::None, "") }, Err(Unfit::BadTimeout), false),
            (SmsSettings { timeout_secs: 31, ..own(plain, Auth::None, "") }, Err(Unfit::BadTimeout), false),
        ] {
            assert_eq!((settings.check(), settings.needs_secret()), (fit, needs_secret), "{settings:?}");
        }
    }

    #[test]
    fn what_is_shown_of_an_address_and_what_a_password_is_bound_to() {
        let settings = kannel("https://SMS.example:8443/a?u={account}");
        assert_eq!(settings.redacted_address(), "https://SMS.example:8443/a?…");
        assert_eq!(settings.destination(), "kannel https://sms.example:8443 ");
    }
}
