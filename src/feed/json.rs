//! JSON Feed 1.1: a neutral feed in the words of <https://www.jsonfeed.org/version/1.1/>.
//!
//! It decides how things are written, never which entries there are, where the bytes go, or what time it is. JSON
//! takes every character; the strings are cleaned as for XML all the same, so that a title is one title in every format.

use std::{io, iter};

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde::Serialize;
use url::Url;

use crate::feed::model::{Comments, Enclosure, Entry, Feed, Image, Person};
use crate::feed::xml;

const VERSION: &str = "https://jsonfeed.org/version/1.1";

/// The order of the fields is the order in which they are written.
#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a Url,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<&'a Url>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a Url>,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a Url>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a Url>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a Url,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: &'a Url,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a Url>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    /// Where a republished article was first; `external_url` would send readers there instead of to us.
    #[serde(rename = "_source", skip_serializing_if = "Option::is_none")]
    source: Option<Author<'a>>,
    /// The format knows nothing of comments; what it does not know begins with `_` (section "Extensions").
    #[serde(rename = "_comments", skip_serializing_if = "Option::is_none")]
    comments: Option<Discussion<'a>>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a Url,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct Discussion<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a Url>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

/// The feed as a JSON Feed document: the same bytes for the same feed.
///
/// # Errors
///
/// None in practice: nothing in it can't be JSON. The serialiser's signature allows for one.
pub fn render(feed: &Feed) -> io::Result<Vec<u8>> {
    let mut written = serde_json::to_vec_pretty(&document(feed))?;
    written.push(b'\n');
    Ok(written)
}

fn document(feed: &Feed) -> Document<'_> {
    Document {
        version: VERSION,
        title: xml::line(&feed.title).unwrap_or_else(|| feed.page.to_string()),
        home_page_url: &feed.page,
        feed_url: feed.addresses.json.as_ref(),
        // From the feed through ever older archives: never an address that came before.
        next_url: feed.history.as_ref().and_then(|history| history.previous.as_ref()?.json.as_ref()),
        description: xml::paragraphs(iter::once(&feed.subtitle).chain(&feed.overview)),
        icon: feed.image.as_ref().filter(|image| is_square(image)).map(|image| &image.url),
        // The publisher stands for entries without a byline.
        authors: author(&feed.author).into_iter().collect(),
        language: xml::line(&feed.language),
        hubs: feed.hub.iter().map(|url| Hub { r#type: "WebSub", url }).collect(),
        items: feed.entries.iter().map(|entry| item(entry)).collect(),
    }
}

/// An icon is square ("Top-level"): a picture that is known to be wide is none.
fn is_square(image: &Image) -> bool {
    image.size.is_none_or(|(width, height)| width == height)
}

fn author(person: &Person) -> Option<Author<'_>> {
    Some(Author { name: xml::line(&person.name)?, url: person.url.as_ref() })
}

fn item(entry: &Entry) -> Item<'_> {
    let summary = xml::paragraphs([&entry.summary]);
    let html = entry.content_html.as_deref().filter(|html| !html.is_empty());
    let title = xml::line(&entry.title).unwrap_or_else(|| entry.url.to_string());
    // One of the two contents is required ("Items"): without a body, the summary is what there is to read.
    let text = html.is_none().then(|| if summary.is_empty() { title.clone() } else { summary.clone() });
    Item {
        id: xml::legal(&entry.id).into_owned(),
        url: &entry.url,
        title,
        content_html: html.map(|html| xml::legal(html).into_owned()),
        content_text: text,
        summary,
        image: entry.image.as_ref().map(|image| &image.url),
        date_published: date(entry.published),
        date_modified: date(entry.updated),
        authors: entry.authors.iter().filter_map(author).collect(),
        tags: entry
            .terms
            .iter()
            .filter_map(|term| xml::line(&term.label).or_else(|| xml::line(&term.term)))
            .collect(),
        attachments: entry.enclosures.iter().map(attachment).collect(),
        source: entry
            .source
            .as_ref()
            .and_then(|source| Some(Author { name: xml::line(&source.title)?, url: Some(&source.url) })),
        comments: entry.comments.as_ref().and_then(discussion),
    }
}

fn attachment(file: &Enclosure) -> Attachment<'_> {
    Attachment {
        url: &file.url,
        mime_type: xml::one_line(&file.media_type),
        title: file.title.as_deref().and_then(xml::line),
        size_in_bytes: file.length,
        duration_in_seconds: file.seconds,
    }
}

fn discussion(comments: &Comments) -> Option<Discussion<'_>> {
    let discussion = Discussion { url: comments.url.as_ref(), count: comments.count };
    (discussion.url.is_some() || discussion.count.is_some()).then_some(discussion)
}

fn date(date: DateTime<FixedOffset>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::feed::sample::{HARD_READ, hard, minimal, rich};

    #[test]
    fn a_feed_with_everything_is_written_in_full() {
        insta::assert_snapshot!(String::from_utf8(render(&rich()).unwrap()).unwrap());
    }

    #[test]
    fn an_empty_feed_has_what_the_specification_requires() {
        let written = String::from_utf8(render(&minimal()).unwrap()).unwrap();
        let expected = r#"{
  "version": "https://jsonfeed.org/version/1.1",
  "title": "Empty",
  "home_page_url": "https://example.org/",
  "feed_url": "https://example.org/feed.json",
  "authors": [
    {
      "name": "Example"
    }
  ],
  "language": "en",
  "items": []
}
"#;
        assert_eq!(written, expected);
    }

    #[test]
    fn hard_strings_reach_a_reader_as_they_were_meant() {
        let bytes = render(&hard()).unwrap();
        let feed = feed_rs::parser::parse(bytes.as_slice()).unwrap();
        let entry = feed.entries.first().unwrap();
        assert_eq!(feed.title.unwrap().content, HARD_READ);
        assert_eq!(feed.description.unwrap().content, format!("{HARD_READ}\n\n{HARD_READ}"));
        assert_eq!(entry.id, HARD_READ);
        assert_eq!(entry.title.as_ref().unwrap().content, HARD_READ);
        assert_eq!(entry.authors.iter().filter_map(|a| a.name.as_deref()).collect::<Vec<_>>(), [HARD_READ]);
        assert_eq!(entry.categories.iter().map(|c| c.term.as_str()).collect::<Vec<_>>(), [HARD_READ]);
        assert_eq!(entry.summary.as_ref().unwrap().content, HARD_READ);
        assert_eq!(entry.content.as_ref().unwrap().body.as_deref(), Some(HARD_READ));
        assert_eq!(String::from_utf8(bytes).unwrap().find(['\u{8}', '\u{b}', '\u{fffe}']), None);
    }

    #[test]
    fn an_entry_without_a_body_has_its_summary_as_its_text() {
        let mut feed = rich();
        let mut entry = feed.entries[0].as_ref().clone();
        entry.content_html = None;
        feed.entries = vec![entry.into()];
        let read: serde_json::Value = serde_json::from_slice(&render(&feed).unwrap()).unwrap();
        assert_eq!(read["items"][0]["content_text"], "How <b> works & why");
        assert_eq!(read["items"][0]["content_html"], serde_json::Value::Null);
    }

    #[test]
    fn years_of_more_than_four_digits_do_not_panic() {
        let mut feed = rich();
        let mut entry = feed.entries[0].as_ref().clone();
        entry.published = chrono::DateTime::<chrono::Utc>::MAX_UTC.fixed_offset();
        feed.entries = vec![entry.into()];
        assert!(render(&feed).is_ok());
    }
}
