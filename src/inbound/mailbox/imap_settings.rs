//! Where a mailbox on a server is. Table `[ingest.imap]`.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

/// Table `[ingest.imap]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Host name or IP address; the name that the server's certificate must carry.
    pub host: String,
    /// TCP port; without it 993.
    #[serde(default = "port")]
    pub port: u16,
    /// Who to log in as.
    pub username: String,
    /// The password.
    pub password: Option<SecretString>,
    /// The mailbox.
    #[serde(default = "folder")]
    pub folder: String,
    /// Where messages go that are dealt with. Without it they stay, and are marked as read.
    pub done_folder: Option<String>,
    /// No encryption: for a server on this very machine alone.
    #[serde(default)]
    pub allow_plain: bool,
    /// A PEM file with root certificates to trust in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// How long each step may take.
    #[serde(default = "timeout", with = "humantime_serde")]
    pub timeout: Duration,
}

/// RFC 8314, 3.2: TLS from the first byte.
fn port() -> u16 {
    993
}

fn folder() -> String {
    "INBOX".to_owned()
}

fn timeout() -> Duration {
    Duration::from_mins(1)
}
