//! A query on somebody else's database: what is asked, whom, and what may go wrong.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::catalog::source::database::Database;
use crate::store::StoreError;
use crate::store::rows::{postgres, sqlite};

/// Where a query gives the moment up to which its rows are known.
pub const SINCE: &str = ":since";

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// Of which database.
    pub database: &'a Database,
    /// In its own SQL, with or without `:since`.
    pub text: &'a str,
    /// The value of `:since`: the highest that its column `changed` had; `None` is NULL.
    pub since: Option<&'a Value>,
    /// How long a server may take to answer, and for each next thousand of rows.
    pub timeout: Duration,
}

/// Why a database gives no rows.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What happened, and where in the query.
    pub message: String,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// Whether the value of `:since` is none for the query as it is now: it has to be read from its beginning.
    pub is_of_since: bool,
}

impl QueryError {
    /// With what to do about it.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()), is_of_since: false }
    }
}

impl From<StoreError> for QueryError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string().replacen("the store", "the database", 1);
        Self { message, hint: None, is_of_since: false }
    }
}

/// Calls `take` with each row of a query; columns by name. What `take` refuses ends the reading.
///
/// # Errors
/// The database can't be opened or the query not be run, or `take` refuses a row.
pub async fn each<E: From<QueryError>>(
    query: Query<'_>,
    take: impl FnMut(Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    match query.database {
        Database::Sqlite(address) => sqlite::each(address, query, take).await,
        Database::Postgres(address) => postgres::each(address, query, take).await,
        Database::Unknown(_) => {
            Err(QueryError::new("the database is none that can be read", "look at `database`").into())
        }
    }
}
