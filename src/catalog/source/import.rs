//! What all sources beside the content folder have in common: they give records, one after the other, and a source that
//! can't be read says so instead of giving fewer.

use thiserror::Error;

use crate::catalog::problem::Problem;
use crate::catalog::source::record::Record;

/// Something that has articles.
pub trait Source {
    /// Hands over each article, and what is no article and why, in an order that is the same with every reading.
    ///
    /// # Errors
    /// The source can't be read, or not to its end: nobody knows then which of its articles are no more.
    fn read(&self, take: &mut Take<'_>) -> Result<(), Unreadable>;
}

/// Where a source hands things over.
pub type Take<'a> = dyn FnMut(Item) + 'a;

/// What a source has.
#[derive(Debug)]
pub enum Item {
    /// An article, and its body.
    Article(Box<Record>, String),
    /// The path of what is not published, and why.
    LeftOut(String, &'static str),
    /// Something wrong with one article, or with something else of the source.
    Problem(Problem),
}

/// Why a source can't be read.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

impl From<std::io::Error> for Unreadable {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
