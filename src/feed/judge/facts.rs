//! What a feed says of itself and of its entries, in no format's words: for comparing feeds with each other.

use std::hash::Hasher as _;

use chrono::{DateTime, FixedOffset};
use xxhash_rust::xxh3::Xxh3;

/// What identifies a feed, and its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its permanent id, where the format has one.
    pub id: Option<String>,
    /// Its own address (`rel="self"`, `feed_url`).
    pub address: Option<String>,
    /// Whether it is one document of a feed that has several (RFC 5005).
    pub is_part: bool,
    /// Its entries, in the order of the document.
    pub entries: Vec<Entry>,
}

/// What identifies an entry, and what tells whether it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id; empty where it has none.
    pub id: String,
    /// The page it stands for.
    pub link: Option<String>,
    /// Its title, blanks collapsed.
    pub title: String,
    /// When it was published.
    pub published: Option<DateTime<FixedOffset>>,
    /// When it was changed.
    pub updated: Option<DateTime<FixedOffset>>,
    /// A hash of title, summary and content.
    pub content: u64,
    /// Hashes of what else readers show.
    pub parts: Parts,
    /// The byte where it begins.
    pub at: usize,
}

/// Hashes of the parts of an entry, each for itself: they tell which of them changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Summary and content.
    pub text: u64,
    /// Who wrote it, in their order.
    pub authors: u64,
    /// Categories and tags, in their order.
    pub terms: u64,
    /// Pictures, sound and other files, in their order.
    pub files: u64,
}

/// Text with its blanks collapsed, as readers show titles.
#[must_use]
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One hash of several texts, in their order.
#[must_use]
pub fn hash(texts: impl IntoIterator<Item = impl AsRef<str>>) -> u64 {
    let mut hasher = Xxh3::new();
    for text in texts {
        hasher.update(text.as_ref().as_bytes());
        // So that a word can't move from the one to the other unseen.
        hasher.update(&[0]);
    }
    hasher.finish()
}
