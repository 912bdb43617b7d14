//! TLS towards one mail server: which certificates are trusted, and the handshake. Knows nothing of SMTP and IMAP.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Why TLS can't be set up, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SetupError(String);

/// What TLS with one host needs. Made once, for the trusted roots are read from disk.
#[derive(Clone)]
pub struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// TLS with `host`, whose certificate must lead to a root of the system or of `ca_file`. `table` is that of the
    /// configuration that names both, for what is said of faults.
    ///
    /// # Errors
    /// A host that is no name, certificates that can't be read.
    pub fn new(table: &str, host: &str, ca_file: Option<&Path>) -> Result<Self, SetupError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            SetupError(format!("{table}.host {host:?} is neither a host name nor an IP address"))
        })?;
        let extra = ca_file.map_or_else(|| Ok(Vec::new()), |file| roots(table, file))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
            .and_then(|verifier| {
                let builder =
                    ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
                Ok(builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(verifier))
                    .with_no_client_auth())
            })
            .map_err(|error| {
                SetupError(format!(
                    "TLS can't be set up: {error}; install the system's CA certificates or set {table}.ca_file"
                ))
            })?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    /// The handshake.
    ///
    /// # Errors
    /// The connection broke, or the certificate is not the host's.
    pub async fn handshake(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.name.clone(), stream).await
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("name", &self.name).finish_non_exhaustive()
    }
}

fn roots(table: &str, file: &Path) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let found = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| SetupError(format!("{table}.ca_file {}: {error}", file.display())))?;
    if found.is_empty() {
        return Err(SetupError(format!("{table}.ca_file {} holds no PEM certificate", file.display())));
    }
    Ok(found)
}

/// Whether a failed handshake was about TLS itself (a certificate, a protocol), not about the connection.
#[must_use]
pub fn is_about_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
}
