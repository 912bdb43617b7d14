//! The verbs of subscribing and leaving.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::mail::address::Address;
use crate::store::StoreError;
use crate::subscribers::activity::{Activity, NewActivity};
use crate::subscribers::preferences::Preferences;
use crate::subscribers::subscriber::{Added, NewSubscriber, State, Subscriber};
use crate::subscribers::suppression::Suppression;

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

/// What became of leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Departure {
    /// They had left before, or never chose it.
    Before,
    /// They left a digest, and have others.
    Digest,
    /// They have left everything.
    Everything,
}

/// What is remembered of subscribers.
#[async_trait]
pub trait Subscribers: Send + Sync {
    /// Adds people, or adds to what they chose; says what became of each, in their order ([`adding::decide`]). Nobody who
    /// left or is suppressed is brought back.
    ///
    /// [`adding::decide`]: crate::subscribers::adding::decide
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

    /// The subscriber with this number.
    ///
    /// # Errors
    /// The store can't be read.
    async fn subscriber_numbered(&self, id: i64) -> Result<Option<Subscriber>, StoreError>;

    /// Every delivery to a subscriber, newest first.
    ///
    /// # Errors
    /// The store can't be read.
    async fn story(&self, subscriber: i64) -> Result<Vec<Chapter>, StoreError>;

    /// What happened to an address, oldest first.
    ///
    /// # Errors
    /// The store can't be read.
    async fn activities(&self, address: &Address) -> Result<Vec<Activity>, StoreError>;

    /// Records what happened; says of each whether it was new. What has a mark is recorded once.
    ///
    /// # Errors
    /// The store can't be written: nothing is recorded.
    async fn record_activities(&self, activities: &[NewActivity]) -> Result<Vec<bool>, StoreError>;

    /// Lets people leave everything: they are mailed nothing more from now on. Returns how many were not gone already.
    ///
    /// # Errors
    /// The store can't be written: none of them has left.
    async fn unsubscribe(
        &self,
        addresses: &[Address],
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;

    /// Lets somebody leave one digest, or everything. Whoever has left the last digest is unsubscribed.
    ///
    /// # Errors
    /// The store can't be written: they have not left.
    async fn leave(
        &self,
        subscriber: i64,
        digest: Option<&str>,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<Departure, StoreError>;

    /// Writes down all that somebody wants from now on. What they had and still want goes on where it was. Somebody
    /// unsubscribed who wants something is active again; without any choice they leave. Returns whether there is such a
    /// subscriber, who is not pending and may be mailed.
    ///
    /// # Errors
    /// The store can't be written: nothing has changed.
    async fn prefer(
        &self,
        subscriber: i64,
        wanted: &Preferences,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Lets somebody who left come back, at their own wish: active, and without what they chose before. Returns
    /// whether they had left.
    ///
    /// # Errors
    /// The store can't be written.
    async fn come_back(
        &self,
        address: &Address,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

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

    /// Puts an address on the list of those that must never be mailed. Returns whether it was not on it before.
    ///
    /// # Errors
    /// The store can't be written.
    async fn suppress(
        &self,
        address: &Address,
        suppression: &Suppression,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Why an address must never be mailed, if it is on that list by itself or by its pseudonym, whether it is a
    /// subscriber's or not.
    ///
    /// # Errors
    /// The store can't be read.
    async fn suppression(
        &self,
        address: &Address,
        pseudonym: &str,
    ) -> Result<Option<Suppression>, StoreError>;

    /// Takes an address off that list, for a reason that goes on record. Returns whether it was on it.
    ///
    /// # Errors
    /// The store can't be written.
    async fn unsuppress(
        &self,
        address: &Address,
        pseudonym: &str,
        why: &str,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Forgets an address: subscriber, choices, requests and activities are gone, deliveries stay without address, name
    /// and words; what was to be sent is cancelled. What stays is the pseudonym, among those that must never be mailed,
    /// and what else stood there for the address. Returns whether anything was known of it.
    ///
    /// # Errors
    /// The store can't be written: nothing is forgotten.
    async fn erase(&self, address: &Address, pseudonym: &str, now: DateTime<Utc>)
    -> Result<bool, StoreError>;
}
