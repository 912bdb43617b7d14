//! Rows of a database on a server of `PostgreSQL`. The server makes JSON of them, so that whatever type it knows comes as
//! it would show it; a cursor gives them in portions, so that neither side holds more than one.

use std::pin::Pin;
use std::time::Duration;

use serde_json::{Map, Value};
use sqlx::postgres::{PgColumn, PgRow, PgTypeInfo, PgTypeKind};
use sqlx::{AssertSqlSafe, Column, Connection, Executor, PgConnection, Row, SqlSafeStr, Statement, TypeInfo};
use url::Url;

use crate::store::postgres::address;
use crate::store::rows::postgres_query::{Asked, CASTS, cast};
use crate::store::rows::postgres_trouble::Trouble;
use crate::store::rows::query::{Query, QueryError};

/// Rows at a time, each portion with the source's `timeout` to itself.
const PORTION: usize = 1000;

/// How much longer we wait than the server does: it says more of why.
const MARGIN: Duration = Duration::from_secs(5);

/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// Calls `take` with each row of a query on the database at `address`, `postgres://user@host/name`.
///
/// # Errors
/// The server can't be reached or the query not be run, or `take` refuses a row.
pub(super) async fn each<E: From<QueryError>>(
    address: &Url,
    query: Query<'_>,
    take: impl FnMut(Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let mut session = Session::open(address, query.timeout).await.map_err(|trouble| trouble.explain(None))?;
    let read = session.read(query, take).await;
    // Without it, the server would log a client that went away.
    let _ = tokio::time::timeout(GOODBYE, session.connection.close()).await;
    read
}

/// A connection, and how long each step on it may take.
struct Session {
    connection: PgConnection,
    limit: Duration,
}

impl Session {
    async fn open(address: &Url, limit: Duration) -> Result<Self, Trouble> {
        let options = address::options(address)?;
        let connection = tokio::time::timeout(limit, PgConnection::connect_with(&options));
        let connection = connection.await.map_err(|_| Trouble::Late(limit))??;
        Ok(Self { connection, limit })
    }

    async fn read<E: From<QueryError>>(
        &mut self,
        query: Query<'_>,
        mut take: impl FnMut(Map<String, Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        let asked = Asked::new(query.text);
        self.begin().await.map_err(|trouble| trouble.explain(None))?;
        let columns = self.describe(&asked).await?;
        self.declare(&asked, &columns, query.since).await.map_err(|trouble| trouble.explain(None))?;
        let fetch = format!("FETCH {PORTION} FROM articles");
        let limit = self.limit + MARGIN;
        loop {
            let mut rows = sqlx::query(AssertSqlSafe(fetch.as_str())).fetch(&mut self.connection);
            let mut count = 0;
            while let Some(row) = next(&mut rows, limit).await.map_err(|trouble| trouble.explain(None))? {
                count += 1;
                take(object(&row)?)?;
            }
            if count < PORTION {
                return Ok(());
            }
        }
    }

    /// Nothing is written, whatever the query calls, and no step takes longer than it may.
    async fn begin(&mut self) -> Result<(), Trouble> {
        let limit = i32::try_from(self.limit.as_millis()).unwrap_or(i32::MAX);
        // A cursor would be planned for its first rows: all of them are read.
        let sql = format!(
            "SET statement_timeout = {limit}; SET default_transaction_read_only = on; SET cursor_tuple_fraction = 1"
        );
        let set =
            tokio::time::timeout(self.limit, sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection));
        set.await.map_err(|_| Trouble::Late(self.limit))??;
        Ok(())
    }

    /// The columns that the query gives: what is wrong with it shows here, with the place.
    async fn describe(&mut self, asked: &Asked<'_>) -> Result<Vec<PgColumn>, QueryError> {
        let columns = match self.prepare(asked.without_value()).await {
            Ok(columns) => columns,
            Err(trouble) if asked.has_since() && trouble.is_about_types() => {
                self.with_some_type(asked).await.ok_or_else(|| trouble.explain(Some(asked)))?
            }
            Err(trouble) => return Err(trouble.explain(Some(asked))),
        };
        if columns.is_empty() {
            return Err(QueryError::new("the query gives no columns", "it has to be one SELECT"));
        }
        for (index, column) in columns.iter().enumerate() {
            let name = column.name();
            if columns[..index].iter().any(|other| other.name() == name) {
                let hint = "name the columns one by one, and give one of them another name with AS";
                return Err(QueryError::new(format!("two columns are named {name:?}"), hint));
            }
            if matches!(plain(column.type_info()).name(), "BYTEA" | "BYTEA[]") {
                let hint =
                    format!("if it is text, write convert_from({name}, 'UTF8') AS {name}; else leave it out");
                return Err(QueryError::new(
                    format!("the column {name:?} is bytea, bytes and no text"),
                    hint,
                ));
            }
        }
        Ok(columns)
    }

    /// The columns where `:since` has the type that the column `changed` turns out to have.
    async fn with_some_type(&mut self, asked: &Asked<'_>) -> Option<Vec<PgColumn>> {
        for tried in CASTS {
            let columns = self.prepare(asked.with(&format!("(NULL::{tried})"))).await;
            if let Ok(columns) = columns
                && cast_of_changed(&columns) == Some(tried)
            {
                return Some(columns);
            }
        }
        None
    }

    async fn prepare(&mut self, sql: String) -> Result<Vec<PgColumn>, Trouble> {
        let limit = self.limit + MARGIN;
        let prepared = (&mut self.connection).prepare(AssertSqlSafe(sql).into_sql_str());
        let prepared = tokio::time::timeout(limit, prepared).await.map_err(|_| Trouble::Late(limit))??;
        Ok(prepared.columns().to_vec())
    }

    async fn declare(
        &mut self,
        asked: &Asked<'_>,
        columns: &[PgColumn],
        since: Option<&Value>,
    ) -> Result<(), Trouble> {
        let cast = cast_of_changed(columns).filter(|_| asked.has_since());
        // The server reads the value as it has written it.
        let value = cast.map_or_else(|| "NULL".to_owned(), |cast| format!("($1::text::{cast})"));
        let query = asked.with(&value);
        let sql = format!(
            "DECLARE articles NO SCROLL CURSOR FOR SELECT row_to_json(article)::text FROM (\n{query}\n) AS article"
        );
        let mut statement = sqlx::query(AssertSqlSafe(sql));
        if cast.is_some() {
            statement = statement.bind(match since {
                Some(Value::String(text)) => Some(text.clone()),
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => None,
            });
        }
        let limit = self.limit + MARGIN;
        let all = async {
            self.connection.execute("BEGIN READ ONLY").await?;
            statement.execute(&mut self.connection).await
        };
        tokio::time::timeout(limit, all).await.map_err(|_| Trouble::Late(limit))??;
        Ok(())
    }
}

/// What a value of the column `changed` is cast to.
fn cast_of_changed(columns: &[PgColumn]) -> Option<&'static str> {
    let changed = columns.iter().find(|column| column.name().eq_ignore_ascii_case("changed"))?;
    cast(plain(changed.type_info()).name())
}

/// The type that a domain is made of.
fn plain(mut kind: &PgTypeInfo) -> &PgTypeInfo {
    while let PgTypeKind::Domain(inner) = kind.kind() {
        kind = inner;
    }
    kind
}

type Rows<'a> = futures_core::stream::BoxStream<'a, Result<PgRow, sqlx::Error>>;

async fn next(rows: &mut Rows<'_>, limit: Duration) -> Result<Option<PgRow>, Trouble> {
    let row = std::future::poll_fn(|context| Pin::as_mut(rows).poll_next(context));
    let row = tokio::time::timeout(limit, row).await.map_err(|_| Trouble::Late(limit))?;
    Ok(row.transpose()?)
}

fn object(row: &PgRow) -> Result<Map<String, Value>, QueryError> {
    let text: &str = row.try_get(0).map_err(|error| Trouble::from(error).explain(None))?;
    serde_json::from_str(text).map_err(|error| {
        let shown: String = text.chars().take(60).collect();
        QueryError::new(format!("a row can't be understood: {error}: {shown}…"), "leave the column out")
    })
}
