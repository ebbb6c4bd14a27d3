//! One HTTP exchange with a service: encrypted by the system's certificates, no redirects, no endless answer, an end in
//! sight, and a word for whatever goes wrong.

use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error, Proxy, Timeout};

use crate::domain::sms::{Asked, SmsSettings};
use crate::ports::{GatewayError, Outgoing, Transcript};

/// Longest answer that is read, in bytes. Texts are answered in a few lines.
const LONGEST_ANSWER: u64 = 64 * 1024;
/// How much of an answer is shown.
const SHOWN: usize = 300;
const CONNECT: Duration = Duration::from_secs(5);

/// What was answered.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Asks once.
pub(super) fn exchange(
    ask: &Asked,
    settings: &SmsSettings,
    transcript: &mut Transcript,
) -> Result<Reply, GatewayError> {
    transcript.push(format!("{} {}", ask.method, settings.redacted_address()));
    let answered = agent(settings).and_then(|agent| run(&agent, ask));
    match &answered {
        Ok(reply) => transcript.push(reply.status.to_string()),
        Err(err) => transcript.push(err.code().to_owned()),
    }
    answered
}

fn agent(settings: &SmsSettings) -> Result<Agent, GatewayError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let proxy = match settings.proxy.as_str() {
        "" => None,
        proxy => Some(Proxy::new(proxy).map_err(|_| GatewayError::Proxy)?),
    };
    let whole = Duration::from_secs(settings.timeout_secs.into());
    let config = Agent::config_builder()
        .tls_config(tls)
        // The field among the settings, and nothing that happens to stand in the environment.
        .proxy(proxy)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_resolve(Some(CONNECT.min(whole / 2)))
        .timeout_connect(Some(CONNECT.min(whole / 2)))
        .timeout_global(Some(whole))
        .user_agent(concat!("clinic2fa/", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(config.new_agent())
}

fn run(agent: &Agent, ask: &Asked) -> Result<Reply, GatewayError> {
    let mut request = ureq::http::Request::builder().method(ask.method).uri(ask.url.expose());
    for (name, value) in &ask.headers {
        request = request.header(name, value.expose());
    }
    let (kind, body) = ask.body.as_ref().map_or((None, ""), |(kind, body)| (Some(*kind), body.expose()));
    if let Some(kind) = kind {
        request = request.header("Content-Type", kind);
    }
    // What cannot be written as a request was never sent.
    let unwritable = |_| GatewayError::Refused { code: None, said: String::new() };
    let answer = if kind.is_some() {
        agent.run(request.body(body.to_owned()).map_err(unwritable)?)
    } else {
        agent.run(request.body(()).map_err(unwritable)?)
    };
    let answer = answer.map_err(|err| trouble(&err))?;
    let status = answer.status().as_u16();
    if (300..400).contains(&status) {
        return Err(GatewayError::Moved);
    }
    let body = answer.into_body().into_with_config().limit(LONGEST_ANSWER).read_to_vec();
    let body = body.map_err(|err| trouble(&err))?;
    Ok(Reply { status, body: String::from_utf8_lossy(&body).into_owned() })
}

/// What went wrong, in the one respect that matters first: whether the text can be on its way.
#[expect(clippy::wildcard_enum_match_arm, reason = "lists of others, which grow: what is not known may have been sent")]
fn trouble(err: &Error) -> GatewayError {
    match err {
        Error::HostNotFound => GatewayError::NameUnknown,
        Error::ConnectionFailed | Error::Timeout(Timeout::Resolve | Timeout::Connect) => GatewayError::Unreachable,
        Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => GatewayError::Proxy,
        Error::Tls(_) => GatewayError::Certificate,
        Error::Rustls(err) => tls(err),
        Error::Timeout(_) => GatewayError::NoAnswer,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => GatewayError::TooLong,
        Error::BadUri(_) | Error::Http(_) => GatewayError::Refused { code: None, said: String::new() },
        Error::Io(err) => match err.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                GatewayError::Unreachable
            }
            ErrorKind::TimedOut => GatewayError::NoAnswer,
            _ if is_lookup(err) => GatewayError::NameUnknown,
            _ => {
                let inner = err.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
                inner.or_else(|| err.source().and_then(|inner| inner.downcast_ref())).map_or(GatewayError::Broken, tls)
            }
        },
        // Their list may grow; what is not known may have been sent.
        _ => GatewayError::Broken,
    }
}

/// A name that was not found has no kind of its own in the standard library: Windows numbers it (`WSAHOST_NOT_FOUND` and
/// its neighbours), elsewhere it is told by the words that the library itself puts first.
fn is_lookup(err: &std::io::Error) -> bool {
    match err.raw_os_error() {
        Some(number) => cfg!(windows) && (11_001..=11_004).contains(&number),
        None => err.to_string().starts_with("failed to lookup address"),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a list of others, which grows")]
fn tls(err: &rustls::Error) -> GatewayError {
    match err {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => GatewayError::Certificate,
        _ => GatewayError::Broken,
    }
}

/// A service's own words as they may be shown: short, on one line, without password, number, code or text.
pub(super) fn presentable(said: &str, outgoing: &Outgoing) -> String {
    let secrets = [
        outgoing.account.secret.expose(),
        outgoing.message.body.expose(),
        outgoing.message.body.expose().get(..6).unwrap_or_default(),
        outgoing.to.e164(),
        outgoing.to.digits(),
        &outgoing.account.settings.account,
        &outgoing.account.settings.api_key,
    ];
    let mut shown = said.to_owned();
    for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
        shown = shown.replace(secret, "…");
    }
    let plain: String = shown.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
