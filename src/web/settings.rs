//! What the configuration says of the pages for subscribers. Table `[web]`.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use url::Url;

/// Table `[web]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where readers reach the pages, without a `/` at the end: links in mails begin with it.
    pub url: Url,
    /// Where the server listens.
    #[serde(default)]
    pub listen: Listen,
    /// How many proxies stand before the server: so many of the last addresses in `X-Forwarded-For` are their work.
    #[serde(default)]
    pub trusted_hops: usize,
    /// Whether the address that a request came from goes on record as proof.
    #[serde(default)]
    pub record_ip: bool,
    /// How long somebody may take to confirm.
    #[serde(default = "patience", with = "humantime_serde")]
    pub confirm_within: Duration,
    /// Requests that one address of the internet may make within an hour; for IPv6, one network of 64 bits.
    #[serde(default = "per_ip")]
    pub requests_per_ip: u32,
    /// Requests that all may make together within an hour.
    #[serde(default = "in_total")]
    pub requests_in_total: u32,
}

impl Settings {
    /// With the socket's path below a folder.
    #[must_use]
    pub fn within(self, root: &Path) -> Self {
        let listen = match self.listen {
            Listen::Unix(path) => Listen::Unix(root.join(path)),
            port @ Listen::Port(_) => port,
        };
        Self { listen, ..self }
    }

    /// The address of a page for whoever has a token.
    #[must_use]
    pub fn page(&self, name: &str, token: &str) -> String {
        format!("{}/{name}/{token}", self.url.as_str().trim_end_matches('/'))
    }
}

/// Where the server listens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Listen {
    /// At an address and port.
    Port(SocketAddr),
    /// At a socket in the file system.
    Unix(PathBuf),
}

impl Default for Listen {
    fn default() -> Self {
        Self::Port(SocketAddr::from(([127, 0, 0, 1], 8025)))
    }
}

impl TryFrom<String> for Listen {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        text.parse().map(Self::Port).map_err(|_| {
            format!(
                "{text:?} is no place to listen at; write \"127.0.0.1:8025\" or \"unix:run/tidings.sock\""
            )
        })
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(address) => write!(f, "http://{address}/"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

fn patience() -> Duration {
    Duration::from_hours(7 * 24)
}

fn per_ip() -> u32 {
    10
}

fn in_total() -> u32 {
    1_000
}
