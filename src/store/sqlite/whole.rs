//! The store as a whole, in `SQLite`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite, Transaction};

use crate::store::shared::tables::{tables, values};
use crate::store::sqlite::SqliteStore;
use crate::store::whole::{Row, Table, Tables, Value, Whole};
use crate::store::{Doing, StoreError};

#[async_trait]
impl Whole for SqliteStore {
    async fn as_it_is(&self) -> Result<Box<dyn Tables>, StoreError> {
        // What a transaction reads first decides of which moment all is that it reads.
        Ok(Box::new(SqliteTables { transaction: self.pool.begin().await.doing("be read")? }))
    }

    async fn to_change(&self) -> Result<Box<dyn Tables>, StoreError> {
        Ok(Box::new(SqliteTables { transaction: self.begin().await? }))
    }

    async fn damage(&self) -> Result<Vec<String>, StoreError> {
        let said: Vec<String> =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&self.pool).await.doing("be checked")?;
        let astray: Vec<(String, i64)> = sqlx::query_as(
            "SELECT \"table\" || ' of ' || parent, count(*) FROM pragma_foreign_key_check GROUP BY 1 ORDER BY 1",
        )
        .fetch_all(&self.pool)
        .await
        .doing("be checked")?;
        let astray = astray.into_iter().map(|(what, rows)| format!("{rows} rows refer to none: {what}"));
        Ok(said.into_iter().filter(|line| line != "ok").chain(astray).collect())
    }
}

/// Tables within a transaction.
struct SqliteTables {
    transaction: Transaction<'static, Sqlite>,
}

tables!(SqliteTables, Sqlite, {
    async fn counters(&mut self) -> Result<BTreeMap<String, i64>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT name, CAST(seq AS INTEGER) FROM sqlite_sequence WHERE seq > 0")
                .fetch_all(&mut *self.transaction)
                .await
                .doing("be read")?;
        Ok(rows.into_iter().collect())
    }

    async fn go_on_behind(&mut self, table: &Table, number: i64) -> Result<(), StoreError> {
        for statement in [
            "DELETE FROM sqlite_sequence WHERE name = ?1 AND ?2 > 0",
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)",
        ] {
            let query = sqlx::query(statement).bind(table.name).bind(number);
            query.execute(&mut *self.transaction).await.doing("be changed")?;
        }
        Ok(())
    }
});
