//! `WebSub`: which hub is to be told of which address, and when one that can't be told is tried again. Pure.
//!
//! A topic is each format's own address (`rel="self"`) of a feed that names a hub. What a hub was told last is
//! remembered as a hash of the document, so that a run that dies between writing and telling is made good by the next.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::feed::judge::facts::hash;
use crate::feed::select::Selected;
use crate::feed::settings::Settings;
use crate::feed::write::Document;

/// Until the first second attempt. It doubles from there: a hub that is restarted is back in minutes.
const FIRST: Duration = Duration::minutes(5);

/// The longest wait: a hub that is down for a day is told within hours of its return.
const LONGEST: Duration = Duration::hours(6);

/// When a change is no news any more: by then, whoever polls has it.
const GIVE_UP_AFTER: Duration = Duration::days(3);

/// An address that a hub distributes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// The hub.
    pub hub: Url,
    /// The feed's own address.
    pub address: Url,
    /// What is there now; none where a feed was held back, and what was there stays.
    pub version: Option<String>,
    /// Whether it was written just now.
    pub is_written: bool,
}

/// The topics of all feeds. `published` are the documents that were rendered and are on disk now, `written` those paths
/// that changed; `on_disk` reads what is there of a feed that stayed as it was.
#[must_use]
pub fn topics(
    feeds: &[Selected],
    published: &[Document],
    written: &[String],
    on_disk: impl Fn(&str) -> Option<Vec<u8>>,
    settings: &Settings,
) -> Vec<Topic> {
    let mut topics = Vec::new();
    if feeds.iter().all(|selected| selected.feed.hub.is_none()) {
        return topics;
    }
    let published: HashMap<&str, &Document> =
        published.iter().map(|document| (document.path.as_str(), document)).collect();
    let written: HashSet<&str> = written.iter().map(String::as_str).collect();
    for selected in feeds {
        let Some(hub) = &selected.feed.hub else { continue };
        for (format, address) in selected.feed.addresses.all() {
            let path = format!("{}{}", selected.prefix, settings.files.of(format));
            let rendered = published.get(path.as_str()).map(|document| version(&document.bytes));
            let kept = || on_disk(&path).filter(|_| selected.stays).map(|bytes| version(&bytes));
            topics.push(Topic {
                hub: hub.clone(),
                address: address.clone(),
                version: rendered.or_else(kept),
                is_written: written.contains(path.as_str()),
            });
        }
    }
    topics
}

fn version(bytes: &[u8]) -> String {
    format!("{:016x}", hash([String::from_utf8_lossy(bytes)]))
}

/// When to tell the hub again after attempt number `attempt`, from 1, of a change of `since`; none when it is given up.
#[must_use]
pub fn next_attempt(attempt: u32, since: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    // Beyond ten doublings it is the longest in any case.
    let wait = (FIRST * (1 << attempt.saturating_sub(1).min(10))).min(LONGEST);
    let next = now.checked_add_signed(wait)?;
    (next - since <= GIVE_UP_AFTER).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_after_three_days() {
        let since = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let (mut now, mut waits) = (since, Vec::new());
        while let Some(next) = next_attempt(u32::try_from(waits.len()).unwrap() + 1, since, now) {
            waits.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(waits[..8], [5, 10, 20, 40, 80, 160, 320, 360]);
        assert!(waits[8..].iter().all(|wait| *wait == 360));
        assert!(now - since > Duration::days(2));
        assert_eq!(next_attempt(u32::MAX, since, now), None);
    }
}
