//! Publications: what the ledger remembers of an article, the two together, and the one order they are shown in.

use std::cmp::Reverse;

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::article::ContentHash;
use crate::catalog::coded;
use crate::catalog::outline::Outline;

/// What the ledger remembers of one article, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Given when the article was first seen publishable; rises, never changes, is never reused. From 1.
    pub number: i64,
    /// The permanent id that readers know.
    pub id: String,
    /// The id that the front matter gave when last seen.
    pub declared_id: Option<String>,
    /// Where its file was when last seen.
    pub path: String,
    /// Its title when last seen.
    pub title: String,
    /// Its date when last seen.
    #[serde(with = "coded::moment")]
    pub date: Option<DateTime<FixedOffset>>,
    /// Its content when last seen.
    pub content_hash: ContentHash,
    /// When it became public: for what was there when the ledger began, the date that it gives; for all
    /// else, when it was first seen publishable, whatever date it gives.
    #[serde(with = "chrono::serde::ts_seconds")]
    pub first_published: DateTime<Utc>,
    /// When its content was seen changed, where it was.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub changed: Option<DateTime<Utc>>,
    /// The slugs of its categories when last seen: of what is gone, nobody else knows them.
    pub categories: Vec<String>,
    /// When it was found that its file is gone, where it is.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub withdrawn: Option<DateTime<Utc>>,
}

/// An article that is published, with its record.
#[derive(Clone, Debug)]
pub struct Published {
    /// What the source says.
    pub outline: Outline,
    /// What the ledger says.
    pub publication: Publication,
}

impl Published {
    /// The date that readers see: the author's, or when it became public.
    #[must_use]
    pub fn date(&self) -> DateTime<FixedOffset> {
        self.outline.date.unwrap_or_else(|| self.publication.first_published.fixed_offset())
    }

    /// When it last changed in a way that matters: as the author says, or as the ledger saw; never before it
    /// was published.
    #[must_use]
    pub fn updated(&self) -> DateTime<FixedOffset> {
        let seen = self.publication.changed.map(|at| at.fixed_offset());
        self.outline.updated.or(seen).map_or(self.date(), |updated| updated.max(self.date()))
    }
}

/// Newest first by the date that readers see; the same moment by id, so that the order is total. The result
/// are places in `published`.
#[must_use]
pub fn newest_first(published: &[Published]) -> Vec<usize> {
    let date = |(place, item): (usize, &Published)| (Reverse(item.date().to_utc()), place);
    let mut order: Vec<_> = published.iter().enumerate().map(date).collect();
    let id = |place: usize| &published[place].publication.id;
    order.sort_unstable_by(|(one, a), (other, b)| one.cmp(other).then_with(|| id(*a).cmp(id(*b))));
    order.into_iter().map(|(_, place)| place).collect()
}
