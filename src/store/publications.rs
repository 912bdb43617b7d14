//! The verbs of publishing.

use crate::catalog::publication::Publication;
use crate::store::StoreError;
use async_trait::async_trait;

/// What publishing remembers.
#[async_trait]
pub trait Publications: Send + Sync {
    /// Every record of the publication ledger, by number.
    ///
    /// # Errors
    /// The store can't be read.
    async fn publications(&self) -> Result<Vec<Publication>, StoreError>;

    /// The last number that was given, to an article or to its return; 0 before the first.
    ///
    /// # Errors
    /// The store can't be read.
    async fn highest_number(&self) -> Result<i64, StoreError>;

    /// A mark that is another one after each write of the ledger: as long as it stays, so does what the ledger holds.
    ///
    /// # Errors
    /// The store can't be read.
    async fn ledger_revision(&self) -> Result<i64, StoreError>;

    /// Whether the ledger has been written before, if only to find that there was nothing to publish.
    ///
    /// # Errors
    /// The store can't be read.
    async fn has_begun(&self) -> Result<bool, StoreError>;

    /// Writes new and changed records; all of them or none. From then on the ledger has begun.
    ///
    /// # Errors
    /// The store can't be written.
    async fn record_publications(&self, records: &[Publication]) -> Result<(), StoreError>;

    /// Gives publications, by their numbers, the ids under which readers knew them before; all of them or none.
    ///
    /// # Errors
    /// The store can't be written, or an id is another publication's.
    async fn record_ids(&self, ids: &[(i64, String)]) -> Result<(), StoreError>;

    /// The paths that were published under this output folder and not removed since.
    ///
    /// # Errors
    /// The store can't be read.
    async fn published_files(&self, root: &str) -> Result<Vec<String>, StoreError>;

    /// Replaces the list of published paths.
    ///
    /// # Errors
    /// The store can't be written.
    async fn record_published_files(&self, root: &str, paths: &[String]) -> Result<(), StoreError>;
}
