//! Forgetting what is too old, in `SQLite`.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use crate::store::retention::Retention;
use crate::store::shared::values::moment;
use crate::store::sqlite::SqliteStore;
use crate::store::{Doing, StoreError};
use crate::subscribers::retention::{Limits, Pruned};

const VERB: &str = "forget what is too old";

/// Statements with the moment before which they take away; the number of rows of the last one counts.
const REQUESTS: [&str; 1] = ["DELETE FROM requests WHERE received < ?1"];

const PENDING: [&str; 2] = [
    "DELETE FROM activities WHERE key IN (SELECT s.key FROM subscribers s WHERE s.state = 'pending' AND s.changed < ?1
         AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.key = s.key))",
    "DELETE FROM subscribers WHERE state = 'pending' AND changed < ?1
         AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.key = subscribers.key)",
];

const IPS_OF_REQUESTS: [&str; 1] = ["UPDATE requests SET ip = NULL WHERE ip IS NOT NULL AND received < ?1"];

/// A receipt ends with `from` and the address; nothing else in it has spaces around that word.
const IPS: [&str; 1] = ["UPDATE activities SET detail = substr(detail, 1, instr(detail, ' from ') - 1)
     WHERE kind IN ('asked', 'confirmed') AND at < ?1 AND instr(detail, ' from ') > 0
       AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.key = activities.key AND s.state = 'active')"];

/// The consent that came with an import ends with `; from` and the addresses.
const IPS_OF_IMPORTS: [&str; 1] =
    ["UPDATE activities SET detail = substr(detail, 1, instr(detail, '; from ') - 1)
     WHERE kind = 'added' AND at < ?1 AND instr(detail, '; from ') > 0
       AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.key = activities.key AND s.state = 'active')"];

const LEFT: [&str; 2] = [
    "UPDATE subscribers SET name = '' WHERE state = 'unsubscribed' AND changed < ?1 AND name <> ''",
    "DELETE FROM activities WHERE kind <> 'left'
       AND key IN (SELECT key FROM subscribers WHERE state = 'unsubscribed' AND changed < ?1)",
];

const DELIVERIES: [&str; 2] = [
    "DELETE FROM attempts WHERE at < ?1 AND delivery IN
         (SELECT id FROM deliveries WHERE state IN ('sent', 'failed', 'uncertain', 'cancelled') AND changed < ?1)",
    "UPDATE deliveries SET address = '', name = ''
     WHERE address <> '' AND changed < ?1 AND state IN ('sent', 'failed', 'uncertain', 'cancelled')",
];

#[async_trait]
impl Retention for SqliteStore {
    async fn prune(&self, limits: &Limits, now: DateTime<Utc>) -> Result<Pruned, StoreError> {
        let mut transaction = self.begin().await?;
        let old = &mut transaction;
        let pruned = Pruned {
            requests: take_away(old, limits.requests, &REQUESTS, now).await?,
            pending: take_away(old, limits.pending, &PENDING, now).await?,
            ips: take_away(old, limits.ips, &IPS_OF_REQUESTS, now).await?
                + take_away(old, limits.ips, &IPS, now).await?
                + take_away(old, limits.ips, &IPS_OF_IMPORTS, now).await?,
            left: take_away(old, limits.left, &LEFT, now).await?,
            deliveries: take_away(old, limits.deliveries, &DELIVERIES, now).await?,
        };
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ('pruned', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(now.timestamp().to_string())
        .execute(&mut *transaction)
        .await
        .doing(VERB)?;
        transaction.commit().await.doing(VERB)?;
        Ok(pruned)
    }

    async fn pruned_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let value: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'pruned'")
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
        value.and_then(|seconds| seconds.parse().ok()).map(moment).transpose()
    }
}

async fn take_away(
    transaction: &mut Transaction<'static, Sqlite>,
    limit: Option<Duration>,
    statements: &[&'static str],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let before = limit.and_then(|limit| chrono::Duration::from_std(limit).ok()).map(|limit| now - limit);
    let Some(before) = before else { return Ok(0) };
    let mut rows = 0;
    for statement in statements {
        let done = sqlx::query(*statement).bind(before.timestamp()).execute(&mut **transaction).await;
        rows = done.doing(VERB)?.rows_affected();
    }
    Ok(rows)
}
