//! Adopting the ids of a live feed, before the first feed of Tidings takes its place.

use anyhow::Result;

use crate::catalog::adopt::{self, Adoption};
use crate::catalog::live_feed::LiveEntry;
use crate::jobs::take_stock::Stock;
use crate::store::publications::Publications;

/// Matches a live feed's entries with the articles of the stock, and records the ids that articles take.
///
/// # Errors
/// The store can't be written: no id was changed.
pub async fn adopt_ids(
    stock: &Stock,
    entries: &[LiveEntry],
    store: &dyn Publications,
    dry_run: bool,
) -> Result<Adoption> {
    let adoption = adopt::adopt(&stock.published, entries);
    if !dry_run {
        // The articles have to be in the ledger to have an id there.
        store.record_publications(&stock.to_record).await?;
        let ids: Vec<(i64, String)> =
            adoption.adopted.iter().map(|adopted| (adopted.number, adopted.id.clone())).collect();
        store.record_ids(&ids).await?;
    }
    Ok(adoption)
}
