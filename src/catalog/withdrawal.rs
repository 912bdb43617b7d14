//! Withdrawal: which articles of the ledger are gone for good, as far as one can see, and since when. Pure.
//!
//! Who deletes a file withdraws the article. A file that is there is not gone, whatever is wrong with it or whatever it
//! says (`draft`).

use chrono::{DateTime, Utc};

use crate::catalog::publication::Publication;

/// Where fewer articles are lost at once, somebody may have deleted all of them.
const FEW: usize = 10;

/// Marks records whose files vanished, and returns those that were not marked before. `lost` are the places of records
/// that no article claims and no file stands for; `is_empty` where there is no article at all.
///
/// Nothing is marked where all is gone, or most of it at once: then a folder is missing, and readers that are told would
/// delete what they have.
#[must_use]
pub fn mark(
    records: &mut [Publication],
    lost: &[usize],
    is_empty: bool,
    now: DateTime<Utc>,
) -> Vec<Publication> {
    let there = records.iter().filter(|record| record.withdrawn.is_none()).count();
    let is_fresh = |index: &&usize| records.get(**index).is_some_and(|record| record.withdrawn.is_none());
    let fresh: Vec<usize> = lost.iter().filter(is_fresh).copied().collect();
    if is_empty || fresh.len() >= FEW && fresh.len() * 2 > there {
        return Vec::new();
    }
    let mut marked = Vec::with_capacity(fresh.len());
    for index in fresh {
        if let Some(record) = records.get_mut(index) {
            record.withdrawn = Some(now);
            marked.push(record.clone());
        }
    }
    marked
}

/// Those that are gone, what went last first.
#[must_use]
pub fn gone(records: &[Publication], lost: &[usize]) -> Vec<Publication> {
    let lost = lost.iter().filter_map(|index| records.get(*index));
    let mut gone: Vec<Publication> = lost.filter(|record| record.withdrawn.is_some()).cloned().collect();
    gone.sort_by(|a, b| b.withdrawn.cmp(&a.withdrawn).then_with(|| a.id.cmp(&b.id)));
    gone
}
