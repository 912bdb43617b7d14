//! The tray: messages kept in memory, for tests of whatever sends. Knows nothing of networks or files.

use std::sync::{Arc, Mutex, PoisonError};

use super::Envelope;
use crate::delivery::outcome::Outcome;

/// One message that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Envelope sender.
    pub sender: String,
    /// Envelope recipient.
    pub recipient: String,
    /// The name that stays the same when a message is sent again.
    pub name: String,
    /// The message as it was given.
    pub message: Vec<u8>,
}

/// A tray that takes everything. Clones share what they hold.
#[derive(Clone, Debug, Default)]
pub struct Tray {
    received: Arc<Mutex<Vec<Received>>>,
}

impl Tray {
    /// Everything that was handed over, in the order of arrival; a message that was sent twice is in twice.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put(&self, envelope: &Envelope<'_>, name: &str, message: &[u8]) -> Outcome {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).push(Received {
            sender: envelope.sender.to_owned(),
            recipient: envelope.recipient.to_owned(),
            name: name.to_owned(),
            message: message.to_vec(),
        });
        Outcome::Accepted { reply: format!("memory/{name}") }
    }
}
