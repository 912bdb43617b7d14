//! A suppression: an address that must never be mailed, and why. It outlives the subscriber.

use serde::Serialize;

/// Why an address is on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// The operator decided it.
    Operator,
    /// Mails to it came back.
    Bounces,
    /// Its owner called a mail unwanted.
    Complaint,
    /// Its owner was erased: there is a keyed hash of the address alone. They may come back by asking and confirming.
    Erased,
}

impl Cause {
    /// The word in the database, the CLI and the docs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Bounces => "bounces",
            Self::Complaint => "complaint",
            Self::Erased => "erased",
        }
    }

    /// The cause with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Operator, Self::Bounces, Self::Complaint, Self::Erased]
            .into_iter()
            .find(|cause| cause.as_str() == word)
    }
}

/// Why an address must never be mailed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// What led to it.
    pub cause: Cause,
    /// Why, in words for people.
    pub reason: String,
}
