//! The contents of a catalog: everything that was loaded, and everything that was not and why.

use chrono::{DateTime, Utc};

use crate::catalog::category::Category;
use crate::catalog::outline::Outline;
use crate::catalog::problem::{Problem, Severity};
use crate::catalog::shelf::Shelf;
use crate::catalog::slug::Slug;

/// All articles and categories after loading.
#[derive(Debug, Default)]
pub struct Catalog {
    /// What is to be published at the moment of loading, in the order of paths.
    pub articles: Vec<Outline>,
    /// Where the whole articles are.
    pub shelf: Shelf,
    /// How many files of the content folder were opened for articles; an earlier build knew the others.
    pub opened: usize,
    /// All categories, those without articles too: by order, then title, then slug.
    pub categories: Vec<Category>,
    /// Files that are neither article nor category page, and sound articles that are held back.
    pub left_out: Vec<LeftOut>,
    /// Everything that is wrong, in the order of paths and lines.
    pub problems: Vec<Problem>,
    /// When the next article is due or expires, where one does.
    pub until: Option<DateTime<Utc>>,
    /// Every path that was found, in order: an article at one of them has not vanished, whatever is wrong with it.
    pub paths: Vec<String>,
    /// Sources that can't be read now, by name: none of their articles has vanished.
    pub unread: Vec<String>,
}

/// A file that is not published, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Path under the content folder.
    pub path: String,
    /// Why, in a few words.
    pub reason: String,
}

impl Catalog {
    /// How many errors there are: each holds an article or a page out.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// The category with this slug.
    #[must_use]
    pub fn category(&self, slug: &Slug) -> Option<&Category> {
        self.categories.iter().find(|category| category.slug == *slug)
    }
}
