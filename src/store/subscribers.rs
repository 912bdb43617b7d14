//! The verbs of subscribing and leaving.

use std::future::Future;

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
pub trait Subscribers {
    /// Adds people as active subscribers, or adds to what they chose; says what became of each, in their order.
    /// Nobody who left or is suppressed is brought back.
    ///
    /// # Errors
    /// The store can't be written: none of them was added.
    fn add_subscribers(
        &self,
        people: &[NewSubscriber],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<Added>, StoreError>> + Send;

    /// Subscribers by address, with their subscriptions; at most `most` of those after `after`.
    ///
    /// # Errors
    /// The store can't be read.
    fn list_subscribers(
        &self,
        filter: &Filter,
        after: Option<&str>,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Subscriber>, StoreError>> + Send;

    /// The subscriber with this address.
    ///
    /// # Errors
    /// The store can't be read.
    fn subscriber(
        &self,
        address: &Address,
    ) -> impl Future<Output = Result<Option<Subscriber>, StoreError>> + Send;

    /// The address of the subscriber with this number.
    ///
    /// # Errors
    /// The store can't be read.
    fn subscriber_address(&self, id: i64)
    -> impl Future<Output = Result<Option<Address>, StoreError>> + Send;

    /// Every delivery to a subscriber, newest first.
    ///
    /// # Errors
    /// The store can't be read.
    fn story(&self, subscriber: i64) -> impl Future<Output = Result<Vec<Chapter>, StoreError>> + Send;

    /// Lets people leave: they are mailed nothing more from now on. Returns how many were not gone already.
    ///
    /// # Errors
    /// The store can't be written: none of them has left.
    fn unsubscribe(
        &self,
        addresses: &[Address],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Lets somebody who left come back, at their own wish: active, and without what they chose before. Returns
    /// whether they had left.
    ///
    /// # Errors
    /// The store can't be written.
    fn come_back(
        &self,
        address: &Address,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// What [`Subscribers::record_list`] recorded last.
    ///
    /// # Errors
    /// The store can't be read.
    fn recorded_list(&self) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;

    /// Remembers which list of subscribers was added as a whole, by its hash.
    ///
    /// # Errors
    /// The store can't be written.
    fn record_list(&self, hash: &str) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Puts an address on the list of those that must never be mailed.
    ///
    /// # Errors
    /// The store can't be written.
    fn suppress(
        &self,
        address: &Address,
        reason: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Why an address must never be mailed, if it is on that list, whether it is a subscriber's or not.
    ///
    /// # Errors
    /// The store can't be read.
    fn suppression(
        &self,
        address: &Address,
    ) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;

    /// Takes an address off that list. Returns whether it was on it.
    ///
    /// # Errors
    /// The store can't be written.
    fn unsuppress(&self, address: &Address) -> impl Future<Output = Result<bool, StoreError>> + Send;
}
