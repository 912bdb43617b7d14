//! One open line to the server: from the greeting to where mail can be sent, then command by command, each with
//! a deadline. Knows the order in which a session opens, and nothing of messages.

use std::fmt::Display;
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Ehlo, Starttls};
use tokio::time::timeout;

use super::login::log_in;
use super::relay::{Encryption, Relay};
use super::reply::{self, Extensions, Fault};
use super::wire::Wire;
use crate::delivery::outcome::{Refusal, Reply};
use crate::mail::tls::{Tls, is_about_tls};

/// "The server closes the channel" (RFC 5321 section 3.8), whatever it answers.
const CLOSING: u16 = 421;

/// A connection that has been greeted and, where it must be, encrypted and logged in.
#[derive(Debug)]
pub(super) struct Session {
    smtp: Smtp,
    wire: Wire,
    pub(super) extensions: Extensions,
    /// Has carried a message, or has tried to: the server may have had enough of it.
    pub(super) worn: bool,
    /// A transaction was left half-way: RSET before the next one.
    pub(super) dirty: bool,
    /// Closed, or out of step: no more commands.
    pub(super) broken: bool,
}

/// lettre's connection, which has no `Debug`.
struct Smtp(AsyncSmtpConnection);

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Smtp")
    }
}

impl Session {
    pub(super) async fn open(relay: &Relay) -> Result<Self, Refusal> {
        let wire = Wire::new(relay.dial().await?).map_err(|error| relay.unreachable(&error))?;
        let mut session = match &relay.encryption {
            Encryption::None => Self::greet(wire, relay).await?,
            Encryption::Implicit(tls) => {
                encrypt(&wire, tls, relay).await?;
                Self::greet(wire, relay).await?
            }
            Encryption::Starttls(tls) => {
                let mut session = Self::greet(wire, relay).await?;
                session.start_tls(tls, relay).await?;
                session
            }
        };
        log_in(&mut session, relay).await?;
        Ok(session)
    }

    /// Reads the greeting and says EHLO; lettre does both in one.
    async fn greet(wire: Wire, relay: &Relay) -> Result<Self, Refusal> {
        let limit = relay.settings.timeouts.greeting.saturating_add(relay.settings.timeouts.command);
        let opening = AsyncSmtpConnection::connect_with_transport(Box::new(wire.clone()), &relay.hello);
        let opened = timeout(limit, opening).await.map_err(|_| relay.unreachable(&Fault::Late(limit)))?;
        match opened {
            Ok(smtp) => Ok(Self {
                smtp: Smtp(smtp),
                extensions: Extensions::read(&wire.last_reply()),
                wire,
                worn: false,
                dirty: false,
                broken: false,
            }),
            // Not the wire's last reply, for lettre says QUIT after a refused EHLO.
            Err(error) => Err(match reply::refusal(&error) {
                Some(reply) => refused_to_begin(reply, relay),
                None => relay.unreachable(&Fault::from(error)),
            }),
        }
    }

    /// RFC 3207. What the server offered in clear is forgotten (section 4.2).
    async fn start_tls(&mut self, tls: &Tls, relay: &Relay) -> Result<(), Refusal> {
        let limit = relay.settings.timeouts.command;
        if !self.extensions.starttls {
            return Err(Refusal::Setup {
                reason: format!(
                    "{}:{} doesn't offer STARTTLS, and mail is never sent in clear instead; \
                     try smtp.tls = \"implicit\", or another port",
                    relay.settings.host,
                    relay.settings.port()
                ),
            });
        }
        let reply = self.exchange(limit, Starttls).await.map_err(|fault| relay.unreachable(&fault))?;
        if reply.code != 220 {
            return Err(relay.unreachable(&format!("it refuses STARTTLS: {reply}")));
        }
        encrypt(&self.wire, tls, relay).await?;
        let hello = Ehlo::new(relay.hello.clone());
        let reply = self.exchange(limit, hello).await.map_err(|fault| relay.unreachable(&fault))?;
        if reply.code != 250 {
            return Err(refused_to_begin(reply, relay));
        }
        self.extensions = Extensions::read(&self.wire.last_reply());
        Ok(())
    }

    /// Sends one command, or a body with its dot, and reads the whole reply to it.
    pub(super) async fn exchange(&mut self, limit: Duration, command: impl Display) -> Result<Reply, Fault> {
        self.wire.restart_count();
        let answer = match timeout(limit, self.smtp.0.command(command)).await {
            Ok(Ok(_)) => last_reply(&self.wire),
            // A negative reply is an error to lettre, and an answer to us.
            Ok(Err(error)) if error.status().is_some() => last_reply(&self.wire),
            Ok(Err(error)) => Err(Fault::from(error)),
            Err(_) => Err(Fault::Late(limit)),
        };
        self.broken |= answer.as_ref().map_or(true, |reply| reply.code == CLOSING);
        answer
    }

    /// How many bytes of the last exchange may have reached the server.
    pub(super) fn may_have_left(&self) -> usize {
        self.wire.may_have_left()
    }

    /// Whether the server is still there and in step, as far as can be told without asking it.
    pub(super) fn is_quiet(&self) -> bool {
        self.wire.is_quiet()
    }
}

fn last_reply(wire: &Wire) -> Result<Reply, Fault> {
    reply::reply(&wire.last_reply()).ok_or_else(|| Fault::Garbled("no reply code".to_owned()))
}

/// A permanent no to our greeting is about us, anything else about the moment.
pub(super) fn refused_to_begin(reply: Reply, relay: &Relay) -> Refusal {
    match reply.code {
        500..=599 => Refusal::Sender { reply },
        _ => relay.unreachable(&reply),
    }
}

async fn encrypt(wire: &Wire, tls: &Tls, relay: &Relay) -> Result<(), Refusal> {
    let limit = relay.settings.timeouts.connect;
    match timeout(limit, wire.encrypt(tls)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) if is_about_tls(&error) => Err(Refusal::Setup {
            reason: format!(
                "no trustworthy TLS with {}:{}: {error}; check smtp.host, smtp.port and smtp.tls, and set \
                 smtp.ca_file if the server's certificate comes from an authority of your own",
                relay.settings.host,
                relay.settings.port()
            ),
        }),
        Ok(Err(error)) => Err(relay.unreachable(&format!("the TLS handshake failed: {error}"))),
        Err(_) => Err(relay.unreachable(&format!("no TLS handshake within {limit:?}"))),
    }
}
