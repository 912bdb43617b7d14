//! What the configuration says of a source of articles beside the content folder. Tables `[[source]]`.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::catalog::source::database::Database;

/// What kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// JSON Lines: one article a line.
    Jsonl,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// An export of `WordPress` (WXR).
    Wordpress,
    /// A folder of HTML pages.
    Pages,
    /// A query on a database.
    Sql,
}

impl Kind {
    /// Its name in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Feed => "feed",
            Self::Wordpress => "wordpress",
            Self::Pages => "pages",
            Self::Sql => "sql",
        }
    }
}

/// A source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What kind it is.
    pub kind: Kind,
    /// What its articles' paths begin with. It goes into permanent ids: never change it.
    pub name: String,
    /// The file: of `jsonl` and `wordpress`, and of a `feed` without `url`.
    pub file: Option<PathBuf>,
    /// The folder of `pages`.
    pub folder: Option<PathBuf>,
    /// Where a `feed` is fetched.
    pub url: Option<Url>,
    /// The database of `sql`.
    pub database: Option<Database>,
    /// What is read of it. Columns are keys of front matter.
    pub query: Option<String>,
    /// The category of articles that name none; without it, the source's name.
    pub category: Option<String>,
    /// Whether `url` may be http, and lead to an address inside of one's own network.
    #[serde(default)]
    pub allow_private: bool,
    /// How long what was fetched is new enough: `run` may be called every minute, and nobody wants to be asked so often.
    #[serde(default = "quarter_of_an_hour", with = "humantime_serde")]
    pub every: Duration,
    /// How long fetching may take; of a database, connecting, and each next thousand of rows.
    #[serde(default = "half_a_minute", with = "humantime_serde")]
    pub timeout: Duration,
    /// What a job has fetched, or why it has not; a source without a network of its own has none.
    #[serde(skip)]
    pub given: Option<Given>,
}

/// What is there of a source that had to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A copy.
    File(PathBuf),
    /// Nothing, why, and what to do about it, where that is known.
    Nothing(String, Option<String>),
}

/// What feed readers do that mean to be polite and quick.
fn quarter_of_an_hour() -> Duration {
    Duration::from_mins(15)
}

/// A feed that takes longer is one that readers give up.
fn half_a_minute() -> Duration {
    Duration::from_secs(30)
}
