//! Feeds of several documents (RFC 5005), deleted entries (RFC 6721), hubs (`WebSub`). Both XML formats have them.

use crate::feed::judge::dates;
use crate::feed::judge::facts::Facts;
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, short};

rules! {
    COMPLETE = Error "history-complete", "RFC 5005, 2: a complete feed has all entries in one document",
        "leave fh:complete out, or the links to other documents";
    CURRENT = Warning "history-current", "RFC 5005, 4: an archive document should have a current link",
        "link to the document that people subscribe to with rel=\"current\"";
    CIRCLE = Error "history-circle", "RFC 5005, 3 and 4: links lead from one document to another",
        "let each link name its own document";
    STABLE = Error "history-archive", "RFC 5005, 4: prev-archive and next-archive lead to archive documents, current does not",
        "let the archive's own address differ from the current document's";
    TOMBSTONE_REF = Error "tombstone-ref", "RFC 6721, 3: deleted-entry has a ref with the entry's id",
        "give it the id of the entry that was removed";
    TOMBSTONE_WHEN = Error "tombstone-when", "RFC 6721, 3: deleted-entry has a when of RFC 3339",
        "say when the entry was removed";
    HUB = Error "websub-self", "WebSub, 4: who names a hub names the topic with rel=\"self\" too",
        "add a link with rel=\"self\"";
}

/// Links are held against each other; a hostile feed has a million.
const MOST_LINKS: usize = 1_000;

/// Checks what stands in the feed's head: `feed` is Atom's feed or RSS's channel. The feed's address goes to `facts`.
pub fn check(report: &mut Report, feed: &Element<'_>, facts: &mut Facts) {
    let links: Vec<(&str, &str, usize)> = feed
        .all(Space::Atom, "link")
        .take(MOST_LINKS)
        .filter_map(|link| {
            Some((link.attribute("rel")?.value.as_ref(), link.attribute("href")?.value.as_ref(), link.at))
        })
        .collect();
    let find = |rel: &str| links.iter().find(|(other, _, _)| *other == rel);
    let own = find("self").map(|(_, href, _)| *href);
    facts.address = own.map(str::to_owned);
    let walks = ["first", "last", "previous", "next", "prev-archive", "next-archive"];
    let steps: Vec<_> = links.iter().filter(|(rel, _, _)| walks.contains(rel)).collect();
    let archive = feed.child(Space::History, "archive");
    facts.is_part = archive.is_some() || !steps.is_empty();

    if let Some(complete) = feed.child(Space::History, "complete")
        && (archive.is_some() || !steps.is_empty())
    {
        report.add(&COMPLETE, complete.at, "the feed is complete and refers to other documents");
    }
    for (rel, href, at) in &steps {
        let is_walk = matches!(*rel, "previous" | "next" | "prev-archive" | "next-archive");
        let is_twin = |other: &str| find(other).is_some_and(|(_, there, _)| there == href);
        if is_walk && Some(*href) == own {
            report.add(&CIRCLE, *at, format!("the {rel} document is the document itself"));
        } else if (*rel == "next" && is_twin("previous"))
            || (*rel == "next-archive" && is_twin("prev-archive"))
        {
            report.add(&CIRCLE, *at, format!("the {rel} document is the one before, too"));
        }
    }
    if let Some(archive) = archive {
        match find("current") {
            None => {
                report.add(&CURRENT, archive.at, "the archive does not say where the current document is");
            }
            Some((_, href, at)) if Some(*href) == own => {
                report.add(&STABLE, *at, "the archive is the current document, too");
            }
            Some(_) => {}
        }
    }
    if let Some((_, _, at)) = find("hub").filter(|_| own.is_none()) {
        report.add(&HUB, *at, "the feed names a hub and does not name itself");
    }
    feed.all(Space::Tombstone, "deleted-entry").for_each(|tombstone| deleted(report, tombstone));
}

/// Whether the feed names a hub: that it has to name itself then is a rule of its own.
#[must_use]
pub fn has_hub(feed: &Element<'_>) -> bool {
    feed.all(Space::Atom, "link").any(|link| link.attribute("rel").is_some_and(|rel| rel.value == "hub"))
}

fn deleted(report: &mut Report, element: &Element<'_>) {
    match element.attribute("ref") {
        Some(reference) if values::is_absolute(&reference.value) => {}
        Some(reference) => {
            report.add(&TOMBSTONE_REF, reference.at, format!("{} is no IRI", short(&reference.value)));
        }
        None => report.add(&TOMBSTONE_REF, element.at, "deleted-entry has no ref"),
    }
    match element.attribute("when") {
        Some(when) => {
            dates::check_rfc_3339(report, when.at, &when.value);
        }
        None => report.add(&TOMBSTONE_WHEN, element.at, "deleted-entry has no when"),
    }
}
