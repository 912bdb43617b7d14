//! The verbs of forgetting what is too old.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::store::StoreError;
use crate::subscribers::retention::{Limits, Pruned};

/// What is kept only for a time.
#[async_trait]
pub trait Retention: Send + Sync {
    /// Takes away what is older than the limits, and remembers when. Addresses that must never be mailed, and the proof of
    /// whoever is subscribed, are not touched.
    ///
    /// # Errors
    /// The store can't be written: nothing was taken away.
    async fn prune(&self, limits: &Limits, now: DateTime<Utc>) -> Result<Pruned, StoreError>;

    /// When that was done last.
    ///
    /// # Errors
    /// The store can't be read.
    async fn pruned_at(&self) -> Result<Option<DateTime<Utc>>, StoreError>;
}
