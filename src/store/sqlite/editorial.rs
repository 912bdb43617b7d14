//! What is decided of issues, in `SQLite`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use crate::store::deliveries::Deliveries;
use crate::store::editorial::{Decided, EditionStory, Editorial, IssueStory, SentIssue};
use crate::store::issues::Frozen;
use crate::store::shared::editions::{EditionRow, thaw};
use crate::store::shared::editorial::{EditionStoryRow, LeadRow, instead, sent_issue};
use crate::store::shared::values::{count, moment};
use crate::store::sqlite::SqliteStore;
use crate::store::{Doing, StoreError};

#[async_trait]
impl Editorial for SqliteStore {
    async fn issue(&self, issue: i64) -> Result<Option<IssueStory>, StoreError> {
        let Some(status) = self.issue_status(issue).await? else { return Ok(None) };
        let opened: i64 = sqlx::query_scalar("SELECT opened FROM issues WHERE id = ?")
            .bind(issue)
            .fetch_one(&self.pool)
            .await
            .doing("be read")?;
        let rows: Vec<EditionStoryRow> = sqlx::query_as(
            "SELECT e.key, e.language, e.subject, octet_length(e.html) AS html_bytes, e.hash,
                    count(d.id) AS deliveries
             FROM editions e LEFT JOIN cohorts c ON c.issue = e.issue AND c.edition = e.key
                             LEFT JOIN deliveries d ON d.cohort = c.id
             WHERE e.issue = ? GROUP BY e.key ORDER BY deliveries DESC, e.key",
        )
        .bind(issue)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let editions = rows.into_iter().map(EditionStory::from).collect();
        Ok(Some(IssueStory { status, opened: moment(opened)?, editions }))
    }

    async fn editions(&self, issue: i64) -> Result<Vec<Frozen>, StoreError> {
        let rows: Vec<EditionRow> = sqlx::query_as(
            "SELECT i.letterhead, e.key, e.language, e.nameless, e.subject, e.text, e.html, e.web, e.message, e.hash,
                    e.contents
             FROM issues i JOIN editions e ON e.issue = i.id
             WHERE i.id = ?1
             ORDER BY (SELECT count(*) FROM cohorts c JOIN deliveries d ON d.cohort = c.id
                       WHERE c.issue = ?1 AND c.edition = e.key) DESC, e.key",
        )
        .bind(issue)
        .fetch_all(&self.pool)
        .await
        .doing("find editions")?;
        rows.into_iter().map(thaw).collect()
    }

    async fn public_issues(&self, digest: &str) -> Result<Vec<SentIssue>, StoreError> {
        let issues: Vec<(i64, i64, i64)> = sqlx::query_as(
            "SELECT id, slot, opened FROM issues
             WHERE digest = ? AND (state IN ('open', 'closed') OR EXISTS (
                 SELECT 1 FROM deliveries d WHERE d.issue = issues.id AND (d.state = 'sent' OR d.maybe_delivered)))
             ORDER BY slot DESC, id DESC",
        )
        .bind(digest)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let mut sent = Vec::with_capacity(issues.len());
        for row in issues {
            let lead: Option<LeadRow> = sqlx::query_as(
                "SELECT e.key, e.subject, (
                     SELECT json_group_array(p.title) FROM json_each(e.contents) c, json_each(c.value, '$.articles') a
                     JOIN publications p ON p.number = a.value)
                 FROM editions e WHERE e.issue = ? AND e.web <> '' ORDER BY octet_length(e.web) DESC, e.key LIMIT 1",
            )
            .bind(row.0)
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
            sent.push(sent_issue(row, lead)?);
        }
        Ok(sent)
    }

    async fn hold(&self, issue: i64) -> Result<Decided, StoreError> {
        let mut transaction = self.begin().await?;
        if let Some(decided) = not_from(&mut transaction, issue, &["open"], "held").await? {
            return Ok(decided);
        }
        set(&mut transaction, issue, "held", None).await?;
        // What a run has leased and not begun is taken out of its hands: it finds so when it asks.
        sqlx::query(
            "UPDATE deliveries SET state = 'planned', lease = NULL WHERE issue = ? AND state = 'leased'",
        )
        .bind(issue)
        .execute(&mut *transaction)
        .await
        .doing("hold an issue")?;
        let waiting = waiting(&mut transaction, issue).await?;
        transaction.commit().await.doing("hold an issue")?;
        Ok(Decided::Done(waiting))
    }

    async fn release_issue(&self, issue: i64) -> Result<Decided, StoreError> {
        let mut transaction = self.begin().await?;
        if let Some(decided) = not_from(&mut transaction, issue, &["held"], "open").await? {
            return Ok(decided);
        }
        set(&mut transaction, issue, "open", None).await?;
        let waiting = waiting(&mut transaction, issue).await?;
        transaction.commit().await.doing("release an issue")?;
        Ok(Decided::Done(waiting))
    }

    async fn cancel(&self, issue: i64, why: &str, now: DateTime<Utc>) -> Result<Decided, StoreError> {
        let mut transaction = self.begin().await?;
        if let Some(decided) = not_from(&mut transaction, issue, &["open", "held"], "cancelled").await? {
            return Ok(decided);
        }
        set(&mut transaction, issue, "cancelled", Some(why)).await?;
        // Of what may have arrived nobody says that it was cancelled.
        let done = sqlx::query(
            "UPDATE deliveries SET state = iif(maybe_delivered, 'uncertain', 'cancelled'), lease = NULL,
                    reason = 'the issue was cancelled: ' || ?2, changed = ?3
             WHERE issue = ?1 AND state IN ('planned', 'leased', 'deferred')",
        )
        .bind(issue)
        .bind(why)
        .bind(now.timestamp())
        .execute(&mut *transaction)
        .await
        .doing("cancel an issue")?;
        transaction.commit().await.doing("cancel an issue")?;
        Ok(Decided::Done(done.rows_affected()))
    }
}

/// What to answer where an issue is in none of the states that a decision starts from.
async fn not_from(
    transaction: &mut Transaction<'static, Sqlite>,
    issue: i64,
    from: &[&str],
    to: &str,
) -> Result<Option<Decided>, StoreError> {
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM issues WHERE id = ?")
        .bind(issue)
        .fetch_optional(&mut **transaction)
        .await
        .doing("decide of an issue")?;
    Ok(instead(state, from, to))
}

async fn set(
    transaction: &mut Transaction<'static, Sqlite>,
    issue: i64,
    state: &str,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE issues SET state = ?, reason = ? WHERE id = ?")
        .bind(state)
        .bind(reason)
        .bind(issue)
        .execute(&mut **transaction)
        .await
        .doing("decide of an issue")?;
    Ok(())
}

async fn waiting(transaction: &mut Transaction<'static, Sqlite>, issue: i64) -> Result<u64, StoreError> {
    let waiting: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM deliveries WHERE issue = ? AND state IN ('planned', 'deferred')",
    )
    .bind(issue)
    .fetch_one(&mut **transaction)
    .await
    .doing("decide of an issue")?;
    Ok(count(waiting))
}
