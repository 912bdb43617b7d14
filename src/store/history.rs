//! How far a store has come: who it is, which numbers it gave, and whether it is a copy. So an old copy is told from the
//! store that was used last.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::store::custody::fresh_secret;
use crate::store::whole::{Row, TABLES, Tables, Value};
use crate::store::{Store, StoreError};

/// Where its own id is kept.
const ID: &str = "store";

/// Where a backup says that it is one, and of which moment.
const BACKUP: &str = "backup";

/// How far a store has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Its id; a copy has that of its original. None before anything was sent.
    pub store: Option<String>,
    /// The moment of which it is a backup, where it is one, as it was written.
    pub backup: Option<String>,
    /// The highest number that each numbered table gave.
    pub counters: BTreeMap<String, i64>,
    /// Up to which moment the slots of each digest have been dealt with, in seconds since 1970.
    pub digests: BTreeMap<String, i64>,
}

/// How far the store has come.
///
/// # Errors
/// The store can't be read.
pub async fn history(store: &dyn Store) -> Result<History, StoreError> {
    of(&mut *store.as_it_is().await?).await
}

/// As [`history`], and gives the store an id where it has none.
///
/// # Errors
/// The store can't be read or written.
pub async fn named(store: &dyn Store) -> Result<History, StoreError> {
    let found = history(store).await?;
    if found.store.is_some() {
        return Ok(found);
    }
    let mut tables = store.to_change().await?;
    name(&mut *tables).await?;
    tables.keep().await?;
    history(store).await
}

/// Gives the store an id; what had the one before is another store from now on.
pub(in crate::store) async fn name(tables: &mut dyn Tables) -> Result<(), StoreError> {
    write(tables, ID, &fresh_secret()?[..32]).await
}

/// Marks the tables as a backup of this moment.
///
/// # Errors
/// They can't be written.
pub async fn mark_backup(tables: &mut dyn Tables, now: DateTime<Utc>) -> Result<(), StoreError> {
    write(tables, BACKUP, &now.to_rfc3339()).await
}

/// The tables are those of a store that is in use from now on.
pub(in crate::store) async fn unmark_backup(tables: &mut dyn Tables) -> Result<(), StoreError> {
    tables.change("DELETE FROM meta WHERE key = $1", &[BACKUP.into()]).await.map(drop)
}

/// Writes a line of what is known of the store itself.
pub(in crate::store) async fn write(
    tables: &mut dyn Tables,
    key: &str,
    value: &str,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tables.change(statement, &[key.into(), value.into()]).await.map(drop)
}

async fn of(tables: &mut dyn Tables) -> Result<History, StoreError> {
    let mut history = History { counters: tables.counters().await?, ..History::default() };
    for row in all(tables, "meta").await? {
        if let [Value::Text(Some(key)), Value::Text(value)] = row.as_slice() {
            match key.as_str() {
                ID => history.store.clone_from(value),
                BACKUP => history.backup.clone_from(value),
                _ => {}
            }
        }
    }
    for row in all(tables, "digests").await? {
        if let [Value::Text(Some(name)), Value::Number(Some(handled))] = row.as_slice() {
            history.digests.insert(name.clone(), *handled);
        }
    }
    Ok(history)
}

/// All rows of a small table.
async fn all(tables: &mut dyn Tables, name: &str) -> Result<Vec<Row>, StoreError> {
    let Some(table) = TABLES.iter().find(|table| table.name == name) else { return Ok(Vec::new()) };
    tables.page(table, None, u32::from(u16::MAX)).await
}
