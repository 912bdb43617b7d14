//! What readers would see if a feed took the place of another: entries that are new to them, changed, gone, or
//! out of sight. Pure: it compares what the judge read in both, and asks nobody else.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use crate::feed::judge::facts::{Entry, Facts};

/// A part of an entry that readers show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What it is called.
    Title,
    /// Its page.
    Link,
    /// Summary or text.
    Content,
    /// When it was published.
    Date,
    /// When it last changed in a way that matters.
    Updated,
    /// Who wrote it.
    Authors,
    /// Categories and tags.
    Terms,
    /// Pictures, sound and other files.
    Files,
}

impl Part {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Link => "link",
            Self::Content => "content",
            Self::Date => "date",
            Self::Updated => "updated",
            Self::Authors => "authors",
            Self::Terms => "terms",
            Self::Files => "files",
        }
    }
}

/// What becomes of an entry in readers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// It is another entry by its id and the same by everything else: it shows as new once more.
    NewId {
        /// The id under which readers know it.
        was: String,
    },
    /// Nobody has seen it.
    New,
    /// It was in the feed before, left it over the limit, and is back because others left: who had it knows it.
    MovedIn,
    /// It is known and differs.
    Changed {
        /// In what.
        what: BTreeSet<Part>,
    },
    /// It is no entry of this feed any more.
    Gone,
    /// It belongs to the feed, and newer ones took its room: readers that have it keep it.
    MovedOut,
}

/// An entry with its fate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// What becomes of it.
    #[serde(flatten)]
    pub fate: Fate,
    /// Its id, the new one where it changed.
    pub id: String,
    /// Its title, the new one where it changed.
    pub title: String,
    /// Its page.
    pub link: Option<String>,
}

/// What the ledger knows of the articles of a feed, by the ids that entries have.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// All articles that belong to it, those beyond its limit too.
    pub all: HashSet<String>,
    /// Those of them that were published before.
    pub known: HashSet<String>,
}

/// Compares a feed with the one that it is to replace. In the order of the new feed, then what left it.
#[must_use]
pub fn changes(old: &Facts, new: &Facts, members: &Members) -> Vec<Change> {
    let before: HashMap<&str, &Entry> = old.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let after: HashSet<&str> = new.entries.iter().map(|entry| entry.id.as_str()).collect();
    let oldest = old.entries.iter().filter_map(|entry| entry.published).min();
    let mut lost: Vec<&Entry> =
        old.entries.iter().filter(|entry| !after.contains(entry.id.as_str())).collect();
    let mut changes = Vec::new();
    for entry in &new.entries {
        let fate = if let Some(was) = before.get(entry.id.as_str()) {
            let what = parts(was, entry);
            if what.is_empty() {
                continue;
            }
            Fate::Changed { what }
        } else if let Some(place) = same(entry, &lost, &members.all) {
            Fate::NewId { was: lost.swap_remove(place).id.clone() }
        } else if members.known.contains(&entry.id) && entry.published < oldest {
            Fate::MovedIn
        } else {
            Fate::New
        };
        changes.push(change(fate, entry));
    }
    lost.sort_by_key(|entry| entry.at);
    changes.extend(lost.into_iter().map(|entry| {
        let fate = if members.all.contains(&entry.id) { Fate::MovedOut } else { Fate::Gone };
        change(fate, entry)
    }));
    changes
}

fn change(fate: Fate, entry: &Entry) -> Change {
    Change { fate, id: entry.id.clone(), title: entry.title.clone(), link: entry.link.clone() }
}

fn parts(was: &Entry, is: &Entry) -> BTreeSet<Part> {
    let differs = [
        (Part::Title, was.title != is.title),
        (Part::Link, was.link != is.link),
        (Part::Content, was.parts.text != is.parts.text),
        (Part::Date, was.published != is.published),
        (Part::Updated, was.updated != is.updated),
        (Part::Authors, was.parts.authors != is.parts.authors),
        (Part::Terms, was.parts.terms != is.parts.terms),
        (Part::Files, was.parts.files != is.parts.files),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

/// The lost entry that has the same page, or else the same title and date: where a whole site moves, pages move too.
/// What still belongs to the feed under its old id is another one.
fn same(entry: &Entry, lost: &[&Entry], members: &HashSet<String>) -> Option<usize> {
    let is_free = |old: &Entry| !members.contains(&old.id);
    let by_link = lost.iter().position(|old| is_free(old) && old.link.is_some() && old.link == entry.link);
    by_link.or_else(|| {
        let alike = |old: &&Entry| {
            is_free(old)
                && !old.title.is_empty()
                && old.title == entry.title
                && old.published == entry.published
        };
        let mut places = lost.iter().enumerate().filter(|(_, old)| alike(old));
        let (place, _) = places.next()?;
        places.next().is_none().then_some(place)
    })
}

/// The changes of the formats of one feed as one list: an entry that changed in several changed in all that they say.
/// Where formats differ in what became of an entry, what is worst for readers counts.
#[must_use]
pub fn merged(of_formats: impl IntoIterator<Item = Vec<Change>>) -> Vec<Change> {
    let mut order: Vec<Change> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for change in of_formats.into_iter().flatten() {
        let Some(place) = places.get(&change.id) else {
            places.insert(change.id.clone(), order.len());
            order.push(change);
            continue;
        };
        match (&mut order[*place].fate, change.fate) {
            (Fate::Changed { what }, Fate::Changed { what: more }) => what.extend(more),
            (fate, other) if other < *fate => *fate = other,
            _ => {}
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, day: u32) -> Entry {
        Entry {
            id: id.to_owned(),
            title: format!("Title of {day}"),
            link: Some(format!("https://example.org/{day}")),
            published: format!("2024-05-{day:02}T00:00:00Z").parse().ok(),
            ..Entry::default()
        }
    }

    fn facts(entries: Vec<Entry>) -> Facts {
        Facts { entries, ..Facts::default() }
    }

    fn members(all: &[&str], known: &[&str]) -> Members {
        let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Members { all: set(all), known: set(known) }
    }

    fn fates(changes: &[Change]) -> Vec<(&str, &Fate)> {
        changes.iter().map(|change| (change.id.as_str(), &change.fate)).collect()
    }

    #[test]
    fn what_left_over_the_limit_is_not_gone_and_what_came_back_is_not_new() {
        let old = facts(vec![entry("c", 3), entry("b", 2)]);
        let pushed = changes(
            &old,
            &facts(vec![entry("d", 4), entry("c", 3)]),
            &members(&["d", "c", "b", "a"], &["c", "b", "a"]),
        );
        assert_eq!(fates(&pushed), [("d", &Fate::New), ("b", &Fate::MovedOut)]);
        let deleted = changes(
            &old,
            &facts(vec![entry("b", 2), entry("a", 1)]),
            &members(&["b", "a"], &["c", "b", "a"]),
        );
        assert_eq!(fates(&deleted), [("a", &Fate::MovedIn), ("c", &Fate::Gone)]);
    }

    #[test]
    fn an_entry_with_another_id_is_found_by_its_page_or_by_title_and_date() {
        let old = facts(vec![entry("b", 2), entry("a", 1)]);
        let mut moved = entry("y", 1);
        moved.link = Some("https://example.net/1".to_owned());
        let new = facts(vec![entry("x", 2), moved]);
        let found = changes(&old, &new, &members(&["x", "y"], &[]));
        let was = |id: &str| Fate::NewId { was: id.to_owned() };
        assert_eq!(fates(&found), [("x", &was("b")), ("y", &was("a"))]);
    }

    #[test]
    fn each_part_that_differs_is_named_and_formats_are_told_as_one() {
        let mut is = entry("a", 1);
        is.title = "Another".to_owned();
        is.parts.terms = 1;
        let rss = changes(&facts(vec![entry("a", 1)]), &facts(vec![is.clone()]), &Members::default());
        is.updated = is.published;
        let atom = changes(&facts(vec![entry("a", 1)]), &facts(vec![is]), &Members::default());
        let what = |parts: &[Part]| Fate::Changed { what: parts.iter().copied().collect() };
        assert_eq!(fates(&rss), [("a", &what(&[Part::Title, Part::Terms]))]);
        let all = merged([rss, atom]);
        assert_eq!(fates(&all), [("a", &what(&[Part::Title, Part::Updated, Part::Terms]))]);
    }
}
