//! Export of subscribers: one of them as a row of CSV or a line of JSON, so that an import reads back all of it. How far
//! subscriptions have come is not in it, for publication numbers are one store's alone.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::mail::address::Address;
use crate::subscribers::activity::{Activity, Kind};
use crate::subscribers::formula::neutralised;
use crate::subscribers::import::accept::STRANGER;
use crate::subscribers::subscriber::Subscriber;
use crate::subscribers::suppression::Suppression;

/// The columns of CSV, in their order.
pub const COLUMNS: [&str; 12] = [
    "address",
    "name",
    "language",
    "time_zone",
    "hour",
    "state",
    "since",
    "changed",
    "choices",
    "consent",
    "suppressed",
    "reason",
];

/// Somebody, as they leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    address: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hour: Option<String>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<String>,
    #[serde(skip)]
    consent: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    activities: Vec<Activity>,
}

impl Exported {
    /// A subscriber with what is on record of them.
    #[must_use]
    pub fn subscriber(subscriber: &Subscriber, history: Vec<Activity>) -> Self {
        let choices =
            subscriber.subscriptions.iter().map(|chosen| format!("{}:{}", chosen.digest, chosen.choice));
        Self {
            address: subscriber.address.to_string(),
            name: subscriber.name.as_str().to_owned(),
            language: subscriber.language.as_ref().map(|language| language.as_str().to_owned()),
            time_zone: subscriber.time_zone.map(|zone| zone.name().to_owned()),
            hour: subscriber.minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)),
            state: subscriber.state.as_str(),
            since: Some(second(subscriber.added)),
            changed: Some(second(subscriber.changed)),
            choices: choices.collect(),
            consent: proof(&history),
            suppressed: subscriber.suppressed.as_ref().map(|why| why.cause.as_str()),
            reason: subscriber.suppressed.as_ref().map(|why| why.reason.clone()),
            activities: history,
        }
    }

    /// An address on the list of those never mailed that is nobody's.
    #[must_use]
    pub fn stranger(address: &Address, why: &Suppression, history: Vec<Activity>) -> Self {
        Self {
            address: address.to_string(),
            state: STRANGER,
            suppressed: Some(why.cause.as_str()),
            reason: Some(why.reason.clone()),
            activities: history,
            ..Self::default()
        }
    }

    /// The cells of CSV: each on one line, and none a formula.
    #[must_use]
    pub fn cells(&self) -> [String; 12] {
        let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
        [
            self.address.clone(),
            self.name.clone(),
            text(&self.language),
            text(&self.time_zone),
            text(&self.hour),
            self.state.to_owned(),
            text(&self.since),
            text(&self.changed),
            self.choices.join(";"),
            self.consent.clone(),
            self.suppressed.unwrap_or_default().to_owned(),
            text(&self.reason),
        ]
        .map(|cell| neutralised(&line(&cell)).into_owned())
    }
}

/// What proves that somebody wanted mail: that they confirmed, or what came with them when they were added.
fn proof(history: &[Activity]) -> String {
    let confirmed = history.iter().rev().find(|activity| activity.kind == Kind::Confirmed);
    if let Some(activity) = confirmed {
        let detail =
            if activity.detail.is_empty() { String::new() } else { format!(": {}", activity.detail) };
        return line(&format!("confirmed {} ({}){detail}", second(activity.at), activity.source));
    }
    let added = history.iter().find(|activity| activity.kind == Kind::Added);
    added.map(|activity| line(&activity.detail)).unwrap_or_default()
}

fn second(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Text on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
