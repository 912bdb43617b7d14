//! `tidings send`: open due issues and deliver, without writing feeds. `tidings run` does the same after publishing.

use crate::cli::args::{Arguments, Send};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted, shown};
use crate::cli::stock;
use crate::cli::subscribers_import::rejected_line;
use crate::cli::summary::Summary;
use crate::cli::wire::{self, Site};
use crate::cli::{ingest, lock, notices, preview, problems, witnessing};
use crate::delivery::outcome::Refusal;
use crate::delivery::settings::Kind;
use crate::delivery::worker::Stop;
use crate::jobs::archive::{self, Shelves};
use crate::jobs::bounces::Judge;
use crate::jobs::deliver::{self, Delivery, Enough, Report};
use crate::jobs::import::Refused;
use crate::jobs::lint::Spoiled;
use crate::jobs::open_issue;
use crate::jobs::subscribe;
use crate::jobs::take_stock::Stock;
use crate::store::deliveries::Failed;
use crate::subscribers::import::rejected::Rejected;

/// Failed deliveries that are named at the end of a run; `tidings subscribers show` tells of any.
const MOST_NAMED: u32 = 20;

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, a lock that is held, a store that can't be written.
pub async fn run(command: &Send, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let enough = wire::enough(command.time_budget)?;
    let _lock = lock::take(&site, "send").await?;
    witnessing::hold_against(&site).await?;
    let stock = stock::stock(&site, output).await?;
    if let Some(exit) = stock::refuse(&stock, false, output) {
        return Ok(exit);
    }
    preview::all_render(&site, &stock)?;
    site.store.record_publications(&stock.to_record).await?;
    let mut summary = Summary::of(&stock);
    let opening = Opening { stock: Some(&stock), digests: &command.digests, at_once: command.now };
    let exit = open_and_deliver(&site, &opening, enough, &mut summary, output).await?;
    notices::settle(&*site.store, output).await?;
    site.store.close().await;
    output.result(&summary, || summary.table());
    Ok(exit)
}

/// Which issues to open.
pub struct Opening<'a> {
    /// What they are made of; none where nothing has changed and none is due.
    pub stock: Option<&'a Stock>,
    /// Of these digests; of all, where none is named.
    pub digests: &'a [String],
    /// Whatever their timetables say.
    pub at_once: bool,
}

/// Whether the timetable of any digest asks for an issue now. A digest that is seen for the first time is remembered:
/// its slots count from now on.
///
/// # Errors
/// A cron expression that can't be read, a store that can't be read or written.
pub async fn is_any_due(site: &Site) -> Result<bool, Failure> {
    let now = site.clock.now();
    for digest in &site.config.digests {
        let since = site.store.handled_until(&digest.name, now).await?;
        let due = open_issue::due(&site.config.catalog.site, digest, since, now)?;
        if due.open.is_some() || !due.passed.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Settles what a dead run left, opens what is due, delivers what waits.
///
/// # Errors
/// A template that can't be rendered, a store that can't be read or written.
pub async fn open_and_deliver(
    site: &Site,
    opening: &Opening<'_>,
    enough: Enough,
    summary: &mut Summary,
    output: &Output,
) -> Result<Exit, Failure> {
    let now = site.clock.now();
    let transport = wire::transport(&site.config)?;
    let dkim = wire::dkim(&site.config, output)?;
    summary.recovered = Some(site.store.recover(site.config.delivery.on_uncertain, now).await?);
    if let Some(stock) = opening.stock {
        add_listed(site, stock, summary, output).await?;
        if let Some(press) = site.press(stock) {
            for digest in wire::chosen(&site.config, opening.digests)? {
                match open_issue::open(&press, digest, &*site.store, opening.at_once).await {
                    Ok(report) => {
                        problems::show_remarks(&digest.name, &report.remarks, output);
                        summary.digests.push(report);
                    }
                    // Its readers wait until it is mended; those of other digests don't.
                    Err(error) => tell_spoiled(error.downcast()?, summary, output),
                }
            }
        }
    }
    let is_opened = summary.digests.iter().any(|report| report.opened.is_some());
    if is_opened {
        // Before the first mail: from now on, a store that does not know of the issue is an old one.
        witnessing::keep(site).await?;
    }
    // Mails link to their pages, so pages come first.
    if let Some(archive) = &site.config.archive {
        let shelves = Shelves { archive, site: &site.config.catalog.site, templates: &site.templates };
        summary.archived = archive::write(&shelves, &site.config.digests, &*site.store).await?;
    }
    let bar = output.progress(site.store.waiting(now).await?.ready, "Delivering");
    let delivery = Delivery {
        settings: &site.config.delivery,
        transport,
        signer: &site.signer,
        dkim: dkim.as_ref(),
        clock: site.clock,
        enough,
        watcher: wire::watcher(&bar),
    };
    let delivered = deliver::deliver(&delivery, &site.store).await?;
    bar.finish_and_clear();
    if delivered.as_ref().map_or_else(|interrupted| interrupted.report, |report| *report).failed > 0 {
        summary.failed = site.store.failed_since(now, MOST_NAMED).await?;
        tell_failed(&summary.failed, output);
    }
    // What servers refused at once goes the way of what comes back.
    let judge = Judge { settings: &site.config.bounces, store: &*site.store, now: site.clock.now() };
    summary.given_up = judge.of_refused().await?;
    ingest::tell_given_up(&summary.given_up, output);
    let rejected = summary.listed.as_ref().is_some_and(|listed| listed.rejected + listed.erased > 0);
    let mut exit = if !summary.spoiled.is_empty() {
        Exit::Usage
    } else if summary.is_flawed() || rejected || !summary.failed.is_empty() {
        Exit::Problems
    } else {
        Exit::Fine
    };
    match delivered {
        Ok(report) => summary.delivered = Some(report),
        Err(interrupted) => {
            exit = explain(&interrupted.stop, output);
            summary.stopped = Some(interrupted.stop.to_string());
            summary.delivered = Some(interrupted.report);
        }
    }
    if is_opened || summary.delivered.is_some_and(|report| report != Report::default()) {
        witnessing::keep(site).await?;
    }
    if site.config.delivery.transport == Kind::File {
        summary.outbox = Some(shown(&site.config.delivery.outbox));
    }
    let waiting = site.store.waiting(now).await?;
    if waiting.uncertain > 0 && exit == Exit::Fine {
        exit = Exit::Problems;
        let message =
            format!("{} may or may not have arrived: held", counted(waiting.uncertain, "mail", "mails"));
        output.warning(
            &message,
            "`tidings status` shows their issues; `subscribers show` tells each one's story",
        );
    }
    summary.waiting = Some(waiting);
    Ok(exit)
}

/// Adds whoever is new on the site's list of subscribers.
async fn add_listed(
    site: &Site,
    stock: &Stock,
    summary: &mut Summary,
    output: &Output,
) -> Result<(), Failure> {
    let Some(file) = &site.config.subscribers else {
        return Ok(());
    };
    let offer = subscribe::offer(&site.config.digests, &stock.categories, None);
    // Whoever left is left in peace on the list; all else is to be mended there.
    let mut tell = |rejected: &Rejected, why: Refused| {
        if why != Refused::Left {
            output.notice(rejected_line(file, rejected));
        }
        Ok(())
    };
    summary.listed =
        subscribe::add_listed(file, &offer, &site.signer, &*site.store, site.clock.now(), &mut tell).await?;
    Ok(())
}

/// Says why an issue was not opened.
fn tell_spoiled(spoiled: Spoiled, summary: &mut Summary, output: &Output) {
    problems::show_remarks(&spoiled.digest, &spoiled.remarks, output);
    let hint = "mend what the errors above name; the next run opens the issue. `tidings check --mail` says whether it would";
    output.error(&spoiled.to_string(), Some(hint));
    summary.spoiled.push(spoiled.digest);
}

/// Names those whose mail failed, each with the reason.
fn tell_failed(failed: &[Failed], output: &Output) {
    let lines: Vec<String> = failed
        .iter()
        .map(|one| format!("\n  {}, issue {} of {}: {}", one.address, one.issue, one.digest, one.reason))
        .collect();
    output.warning(
        &format!("these readers did not get their mail:{}", lines.concat()),
        "mend or remove the address; what the mail held comes with the next issue",
    );
}

/// Tells why nothing more can be sent, with what to do about it.
pub fn explain(stop: &Stop, output: &Output) -> Exit {
    match stop {
        Stop::Refused(Refusal::Outbox { .. }) => {
            let hint = "nobody was marked failed; look at the disk and at delivery.outbox, then run again";
            output.error(&stop.to_string(), Some(hint));
            Exit::Io
        }
        Stop::Refused(refusal) => {
            let mend = match refusal {
                // RFC 4954, 6: not logged in, or not well.
                Refusal::Sender { reply } if [530, 534, 535].contains(&reply.code) => {
                    "look at username and password in [smtp]; "
                }
                _ => "",
            };
            let hint = format!("{mend}nobody was marked failed; what waits goes out once this is mended");
            output.error(&stop.to_string(), Some(&hint));
            Exit::Unavailable
        }
        Stop::Ledger(_) | Stop::Failed(_) => {
            let hint = "sending has stopped; look at the disk. The next run settles what was under way";
            output.error(&stop.to_string(), Some(hint));
            Exit::Io
        }
    }
}
