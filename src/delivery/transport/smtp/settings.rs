//! What the operator says about the mail server: plain values as the configuration file has them. Opens
//! nothing and checks nothing; `Relay::new` does.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use crate::mail::dkim::profile::Profile;

/// How to reach the mail server that takes our messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Host name or IP address. With TLS, the name that its certificate must carry.
    pub host: String,
    /// TCP port; without it 465 for implicit TLS, 587 for STARTTLS, 25 without TLS.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Who to log in as; goes together with `password`.
    pub username: Option<String>,
    /// The password, or for `xoauth2` the access token. Never sent unencrypted, except to this very machine.
    pub password: Option<SecretString>,
    /// How to log in.
    pub auth: Auth,
    /// What we call ourselves in EHLO (RFC 5321 section 4.1.4): a domain name or an IP address. Without it,
    /// the system's host name.
    pub hello_name: Option<String>,
    /// How many connections to hold open at once, 1 to 64.
    pub connections: usize,
    /// A PEM file with root certificates to trust in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// Which headers the server rewrites, and signatures must leave out.
    pub profile: Profile,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: None,
            tls: Tls::default(),
            username: None,
            password: None,
            auth: Auth::default(),
            hello_name: None,
            // Polite to every provider; round trips, not the wire, are what one connection waits for.
            connections: 2,
            ca_file: None,
            profile: Profile::default(),
            timeouts: Timeouts::default(),
        }
    }
}

impl Settings {
    /// The port that is set, or the usual one for the kind of TLS.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            Tls::Implicit => 465,
            Tls::Starttls => 587,
            Tls::None => 25,
        })
    }
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte (RFC 8314 section 3).
    #[default]
    Implicit,
    /// STARTTLS (RFC 3207), required: a server that doesn't offer it gets nothing.
    Starttls,
    /// No encryption.
    None,
}

/// How to log in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// PLAIN where the server offers it, else LOGIN.
    #[default]
    Auto,
    /// RFC 4616.
    Plain,
    /// The two prompts of draft-murchison-sasl-login.
    Login,
    /// An access token in place of the password, as Google and Microsoft take it.
    Xoauth2,
}

/// How long to wait for each step, at the least what RFC 5321 section 4.5.3.2 asks for. Each is for a whole
/// reply: a server that sends a byte now and then gains nothing. Written as "30s" or "5m".
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// For the TCP connection to each of the host's addresses, and again for the TLS handshake.
    #[serde(with = "humantime_serde")]
    pub connect: Duration,
    /// For the server's first words; what is left of it adds to the time for its reply to our EHLO.
    #[serde(with = "humantime_serde")]
    pub greeting: Duration,
    /// For the reply to a command: EHLO, AUTH, MAIL, RCPT, RSET.
    #[serde(with = "humantime_serde")]
    pub command: Duration,
    /// For the reply to DATA.
    #[serde(with = "humantime_serde")]
    pub data: Duration,
    /// For each 64 KiB of a message to be taken.
    #[serde(with = "humantime_serde")]
    pub block: Duration,
    /// For the reply to the final dot. Shorter than ten minutes means duplicates on a slow server.
    #[serde(with = "humantime_serde")]
    pub dot: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: Duration::from_mins(5),
            command: Duration::from_mins(5),
            data: Duration::from_mins(2),
            block: Duration::from_mins(3),
            dot: Duration::from_mins(10),
        }
    }
}
