//! Sealing: whether a build has anything to do, and the seal that tells the next one.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::catalog::cache::Keeping;
use crate::catalog::problem::Problem;
use crate::catalog::source::stamp::Stamp;
use crate::catalog::survey::Survey;
use crate::cli::exit::Failure;
use crate::cli::output::Output;
use crate::cli::stock;
use crate::cli::summary::Summary;
use crate::cli::wire::Site;
use crate::clock::Clock;
use crate::jobs::gather::{Reach, gather};
use crate::jobs::ledger_copy::LedgerCopy;
use crate::jobs::seal::{self, Circumstances, Seal};
use crate::jobs::staying::{self, Memory};
use crate::jobs::take_stock::{Kept, Stock};

/// The sources as they are now, not read yet.
pub struct Surveyed {
    survey: Survey,
    problems: Vec<Problem>,
    beginning: Beginning,
}

/// How things stood when a build began.
pub struct Beginning {
    circumstances: Circumstances,
    /// By the system's clock, whatever moment was asked for: files are stamped by it.
    begun: DateTime<Utc>,
    /// Whether a source may change unseen: one that is no folder, or a file that was written just now.
    is_open: bool,
}

impl Surveyed {
    /// Of a site's sources.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn of(site: &Site) -> Result<Self, Failure> {
        let begun = Clock::system().now();
        let gathered = gather(&site.config.catalog, &site.sources(), Reach::All, site.clock.now()).await;
        let survey = Survey::of(&gathered.catalog);
        let circumstances = Circumstances {
            setup: setup(site),
            sources: survey.fingerprint(),
            revision: site.store.ledger_revision().await?,
        };
        // What other sources hold shows only when it is read.
        let is_open = !gathered.catalog.imports.is_empty() || survey.changed_since(seal::since(begun));
        let beginning = Beginning { circumstances, begun, is_open };
        Ok(Self { survey, problems: gathered.problems, beginning })
    }

    /// The seal of the last build, if nothing has changed since; never where a `full` build is asked for.
    #[must_use]
    pub fn sealed(&self, site: &Site, full: bool) -> Option<Seal> {
        let file = site.config.seal();
        (!full && !self.beginning.is_open)
            .then(|| Seal::holding(&file, &self.beginning.circumstances, site.clock.now()))
            .flatten()
    }

    /// Takes stock of what was surveyed; for a `full` build, nothing that an earlier one read counts.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn stock(
        self,
        site: &Site,
        full: bool,
        output: &Output,
    ) -> Result<(Stock, Beginning), Failure> {
        // Whatever becomes of this build, what the last one left is not to be trusted any more.
        Seal::break_at(&site.config.seal());
        let catalog = Keeping {
            index: site.config.index(),
            program: program(),
            since: seal::since(self.beginning.begun),
            is_trusted: !full,
        };
        let kept = Kept { catalog, ledger: ledger(site) };
        let stock = stock::stock_of(self.survey, Some(&kept), self.problems, site, output).await?;
        Ok((stock, self.beginning))
    }
}

impl Beginning {
    /// Seals a build in which there was nothing to complain of.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn seal(
        self,
        site: &Site,
        stock: &Stock,
        summary: &Summary,
        output: &Output,
    ) -> Result<(), Failure> {
        let Some(published) = summary.published.as_ref().filter(|_| !self.is_open && !output.has_told())
        else {
            return Ok(());
        };
        let config = &site.config;
        let stamped = |place: PathBuf| {
            let stamp = Stamp::at(&place);
            (place, stamp)
        };
        let templates = site.templates.files();
        // A folder of templates that is not there yet may come.
        let others = config.subscribers.iter().chain([&config.templates]).cloned();
        let read = published.measured.iter().cloned().chain(templates).chain(others).map(stamped).collect();
        let written = published.files.iter().map(|path| stamped(config.feeds.output.join(path))).collect();
        let mut topics = published.topics.clone();
        for topic in &mut topics {
            topic.is_written = false;
        }
        let seal = Seal {
            // Publishing wrote the ledger, perhaps.
            circumstances: Circumstances {
                revision: site.store.ledger_revision().await?,
                ..self.circumstances
            },
            from: site.clock.now(),
            until: stock.until,
            read,
            written,
            topics,
            articles: published.articles,
            left_out: summary.left_out,
        };
        seal.keep(&config.seal(), self.begun);
        Ok(())
    }
}

/// Hash of the program and of everything that it was told.
fn setup(site: &Site) -> String {
    let told = format!("{} {:?}", program(), site.config);
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(told.as_bytes()))
}

/// Where the ledger is copied to.
#[must_use]
pub fn ledger(site: &Site) -> LedgerCopy {
    LedgerCopy::at(site.config.ledger())
}

/// What the last build wrote, and what its feeds depend on beside articles.
#[must_use]
pub fn memory(site: &Site, is_trusted: bool) -> Memory {
    let files: Vec<PathBuf> =
        site.templates.files().into_iter().chain([site.config.templates.clone()]).collect();
    Memory { place: site.config.written(), setup: staying::setup(&setup(site), &files), is_trusted }
}

/// The program that runs: another one may do anything else.
fn program() -> String {
    let place = std::env::current_exe().ok().and_then(|place| Stamp::at(&place));
    format!("{} {place:?}", env!("CARGO_PKG_VERSION"))
}
