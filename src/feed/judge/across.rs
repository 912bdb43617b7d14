//! Several feeds together: an id is of one entry, and of one feed, wherever they are published.

use std::collections::HashMap;

use crate::feed::judge::facts::{Entry, Facts};
use crate::feed::judge::finding::{Finding, rules};
use crate::feed::judge::values::short;
use crate::feed::judge::verdict::Verdict;

rules! {
    ENTRY = Error "across-entry-id", "RFC 4287, 4.2.6; RSS 2.0 Specification, guid: an id is of one entry in all feeds",
        "give each entry an id of its own: readers show one of them only";
    FEED = Error "across-feed-id", "RFC 4287, 4.2.6: an id is of one feed and of no other",
        "give each feed an id of its own";
}

/// Finds what feeds may not share: for each feed, by its index, what it has from an earlier one.
#[must_use]
pub fn check(feeds: &[(&str, &Verdict)]) -> Vec<(usize, Finding)> {
    let mut findings = Vec::new();
    let mut entries: HashMap<&str, (&str, &Entry)> = HashMap::new();
    let mut ids: HashMap<&str, (&str, &Facts)> = HashMap::new();
    for (index, (name, verdict)) in feeds.iter().enumerate() {
        let facts = &verdict.facts;
        if let Some(id) = &facts.id {
            let (first, other) = *ids.entry(id).or_insert((name, facts));
            // The documents of a paged or archived feed have its id, each of them (RFC 5005).
            if other.address != facts.address && !other.is_part && !facts.is_part {
                let message = format!("the feed has the id of {first}: {}", short(id));
                findings.push((index, Finding::of_document(&FEED, message)));
            }
        }
        for entry in facts.entries.iter().filter(|entry| !entry.id.is_empty()) {
            let (first, other) = *entries.entry(&entry.id).or_insert((name, entry));
            if first != *name && !is_same(other, entry) {
                let message = format!("another entry of {first} has the id {}", short(&entry.id));
                findings.push((index, Finding::of_document(&ENTRY, message)));
            }
        }
    }
    findings
}

/// Formats differ in what they can say; the page decides, and the title where one of them has no page.
fn is_same(one: &Entry, other: &Entry) -> bool {
    match (&one.link, &other.link) {
        (Some(one), Some(other)) => one == other,
        _ => one.title == other.title,
    }
}
