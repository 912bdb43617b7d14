//! The verbs of keeping the store itself: its secret, and its end.

use async_trait::async_trait;

use crate::store::StoreError;

/// What whoever opened a store does with it as a whole.
#[async_trait]
pub trait Custody: Send + Sync {
    /// The secret that tokens are made with: made up when the store is new, and the same ever after.
    ///
    /// # Errors
    /// The store can't be read or written.
    async fn secret(&self) -> Result<Vec<u8>, StoreError>;

    /// Ends all connections: what was written is where it belongs, and nothing beside it is needed to read it.
    async fn close(&self);
}
