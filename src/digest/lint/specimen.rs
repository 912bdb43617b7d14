//! A mail as one reader gets it, to be looked at: what the lint is given.

use crate::digest::lint::document::Document;
use crate::digest::lint::style::{self, Sheet};

/// A mail, and what has to be in it.
#[derive(Clone, Debug)]
pub struct Specimen<'a> {
    /// The subject, as one line.
    pub subject: &'a str,
    /// The text part.
    pub text: &'a str,
    /// The HTML part.
    pub html: &'a str,
    /// The whole message, as it goes over the wire.
    pub bytes: &'a [u8],
    /// The sender's postal address.
    pub postal_address: &'a str,
    /// The address that unsubscribes this reader, as templates get it.
    pub unsubscribe: &'a str,
    /// The secret of the slots.
    pub slots: &'a str,
    /// What articles and configuration say: curly brackets in there are theirs, and no template's.
    pub said: &'a [String],
}

/// The HTML part, read.
#[derive(Debug)]
pub struct Page {
    /// Its elements and text.
    pub document: Document,
    /// What its `style` elements say.
    pub sheet: Sheet,
}

impl Page {
    /// Reads a page.
    #[must_use]
    pub fn of(html: &str) -> Self {
        let document = Document::read(html);
        let sheet = style::sheet(&document.styles());
        Self { document, sheet }
    }
}
