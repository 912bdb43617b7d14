//! The items of a JSON Feed.

use std::collections::HashSet;

use crate::feed::judge::facts::{Entry, Facts, Parts, collapsed, hash};
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::json::feed::{Type, authors, keys};
use crate::feed::judge::json::value::{Kind, Value};
use crate::feed::judge::values::{self, Base, short};
use crate::feed::judge::{html, text};

rules! {
    ITEM = Error "json-item", "JSON Feed 1.1, Items: items is an array of objects",
        "write an object";
    ID = Error "json-item-id", "JSON Feed 1.1, Items: id is required, a string",
        "give the item an id that never changes, in quotes";
    ID_UNIQUE = Error "json-item-id-unique", "JSON Feed 1.1, Items: id is unique for the item over time",
        "give each item an id of its own: readers show one of them only";
    CONTENT = Error "json-item-content", "JSON Feed 1.1, Items: content_html or content_text is there",
        "give the item one of them";
    TEXT_MARKUP = Warning "json-text-markup", "JSON Feed 1.1, Items: content_text and summary are plain text",
        "write content_html, or take the markup out";
    ATTACHMENT = Error "json-attachment", "JSON Feed 1.1, Attachments: url and mime_type are required",
        "give the attachment both";
    ATTACHMENT_TYPE = Error "json-attachment-type", "JSON Feed 1.1, Attachments: mime_type is a MIME type",
        "write a type such as audio/mpeg";
}

const KEYS: [(&str, Type); 16] = [
    ("id", Type::Any),
    ("url", Type::Url),
    ("external_url", Type::Url),
    ("title", Type::Text),
    ("content_html", Type::Text),
    ("content_text", Type::Text),
    ("summary", Type::Text),
    ("image", Type::Url),
    ("banner_image", Type::Url),
    ("date_published", Type::Date),
    ("date_modified", Type::Date),
    ("authors", Type::Objects),
    ("author", Type::Any),
    ("tags", Type::Texts),
    ("language", Type::Language),
    ("attachments", Type::Objects),
];

const ATTACHMENT_KEYS: [(&str, Type); 5] = [
    ("url", Type::Url),
    ("mime_type", Type::Text),
    ("title", Type::Text),
    ("size_in_bytes", Type::Number),
    ("duration_in_seconds", Type::Number),
];

/// Checks every item, and gathers their facts.
pub fn check_all(items: &[Value<'_>], report: &mut Report, facts: &mut Facts) {
    let mut ids = HashSet::new();
    for item in items {
        if !matches!(item.kind, Kind::Object(_)) {
            report.add(&ITEM, item.at, "the item is no object");
            continue;
        }
        let entry = check(item, report);
        if !entry.id.is_empty() && !ids.insert(entry.id.clone()) {
            let at = item.get("id").map_or(item.at, |id| id.at);
            report.add(&ID_UNIQUE, at, format!("another item has the id {}", short(&entry.id)));
        }
        facts.entries.push(entry);
    }
}

fn check(item: &Value<'_>, report: &mut Report) -> Entry {
    keys(item, &KEYS, report);
    let text_of = |key: &str| item.get(key).and_then(|value| Some((value.at, value.text()?)));
    let id = match item.get("id") {
        None => {
            report.add(&ID, item.at, "the item has no id");
            String::new()
        }
        Some(Value { kind: Kind::Number(number), at, .. }) => {
            report.add(&ID, *at, "the id is a number");
            (*number).to_owned()
        }
        Some(id) => {
            let text = id.text().unwrap_or_default();
            if text.is_empty() {
                report.add(&ID, id.at, "the id is no string, or an empty one");
            }
            text.to_owned()
        }
    };
    if item.get("content_html").is_none() && item.get("content_text").is_none() {
        report.add(&CONTENT, item.at, "the item has neither content_html nor content_text");
    }
    if let Some((at, title)) = text_of("title") {
        text::check_title(report, at, title);
    }
    if let Some((at, html)) = text_of("content_html") {
        // Escapes move what stands behind them; the string's place is near enough.
        html::check(report, html, Base::None, |_| at);
    }
    for key in ["content_text", "summary"] {
        if let Some((at, _)) = text_of(key).filter(|(_, text)| text::holds_markup(text)) {
            report.add(&TEXT_MARKUP, at, format!("the {key} holds markup"));
        }
    }
    authors(item, report);
    for attachment in item.get("attachments").map(Value::items).unwrap_or_default() {
        keys(attachment, &ATTACHMENT_KEYS, report);
        for key in ["url", "mime_type"].iter().filter(|key| attachment.get(key).is_none()) {
            report.add(&ATTACHMENT, attachment.at, format!("the attachment has no {key}"));
        }
        let kind = attachment.get("mime_type").and_then(|kind| Some((kind.at, kind.text()?)));
        if let Some((at, kind)) = kind.filter(|(_, kind)| !values::is_media_type(kind)) {
            report.add(&ATTACHMENT_TYPE, at, format!("{} is no MIME type", short(kind)));
        }
    }
    let string = |key: &str| text_of(key).map(|(_, text)| text).unwrap_or_default();
    let date = |key: &str| chrono::DateTime::parse_from_rfc3339(string(key)).ok();
    let title = collapsed(string("title"));
    let texts = [string("summary"), string("content_html"), string("content_text")];
    let list = |key: &str| item.get(key).map(Value::items).unwrap_or_default().iter();
    let of =
        |value: &Value<'_>, key: &str| value.get(key).and_then(Value::text).unwrap_or_default().to_owned();
    let people = list("authors").map(|author| [of(author, "name"), of(author, "url")].join(" "));
    let files = list("attachments").map(|file| of(file, "url"));
    Entry {
        parts: Parts {
            text: hash(texts),
            authors: hash(people),
            terms: hash(list("tags").map(|tag| tag.text().unwrap_or_default())),
            files: hash(files.chain([string("image").to_owned()])),
        },
        id,
        link: text_of("url").map(|(_, url)| url.to_owned()),
        published: date("date_published"),
        updated: date("date_modified"),
        content: hash([title.as_str(), string("summary"), string("content_html"), string("content_text")]),
        title,
        at: item.at,
    }
}
