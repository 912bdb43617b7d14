//! `tidings build`: write the feeds.

use chrono::{DateTime, Utc};

use crate::catalog::problem::Problem;
use crate::catalog::survey::Survey;
use crate::cli::args::{Arguments, Build};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::sealing::Surveyed;
use crate::cli::summary::Summary;
use crate::cli::wire::{self, Site};
use crate::cli::{lock, notices, problems, sealing, watch};
use crate::digest::compose;
use crate::feed::plan;
use crate::fetch::hub::{self, Teller};
use crate::jobs::gather::{Reach, gather};
use crate::jobs::take_stock::{Kept, Stock, take_stock};
use crate::jobs::{ping, publish};

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, a lock that is held, a store or folder that can't be written.
pub async fn run(command: &Build, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    if command.watch {
        return Box::pin(watch::run(command, arguments, output)).await;
    }
    let built = once(command, arguments, output).await?;
    if let Some(summary) = &built.summary {
        output.result(summary, || summary.table());
    }
    Ok(built.exit)
}

/// What became of a build.
#[derive(Debug)]
pub struct Built {
    /// How it ended.
    pub exit: Exit,
    /// What was done; nothing where the build was refused.
    pub summary: Option<Summary>,
    /// When the next article is due or expires, where one does.
    pub until: Option<DateTime<Utc>>,
}

/// Opens the site and builds it, under its lock.
///
/// # Errors
/// As of [`run`].
pub async fn once(command: &Build, arguments: &Arguments, output: &Output) -> Result<Built, Failure> {
    let site = wire::open(arguments).await?;
    let _lock = lock::take(&site.config.store, "build", site.clock.now())?;
    let survey = Surveyed::of(&site).await?;
    let (mut summary, until) = if let Some(seal) = survey.sealed(&site, command.full) {
        (Summary::of_seal(&seal, shown(&site.config.feeds.output)), seal.until)
    } else {
        let (stock, beginning) = survey.stock(&site, command.full, output).await?;
        if let Some(exit) = refuse(&stock, command.strict, output) {
            return Ok(Built { exit, summary: None, until: stock.until });
        }
        let mut summary = Summary::of(&stock);
        let wanted = Wanted { prune: command.prune, replace: command.replace, full: command.full };
        publish(&site, &stock, wanted, &mut summary, output).await?;
        beginning.seal(&site, &stock, &summary, output).await?;
        let until = stock.until;
        // The process may end before all of it is given back.
        rayon::spawn(move || drop(stock));
        (summary, until)
    };
    tell_hubs(&site, command.no_ping, &mut summary, output).await?;
    notices::settle(&site.store, output).await?;
    site.store.close().await;
    let exit = if summary.is_flawed() { Exit::Problems } else { Exit::Fine };
    Ok(Built { exit, summary: Some(summary), until })
}

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
    let mut stock = take_stock(survey, kept, &site.store, site.clock.now()).await?;
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

/// How a command publishes.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// `--prune`.
    pub prune: bool,
    /// `--replace`.
    pub replace: bool,
    /// `--full`.
    pub full: bool,
}

/// Publishes, and says which feeds are no more and which were held back.
///
/// # Errors
/// A template that can't be rendered, a store or folder that can't be written.
pub async fn publish(
    site: &Site,
    stock: &Stock,
    wanted: Wanted,
    summary: &mut Summary,
    output: &Output,
) -> Result<(), Failure> {
    let config = &site.config;
    let memory = sealing::memory(site, !wanted.full);
    let Wanted { prune, replace, .. } = wanted;
    let ledger = sealing::ledger(site);
    let orders = publish::Orders { prune, replace, memory: &memory, ledger: &ledger, now: site.clock.now() };
    let report =
        publish::publish(stock, &config.catalog, &config.feeds, &site.templates, &site.store, orders).await?;
    problems::show_doubts(&report, output);
    if !report.gone.is_empty() {
        let message = format!("no feed is written any more to {}", report.gone.join(", "));
        output.warning(&message, "readers go on polling what is there; --prune removes it");
    }
    summary.published = Some(report);
    summary.output = Some(shown(&config.feeds.output));
    Ok(())
}

/// Tells hubs of what was published, unless that is for a later run, and says what was given up.
///
/// # Errors
/// The store can't be read or written.
pub async fn tell_hubs(
    site: &Site,
    is_for_later: bool,
    summary: &mut Summary,
    output: &Output,
) -> Result<(), Failure> {
    let topics = summary.published.as_ref().map(|report| report.topics.as_slice()).unwrap_or_default();
    let (feeds, now) = (&site.config.feeds, site.clock.now());
    let report = if is_for_later || topics.is_empty() {
        ping::remember(topics, &site.store, now).await?
    } else {
        let teller = Teller::new(hub::TIMEOUT, feeds.allow_private_hubs)?;
        ping::ping(topics, &teller, &site.store, now).await?
    };
    for ping in &report.given_up {
        let problem = ping.problem.as_deref().unwrap_or_default();
        let message = format!("the hub {} could not be told of {}: {problem}", ping.hub, ping.address);
        let hint = "it was given up after three days; look at `hub`, and whether the hub is still there";
        output.warning(&message, hint);
    }
    summary.pinged = (!topics.is_empty()).then_some(report);
    Ok(())
}

/// A path as one would type it from here.
#[must_use]
pub fn shown(path: &std::path::Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
