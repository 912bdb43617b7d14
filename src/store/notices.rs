//! The verbs of telling: what the operator was told in a quiet run, so that the next one does not repeat it.

use std::future::Future;

use crate::store::StoreError;

/// What is remembered of notices.
pub trait Notices {
    /// The hashes of what was told last and may still hold.
    ///
    /// # Errors
    /// The store can't be read.
    fn told(&self) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;

    /// Remembers what holds now, by its hashes, and forgets the rest: what comes back is told again.
    ///
    /// # Errors
    /// The store can't be written.
    fn record_told(&self, hashes: &[String]) -> impl Future<Output = Result<(), StoreError>> + Send;
}
