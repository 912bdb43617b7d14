//! Telling hubs, in `SQLite`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::feed::websub::Topic;
use crate::store::pings::{Ping, Pings, Settled};
use crate::store::shared::pings::{Row, outcomes, ping, wanted};
use crate::store::shared::values::json;
use crate::store::sqlite::SqliteStore;
use crate::store::{Doing, StoreError};

#[async_trait]
impl Pings for SqliteStore {
    async fn want_pings(&self, topics: &[Topic], now: DateTime<Utc>) -> Result<(), StoreError> {
        let known: Option<i64> = sqlx::query_scalar("SELECT 1 FROM pings LIMIT 1")
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
        // Most sites have no hub: they write nothing.
        if topics.is_empty() && known.is_none() {
            return Ok(());
        }
        let rows = json(&wanted(topics))?;
        let mut transaction = self.begin().await?;
        sqlx::query(
            "DELETE FROM pings WHERE (hub, address) NOT IN
                 (SELECT value ->> 'hub', value ->> 'address' FROM json_each(?))",
        )
        .bind(&rows)
        .execute(&mut *transaction)
        .await
        .doing("record what hubs are to be told")?;
        sqlx::query(
            "INSERT INTO pings (hub, address, wanted, told, since, next_attempt)
             SELECT value ->> 'hub', value ->> 'address', value ->> 'version',
                    iif(value ->> 'written', NULL, value ->> 'version'), ?2, iif(value ->> 'written', ?2, NULL)
             FROM json_each(?1) WHERE value ->> 'version' IS NOT NULL
             ON CONFLICT (hub, address) DO UPDATE SET
                 wanted = excluded.wanted, since = excluded.since, attempts = 0, problem = NULL,
                 next_attempt = iif(excluded.wanted IS told, NULL, excluded.since)
             WHERE wanted <> excluded.wanted",
        )
        .bind(&rows)
        .bind(now.timestamp())
        .execute(&mut *transaction)
        .await
        .doing("record what hubs are to be told")?;
        transaction.commit().await.doing("record what hubs are to be told")
    }

    async fn due_pings(&self, now: DateTime<Utc>) -> Result<Vec<Ping>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT * FROM pings WHERE next_attempt <= ? ORDER BY hub, address")
                .bind(now.timestamp())
                .fetch_all(&self.pool)
                .await
                .doing("be read")?;
        rows.into_iter().map(ping).collect()
    }

    async fn settle_pings(&self, settled: &[Settled]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE pings SET
                 told = iif(v.value ->> 'told', wanted, told), attempts = attempts + 1,
                 next_attempt = v.value ->> 'next', problem = v.value ->> 'problem'
             FROM json_each(?) AS v
             WHERE pings.hub = v.value ->> 'hub' AND pings.address = v.value ->> 'address'",
        )
        .bind(json(&outcomes(settled))?)
        .execute(&mut *transaction)
        .await
        .doing("record what hubs were told")?;
        transaction.commit().await.doing("record what hubs were told")
    }

    async fn open_pings(&self) -> Result<Vec<Ping>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT * FROM pings WHERE wanted IS NOT told ORDER BY hub, address")
                .fetch_all(&self.pool)
                .await
                .doing("be read")?;
        rows.into_iter().map(ping).collect()
    }
}
