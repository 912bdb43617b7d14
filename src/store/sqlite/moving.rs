//! Moving subscribers in and out, in `SQLite`.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::mail::address::Address;
use crate::store::moving::Moving;
use crate::store::sqlite::subscribers::suppression;
use crate::store::sqlite::{SqliteStore, adding, json, moment, read};
use crate::store::{Doing, StoreError};
use crate::subscribers::activity::{Activity, Kind};
use crate::subscribers::adding::Known;
use crate::subscribers::subscriber::NewSubscriber;
use crate::subscribers::suppression::Suppression;

#[async_trait]
impl Moving for SqliteStore {
    async fn known(&self, people: &[NewSubscriber]) -> Result<BTreeMap<String, Known>, StoreError> {
        let mut connection = self.pool.acquire().await.doing("be read")?;
        adding::known(&mut connection, people).await
    }

    async fn histories(&self, addresses: &[Address]) -> Result<BTreeMap<String, Vec<Activity>>, StoreError> {
        let keys: Vec<String> = addresses.iter().map(Address::key).collect();
        let rows: Vec<(String, i64, String, String, String)> = sqlx::query_as(
            "SELECT key, at, kind, source, detail FROM activities
             WHERE key IN (SELECT value FROM json_each(?)) ORDER BY at, id",
        )
        .bind(json(&keys)?)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let mut histories: BTreeMap<String, Vec<Activity>> = BTreeMap::new();
        for (key, at, kind, source, detail) in rows {
            let kind = read("a kind of activity", &kind, Kind::from_word)?;
            histories.entry(key).or_default().push(Activity { at: moment(at)?, kind, source, detail });
        }
        Ok(histories)
    }

    async fn suppressed_strangers(
        &self,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<(Address, Suppression)>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT x.address, x.cause, x.reason FROM suppressions x
             WHERE x.key > ? AND x.address IS NOT NULL AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.key = x.key)
             ORDER BY x.key LIMIT ?",
        )
        .bind(after.unwrap_or_default())
        .bind(most)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let stranger = |(address, cause, reason): (String, String, String)| {
            let address = read("an address", &address, |text| text.parse().ok())?;
            Ok((address, suppression(&cause, reason)?))
        };
        rows.into_iter().map(stranger).collect()
    }
}
