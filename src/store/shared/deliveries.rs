//! Deliveries as rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::delivery::settings::OnUncertain;
use crate::delivery::state::{Leased, Settlement, State, Verdict};
use crate::mail::name::DisplayName;
use crate::store::StoreError;
use crate::store::deliveries::{Failed, IssueStatus, Recovered, Waiting};
use crate::store::shared::values::{count, moment, read};

/// A delivery that is handed to a worker.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct LeasedRow {
    pub(in crate::store) id: i64,
    issue: i64,
    subscriber: i64,
    edition: String,
    name: String,
    address: String,
    attempts: i64,
    opened: i64,
}

/// Number, digest, slot, state and reason of an issue.
pub(in crate::store) type IssueRow = (i64, String, i64, String, Option<String>);

/// Number, address, digest, issue and reason of a delivery that failed.
pub(in crate::store) type FailedRow = (i64, String, String, i64, Option<String>);

/// Deliveries that are ready and deferred, the moment of the first of those, and those in hand, uncertain and held.
pub(in crate::store) type WaitingRow = (i64, i64, Option<i64>, i64, i64, i64);

/// A delivery from its row.
pub(in crate::store) fn leased(row: LeasedRow) -> Result<Leased, StoreError> {
    Ok(Leased {
        delivery: row.id,
        issue: row.issue,
        subscriber: row.subscriber,
        edition: row.edition,
        name: DisplayName::new(&row.name),
        address: read("an address", &row.address, |text| text.parse().ok())?,
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        opened: moment(row.opened)?,
    })
}

/// What follows for deliveries of which nobody knows what became of them.
pub(in crate::store) fn lost_settlements(
    lost: &[i64],
    policy: OnUncertain,
    now: DateTime<Utc>,
) -> Vec<Settlement> {
    let reason = "the run ended before the server's answer was recorded".to_owned();
    let verdict = match policy {
        OnUncertain::Resend => Verdict::Again { reason, next: now },
        OnUncertain::Hold => Verdict::Held { reason },
    };
    lost.iter()
        .map(|delivery| Settlement { delivery: *delivery, at: now, verdict: verdict.clone() })
        .collect()
}

/// What was found of a run that died.
pub(in crate::store) fn recovered(policy: OnUncertain, released: u64, uncertain: u64) -> Recovered {
    match policy {
        OnUncertain::Resend => Recovered { released, resent: uncertain, held: 0 },
        OnUncertain::Hold => Recovered { released, resent: 0, held: uncertain },
    }
}

/// A failed delivery from its row.
pub(in crate::store) fn failed(row: FailedRow) -> Result<Failed, StoreError> {
    let (delivery, address, digest, issue, reason) = row;
    let address = read("an address", &address, |text| text.parse().ok())?;
    Ok(Failed { delivery, address, digest, issue, reason: reason.unwrap_or_default() })
}

/// What waits, from its counts.
pub(in crate::store) fn waiting(row: WaitingRow) -> Result<Waiting, StoreError> {
    let (ready, deferred, next, in_hand, uncertain, held) = row;
    Ok(Waiting {
        ready: count(ready),
        deferred: count(deferred),
        next: next.map(moment).transpose()?,
        in_hand: count(in_hand),
        uncertain: count(uncertain),
        held: count(held),
    })
}

/// An issue's status, from its row and how many deliveries are in each state.
pub(in crate::store) fn status(row: IssueRow, counts: Vec<(String, i64)>) -> Result<IssueStatus, StoreError> {
    let (issue, digest, slot, state, reason) = row;
    let mut deliveries = BTreeMap::new();
    for (word, number) in counts {
        deliveries.insert(read("a delivery's state", &word, State::from_word)?, count(number));
    }
    Ok(IssueStatus { issue, digest, slot: moment(slot)?, state, reason, deliveries })
}

/// What became of attempts, one object for each.
pub(in crate::store) fn settlement_rows(settlements: &[Settlement]) -> Vec<Value> {
    settlements.iter().map(row).collect()
}

fn row(settlement: &Settlement) -> Value {
    let (state, outcome, reason, next, maybe, served) = match &settlement.verdict {
        Verdict::Sent { reply } => (State::Sent, "accepted", reply, None, 0, true),
        Verdict::Deferred { reason, next } => (State::Deferred, "deferred", reason, Some(next), 0, false),
        Verdict::Released { reason, next } => (State::Planned, "released", reason, Some(next), 0, false),
        Verdict::Failed { reason } => (State::Failed, "rejected", reason, None, 0, false),
        Verdict::Again { reason, next } => (State::Planned, "unknown", reason, Some(next), 1, true),
        Verdict::Held { reason } => (State::Uncertain, "unknown", reason, None, 1, true),
    };
    json!({
        "delivery": settlement.delivery,
        "at": settlement.at.timestamp(),
        "state": state.as_str(),
        "outcome": outcome,
        "reason": reason,
        "next": next.map(DateTime::timestamp),
        "maybe": maybe,
        "served": served,
    })
}
