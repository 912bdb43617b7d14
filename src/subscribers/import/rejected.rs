//! What a file gives: somebody to add, or a line that nobody is added for.

use serde::Serialize;

use crate::subscribers::subscriber::NewSubscriber;

/// Characters of a rejected line that are shown.
const SHOWN: usize = 200;

/// A line that nobody was added for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Line of the file, from 1; where a quoted field spans lines, its first.
    pub line: u64,
    /// What was in it, cut short.
    pub text: String,
    /// Why.
    pub reason: String,
}

impl Rejected {
    /// A line with what was in it, which is cut short.
    #[must_use]
    pub fn new(line: u64, text: &str, reason: impl Into<String>) -> Self {
        Self { line, text: text.chars().take(SHOWN).collect(), reason: reason.into() }
    }
}

/// Somebody whom a line of a file gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Line of the file, from 1.
    pub line: u64,
    /// Who they are, and what they chose.
    pub person: NewSubscriber,
    /// Their tags that stand for no category.
    pub unmatched: Vec<String>,
}

/// What a file holds; read one line at a time, so that a long file needs no more memory than a short one.
pub type Lines<'a> = Box<dyn Iterator<Item = Result<Entry, Rejected>> + 'a>;
