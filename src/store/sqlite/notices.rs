//! Telling, in `SQLite`.

use crate::store::notices::Notices;
use crate::store::shared::values::json;
use crate::store::sqlite::SqliteStore;
use crate::store::{Doing, StoreError};
use async_trait::async_trait;

#[async_trait]
impl Notices for SqliteStore {
    async fn told(&self) -> Result<Vec<String>, StoreError> {
        sqlx::query_scalar("SELECT hash FROM notices ORDER BY hash")
            .fetch_all(&self.pool)
            .await
            .doing("be read")
    }

    async fn record_told(&self, hashes: &[String]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM notices").execute(&mut *transaction).await.doing("record notices")?;
        sqlx::query("INSERT INTO notices (hash) SELECT DISTINCT value FROM json_each(?)")
            .bind(json(&hashes)?)
            .execute(&mut *transaction)
            .await
            .doing("record notices")?;
        transaction.commit().await.doing("record notices")
    }
}
