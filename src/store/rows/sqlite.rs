//! Rows of a database of `SQLite`.

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Number, Value};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column, Connection, Row, SqliteConnection, TypeInfo, ValueRef};

use crate::store::rows::query::{Query, QueryError, SINCE};
use crate::store::{Doing, StoreError};

/// How long one waits for whoever is writing.
const PATIENCE: Duration = Duration::from_secs(20);

/// Calls `take` with each row of a query on the database at `address`, `sqlite:path`.
///
/// # Errors
/// The database can't be opened or the query not be run, or `take` refuses a row.
pub(super) async fn each<E: From<QueryError>>(
    address: &str,
    query: Query<'_>,
    mut take: impl FnMut(Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let mut connection = open(address).await.map_err(QueryError::from)?;
    // The operator's own words: they could as well run sqlite3, and the file is opened to be read.
    let sql = AssertSqlSafe(query.text.replace(SINCE, "?1"));
    let mut statement = sqlx::query(sql);
    if query.text.contains(SINCE) {
        statement = match query.since {
            Some(Value::Number(number)) => match number.as_i64() {
                Some(whole) => statement.bind(whole),
                None => statement.bind(number.as_f64()),
            },
            Some(Value::String(text)) => statement.bind(text.clone()),
            _ => statement.bind(None::<String>),
        };
    }
    let mut rows = statement.fetch(&mut connection);
    while let Some(row) = next(&mut rows).await.doing("be read").map_err(QueryError::from)? {
        take(object(&row).map_err(QueryError::from)?)?;
    }
    Ok(())
}

async fn open(address: &str) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::from_str(address)
        .doing("be found")?
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(PATIENCE);
    SqliteConnection::connect_with(&options).await.doing("be opened")
}

type Rows<'a> = futures_core::stream::BoxStream<'a, Result<SqliteRow, sqlx::Error>>;

async fn next(rows: &mut Rows<'_>) -> Result<Option<SqliteRow>, sqlx::Error> {
    std::future::poll_fn(|context| rows.as_mut().poll_next(context)).await.transpose()
}

fn object(row: &SqliteRow) -> Result<Map<String, Value>, StoreError> {
    let mut object = Map::new();
    for column in row.columns() {
        let raw = row.try_get_raw(column.ordinal()).doing("be read")?;
        let kind = raw.type_info().name().to_owned();
        let (at, is_null) = (column.ordinal(), raw.is_null());
        let value = match kind.as_str() {
            _ if is_null => Value::Null,
            "INTEGER" | "BOOLEAN" => row.try_get_unchecked::<i64, _>(at).doing("be read")?.into(),
            "REAL" => Number::from_f64(row.try_get_unchecked::<f64, _>(at).doing("be read")?).into(),
            "BLOB" => {
                let bytes: Vec<u8> = row.try_get_unchecked(at).doing("be read")?;
                String::from_utf8_lossy(&bytes).into()
            }
            _ => row.try_get_unchecked::<String, _>(at).doing("be read")?.into(),
        };
        object.insert(column.name().to_owned(), value);
    }
    Ok(object)
}
