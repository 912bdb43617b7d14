//! A request: what somebody asked for, with the proof of it, until they confirm.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::subscriber::State;
use crate::subscribers::subscription::Chosen;
use crate::subscribers::suppression::Cause;

/// How long nobody writes to an address again that was asked to confirm.
pub const QUIET: Duration = Duration::hours(24);

/// What somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewRequest {
    /// Who is to confirm.
    pub address: Address,
    /// What the address would be known by if it had been erased.
    #[serde(skip)]
    pub pseudonym: String,
    /// What they are called; may be empty.
    pub name: DisplayName,
    /// The language that they asked in.
    pub language: Option<Language>,
    /// Their time zone (IANA), where they told it.
    pub time_zone: Option<chrono_tz::Tz>,
    /// Digests and what of them; never empty.
    pub choices: Vec<Chosen>,
    /// Where it came from: `form`, `mail <message-id>`.
    pub source: String,
    /// The hash of the words that were agreed to.
    pub wording: Option<String>,
    /// Whence, where that is to be kept.
    pub ip: Option<String>,
}

impl NewRequest {
    /// What goes on record of it: the choices, the hash of the words, and whence.
    #[must_use]
    pub fn receipt(&self) -> String {
        let mut parts: Vec<String> =
            self.choices.iter().map(|(digest, choice)| format!("{digest}:{choice}")).collect();
        parts.extend(self.wording.as_ref().map(|hash| format!("wording {hash}")));
        parts.extend(self.ip.as_ref().map(|ip| format!("from {ip}")));
        parts.join(" ")
    }
}

/// A request that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The store's number for it.
    pub id: i64,
    /// What was asked.
    #[serde(flatten)]
    pub asked: NewRequest,
    /// When.
    pub received: DateTime<Utc>,
}

/// What is known of the address of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The state of the subscriber with it.
    pub state: Option<State>,
    /// Why it must never be mailed.
    pub suppressed: Option<Cause>,
    /// When a letter was last sent to it, or last asked for where it is still to be sent.
    pub letter: Option<DateTime<Utc>>,
    /// Whether all that is asked for is chosen already.
    pub has_all: bool,
}

/// What a letter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Letter {
    /// Please confirm.
    Confirm,
    /// You have all of this already, and here is how to change it.
    Known,
}

impl Letter {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Known => "known",
        }
    }

    /// The letter with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Confirm, Self::Known].into_iter().find(|letter| letter.as_str() == word)
    }
}

/// Which letter follows from a request; none where nothing is to be sent: one letter a day for each address, and nothing
/// to those who must never be mailed. Whoever was erased may come back: nobody else can ask in their name, for
/// they have to confirm.
#[must_use]
pub fn letter(standing: &Standing, now: DateTime<Utc>) -> Option<Letter> {
    if standing.suppressed.is_some_and(|cause| cause != Cause::Erased) {
        return None;
    }
    if standing.letter.is_some_and(|last| now - last < QUIET) {
        return None;
    }
    let is_known = standing.state == Some(State::Active) && standing.has_all;
    Some(if is_known { Letter::Known } else { Letter::Confirm })
}

/// A letter that is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueLetter {
    /// What was asked.
    pub request: Request,
    /// What it says.
    pub letter: Letter,
    /// The subscriber, where there is one.
    pub subscriber: Option<i64>,
    /// How many attempts there were.
    pub attempts: u32,
}

/// What became of confirming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// They are subscribed now.
    Done {
        /// The store's number for them.
        subscriber: i64,
        /// What was asked.
        request: Box<Request>,
    },
    /// It was confirmed before.
    Before {
        /// The store's number for them; none where they were erased since.
        subscriber: Option<i64>,
    },
    /// There is no such request any more, or the address must never be mailed.
    Gone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_one_letter_a_day_and_a_suppressed_one_none() {
        let now: DateTime<Utc> = "2026-05-01T12:00:00Z".parse().unwrap();
        let ago = |hours| Standing { letter: Some(now - Duration::hours(hours)), ..Standing::default() };
        assert_eq!(letter(&Standing::default(), now), Some(Letter::Confirm));
        assert_eq!(letter(&ago(23), now), None);
        assert_eq!(letter(&ago(24), now), Some(Letter::Confirm));
        let suppressed = |cause| Standing { suppressed: Some(cause), ..Standing::default() };
        assert_eq!(letter(&suppressed(Cause::Complaint), now), None);
        assert_eq!(letter(&suppressed(Cause::Erased), now), Some(Letter::Confirm));
        let active = Standing { state: Some(State::Active), has_all: true, ..Standing::default() };
        assert_eq!(letter(&active, now), Some(Letter::Known));
        assert_eq!(letter(&Standing { has_all: false, ..active }, now), Some(Letter::Confirm));
    }
}
