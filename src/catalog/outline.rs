//! The outline of an article: what decides whether, where and as what it is published. Outlines of all articles are in
//! memory at once, so they are small; the rest of an article is on the shelf until somebody shows it.

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::article::{Article, ContentHash, HeldBack};
use crate::catalog::coded;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::slug::Slug;
use crate::catalog::source::record::Origin;

/// What is known of every article.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outline {
    /// All texts in one piece: path, declared id, derived id, address, title, then authors, then tags.
    text: Box<str>,
    /// Where each text ends.
    ends: Box<[u32]>,
    authors: u32,
    has_own_id: bool,
    /// As [`Article::draft`].
    pub draft: bool,
    /// As [`Article::date`].
    #[serde(with = "coded::moment")]
    pub date: Option<DateTime<FixedOffset>>,
    /// As [`Article::not_before`].
    #[serde(with = "coded::moment")]
    pub not_before: Option<DateTime<FixedOffset>>,
    /// As [`Article::updated`].
    #[serde(with = "coded::moment")]
    pub updated: Option<DateTime<FixedOffset>>,
    /// As [`Article::expires`].
    #[serde(with = "coded::moment")]
    pub expires: Option<DateTime<FixedOffset>>,
    /// As [`Article::content_hash`].
    pub content_hash: ContentHash,
    /// As [`Article::origin`].
    pub origin: Option<Box<Origin>>,
    /// Its categories, the first one first; none until they are settled.
    #[serde(skip)]
    pub categories: Vec<Slug>,
    /// Where the whole article is.
    #[serde(skip)]
    pub mark: Shelfmark,
}

/// Where something is on the shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelfmark {
    /// In which of the two piles.
    pub(super) is_kept: bool,
    /// In bytes.
    pub(super) length: u32,
    /// In bytes, from the pile's beginning.
    pub(super) offset: u64,
    /// Of what is there: of articles with equal sums nothing differs.
    pub(super) sum: u64,
}

impl Shelfmark {
    /// Bytes that it takes.
    #[must_use]
    pub fn length(&self) -> u64 {
        u64::from(self.length)
    }

    /// A hash of the whole article.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.sum
    }
}

/// Texts before authors and tags.
const FIXED: usize = 5;

impl Outline {
    /// Of an article that is not on the shelf yet.
    #[must_use]
    pub fn of(article: &Article) -> Self {
        let declared = article.declared_id.as_ref().map_or("", |(id, _)| id.as_str());
        let fixed: [&str; FIXED] =
            [&article.path, declared, &article.derived_id, article.url.as_str(), &article.title];
        let authors = article.authors.iter().map(|author| author.name.as_str());
        let texts = fixed.into_iter().chain(authors).chain(article.tags.iter().map(String::as_str));
        let count = FIXED + article.authors.len() + article.tags.len();
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(count));
        for part in texts {
            text.push_str(part);
            // Front matter has a limit far below this.
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Self {
            text: text.into(),
            ends: ends.into(),
            authors: u32::try_from(article.authors.len()).unwrap_or(u32::MAX),
            has_own_id: article.declared_id.is_some(),
            draft: article.draft,
            date: article.date,
            not_before: article.not_before,
            updated: article.updated,
            expires: article.expires,
            content_hash: article.content_hash,
            origin: article.origin.clone().map(Box::new),
            categories: article.categories.clone(),
            mark: Shelfmark::default(),
        }
    }

    /// As [`Article::path`].
    #[must_use]
    pub fn path(&self) -> &str {
        self.part(0)
    }

    /// The id that the front matter gives.
    #[must_use]
    pub fn declared_id(&self) -> Option<&str> {
        self.has_own_id.then(|| self.part(1))
    }

    /// As [`Article::derived_id`].
    #[must_use]
    pub fn derived_id(&self) -> &str {
        self.part(2)
    }

    /// As [`Article::url`].
    #[must_use]
    pub fn url(&self) -> &str {
        self.part(3)
    }

    /// As [`Article::title`].
    #[must_use]
    pub fn title(&self) -> &str {
        self.part(4)
    }

    /// The names of [`Article::authors`].
    pub fn authors(&self) -> impl Iterator<Item = &str> {
        (FIXED..FIXED + self.authors as usize).map(|index| self.part(index))
    }

    /// As [`Article::tags`].
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        (FIXED + self.authors as usize..self.ends.len()).map(|index| self.part(index))
    }

    /// The name of its source; `None` for the content folder.
    #[must_use]
    pub fn source_name(&self) -> Option<&str> {
        self.origin.as_ref().map(|origin| &*origin.source)
    }

    /// What is wrong with it, at a place of its source.
    #[must_use]
    pub fn error(&self, at: Position, message: impl Into<String>, hint: impl Into<String>) -> Problem {
        let problem = Problem::error(self.path(), at, message, hint);
        self.origin.iter().fold(problem, |problem, origin| origin.placed(self.path(), problem))
    }

    /// Why it is not to be published at `now`; `None` when it is.
    #[must_use]
    pub fn held_back(&self, now: DateTime<Utc>) -> Option<HeldBack> {
        if self.draft {
            Some(HeldBack::Draft)
        } else if let Some(date) = self.date.max(self.not_before).filter(|date| *date > now) {
            Some(HeldBack::Future(date))
        } else {
            self.expires.filter(|expires| *expires <= now).map(HeldBack::Expired)
        }
    }

    /// The next moment after `now` at which [`Outline::held_back`] may say something else.
    #[must_use]
    pub fn next_change(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let moments = [self.date, self.not_before, self.expires];
        moments.into_iter().flatten().map(|moment| moment.to_utc()).filter(|moment| *moment > now).min()
    }

    fn part(&self, index: usize) -> &str {
        let end = |index: usize| self.ends.get(index).map_or(0, |end| *end as usize);
        let begin = index.checked_sub(1).map_or(0, end);
        self.text.get(begin..end(index)).unwrap_or_default()
    }
}
