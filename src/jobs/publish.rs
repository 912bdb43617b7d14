//! Publishing: the ledger is brought up to date, and the feeds that changed are written.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::Serialize;

use crate::catalog::media::Measurements;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::feed::settings::Settings as FeedSettings;
use crate::feed::websub::{self, Topic};
use crate::feed::{documents, select, tombstones, write};
use crate::jobs::guard::{self, Doubt};
use crate::jobs::ledger_copy::LedgerCopy;
use crate::jobs::staying::Memory;
use crate::jobs::take_stock::Stock;
use crate::store::publications::Publications;
use crate::templates::Templates;

/// What publishing did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Articles that are published.
    pub articles: usize,
    /// Those of them that were not before.
    pub fresh: usize,
    /// Files that were written.
    pub written: Vec<String>,
    /// Feeds that were rendered; all others are as the last build left them.
    pub rendered: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
    /// Files of feeds that are no more, and still there.
    pub gone: Vec<String>,
    /// Files of feeds that are no more, and were removed.
    pub removed: Vec<String>,
    /// Sources that can't be read: no feed was written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// What is wrong with feeds that were not written, because what is there is better.
    pub held_back: Vec<Doubt>,
    /// What is wrong with feeds that were written.
    pub remarks: Vec<Doubt>,
    /// Every file of the output folder.
    #[serde(skip)]
    pub files: Vec<String>,
    /// Pictures and other files that were measured, or looked for.
    #[serde(skip)]
    pub measured: Vec<PathBuf>,
    /// What hubs distribute.
    #[serde(skip)]
    pub topics: Vec<Topic>,
}

impl Report {
    /// Whether a feed breaks a MUST, be it held back or written.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.held_back.is_empty() || self.remarks.iter().any(Doubt::is_error)
    }
}

/// How to publish.
#[derive(Clone, Copy, Debug)]
pub struct Orders<'a> {
    /// Remove files of feeds that are no more.
    pub prune: bool,
    /// Let feeds replace better ones.
    pub replace: bool,
    /// What the last build wrote.
    pub memory: &'a Memory,
    /// Where the ledger is copied to.
    pub ledger: &'a LedgerCopy,
    /// What dates in feeds are held against; it is in none of them.
    pub now: DateTime<Utc>,
}

/// Publishes the stock. A feed that is worse than the one on disk is held back, and the others are written.
///
/// # Errors
/// A feed or template that can't be rendered, before anything was changed; a store or folder that can't be written.
pub async fn publish(
    stock: &Stock,
    catalog: &CatalogSettings,
    settings: &FeedSettings,
    templates: &Templates,
    store: &impl Publications,
    orders: Orders<'_>,
) -> Result<Report> {
    let Orders { prune, replace, memory, ledger, now } = orders;
    if !stock.unread.is_empty() {
        // Without what can't be read, feeds would lose entries that are only late.
        store.record_publications(&stock.to_record).await?;
        let (articles, fresh, unread) = (stock.published.len(), stock.fresh, stock.unread.clone());
        return Ok(Report { articles, fresh, unread, ..Report::default() });
    }
    let root = settings.output.as_path();
    let material = stock.material();
    let mut choices = select::choices(&material, settings);
    let last = memory.recall(stock);
    last.mark(root, &mut choices, &stock.published);
    let fingerprints: Vec<u64> =
        choices.par_iter().map(|choice| choice.fingerprint(&stock.published)).collect();
    let mut measurements = Measurements::default();
    let mut feeds = select::feeds(choices, &material, catalog, settings, &mut measurements)?;
    tombstones::add(&mut feeds, &stock.withdrawn, &catalog.site, settings);
    let rendered = feeds.iter().filter(|selected| !selected.stays).count();
    let documents = documents::all(&feeds, catalog, settings, templates)?;
    let staying = documents::staying(&feeds, settings);
    store.record_publications(&stock.to_record).await?;
    if !stock.is_copied || !stock.to_record.is_empty() {
        ledger.keep(store.ledger_revision().await?, &stock.records());
    }
    let shown_root = root.to_string_lossy().into_owned();
    let before = store.published_files(&shown_root).await?;
    let files: Vec<String> =
        documents.iter().map(|document| document.path.clone()).chain(staying.iter().cloned()).collect();
    let mut remembered = files.clone();
    let gone = write::gone(root, &before, &files);
    // Remembered before it is written: a file that was written and forgotten could never be pruned.
    if !prune {
        remembered.extend(gone.iter().cloned());
    }
    remembered.sort();
    if remembered != before {
        store.record_published_files(&shown_root, &remembered).await?;
    }
    let guarded = guard::guard(root, documents, replace, now);
    memory.forget();
    let written = write::write(root, &guarded.documents).context("the feeds can't be written")?;
    if prune {
        write::remove(root, &gone).context("old feeds can't be removed")?;
    }
    let measured = last.measured(&measurements.files());
    let doubtful: HashSet<&str> =
        guarded.held_back.iter().chain(&guarded.remarks).map(|doubt| doubt.path.as_str()).collect();
    let made = feeds.iter().zip(fingerprints);
    let made = made.map(|(selected, fingerprint)| {
        (selected.prefix.clone(), fingerprint, documents::files(selected, settings))
    });
    memory.keep(&last.renewed(root, made.collect(), &doubtful, &measured));
    let on_disk = |path: &str| std::fs::read(root.join(path)).ok();
    let topics = websub::topics(&feeds, &guarded.documents, &written.changed, on_disk, settings);
    let (gone, removed) = if prune { (Vec::new(), gone) } else { (gone, Vec::new()) };
    Ok(Report {
        articles: stock.published.len(),
        fresh: stock.fresh,
        topics,
        rendered,
        written: written.changed,
        unchanged: written.unchanged + staying.len(),
        gone,
        removed,
        unread: Vec::new(),
        held_back: guarded.held_back,
        remarks: guarded.remarks,
        files,
        measured,
    })
}
