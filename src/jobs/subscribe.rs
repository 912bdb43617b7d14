//! What there is to subscribe to, and the list of subscribers that a site keeps in a file.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::category::Category;
use crate::digest::compose;
use crate::digest::settings::Settings as Digest;
use crate::jobs::import::{Importing, Report, Teller, import};
use crate::store::Store;
use crate::subscribers::import::csv::{self, Export};
use crate::subscribers::import::json_lines;
use crate::subscribers::import::offer::Offer;
use crate::subscribers::import::tags::Tags;
use crate::subscribers::token::Signer;

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
        tags: Tags::default(),
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
    store: &dyn Store,
    now: DateTime<Utc>,
    tell: &mut Teller<'_>,
) -> Result<Option<Report>> {
    let unreadable = || format!("{} can't be read", file.display());
    let mut opened = File::open(file).with_context(unreadable)?;
    // What is on offer belongs to it: a list that was fine may not be after a category went.
    let mut hasher = Xxh3::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = opened.read(&mut piece).with_context(unreadable)?;
        if read == 0 {
            break;
        }
        hasher.update(&piece[..read]);
    }
    hasher.update(format!("{offer:?}").as_bytes());
    let hash = format!("{:032x}", hasher.digest128());
    if store.recorded_list().await?.as_ref() == Some(&hash) {
        return Ok(None);
    }
    opened.rewind().with_context(unreadable)?;
    let lines = if is_json_lines(file) {
        json_lines::open(opened, offer)
    } else {
        csv::open(opened, Export { service: None, name: "" }, offer).lines
    };
    let origin = format!("list {}", name(file));
    let importing = Importing { name: &origin, signer, store, now, is_rehearsal: false };
    let report = import(lines, &importing, tell).await?;
    if report.rejected + report.erased == 0 {
        store.record_list(&hash).await?;
    }
    Ok(Some(report))
}

/// Whether a file's name says that it is JSON Lines.
#[must_use]
pub fn is_json_lines(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "jsonl" || ending == "ndjson")
}

/// A file's name, without the folder that it is in.
#[must_use]
pub fn name(file: &Path) -> String {
    file.file_name().map_or_else(|| "standard input".into(), |name| name.to_string_lossy()).into_owned()
}
