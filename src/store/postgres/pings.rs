//! Telling hubs, in `PostgreSQL`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::feed::websub::Topic;
use crate::store::pings::{Ping, Pings, Settled};
use crate::store::postgres::{Holding, PostgresStore, json};
use crate::store::shared::pings::{Row, outcomes, ping, wanted};
use crate::store::{Doing, StoreError};

#[async_trait]
impl Pings for PostgresStore {
    async fn want_pings(&self, topics: &[Topic], now: DateTime<Utc>) -> Result<(), StoreError> {
        let known: Option<i64> = sqlx::query_scalar("SELECT 1::bigint FROM pings LIMIT 1")
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
        // Most sites have no hub: they write nothing.
        if topics.is_empty() && known.is_none() {
            return Ok(());
        }
        let rows = json(&wanted(topics))?;
        let mut transaction = self.begin(Holding::Nothing).await?;
        sqlx::query(
            "DELETE FROM pings WHERE (hub, address) NOT IN
                 (SELECT hub, address FROM json_to_recordset($1::json) AS v(hub text, address text))",
        )
        .bind(&rows)
        .execute(&mut *transaction)
        .await
        .doing("record what hubs are to be told")?;
        sqlx::query(
            "INSERT INTO pings (hub, address, wanted, told, since, next_attempt)
             SELECT hub, address, version, CASE WHEN NOT written THEN version END, $2, CASE WHEN written THEN $2 END
             FROM json_to_recordset($1::json) AS v(hub text, address text, version text, written boolean)
             WHERE version IS NOT NULL
             ON CONFLICT (hub, address) DO UPDATE SET
                 wanted = excluded.wanted, since = excluded.since, attempts = 0, problem = NULL,
                 next_attempt = CASE WHEN excluded.wanted IS DISTINCT FROM pings.told THEN excluded.since END
             WHERE pings.wanted <> excluded.wanted",
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
            sqlx::query_as("SELECT * FROM pings WHERE next_attempt <= $1 ORDER BY hub, address")
                .bind(now.timestamp())
                .fetch_all(&self.pool)
                .await
                .doing("be read")?;
        rows.into_iter().map(ping).collect()
    }

    async fn settle_pings(&self, settled: &[Settled]) -> Result<(), StoreError> {
        let mut transaction = self.begin(Holding::Nothing).await?;
        sqlx::query(
            "UPDATE pings SET
                 told = CASE WHEN v.told THEN pings.wanted ELSE pings.told END, attempts = pings.attempts + 1,
                 next_attempt = v.next, problem = v.problem
             FROM json_to_recordset($1::json) AS v(hub text, address text, told boolean, next bigint, problem text)
             WHERE pings.hub = v.hub AND pings.address = v.address",
        )
        .bind(json(&outcomes(settled))?)
        .execute(&mut *transaction)
        .await
        .doing("record what hubs were told")?;
        transaction.commit().await.doing("record what hubs were told")
    }

    async fn open_pings(&self) -> Result<Vec<Ping>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT * FROM pings WHERE wanted IS DISTINCT FROM told ORDER BY hub, address")
                .fetch_all(&self.pool)
                .await
                .doing("be read")?;
        rows.into_iter().map(ping).collect()
    }
}
