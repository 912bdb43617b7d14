//! The verbs of whoever answers for an issue: look at what is frozen, hold it, release it, stop it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::store::StoreError;
use crate::store::deliveries::IssueStatus;
use crate::store::issues::Frozen;

/// Everything that is known of an issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssueStory {
    /// Its states.
    #[serde(flatten)]
    pub status: IssueStatus,
    /// When it was opened: the Date of its mails.
    pub opened: DateTime<Utc>,
    /// Its mails, those with the most readers first.
    pub editions: Vec<EditionStory>,
}

/// One frozen edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EditionStory {
    /// What tells it from the others.
    pub key: String,
    /// Its language.
    pub language: String,
    /// Its subject.
    pub subject: String,
    /// Bytes of its HTML.
    pub html_bytes: u64,
    /// SHA-256 of its message.
    pub hash: String,
    /// How many deliveries it has, whatever became of them.
    pub deliveries: u64,
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is so now; so many deliveries are concerned.
    Done(u64),
    /// It was so already.
    Already,
    /// There is no such issue.
    Nothing,
    /// It can't be, for the issue is in this state.
    TooLate(String),
}

/// What is decided of issues.
#[async_trait]
pub trait Editorial: Send + Sync {
    /// An issue with its editions; none where there is no such issue.
    ///
    /// # Errors
    /// The store can't be read.
    async fn issue(&self, issue: i64) -> Result<Option<IssueStory>, StoreError>;

    /// All editions of an issue, as they were frozen, those with the most readers first.
    ///
    /// # Errors
    /// The store can't be read; a message is not what was frozen.
    async fn editions(&self, issue: i64) -> Result<Vec<Frozen>, StoreError>;

    /// Issues of which a page belongs into the archive: those that go out, or went out to somebody, newest first.
    ///
    /// # Errors
    /// The store can't be read.
    async fn public_issues(&self, digest: &str) -> Result<Vec<SentIssue>, StoreError>;

    /// Stops an open issue until it is released. What a run has in its hands already goes out.
    ///
    /// # Errors
    /// The store can't be written.
    async fn hold(&self, issue: i64) -> Result<Decided, StoreError>;

    /// Lets a held issue go out.
    ///
    /// # Errors
    /// The store can't be written.
    async fn release_issue(&self, issue: i64) -> Result<Decided, StoreError>;

    /// Stops an issue for good: who has not got it gets nothing of it, and its articles come with the next one.
    ///
    /// # Errors
    /// The store can't be written.
    async fn cancel(&self, issue: i64, why: &str, now: DateTime<Utc>) -> Result<Decided, StoreError>;
}

/// An issue that goes out, or went out to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentIssue {
    /// Its number.
    pub issue: i64,
    /// The slot that it was for.
    pub slot: DateTime<Utc>,
    /// When it was opened.
    pub opened: DateTime<Utc>,
    /// The edition that stands for it: the one that shows the most; none where it has no page.
    pub lead: Option<Lead>,
}

/// The edition that stands for an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Its key.
    pub key: String,
    /// Its subject.
    pub subject: String,
    /// The titles of its articles, as the ledger has them.
    pub titles: Vec<String>,
}
