//! The store itself, in `SQLite`.

use async_trait::async_trait;
use data_encoding::HEXLOWER;

use crate::store::custody::Custody;
use crate::store::sqlite::SqliteStore;
use crate::store::{Doing, StoreError};

#[async_trait]
impl Custody for SqliteStore {
    async fn secret(&self) -> Result<Vec<u8>, StoreError> {
        if let Some(secret) = self.known_secret().await? {
            return Ok(secret);
        }
        let mut fresh = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut fresh).map_err(|_| StoreError::Corrupt {
            what: "no secret, for the system gives no random bytes",
            value: String::new(),
        })?;
        let mut transaction = self.begin().await?;
        sqlx::query("INSERT INTO meta (key, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING")
            .bind(HEXLOWER.encode(&fresh))
            .execute(&mut *transaction)
            .await
            .doing("be written")?;
        transaction.commit().await.doing("be written")?;
        let secret = self.known_secret().await?;
        secret.ok_or_else(|| StoreError::Corrupt { what: "no secret", value: String::new() })
    }

    async fn close(&self) {
        self.writers.close().await;
        self.pool.close().await;
    }
}

impl SqliteStore {
    /// The secret, where there is one. Good random bytes take the system longer than all else that a run without
    /// anything to do takes, so they are made once.
    async fn known_secret(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let known: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'secret'")
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
        let decode = |text: String| HEXLOWER.decode(text.as_bytes());
        known
            .map(decode)
            .transpose()
            .map_err(|_| StoreError::Corrupt { what: "a secret", value: "(hidden)".to_owned() })
    }
}
