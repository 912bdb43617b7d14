//! How one feed is made: what the configuration says of it over what holds of all.

use url::Url;

use crate::feed::model::Format;
use crate::feed::settings::{Archive, Content, Particulars, Settings};

/// What `[feeds]` says, but for what the feed's own table says.
#[derive(Clone, Debug)]
pub struct Manner {
    /// The formats, each once, in the order in which they are recommended.
    pub formats: Vec<Format>,
    /// Most entries.
    pub limit: usize,
    /// Most bytes of a document.
    pub max_bytes: Option<usize>,
    /// Whole articles, or summaries only.
    pub content: Content,
    /// In minutes.
    pub ttl: u32,
    /// The `WebSub` hub.
    pub hub: Option<Url>,
    /// Which periods older entries are kept in.
    pub archive: Archive,
    /// Whether it refers to the stylesheet.
    pub stylesheet: bool,
    /// Whether it has a page for people.
    pub page: bool,
}

impl Manner {
    /// Of one feed.
    #[must_use]
    pub fn of(own: &Particulars, all: &Settings) -> Self {
        let wanted = own.formats.as_ref().unwrap_or(&all.formats);
        Self {
            formats: Format::ALL.into_iter().filter(|format| wanted.contains(format)).collect(),
            limit: own.limit.unwrap_or(all.limit),
            max_bytes: own.max_bytes.or(all.max_bytes),
            content: own.content.unwrap_or(all.content),
            ttl: own.ttl.unwrap_or(all.ttl),
            hub: own.hub.clone().or_else(|| all.hub.clone()),
            archive: own.archive.unwrap_or(all.archive),
            stylesheet: own.stylesheet.unwrap_or(all.stylesheet),
            page: own.page.unwrap_or(all.page),
        }
    }
}
