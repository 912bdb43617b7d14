//! A subscription: what somebody chose, and how far it has come.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::catalog::slug::Slug;

/// What stands for all categories in files and in the database.
const ALL: &str = "*";

/// One category of a digest, or all that it has, those to come included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// Everything in the digest.
    All,
    /// One category.
    Category(Slug),
}

/// A digest's name, and what of it is chosen.
pub type Chosen = (String, Choice);

impl Choice {
    /// Reads the form of files and of the database: `*`, or a category's slug.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            ALL => Some(Self::All),
            name => Slug::from_name(name).map(Self::Category),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str(ALL),
            Self::Category(slug) => f.write_str(slug.as_str()),
        }
    }
}

impl Serialize for Choice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no category")))
    }
}

/// How far a subscription has come, in publication numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// No issue was opened for it yet. The number is that of the newest article when it was made, where the
    /// ledger had begun.
    Fresh(Option<i64>),
    /// Its first issue was opened and has not arrived: what has a higher number is new, and nothing was served.
    Begun(i64),
    /// What has a number up to this was served.
    Served(i64),
}

impl Progress {
    /// From what the store keeps: the newest article when it was made, where its first issue began, and up to where
    /// it was served.
    #[must_use]
    pub fn new(joined: Option<i64>, base: Option<i64>, served: Option<i64>) -> Self {
        served.map(Self::Served).or(base.map(Self::Begun)).unwrap_or(Self::Fresh(joined))
    }
}

/// Subscriber × category × digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Subscription {
    /// The digest's name.
    pub digest: String,
    /// Which of its categories.
    pub choice: Choice,
    /// How far it has come.
    pub progress: Progress,
}
