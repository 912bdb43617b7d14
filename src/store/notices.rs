//! The verbs of telling: what the operator was told in a quiet run, so that the next one does not repeat it.

use crate::store::StoreError;
use async_trait::async_trait;

/// What is remembered of notices.
#[async_trait]
pub trait Notices: Send + Sync {
    /// The hashes of what was told last and may still hold.
    ///
    /// # Errors
    /// The store can't be read.
    async fn told(&self) -> Result<Vec<String>, StoreError>;

    /// Remembers what holds now, by its hashes, and forgets the rest: what comes back is told again.
    ///
    /// # Errors
    /// The store can't be written.
    async fn record_told(&self, hashes: &[String]) -> Result<(), StoreError>;
}
