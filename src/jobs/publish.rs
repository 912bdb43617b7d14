//! Publishing: the ledger is brought up to date, and the feeds that changed are written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::Serialize;

use crate::catalog::media::Measurements;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::feed::select::Choice;
use crate::feed::settings::Settings as FeedSettings;
use crate::feed::websub::{self, Topic};
use crate::feed::write::{Document, Written};
use crate::feed::{documents, select, tombstones, write};
use crate::jobs::guard::{self, Doubt, Guarded};
use crate::jobs::ledger_copy::LedgerCopy;
use crate::jobs::staying::Memory;
use crate::jobs::take_stock::Stock;
use crate::store::publications::Publications;
use crate::templates::environment::Templates;

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

/// What was put in place so far.
#[derive(Default)]
struct Done {
    written: Written,
    held_back: Vec<Doubt>,
    remarks: Vec<Doubt>,
    topics: Vec<Topic>,
}

impl Done {
    /// Puts files in place, and returns those that are there now.
    fn put(
        &mut self,
        root: &Path,
        documents: Vec<Document>,
        replace: bool,
        now: DateTime<Utc>,
    ) -> Result<Vec<Document>> {
        let Guarded { documents, held_back, remarks } = guard::guard(root, documents, replace, now);
        let written = write::write(root, &documents).context("the feeds can't be written")?;
        self.written.changed.extend(written.changed);
        self.written.unchanged += written.unchanged;
        self.held_back.extend(held_back);
        self.remarks.extend(remarks);
        Ok(documents)
    }

    /// The paths of feeds with something to tell of.
    fn doubtful(&self) -> HashSet<&str> {
        self.held_back.iter().chain(&self.remarks).map(|doubt| doubt.path.as_str()).collect()
    }
}

/// Publishes the stock. A feed that is worse than the one on disk is held back, and the others are written.
///
/// # Errors
/// A feed or template that can't be rendered, before anything was changed, but where feeds are so many that they are
/// rendered in portions; a store or folder that can't be written.
pub async fn publish(
    stock: &Stock,
    catalog: &CatalogSettings,
    settings: &FeedSettings,
    templates: &Templates,
    store: &dyn Publications,
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
    let fingerprints: Vec<u64> =
        choices.par_iter().map(|choice| choice.fingerprint(&stock.published)).collect();
    last.mark(root, &mut choices, &fingerprints);
    let mut measurements = Measurements::default();
    let heads = select::heads(&choices, catalog, settings, &mut measurements);
    let common = documents::common(&heads, catalog, settings, templates)?;
    let mut portions = select::portions(&choices).into_iter();
    let mut render = |portion: &[Choice<'_>]| -> Result<_> {
        let mut feeds = select::feeds(portion, &material, catalog, settings, &mut measurements)?;
        tombstones::add(&mut feeds, &stock.withdrawn, &catalog.site, settings);
        let documents = documents::of_feeds(&feeds, catalog, settings, templates)?;
        Ok((feeds, documents))
    };
    // All, or the first of many, is rendered before anything is changed.
    let mut next = portions.next().map(&mut render).transpose()?;

    store.record_publications(&stock.to_record).await?;
    if !stock.is_copied || !stock.to_record.is_empty() {
        ledger.keep(store.ledger_revision().await?, &stock.records());
    }
    let shown_root = root.to_string_lossy().into_owned();
    let before = store.published_files(&shown_root).await?;
    let of_feeds: Vec<Vec<String>> = heads.iter().map(|head| documents::files(head, settings)).collect();
    let files: Vec<String> =
        of_feeds.iter().flatten().chain(common.iter().map(|document| &document.path)).cloned().collect();
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

    memory.forget();
    let mut done = Done::default();
    let on_disk = |path: &str| std::fs::read(root.join(path)).ok();
    while let Some((feeds, documents)) = next {
        let guarded = done.put(root, documents, replace, now)?;
        done.topics.extend(websub::topics(&feeds, &guarded, &done.written.changed, on_disk, settings));
        drop((feeds, guarded));
        next = portions.next().map(&mut render).transpose()?;
    }
    done.put(root, common, replace, now)?;
    if prune {
        write::remove(root, &gone).context("old feeds can't be removed")?;
    }
    let staying = heads.iter().zip(&of_feeds).filter(|(head, _)| head.stays);
    let unchanged = done.written.unchanged + staying.map(|(_, files)| files.len()).sum::<usize>();
    let measured = last.measured(&measurements.files());
    let made = heads.iter().zip(fingerprints).zip(of_feeds);
    let made = made.map(|((head, fingerprint), files)| (head.prefix.clone(), fingerprint, files)).collect();
    memory.keep(&last.renewed(root, made, &done.doubtful(), &measured));
    let (gone, removed) = if prune { (Vec::new(), gone) } else { (gone, Vec::new()) };
    Ok(Report {
        articles: stock.published.len(),
        fresh: stock.fresh,
        topics: done.topics,
        rendered: heads.iter().filter(|head| !head.stays).count(),
        written: done.written.changed,
        unchanged,
        gone,
        removed,
        unread: Vec::new(),
        held_back: done.held_back,
        remarks: done.remarks,
        files,
        measured,
    })
}
