//! Published articles: what the source says and what the ledger says, together, and the one order they are shown in.

use chrono::{DateTime, FixedOffset};

use crate::catalog::article::Article;
use crate::catalog::ledger::Publication;

/// An article that is published, with its record.
#[derive(Clone, Debug)]
pub struct Published {
    /// What the source says.
    pub article: Article,
    /// What the ledger says.
    pub publication: Publication,
}

impl Published {
    /// The date that readers see: the author's, or when it became public.
    #[must_use]
    pub fn date(&self) -> DateTime<FixedOffset> {
        self.article.date.unwrap_or_else(|| self.publication.first_published.fixed_offset())
    }

    /// When it last changed in a way that matters: as the author says, or as the ledger saw; never before it
    /// was published.
    #[must_use]
    pub fn updated(&self) -> DateTime<FixedOffset> {
        let seen = self.publication.changed.map(|at| at.fixed_offset());
        self.article.updated.or(seen).map_or(self.date(), |updated| updated.max(self.date()))
    }
}

/// Newest first by the date that readers see; the same moment by id, so that the order is total. The result
/// are places in `published`.
#[must_use]
pub fn newest_first(published: &[Published]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..published.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&published[*a], &published[*b]);
        b.date().cmp(&a.date()).then_with(|| a.publication.id.cmp(&b.publication.id))
    });
    order
}
