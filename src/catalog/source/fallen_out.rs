//! Entries that a feed had and has no room for any more. A feed shows the newest few; what fell out of it was published
//! all the same, and a digest that comes later than that must not miss it. So copies are kept that hold such entries.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Feed};

use crate::catalog::live_feed;

/// Copies that are kept: thousands of entries, and no more than a disk holds.
const MOST: usize = 100;

/// What an entry is known by.
#[must_use]
pub fn key(entry: &Entry) -> &str {
    match entry.links.first() {
        Some(link) if entry.id.is_empty() => &link.href,
        _ => &entry.id,
    }
}

/// What an older copy has that fell out of the feed. An entry that is gone while older ones are still there was taken
/// back.
pub fn of<'a>(older: &'a Feed, feed: &Feed) -> impl Iterator<Item = &'a Entry> {
    // Who pins an old entry puts it first; it says nothing of how far back the feed goes.
    let pinned = usize::from(feed.entries.len() > 1);
    let horizon = feed.entries.iter().skip(pinned).filter_map(date).min();
    let there: HashSet<String> = feed.entries.iter().map(|entry| key(entry).to_owned()).collect();
    older.entries.iter().filter(move |entry| {
        let is_older = date(entry).is_none_or(|date| horizon.is_none_or(|horizon| date < horizon));
        is_older && !there.contains(key(entry))
    })
}

/// Keys of entries that were taken back: an old copy may still hold them.
#[must_use]
pub fn taken_back(last: &Path) -> BTreeSet<String> {
    let bytes = fs::read(last.with_extension("gone.json")).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Remembers what the last copy or the one before has, and the new feed has not, though it has older ones.
fn note_taken_back(last: &Path, copies: [Option<&Feed>; 2], new: &Feed) -> std::io::Result<()> {
    let before = taken_back(last);
    let mut gone = before.clone();
    for copy in copies.into_iter().flatten() {
        let fallen_out: HashSet<&str> = of(copy, new).map(key).collect();
        let others = copy.entries.iter().map(key).filter(|key| !fallen_out.contains(key));
        gone.extend(others.map(str::to_owned));
    }
    // What is there, or there again, was not taken back.
    for entry in &new.entries {
        gone.remove(key(entry));
    }
    if gone == before {
        return Ok(());
    }
    fs::write(last.with_extension("gone.json"), serde_json::to_vec(&gone)?)
}

fn date(entry: &Entry) -> Option<DateTime<Utc>> {
    entry.published.or(entry.updated)
}

/// The copies that are kept beside the last one, the newest first, each with its number.
#[must_use]
pub fn copies(last: &Path) -> Vec<(u64, PathBuf)> {
    let stem = last.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let entries = last.parent().and_then(|folder| fs::read_dir(folder).ok());
    let number = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(".feed")?.parse().ok()
    };
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let mut copies: Vec<(u64, PathBuf)> = paths.filter_map(|path| Some((number(&path)?, path))).collect();
    copies.sort_by(|a, b| b.cmp(a));
    copies
}

/// Notes what was taken back, and keeps the last copy under a number, if `new` and the copies before have not all of its entries. About one copy of
/// each so many entries as the feed shows is kept so.
///
/// # Errors
/// The copy can't be written.
pub fn keep(last: &Path, new: &Feed) -> std::io::Result<()> {
    let read = |path: &Path| live_feed::parse(&fs::read(path).ok()?).ok();
    let Some(feed) = read(last) else { return Ok(()) };
    let copies = copies(last);
    let before = copies.first().and_then(|(_, path)| read(path));
    note_taken_back(last, [Some(&feed), before.as_ref()], new)?;
    let known: HashSet<&str> = before.iter().flat_map(|feed| &feed.entries).map(key).collect();
    if of(&feed, new).all(|entry| known.contains(key(entry))) {
        return Ok(());
    }
    let number = copies.first().map_or(1, |(number, _)| number + 1);
    fs::copy(last, last.with_extension(format!("{number}.feed")))?;
    for (_, path) in copies.iter().skip(MOST - 1) {
        fs::remove_file(path)?;
    }
    Ok(())
}
