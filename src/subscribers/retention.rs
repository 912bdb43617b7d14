//! Retention: how long what is remembered of people is kept. The proof of whoever is subscribed is kept as long as they are.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

/// Table `[retention]`: each is a time, or none for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests, from when they were received: the form, the letter, and whether it was confirmed.
    #[serde(deserialize_with = "period")]
    pub requests: Option<Duration>,
    /// People who never confirmed, with all that is on record of them, from when they asked.
    #[serde(deserialize_with = "period")]
    pub pending: Option<Duration>,
    /// Addresses of the internet in requests, and in what is on record of people who are not subscribed.
    #[serde(deserialize_with = "period")]
    pub ips: Option<Duration>,
    /// Of people who left: their names, and what is on record of them but that they left, from when they did.
    #[serde(deserialize_with = "period")]
    pub left: Option<Duration>,
    /// Of deliveries that are over: what servers said, addresses and names. How each ended stays.
    #[serde(deserialize_with = "period")]
    pub deliveries: Option<Duration>,
}

/// What pruning took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// Requests.
    pub requests: u64,
    /// People who never confirmed.
    pub pending: u64,
    /// Requests and activities that held an address of the internet.
    pub ips: u64,
    /// Activities of people who left.
    pub left: u64,
    /// Deliveries whose address and name are gone.
    pub deliveries: u64,
}

/// Reads `30d`, `3years`, or `never`.
fn period<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim() == "never" {
        return Ok(None);
    }
    let period = humantime_serde::re::humantime::parse_duration(&text);
    period.map(Some).map_err(|error| {
        serde::de::Error::custom(format!("{text:?} is neither a time, as in 30d, nor never: {error}"))
    })
}
