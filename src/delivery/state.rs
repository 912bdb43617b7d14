//! The states of a delivery, and the values that pass between the ledger and the workers.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::mail::address::Address;
use crate::mail::name::DisplayName;

/// Where one (issue, subscriber) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// To be sent.
    Planned,
    /// In the hands of a worker; not attempted yet.
    Leased,
    /// A worker is talking to the server: until the outcome is recorded nobody knows.
    Attempting,
    /// The server took responsibility.
    Sent,
    /// To be tried again later.
    Deferred,
    /// Refused, or given up.
    Failed,
    /// Nobody knows, and the policy is to leave it at that.
    Uncertain,
    /// Not sent, for a recorded reason.
    Cancelled,
}

impl State {
    /// Every state, in the order of a delivery's life.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Leased,
        Self::Attempting,
        Self::Sent,
        Self::Deferred,
        Self::Failed,
        Self::Uncertain,
        Self::Cancelled,
    ];

    /// The word in the database, the CLI and the docs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Leased => "leased",
            Self::Attempting => "attempting",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A delivery in the hands of a worker.
#[derive(Clone, Debug)]
pub struct Leased {
    /// The ledger's number.
    pub delivery: i64,
    /// The issue's number.
    pub issue: i64,
    /// The subscriber's number.
    pub subscriber: i64,
    /// The edition that they get.
    pub edition: String,
    /// As it was when the issue was opened.
    pub name: DisplayName,
    /// As it was when the issue was opened.
    pub address: Address,
    /// How many attempts there were before.
    pub attempts: u32,
    /// When the issue was opened.
    pub opened: DateTime<Utc>,
}

/// The end of one attempt, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The ledger's number.
    pub delivery: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What follows from it.
    pub verdict: Verdict,
}

/// What follows from an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Done: the subscription moves on.
    Sent {
        /// The server's words.
        reply: String,
    },
    /// Another attempt, not before `next`.
    Deferred {
        /// The server's words, or what happened.
        reason: String,
        /// When.
        next: DateTime<Utc>,
    },
    /// As if there had been no attempt: the server was not to be had, and nobody is to blame.
    Released {
        /// What happened.
        reason: String,
        /// Not before this.
        next: DateTime<Utc>,
    },
    /// Done without success; the subscription stays where it is.
    Failed {
        /// The server's words, or why it was given up.
        reason: String,
    },
    /// It may have arrived, and is sent again: the subscription moves on, lest the next issue repeats it.
    Again {
        /// What happened.
        reason: String,
        /// When.
        next: DateTime<Utc>,
    },
    /// It may have arrived, and is left at that: the subscription moves on.
    Held {
        /// What happened.
        reason: String,
    },
}
