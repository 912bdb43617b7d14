//! The window of an issue: which publication numbers are new to somebody.

use chrono::{DateTime, Duration, Utc};

use crate::catalog::ledger::Publication;
use crate::digest::settings::FirstIssue;

/// What bounds an issue, the same for all its subscribers.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The highest publication number when the issue was opened: what comes later is in the next one.
    pub upto: i64,
    /// When the issue was opened.
    pub opened: DateTime<Utc>,
    /// How far apart issues are.
    pub cadence: Duration,
    /// What a first issue holds.
    pub first_issue: FirstIssue,
    /// Only what became public after this, where slots were missed and only the last one counts.
    pub only_since: Option<DateTime<Utc>>,
}

/// Whether an article is new to a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newness {
    /// It is.
    New,
    /// It is if it is among the newest of what the subscription covers: a first issue that counts articles.
    Candidate,
    /// It was served, or is too old for a first issue.
    Old,
}

impl Bounds {
    /// Whether an article is new to a subscription that was served up to `served`: the half-open window
    /// `(served, upto]`, or what a first issue holds.
    #[must_use]
    pub fn newness(&self, publication: &Publication, served: Option<i64>) -> Newness {
        let too_early = self.only_since.is_some_and(|since| publication.first_published <= since);
        if publication.number > self.upto || too_early {
            return Newness::Old;
        }
        let new = match (served, self.first_issue) {
            (Some(served), _) => publication.number > served,
            (None, FirstIssue::Cadence) => publication.first_published > self.opened - self.cadence,
            (None, FirstIssue::Newest(_)) => return Newness::Candidate,
        };
        if new { Newness::New } else { Newness::Old }
    }

    /// How many candidates become new.
    #[must_use]
    pub fn newest(&self) -> usize {
        match self.first_issue {
            FirstIssue::Cadence => 0,
            FirstIssue::Newest(number) => number,
        }
    }
}
