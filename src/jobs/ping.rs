//! Telling `WebSub` hubs of feeds that changed, after they are published; and again, where a hub could not be told.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::feed::websub::{self, Topic};
use crate::fetch::hub::{Teller, Told};
use crate::store::pings::{Ping, Pings, Settled};

/// What telling hubs did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Addresses of feeds that hubs were told of.
    pub told: Vec<String>,
    /// What is tried again by later runs.
    pub waiting: Vec<Ping>,
    /// What no hub will be told of, until the feed changes again.
    pub given_up: Vec<Ping>,
}

/// Remembers what hubs are to be told, and leaves telling them to a later run: for those who upload what is written.
///
/// # Errors
/// The store can't be read or written.
pub async fn remember(topics: &[Topic], store: &dyn Pings, now: DateTime<Utc>) -> Result<Report> {
    store.want_pings(topics, now).await?;
    report(Vec::new(), store).await
}

/// Tells hubs what they do not know yet. A hub that can't be reached is not asked for anything more in this run.
///
/// # Errors
/// The store can't be read or written. What hubs do wrong is in the report.
pub async fn ping(
    topics: &[Topic],
    teller: &Teller,
    store: &dyn Pings,
    now: DateTime<Utc>,
) -> Result<Report> {
    store.want_pings(topics, now).await?;
    let mut told = Vec::new();
    let mut silent: BTreeMap<String, String> = BTreeMap::new();
    for ping in store.due_pings(now).await? {
        let outcome = match (silent.get(&ping.hub), Url::parse(&ping.hub)) {
            (Some(reason), _) => Told::Unreachable(reason.clone()),
            (None, Ok(hub)) => teller.tell(&hub, &ping.address).await,
            (None, Err(error)) => Told::Refused(error.to_string()),
        };
        let problem = match outcome {
            Told::Heard => {
                told.push(ping.address.clone());
                None
            }
            Told::Refused(reason) => Some(reason),
            Told::Unreachable(reason) => {
                silent.insert(ping.hub.clone(), reason.clone());
                Some(reason)
            }
        };
        let is_told = problem.is_none();
        let next = if is_told { None } else { websub::next_attempt(ping.attempts + 1, ping.since, now) };
        // Each at once: who kills the run has not to tell anybody twice.
        store
            .settle_pings(&[Settled { hub: ping.hub, address: ping.address, is_told, next, problem }])
            .await?;
    }
    report(told, store).await
}

async fn report(told: Vec<String>, store: &dyn Pings) -> Result<Report> {
    let (waiting, given_up) = store.open_pings().await?.into_iter().partition(|ping| ping.next.is_some());
    Ok(Report { told, waiting, given_up })
}
