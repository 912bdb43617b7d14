//! The guard between rendering and writing: a feed that is worse than the one on disk does not replace it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::Serialize;

use crate::catalog::problem::Severity;
use crate::feed::judge::compare::{self, Comparison};
use crate::feed::judge::finding::Finding;
use crate::feed::judge::verdict::{self, LARGEST};
use crate::feed::write::Document;

/// What is to be written, and what was found on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guarded {
    /// What is to be written.
    pub documents: Vec<Document>,
    /// Why feeds were held back.
    pub held_back: Vec<Doubt>,
    /// What somebody should look at, in feeds that are written all the same.
    pub remarks: Vec<Doubt>,
}

/// Something that is wrong with a feed that was to be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The feed's path under the output folder.
    pub path: String,
    /// The rule's name.
    pub rule: &'static str,
    /// `error` or `warning`.
    pub severity: String,
    /// In the feed that was rendered.
    pub line: usize,
    /// In the feed that was rendered.
    pub column: usize,
    /// The element.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

impl Doubt {
    fn new(path: &str, finding: &Finding) -> Self {
        Self {
            path: path.to_owned(),
            rule: finding.rule.id,
            severity: finding.rule.severity.to_string(),
            line: finding.at.line,
            column: finding.at.column,
            place: finding.place.clone(),
            message: finding.message.clone(),
            hint: finding.rule.hint,
        }
    }

    /// Whether a MUST is broken.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error.to_string()
    }
}

/// Whether a file of the output folder is a feed that the judge knows.
#[must_use]
pub fn is_feed(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "xml" || ending == "json")
}

/// Takes out the feeds that are worse than what lies under `root`. With `replace`, they are let through and told of.
///
/// Only feeds that would change are judged, on all cores: an unchanged build reads what it would have compared anyway.
/// Where nothing is there yet, nothing gets worse: the first version is written, and its faults are told.
#[must_use]
pub fn guard(root: &Path, documents: Vec<Document>, replace: bool, now: DateTime<Utc>) -> Guarded {
    let compared: Vec<(Document, Option<Comparison>, bool)> = documents
        .into_par_iter()
        .map(|document| {
            let place = root.join(&document.path);
            let (comparison, is_new) = if is_feed(&document.path) {
                compare_with(&place, &document.bytes, now)
            } else {
                (None, false)
            };
            (document, comparison, is_new)
        })
        .collect();
    let mut guarded = Guarded::default();
    for (document, comparison, is_new) in compared {
        let comparison = comparison.unwrap_or_default();
        let doubts = |findings: &[Finding]| -> Vec<Doubt> {
            findings.iter().map(|finding| Doubt::new(&document.path, finding)).collect()
        };
        guarded.remarks.extend(doubts(&comparison.remarks));
        if comparison.worse.is_empty() || is_new || replace {
            guarded.remarks.extend(doubts(&comparison.worse));
            guarded.documents.push(document);
        } else {
            guarded.held_back.extend(doubts(&comparison.worse));
        }
    }
    // The compressed sibling of a feed that stays as it is stays too.
    let held: BTreeSet<String> = guarded.held_back.iter().map(|doubt| format!("{}.gz", doubt.path)).collect();
    guarded.documents.retain(|document| !held.contains(&document.path));
    guarded
}

/// The comparison with what is there, nothing where it is the same; and whether nothing is there.
fn compare_with(place: &Path, bytes: &[u8], now: DateTime<Utc>) -> (Option<Comparison>, bool) {
    // Whatever lies there may be anybody's: what is too large to be a feed is not read.
    let is_readable = fs::metadata(place).is_ok_and(|data| data.is_file() && data.len() <= LARGEST as u64);
    let old = is_readable.then(|| fs::read(place).ok()).flatten();
    if old.as_deref() == Some(bytes) {
        return (None, false);
    }
    let new = verdict::judge(bytes, now);
    let is_new = old.is_none();
    // What is not there counts as an empty feed without faults.
    let before = old.map_or_else(verdict::Verdict::nothing, |old| verdict::judge(&old, now));
    (Some(compare::compare(&before, &new)), is_new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED: &str = "<rss version=\"2.0\"><channel><title>T</title><link>https://example.org/</link>\
        <description>D</description></channel></rss>";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn document(text: &str) -> Vec<Document> {
        vec![Document { path: "rss.xml".into(), bytes: text.as_bytes().to_vec() }]
    }

    #[test]
    fn a_worse_feed_never_replaces_the_one_on_disk_and_a_better_one_does() {
        let folder = tempfile::tempdir().unwrap();
        let worse = FEED.replace("<title>T</title>", "");
        // Nothing is there: it is written, and told of.
        let first = guard(folder.path(), document(&worse), false, now());
        assert_eq!((first.documents.len(), first.held_back.len()), (1, 0));
        assert_eq!(first.remarks[0].rule, "rss-channel-title");

        fs::write(folder.path().join("rss.xml"), FEED).unwrap();
        let held = guard(folder.path(), document(&worse), false, now());
        assert_eq!((held.documents.len(), held.held_back[0].rule), (0, "rss-channel-title"));
        let forced = guard(folder.path(), document(&worse), true, now());
        assert_eq!((forced.documents.len(), forced.held_back.len(), forced.remarks.len()), (1, 0, 1));
        assert_eq!(guard(folder.path(), document(FEED), false, now()).documents.len(), 1);

        // The same fault was there before: nothing gets worse. A file that is no feed at all is no obstacle.
        for old in [worse.as_str(), "", "\0", "<html>"] {
            fs::write(folder.path().join("rss.xml"), old).unwrap();
            let better = FEED.replace(">D<", ">New<");
            assert_eq!(guard(folder.path(), document(&better), false, now()).documents.len(), 1, "{old:?}");
        }
        fs::write(folder.path().join("rss.xml"), &worse).unwrap();
        let as_bad = guard(folder.path(), document(&worse.replace(">D<", ">New<")), false, now());
        assert_eq!((as_bad.documents.len(), as_bad.held_back.len()), (1, 0));
    }
}
