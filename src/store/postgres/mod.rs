//! The store on a server of `PostgreSQL`, for those who have one, or several machines.
//!
//! Many write at once here, so each transaction that decides something by what it read says beforehand whom it keeps
//! out (`Holding`). Texts are compared by their bytes, as in the other store. Verbs take groups and are one statement
//! each, over lists of rows in JSON.

mod adding;
pub(in crate::store) mod address;
mod custody;
mod deliveries;
mod editorial;
mod erasing;
mod issues;
mod moving;
mod notices;
mod open_issue;
mod pings;
mod preferring;
mod publications;
mod requests;
mod retention;
mod schema;
mod subscribers;
mod whole;
mod wishes;

use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Postgres, Transaction};
use tokio::sync::Mutex;
use url::Url;

use crate::store::postgres::schema::Standing;
use crate::store::rows::postgres_trouble::Trouble;
use crate::store::shared::values;
use crate::store::{Doing, StoreError};

/// How long a writer waits for another one, and everybody for a connection.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(30);

/// Connections beside the first: a run asks for one or two at a time, a server of forms for some more.
const CONNECTIONS: u32 = 6;

/// What every connection is told. With `synchronous_commit` off, a crash forgets outcomes that a mail server has answered
/// already, and their mails would be sent twice; what asks for more than `on` stays.
const MANNERS: &str = "SET lock_timeout = '20s'; SET client_min_messages = warning; \
                       SELECT set_config('synchronous_commit', 'on', false) \
                       WHERE current_setting('synchronous_commit') = 'off'";

/// A store in a database on a server.
pub struct PostgresStore {
    pool: PgPool,
    /// Opened first, to hear what is wrong with the way to the server; later it holds the run lock, which ends with it.
    first: Mutex<Option<First>>,
}

/// The first connection.
struct First {
    connection: PgConnection,
    has_run_lock: bool,
}

/// Without the address: it may hold a password.
impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

/// Whom a transaction keeps out until it ends. Readers and writers of people exclude each other, for "may this one be
/// mailed?" must hold until the answer is written down. Whoever takes two locks takes that of people first.
#[derive(Clone, Copy, Debug)]
enum Holding {
    /// Nobody: one statement, or rows that are only added to.
    Nothing,
    /// Everybody who decides by people: this changes who may be mailed, or what they chose.
    People,
    /// Those who change people or issues: this hands out what waits.
    Deliveries,
    /// As before, and others who record attempts: they would wait for each other's rows in circles.
    Attempts,
    /// Those who change people, and everybody who hands out deliveries: this opens issues, or decides of them.
    Issues,
}

impl Holding {
    /// The statement that takes its locks. They are named after the schema: two stores in one database don't wait for
    /// each other.
    fn statement(self) -> Option<String> {
        let locks: &[(&str, &str)] = match self {
            Self::Nothing => return None,
            Self::People => &[("", "people")],
            Self::Deliveries => &[("_shared", "people"), ("_shared", "issues")],
            Self::Attempts => &[("_shared", "people"), ("_shared", "issues"), ("", "attempts")],
            Self::Issues => &[("_shared", "people"), ("", "issues")],
        };
        let lock =
            |(kind, name): &(&str, &str)| format!("pg_advisory_xact_lock{kind}({})", lock_number(name));
        Some(format!("SELECT {}", locks.iter().map(lock).collect::<Vec<_>>().join(", ")))
    }
}

/// The expression for the number of an advisory lock.
fn lock_number(name: &str) -> String {
    format!("hashtextextended('tidings {name} of ' || current_schema(), 0)")
}

impl PostgresStore {
    /// Opens the database at `address`, `postgres://user@host/name`. One without tables of ours gets them.
    ///
    /// # Errors
    /// A server that can't be reached or refuses us; tables of an older version, which [`Self::migrate`] brings up to
    /// date, or of a newer one.
    pub async fn open(address: &Url) -> Result<Self, StoreError> {
        let store = Self::connect(address).await?;
        match store.standing().await? {
            Standing::Current => {}
            Standing::Empty => store.make_tables().await?,
            other => return Err(other.fault()),
        }
        Ok(store)
    }

    /// Opens the database to look at; none where it has no tables of ours yet.
    ///
    /// # Errors
    /// As of [`Self::open`].
    pub async fn look(address: &Url) -> Result<Option<Self>, StoreError> {
        let store = Self::connect(address).await?;
        match store.standing().await? {
            Standing::Current => Ok(Some(store)),
            Standing::Empty => Ok(None),
            other => Err(other.fault()),
        }
    }

    /// Brings the tables up to date, and makes those that are missing. Returns how many steps that took.
    ///
    /// # Errors
    /// As of [`Self::open`], but for tables of an older version.
    pub async fn migrate(address: &Url) -> Result<usize, StoreError> {
        let store = Self::connect(address).await?;
        let steps = match store.standing().await? {
            Standing::Current => 0,
            Standing::Empty => schema::steps(),
            Standing::Older(behind) => behind,
            other => return Err(other.fault()),
        };
        if steps > 0 {
            store.make_tables().await?;
        }
        crate::store::custody::Custody::close(&store).await;
        Ok(steps)
    }

    async fn connect(address: &Url) -> Result<Self, StoreError> {
        let options = address::options(address).map_err(|error| Trouble::from(error).of_store())?;
        let connecting = tokio::time::timeout(CONNECTING, PgConnection::connect_with(&options)).await;
        let connection = connecting
            .map_err(|_| Trouble::Late(CONNECTING))
            .and_then(|connected| connected.map_err(Trouble::from))
            .map_err(Trouble::of_store)?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(sqlx::raw_sql(MANNERS)).await.map(drop) })
            })
            .connect_lazy_with(options);
        Ok(Self { pool, first: Mutex::new(Some(First { connection, has_run_lock: false })) })
    }

    /// A transaction that keeps others out as far as it has to.
    async fn begin(&self, holding: Holding) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.pool.begin().await.doing("be written")?;
        if let Some(statement) = holding.statement() {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut *transaction).await.doing("be written")?;
        }
        Ok(transaction)
    }

    /// Takes the run lock on the first connection. False if another process has it.
    async fn take_run_lock(&self) -> Result<bool, StoreError> {
        let mut first = self.first.lock().await;
        let Some(first) = first.as_mut() else { return Ok(false) };
        if first.has_run_lock {
            return Ok(true);
        }
        let statement = format!("SELECT pg_try_advisory_lock({})", lock_number("run"));
        first.has_run_lock = sqlx::query_scalar(AssertSqlSafe(statement))
            .fetch_one(&mut first.connection)
            .await
            .doing("be locked")?;
        Ok(first.has_run_lock)
    }

    /// Fails if the run lock was held and its connection is gone: somebody else may have it by now.
    async fn keep_run_lock(&self) -> Result<(), StoreError> {
        match self.first.lock().await.as_mut() {
            Some(first) if first.has_run_lock => first.connection.ping().await.doing("keep the run lock"),
            _ => Ok(()),
        }
    }
}

impl crate::store::Store for PostgresStore {}

/// A list for `json_to_recordset`. The server's texts hold no NUL, which a mail server's reply may; a sign that
/// something was there takes its place.
fn json<T: serde::Serialize>(values: &T) -> Result<String, StoreError> {
    let text = values::json(values)?;
    if !text.contains("\\u0000") {
        return Ok(text);
    }
    // An escaped backslash before `u0000` is no NUL: pairs are stepped over.
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        clean.push_str(before);
        let length = if escape.starts_with("\\u") { 6 } else { 2 };
        let (escape, behind) = escape.split_at(length.min(escape.len()));
        clean.push_str(if escape == "\\u0000" { "\u{fffd}" } else { escape });
        rest = behind;
    }
    clean.push_str(rest);
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn a_nul_that_the_server_cannot_hold_gives_way_to_a_sign() {
        let table = [
            ("a\0b", "[\"a\u{fffd}b\"]"),
            ("a\\u0000b", "[\"a\\\\u0000b\"]"),
            ("\\\0\n", "[\"\\\\\u{fffd}\\n\"]"),
        ];
        for (text, expected) in table {
            assert_eq!(json(&[text]).unwrap(), expected);
        }
    }
}
