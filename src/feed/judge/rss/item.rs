//! The items of RSS 2.0.

use std::collections::HashMap;

use crate::feed::judge::facts::{Entry, Facts, Parts, collapsed, hash};
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::rss::channel::person;
use crate::feed::judge::rss::shape;
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, Base, short};
use crate::feed::judge::{dates, extensions, text};

rules! {
    EMPTY = Error "rss-item-empty", "RSS 2.0 Specification, Elements of <item>: a title or a description is there",
        "give the item a title";
    GUID_MISSING = Warning "rss-guid-missing", "RSS Profile, guid: a publisher should provide one with each item",
        "give the item a guid that never changes";
    GUID_EMPTY = Error "rss-guid-empty", "RSS 2.0 Specification, guid: a string that identifies the item",
        "give the item a guid that never changes";
    GUID_UNIQUE = Error "rss-guid-unique", "RSS 2.0 Specification, guid: it identifies the item and no other",
        "give each item a guid of its own: readers show one of them only";
    GUID_PERMALINK = Error "rss-guid-permalink", "RSS 2.0 Specification, guid: without isPermaLink=\"false\" it is a URL",
        "write isPermaLink=\"false\"";
    GUID_VALUE = Error "rss-guid-value", "RSS 2.0 Specification, guid: isPermaLink is true or false",
        "write isPermaLink=\"false\"";
    LINK_UNIQUE = Warning "rss-link-unique", "Known trouble: readers that go by the link show one of the items only",
        "let each item link to its own page";
    UNDATED = Warning "rss-item-date", "Known trouble: readers take the time of the first fetch for the date",
        "give the item a pubDate";
    ENCLOSURE = Error "rss-enclosure", "RSS 2.0 Specification, enclosure: it has url, length and type",
        "give the enclosure all three; the length is in bytes";
    ENCLOSURE_LENGTH = Error "rss-enclosure-length", "RSS 2.0 Specification, enclosure: length is a number of bytes",
        "write the file's size in bytes, in digits";
    ENCLOSURE_TYPE = Error "rss-enclosure-type", "RSS 2.0 Specification, enclosure: type is a MIME type",
        "write a type such as audio/mpeg";
    ENCLOSURE_SCHEME = Error "rss-enclosure-scheme", "RSS 2.0 Specification, enclosure: the url is an http url",
        "serve the file with https";
    ENCLOSURES = Warning "rss-enclosure-many", "RSS Profile, enclosure: an item should have one at most",
        "link to the others in the description";
    SOURCE = Error "rss-source", "RSS 2.0 Specification, source: it has a url",
        "give it the address of the feed that the item came from";
    CATEGORY = Warning "rss-category-empty", "RSS 2.0 Specification, category: it names a category",
        "leave it out";
    TWO_AUTHORS = Warning "rss-author-twice", "RSS Profile, author: not beside dc:creator",
        "keep dc:creator: some readers show both";
    ENCODED_FIRST = Warning "rss-encoded-first", "RSS Profile, content:encoded: the description should come before it",
        "move content:encoded behind the description: some readers take the last one";
}

/// Checks every item of a channel, and gathers their facts.
pub fn check_all(channel: &Element<'_>, report: &mut Report, facts: &mut Facts) {
    let mut guids: HashMap<String, usize> = HashMap::new();
    let mut links: HashMap<String, usize> = HashMap::new();
    for (index, item) in channel.all(Space::None, "item").enumerate() {
        let entry = check(item, report);
        let guid = item.child(Space::None, "guid");
        if let Some(guid) = guid.filter(|_| !entry.id.is_empty()) {
            if let Some(first) = guids.get(&entry.id) {
                let message =
                    format!("item {} has the guid of item {first}: {}", index + 1, short(&entry.id));
                report.add(&GUID_UNIQUE, guid.text_at(), message);
            }
            guids.entry(entry.id.clone()).or_insert(index + 1);
        }
        if let (Some(address), Some(link)) = (&entry.link, item.child(Space::None, "link")) {
            if let Some(first) = links.get(address) {
                let message = format!("item {} has the link of item {first}", index + 1);
                report.add(&LINK_UNIQUE, link.text_at(), message);
            }
            links.entry(address.clone()).or_insert(index + 1);
        }
        facts.entries.push(entry);
    }
}

fn check(item: &Element<'_>, report: &mut Report) -> Entry {
    shape::check(report, item, &shape::ITEM);
    let mut entry = Entry { at: item.at, ..Entry::default() };
    let has = |name: &str| item.child(Space::None, name).is_some_and(|child| !child.text().is_empty());
    if !has("title") && !has("description") {
        report.add(&EMPTY, item.at, "the item has neither title nor description");
    }
    for child in item.children() {
        if child.space != Space::None {
            extensions::check(report, child, Base::None);
            if child.is(Space::Content, "encoded") {
                text::check_html(report, child, Base::None);
            }
            continue;
        }
        let (text, at) = (child.text(), child.text_at());
        match child.name {
            "title" => {
                if has("title") || has("description") {
                    text::check_title(report, at, &text);
                }
                entry.title = collapsed(&text);
            }
            "link" => {
                values::check_url(report, at, &text, Base::None);
                entry.link = Some(text.into_owned()).filter(|link| !link.is_empty());
            }
            "description" => text::check_html(report, child, Base::None),
            "comments" => values::check_url(report, at, &text, Base::None),
            "author" => person(report, child),
            "category" if text.is_empty() => report.add(&CATEGORY, child.at, "the category is empty"),
            "pubDate" => entry.published = dates::check_rss(report, at, &text),
            "enclosure" => enclosure(report, child),
            "guid" => {
                guid(report, child);
                entry.id = text.into_owned();
            }
            "source" => match child.attribute("url") {
                Some(url) => values::check_url(report, url.at, &url.value, Base::None),
                None => report.add(&SOURCE, child.at, "<source> has no url"),
            },
            _ => {}
        }
    }
    together(item, report);
    let of = |space, name| item.child(space, name).map(Element::raw_text).unwrap_or_default();
    let (summary, content) = (of(Space::None, "description"), of(Space::Content, "encoded"));
    entry.content = hash([entry.title.as_str(), &summary, &content]);
    entry.parts = Parts {
        text: hash([&summary, &content]),
        authors: hash(texts(item, &[(Space::None, "author"), (Space::Dc, "creator")], None)),
        terms: hash(texts(item, &[(Space::None, "category")], Some("domain"))),
        files: hash(texts(item, &[(Space::None, "enclosure"), (Space::Media, "content")], Some("url"))),
    };
    entry
}

/// The texts of elements of some names, each with one of its attributes.
fn texts(item: &Element<'_>, names: &[(Space, &str)], attribute: Option<&str>) -> Vec<String> {
    let wanted = item.children().filter(|child| names.iter().any(|(space, name)| child.is(*space, name)));
    let of = |child: &Element<'_>| {
        let more = attribute.and_then(|name| child.attribute(name)).map(|found| found.value.as_ref());
        [child.text().as_ref(), more.unwrap_or_default()].join(" ")
    };
    wanted.map(of).collect()
}

/// What elements of an item mean to each other.
fn together(item: &Element<'_>, report: &mut Report) {
    if item.child(Space::None, "guid").is_none() {
        report.add(&GUID_MISSING, item.at, "the item has no guid");
    }
    if item.child(Space::None, "pubDate").is_none() && item.child(Space::Dc, "date").is_none() {
        report.add(&UNDATED, item.at, "the item has no date");
    }
    if let Some(second) = item.all(Space::None, "enclosure").nth(1) {
        report.add(&ENCLOSURES, second.at, "the item has a second enclosure");
    }
    if let (Some(author), Some(_)) = (item.child(Space::None, "author"), item.child(Space::Dc, "creator")) {
        report.add(&TWO_AUTHORS, author.at, "the item has an author and a dc:creator");
    }
    if let (Some(description), Some(encoded)) =
        (item.child(Space::None, "description"), item.child(Space::Content, "encoded"))
        && encoded.at < description.at
    {
        report.add(&ENCODED_FIRST, encoded.at, "content:encoded comes before the description");
    }
}

fn guid(report: &mut Report, guid: &Element<'_>) {
    let text = guid.text();
    if text.is_empty() {
        report.add(&GUID_EMPTY, guid.at, "the guid is empty");
        return;
    }
    let permalink = guid.attribute("isPermaLink");
    match permalink.map(|attribute| attribute.value.as_ref()) {
        Some("false") => {}
        None | Some("true") => {
            if !values::is_absolute(&text) || !text.contains("://") {
                let message = format!("{} is no URL, and the guid says that it is one", short(&text));
                report.add(&GUID_PERMALINK, guid.text_at(), message);
            }
        }
        Some(other) => {
            let at = permalink.map_or(guid.at, |attribute| attribute.at);
            report.add(&GUID_VALUE, at, format!("isPermaLink is {}", short(other)));
        }
    }
}

fn enclosure(report: &mut Report, enclosure: &Element<'_>) {
    for name in ["url", "length", "type"] {
        let Some(attribute) = enclosure.attribute(name) else {
            report.add(&ENCLOSURE, enclosure.at, format!("the enclosure has no {name}"));
            continue;
        };
        let value = attribute.value.as_ref();
        match name {
            "url" if values::is_absolute(value) && !value.starts_with("http") => {
                report.add(&ENCLOSURE_SCHEME, attribute.at, format!("{} is no http url", short(value)));
            }
            "url" => values::check_url(report, attribute.at, value, Base::None),
            "length" if values::number(value).is_none() || value.is_empty() => {
                let message = format!("{} is no number of bytes", short(value));
                report.add(&ENCLOSURE_LENGTH, attribute.at, message);
            }
            "type" if !values::is_media_type(value) => {
                report.add(&ENCLOSURE_TYPE, attribute.at, format!("{} is no MIME type", short(value)));
            }
            _ => {}
        }
    }
}
