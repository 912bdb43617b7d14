//! The mail server as the operator described it, checked: everything that can be wrong without asking the
//! network is found here. Knows how to reach the server, not what to tell it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use lettre::transport::smtp::extension::ClientId;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::connection::Connection;
use super::session::Session;
use super::settings::{self, Settings};
use crate::delivery::outcome::Refusal;
use crate::mail::tls::Tls;

/// More would look like an attack to most providers.
const MOST_CONNECTIONS: usize = 64;

/// A mail server that takes our messages. Clones share its settings.
#[derive(Clone, Debug)]
pub struct Relay {
    pub(super) settings: Arc<Settings>,
    pub(super) encryption: Encryption,
    pub(super) hello: ClientId,
}

/// What must happen before anything but EHLO is said; carries what it needs, so that it can't be skipped.
#[derive(Clone, Debug)]
pub(super) enum Encryption {
    None,
    /// TLS before the greeting.
    Implicit(Tls),
    /// TLS after the first EHLO.
    Starttls(Tls),
}

impl Relay {
    /// Checks the settings and reads the certificates that they name. Doesn't connect.
    ///
    /// # Errors
    /// [`Refusal::Setup`] with what is wrong and what to do about it.
    pub fn new(settings: Settings) -> Result<Self, Refusal> {
        if let Some(reason) = contradiction(&settings) {
            return Err(Refusal::Setup { reason });
        }
        let tls = || {
            Tls::new("smtp", &settings.host, settings.ca_file.as_deref())
                .map_err(|error| Refusal::Setup { reason: error.to_string() })
        };
        let encryption = match settings.tls {
            settings::Tls::None => Encryption::None,
            settings::Tls::Implicit => Encryption::Implicit(tls()?),
            settings::Tls::Starttls => Encryption::Starttls(tls()?),
        };
        let hello = settings.hello_name.as_deref().map_or_else(ClientId::default, client_id);
        Ok(Self { settings: Arc::new(settings), encryption, hello })
    }

    /// How many connections to hold open at once.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.settings.connections
    }

    /// Opens a connection, up to where the first message can be sent.
    pub(in crate::delivery::transport) async fn connect(&self) -> Result<Connection, Refusal> {
        Ok(Connection::new(self.clone(), Session::open(self).await?))
    }

    /// Connects to the first of the host's addresses that answers.
    pub(super) async fn dial(&self) -> Result<TcpStream, Refusal> {
        let address = (self.settings.host.as_str(), self.settings.port());
        let limit = self.settings.timeouts.connect;
        let found = match timeout(limit, lookup_host(address)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return Err(self.unreachable(&format!("its name doesn't resolve: {error}"))),
            Err(_) => return Err(self.unreachable(&format!("its name wasn't resolved within {limit:?}"))),
        };
        let mut failures = Vec::new();
        for address in found {
            match timeout(limit, dial_one(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failures.push(format!("{}: {error}", address.ip())),
                Err(_) => failures.push(format!("{}: no answer within {limit:?}", address.ip())),
            }
        }
        Err(self.unreachable(&format!("can't connect ({})", failures.join("; "))))
    }

    pub(super) fn unreachable(&self, reason: &impl ToString) -> Refusal {
        let host = format!("{}:{}", self.settings.host, self.settings.port());
        Refusal::Unreachable { host, reason: reason.to_string() }
    }
}

async fn dial_one(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // Without it, a command that follows a message waits 40 ms for a delayed ACK.
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn contradiction(settings: &Settings) -> Option<String> {
    if settings.host.is_empty() {
        return Some("smtp.host is not set; name the mail server that takes the digests".to_owned());
    }
    if !(1..=MOST_CONNECTIONS).contains(&settings.connections) {
        let asked = settings.connections;
        return Some(format!("smtp.connections is {asked}; it must be between 1 and {MOST_CONNECTIONS}"));
    }
    match (&settings.username, &settings.password) {
        (Some(_), None) => {
            return Some("smtp.username is set without smtp.password; set both or none".to_owned());
        }
        (None, Some(_)) => {
            return Some("smtp.password is set without smtp.username; set both or none".to_owned());
        }
        _ => {}
    }
    if settings.password.is_some() && settings.tls == settings::Tls::None && !is_this_machine(&settings.host)
    {
        return Some(format!(
            "smtp.tls is \"none\", and {} is another machine: the password would travel in clear; \
             set smtp.tls to \"starttls\" or \"implicit\"",
            settings.host
        ));
    }
    if let Some(name) = &settings.hello_name
        && (name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()))
    {
        return Some(format!("smtp.hello_name {name:?} is neither a domain name nor an IP address"));
    }
    None
}

/// By name, not by what it resolves to: an answer from the network must not unlock a password.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn client_id(name: &str) -> ClientId {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(name.to_owned()),
    }
}
