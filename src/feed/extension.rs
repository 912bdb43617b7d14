//! Elements of other namespaces, as both XML formats write them: neutral here, for each crate has a type of its own.

use std::collections::BTreeMap;

use chrono::SecondsFormat;

use crate::feed::model::{Deleted, Enclosure, Image};
use crate::feed::xml::{legal, line, one_line};

/// An element with a prefix in its name. Its strings are legal in XML and not escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Prefix and name: `media:content`.
    pub name: String,
    /// By name.
    pub attributes: BTreeMap<String, String>,
    /// What it holds.
    pub content: Content,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text; nothing is text too, for a serialiser would indent the end tag of an element without a value.
    Text(String),
    /// Elements, one at least.
    Children(Vec<Element>),
}

impl Element {
    /// An element that holds text.
    pub fn text(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), attributes: BTreeMap::new(), content: Content::Text(text.into()) }
    }

    /// The prefix of its name; empty where it has none.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The text, and the children, that a crate's type wants.
    #[must_use]
    pub fn into_parts(self) -> (String, BTreeMap<String, String>, Option<String>, Vec<Self>) {
        match self.content {
            Content::Text(text) => (self.name, self.attributes, Some(text), Vec::new()),
            Content::Children(children) => (self.name, self.attributes, None, children),
        }
    }
}

/// `at:deleted-entry` (RFC 6721, section 3). Readers that know it may remove the entry.
#[must_use]
pub fn deleted(entry: &Deleted) -> Element {
    let when = entry.when.to_rfc3339_opts(SecondsFormat::Secs, true);
    let attributes = [("ref", legal(&entry.iri).into_owned()), ("when", when)];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value)).into();
    Element { attributes, ..Element::text("at:deleted-entry", "") }
}

/// `media:content` for a picture, with what is known of it (<https://www.rssboard.org/media-rss>).
#[must_use]
pub fn media(image: &Image) -> Element {
    let mut attributes = BTreeMap::from([
        ("url".to_owned(), image.url.to_string()),
        ("type".to_owned(), one_line(&image.media_type)),
        ("medium".to_owned(), "image".to_owned()),
    ]);
    attributes.extend(image.length.map(|length| ("fileSize".to_owned(), length.to_string())));
    if let Some((width, height)) = image.size {
        attributes.insert("width".to_owned(), width.to_string());
        attributes.insert("height".to_owned(), height.to_string());
    }
    let described = image.alt.as_deref().and_then(line).map(|alt| Element::text("media:description", alt));
    media_content(attributes, described)
}

/// `media:content` for sound, a film or another file.
#[must_use]
pub fn attached(enclosure: &Enclosure) -> Element {
    let mut attributes = BTreeMap::from([
        ("url".to_owned(), enclosure.url.to_string()),
        ("type".to_owned(), one_line(&enclosure.media_type)),
    ]);
    let kind = enclosure.media_type.split('/').next().unwrap_or_default();
    let medium = if ["audio", "video", "image"].contains(&kind) { kind } else { "document" };
    attributes.insert("medium".to_owned(), medium.to_owned());
    attributes.extend(enclosure.length.map(|length| ("fileSize".to_owned(), length.to_string())));
    attributes.extend(enclosure.seconds.map(|seconds| ("duration".to_owned(), seconds.to_string())));
    let title = enclosure.title.as_deref().and_then(line).map(|title| Element::text("media:title", title));
    media_content(attributes, title)
}

fn media_content(attributes: BTreeMap<String, String>, child: Option<Element>) -> Element {
    let content = child.map_or_else(|| Content::Text(String::new()), |child| Content::Children(vec![child]));
    Element { name: "media:content".to_owned(), attributes, content }
}
