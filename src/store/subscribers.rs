//! The verbs of subscribing and leaving.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::mail::address::Address;
use crate::store::StoreError;
use crate::subscribers::subscriber::{Added, NewSubscriber, State, Subscriber};

/// One delivery in the story of a subscriber.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Chapter {
    /// The digest's name.
    pub digest: String,
    /// The issue's number.
    pub issue: i64,
    /// When the issue was opened.
    pub opened: DateTime<Utc>,
    /// The delivery's state.
    pub state: crate::delivery::state::State,
    /// Why it is so, in the server's words or ours.
    pub reason: Option<String>,
    /// How many attempts there were.
    pub attempts: u32,
}

/// Which subscribers to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those of this digest.
    pub digest: Option<String>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those who must never be mailed.
    pub suppressed: bool,
}

/// What is remembered of subscribers.
#[async_trait]
pub trait Subscribers: Send + Sync {
    /// Adds people as active subscribers, or adds to what they chose; says what became of each, in their order.
    /// Nobody who left or is suppressed is brought back.
    ///
    /// # Errors
    /// The store can't be written: none of them was added.
    async fn add_subscribers(
        &self,
        people: &[NewSubscriber],
        now: DateTime<Utc>,
    ) -> Result<Vec<Added>, StoreError>;

    /// Subscribers by address, with their subscriptions; at most `most` of those after `after`.
    ///
    /// # Errors
    /// The store can't be read.
    async fn list_subscribers(
        &self,
        filter: &Filter,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<Subscriber>, StoreError>;

    /// The subscriber with this address.
    ///
    /// # Errors
    /// The store can't be read.
    async fn subscriber(&self, address: &Address) -> Result<Option<Subscriber>, StoreError>;

    /// The address of the subscriber with this number.
    ///
    /// # Errors
    /// The store can't be read.
    async fn subscriber_address(&self, id: i64) -> Result<Option<Address>, StoreError>;

    /// Every delivery to a subscriber, newest first.
    ///
    /// # Errors
    /// The store can't be read.
    async fn story(&self, subscriber: i64) -> Result<Vec<Chapter>, StoreError>;

    /// Lets people leave: they are mailed nothing more from now on. Returns how many were not gone already.
    ///
    /// # Errors
    /// The store can't be written: none of them has left.
    async fn unsubscribe(&self, addresses: &[Address], now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Lets somebody who left come back, at their own wish: active, and without what they chose before. Returns
    /// whether they had left.
    ///
    /// # Errors
    /// The store can't be written.
    async fn come_back(&self, address: &Address, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// What [`Subscribers::record_list`] recorded last.
    ///
    /// # Errors
    /// The store can't be read.
    async fn recorded_list(&self) -> Result<Option<String>, StoreError>;

    /// Remembers which list of subscribers was added as a whole, by its hash.
    ///
    /// # Errors
    /// The store can't be written.
    async fn record_list(&self, hash: &str) -> Result<(), StoreError>;

    /// Puts an address on the list of those that must never be mailed.
    ///
    /// # Errors
    /// The store can't be written.
    async fn suppress(&self, address: &Address, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Why an address must never be mailed, if it is on that list, whether it is a subscriber's or not.
    ///
    /// # Errors
    /// The store can't be read.
    async fn suppression(&self, address: &Address) -> Result<Option<String>, StoreError>;

    /// Takes an address off that list. Returns whether it was on it.
    ///
    /// # Errors
    /// The store can't be written.
    async fn unsuppress(&self, address: &Address) -> Result<bool, StoreError>;
}
