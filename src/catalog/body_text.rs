//! Where the text of an article is until somebody needs it: a catalog of a hundred thousand articles shows a few
//! thousand of them, and the bodies of all would fill the memory.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::catalog::coded;
use crate::catalog::front_matter;
use crate::catalog::reader;
use crate::catalog::source::jsonl::Line;
use crate::catalog::source::pages;

/// What a body is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Markdown.
    #[default]
    Markdown,
    /// HTML, which nobody has looked at yet.
    Html,
}

/// The body of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BodyText {
    /// Markdown that is here, for it is not what the file holds.
    Here(String),
    /// Markdown in this file, behind the front matter.
    InFile(#[serde(with = "coded::path")] PathBuf),
    /// HTML that is here.
    Html(String),
    /// In a line of a file of JSON Lines.
    Line(Line),
    /// HTML in this page of a site.
    Page(#[serde(with = "coded::path")] PathBuf),
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

impl BodyError {
    /// Of the file at `place`.
    pub fn new(place: &Path, why: impl Into<String>) -> Self {
        Self { place: place.to_owned(), why: why.into() }
    }
}

impl BodyText {
    /// What it is written in.
    #[must_use]
    pub fn form(&self) -> Form {
        match self {
            Self::Here(_) | Self::InFile(_) => Form::Markdown,
            Self::Html(_) | Self::Page(_) => Form::Html,
            Self::Line(line) => line.form(),
        }
    }

    /// The text, as it was written.
    ///
    /// # Errors
    /// The file vanished or broke since its article was loaded.
    pub fn read(&self) -> Result<Cow<'_, str>, BodyError> {
        let place = match self {
            Self::Here(text) | Self::Html(text) => return Ok(Cow::Borrowed(text)),
            Self::Line(line) => return line.read().map(Cow::Owned),
            Self::Page(place) => return pages::body(place).map(Cow::Owned),
            Self::InFile(place) => place,
        };
        let fail = |why: String| BodyError::new(place, why);
        let bytes = std::fs::read(place).map_err(|error| fail(error.to_string()))?;
        let text = reader::decode(&bytes, "").map_err(|problem| fail(problem.message))?;
        let body = front_matter::body(&text).map_err(|fault| fail(fault.message))?;
        Ok(Cow::Owned(body.to_owned()))
    }
}
