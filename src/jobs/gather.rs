//! Gathering: what articles come from over a network or from a database is brought here before the catalog is loaded. A
//! copy of the last good answer is kept, and stands in for a source that is down.

use std::fs;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::catalog::live_feed;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::settings::Settings as CatalogSettings;
use crate::catalog::source::fallen_out;
use crate::catalog::source::feed::LARGEST;
use crate::catalog::source::settings::{Given, Kind, Settings};
use crate::fetch::get::{self, Limits, Validators};
use crate::jobs::gather_rows;
use crate::store::rows::query::QueryError;

/// How far one goes for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To the network and to databases.
    All,
    /// To what is kept.
    Kept,
}

/// What was gathered.
#[derive(Debug)]
pub struct Gathered {
    /// The settings, with where each source's copy is.
    pub catalog: CatalogSettings,
    /// Sources that are down, and whose copy is used.
    pub problems: Vec<Problem>,
}

/// Brings here what is not here, or not of late. Copies are kept in `folder`.
pub async fn gather(catalog: &CatalogSettings, folder: &Path, reach: Reach, now: DateTime<Utc>) -> Gathered {
    let mut gathered = Gathered { catalog: catalog.clone(), problems: Vec::new() };
    for source in &mut gathered.catalog.imports {
        let is_far = source.url.is_some() || source.kind == Kind::Sql;
        if !is_far {
            continue;
        }
        let copy = copy_of(source, folder);
        let brought = match reach {
            Reach::All => bring(source, folder, &copy, now).await,
            Reach::Kept => Ok(()),
        };
        source.given = Some(match brought {
            Ok(()) if copy.is_file() => Given::File(copy),
            Ok(()) => Given::Nothing("nothing was fetched yet".to_owned(), None),
            Err(error) if copy.is_file() => {
                let message = format!(
                    "the source {:?} can't be reached, and what it had the last time is used: {error:#}",
                    source.name
                );
                let hint = hint(&error).unwrap_or("look whether it is there");
                let hint = format!("{hint}; new articles come with the next run that reaches it");
                let shown = copy.to_string_lossy();
                gathered.problems.push(Problem::warning(&shown, Position::START, message, &hint));
                Given::File(copy)
            }
            Err(error) => Given::Nothing(format!("{error:#}"), hint(&error).map(str::to_owned)),
        });
    }
    gathered
}

/// What a database's error says that one can do.
fn hint(error: &anyhow::Error) -> Option<&str> {
    error.downcast_ref::<QueryError>()?.hint.as_deref()
}

fn copy_of(source: &Settings, folder: &Path) -> PathBuf {
    let ending = if source.kind == Kind::Sql { "jsonl" } else { "feed" };
    folder.join(format!("{}.{ending}", source.name))
}

async fn bring(source: &Settings, folder: &Path, copy: &Path, now: DateTime<Utc>) -> Result<()> {
    // As the store's folder: what is in it is for its owner alone.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).context("the copy can't be kept")?;
    match &source.url {
        Some(url) => bring_feed(source, url, copy, now).await,
        None => gather_rows::bring(source, copy).await,
    }
}

/// What is known of the copy of a feed.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Known {
    /// Where it was fetched: at another address, validators mean nothing.
    url: String,
    validators: Validators,
    /// When it was last found to be as it is there, in seconds since 1970.
    #[serde(default)]
    asked: i64,
}

impl Known {
    /// Whether it was asked for so lately that it need not be again.
    fn is_new_enough(&self, source: &Settings, now: DateTime<Utc>) -> bool {
        let age = now.timestamp() - self.asked;
        age >= 0 && u64::try_from(age).is_ok_and(|age| age < source.every.as_secs())
    }
}

async fn bring_feed(source: &Settings, url: &Url, copy: &Path, now: DateTime<Utc>) -> Result<()> {
    let beside = copy.with_extension("feed.json");
    let known = fs::read(&beside).ok().and_then(|bytes| serde_json::from_slice::<Known>(&bytes).ok());
    let known = known.filter(|known| known.url == url.as_str() && copy.is_file()).unwrap_or_default();
    if known.is_new_enough(source, now) {
        return Ok(());
    }
    let limits = Limits {
        largest: LARGEST,
        allow_private: source.allow_private,
        only_https: !source.allow_private,
        timeout: source.timeout,
    };
    let fetched = get::get_changed(url, limits, &known.validators).await?;
    match fetched.status {
        200 => {}
        304 if known.validators != Validators::default() => {
            return keep(&beside, &serde_json::to_vec(&Known { asked: now.timestamp(), ..known })?);
        }
        status => bail!("{url} answers {status}"),
    }
    // A page that says sorry with status 200 is no good answer.
    let feed = live_feed::parse(&fetched.bytes)
        .map_err(|why| anyhow::anyhow!("{url} answers with no feed: {why}"))?;
    let validators = Validators { etag: fetched.etag, last_modified: fetched.last_modified };
    let known = serde_json::to_vec(&Known { url: url.to_string(), validators, asked: now.timestamp() })?;
    // Validators of a copy that was not written would keep it for ever: it comes first, and they are forgotten before.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).context("the copy can't be kept");
        }
        _ => {}
    }
    fallen_out::keep(copy, &feed).context("the copy can't be kept")?;
    keep(copy, &fetched.bytes)?;
    keep(&beside, &known)
}

/// Writes a file whole or not at all.
fn keep(place: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let mut temporary = tempfile::NamedTempFile::new_in(place.parent().unwrap_or(Path::new(".")))?;
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        temporary.persist(place).map_err(|error| error.error)?;
        Ok(())
    };
    write().with_context(|| format!("{} can't be written", place.display()))
}
