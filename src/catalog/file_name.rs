//! What a file's name says: the article's own name, its date, and whether it has a folder of its own.

use crate::catalog::date;
use crate::catalog::naming::folder;

/// The file's name without its ending; for `some-name/index.md` the folder's.
#[must_use]
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if is_bundle(path) { folder(path).unwrap_or(stem) } else { stem }
}

/// Whether the file is an article with a folder of its own, in which its pictures lie beside it.
#[must_use]
pub fn is_bundle(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.rsplit_once('.').is_some_and(|(stem, _)| stem == "index"))
}

fn is_day(text: &str) -> bool {
    date::day(text).is_some() || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

/// `2026-05-31-salt` taken apart; other names have no date.
#[must_use]
pub fn dated(stem: &str) -> (Option<&str>, &str) {
    match (stem.get(..10), stem.get(10..11), stem.get(11..)) {
        (Some(date), Some("-" | "_"), Some(name)) if !name.is_empty() && is_day(date) => (Some(date), name),
        _ => (None, stem),
    }
}
