//! Taking stock for a command: the catalog against the ledger, with everything that is wrong shown, and whether that is
//! reason enough to do nothing.

use crate::catalog::problem::Problem;
use crate::catalog::survey::Survey;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::problems;
use crate::cli::wire::Site;
use crate::digest::compose;
use crate::feed::plan;
use crate::jobs::gather::{Reach, gather};
use crate::jobs::take_stock::{Kept, Stock, take_stock};

/// Takes stock and shows what is wrong.
///
/// # Errors
/// The store can't be read.
pub async fn stock(site: &Site, output: &Output) -> Result<Stock, Failure> {
    let gathered = gather(&site.config.catalog, &site.sources(), Reach::All, site.clock.now()).await;
    stock_of(Survey::of(&gathered.catalog), None, gathered.problems, site, output).await
}

/// As [`stock`], of what was surveyed before, with the problems of gathering it. What an earlier build kept is
/// not read again.
///
/// # Errors
/// The store can't be read.
pub async fn stock_of(
    survey: Survey,
    kept: Option<&Kept>,
    problems: Vec<Problem>,
    site: &Site,
    output: &Output,
) -> Result<Stock, Failure> {
    let mut stock = take_stock(survey, kept, &*site.store, site.clock.now()).await?;
    stock.problems.extend(problems);
    let (_, clashes) = plan::plan(&stock.published, &stock.categories, "", &site.config.feeds);
    stock.problems.extend(clashes);
    problems::show(&site.config.catalog.sources.content, &stock.problems, output);
    for digest in &site.config.digests {
        let unknown = compose::unknown_categories(digest, &stock.categories);
        if !unknown.is_empty() {
            let message = format!(
                "digest {:?} names categories that there are not: {}",
                digest.name,
                unknown.join(", ")
            );
            output.warning(
                &message,
                "mend `categories` in the configuration, or give each a folder with a _category.md",
            );
        }
    }
    let feeds = &site.config.feeds;
    for (name, unknown) in plan::unknown_categories(feeds, &stock.categories) {
        let message =
            format!("the feed {name:?} names categories that there are not: {}", unknown.join(", "));
        output.warning(
            &message,
            "mend its lists in the configuration, or give each a folder with a _category.md",
        );
    }
    Ok(stock)
}

/// Says why nothing is done: problems under `--strict`, or a source that a first run has to wait for.
#[must_use]
pub fn refuse(stock: &Stock, is_strict: bool, output: &Output) -> Option<Exit> {
    if stock.is_half {
        let message = format!(
            "nothing was published: a first run needs all sources, and {} can't be read",
            stock.unread.join(", ")
        );
        let hint = "mend it, or take it out of the configuration until it is there";
        output.error(&message, Some(hint));
    } else if is_strict && stock.errors() > 0 {
        let message =
            format!("nothing was published or sent over {} problems, for --strict was given", stock.errors());
        let hint = "mend them, or leave --strict out: then faulty articles are held out alone";
        output.error(&message, Some(hint));
    } else {
        return None;
    }
    Some(Exit::Problems)
}
