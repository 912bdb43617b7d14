//! What feeds hold and where they are written. Table `[feeds]`.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

/// Table `[feeds]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder that the files are written to.
    pub output: PathBuf,
    /// The address under which that folder is served; the site's where not given.
    pub url: Option<Url>,
    /// Most entries of a feed, the newest.
    pub limit: usize,
    /// Whole articles, or summaries only.
    pub content: Content,
    /// How long a reader may wait before it asks again, in minutes.
    pub ttl: u32,
    /// Whether feeds refer to the `feed.css` that is written beside them, for people who open one in a browser.
    pub stylesheet: bool,
}

/// How much of an article an entry holds.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// The summary and the whole article.
    Full,
    /// The summary.
    Summary,
}
