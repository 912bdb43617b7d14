//! Archives (RFC 5005, section 4): which period an article belongs to, for ever.
//!
//! Dates in front matter are edited; the moment at which an article became public is in the ledger and stays. Periods
//! are of UTC, for the site's zone can be changed. The newest period that has an article is open and has no document
//! of its own: the feed itself holds all of it. It closes with the first article of the next, whatever the clock says.

use std::collections::BTreeMap;

use crate::catalog::publication::Published;
use crate::feed::settings::Archive;

/// The places of a feed's articles by period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Periods {
    /// Those that are closed, the oldest first, by name: `2026-05`, or `2026`.
    pub closed: Vec<(String, Vec<usize>)>,
    /// Those of the open one.
    pub open: Vec<usize>,
}

/// Sorts the places into periods, and keeps their order within each. Without
/// archives there are none.
#[must_use]
pub fn periods(members: &[usize], published: &[Published], by: Archive) -> Periods {
    let pattern = match by {
        Archive::None => return Periods::default(),
        Archive::Year => "%Y",
        Archive::Month => "%Y-%m",
    };
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in members {
        let name = published[*index].publication.first_published.format(pattern).to_string();
        found.entry(name).or_default().push(*index);
    }
    let open = found.pop_last().map(|(_, members)| members).unwrap_or_default();
    Periods { closed: found.into_iter().collect(), open }
}
