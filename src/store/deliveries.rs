//! The verbs of delivering.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::delivery::settings::OnUncertain;
use crate::delivery::state::{Leased, Settlement, State};
use crate::mail::address::Address;
use crate::store::StoreError;

/// What was found of a run that died.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// Deliveries that had been leased and not attempted: they are planned again.
    pub released: u64,
    /// Deliveries of which nobody knows whether they arrived, that are sent again.
    pub resent: u64,
    /// Deliveries of which nobody knows whether they arrived, that are held.
    pub held: u64,
}

/// One issue and the states of its deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssueStatus {
    /// The issue's number.
    pub issue: i64,
    /// The digest's name.
    pub digest: String,
    /// The slot that it is for.
    pub slot: DateTime<Utc>,
    /// open, held, closed, cancelled, empty or missed.
    pub state: String,
    /// Why, where it has no deliveries.
    pub reason: Option<String>,
    /// How many deliveries are in each state.
    pub deliveries: BTreeMap<State, u64>,
}

/// What waits to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Deliveries that could be sent now.
    pub ready: u64,
    /// Deliveries that wait for their next attempt.
    pub deferred: u64,
    /// When the first of those is due.
    pub next: Option<DateTime<Utc>>,
    /// Deliveries that a run has in hand; where none goes on, one that died had them.
    pub in_hand: u64,
    /// Deliveries of which nobody knows whether they arrived.
    pub uncertain: u64,
    /// Deliveries of issues that wait for somebody to release them.
    pub held: u64,
}

/// A delivery that was refused or given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// The ledger's number.
    #[serde(skip)]
    pub delivery: i64,
    /// Who got nothing.
    pub address: Address,
    /// The digest's name.
    pub digest: String,
    /// The issue's number.
    pub issue: i64,
    /// Why, in the server's words or ours.
    pub reason: String,
}

/// What is remembered of deliveries.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Settles what a run that died left behind. Only whoever holds the run lock may call this: it takes every
    /// lease for dead.
    ///
    /// # Errors
    /// The store can't be written.
    async fn recover(&self, policy: OnUncertain, now: DateTime<Utc>) -> Result<Recovered, StoreError>;

    /// Leases deliveries that are due, oldest first, to `owner`.
    ///
    /// # Errors
    /// The store can't be written.
    async fn lease(&self, owner: &str, most: u32, now: DateTime<Utc>) -> Result<Vec<Leased>, StoreError>;

    /// In one durable commit: records settlements, moving subscriptions on where mail arrived, and marks
    /// leased deliveries as attempting. Returns those of `begin` that may be attempted; the others have been
    /// cancelled, because their subscriber left or was suppressed meanwhile.
    ///
    /// # Errors
    /// The store can't be written: nothing is recorded.
    async fn record_attempts(
        &self,
        begin: &[i64],
        settle: &[Settlement],
        now: DateTime<Utc>,
    ) -> Result<Vec<i64>, StoreError>;

    /// Gives leased deliveries that were not attempted back.
    ///
    /// # Errors
    /// The store can't be written.
    async fn release(&self, owner: &str) -> Result<u64, StoreError>;

    /// Closes issues of which every delivery is settled; returns how many.
    ///
    /// # Errors
    /// The store can't be written.
    async fn close_issues(&self) -> Result<u64, StoreError>;

    /// What waits.
    ///
    /// # Errors
    /// The store can't be read.
    async fn waiting(&self, now: DateTime<Utc>) -> Result<Waiting, StoreError>;

    /// Deliveries that failed since a moment, in the order of deliveries.
    ///
    /// # Errors
    /// The store can't be read.
    async fn failed_since(&self, since: DateTime<Utc>, most: u32) -> Result<Vec<Failed>, StoreError>;

    /// One issue; none where there is no such one.
    ///
    /// # Errors
    /// The store can't be read.
    async fn issue_status(&self, issue: i64) -> Result<Option<IssueStatus>, StoreError>;

    /// The newest issues, newest first.
    ///
    /// # Errors
    /// The store can't be read.
    async fn issue_statuses(&self, most: u32) -> Result<Vec<IssueStatus>, StoreError>;
}
