//! `tidings run`: do whatever is due.

use crate::cli::args::{Arguments, Run};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};
use crate::cli::sealing::Surveyed;
use crate::cli::stock;
use crate::cli::summary::Summary;
use crate::cli::{build, ingest, letters, lock, notices, preview, prune, send, wire, witnessing};
use crate::jobs::consent::Sent;

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, a lock that is held, a store or folder that can't be written.
pub async fn run(command: &Run, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let enough = wire::enough(command.time_budget)?;
    let _lock = lock::take(&site, "run").await?;
    witnessing::hold_against(&site).await?;
    // First of all: who left or is gone is not to be mailed.
    let ingested = ingest::of_run(&site, output).await?;
    let letters = letters::send(&site, output).await?;
    let survey = Surveyed::of(&site).await?;
    let is_sending = command.now || send::is_any_due(&site).await?;
    let (mut summary, stock) = if let Some(seal) = survey.sealed(&site, command.full || is_sending) {
        (Summary::of_seal(&seal, shown(&site.config.feeds.output)), None)
    } else {
        let (stock, beginning) = survey.stock(&site, command.full, output).await?;
        if let Some(exit) = stock::refuse(&stock, command.strict, output) {
            return Ok(exit);
        }
        // Feeds are written before mails are rendered: a digest that can't be rendered has to show before that.
        preview::all_render(&site, &stock)?;
        let mut summary = Summary::of(&stock);
        let wanted = build::Wanted { prune: command.prune, replace: command.replace, full: command.full };
        build::publish(&site, &stock, wanted, &mut summary, output).await?;
        beginning.seal(&site, &stock, &summary, output).await?;
        (summary, Some(stock))
    };
    build::tell_hubs(&site, command.no_ping, &mut summary, output).await?;
    let opening = send::Opening { stock: stock.as_ref(), digests: &[], at_once: command.now };
    let is_troubled = ingested.as_ref().is_some_and(|report| !report.troubles.is_empty());
    summary.ingested = ingested;
    summary.letters = Some(letters).filter(|sent| *sent != Sent::default());
    let exit = send::open_and_deliver(&site, &opening, enough, &mut summary, output).await?;
    prune::daily(&site).await?;
    notices::settle(&*site.store, output).await?;
    site.store.close().await;
    output.result(&summary, || summary.table());
    Ok(if is_troubled && exit == Exit::Fine { Exit::Problems } else { exit })
}
