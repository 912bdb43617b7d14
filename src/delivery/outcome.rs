//! What can become of one attempt to hand a message over: values, never errors, so that nobody can
//! forget to settle one. Knows nothing of how a message travels.

use std::fmt;

/// A server's answer: RFC 5321 code, RFC 3463 enhanced code, and its text on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Three digits, such as 250.
    pub code: u16,
    /// Class, subject and detail, such as (5, 1, 1), where the server gave one.
    pub enhanced: Option<(u8, u16, u16)>,
    /// The text behind the codes, its lines joined with " / "; legal in a log line, at most 500 characters.
    pub text: String,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some((class, subject, detail)) = self.enhanced {
            write!(f, " {class}.{subject}.{detail}")?;
        }
        write!(f, " {}", self.text)
    }
}

/// What became of one attempt for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took responsibility: 250 after the final dot. `reply` is its answer, or for the file
    /// transport the name of the file.
    Accepted {
        /// What the receiver said.
        reply: String,
    },
    /// Not now: a 4xx, or the connection was lost before the final dot was sent. Try again later.
    Deferred {
        /// The server's words, or what happened to the connection.
        reason: String,
    },
    /// Never: a 5xx about this recipient or this message.
    Rejected {
        /// The server's words.
        reason: String,
    },
    /// Nobody knows: the connection was lost after the final dot began to be sent and before the reply
    /// was read (RFC 1047).
    Unknown {
        /// What happened.
        reason: String,
    },
}

/// Why nothing more can be sent for now. No recipient is to blame, none is marked failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The server does not take mail from us: greeting 554, AUTH refused, MAIL FROM 5xx, or 5.7.x.
    #[error("the server refuses this sender: {reply}")]
    Sender {
        /// Its words.
        reply: Reply,
    },
    /// The server can't be reached, closes or stalls before it can be used, or asks us to come back later.
    #[error("{host} can't be used now: {reason}")]
    Unreachable {
        /// `host:port`.
        host: String,
        /// What was tried and what happened.
        reason: String,
    },
    /// The outbox can't be written.
    #[error("{reason}")]
    Outbox {
        /// What happened, and to which file.
        reason: String,
    },
    /// The transport is set up in a way that can't work: missing TLS, no common AUTH mechanism.
    #[error("{reason}")]
    Setup {
        /// What is wrong and what to do about it.
        reason: String,
    },
}
