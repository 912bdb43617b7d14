//! The entries of Atom (RFC 4287, 4.1.2).

use std::collections::HashMap;

use crate::feed::judge::atom::feed::{check_id, exactly_one};
use crate::feed::judge::atom::{construct, link};
use crate::feed::judge::facts::{Entry, Facts, Parts, collapsed, hash};
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{Base, short};
use crate::feed::judge::{dates, extensions};

rules! {
    ID = Error "atom-entry-id", "RFC 4287, 4.1.2: an entry has exactly one id",
        "give the entry one id that never changes";
    TITLE = Error "atom-entry-title", "RFC 4287, 4.1.2: an entry has exactly one title",
        "give the entry one title";
    UPDATED = Error "atom-entry-updated", "RFC 4287, 4.1.2: an entry has exactly one updated",
        "say when the entry last changed in a way that matters";
    AUTHOR = Error "atom-author", "RFC 4287, 4.1.1 and 4.1.2: the feed, the entry or its source has an author",
        "give the feed an author who stands for all entries";
    ALTERNATE = Error "atom-entry-alternate", "RFC 4287, 4.1.2: an entry without content has an alternate link",
        "link to the entry's page, or give it content";
    SUMMARY = Error "atom-entry-summary", "RFC 4287, 4.1.2: content with src or in Base64 needs a summary",
        "give the entry a summary";
    ID_SHARED = Error "atom-id-shared", "RFC 4287, 4.2.6: an id is of one entry and of no other",
        "give each entry an id of its own: readers show one of them only";
    ID_TWICE = Warning "atom-id-twice", "RFC 4287, 4.1.1: versions of an entry should differ in updated",
        "keep the newest version";
    BACKWARDS = Warning "atom-updated-early", "RFC 4287, 4.2.9 and 4.2.15: nothing changes before it is there",
        "use the date of publication, or a later one";
}

const ONCE: [&str; 5] = ["content", "published", "rights", "source", "summary"];
const MANY: [&str; 7] = ["author", "category", "contributor", "id", "link", "title", "updated"];
const OF_SOURCE: [&str; 4] = ["author", "category", "contributor", "link"];
const OF_SOURCE_ONCE: [&str; 8] =
    ["generator", "icon", "id", "logo", "rights", "subtitle", "title", "updated"];

/// Checks every entry of a feed, and gathers their facts.
pub fn check_all(feed: &Element<'_>, report: &mut Report, facts: &mut Facts, base: Base, has_author: bool) {
    let mut first: HashMap<String, usize> = HashMap::new();
    for element in feed.all(Space::Atom, "entry") {
        let entry = check(element, report, base, has_author);
        let id_at = element.child(Space::Atom, "id").map_or(element.at, Element::text_at);
        if let Some(earlier) = first.get(&entry.id).and_then(|index| facts.entries.get(*index)) {
            if earlier.link != entry.link {
                report.add(&ID_SHARED, id_at, format!("another entry has the id {}", short(&entry.id)));
            } else if earlier.updated == entry.updated {
                let message = "the entry is there twice with the same id and updated";
                report.add(&ID_TWICE, id_at, message);
            }
        }
        if !entry.id.is_empty() {
            first.entry(entry.id.clone()).or_insert(facts.entries.len());
        }
        facts.entries.push(entry);
    }
}

fn check(element: &Element<'_>, report: &mut Report, base: Base, has_author: bool) -> Entry {
    let base = construct::base_of(element, base);
    construct::attributes(report, element, &[]);
    construct::children(report, element, &ONCE, &MANY);
    exactly_one(report, element, &[(&ID, "id"), (&TITLE, "title"), (&UPDATED, "updated")]);
    let mut entry = Entry { at: element.at, ..Entry::default() };
    let mut needs_summary = false;
    for child in element.children() {
        if child.space != Space::Atom {
            extensions::check(report, child, base);
            continue;
        }
        let (text, at) = (child.text(), child.text_at());
        match child.name {
            "id" => entry.id = check_id(report, child),
            "title" => entry.title = collapsed(&construct::text(report, child, base, true)),
            "summary" | "rights" => {
                construct::text(report, child, base, false);
            }
            "published" => entry.published = date(report, child, at, &text),
            "updated" => entry.updated = date(report, child, at, &text),
            "author" | "contributor" => construct::person(report, child, base),
            "category" => construct::category(report, child, base),
            "content" => needs_summary = construct::content(report, child, base).needs_summary,
            "source" => construct::children(report, child, &OF_SOURCE_ONCE, &OF_SOURCE),
            _ => {}
        }
    }
    entry.link = link::check_all(report, element, base);
    together(element, report, &entry, has_author, needs_summary);
    let of = |name| element.child(Space::Atom, name).map(construct::whole_text).unwrap_or_default();
    entry.content = hash([entry.title.as_str(), &of("summary"), &of("content")]);
    let files = element.all(Space::Atom, "link").filter(|link| value(link, "rel") == "enclosure");
    let files = files.chain(element.all(Space::Media, "content"));
    let terms = element.all(Space::Atom, "category");
    let people = element.all(Space::Atom, "author");
    entry.parts = Parts {
        text: hash([of("summary"), of("content")]),
        authors: hash(people.flat_map(Element::children).map(|part| part.text().into_owned())),
        terms: hash(terms.map(|term| ["term", "scheme", "label"].map(|name| value(term, name)).join(" "))),
        files: hash(files.map(|file| [value(file, "href"), value(file, "url")].concat())),
    };
    entry
}

/// An attribute, empty where it is missing.
fn value<'e>(element: &'e Element<'_>, name: &str) -> &'e str {
    element.attribute(name).map_or("", |attribute| attribute.value.as_ref())
}

/// What elements of an entry mean to each other.
fn together(
    element: &Element<'_>,
    report: &mut Report,
    entry: &Entry,
    has_author: bool,
    needs_summary: bool,
) {
    let has = |name: &str| element.child(Space::Atom, name).is_some();
    let of_source = element.child(Space::Atom, "source");
    let source_has_author = of_source.is_some_and(|source| source.child(Space::Atom, "author").is_some());
    if !has_author && !has("author") && !source_has_author {
        report.add(&AUTHOR, element.at, "neither the feed nor the entry has an author");
    }
    if !has("content") && entry.link.is_none() {
        report.add(&ALTERNATE, element.at, "the entry has neither content nor an alternate link");
    }
    if needs_summary && !has("summary") {
        report.add(&SUMMARY, element.at, "the content can't be shown as text and there is no summary");
    }
    if let (Some(published), Some(updated)) = (entry.published, entry.updated)
        && updated < published
    {
        let at = element.child(Space::Atom, "updated").map_or(element.at, Element::text_at);
        report.add(&BACKWARDS, at, "the entry was updated before it was published");
    }
}

fn date(
    report: &mut Report,
    element: &Element<'_>,
    at: usize,
    text: &str,
) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    construct::attributes(report, element, &[]);
    dates::check_rfc_3339(report, at, text)
}
