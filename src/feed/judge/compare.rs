//! A feed and the one that it is to replace: is it worse?

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::feed::judge::facts::Entry;
use crate::feed::judge::finding::{Finding, Rule, rules};
use crate::feed::judge::values::short;
use crate::feed::judge::verdict::Verdict;

rules! {
    IDENTITY = Error "churn-id", "RFC 4287, 4.2.6: an id never changes",
        "look for what the ids are made of: each entry would be new in every reader";
    ONE_IDENTITY = Warning "churn-one-id", "RFC 4287, 4.2.6: an id never changes",
        "give the article its old id: it will be new in every reader";
    FEED = Warning "churn-feed-id", "RFC 4287, 4.2.6: an id never changes, be the feed moved or not",
        "name the domain that the ids have in site.id_domain";
    DATE = Warning "churn-date", "RFC 4287, 4.2.15; RSS 2.0 Specification, pubDate: an entry that did not change keeps its dates",
        "look for what the dates are made of; a build's time is no date of an article";
    GONE = Warning "churn-gone", "Known trouble: a feed that is empty at once is a fault more often than a wish",
        "look whether the articles are where they were";
    MOVED = Warning "churn-self", "RSS Profile, atom:link; RFC 4287, 4.2.7.2: readers go on with the address in rel=\"self\"",
        "serve the feed at the new address before it is published";
}

/// What a comparison finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Faults of the new feed that the old one has not, and identities that changed as a whole: it is worse.
    pub worse: Vec<Finding>,
    /// What somebody should look at.
    pub remarks: Vec<Finding>,
}

/// Compares a feed with the one that it is to replace.
///
/// Only what no edit of an article explains makes a feed worse: an operator may empty a category, move the site and
/// mend dates, and readers have to learn of it.
#[must_use]
pub fn compare(old: &Verdict, new: &Verdict) -> Comparison {
    let mut comparison = Comparison { worse: new_errors(old, new), remarks: Vec::new() };
    let (before, after) = (&old.facts, &new.facts);
    if !before.entries.is_empty() && after.entries.is_empty() && new.format.is_some() {
        let message = format!("all of its {} entries are gone", before.entries.len());
        comparison.remarks.push(Finding::of_document(&GONE, message));
    }
    if let (Some(was), Some(is)) = (&before.address, &after.address)
        && was != is
    {
        let message = format!("its own address was {} and is {}", short(was), short(is));
        comparison.remarks.push(Finding::of_document(&MOVED, message));
    }
    if let (Some(was), Some(is)) = (&before.id, &after.id)
        && was != is
    {
        let message = format!("its id was {} and is {}", short(was), short(is));
        comparison.remarks.push(Finding::of_document(&FEED, message));
    }
    identities(&before.entries, &after.entries, &mut comparison);
    dates(&before.entries, &after.entries, &mut comparison);
    comparison
}

/// The errors of rules that are broken more often than before.
fn new_errors(old: &Verdict, new: &Verdict) -> Vec<Finding> {
    let mut known: BTreeMap<&Rule, usize> = BTreeMap::new();
    for finding in old.findings.iter().filter(|finding| finding.is_error()) {
        *known.entry(finding.rule).or_default() += 1;
    }
    let mut fresh = Vec::new();
    for finding in new.findings.iter().filter(|finding| finding.is_error()) {
        match known.get_mut(finding.rule) {
            Some(left) if *left > 0 => *left -= 1,
            _ => fresh.push(finding.clone()),
        }
    }
    fresh
}

fn identities(before: &[Entry], after: &[Entry], comparison: &mut Comparison) {
    // Several entries may lead to one page: the same id as any of them is no change.
    let mut ids: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    // Where a whole site moves, pages move with it; what has its old id needs no second name.
    let known: HashSet<&str> = before.iter().map(|entry| entry.id.as_str()).collect();
    let still: HashSet<&str> = after.iter().map(|entry| entry.id.as_str()).collect();
    let mut alike: HashMap<_, Vec<&str>> = HashMap::new();
    for entry in before {
        if let Some(link) = &entry.link {
            ids.entry(link).or_default().insert(&entry.id);
        }
        if !entry.title.is_empty() && entry.published.is_some() && !still.contains(entry.id.as_str()) {
            alike.entry((entry.title.as_str(), entry.published)).or_default().push(&entry.id);
        }
    }
    let other = |entry: &Entry| -> Option<&str> {
        let found = alike.get(&(entry.title.as_str(), entry.published))?;
        if let ([was], false) = (found.as_slice(), known.contains(entry.id.as_str())) {
            Some(was)
        } else {
            None
        }
    };
    let was = |entry: &Entry| {
        let by_link = entry.link.as_deref().and_then(|link| ids.get(link));
        let by_link = by_link.and_then(|ids| ids.get(entry.id.as_str()).or_else(|| ids.first()).copied());
        by_link.or_else(|| known.get(entry.id.as_str()).copied()).or_else(|| other(entry))
    };
    let shared: Vec<(&Entry, &str)> = after.iter().filter_map(|entry| Some((entry, was(entry)?))).collect();
    let changed: Vec<_> = shared.iter().filter(|(entry, was)| entry.id != *was).collect();
    if changed.len() >= 2 && changed.len() == shared.len() {
        let message = format!("the ids of all {} entries that were there before changed", changed.len());
        comparison.worse.push(Finding::of_document(&IDENTITY, message));
        return;
    }
    for (entry, was) in changed {
        let message = format!("the id {} was {} before", short(&entry.id), short(was));
        comparison.remarks.push(Finding::of_document(&ONE_IDENTITY, message));
    }
}

/// A summary feed does not show what was edited, so a new `updated` says nothing unless all entries have one.
fn dates(before: &[Entry], after: &[Entry], comparison: &mut Comparison) {
    // Where several entries share an id, nobody knows which one became which.
    let mut old: HashMap<&str, Option<&Entry>> = HashMap::new();
    for entry in before {
        old.entry(&entry.id).and_modify(|known| *known = None).or_insert(Some(entry));
    }
    let unchanged: Vec<(&Entry, &Entry)> = after
        .iter()
        .filter(|entry| !entry.id.is_empty())
        .filter_map(|entry| Some(((*old.get(entry.id.as_str())?)?, entry)))
        .filter(|(was, is)| was.content == is.content)
        .collect();
    for (was, is) in &unchanged {
        if was.published.is_some() && was.published != is.published {
            let message = format!("the date of {} moved and its content did not", short(&is.id));
            comparison.remarks.push(Finding::of_document(&DATE, message));
        }
    }
    let moved = |(was, is): &(&Entry, &Entry)| was.updated.is_some() && was.updated != is.updated;
    if unchanged.len() >= 2 && unchanged.iter().all(moved) {
        let message = format!("updated moved for all {} entries that did not change", unchanged.len());
        comparison.remarks.push(Finding::of_document(&DATE, message));
    }
}
