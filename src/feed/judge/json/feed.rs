//! The top level of a JSON Feed.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::feed::judge::facts::Facts;
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::json::value::{Kind, Value};
use crate::feed::judge::json::{item, read};
use crate::feed::judge::text;
use crate::feed::judge::values::{self, Base, short};
use crate::feed::judge::verdict::{Format, Verdict};

rules! {
    VERSION = Error "json-version", "JSON Feed 1.1, Top-level: version is the URL of the version",
        "write \"version\": \"https://jsonfeed.org/version/1.1\"";
    TITLE = Error "json-title", "JSON Feed 1.1, Top-level: title is required",
        "give the feed a title";
    ITEMS = Error "json-items", "JSON Feed 1.1, Top-level: items is required, an array",
        "write \"items\": [], if there are none";
    TYPE = Error "json-type", "JSON Feed 1.1: each key has a type",
        "write a value of this type, or leave the key out";
    UNKNOWN = Error "json-key-unknown", "JSON Feed 1.1, Extensions: names of extensions start with _",
        "spell the key as the specification does, or let it start with _";
    AUTHOR = Error "json-author", "JSON Feed 1.1, Top-level, authors: an author has a name, url or avatar at least",
        "give the author a name";
    AUTHOR_OLD = Warning "json-author-old", "JSON Feed 1.1, author is deprecated",
        "write authors, an array";
    HUB = Error "json-hub", "JSON Feed 1.1, Subscribing to Real-time Notifications: a hub has type and url",
        "give the hub both";
    NEXT = Error "json-next-url", "JSON Feed 1.1, Top-level: next_url is not the same as feed_url",
        "let it lead to older items, or leave it out";
    ADDRESS = Warning "json-feed-url", "JSON Feed 1.1, Top-level: feed_url is strongly recommended",
        "add the feed's own address as feed_url";
    HOME = Warning "json-home-page-url", "JSON Feed 1.1, Top-level: home_page_url is strongly recommended",
        "add the page's address as home_page_url";
}

/// What a key has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Plain text.
    Text,
    /// An address.
    Url,
    /// A BCP 47 tag.
    Language,
    /// RFC 3339.
    Date,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// Objects in an array.
    Objects,
    /// Strings in an array.
    Texts,
    /// Anything: what this key holds is looked at elsewhere.
    Any,
}

const KEYS: [(&str, Type); 15] = [
    ("version", Type::Text),
    ("title", Type::Text),
    ("home_page_url", Type::Url),
    ("feed_url", Type::Url),
    ("description", Type::Text),
    ("user_comment", Type::Text),
    ("next_url", Type::Url),
    ("icon", Type::Url),
    ("favicon", Type::Url),
    ("authors", Type::Objects),
    ("author", Type::Any),
    ("language", Type::Language),
    ("expired", Type::Bool),
    ("hubs", Type::Objects),
    ("items", Type::Any),
];

/// Judges a document that looks like JSON.
#[must_use]
pub fn judge(bytes: &[u8], now: DateTime<Utc>) -> Verdict {
    let mut report = Report::new(now);
    let mut facts = Facts::default();
    let (bytes, has_mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let text: Cow<'_, str> = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            report.add(&read::BYTES, error.valid_up_to(), "the document is not in UTF-8");
            String::from_utf8_lossy(bytes)
        }
    };
    if has_mark {
        report.add(&read::BOM, 0, "the document begins with a byte order mark");
    }
    let root = matches!(text, Cow::Borrowed(_)).then(|| read::read(&text, &mut report)).flatten();
    let Some(root) = root else {
        return Verdict { format: None, findings: report.into_findings(&text, |_| String::new()), facts };
    };
    check(&root, &mut report, &mut facts);
    let findings = report.into_findings(&text, |at| root.path(at));
    Verdict { format: Some(Format::Json), findings, facts }
}

fn check(root: &Value<'_>, report: &mut Report, facts: &mut Facts) {
    let version = root.get("version").and_then(Value::text).unwrap_or_default();
    let versions = ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"];
    if !versions.contains(&version) {
        let at = root.get("version").map_or(root.at, |version| version.at);
        report.add(&VERSION, at, format!("the version is {}", short(version)));
    }
    keys(root, &KEYS, report);
    match root.get("title").map(|title| (title.at, title.text().unwrap_or_default())) {
        None => report.add(&TITLE, root.at, "the feed has no title"),
        Some((at, title)) => text::check_title(report, at, title),
    }
    facts.address = root.get("feed_url").and_then(Value::text).map(str::to_owned);
    facts.is_part = root.get("next_url").is_some();
    if root.get("feed_url").is_none() {
        report.add(&ADDRESS, root.at, "the feed does not name its own address");
    }
    if root.get("home_page_url").is_none() {
        report.add(&HOME, root.at, "the feed does not name its page");
    }
    if let Some(next) = root.get("next_url")
        && next.text() == facts.address.as_deref()
    {
        report.add(&NEXT, next.at, "the next document is the document itself");
    }
    authors(root, report);
    for hub in root.get("hubs").map(Value::items).unwrap_or_default() {
        for key in ["type", "url"] {
            match hub.get(key) {
                None => report.add(&HUB, hub.at, format!("the hub has no {key}")),
                Some(value) if key == "url" => string(value, Type::Url, key, report),
                Some(value) => string(value, Type::Text, key, report),
            }
        }
    }
    match root.get("items") {
        Some(Value { kind: Kind::Array(items), .. }) => item::check_all(items, report, facts),
        Some(other) => report.add(&ITEMS, other.at, "items is no array"),
        None => report.add(&ITEMS, root.at, "the feed has no items"),
    }
}

/// Checks that the keys of an object are known and hold what they have to.
pub fn keys(object: &Value<'_>, known: &[(&str, Type)], report: &mut Report) {
    for (key, at, value) in object.members() {
        match known.iter().find(|(name, _)| name == key) {
            Some((_, kind)) => string(value, *kind, key, report),
            None if key.starts_with('_') => {}
            None => report.add(&UNKNOWN, *at, format!("the specification knows no key {}", short(key))),
        }
    }
}

fn string(value: &Value<'_>, kind: Type, key: &str, report: &mut Report) {
    let mut wrong = |wanted: &str| report.add(&TYPE, value.at, format!("{key} is not {wanted}"));
    match (kind, &value.kind) {
        (Type::Any, _) | (Type::Text, Kind::String(_)) | (Type::Bool, Kind::Bool) => {}
        (Type::Url, Kind::String(text)) => values::check_url(report, value.at, text, Base::None),
        (Type::Language, Kind::String(text)) => values::check_language(report, value.at, text),
        (Type::Date, Kind::String(text)) => {
            crate::feed::judge::dates::check_rfc_3339(report, value.at, text);
        }
        (Type::Number, Kind::Number(number)) if !number.starts_with('-') => {}
        (Type::Objects, Kind::Array(items)) => {
            if items.iter().any(|item| !matches!(item.kind, Kind::Object(_))) {
                wrong("an array of objects");
            }
        }
        (Type::Texts, Kind::Array(items)) => {
            if items.iter().any(|item| item.text().is_none()) {
                wrong("an array of strings");
            }
        }
        (Type::Bool, _) => wrong("true or false"),
        (Type::Number, _) => wrong("a number that is not negative"),
        (Type::Objects | Type::Texts, _) => wrong("an array"),
        (Type::Text | Type::Url | Type::Language | Type::Date, _) => wrong("a string"),
    }
}

/// Checks the authors of a feed or an item.
pub fn authors(object: &Value<'_>, report: &mut Report) {
    let known = [("name", Type::Text), ("url", Type::Url), ("avatar", Type::Url)];
    if let Some((_, at, _)) = object.members().iter().find(|(key, _, _)| key == "author") {
        report.add(&AUTHOR_OLD, *at, "author is the key of version 1");
    }
    let all = object.get("authors").map(Value::items).unwrap_or_default();
    for author in all.iter().chain(object.get("author")) {
        keys(author, &known, report);
        if !known.iter().any(|(key, _)| author.get(key).is_some()) {
            report.add(&AUTHOR, author.at, "the author has neither name nor url nor avatar");
        }
    }
}
