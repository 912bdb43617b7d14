//! The neutral model of a feed: what every format has to say, in no format's own words.
//!
//! Strings here are plain text unless their name says HTML; nothing is escaped yet. Making characters
//! legal is the business of [`crate::feed::xml`], choosing entries that of [`crate::feed::select`].

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use serde::Deserialize;
use url::Url;

use crate::catalog::attachments::{Episode, Source};

/// A format that a feed can be published in, the one to recommend first.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All of them, in the order in which they are recommended.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// What a feed is of. In the order in which lists show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The whole site.
    Site,
    /// A category.
    Category,
    /// A tag.
    Tag,
    /// An author.
    Author,
    /// What the configuration chooses with `[[feed]]`.
    Selection,
}

/// A feed in any format: the site's whole stream or a part of it.
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
    /// The `WebSub` hub that is told when the feed changes.
    pub hub: Option<Url>,
    /// Its place among the documents that older entries are in; none without archives.
    pub history: Option<History>,
    /// What directories of podcasts want to know; none for a feed that is no podcast.
    pub podcast: Option<Podcast>,
    /// Address of a CSS file for people who open the feed in a browser.
    pub stylesheet: Option<String>,
    /// The newest significant change of its entries; for an empty feed a fixed date, never the build's.
    pub updated: DateTime<FixedOffset>,
    /// Newest first, in a total order. Shared: an article is in several feeds.
    pub entries: Vec<Arc<Entry>>,
    /// Entries that it had and that are withdrawn, what went last first; only where readers are to be told.
    pub deleted: Vec<Deleted>,
}

/// An entry that was withdrawn (RFC 6721).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Its id as an IRI.
    pub iri: String,
    /// When that was found.
    pub when: DateTime<Utc>,
}

/// The place of a document among those of one feed (RFC 5005, section 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Where the feed itself is; none if this is it. All others are archives.
    pub current: Option<Addresses>,
    /// The archive before this one.
    pub previous: Option<Addresses>,
    /// The archive after this one.
    pub next: Option<Addresses>,
}

impl History {
    /// The links of one format, by relation.
    pub fn links(&self, format: Format) -> impl Iterator<Item = (&'static str, &Url)> {
        let relations =
            [("current", &self.current), ("prev-archive", &self.previous), ("next-archive", &self.next)];
        relations.into_iter().filter_map(move |(rel, to)| Some((rel, to.as_ref()?.of(format)?)))
    }

    /// Whether the document is an archive.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        self.current.is_some()
    }
}

/// What directories of podcasts want to know of a whole podcast
/// (<https://podcasters.apple.com/support/823-podcast-requirements>). Table `podcast` of a feed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Podcast {
    /// Who makes it; the site's author where not given.
    pub author: Option<String>,
    /// Who answers to the directory.
    pub owner: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Categories of the directory, a part behind `>`: `Health & Fitness > Nutrition`.
    pub categories: Vec<String>,
    /// Whether it is for adults alone.
    pub explicit: bool,
    /// `episodic`, or `serial` for what is heard from the start.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its picture: square, 1400 to 3000 pixels wide. The feed's where not given.
    pub image: Option<Url>,
}

/// Where the formats of one feed are published: none for a format that it has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// The RSS 2.0 document.
    pub rss: Option<Url>,
    /// The Atom document.
    pub atom: Option<Url>,
    /// The JSON Feed document.
    pub json: Option<Url>,
}

impl Addresses {
    /// The formats that there are, with their addresses, the one to recommend first.
    pub fn all(&self) -> impl Iterator<Item = (Format, &Url)> {
        Format::ALL.into_iter().filter_map(|format| Some((format, self.of(format)?)))
    }

    /// The address of one format.
    #[must_use]
    pub fn of(&self, format: Format) -> Option<&Url> {
        match format {
            Format::Rss => self.rss.as_ref(),
            Format::Atom => self.atom.as_ref(),
            Format::Json => self.json.as_ref(),
        }
    }
}

/// One article as a feed shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Permanent, never reused: a `tag:` URI, the id that the author gave, or whatever readers knew it by before.
    pub id: String,
    /// The id where an absolute IRI is asked for (RFC 4287, 4.2.6): the same, if it is one.
    pub iri: String,
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
    /// Sound, films and other files, the first one first.
    pub enclosures: Vec<Enclosure>,
    /// What it is as an episode of a podcast.
    pub episode: Option<Episode>,
    /// Where it was published first.
    pub source: Option<Source>,
    /// Where readers discuss it.
    pub comments: Option<Comments>,
}

/// A file that comes with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Absolute address.
    pub url: Url,
    /// Media type, such as `audio/mpeg`.
    pub media_type: String,
    /// Length of the file in bytes; without it, it can be no RSS enclosure.
    pub length: Option<u64>,
    /// How long it plays.
    pub seconds: Option<u64>,
    /// What it is called.
    pub title: Option<String>,
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
