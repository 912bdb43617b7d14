//! The store as a whole, in `PostgreSQL`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Postgres, QueryBuilder, Transaction};

use crate::store::postgres::{Holding, PostgresStore};
use crate::store::shared::tables::{tables, values};
use crate::store::whole::{Row, Table, Tables, Value, Whole};
use crate::store::{Doing, StoreError};

#[async_trait]
impl Whole for PostgresStore {
    async fn as_it_is(&self) -> Result<Box<dyn Tables>, StoreError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let transaction = self.pool.begin_with(begin).await.doing("be read")?;
        Ok(Box::new(PostgresTables { transaction }))
    }

    async fn to_change(&self) -> Result<Box<dyn Tables>, StoreError> {
        Ok(Box::new(PostgresTables { transaction: self.begin(Holding::People).await? }))
    }

    async fn damage(&self) -> Result<Vec<String>, StoreError> {
        // A server looks after its own pages, and what rows refer to can't go without them.
        Ok(Vec::new())
    }
}

/// Tables within a transaction.
struct PostgresTables {
    transaction: Transaction<'static, Postgres>,
}

tables!(PostgresTables, Postgres, {
    async fn counters(&mut self) -> Result<BTreeMap<String, i64>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT left(sequencename::text, -length('_id_seq')), last_value FROM pg_sequences
             WHERE schemaname = current_schema() AND sequencename LIKE '%\\_id\\_seq' AND last_value > 0",
        )
        .fetch_all(&mut *self.transaction)
        .await
        .doing("be read")?;
        Ok(rows.into_iter().collect())
    }

    async fn go_on_behind(&mut self, table: &Table, number: i64) -> Result<(), StoreError> {
        sqlx::query("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)")
            .bind(table.name)
            .bind(number)
            .execute(&mut *self.transaction)
            .await
            .doing("be changed")?;
        Ok(())
    }
});
