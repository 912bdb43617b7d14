//! People who are added, as rows: what is asked of them, what is known, and what is written.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::language::tag::Language;
use crate::store::StoreError;
use crate::store::shared::values::read;
use crate::subscribers::activity::NewActivity;
use crate::subscribers::adding::{Known, KnownSubscriber};
use crate::subscribers::subscriber::{NewSubscriber, State};
use crate::subscribers::subscription::{Choice, Chosen};

/// What is known of an address.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct KnownRow {
    key: String,
    state: Option<String>,
    name: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    minute: Option<i64>,
    is_suppressed: bool,
    is_erased: bool,
}

/// Whom to look for, one object for each.
pub(in crate::store) fn asked(people: &[NewSubscriber]) -> Vec<Value> {
    people
        .iter()
        .map(|person| json!({ "key": person.address.key(), "pseudonym": person.pseudonym }))
        .collect()
}

/// What is known of people, by the keys of their addresses: their rows, and key, digest and category of what they chose.
pub(in crate::store) fn together(
    rows: Vec<KnownRow>,
    chosen: Vec<(String, String, String)>,
) -> Result<BTreeMap<String, Known>, StoreError> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for row in rows {
        let subscriber = match (row.state, row.name) {
            (Some(state), Some(name)) => Some(KnownSubscriber {
                state: read("a subscriber's state", &state, State::from_word)?,
                name,
                language: row.language,
                time_zone: row.time_zone,
                minute: row.minute.and_then(|minute| u16::try_from(minute).ok()),
            }),
            _ => None,
        };
        let one = Known {
            subscriber,
            is_suppressed: row.is_suppressed,
            is_erased: row.is_erased,
            ..Known::default()
        };
        known.insert(row.key, one);
    }
    for (key, digest, category) in chosen {
        let choice = read("a category", &category, Choice::parse)?;
        known.entry(key).or_default().choices.insert((digest, choice));
    }
    Ok(known)
}

/// People as they are written, one object for each.
pub(in crate::store) fn people_rows(people: &[&NewSubscriber], now: DateTime<Utc>) -> Vec<Value> {
    people.iter().map(|person| row(person, now)).collect()
}

fn row(person: &NewSubscriber, now: DateTime<Utc>) -> Value {
    json!({
        "key": person.address.key(),
        "address": person.address.as_str(),
        "name": person.name.as_str(),
        "language": person.language.as_ref().map(Language::as_str),
        "zone": person.time_zone.map(chrono_tz::Tz::name),
        "minute": person.minute,
        "state": person.state.as_str(),
        "changed": person.changed.map(|moment| moment.timestamp()),
        "since": person.since.unwrap_or(now).timestamp(),
        "cause": person.suppression.as_ref().map(|suppression| suppression.cause.as_str()),
        "reason": person.suppression.as_ref().map(|suppression| &suppression.reason),
    })
}

/// Choices as they are written, one object for each.
pub(in crate::store) fn choice_rows(choices: &[(String, Chosen)]) -> Vec<Value> {
    choices
        .iter()
        .map(
            |(key, (digest, choice))| json!({ "key": key, "digest": digest, "category": choice.to_string() }),
        )
        .collect()
}

/// Activities as they are recorded, one object for each.
pub(in crate::store) fn activity_rows(activities: &[NewActivity]) -> Vec<Value> {
    activities
        .iter()
        .map(|new| {
            json!({
                "key": new.address.key(),
                "at": new.activity.at.timestamp(),
                "kind": new.activity.kind.as_str(),
                "source": new.activity.source,
                "detail": new.activity.detail,
                "mark": new.mark,
            })
        })
        .collect()
}
