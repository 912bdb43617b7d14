//! Taking stock: the catalog as it is now, matched with the publication ledger. Changes nothing.

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::catalog::cache::Keeping;
use crate::catalog::category::Category;
use crate::catalog::contents::LeftOut;
use crate::catalog::ledger;
use crate::catalog::load;
use crate::catalog::problem::{Problem, Severity};
use crate::catalog::publication::Publication;
use crate::catalog::publication::Published;
use crate::catalog::shelf::Shelf;
use crate::catalog::source::absent;
use crate::catalog::survey::Survey;
use crate::feed::entry::Material;
use crate::jobs::ledger_copy::LedgerCopy;
use crate::store::publications::Publications;

/// What there is to publish and to send.
#[derive(Debug)]
pub struct Stock {
    /// Publishable articles with their ledger records.
    pub published: Vec<Published>,
    /// Where the whole articles are.
    pub shelf: Shelf,
    /// How many files were opened for articles.
    pub opened: usize,
    /// All categories.
    pub categories: Vec<Category>,
    /// How many articles the ledger has not seen before.
    pub fresh: usize,
    /// Numbers of articles that were published before and are held out now.
    pub held: Vec<i64>,
    /// Records of articles that are gone, what went last first.
    pub withdrawn: Vec<Publication>,
    /// Records that no published article has.
    pub rest: Vec<Publication>,
    /// Whether the records are of the ledger's copy.
    pub is_copied: bool,
    /// The last number that was given, with those that are to be written.
    pub highest: i64,
    /// Records of the ledger that are to be written.
    pub to_record: Vec<Publication>,
    /// Files that are not published, and why.
    pub left_out: Vec<LeftOut>,
    /// Sources that can't be read now: feeds stay as they are until they can.
    pub unread: Vec<String>,
    /// Whether the ledger would begin with some of the sources: what is there when it begins has the dates that it gives,
    /// and what comes later is new. It has to wait for all of them.
    pub is_half: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// When the next article is due or expires, where one does.
    pub until: Option<DateTime<Utc>>,
}

impl Stock {
    /// Every record of the ledger, with those that are to be written.
    #[must_use]
    pub fn records(&self) -> Vec<&Publication> {
        self.published.iter().map(|item| &item.publication).chain(&self.rest).collect()
    }

    /// What feeds are made of.
    #[must_use]
    pub fn material(&self) -> Material<'_> {
        Material { published: &self.published, shelf: &self.shelf, categories: &self.categories }
    }

    /// How many problems hold an article out.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }
}

/// What an earlier build kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it read.
    pub catalog: Keeping,
    /// What the ledger was.
    pub ledger: LedgerCopy,
}

/// Loads the catalog and finds each article in the ledger. What an earlier build kept is not read again.
///
/// # Errors
/// The store can't be read.
pub async fn take_stock(
    survey: Survey,
    kept: Option<&Kept>,
    store: &dyn Publications,
    now: DateTime<Utc>,
) -> Result<Stock> {
    let copied = match kept.filter(|kept| kept.catalog.is_trusted) {
        Some(kept) => kept.ledger.read(store.ledger_revision().await?),
        None => None,
    };
    let is_copied = copied.is_some();
    let records = match copied {
        Some(records) => records,
        None => store.publications().await?,
    };
    let highest = store.highest_number().await?;
    let is_first = !store.has_begun().await?;
    let settings = survey.settings().clone();
    let mut catalog = load::load(survey, kept.map(|kept| &kept.catalog), now);
    absent::keep(&mut catalog, &settings, &records);
    let reconciled = ledger::reconcile(catalog.articles, records, &catalog.paths, highest, is_first, now);
    let mut problems = catalog.problems;
    problems.extend(reconciled.problems);
    problems.sort();
    Ok(Stock {
        published: reconciled.published,
        shelf: catalog.shelf,
        opened: catalog.opened,
        categories: catalog.categories,
        highest: reconciled.to_write.iter().map(|record| record.number).fold(highest, i64::max),
        rest: reconciled.rest,
        is_copied,
        held: reconciled.held,
        withdrawn: reconciled.withdrawn,
        fresh: reconciled.fresh,
        to_record: reconciled.to_write,
        left_out: catalog.left_out,
        is_half: is_first && !catalog.unread.is_empty(),
        unread: catalog.unread,
        problems,
        until: catalog.until,
    })
}
