//! Subscribers and what happened to them, as rows.

use chrono::{DateTime, Utc};

use crate::delivery::state::State as DeliveryState;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::store::StoreError;
use crate::store::shared::values::{activity, moment, read};
use crate::store::subscribers::Chapter;
use crate::subscribers::activity::{Activity, Kind, NewActivity};
use crate::subscribers::subscriber::{State, Subscriber};
use crate::subscribers::subscription::{Choice, Progress, Subscription};
use crate::subscribers::suppression::{Cause, Suppression};

/// A subscriber, with why they must never be mailed.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct Row {
    pub(in crate::store) id: i64,
    address: String,
    name: String,
    language: Option<String>,
    time_zone: Option<String>,
    minute: Option<i64>,
    state: String,
    added: i64,
    changed: i64,
    cause: Option<String>,
    reason: Option<String>,
}

/// What a subscriber chose.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct ChoiceRow {
    subscriber: i64,
    digest: String,
    category: String,
    joined: Option<i64>,
    base: Option<i64>,
    served: Option<i64>,
}

/// Digest, issue, opening, state, reason and attempts of a delivery.
pub(in crate::store) type ChapterRow = (String, i64, i64, String, Option<String>, i64);

/// Moment, kind, source and detail of what happened.
pub(in crate::store) type ActivityRow = (i64, String, String, String);

/// One delivery of a story, from its row.
pub(in crate::store) fn chapter(row: ChapterRow) -> Result<Chapter, StoreError> {
    let (digest, issue, opened, state, reason, attempts) = row;
    let state = read("a delivery's state", &state, DeliveryState::from_word)?;
    let attempts = u32::try_from(attempts).unwrap_or(0);
    Ok(Chapter { digest, issue, opened: moment(opened)?, state, reason, attempts })
}

/// What happened, from its row.
pub(in crate::store) fn happened((at, kind, source, detail): ActivityRow) -> Result<Activity, StoreError> {
    let kind = read("a kind of activity", &kind, Kind::from_word)?;
    Ok(Activity { at: moment(at)?, kind, source, detail })
}

/// That those of the addresses left everything whose keys are among those that are gone.
pub(in crate::store) fn left(
    addresses: &[Address],
    gone: &[String],
    source: &str,
    now: DateTime<Utc>,
) -> Vec<NewActivity> {
    let is_gone = |address: &&Address| gone.contains(&address.key());
    addresses
        .iter()
        .filter(is_gone)
        .map(|address| activity(address, Kind::Left, source, "everything", now))
        .collect()
}

/// Which activities are new, by the marks of those that were recorded.
pub(in crate::store) fn are_new(activities: &[NewActivity], marks: &[Option<String>]) -> Vec<bool> {
    activities.iter().map(|new| new.mark.is_none() || marks.contains(&new.mark)).collect()
}

/// A suppression from its columns.
pub(in crate::store) fn suppression(cause: &str, reason: String) -> Result<Suppression, StoreError> {
    Ok(Suppression { cause: read("a cause", cause, Cause::from_word)?, reason })
}

/// Subscribers with what they chose, which is in the order of their numbers.
pub(in crate::store) fn subscribers(
    rows: Vec<Row>,
    chosen: &[ChoiceRow],
) -> Result<Vec<Subscriber>, StoreError> {
    let mut subscribers = Vec::with_capacity(rows.len());
    for row in rows {
        let mut subscriptions = Vec::new();
        // People come by address, what they chose by their number: each is looked up.
        let first = chosen.partition_point(|own| own.subscriber < row.id);
        for own in chosen[first..].iter().take_while(|own| own.subscriber == row.id) {
            subscriptions.push(Subscription {
                digest: own.digest.clone(),
                choice: read("a category", &own.category, Choice::parse)?,
                progress: Progress::new(own.joined, own.base, own.served),
            });
        }
        subscribers.push(Subscriber {
            id: row.id,
            address: read("an address", &row.address, |text| text.parse().ok())?,
            name: DisplayName::new(&row.name),
            language: row.language.map(|tag| read("a language", &tag, |tag| tag.parse().ok())).transpose()?,
            time_zone: row
                .time_zone
                .map(|zone| read("a time zone", &zone, |zone| zone.parse().ok()))
                .transpose()?,
            minute: row.minute.and_then(|minute| u16::try_from(minute).ok()),
            state: read("a subscriber's state", &row.state, State::from_word)?,
            added: moment(row.added)?,
            changed: moment(row.changed)?,
            suppressed: row
                .cause
                .map(|cause| suppression(&cause, row.reason.unwrap_or_default()))
                .transpose()?,
            subscriptions,
        });
    }
    Ok(subscribers)
}
