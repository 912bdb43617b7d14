//! The store itself, in `PostgreSQL`.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Connection;

use crate::store::custody::{Custody, fresh_secret, stored_key};
use crate::store::postgres::{Holding, PostgresStore};
use crate::store::shared::values::moment;
use crate::store::{Doing, StoreError};
use crate::subscribers::key_ring::{KeyNumber, LASTING, StoredKey};

/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

#[async_trait]
impl Custody for PostgresStore {
    async fn keys(&self, now: DateTime<Utc>) -> Result<Vec<StoredKey>, StoreError> {
        // Good random bytes take the system longer than all else that a run without anything to do takes, so they are
        // made once.
        let known = self.known_keys().await?;
        if !known.is_empty() {
            return Ok(known);
        }
        let mut transaction = self.begin(Holding::Nothing).await?;
        for number in [LASTING, LASTING + 1] {
            sqlx::query("INSERT INTO keys (id, secret, made) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(number)
                .bind(fresh_secret()?)
                .bind(now.timestamp())
                .execute(&mut *transaction)
                .await
                .doing("make keys")?;
        }
        transaction.commit().await.doing("make keys")?;
        self.known_keys().await
    }

    async fn add_key(&self, now: DateTime<Utc>) -> Result<KeyNumber, StoreError> {
        let mut transaction = self.begin(Holding::Nothing).await?;
        // Two at once would give the same number.
        sqlx::query("LOCK TABLE keys IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut *transaction)
            .await
            .doing("make a key")?;
        let number = sqlx::query_scalar(
            "INSERT INTO keys (id, secret, made) SELECT max(id) + 1, $1, $2 FROM keys RETURNING id",
        )
        .bind(fresh_secret()?)
        .bind(now.timestamp())
        .fetch_one(&mut *transaction)
        .await
        .doing("make a key")?;
        transaction.commit().await.doing("make a key")?;
        Ok(number)
    }

    async fn retire_key(&self, number: KeyNumber, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut transaction = self.begin(Holding::Nothing).await?;
        let done = sqlx::query(
            "UPDATE keys SET retired = $2 WHERE id = $1 AND id <> $3 AND retired IS NULL
             AND EXISTS (SELECT 1 FROM keys other WHERE other.id NOT IN ($1, $3) AND other.retired IS NULL)",
        )
        .bind(number)
        .bind(now.timestamp())
        .bind(LASTING)
        .execute(&mut *transaction)
        .await
        .doing("retire a key")?;
        transaction.commit().await.doing("retire a key")?;
        Ok(done.rows_affected() > 0)
    }

    async fn hold_run(&self) -> Result<bool, StoreError> {
        self.take_run_lock().await
    }

    async fn close(&self) {
        if let Some(mut first) = self.first.lock().await.take() {
            let _ = tokio::time::timeout(GOODBYE, async {
                // Its end would give the run lock back too, but a moment after we are gone: the next run may come before.
                sqlx::query("SELECT pg_advisory_unlock_all()").execute(&mut first.connection).await?;
                first.connection.close().await
            })
            .await;
        }
        self.pool.close().await;
    }
}

impl PostgresStore {
    async fn known_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        let rows: Vec<(i64, String, i64, Option<i64>)> =
            sqlx::query_as("SELECT id, secret, made, retired FROM keys ORDER BY id")
                .fetch_all(&self.pool)
                .await
                .doing("be read")?;
        let key = |(number, secret, made, retired): (i64, String, i64, Option<i64>)| {
            stored_key(number, &secret, moment(made)?, retired.map(moment).transpose()?)
        };
        rows.into_iter().map(key).collect()
    }
}
