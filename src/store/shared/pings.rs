//! What hubs are to be told, as rows.

use serde_json::{Value, json};

use crate::feed::websub::Topic;
use crate::store::StoreError;
use crate::store::pings::{Ping, Settled};
use crate::store::shared::values::moment;

/// A hub and an address.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct Row {
    hub: String,
    address: String,
    since: i64,
    attempts: i64,
    next_attempt: Option<i64>,
    problem: Option<String>,
}

/// What is published, one object for each hub and address.
pub(in crate::store) fn wanted(topics: &[Topic]) -> Vec<Value> {
    topics
        .iter()
        .map(|topic| {
            json!({
                "hub": topic.hub,
                "address": topic.address,
                "version": topic.version,
                "written": topic.is_written,
            })
        })
        .collect()
}

/// What became of attempts, one object for each.
pub(in crate::store) fn outcomes(settled: &[Settled]) -> Vec<Value> {
    settled
        .iter()
        .map(|ping| {
            json!({
                "hub": ping.hub,
                "address": ping.address,
                "told": ping.is_told,
                "next": ping.next.map(|at| at.timestamp()),
                "problem": ping.problem,
            })
        })
        .collect()
}

/// A ping from its row.
pub(in crate::store) fn ping(row: Row) -> Result<Ping, StoreError> {
    Ok(Ping {
        hub: row.hub,
        address: row.address,
        since: moment(row.since)?,
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        next: row.next_attempt.map(moment).transpose()?,
        problem: row.problem,
    })
}
