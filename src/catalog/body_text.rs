//! Where the Markdown of an article is until somebody needs it: a catalog of a hundred thousand articles shows a few
//! thousand of them, and the bodies of all would fill the memory.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::catalog::front_matter;
use crate::catalog::reader;

/// The Markdown of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyText {
    /// Here, for it is not what the file holds.
    Here(String),
    /// In this file, behind the front matter.
    InFile(PathBuf),
}

/// A file that could be read a moment ago, and can't be now.
#[derive(Debug, thiserror::Error)]
#[error("{} changed while it was read: {why}", place.display())]
pub struct BodyError {
    /// The file.
    pub place: PathBuf,
    /// What is wrong with it now.
    pub why: String,
}

impl BodyText {
    /// The Markdown.
    ///
    /// # Errors
    /// The file vanished or broke since its article was loaded.
    pub fn read(&self) -> Result<Cow<'_, str>, BodyError> {
        let place = match self {
            Self::Here(text) => return Ok(Cow::Borrowed(text)),
            Self::InFile(place) => place,
        };
        let fail = |why: String| BodyError { place: place.clone(), why };
        let bytes = std::fs::read(place).map_err(|error| fail(error.to_string()))?;
        let text = reader::decode(&bytes, "").map_err(|problem| fail(problem.message))?;
        let body = front_matter::body(&text).map_err(|fault| fail(fault.message))?;
        Ok(Cow::Owned(body.to_owned()))
    }
}
