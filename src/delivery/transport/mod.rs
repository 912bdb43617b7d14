//! The ways out: a finished message is handed to an SMTP relay, to a maildir folder, or to memory.
//! Siblings with one face. They know nothing of issues, ledgers or retries: whoever sends decides what an
//! outcome means.

pub mod file;
pub mod memory;
pub mod smtp;

use crate::delivery::outcome::{Outcome, Refusal};

/// Who a message travels from and to. Bare addresses without a display name; domains are A-labels already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Where bounces go (RFC 5321 section 2.3.1); empty for the null reverse-path.
    pub sender: &'a str,
    /// The one recipient.
    pub recipient: &'a str,
}

/// Where messages go, and how.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To a mail server.
    Smtp(smtp::Relay),
    /// Into a folder, one file for each message.
    File(file::Outbox),
    /// Into memory, for tests.
    Memory(memory::Tray),
}

impl Transport {
    /// Opens one connection that is ready for messages.
    ///
    /// # Errors
    /// [`Refusal`] when nothing can be sent this way for now; no recipient is to blame.
    pub async fn connect(&self) -> Result<Connection, Refusal> {
        match self {
            Self::Smtp(relay) => Ok(Connection::Smtp(Box::new(relay.connect().await?))),
            Self::File(outbox) => {
                outbox.prepare().await?;
                Ok(Connection::File(outbox.clone()))
            }
            Self::Memory(tray) => Ok(Connection::Memory(tray.clone())),
        }
    }

    /// How many connections to hold open at once, at least 1.
    #[must_use]
    pub fn connections(&self) -> usize {
        match self {
            Self::Smtp(relay) => relay.connections(),
            Self::File(_) | Self::Memory(_) => 1,
        }
    }
}

/// One open connection. It carries one message at a time.
#[derive(Debug)]
pub enum Connection {
    /// To a mail server.
    Smtp(Box<smtp::connection::Connection>),
    /// Into a folder.
    File(file::Outbox),
    /// Into memory.
    Memory(memory::Tray),
}

impl Connection {
    /// Makes one attempt to hand `message` (CRLF lines, 7 bit) over.
    ///
    /// `name` identifies the message and is the same in every attempt, so that a repeat into a folder
    /// replaces its own file.
    ///
    /// # Errors
    /// [`Refusal`]: stop the run. The recipient keeps waiting, and nobody is to blame.
    pub async fn send(
        &mut self,
        envelope: &Envelope<'_>,
        name: &str,
        message: &[u8],
    ) -> Result<Outcome, Refusal> {
        match self {
            Self::Smtp(connection) => connection.send(envelope, name, message).await,
            Self::File(outbox) => outbox.put(name, message).await,
            Self::Memory(tray) => Ok(tray.put(envelope, name, message)),
        }
    }

    /// False when the connection is of no more use: after a 421, a lost connection, a timeout, or a `send`
    /// that was dropped half-way. Drop it and connect again.
    #[must_use]
    pub fn usable(&self) -> bool {
        match self {
            Self::Smtp(connection) => connection.usable(),
            Self::File(_) | Self::Memory(_) => true,
        }
    }

    /// Says goodbye, within a few seconds.
    pub async fn close(self) {
        match self {
            Self::Smtp(connection) => connection.close().await,
            Self::File(_) | Self::Memory(_) => {}
        }
    }
}
