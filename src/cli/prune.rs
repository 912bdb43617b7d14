//! `tidings prune`: forget what is too old. `tidings run` does the same at its end, once a day.

use chrono::Duration;

use crate::cli::args::Arguments;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns};
use crate::cli::wire::{self, Site};
use crate::subscribers::retention::Pruned;

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a store that can't be written.
pub async fn run(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let pruned = site.store.prune(&site.config.retention, site.clock.now()).await?;
    site.store.close().await;
    output.result(&pruned, || table(&pruned));
    Ok(Exit::Fine)
}

/// Forgets what is too old, unless that was done within a day.
///
/// # Errors
/// The store can't be read or written.
pub async fn daily(site: &Site) -> Result<(), Failure> {
    let now = site.clock.now();
    let last = site.store.pruned_at().await?;
    if last.is_none_or(|last| now - last >= Duration::days(1)) {
        site.store.prune(&site.config.retention, now).await?;
    }
    Ok(())
}

fn table(pruned: &Pruned) -> String {
    let rows = [
        ("Requests", pruned.requests),
        ("Never confirmed", pruned.pending),
        ("Internet addresses", pruned.ips),
        ("Records of people who left", pruned.left),
        ("Deliveries", pruned.deliveries),
    ];
    columns(&rows.map(|(what, count)| vec![what.to_owned(), count.to_string()]))
}
