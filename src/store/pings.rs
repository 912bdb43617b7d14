//! The verbs of telling `WebSub` hubs: what they have still to be told, and what became of it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::feed::websub::Topic;
use crate::store::StoreError;

/// A hub that is to be told of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ping {
    /// The hub.
    pub hub: String,
    /// The feed's address.
    pub address: String,
    /// When the change was published.
    pub since: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again; none once it is given up.
    pub next: Option<DateTime<Utc>>,
    /// What went wrong the last time.
    pub problem: Option<String>,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The hub.
    pub hub: String,
    /// The feed's address.
    pub address: String,
    /// Whether the hub knows now.
    pub is_told: bool,
    /// When to try again; none where the hub knows, or is given up.
    pub next: Option<DateTime<Utc>>,
    /// What went wrong.
    pub problem: Option<String>,
}

/// What is remembered of hubs.
#[async_trait]
pub trait Pings: Send + Sync {
    /// Remembers what is published now, and forgets addresses that are not among it. A version that a hub was not told
    /// of takes the place of one that waits, and is tried at once. Of an address that is met for the first time, a hub
    /// is told only if it was written just now.
    ///
    /// # Errors
    /// The store can't be written.
    async fn want_pings(&self, topics: &[Topic], now: DateTime<Utc>) -> Result<(), StoreError>;

    /// What hubs are to be told now, by hub and address.
    ///
    /// # Errors
    /// The store can't be read.
    async fn due_pings(&self, now: DateTime<Utc>) -> Result<Vec<Ping>, StoreError>;

    /// Records what became of attempts; all of them or none.
    ///
    /// # Errors
    /// The store can't be written.
    async fn settle_pings(&self, settled: &[Settled]) -> Result<(), StoreError>;

    /// What hubs do not know yet: what waits, and what was given up.
    ///
    /// # Errors
    /// The store can't be read.
    async fn open_pings(&self) -> Result<Vec<Ping>, StoreError>;
}
