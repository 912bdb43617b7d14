//! Gathering from a database: rows become lines of JSON in a file beside the store. With `:since` in the query only what
//! changed is read, and takes the place of what was known of it: the catalog may be larger than the memory.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use crate::catalog::source::row;
use crate::catalog::source::settings::Settings;
use crate::store::rows::query::{self, Query, QueryError, SINCE};

/// What is known of the copy of a query.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Known {
    /// Another query has other rows. Without the password.
    database: String,
    query: String,
    /// The highest value of the column `changed`.
    since: Option<Value>,
}

/// Brings a source's rows into its copy.
///
/// # Errors
/// The database can't be read, or the copy not written: then the copy is as it was.
pub async fn bring(source: &Settings, copy: &Path) -> Result<()> {
    let (Some(database), Some(query)) = (&source.database, &source.query) else {
        return Err(anyhow!("no query is given"));
    };
    let beside = copy.with_extension("jsonl.json");
    let known = fs::read(&beside).ok().and_then(|bytes| serde_json::from_slice::<Known>(&bytes).ok());
    let shown = database.to_string();
    let is_known = |known: &Known| known.database == shown && known.query == *query && copy.is_file();
    let since = known.filter(is_known).and_then(|known| known.since);
    let folder = copy.parent().unwrap_or(Path::new("."));
    let mut new = Lines::new(folder)?;
    let asked = Query { database, text: query, since: since.as_ref(), timeout: source.timeout };
    query::each(asked, |columns| new.add(columns)).await.map_err(|error| {
        if matches!(&error, RowError::Database(error) if error.is_of_since) {
            // What is not known is read from its beginning the next time.
            let _ = fs::remove_file(&beside);
        }
        error.into_anyhow()
    })?;
    let is_whole = since.is_none();
    if !is_whole && new.ids.is_empty() {
        return Ok(());
    }
    let Lines { mut file, ids, highest } = new;
    file.flush()?;
    let changed = file.into_inner().context("the copy can't be written")?;
    let whole = if is_whole {
        changed
    } else {
        // A copy that broke is read anew the next time.
        merged(copy, &changed, &ids, folder).inspect_err(|_| drop(fs::remove_file(&beside)))?
    };
    whole.as_file().sync_all()?;
    // What is known is forgotten first: without it, everything is read again.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    whole.persist(copy).with_context(|| format!("{} can't be written", copy.display()))?;
    let since = if query.contains(SINCE) { highest.or(since) } else { None };
    let known = Known { database: shown, query: query.clone(), since };
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec(&known)?)?;
    file.persist(&beside).with_context(|| format!("{} can't be written", beside.display()))?;
    Ok(())
}

/// Lines as they come from the database.
struct Lines {
    file: BufWriter<NamedTempFile>,
    /// Hashes of all ids: a million of them is no more than some megabytes.
    ids: HashSet<u128>,
    highest: Option<Value>,
}

/// A row that is no article, or a database that gives none.
#[derive(Debug, thiserror::Error)]
enum RowError {
    #[error(transparent)]
    Database(#[from] QueryError),
    #[error("a row has no `id`: name the column that tells articles apart with AS id")]
    NoId,
    #[error("two rows have the id {0:?}")]
    Twice(String),
    #[error("the copy can't be written: {0}")]
    Copy(#[from] std::io::Error),
}

impl RowError {
    /// So that whoever tells of it finds the hint.
    fn into_anyhow(self) -> anyhow::Error {
        match self {
            Self::Database(error) => error.into(),
            other => other.into(),
        }
    }
}

impl Lines {
    fn new(folder: &Path) -> Result<Self> {
        let file = NamedTempFile::new_in(folder).context("the copy can't be written")?;
        Ok(Self { file: BufWriter::new(file), ids: HashSet::new(), highest: None })
    }

    fn add(&mut self, columns: Map<String, Value>) -> Result<(), RowError> {
        let mut article = row::shaped(columns);
        let changed = article.remove("changed");
        if later(changed.as_ref(), self.highest.as_ref()) {
            self.highest = changed;
        }
        let id = id_of(&article).ok_or(RowError::NoId)?;
        if !self.ids.insert(hash(&id)) {
            return Err(RowError::Twice(id));
        }
        writeln!(self.file, "{}", Value::Object(article))?;
        Ok(())
    }
}

fn id_of(article: &Map<String, Value>) -> Option<String> {
    match article.get("id")? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn hash(id: &str) -> u128 {
    xxhash_rust::xxh3::xxh3_128(id.as_bytes())
}

/// Whether a value of `changed` is higher than the highest so far. Dates as texts sort as they stand.
fn later(changed: Option<&Value>, highest: Option<&Value>) -> bool {
    match (changed, highest) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => one > other,
            _ => one.as_f64() > other.as_f64(),
        },
        (Some(Value::String(one)), Some(Value::String(other))) => one > other,
        (Some(Value::Number(_) | Value::String(_)), None) => true,
        _ => false,
    }
}

/// What was known, without what changed, and then what changed.
fn merged(copy: &Path, changed: &NamedTempFile, ids: &HashSet<u128>, folder: &Path) -> Result<NamedTempFile> {
    let mut whole = BufWriter::new(NamedTempFile::new_in(folder).context("the copy can't be written")?);
    for line in BufReader::new(File::open(copy)?).lines() {
        let line = line?;
        let article: Map<String, Value> = serde_json::from_str(&line)?;
        if id_of(&article).is_none_or(|id| !ids.contains(&hash(&id))) {
            writeln!(whole, "{line}")?;
        }
    }
    std::io::copy(&mut File::open(changed.path())?, &mut whole)?;
    whole.into_inner().context("the copy can't be written")
}
