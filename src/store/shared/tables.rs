//! Rows of whole tables, for both kinds of store: their drivers differ by type alone.

use crate::store::whole::{Row, Table};

/// A row's values, as its table has them. The other kind of store can't hold a NUL.
pub(in crate::store) fn values<'r, R>(row: &'r R, table: &Table) -> Result<Row, sqlx::Error>
where
    R: sqlx::Row,
    usize: sqlx::ColumnIndex<R>,
    Option<i64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    use crate::store::whole::Value;
    let value = |(index, (_, is_number)): (usize, (&str, bool))| {
        Ok(if is_number {
            Value::Number(row.try_get(index)?)
        } else {
            let text: Option<String> = row.try_get(index)?;
            Value::Text(
                text.map(|text| if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }),
            )
        })
    };
    table.columns().enumerate().map(value).collect()
}

/// Implements [`Tables`](crate::store::whole::Tables): what differs by the driver's types alone, and the verbs that are given.
/// The kind has a field `transaction`.
macro_rules! tables {
    ($kind:ty, $database:ty, { $($own:tt)* }) => {
        #[async_trait]
        impl Tables for $kind {
        $($own)*

        async fn count(&mut self, table: &Table) -> Result<u64, StoreError> {
            let rows: i64 = sqlx::query_scalar(AssertSqlSafe(table.count()))
                .fetch_one(&mut *self.transaction)
                .await
                .doing("be read")?;
            Ok(crate::store::shared::values::count(rows))
        }

        async fn page(
            &mut self,
            table: &Table,
            behind: Option<&Row>,
            most: u32,
        ) -> Result<Vec<Row>, StoreError> {
            let mut query =
                sqlx::query::<$database>(AssertSqlSafe(table.select(behind.is_some(), most)));
            for value in behind.into_iter().flat_map(|row| row.iter().take(table.key)) {
                query = match value {
                    Value::Number(number) => query.bind(*number),
                    Value::Text(text) => query.bind(text.as_deref()),
                };
            }
            let rows = query.fetch_all(&mut *self.transaction).await.doing("be read")?;
            rows.iter().map(|row| values(row, table)).collect::<Result<_, _>>().doing("be read")
        }

        async fn add(&mut self, table: &Table, rows: &[Row]) -> Result<(), StoreError> {
            if rows.is_empty() {
                return Ok(());
            }
            let mut query = QueryBuilder::<$database>::new(table.insert());
            query.push_values(rows, |mut list, row| {
                for value in row {
                    match value {
                        Value::Number(number) => list.push_bind(*number),
                        Value::Text(text) => list.push_bind(text.as_deref()),
                    };
                }
            });
            query.build().execute(&mut *self.transaction).await.doing("be filled")?;
            Ok(())
        }

        async fn ask(
            &mut self,
            question: &'static str,
            values: &[Value],
        ) -> Result<Vec<i64>, StoreError> {
            let mut query = sqlx::query_scalar::<$database, i64>(question);
            for value in values {
                query = match value {
                    Value::Number(number) => query.bind(*number),
                    Value::Text(text) => query.bind(text.as_deref()),
                };
            }
            query.fetch_all(&mut *self.transaction).await.doing("be read")
        }

        async fn change(
            &mut self,
            statement: &'static str,
            values: &[Value],
        ) -> Result<u64, StoreError> {
            let mut query = sqlx::query::<$database>(statement);
            for value in values {
                query = match value {
                    Value::Number(number) => query.bind(*number),
                    Value::Text(text) => query.bind(text.as_deref()),
                };
            }
            let done = query.execute(&mut *self.transaction).await.doing("be changed")?;
            Ok(done.rows_affected())
        }

        async fn keep(self: Box<Self>) -> Result<(), StoreError> {
            self.transaction.commit().await.doing("be changed")
        }
        }
    };
}
pub(in crate::store) use tables;
