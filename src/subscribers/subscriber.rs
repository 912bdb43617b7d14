//! A subscriber: an address with a state.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::subscription::Subscription;

/// Whether a subscriber may be mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Asked, and has not confirmed: never mailed a digest.
    Pending,
    /// Gets what was chosen.
    Active,
    /// Left: never mailed.
    Unsubscribed,
}

impl State {
    /// The word in the database, the CLI and the docs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Unsubscribed => "unsubscribed",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Unsubscribed].into_iter().find(|state| state.as_str() == word)
    }
}

/// Somebody who is to be added, with what they chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscriber {
    /// Where the mail goes.
    pub address: Address,
    /// What they are called; may be empty.
    pub name: DisplayName,
    /// The language that they want to be written to in; the digest's where they said nothing.
    pub language: Option<Language>,
    /// The digest that they want.
    pub digest: String,
    /// The categories of it that they want; never empty.
    pub choices: Vec<crate::subscribers::subscription::Choice>,
}

/// What adding somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Added {
    /// The address was new.
    New,
    /// The address was known; its choices or name were changed.
    Changed,
    /// Everything was as asked already.
    Same,
    /// The person left, and only they can come back: nothing was changed.
    Left,
    /// The address must never be mailed: nothing was changed.
    Suppressed,
}

/// A subscriber as the store knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subscriber {
    /// The store's number for them.
    pub id: i64,
    /// Where the mail goes.
    pub address: Address,
    /// What they are called; may be empty.
    pub name: DisplayName,
    /// The language that they want to be written to in.
    pub language: Option<Language>,
    /// Whether they may be mailed.
    pub state: State,
    /// When they were added.
    pub added: DateTime<Utc>,
    /// When the state changed last.
    pub changed: DateTime<Utc>,
    /// Why they must never be mailed, if so.
    pub suppressed: Option<String>,
    /// What they chose.
    pub subscriptions: Vec<Subscription>,
}
