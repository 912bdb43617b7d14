//! The neutral model of a feed: what every format has to say, in no format's own words.
//!
//! Strings here are plain text unless their name says HTML; nothing is escaped yet. Making characters
//! legal is the business of [`crate::feed::xml`], choosing entries that of [`crate::feed::select`].

use chrono::{DateTime, FixedOffset};
use url::Url;

/// A feed in any format: the site's whole stream or one category's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Permanent absolute IRI, compared byte for byte (RFC 4287, 4.2.6).
    pub id: String,
    /// Plain text, never empty.
    pub title: String,
    /// One line, plain text.
    pub subtitle: String,
    /// Paragraphs of plain text that tell what the category is about; empty where none was written.
    pub overview: Vec<String>,
    /// The page for people that this feed mirrors.
    pub page: Url,
    /// Where each format of this feed is published (`rel="self"`).
    pub addresses: Addresses,
    /// BCP 47 tag.
    pub language: String,
    /// Copyright line.
    pub rights: Option<String>,
    /// How long a reader may wait before it asks again, in minutes.
    pub ttl_minutes: u32,
    /// The publisher, who stands for entries without a byline.
    pub author: Person,
    /// `email (Name)` of whoever answers for the content, for RSS `managingEditor`.
    pub editor: Option<String>,
    /// A picture for the whole feed.
    pub image: Option<Image>,
    /// Address of a CSS file for people who open the feed in a browser.
    pub stylesheet: Option<String>,
    /// The newest significant change of its entries; for an empty feed a fixed date, never the build's.
    pub updated: DateTime<FixedOffset>,
    /// Newest first, in a total order.
    pub entries: Vec<Entry>,
}

/// Where the formats of one feed are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The RSS 2.0 document.
    pub rss: Url,
    /// The Atom document.
    pub atom: Url,
}

/// One article as a feed shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Permanent absolute IRI (a `tag:` URI or the id that the author gave), never reused.
    pub id: String,
    /// The article's page.
    pub url: Url,
    /// Plain text, never empty.
    pub title: String,
    /// Bylines, in the author's order; empty where the article has none.
    pub authors: Vec<Person>,
    /// When the article was published, with its author's offset.
    pub published: DateTime<FixedOffset>,
    /// When it last changed in a way that matters.
    pub updated: DateTime<FixedOffset>,
    /// Plain text.
    pub summary: String,
    /// Sanitised HTML with absolute addresses; absent in a summary feed.
    pub content_html: Option<String>,
    /// Categories, then tags.
    pub terms: Vec<Term>,
    /// The article's picture.
    pub image: Option<Image>,
    /// Where readers discuss it.
    pub comments: Option<Comments>,
}

/// Somebody who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Plain text, never empty.
    pub name: String,
    /// Address of a page about the person.
    pub url: Option<Url>,
}

/// A category or tag of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The slug: what machines compare.
    pub term: String,
    /// The title: what people read.
    pub label: String,
    /// The vocabulary that the term belongs to, an IRI: categories have one, tags none.
    pub scheme: Option<String>,
}

/// A picture, measured where its file is at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Absolute address.
    pub url: Url,
    /// Media type, such as `image/png`.
    pub media_type: String,
    /// Length of the file in bytes; without it the picture can be no RSS enclosure.
    pub length: Option<u64>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// What it shows, for those who can't see it.
    pub alt: Option<String>,
}

/// Where readers discuss an article, and how much they have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comments {
    /// The page with the discussion.
    pub url: Option<Url>,
    /// How many comments there were when the article was last edited.
    pub count: Option<u64>,
}
