//! A category: a stream of articles that one can subscribe to.

use url::Url;

use crate::catalog::slug::Slug;

/// One category, with what its own page or the configuration says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its name in addresses and file names.
    pub slug: Slug,
    /// Its name for people.
    pub title: String,
    /// One line, plain text; empty where none was written.
    pub description: String,
    /// What it is about, in paragraphs of plain text; empty where none was written.
    pub overview: Vec<String>,
    /// Smaller comes first; categories without one come last, by title.
    pub order: i64,
    /// Its page on the site.
    pub page: Url,
    /// The file that describes it, where there is one.
    pub path: Option<String>,
}
