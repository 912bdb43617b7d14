//! Issues as rows: what is frozen of them, and what is written when one is opened.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::digest::issue::{Cohort, Edition, Fate, NewIssue};
use crate::digest::letterhead::Letterhead;
use crate::digest::wish::WishList;
use crate::schedule::reader_clock::ReaderClock;
use crate::store::StoreError;
use crate::store::issues::Frozen;
use crate::store::shared::values::read;
use crate::store::shared::wishes::signature;
use crate::subscribers::subscription::Progress;

/// A frozen edition with its letterhead.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct EditionRow {
    letterhead: String,
    key: String,
    language: String,
    nameless: String,
    subject: String,
    text: String,
    html: String,
    web: String,
    message: String,
    hash: String,
    contents: String,
}

/// What was frozen, if it is still what it was: a message that changed on disk is never sent.
pub(in crate::store) fn thaw(row: EditionRow) -> Result<Frozen, StoreError> {
    let letterhead: Letterhead =
        read("a letterhead", &row.letterhead, |text| serde_json::from_str(text).ok())?;
    let edition = Edition {
        language: read("a language", &row.language, |text| text.parse().ok())?,
        contents: read("a list of articles", &row.contents, |text| serde_json::from_str(text).ok())?,
        key: row.key,
        nameless: row.nameless,
        subject: row.subject,
        text: row.text,
        html: row.html,
        web: row.web,
        message: row.message,
    };
    if edition.hash() != row.hash {
        return Err(StoreError::Corrupt {
            what: "a message that is not what was frozen, with the hash",
            value: row.hash,
        });
    }
    Ok(Frozen { letterhead, edition })
}

/// When mails may be handed over, by the columns of a subscriber's clock.
pub(in crate::store) fn clocks(issue: &NewIssue) -> Vec<Value> {
    let row = |(clock, at): &(ReaderClock, DateTime<Utc>)| {
        let zone = clock.zone.map(chrono_tz::Tz::name);
        json!({ "zone": zone, "minute": clock.minute, "at": at.timestamp() })
    };
    issue.not_before.iter().map(row).collect()
}

/// Cohorts with what becomes of them.
pub(in crate::store) fn cohorts(issue: &NewIssue) -> Vec<Value> {
    let row = |cohort: &Cohort| {
        let (edition, reason) = match &cohort.fate {
            Fate::Mailed(edition) => (Some(edition), None),
            Fate::Spared(reason) => (None, Some(reason)),
        };
        json!({ "wishes": signature(&cohort.wishes), "edition": edition, "reason": reason })
    };
    issue.cohorts.iter().map(row).collect()
}

/// Where first issues begin, for the cohorts that have had none.
pub(in crate::store) fn beginnings<'a>(cohorts: impl Iterator<Item = (&'a WishList, i64)>) -> Vec<Value> {
    cohorts
        .filter(|(wishes, _)| wishes.wishes.iter().any(|wish| matches!(wish.progress, Progress::Fresh(_))))
        .map(|(wishes, base)| json!({ "wishes": signature(wishes), "base": base }))
        .collect()
}

/// The number below which an absence is of no issue of this digest.
pub(in crate::store) fn first_base(issue: &NewIssue) -> i64 {
    issue.cohorts.iter().map(|cohort| cohort.base).min().unwrap_or(0)
}

/// The state of a slot that passed without a mail.
pub(in crate::store) fn passed(reason: &str) -> &'static str {
    if reason.starts_with("missed") { "missed" } else { "empty" }
}
