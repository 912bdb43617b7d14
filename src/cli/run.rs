//! `tidings run`: do whatever is due.

use crate::cli::args::{Arguments, Run};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::summary::Summary;
use crate::cli::{build, lock, notices, preview, send, wire};

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, a lock that is held, a store or folder that can't be written.
pub async fn run(command: &Run, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let enough = wire::enough(command.time_budget);
    let _lock = lock::take(&site.config.store, "run", site.clock.now())?;
    let stock = build::stock(&site, output).await?;
    if command.strict && stock.errors() > 0 {
        return Ok(build::refuse(&stock, output));
    }
    // Feeds are written before mails are rendered: a digest that can't be rendered has to show before that.
    preview::all_render(&site, &stock)?;
    let mut summary = Summary::of(&stock);
    build::publish(&site, &stock, (command.prune, command.replace), &mut summary, output).await?;
    let exit = send::open_and_deliver(&site, &stock, &[], command.now, enough, &mut summary, output).await?;
    notices::settle(&site.store, output).await?;
    site.store.close().await;
    output.result(&summary, || summary.table());
    Ok(exit)
}
