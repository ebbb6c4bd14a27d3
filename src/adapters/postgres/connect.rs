//! A connection to the server, encrypted and verified in full unless nothing leaves this computer.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::domain::practice::Server;
use crate::domain::secret::SecretText;
use crate::ports::LoginError;

const CONNECT_LIMIT: Duration = Duration::from_secs(8);
/// A statement that takes longer than this has met a lock of somebody else's.
const OPTIONS: &str = "-c statement_timeout=8000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=20000";

/// Connects as the administrative login.
pub(super) fn connect(server: &Server, admin: &SecretText) -> Result<Client, LoginError> {
    let mut config = Config::new();
    config
        .host(&server.host)
        .port(server.port)
        .dbname(&server.database)
        .user(&server.admin)
        .password(admin.expose())
        .application_name("clinic2fa")
        .connect_timeout(CONNECT_LIMIT)
        .tcp_user_timeout(CONNECT_LIMIT)
        .keepalives_idle(CONNECT_LIMIT)
        .options(OPTIONS);
    let client = if server.is_local() {
        config.ssl_mode(SslMode::Disable).connect(NoTls)
    } else {
        config.ssl_mode(SslMode::Require).connect(MakeRustlsConnect::new(tls(server)?))
    };
    client.map_err(|err| told(&err))
}

/// The server's name and its certificate's signers are checked, as libpq's `verify-full` does.
fn tls(server: &Server) -> Result<ClientConfig, LoginError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|_| LoginError::Certificate)?;
    if server.certificate.is_empty() {
        let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(|_| LoginError::Certificate)?;
        return Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    let certificates =
        CertificateDer::pem_file_iter(&server.certificate).map_err(|_| LoginError::Certificate)?.flatten();
    let (taken, _) = roots.add_parsable_certificates(certificates);
    if taken == 0 {
        return Err(LoginError::Certificate);
    }
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// What an error of the client's means here. Its own text may repeat a statement, and is not kept.
pub(super) fn told(err: &postgres::Error) -> LoginError {
    if let Some(state) = err.code() {
        return match state {
            state
                if *state == SqlState::INVALID_PASSWORD || *state == SqlState::INVALID_AUTHORIZATION_SPECIFICATION =>
            {
                LoginError::AdminRefused
            }
            state if *state == SqlState::INVALID_CATALOG_NAME => LoginError::NoDatabase,
            state if *state == SqlState::INSUFFICIENT_PRIVILEGE => LoginError::NoRights,
            state if *state == SqlState::ADMIN_SHUTDOWN || *state == SqlState::CRASH_SHUTDOWN => LoginError::Lost,
            state if *state == SqlState::CANNOT_CONNECT_NOW => LoginError::Unreachable,
            state => LoginError::Refused(state.code().to_owned()),
        };
    }
    if err.is_closed() {
        return LoginError::Lost;
    }
    let mut cause: Option<&(dyn Error + 'static)> = err.source();
    while let Some(inner) = cause {
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if inner.is::<rustls::Error>() || wrapped.is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>) {
            return LoginError::Certificate;
        }
        if inner.to_string().contains("does not support TLS") {
            return LoginError::NoEncryption;
        }
        cause = inner.source();
    }
    LoginError::Unreachable
}
