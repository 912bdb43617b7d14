//! `tidings build`: write the feeds.

use chrono::{DateTime, Utc};

use crate::cli::args::{Arguments, Build};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};
use crate::cli::sealing::Surveyed;
use crate::cli::stock;
use crate::cli::summary::Summary;
use crate::cli::wire::{self, Site};
use crate::cli::{lock, notices, problems, sealing};
use crate::fetch::hub::{self, Teller};
use crate::jobs::take_stock::Stock;
use crate::jobs::{ping, publish};

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, a lock that is held, a store or folder that can't be written.
pub async fn run(command: &Build, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let built = Box::pin(once(command, arguments, output)).await?;
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
    let _lock = lock::take(&site, "build").await?;
    let survey = Surveyed::of(&site).await?;
    let (mut summary, until) = if let Some(seal) = survey.sealed(&site, command.full) {
        (Summary::of_seal(&seal, shown(&site.config.feeds.output)), seal.until)
    } else {
        let (stock, beginning) = survey.stock(&site, command.full, output).await?;
        if let Some(exit) = stock::refuse(&stock, command.strict, output) {
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
    notices::settle(&*site.store, output).await?;
    site.store.close().await;
    let exit = if summary.is_flawed() { Exit::Problems } else { Exit::Fine };
    Ok(Built { exit, summary: Some(summary), until })
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
        publish::publish(stock, &config.catalog, &config.feeds, &site.templates, &*site.store, orders)
            .await?;
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
        ping::remember(topics, &*site.store, now).await?
    } else {
        let teller = Teller::new(hub::TIMEOUT, feeds.allow_private_hubs)?;
        ping::ping(topics, &teller, &*site.store, now).await?
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
