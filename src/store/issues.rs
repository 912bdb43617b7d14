//! The verbs of opening issues.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::digest::issue::{Edition, NewIssue};
use crate::digest::letterhead::Letterhead;
use crate::digest::wish::WishList;
use crate::mail::address::Address;
use crate::schedule::reader_clock::ReaderClock;
use crate::store::StoreError;

/// A group of subscribers with equal wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceGroup {
    /// What they wish for.
    pub wishes: WishList,
    /// How many they are.
    pub subscribers: u64,
}

/// Somebody who has chosen a digest and gets nothing of it whatever it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Their address.
    pub address: Address,
    /// Why.
    pub reason: String,
}

/// What opening an issue did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// The issue's number.
    pub issue: i64,
    /// Deliveries that wait to be sent.
    pub planned: u64,
    /// Deliveries that were cancelled at once, with a reason on record.
    pub spared: u64,
    /// Deliveries of earlier issues that this one takes the place of.
    pub superseded: u64,
}

/// What an issue's mails are made of.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// What all mails say in their headers.
    pub letterhead: Letterhead,
    /// The edition.
    pub edition: Edition,
}

/// An edition of an issue that waits.
#[derive(Clone, Debug)]
pub struct AtHand {
    /// The issue's number.
    pub issue: i64,
    /// When the issue was opened.
    pub opened: DateTime<Utc>,
    /// What its mails are made of.
    pub frozen: Frozen,
}

/// What is remembered of digests and issues.
#[async_trait]
pub trait Issues: Send + Sync {
    /// Up to which moment the slots of a digest have been dealt with. A digest that was never seen before has
    /// been dealt with up to `now`: nobody is mailed before the first slot after it was set up.
    ///
    /// # Errors
    /// The store can't be read or written.
    async fn handled_until(&self, digest: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError>;

    /// As [`Issues::handled_until`], and remembers nothing.
    ///
    /// # Errors
    /// The store can't be read.
    async fn peek_handled_until(&self, digest: &str, now: DateTime<Utc>)
    -> Result<DateTime<Utc>, StoreError>;

    /// Records slots that passed without a mail, each with the reason, and moves on behind them.
    ///
    /// # Errors
    /// The store can't be written.
    async fn record_passed(
        &self,
        digest: &str,
        slots: &[(DateTime<Utc>, String)],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// Remembers where the first issue of subscriptions without one began, so that what it did not bring comes
    /// with the next. [`Issues::open_issue`] does the same for its cohorts.
    ///
    /// # Errors
    /// The store can't be written.
    async fn begin_subscriptions(
        &self,
        digest: &str,
        cohorts: Vec<(WishList, i64)>,
    ) -> Result<(), StoreError>;

    /// Articles that were held out when an issue of the digest was opened that would have had them: their number,
    /// and the one that they count under since they were back in an issue.
    ///
    /// # Errors
    /// The store can't be read.
    async fn absences(&self, digest: &str) -> Result<Vec<(i64, Option<i64>)>, StoreError>;

    /// The active subscribers of a digest, grouped by what they wish for.
    ///
    /// # Errors
    /// The store can't be read.
    async fn audience(&self, digest: &str) -> Result<Vec<AudienceGroup>, StoreError>;

    /// The clocks of a digest's active subscribers, each once.
    ///
    /// # Errors
    /// The store can't be read.
    async fn reader_clocks(&self, digest: &str) -> Result<Vec<ReaderClock>, StoreError>;

    /// Addresses of each group of the audience, the first `most` of each by their keys. All at once: to look for one group
    /// is to go through everybody.
    ///
    /// # Errors
    /// The store can't be read.
    async fn members(&self, digest: &str, most: u32) -> Result<Vec<(WishList, Vec<Address>)>, StoreError>;

    /// Those who chose the digest and get nothing: pending, unsubscribed or suppressed.
    ///
    /// # Errors
    /// The store can't be read.
    async fn excluded(&self, digest: &str) -> Result<Vec<Excluded>, StoreError>;

    /// Opens an issue: its editions, and one delivery for each subscriber of its cohorts. All or nothing.
    /// Deliveries of earlier issues of the digest that were not attempted yet, or deferred, are cancelled:
    /// their articles are in this one.
    ///
    /// # Errors
    /// The store can't be written; or the slot has an issue already.
    async fn open_issue(&self, issue: &NewIssue) -> Result<Opened, StoreError>;

    /// The letterhead and an edition of an issue.
    ///
    /// # Errors
    /// The store can't be read.
    async fn frozen(&self, issue: i64, edition: &str) -> Result<Frozen, StoreError>;

    /// The edition of the digest's newest issue that waits to be sent or to be released: that of the subscriber with this
    /// address, else the one that most get. None where nothing waits.
    ///
    /// # Errors
    /// The store can't be read.
    async fn edition_at_hand(&self, digest: &str, address: &Address) -> Result<Option<AtHand>, StoreError>;
}
