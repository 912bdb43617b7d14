//! A connection as the worker sees it: message after message, with a new session behind it where the old one
//! went stale. Knows when to reconnect, not what is said.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::commands::Quit;

use super::body::Body;
use super::relay::Relay;
use super::session::Session;
use super::transaction::{End, Letter, carry};
use crate::delivery::outcome::{Outcome, Refusal};
use crate::delivery::transport::Envelope;

/// Long enough for a reply from anywhere, short enough to end a run on.
const FAREWELL: Duration = Duration::from_secs(5);

/// One connection to the mail server.
#[derive(Debug)]
pub struct Connection {
    relay: Relay,
    /// Taken out for the time of a `send`, so that one that is dropped half-way leaves none behind that is
    /// out of step.
    session: Option<Session>,
}

impl Connection {
    pub(super) fn new(relay: Relay, session: Session) -> Self {
        Self { relay, session: Some(session) }
    }

    /// Makes one attempt to hand a message over.
    ///
    /// A session that the server closed since the last message costs nobody an attempt: as long as MAIL FROM
    /// has no answer, the message goes over a new session, once.
    ///
    /// # Errors
    /// [`Refusal`]: nothing more can be sent, and the recipient has no part in it.
    pub async fn send(
        &mut self,
        envelope: &Envelope<'_>,
        name: &str,
        message: &[u8],
    ) -> Result<Outcome, Refusal> {
        let Ok(recipient) = envelope.recipient.parse() else {
            let reason = format!("{:?} is no address that SMTP can carry", envelope.recipient);
            return Ok(Outcome::Rejected { reason });
        };
        let body = match Body::new(message) {
            Ok(body) => body,
            // One message that can't be sent must not stop those behind it.
            Err(problem) => {
                let reason = format!("the message {name} {problem}; this is a fault in Tidings");
                return Ok(Outcome::Rejected { reason });
            }
        };
        let letter = Letter { sender: sender(envelope)?, recipient, body };
        let timeouts = &self.relay.settings.timeouts;

        let mut session = match self.session.take() {
            Some(session) if session.is_quiet() => session,
            _ => Session::open(&self.relay).await?,
        };
        let mut end = carry(&mut session, &letter, timeouts).await;
        if let End::NotBegun(reason) = &end
            && session.worn
        {
            tracing::debug!(smtp.host = self.relay.settings.host, "connecting again: {reason}");
            session = Session::open(&self.relay).await?;
            end = carry(&mut session, &letter, timeouts).await;
        }
        if !session.broken {
            self.session = Some(session);
        }
        match end {
            End::Settled(outcome) => Ok(outcome),
            End::Refused(refusal) => Err(refusal),
            End::NotBegun(reason) => Err(self.relay.unreachable(&format!("at MAIL FROM: {reason}"))),
        }
    }

    /// False when the next message would have to open a new session.
    #[must_use]
    pub fn usable(&self) -> bool {
        self.session.is_some()
    }

    /// Says QUIT and waits a few seconds for the reply; what it is doesn't matter.
    pub async fn close(self) {
        if let Some(mut session) = self.session {
            let _ = session.exchange(FAREWELL, Quit).await;
        }
    }
}

fn sender(envelope: &Envelope<'_>) -> Result<Option<Address>, Refusal> {
    if envelope.sender.is_empty() {
        return Ok(None);
    }
    envelope.sender.parse().map(Some).map_err(|_| Refusal::Setup {
        reason: format!("the sender {:?} is no address that SMTP can carry; set another", envelope.sender),
    })
}
