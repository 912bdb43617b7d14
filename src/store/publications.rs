//! The verbs of publishing.

use std::future::Future;

use crate::catalog::publication::Publication;
use crate::store::StoreError;

/// What publishing remembers.
pub trait Publications {
    /// Every record of the publication ledger, by number.
    ///
    /// # Errors
    /// The store can't be read.
    fn publications(&self) -> impl Future<Output = Result<Vec<Publication>, StoreError>> + Send;

    /// The last number that was given, to an article or to its return; 0 before the first.
    ///
    /// # Errors
    /// The store can't be read.
    fn highest_number(&self) -> impl Future<Output = Result<i64, StoreError>> + Send;

    /// A mark that is another one after each write of the ledger: as long as it stays, so does what the ledger holds.
    ///
    /// # Errors
    /// The store can't be read.
    fn ledger_revision(&self) -> impl Future<Output = Result<i64, StoreError>> + Send;

    /// Whether the ledger has been written before, if only to find that there was nothing to publish.
    ///
    /// # Errors
    /// The store can't be read.
    fn has_begun(&self) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Writes new and changed records; all of them or none. From then on the ledger has begun.
    ///
    /// # Errors
    /// The store can't be written.
    fn record_publications(
        &self,
        records: &[Publication],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Gives publications, by their numbers, the ids under which readers knew them before; all of them or none.
    ///
    /// # Errors
    /// The store can't be written, or an id is another publication's.
    fn record_ids(&self, ids: &[(i64, String)]) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The paths that were published under this output folder and not removed since.
    ///
    /// # Errors
    /// The store can't be read.
    fn published_files(&self, root: &str) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;

    /// Replaces the list of published paths.
    ///
    /// # Errors
    /// The store can't be written.
    fn record_published_files(
        &self,
        root: &str,
        paths: &[String],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}
