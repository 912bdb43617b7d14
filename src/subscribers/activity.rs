//! Activities: what happened to an address, or was done for it, with its source. They are the proof of consent, and what
//! `subscribers show` tells.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::mail::address::Address;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Was added by the operator, a list or an import; the detail is the consent that came with it, if any.
    Added,
    /// Asked to be subscribed: the receipt of a request.
    Asked,
    /// Confirmed what was asked.
    Confirmed,
    /// Changed what is chosen, or how they are written to.
    Chose,
    /// Left a digest, or all.
    Left,
    /// Came back after having left.
    CameBack,
    /// A mail could not be delivered, and never will be.
    HardBounce,
    /// A mail could not be delivered this time.
    SoftBounce,
    /// A mail was refused for the sender's sake: nobody blames the reader.
    Refused,
    /// Called a mail unwanted.
    Complained,
    /// Was put on the list of those who must never be mailed.
    Suppressed,
    /// Was taken off that list.
    Unsuppressed,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Added,
        Self::Asked,
        Self::Confirmed,
        Self::Chose,
        Self::Left,
        Self::CameBack,
        Self::HardBounce,
        Self::SoftBounce,
        Self::Refused,
        Self::Complained,
        Self::Suppressed,
        Self::Unsuppressed,
    ];

    /// The word in the database, the CLI and the docs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Chose => "chose",
            Self::Left => "left",
            Self::CameBack => "came-back",
            Self::HardBounce => "hard-bounce",
            Self::SoftBounce => "soft-bounce",
            Self::Refused => "refused",
            Self::Complained => "complained",
            Self::Suppressed => "suppressed",
            Self::Unsuppressed => "unsuppressed",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: Kind,
    /// Where it came from: `command line`, `form`, `mail <message-id>`, `import people.csv:12`.
    pub source: String,
    /// The rest, in words for people; may be empty.
    pub detail: String,
}

/// One thing that happened, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewActivity {
    /// Whom it is about.
    pub address: Address,
    /// What happened.
    pub activity: Activity,
    /// What can happen once has a mark of its own (a report's hash): the second time nothing is recorded.
    pub mark: Option<String>,
}
