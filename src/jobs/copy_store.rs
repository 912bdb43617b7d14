//! Copying a whole store into an empty one: table by table, page by page, and then each table's rows are read again and
//! held against the original's.

use anyhow::{Result, bail};
use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;

use crate::store::whole::{Row, TABLES, Table, Tables};

/// Rows that are read and written at a time: one of them can be a whole edition.
const PAGE: u32 = 250;

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// The table's name.
    pub table: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 of all its rows in the order of their keys, in hexadecimal; the same in each kind of store.
    pub hash: String,
}

/// A row is read or written; so many at once.
pub type Watch<'a> = &'a (dyn Fn(u64) + Send + Sync);

/// How many rows there are.
///
/// # Errors
/// The store can't be read.
pub async fn rows(tables: &mut dyn Tables) -> Result<u64> {
    let mut rows = 0;
    for table in &TABLES {
        rows += tables.count(table).await?;
    }
    Ok(rows)
}

/// What each table holds.
///
/// # Errors
/// The store can't be read.
pub async fn sums(tables: &mut dyn Tables, watch: Watch<'_>) -> Result<Vec<Sum>> {
    let mut sums = Vec::with_capacity(TABLES.len());
    for table in &TABLES {
        let mut sum = Summing::of(table);
        while let Some(page) = sum.next(tables).await? {
            watch(page.len() as u64);
        }
        sums.push(sum.finish());
    }
    Ok(sums)
}

/// Copies all tables, and reads them again. Nothing is kept unless the caller does.
///
/// # Errors
/// A store that can't be read or written; one to copy into that is not empty; a copy that is not the same.
pub async fn copy(from: &mut dyn Tables, to: &mut dyn Tables, watch: Watch<'_>) -> Result<Vec<Sum>> {
    let found = rows(to).await?;
    if found > 0 {
        bail!("there is a store already, with {found} rows; a copy goes into an empty one");
    }
    let mut originals = Vec::with_capacity(TABLES.len());
    for table in &TABLES {
        let mut sum = Summing::of(table);
        while let Some(page) = sum.next(from).await? {
            to.add(table, &page).await?;
            watch(page.len() as u64);
        }
        originals.push(sum.finish());
    }
    let counters = from.counters().await?;
    for table in TABLES.iter().filter(|table| table.is_numbered) {
        // A number that somebody had is not given to somebody else, even where their row is gone.
        if let Some(number) = counters.get(table.name) {
            to.go_on_behind(table, *number).await?;
        }
    }
    let copies = sums(to, watch).await?;
    if let Some((original, copy)) = originals.iter().zip(&copies).find(|(original, copy)| original != copy) {
        bail!(
            "the copy of the table {} is not the same: {} rows became {}",
            original.table,
            original.rows,
            copy.rows
        );
    }
    Ok(copies)
}

/// A table that is read from its beginning to its end.
struct Summing {
    table: &'static Table,
    rows: u64,
    hash: Context,
    last: Option<Row>,
}

impl Summing {
    fn of(table: &'static Table) -> Self {
        Self { table, rows: 0, hash: Context::new(&SHA256), last: None }
    }

    /// The next rows.
    async fn next(&mut self, tables: &mut dyn Tables) -> Result<Option<Vec<Row>>> {
        let page = tables.page(self.table, self.last.as_ref(), PAGE).await?;
        for row in &page {
            self.hash.update(&serde_json::to_vec(row)?);
        }
        self.rows += page.len() as u64;
        let Some(last) = page.last() else { return Ok(None) };
        self.last = Some(last.clone());
        Ok(Some(page))
    }

    fn finish(self) -> Sum {
        let hash = data_encoding::HEXLOWER.encode(self.hash.finish().as_ref());
        Sum { table: self.table.name, rows: self.rows, hash }
    }
}
