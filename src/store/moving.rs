//! The verbs of moving subscribers in and out: what is known before anybody is added, and what goes along with them.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::mail::address::Address;
use crate::store::StoreError;
use crate::subscribers::activity::Activity;
use crate::subscribers::adding::Known;
use crate::subscribers::subscriber::NewSubscriber;
use crate::subscribers::suppression::Suppression;

/// What is read for a whole page of people at once.
#[async_trait]
pub trait Moving: Send + Sync {
    /// What is known of people who could be added, by the keys of their addresses: what
    /// [`add_subscribers`](crate::store::subscribers::Subscribers::add_subscribers) would decide upon.
    ///
    /// # Errors
    /// The store can't be read.
    async fn known(&self, people: &[NewSubscriber]) -> Result<BTreeMap<String, Known>, StoreError>;

    /// What happened to these addresses, oldest first, by their keys.
    ///
    /// # Errors
    /// The store can't be read.
    async fn histories(&self, addresses: &[Address]) -> Result<BTreeMap<String, Vec<Activity>>, StoreError>;

    /// Addresses that must never be mailed and are nobody's, by their keys; at most `most` of those after `after`. Whoever
    /// was erased is not among them, for there is no address.
    ///
    /// # Errors
    /// The store can't be read.
    async fn suppressed_strangers(
        &self,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<(Address, Suppression)>, StoreError>;
}
