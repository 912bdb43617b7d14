//! The verbs of a store as a whole: its tables, row by row, for whoever copies, checks or resumes it. Statements here are
//! the same for both kinds of store. Knows nothing of what rows mean.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::Serialize;

use crate::store::StoreError;

/// A table of the store.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns in their order, apart by spaces; those of whole numbers end with `#`.
    pub columns: &'static str,
    /// How many of the first columns tell rows apart.
    pub key: usize,
    /// Whether it gives its rows numbers, in the column `id`, none of them twice.
    pub is_numbered: bool,
}

const fn keyed(name: &'static str, columns: &'static str, key: usize) -> Table {
    Table { name, columns, key, is_numbered: false }
}

const fn numbered(name: &'static str, columns: &'static str) -> Table {
    Table { name, columns, key: 1, is_numbered: true }
}

/// All tables; what one refers to comes before it.
pub const TABLES: [Table; 18] = [
    keyed("meta", "key value", 1),
    keyed(
        "publications",
        "number# id declared_id path title date content_hash first_published# changed# categories withdrawn#",
        1,
    ),
    keyed("published_files", "root path", 2),
    keyed("pings", "hub address wanted told since# attempts# next_attempt# problem", 2),
    keyed("notices", "hash", 1),
    keyed("keys", "id# secret made# retired#", 1),
    numbered("subscribers", "id# key address name language time_zone minute# state added# changed#"),
    keyed("subscriptions", "digest subscriber# category joined# base# served#", 3),
    keyed("suppressions", "key address cause reason since#", 1),
    numbered(
        "requests",
        "id# key pseudonym address name language time_zone choices source wording ip received# state letter mailed# \
         attempts# next_attempt# reason",
    ),
    numbered("activities", "id# key at# kind source detail mark"),
    keyed("digests", "name handled#", 1),
    numbered("issues", "id# digest slot# opened# upto# letterhead state reason"),
    keyed("absences", "digest number# news#", 2),
    keyed("editions", "issue# key language nameless subject text html web message hash contents", 2),
    numbered("cohorts", "id# issue# wishes edition reason"),
    numbered(
        "deliveries",
        "id# issue# subscriber# cohort# address name state reason attempts# next_attempt# lease maybe_delivered# \
         changed#",
    ),
    numbered("attempts", "id# delivery# at# outcome reply"),
];

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number, or nothing where one might be.
    Number(Option<i64>),
    /// A text, or nothing where one might be.
    Text(Option<String>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

/// The values of a row, in the order of its table's columns.
pub type Row = Vec<Value>;

impl Table {
    /// The names of its columns, each with whether it holds whole numbers.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.columns.split(' ').map(|word| (word.trim_end_matches('#'), word.ends_with('#')))
    }

    fn names(&self) -> String {
        self.columns().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    }

    /// The statement for so many rows, in the order of the key: all from the beginning, or those behind the row whose key
    /// takes the places from `$1` on.
    pub(in crate::store) fn select(&self, is_begun: bool, most: u32) -> String {
        let key = self.columns().take(self.key).map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        let places = (1..=self.key).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
        let behind = if is_begun { format!(" WHERE ({key}) > ({places})") } else { String::new() };
        format!("SELECT {} FROM {}{behind} ORDER BY {key} LIMIT {most}", self.names(), self.name)
    }

    /// The statement that counts its rows.
    pub(in crate::store) fn count(&self) -> String {
        format!("SELECT count(*) FROM {}", self.name)
    }

    /// The statement that adds rows, up to its list of values.
    pub(in crate::store) fn insert(&self) -> String {
        format!("INSERT INTO {} ({}) ", self.name, self.names())
    }
}

/// The tables at one moment, or in a transaction that changes them. Dropping it undoes what was done.
#[async_trait]
pub trait Tables: Send {
    /// How many rows a table has.
    ///
    /// # Errors
    /// The store can't be read.
    async fn count(&mut self, table: &Table) -> Result<u64, StoreError>;

    /// The rows behind this one, or the first ones, in the order of the table's key. Texts hold no NUL: a sign that
    /// something was there takes its place.
    ///
    /// # Errors
    /// The store can't be read.
    async fn page(&mut self, table: &Table, behind: Option<&Row>, most: u32) -> Result<Vec<Row>, StoreError>;

    /// Adds rows.
    ///
    /// # Errors
    /// The store can't be written.
    async fn add(&mut self, table: &Table, rows: &[Row]) -> Result<(), StoreError>;

    /// The highest number that each numbered table ever gave; none that gave none.
    ///
    /// # Errors
    /// The store can't be read.
    async fn counters(&mut self) -> Result<BTreeMap<String, i64>, StoreError>;

    /// Lets a numbered table go on behind this number.
    ///
    /// # Errors
    /// The store can't be written.
    async fn go_on_behind(&mut self, table: &Table, number: i64) -> Result<(), StoreError>;

    /// The whole numbers of a question's one column. Places are `$1` and so on.
    ///
    /// # Errors
    /// The store can't be read.
    async fn ask(&mut self, question: &'static str, values: &[Value]) -> Result<Vec<i64>, StoreError>;

    /// Changes rows; returns how many. Places are `$1` and so on.
    ///
    /// # Errors
    /// The store can't be written.
    async fn change(&mut self, statement: &'static str, values: &[Value]) -> Result<u64, StoreError>;

    /// Keeps what was done.
    ///
    /// # Errors
    /// The store can't be written: nothing was done.
    async fn keep(self: Box<Self>) -> Result<(), StoreError>;
}

/// What is done with a store as a whole.
#[async_trait]
pub trait Whole: Send + Sync {
    /// The tables as they are now, whatever happens meanwhile.
    ///
    /// # Errors
    /// The store can't be read.
    async fn as_it_is(&self) -> Result<Box<dyn Tables>, StoreError>;

    /// The tables, to be changed; who changes people or sends mail waits.
    ///
    /// # Errors
    /// The store can't be written.
    async fn to_change(&self) -> Result<Box<dyn Tables>, StoreError>;

    /// What the database finds wrong with itself, in its own words.
    ///
    /// # Errors
    /// The store can't be read.
    async fn damage(&self) -> Result<Vec<String>, StoreError>;
}
