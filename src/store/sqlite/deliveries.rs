//! Delivering, in `SQLite`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use crate::delivery::settings::OnUncertain;
use crate::delivery::state::{Leased, Settlement};
use crate::store::deliveries::{Deliveries, Failed, IssueStatus, Recovered, Waiting};
use crate::store::shared::deliveries::{
    FailedRow, IssueRow, LeasedRow, WaitingRow, failed, leased, lost_settlements, recovered, settlement_rows,
    status, waiting,
};
use crate::store::shared::values::json;
use crate::store::sqlite::SqliteStore;
use crate::store::{Doing, StoreError};

#[async_trait]
impl Deliveries for SqliteStore {
    async fn recover(&self, policy: OnUncertain, now: DateTime<Utc>) -> Result<Recovered, StoreError> {
        let verb = "recover deliveries";
        let mut transaction = self.begin().await?;
        let released =
            sqlx::query("UPDATE deliveries SET state = 'planned', lease = NULL WHERE state = 'leased'")
                .execute(&mut *transaction)
                .await
                .doing(verb)?
                .rows_affected();
        let lost: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM deliveries WHERE state = 'attempting' ORDER BY id")
                .fetch_all(&mut *transaction)
                .await
                .doing(verb)?;
        let settlements = lost_settlements(&lost, policy, now);
        settle(&mut transaction, &settlements).await?;
        transaction.commit().await.doing(verb)?;
        Ok(recovered(policy, released, settlements.len() as u64))
    }

    async fn lease(&self, owner: &str, most: u32, now: DateTime<Utc>) -> Result<Vec<Leased>, StoreError> {
        let verb = "lease deliveries";
        let mut transaction = self.begin().await?;
        let rows: Vec<LeasedRow> = sqlx::query_as(
            "SELECT d.id, d.issue, d.subscriber, c.edition, d.name, d.address, d.attempts, i.opened
             FROM deliveries d JOIN cohorts c ON c.id = d.cohort JOIN issues i ON i.id = d.issue
             WHERE d.state IN ('planned', 'deferred') AND coalesce(d.next_attempt, 0) <= ? AND i.state = 'open'
             -- What was tried before comes after what was not: one delivery that stops a run must not stop the next
             -- at the same place.
             ORDER BY coalesce(d.next_attempt, 0), d.id LIMIT ?",
        )
        .bind(now.timestamp())
        .bind(most)
        .fetch_all(&mut *transaction)
        .await
        .doing(verb)?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        sqlx::query(
            "UPDATE deliveries SET state = 'leased', lease = ? WHERE id IN (SELECT value FROM json_each(?))",
        )
        .bind(owner)
        .bind(json(&ids)?)
        .execute(&mut *transaction)
        .await
        .doing(verb)?;
        transaction.commit().await.doing(verb)?;
        rows.into_iter().map(leased).collect()
    }

    async fn record_attempts(
        &self,
        begin: &[i64],
        settlements: &[Settlement],
        now: DateTime<Utc>,
    ) -> Result<Vec<i64>, StoreError> {
        let mut transaction = self.begin().await?;
        settle(&mut transaction, settlements).await?;
        let allowed = attempt(&mut transaction, begin, now).await?;
        transaction.commit().await.doing("record attempts")?;
        Ok(allowed)
    }

    async fn release(&self, owner: &str) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query(
            "UPDATE deliveries SET state = 'planned', lease = NULL WHERE state = 'leased' AND lease = ?",
        )
        .bind(owner)
        .execute(&mut *transaction)
        .await
        .doing("release deliveries")?;
        transaction.commit().await.doing("release deliveries")?;
        Ok(done.rows_affected())
    }

    async fn close_issues(&self) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query(
            "UPDATE issues SET state = 'closed' WHERE state = 'open' AND NOT EXISTS (
                 SELECT 1 FROM deliveries d
                 WHERE d.issue = issues.id AND d.state IN ('planned', 'leased', 'attempting', 'deferred'))",
        )
        .execute(&mut *transaction)
        .await
        .doing("close issues")?;
        transaction.commit().await.doing("close issues")?;
        Ok(done.rows_affected())
    }

    async fn waiting(&self, now: DateTime<Utc>) -> Result<Waiting, StoreError> {
        let row: WaitingRow = sqlx::query_as(
            "WITH held AS (SELECT id FROM issues WHERE state = 'held'),
                  waiting AS (SELECT next_attempt AS next, issue IN (SELECT id FROM held) AS held FROM deliveries
                              WHERE state IN ('planned', 'deferred'))
             SELECT (SELECT count(*) FROM waiting WHERE NOT held AND coalesce(next, 0) <= ?1),
                    (SELECT count(*) FROM waiting WHERE NOT held AND next > ?1),
                    (SELECT min(next) FROM waiting WHERE NOT held AND next > ?1),
                    (SELECT count(*) FROM deliveries WHERE state IN ('leased', 'attempting')),
                    (SELECT count(*) FROM deliveries WHERE state = 'uncertain'),
                    (SELECT count(*) FROM waiting WHERE held)",
        )
        .bind(now.timestamp())
        .fetch_one(&self.pool)
        .await
        .doing("be read")?;
        waiting(row)
    }

    async fn failed_since(&self, since: DateTime<Utc>, most: u32) -> Result<Vec<Failed>, StoreError> {
        let rows: Vec<FailedRow> = sqlx::query_as(
            "SELECT d.id, d.address, i.digest, i.id, d.reason FROM deliveries d JOIN issues i ON i.id = d.issue
             WHERE d.state = 'failed' AND d.changed >= ? AND d.address <> '' ORDER BY d.id LIMIT ?",
        )
        .bind(since.timestamp())
        .bind(most)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        rows.into_iter().map(failed).collect()
    }

    async fn issue_status(&self, issue: i64) -> Result<Option<IssueStatus>, StoreError> {
        let row = sqlx::query_as("SELECT id, digest, slot, state, reason FROM issues WHERE id = ?")
            .bind(issue)
            .fetch_all(&self.pool)
            .await
            .doing("be read")?;
        Ok(self.with_counts(row).await?.pop())
    }

    async fn issue_statuses(&self, most: u32) -> Result<Vec<IssueStatus>, StoreError> {
        let rows =
            sqlx::query_as("SELECT id, digest, slot, state, reason FROM issues ORDER BY id DESC LIMIT ?")
                .bind(most)
                .fetch_all(&self.pool)
                .await
                .doing("be read")?;
        self.with_counts(rows).await
    }
}

impl SqliteStore {
    async fn with_counts(&self, issues: Vec<IssueRow>) -> Result<Vec<IssueStatus>, StoreError> {
        let mut statuses = Vec::with_capacity(issues.len());
        for row in issues {
            let counts: Vec<(String, i64)> =
                sqlx::query_as("SELECT state, count(*) FROM deliveries WHERE issue = ? GROUP BY state")
                    .bind(row.0)
                    .fetch_all(&self.pool)
                    .await
                    .doing("be read")?;
            statuses.push(status(row, counts)?);
        }
        Ok(statuses)
    }
}

/// Marks leased deliveries as attempting, but for those whose subscriber left or was suppressed meanwhile.
async fn attempt(
    transaction: &mut Transaction<'static, Sqlite>,
    begin: &[i64],
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    if begin.is_empty() {
        return Ok(Vec::new());
    }
    let ids = json(&begin)?;
    sqlx::query(
        "UPDATE deliveries SET state = 'cancelled', lease = NULL, changed = ?2,
                reason = CASE WHEN s.suppressed IS NOT NULL THEN 'suppressed: ' || s.suppressed
                              WHEN s.state <> 'active' THEN s.state ELSE 'left this digest' END
         FROM (SELECT p.id, p.state, x.reason AS suppressed
               FROM subscribers p LEFT JOIN suppressions x ON x.key = p.key) AS s
         WHERE s.id = deliveries.subscriber AND deliveries.id IN (SELECT value FROM json_each(?1))
           AND deliveries.state = 'leased'
           AND (s.state <> 'active' OR s.suppressed IS NOT NULL OR NOT EXISTS (
                    SELECT 1 FROM issues i JOIN subscriptions c ON c.digest = i.digest
                    WHERE i.id = deliveries.issue AND c.subscriber = s.id))",
    )
    .bind(&ids)
    .bind(now.timestamp())
    .execute(&mut **transaction)
    .await
    .doing("record attempts")?;
    sqlx::query_scalar(
        "UPDATE deliveries SET state = 'attempting', attempts = attempts + 1, changed = ?2
         WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'leased' RETURNING id",
    )
    .bind(&ids)
    .bind(now.timestamp())
    .fetch_all(&mut **transaction)
    .await
    .doing("record attempts")
}

/// Writes what became of attempts, in one statement each for deliveries, attempts and subscriptions.
async fn settle(
    transaction: &mut Transaction<'static, Sqlite>,
    settlements: &[Settlement],
) -> Result<(), StoreError> {
    if settlements.is_empty() {
        return Ok(());
    }
    let rows = json(&settlement_rows(settlements))?;
    sqlx::query(
        "UPDATE deliveries SET
             state = v.value ->> 'state', reason = CASE WHEN address = '' THEN 'erased' ELSE v.value ->> 'reason' END, changed = v.value ->> 'at', lease = NULL,
             next_attempt = v.value ->> 'next',
             attempts = attempts - (v.value ->> 'outcome' = 'released'),
             maybe_delivered = max(maybe_delivered, v.value ->> 'maybe')
         FROM json_each(?) AS v WHERE deliveries.id = v.value ->> 'delivery'",
    )
    .bind(&rows)
    .execute(&mut **transaction)
    .await
    .doing("settle deliveries")?;
    sqlx::query(
        "INSERT INTO attempts (delivery, at, outcome, reply)
         SELECT d.id, v.value ->> 'at', v.value ->> 'outcome', v.value ->> 'reason'
         FROM json_each(?) AS v JOIN deliveries d ON d.id = v.value ->> 'delivery'
         -- Of somebody who was erased meanwhile nothing is kept: replies hold addresses.
         WHERE d.address <> ''",
    )
    .bind(&rows)
    .execute(&mut **transaction)
    .await
    .doing("settle deliveries")?;
    // An UPDATE takes one row of what it is joined with, so two issues that settle together are put together first.
    // The subscriptions that the issue was composed for, and no others: what somebody chose since then has its
    // own beginning. The cohort's signature says which.
    sqlx::query(
        "UPDATE subscriptions SET served = max(coalesce(subscriptions.served, -1), reached.upto)
         FROM (SELECT own.digest, own.subscriber, own.category, max(i.upto) AS upto
               FROM json_each(?) AS v
               JOIN deliveries d ON d.id = v.value ->> 'delivery'
               JOIN issues i ON i.id = d.issue
               JOIN cohorts c ON c.id = d.cohort
               JOIN subscriptions own ON own.digest = i.digest AND own.subscriber = d.subscriber
               WHERE v.value ->> 'served' AND instr('|' || c.wishes, '|' || own.category || '=') > 0
               GROUP BY own.digest, own.subscriber, own.category) AS reached
         WHERE subscriptions.digest = reached.digest AND subscriptions.subscriber = reached.subscriber
           AND subscriptions.category = reached.category",
    )
    .bind(&rows)
    .execute(&mut **transaction)
    .await
    .doing("settle deliveries")?;
    Ok(())
}
