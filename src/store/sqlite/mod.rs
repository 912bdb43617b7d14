//! The embedded store: one `SQLite` file beside the site.
//!
//! WAL with synchronous=FULL: with NORMAL a power cut forgets outcomes that a server has answered already, and
//! their mails would be sent twice. Verbs take groups and are one statement each, over `json_each`.

mod adding;
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
mod subscribers;
mod whole;
mod wishes;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

use crate::store::{Doing, StoreError};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/store/sqlite/migrations");

/// How long a writer waits for another one (the command line beside a run).
const PATIENCE: Duration = Duration::from_secs(20);

/// A store in one file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    /// For questions.
    pool: SqlitePool,
    /// For transactions. Opened by the first one: most runs write nothing.
    writers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, makes it where it is missing, and brings its tables up to date.
    ///
    /// # Errors
    /// A file that can't be opened or written, or that a newer version of Tidings made.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            // What is deleted is overwritten: whoever was erased is in no free page of the file either.
            .pragma("secure_delete", "ON")
            .foreign_keys(true);
        let pool = one_connection().connect_with(options.clone()).await.doing("be opened")?;
        let writers = SqlitePoolOptions::new().max_connections(4).connect_lazy_with(options);
        Self { pool, writers }.up_to_date().await
    }

    /// A store that is forgotten when it is closed.
    ///
    /// # Errors
    /// The system gives no memory.
    pub async fn in_memory() -> Result<Self, StoreError> {
        // Each connection to memory is a database of its own, so there is one that never ends.
        let lasting = one_connection().idle_timeout(None).max_lifetime(None);
        let options = SqliteConnectOptions::new().in_memory(true);
        let pool = lasting.connect_with(options).await.doing("be opened")?;
        Self { writers: pool.clone(), pool }.up_to_date().await
    }

    /// With the tables that this version of Tidings needs. Mostly they are there: one question tells, where the
    /// migrator has three. A new file has no answer.
    async fn up_to_date(self) -> Result<Self, StoreError> {
        let applied: Result<Vec<(i64, Vec<u8>)>, _> =
            sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
                .fetch_all(&self.pool)
                .await;
        let wanted = MIGRATIONS.iter().map(|migration| (migration.version, migration.checksum.to_vec()));
        if !applied.is_ok_and(|applied| applied.into_iter().eq(wanted)) {
            MIGRATIONS.run(&self.pool).await.map_err(|cause| StoreError::Migration { cause })?;
        }
        Ok(self)
    }

    /// A transaction that holds the write lock from its start, so that it never fails half-way for want of it.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.writers.begin_with("BEGIN IMMEDIATE").await.doing("be written")
    }
}

impl crate::store::Store for SqliteStore {}

/// A second connection, which a pool opens while the first is on its way back to it, takes longer to open than all
/// questions of a run without anything to do. A file needs no test whether it is still there.
fn one_connection() -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(1).test_before_acquire(false)
}
