//! An existing feed as a source: RSS, Atom or JSON Feed, in a file or as a job has fetched it. Any site that has one feed
//! gets feeds per category and digests of it.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use feed_rs::model::{Content, Entry, Feed, FeedType, Link, Person, Text};
use url::Url;

use crate::catalog::body_text::BodyText;
use crate::catalog::html;
use crate::catalog::live_feed;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::source::fallen_out;
use crate::catalog::source::import::{Item, Source, Take, Unreadable};
use crate::catalog::source::record::{self, Keys, Origin, Record};
use crate::text::shorten;

/// Bytes: what a fetch brings at most.
pub const LARGEST: usize = 20_000_000;

/// Characters of a title that is made of the text, for entries that have none.
const TITLE: usize = 60;

/// A feed in a file.
#[derive(Debug)]
pub struct FeedFile<'a> {
    /// The source's name.
    pub name: Arc<str>,
    /// The file, or the copy of what was fetched.
    pub file: &'a Path,
    /// The site's address.
    pub site: &'a Url,
    /// Where it was fetched.
    pub address: Option<&'a Url>,
}

impl Source for FeedFile<'_> {
    fn read(&self, take: &mut Take<'_>) -> Result<(), Unreadable> {
        let (feed, bytes) = open(self.file)?;
        let entries: Vec<&Entry> = feed.entries.iter().collect();
        self.entries(&entries, &feed, &bytes, take);
        if self.address.is_none() {
            return Ok(());
        }
        let mut seen: HashSet<String> =
            feed.entries.iter().map(|entry| fallen_out::key(entry).to_owned()).collect();
        seen.extend(fallen_out::taken_back(self.file));
        for (_, copy) in fallen_out::copies(self.file) {
            let (older, bytes) =
                open(&copy).map_err(|Unreadable(why)| Unreadable(format!("{}: {why}", copy.display())))?;
            let left = fallen_out::of(&older, &feed);
            let left: Vec<&Entry> =
                left.filter(|entry| seen.insert(fallen_out::key(entry).to_owned())).collect();
            self.entries(&left, &older, &bytes, take);
        }
        Ok(())
    }
}

/// A feed, and its bytes.
fn open(place: &Path) -> Result<(Feed, Vec<u8>), Unreadable> {
    let mut bytes = Vec::new();
    File::open(place)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST {
        return Err(Unreadable(format!("it is larger than {LARGEST} bytes")));
    }
    let feed = live_feed::parse(&bytes).map_err(|why| Unreadable(format!("it is no feed: {why}")))?;
    Ok((feed, bytes))
}

impl FeedFile<'_> {
    fn entries(&self, entries: &[&Entry], feed: &Feed, bytes: &[u8], take: &mut Take<'_>) {
        let home = feed.links.iter().find(|link| is_page(link.rel.as_deref()));
        let base = self.address.cloned().or_else(|| Url::parse(&home?.href).ok());
        let pictures = pictures(feed, bytes);
        for entry in entries {
            take(self.entry(entry, feed, base.as_ref(), &pictures));
        }
    }

    fn entry(
        &self,
        entry: &Entry,
        feed: &Feed,
        base: Option<&Url>,
        pictures: &HashMap<String, String>,
    ) -> Item {
        let links = entry.links.iter().filter(|link| link.target.is_none() && !is_file(link, feed));
        let page = links.filter(|link| is_page(link.rel.as_deref())).map(|link| link.href.as_str()).next();
        // An id is an address if it says so by itself.
        let page = page.map_or_else(|| absolute(&entry.id, None), |address| absolute(address, base));
        let title = entry.title.as_ref().map(|title| plain(title, false)).unwrap_or_default();
        let file = self.file.to_string_lossy().into_owned();
        let Some(page) = page else {
            let named = if title.is_empty() { entry.id.as_str() } else { title.as_str() };
            let message = format!("the entry {:?} has no address", shorten(named, TITLE));
            let hint = "readers could not follow it anywhere: give it a link";
            return Item::Problem(Problem::error(&file, Position::START, message, hint));
        };
        let key = if entry.id.is_empty() { page.as_str() } else { entry.id.as_str() };
        let path = record::path_of_address(&self.name, key, self.site);
        let is_rss = !matches!(feed.feed_type, FeedType::Atom | FeedType::JSON);
        let given = entry.content.as_ref().and_then(body);
        let (body, summary) = match (given, &entry.summary) {
            (Some(body), Some(summary)) => (body, plain(summary, is_rss)),
            (Some(body), None) => (body, String::new()),
            // What is all that there is of the text is no summary of it.
            (None, Some(summary)) => (as_html(&summary.content, !is_rss && is_plain(summary)), String::new()),
            (None, None) => Default::default(),
        };
        let title = if title.is_empty() { shorten(&html::text(&body), TITLE) } else { title };
        let mut keys = Keys::new(Position::START);
        keys.text("slug", record::slug(Some(page.as_str()), Some(&title), &path));
        keys.text("title", title);
        keys.text("url", page.as_str());
        keys.text("summary", summary);
        let date = entry.published.or(entry.updated);
        keys.text("date", date.map(|date| date.to_rfc3339()).unwrap_or_default());
        if let Some(updated) = entry.updated.filter(|updated| Some(*updated) != date) {
            keys.text("updated", updated.to_rfc3339());
        }
        // An entry without authors of its own has those of its feed (RFC 4287, 4.1.1).
        let authors = if entry.authors.is_empty() { &feed.authors } else { &entry.authors };
        keys.tables("authors", authors.iter().filter_map(author).collect());
        let categories =
            entry.categories.iter().map(|category| category.label.as_ref().unwrap_or(&category.term).clone());
        keys.list("categories", categories);
        let mut media = media(entry, feed, &page);
        let image = pictures.get(&entry.id).map(String::as_str).or(media.image.as_deref());
        keys.text(
            "image",
            image.and_then(|image| page.join(image).ok()).map(String::from).unwrap_or_default(),
        );
        keys.tables("enclosures", std::mem::take(&mut media.files));
        let id = (!entry.id.is_empty()).then(|| entry.id.clone());
        let origin = Origin { source: Arc::clone(&self.name), file: file.into(), at: Position::START };
        let table = keys.finish();
        let text = BodyText::Html(body.clone());
        Item::Article(Box::new(Record { path, origin, id, table, is_plain: true, body: text }), body)
    }
}

fn is_page(rel: Option<&str>) -> bool {
    matches!(rel, None | Some("alternate"))
}

/// An enclosure, or what the library makes of an attachment of JSON Feed.
fn is_file(link: &Link, feed: &Feed) -> bool {
    link.rel.as_deref() == Some("enclosure") || feed.feed_type == FeedType::JSON && link.media_type.is_some()
}

/// An address of the web.
fn absolute(address: &str, base: Option<&Url>) -> Option<Url> {
    let url = match (Url::parse(address), base) {
        (Ok(url), _) => url,
        (Err(_), Some(base)) if !address.is_empty() => base.join(address).ok()?,
        _ => return None,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn is_plain(text: &Text) -> bool {
    text.content_type.essence().to_string() == "text/plain"
}

/// One line of plain text; what RSS holds may be HTML whatever it says.
fn plain(text: &Text, may_be_html: bool) -> String {
    if is_plain(text) && !may_be_html {
        text.content.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        html::text(&text.content)
    }
}

fn body(content: &Content) -> Option<String> {
    let body = content.body.as_ref().filter(|body| !body.trim().is_empty())?;
    let kind = content.content_type.essence().to_string();
    match kind.as_str() {
        "text/plain" => Some(as_html(body, true)),
        kind if kind.contains("html") => Some(body.clone()),
        _ => None,
    }
}

/// Plain text as paragraphs; HTML as it is.
fn as_html(text: &str, is_plain: bool) -> String {
    if !is_plain {
        return text.to_owned();
    }
    let mut html = String::with_capacity(text.len() + 7);
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str("<p>");
        html::escape(paragraph.trim(), &mut html);
        html.push_str("</p>\n");
    }
    html
}

fn author(person: &Person) -> Option<Keys> {
    let name = person.name.as_deref().filter(|name| !name.trim().is_empty())?;
    let mut keys = Keys::new(Position::START);
    keys.text("name", name);
    keys.text("url", person.uri.as_deref().unwrap_or_default());
    Some(keys)
}

#[derive(Default)]
struct Media {
    image: Option<String>,
    files: Vec<Keys>,
}

/// Pictures and files of an entry: enclosures of all three formats, and Media RSS.
fn media(entry: &Entry, feed: &Feed, page: &Url) -> Media {
    let mut found = Media::default();
    let mut seen = Vec::new();
    let mut add = |address: &str, kind: Option<String>, length: Option<u64>, title: Option<&str>| {
        let Some(url) = absolute(address, Some(page)).filter(|url| !seen.contains(url)) else { return };
        seen.push(url.clone());
        if kind.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
            found.image.get_or_insert(url.into());
            return;
        }
        let mut keys = Keys::new(Position::START);
        keys.text("url", url.as_str());
        keys.text("type", kind.filter(|kind| kind.contains('/')).unwrap_or_default());
        keys.text("length", length.filter(|length| *length > 0).map(|n| n.to_string()).unwrap_or_default());
        keys.text("title", title.unwrap_or_default());
        found.files.push(keys);
    };
    for link in entry.links.iter().filter(|link| is_file(link, feed)) {
        add(&link.href, link.media_type.clone(), link.length, link.title.as_deref());
    }
    for object in &entry.media {
        for content in &object.content {
            let Some(url) = &content.url else { continue };
            let kind = content.content_type.as_ref().map(ToString::to_string);
            add(url.as_str(), kind, content.size, None);
        }
    }
    let thumbnails = entry.media.iter().flat_map(|object| &object.thumbnails);
    let thumbnail = thumbnails.map(|thumbnail| thumbnail.image.uri.clone()).next();
    found.image = found.image.or(thumbnail);
    found
}

/// The pictures of a JSON Feed by the ids of its items: the library does not read them.
fn pictures(feed: &Feed, bytes: &[u8]) -> HashMap<String, String> {
    if feed.feed_type != FeedType::JSON {
        return HashMap::new();
    }
    let document: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let items = document["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let picture = |item: &serde_json::Value| {
        let image = item["image"].as_str().or(item["banner_image"].as_str())?;
        Some((item["id"].as_str()?.to_owned(), image.to_owned()))
    };
    items.iter().filter_map(picture).collect()
}
