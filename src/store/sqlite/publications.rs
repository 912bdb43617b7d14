//! Publishing, in `SQLite`.

use async_trait::async_trait;
use sqlx::{Sqlite, Transaction};

use crate::catalog::publication::Publication;
use crate::store::publications::Publications;
use crate::store::shared::publications::{MANY, Row, publication, written};
use crate::store::shared::values::json;
use crate::store::sqlite::SqliteStore;
use crate::store::{Doing, StoreError};

/// Writes records that are given as a list of lists.
const INSERT: &str = "INSERT INTO publications
         (number, id, declared_id, path, title, date, content_hash, first_published, changed, categories, withdrawn)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10
     FROM json_each(?) WHERE true
     ON CONFLICT (number) DO UPDATE SET
         declared_id = excluded.declared_id, path = excluded.path, title = excluded.title, date = excluded.date,
         content_hash = excluded.content_hash, changed = excluded.changed, categories = excluded.categories,
         withdrawn = excluded.withdrawn";

#[async_trait]
impl Publications for SqliteStore {
    async fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let mut all: Vec<Publication> = Vec::new();
        loop {
            // Many as one value: row by row, ten thousand of them take as long as reading their files.
            let rows: String = sqlx::query_scalar(
                "SELECT json_group_array(json_array(number, id, declared_id, path, title, date, content_hash,
                                                    first_published, changed, categories, withdrawn))
                 FROM (SELECT * FROM publications WHERE number > ? ORDER BY number LIMIT ?)",
            )
            .bind(all.last().map_or(i64::MIN, |last| last.number))
            .bind(MANY)
            .fetch_one(&self.pool)
            .await
            .doing("be read")?;
            let rows: Vec<Row> = serde_json::from_str(&rows)
                .map_err(|error| StoreError::Corrupt { what: "publications", value: error.to_string() })?;
            if rows.is_empty() {
                return Ok(all);
            }
            for row in rows {
                all.push(publication(row)?);
            }
        }
    }

    async fn highest_number(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar(
            "SELECT max(coalesce((SELECT max(number) FROM publications), 0),
                        coalesce((SELECT max(news) FROM absences), 0))",
        )
        .fetch_one(&self.pool)
        .await
        .doing("be read")
    }

    async fn ledger_revision(&self) -> Result<i64, StoreError> {
        let revision: Option<i64> =
            sqlx::query_scalar("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'ledger_revision'")
                .fetch_optional(&self.pool)
                .await
                .doing("be read")?;
        Ok(revision.unwrap_or(0))
    }

    async fn has_begun(&self) -> Result<bool, StoreError> {
        let begun: Option<i64> = sqlx::query_scalar("SELECT 1 FROM meta WHERE key = 'ledger_begun'")
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
        Ok(begun.is_some())
    }

    async fn record_publications(&self, records: &[Publication]) -> Result<(), StoreError> {
        if records.is_empty() && self.has_begun().await? {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        for records in records.chunks(MANY as usize) {
            let rows: Vec<_> = records.iter().map(written).collect();
            sqlx::query(INSERT)
                .bind(json(&rows)?)
                .execute(&mut *transaction)
                .await
                .doing("record publications")?;
        }
        sqlx::query("INSERT INTO meta (key, value) VALUES ('ledger_begun', 'yes') ON CONFLICT DO NOTHING")
            .execute(&mut *transaction)
            .await
            .doing("record publications")?;
        revise(&mut transaction).await?;
        transaction.commit().await.doing("record publications")
    }

    async fn record_ids(&self, ids: &[(i64, String)]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE publications SET id = v.value ->> 1 FROM json_each(?) AS v
             WHERE publications.number = v.value ->> 0",
        )
        .bind(json(&ids)?)
        .execute(&mut *transaction)
        .await
        .doing("record ids")?;
        revise(&mut transaction).await?;
        transaction.commit().await.doing("record ids")
    }

    async fn published_files(&self, root: &str) -> Result<Vec<String>, StoreError> {
        sqlx::query_scalar("SELECT path FROM published_files WHERE root = ? ORDER BY path")
            .bind(root)
            .fetch_all(&self.pool)
            .await
            .doing("be read")
    }

    async fn record_published_files(&self, root: &str, paths: &[String]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM published_files WHERE root = ?")
            .bind(root)
            .execute(&mut *transaction)
            .await
            .doing("record what was published")?;
        sqlx::query("INSERT INTO published_files (root, path) SELECT ?, value FROM json_each(?)")
            .bind(root)
            .bind(json(&paths)?)
            .execute(&mut *transaction)
            .await
            .doing("record what was published")?;
        transaction.commit().await.doing("record what was published")
    }
}

/// Marks that the ledger was written: by chance, so that an old copy of the store that goes its own way from here never
/// comes to the same mark.
async fn revise(transaction: &mut Transaction<'static, Sqlite>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (key, value)
         VALUES ('ledger_revision', CAST(random() & 0x7fffffffffffffff AS TEXT))
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .execute(&mut **transaction)
    .await
    .doing("be written")?;
    Ok(())
}
