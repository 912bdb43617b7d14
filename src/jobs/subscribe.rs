//! Adding subscribers: one or many, each line either in or rejected with its reason.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::catalog::category::Category;
use crate::digest::compose;
use crate::digest::settings::Settings as Digest;
use crate::store::subscribers::Subscribers;
use crate::subscribers::import::{self, Lines, Offer, Rejected};
use crate::subscribers::subscriber::{Added, NewSubscriber};
use crate::subscribers::token::Signer;

/// People added in one transaction: a long file needs no more memory than a short one.
const CHUNK: usize = 1_000;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// New subscribers.
    pub added: u64,
    /// Known ones with new choices or a new name.
    pub changed: u64,
    /// Known ones with nothing new.
    pub same: u64,
    /// Lines that nobody was added for.
    pub rejected: Vec<Rejected>,
    /// Lines of people who left or must never be mailed: they stay as they are.
    pub left: Vec<Rejected>,
}

/// What there is to subscribe to: digests of the configuration, with the categories that the catalog has.
#[must_use]
pub fn offer(digests: &[Digest], categories: &[Category], asked: Option<&str>) -> Offer {
    let offered = |digest: &Digest| {
        let slugs = compose::categories_of(digest, categories)
            .iter()
            .map(|category| category.slug.to_string())
            .collect();
        (digest.name.clone(), slugs)
    };
    let only = digests.first().filter(|_| digests.len() == 1).map(|digest| digest.name.clone());
    Offer {
        digests: digests.iter().map(offered).collect(),
        default_digest: asked.map(str::to_owned).or(only),
    }
}

/// Adds everybody on a list that the site keeps in a file; nothing where the list was added as it is before. A
/// list with rejected lines is gone through again each time, so that they are not forgotten.
///
/// # Errors
/// The file can't be read, or the store written.
pub async fn add_listed(
    file: &Path,
    offer: &Offer,
    signer: &Signer,
    store: &dyn Subscribers,
    now: DateTime<Utc>,
) -> Result<Option<Report>> {
    let bytes = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    // What is on offer belongs to it: a list that was fine may not be after a category went.
    let hash = format!(
        "{:032x}",
        xxhash_rust::xxh3::xxh3_128(&[bytes.as_slice(), format!("{offer:?}").as_bytes()].concat())
    );
    if store.recorded_list().await?.as_ref() == Some(&hash) {
        return Ok(None);
    }
    let is_json = file.extension().is_some_and(|ending| ending == "jsonl" || ending == "ndjson");
    let lines = if is_json {
        import::json_lines(bytes.as_slice(), offer)
    } else {
        import::csv(bytes.as_slice(), offer)
    };
    let origin = Origin { name: format!("list {}", name(file)), signer };
    let report = import(lines, &origin, store, now).await?;
    if report.rejected.is_empty() {
        store.record_list(&hash).await?;
    }
    Ok(Some(report))
}

/// Where people come from.
#[derive(Debug)]
pub struct Origin<'a> {
    /// The file, for the record: `import people.csv`.
    pub name: String,
    /// Tells what addresses would be known by if they had been erased.
    pub signer: &'a Signer,
}

impl Origin<'_> {
    fn of(&self, person: NewSubscriber, line: u64) -> NewSubscriber {
        let source = format!("{}:{line}", self.name);
        NewSubscriber { pseudonym: self.signer.pseudonym(&person.address), source, ..person }
    }
}

/// A file's name, without the folder that it is in.
#[must_use]
pub fn name(file: &Path) -> String {
    file.file_name().map_or_else(|| "standard input".into(), |name| name.to_string_lossy()).into_owned()
}

/// Imports people.
///
/// # Errors
/// The store can't be written; what was reported until then is in.
pub async fn import(
    lines: Lines<'_>,
    origin: &Origin<'_>,
    store: &dyn Subscribers,
    now: DateTime<Utc>,
) -> Result<Report> {
    let mut report = Report::default();
    let mut chunk: Vec<(u64, NewSubscriber)> = Vec::with_capacity(CHUNK);
    for line in lines {
        match line {
            Ok((line, person)) => chunk.push((line, origin.of(person, line))),
            Err(rejected) => report.rejected.push(rejected),
        }
        if chunk.len() == CHUNK {
            add(&mut chunk, store, now, &mut report).await?;
        }
    }
    add(&mut chunk, store, now, &mut report).await?;
    report.rejected.sort_by_key(|rejected| rejected.line);
    Ok(report)
}

async fn add(
    chunk: &mut Vec<(u64, NewSubscriber)>,
    store: &dyn Subscribers,
    now: DateTime<Utc>,
    report: &mut Report,
) -> Result<()> {
    let (lines, people): (Vec<u64>, Vec<NewSubscriber>) = chunk.drain(..).unzip();
    let results = store.add_subscribers(&people, now).await?;
    for ((line, person), result) in lines.into_iter().zip(people).zip(results) {
        let reason = match result {
            Added::New => {
                report.added += 1;
                continue;
            }
            Added::Changed => {
                report.changed += 1;
                continue;
            }
            Added::Same => {
                report.same += 1;
                continue;
            }
            Added::Left => "unsubscribed; only they can come back",
            Added::Suppressed => "suppressed: must never be mailed",
        };
        report.left.push(Rejected { line, text: person.address.to_string(), reason: reason.to_owned() });
    }
    Ok(())
}
