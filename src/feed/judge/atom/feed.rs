//! The feed of Atom (RFC 4287, 4.1.1).

use crate::feed::judge::atom::{construct, entry, link};
use crate::feed::judge::facts::Facts;
use crate::feed::judge::finding::{Report, Rule, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, Base, short};
use crate::feed::judge::{dates, extensions, history};

rules! {
    ID = Error "atom-feed-id", "RFC 4287, 4.1.1: a feed has exactly one id",
        "give the feed one id that never changes";
    TITLE = Error "atom-feed-title", "RFC 4287, 4.1.1: a feed has exactly one title",
        "give the feed one title";
    UPDATED = Error "atom-feed-updated", "RFC 4287, 4.1.1: a feed has exactly one updated",
        "say when the feed last changed in a way that matters";
    ID_IRI = Error "atom-id-iri", "RFC 4287, 4.2.6: an id is an absolute IRI",
        "use a tag: URI, a urn:uuid:, or the permanent address";
    ID_NORMAL = Warning "atom-id-normal", "RFC 4287, 4.2.6.1: an id should be normalised; it is compared letter by letter",
        "write scheme and host in lower case, and no default port";
    SELF = Warning "atom-self", "RFC 4287, 4.1.1: a feed should have a link with rel=\"self\"",
        "add <link rel=\"self\" href=\"…\"/>";
    ORDER = Warning "atom-metadata-last", "Known trouble: readers that stop after the last entry they want miss it",
        "write what is about the feed before the entries";
    BUILD_TIME = Warning "atom-updated-build", "RFC 4287, 4.2.15: updated says when something significant changed",
        "use the newest entry's updated: the time of the build makes readers fetch in vain";
}

const ONCE: [&str; 5] = ["generator", "icon", "logo", "rights", "subtitle"];
const MANY: [&str; 8] = ["author", "category", "contributor", "entry", "id", "link", "title", "updated"];

/// Checks a whole document.
pub fn check(feed: &Element<'_>, report: &mut Report, facts: &mut Facts) {
    let base = construct::base_of(feed, Base::None);
    construct::attributes(report, feed, &[]);
    construct::children(report, feed, &ONCE, &MANY);
    exactly_one(report, feed, &[(&ID, "id"), (&TITLE, "title"), (&UPDATED, "updated")]);
    facts.id = feed.child(Space::Atom, "id").map(|id| check_id(report, id));
    link::check_all(report, feed, base);
    history::check(report, feed, facts);
    if facts.address.is_none() && !history::has_hub(feed) {
        report.add(&SELF, feed.at, "the feed does not name its own address");
    }
    let updated = head(feed, report, base);
    let has_author = feed.child(Space::Atom, "author").is_some();
    entry::check_all(feed, report, facts, base, has_author);
    let newest = facts.entries.iter().filter_map(|entry| entry.updated).max();
    if let (Some((at, updated)), Some(newest)) = (updated, newest)
        && updated > newest
        && facts.entries.iter().all(|entry| entry.updated.is_some())
    {
        report.add(&BUILD_TIME, at, "the feed was updated later than each of its entries");
    }
}

/// Checks what is about the feed; returns the place and the moment of `updated`.
fn head(
    feed: &Element<'_>,
    report: &mut Report,
    base: Base,
) -> Option<(usize, chrono::DateTime<chrono::FixedOffset>)> {
    let mut updated = None;
    let first_entry = feed.child(Space::Atom, "entry").map_or(usize::MAX, |entry| entry.at);
    for child in feed.children() {
        if child.space != Space::Atom {
            extensions::check(report, child, base);
            continue;
        }
        if child.at > first_entry && child.name != "entry" {
            report.add(&ORDER, child.at, format!("<{}> comes behind entries", child.written));
        }
        let (text, at) = (child.text(), child.text_at());
        match child.name {
            "title" | "subtitle" | "rights" => {
                construct::text(report, child, base, child.name == "title");
            }
            "updated" => {
                construct::attributes(report, child, &[]);
                updated = updated.or(dates::check_rfc_3339(report, at, &text).map(|date| (at, date)));
            }
            "author" | "contributor" => construct::person(report, child, base),
            "category" => construct::category(report, child, base),
            "generator" => {
                construct::attributes(report, child, &["uri", "version"]);
                if let Some(uri) = child.attribute("uri") {
                    values::check_url(report, uri.at, &uri.value, construct::base_of(child, base));
                }
            }
            "icon" | "logo" => values::check_url(report, at, &text, construct::base_of(child, base)),
            _ => {}
        }
    }
    updated
}

/// Checks that elements are there once.
pub fn exactly_one(report: &mut Report, parent: &Element<'_>, rules: &[(&'static Rule, &str)]) {
    for (rule, name) in rules {
        let mut all = parent.all(Space::Atom, name);
        if all.next().is_none() {
            report.add(rule, parent.at, format!("<{}> has no <{name}>", parent.written));
        }
        if let Some(second) = all.next() {
            report.add(rule, second.at, format!("<{}> has a second <{name}>", parent.written));
        }
    }
}

/// Checks an id, and returns it as it is compared: letter by letter.
pub fn check_id(report: &mut Report, id: &Element<'_>) -> String {
    construct::attributes(report, id, &[]);
    let text = id.text().into_owned();
    let at = id.text_at();
    if !values::is_absolute(&text) {
        report.add(&ID_IRI, at, format!("the id {} is no absolute IRI", short(&text)));
        return text;
    }
    let scheme = text.split(':').next().unwrap_or_default();
    let host =
        text.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""));
    let has_default_port =
        (scheme == "http" && host.ends_with(":80")) || (scheme == "https" && host.ends_with(":443"));
    if scheme.contains(|c: char| c.is_ascii_uppercase())
        || host.contains(|c: char| c.is_ascii_uppercase())
        || has_default_port
        || (scheme.starts_with("http") && text.contains("/../"))
    {
        report.add(&ID_NORMAL, at, format!("the id {} is not in its normal form", short(&text)));
    }
    text
}
