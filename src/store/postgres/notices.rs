//! Telling, in `PostgreSQL`.

use crate::store::notices::Notices;
use crate::store::postgres::{Holding, PostgresStore};
use crate::store::{Doing, StoreError};
use async_trait::async_trait;

#[async_trait]
impl Notices for PostgresStore {
    async fn told(&self) -> Result<Vec<String>, StoreError> {
        sqlx::query_scalar("SELECT hash FROM notices ORDER BY hash")
            .fetch_all(&self.pool)
            .await
            .doing("be read")
    }

    async fn record_told(&self, hashes: &[String]) -> Result<(), StoreError> {
        let mut transaction = self.begin(Holding::Nothing).await?;
        sqlx::query("DELETE FROM notices").execute(&mut *transaction).await.doing("record notices")?;
        sqlx::query("INSERT INTO notices (hash) SELECT DISTINCT unnest($1::text[])")
            .bind(hashes)
            .execute(&mut *transaction)
            .await
            .doing("record notices")?;
        transaction.commit().await.doing("record notices")
    }
}
