//! A subscriber: an address with a state.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::activity::Activity;
use crate::subscribers::subscription::{Choice, Chosen, Subscription};
use crate::subscribers::suppression::Suppression;

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
    /// What the address would be known by if it had been erased.
    pub pseudonym: String,
    /// What they are called; may be empty.
    pub name: DisplayName,
    /// The language that they want to be written to in; the digest's where they said nothing.
    pub language: Option<Language>,
    /// Their time zone; the digest's where they said nothing.
    pub time_zone: Option<Tz>,
    /// The minute after midnight at which they want their mail; the digest's where they said nothing.
    pub minute: Option<u16>,
    /// What they are to be: an import brings along those who left, too, lest another one mails them.
    pub state: State,
    /// Digests and what of them; never empty for somebody active.
    pub choices: Vec<Chosen>,
    /// Where they come from: `command line`, `import people.csv:12`.
    pub source: String,
    /// The consent that came with them, in words for people; may be empty.
    pub consent: String,
    /// When they subscribed, where that is known.
    pub since: Option<DateTime<Utc>>,
    /// When their state changed last, where that is known.
    pub changed: Option<DateTime<Utc>>,
    /// Why they must never be mailed, where the source says so.
    pub suppression: Option<Suppression>,
    /// Whether they never subscribed: the address goes on the list of those never mailed, and that is all.
    pub is_stranger: bool,
    /// What is on record of them where they come from: it is on record here instead of their being added.
    pub history: Vec<Activity>,
}

impl NewSubscriber {
    /// Somebody active, of whom nothing else is known.
    #[must_use]
    pub fn active(address: Address, name: DisplayName, digest: &str, choices: Vec<Choice>) -> Self {
        Self {
            address,
            pseudonym: String::new(),
            name,
            language: None,
            time_zone: None,
            minute: None,
            state: State::Active,
            choices: choices.into_iter().map(|choice| (digest.to_owned(), choice)).collect(),
            source: String::new(),
            consent: String::new(),
            since: None,
            changed: None,
            suppression: None,
            is_stranger: false,
            history: Vec::new(),
        }
    }
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
    /// The person was erased, and only they can come back: nothing was changed.
    Erased,
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
    /// Their time zone, where they told it.
    pub time_zone: Option<Tz>,
    /// The minute after midnight at which they want their mail, in their time zone.
    pub minute: Option<u16>,
    /// Whether they may be mailed.
    pub state: State,
    /// When they were added.
    pub added: DateTime<Utc>,
    /// When the state changed last.
    pub changed: DateTime<Utc>,
    /// Why they must never be mailed, if so.
    pub suppressed: Option<Suppression>,
    /// What they chose.
    pub subscriptions: Vec<Subscription>,
}
