//! Tombstones (RFC 6721): feeds name the entries that they had and that were withdrawn.
//!
//! Of what is gone the ledger knows the categories alone: feeds of tags, authors and `[[feed]]` name nothing. An article
//! that only left a category is not withdrawn: a reader that has it from another feed would lose it.

use crate::catalog::identity;
use crate::catalog::publication::Publication;
use crate::catalog::settings::Site;
use crate::feed::model::{Deleted, Kind};
use crate::feed::select::Selected;
use crate::feed::settings::Settings;

/// Adds to each feed, where that is wanted, what was withdrawn from it: at most as many as it may have entries.
/// `withdrawn` has what went last first.
pub fn add(feeds: &mut [Selected], withdrawn: &[Publication], site: &Site, settings: &Settings) {
    if !settings.tombstones {
        return;
    }
    for selected in feeds {
        let was_in = |record: &&Publication| match selected.kind {
            Kind::Site => true,
            Kind::Category => record.categories.contains(&selected.slug),
            Kind::Tag | Kind::Author | Kind::Selection => false,
        };
        let deleted = withdrawn.iter().filter(was_in).filter_map(|record| {
            Some(Deleted { iri: identity::iri(site, &record.id), when: record.withdrawn? })
        });
        selected.feed.deleted = deleted.take(selected.manner.limit).collect();
    }
}
