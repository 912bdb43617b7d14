//! Which feeds there are, what they hold and where they are written: `[feeds]`, `[[feed]]`, `[site.feed]` and
//! `[category.<slug>.feed]`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use crate::feed::model::{Format, Kind, Podcast};

/// Table `[feeds]`, with what other tables say of single feeds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // each is a key that a publisher turns on or off
pub struct Settings {
    /// Folder that the files are written to.
    pub output: PathBuf,
    /// The address under which that folder is served; the site's where not given.
    pub url: Option<Url>,
    /// Formats of every feed that says nothing else.
    pub formats: Vec<Format>,
    /// Whether each category has a feed.
    pub categories: bool,
    /// Whether each tag has one.
    pub tags: bool,
    /// Whether each author has one.
    pub authors: bool,
    /// What the files of a category's feed begin with, from `{slug}`.
    pub category_path: String,
    /// Of a tag's.
    pub tag_path: String,
    /// Of an author's.
    pub author_path: String,
    /// What the files are called behind that.
    pub files: Files,
    /// What lists of feeds call their groups.
    pub labels: Labels,
    /// Most entries of a feed, the newest.
    pub limit: usize,
    /// Most bytes of a document; the newest entries that fit, at least one.
    pub max_bytes: Option<usize>,
    /// Whole articles, or summaries only.
    pub content: Content,
    /// How long a reader may wait before it asks again, in minutes.
    pub ttl: u32,
    /// Whether feeds refer to the `feed.css` that is written beside them, for people who open one in a browser.
    pub stylesheet: bool,
    /// Whether each feed has a page for people.
    pub page: bool,
    /// The `WebSub` hub that feeds advertise.
    pub hub: Option<Url>,
    /// Whether hubs inside of our own network are told, too.
    pub allow_private_hubs: bool,
    /// Whether Atom feeds name the articles that were withdrawn.
    pub tombstones: bool,
    /// Which periods older entries are kept in.
    pub archive: Archive,
    /// Whether each file has a compressed sibling.
    pub gzip: bool,
    /// The web servers that rules are written for.
    pub server_rules: Vec<Server>,
    /// Where feeds have moved: from a path of the server to a path or an address.
    #[serde(default)]
    pub redirects: BTreeMap<String, String>,
    /// `[site.feed]`: what holds of the site's feed alone.
    #[serde(skip)]
    pub site: Particulars,
    /// `[category.<slug>.feed]`: what holds of a category's feed alone.
    #[serde(skip)]
    pub of_category: BTreeMap<String, Particulars>,
    /// `[[feed]]`: further feeds, in the order of the file.
    #[serde(skip)]
    pub configured: Vec<Particulars>,
}

/// Table `[feeds.files]`: names of files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// The RSS document.
    pub rss: String,
    /// The Atom document.
    pub atom: String,
    /// The JSON Feed document.
    pub json: String,
    /// The page for people.
    pub page: String,
}

impl Files {
    /// The name of a format's file.
    #[must_use]
    pub fn of(&self, format: Format) -> &str {
        match format {
            Format::Rss => &self.rss,
            Format::Atom => &self.atom,
            Format::Json => &self.json,
        }
    }
}

/// Table `[feeds.labels]`: words for lists of feeds, in the site's language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// The feed of the whole site.
    pub site: String,
    /// The feeds of `[[feed]]`.
    pub selections: String,
    /// The feeds of categories.
    pub categories: String,
    /// The feeds of tags.
    pub tags: String,
    /// The feeds of authors.
    pub authors: String,
}

impl Labels {
    /// What the group of a kind is called; the site's feed is in none.
    #[must_use]
    pub fn of_group(&self, kind: Kind) -> Option<&str> {
        match kind {
            Kind::Site => None,
            Kind::Selection => Some(&self.selections),
            Kind::Category => Some(&self.categories),
            Kind::Tag => Some(&self.tags),
            Kind::Author => Some(&self.authors),
        }
    }
}

/// What the configuration says of one feed. Where it says nothing, `[feeds]` holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Particulars {
    /// Only in `[[feed]]`: its name in paths and ids.
    pub name: Option<String>,
    /// Its name for people.
    pub title: Option<String>,
    /// One line.
    pub description: Option<String>,
    /// The page that it mirrors: an address, or a path under the site.
    pub link: Option<String>,
    /// What its files begin with.
    pub path: Option<String>,
    /// Only in `[[feed]]`: articles in any of these categories, by slug.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Only in `[[feed]]`: articles with any of these tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Only in `[[feed]]`: articles by any of these people.
    #[serde(default)]
    pub authors: Vec<String>,
    /// Only in `[[feed]]`: articles in none of these categories.
    #[serde(default)]
    pub not_categories: Vec<String>,
    /// Only in `[[feed]]`: articles with none of these tags.
    #[serde(default)]
    pub not_tags: Vec<String>,
    /// Only in `[[feed]]`: articles by none of these people.
    #[serde(default)]
    pub not_authors: Vec<String>,
    /// Its formats.
    pub formats: Option<Vec<Format>>,
    /// Most entries.
    pub limit: Option<usize>,
    /// Most bytes of a document.
    pub max_bytes: Option<usize>,
    /// Whole articles, or summaries only.
    pub content: Option<Content>,
    /// How long a reader may wait before it asks again, in minutes.
    pub ttl: Option<u32>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Its picture: an address, or a path under the site.
    pub image: Option<String>,
    /// Copyright line.
    pub copyright: Option<String>,
    /// What directories of podcasts want to know, where it is one.
    pub podcast: Option<Podcast>,
    /// The `WebSub` hub that it advertises.
    pub hub: Option<Url>,
    /// Which periods older entries are kept in.
    pub archive: Option<Archive>,
    /// Whether it refers to the stylesheet.
    pub stylesheet: Option<bool>,
    /// Whether it has a page for people.
    pub page: Option<bool>,
}

impl Particulars {
    /// Whether it says which articles the feed shows.
    #[must_use]
    pub fn chooses(&self) -> bool {
        let lists = [
            &self.categories,
            &self.tags,
            &self.authors,
            &self.not_categories,
            &self.not_tags,
            &self.not_authors,
        ];
        lists.iter().any(|list| !list.is_empty())
    }
}

/// A web server that Tidings can write rules for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Server {
    /// `feeds.nginx.conf`, to be included.
    Nginx,
    /// `.htaccess`.
    Apache,
    /// `feeds.Caddyfile`, to be imported.
    Caddy,
    /// `_headers` and `_redirects`, which Cloudflare Pages reads too.
    Netlify,
}

/// Periods that older entries of a feed are kept in (RFC 5005, section 4).
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Archive {
    /// None: a feed has its newest entries and no others.
    None,
    /// Years.
    Year,
    /// Months.
    Month,
}

/// How much of an article an entry holds.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// The summary and the whole article.
    Full,
    /// The summary.
    Summary,
}
