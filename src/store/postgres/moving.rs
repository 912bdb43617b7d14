//! Moving subscribers in and out, in `PostgreSQL`.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::mail::address::Address;
use crate::store::moving::Moving;
use crate::store::postgres::{PostgresStore, adding, json};
use crate::store::shared::moving::{ActivityRow, StrangerRow, histories, stranger};
use crate::store::{Doing, StoreError};
use crate::subscribers::activity::Activity;
use crate::subscribers::adding::Known;
use crate::subscribers::subscriber::NewSubscriber;
use crate::subscribers::suppression::Suppression;

#[async_trait]
impl Moving for PostgresStore {
    async fn known(&self, people: &[NewSubscriber]) -> Result<BTreeMap<String, Known>, StoreError> {
        let mut connection = self.pool.acquire().await.doing("be read")?;
        adding::known(&mut connection, people).await
    }

    async fn histories(&self, addresses: &[Address]) -> Result<BTreeMap<String, Vec<Activity>>, StoreError> {
        let keys: Vec<String> = addresses.iter().map(Address::key).collect();
        let rows: Vec<ActivityRow> = sqlx::query_as(
            "SELECT key, at, kind, source, detail FROM activities
             WHERE key IN (SELECT json_array_elements_text($1::json)) ORDER BY at, id",
        )
        .bind(json(&keys)?)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        histories(rows)
    }

    async fn suppressed_strangers(
        &self,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<(Address, Suppression)>, StoreError> {
        let rows: Vec<StrangerRow> = sqlx::query_as(
            "SELECT x.address, x.cause, x.reason FROM suppressions x
             WHERE x.key > $1 AND x.address IS NOT NULL AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.key = x.key)
             ORDER BY x.key LIMIT $2",
        )
        .bind(after.unwrap_or_default())
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        rows.into_iter().map(stranger).collect()
    }
}
