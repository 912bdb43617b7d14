//! `tidings ids`: the permanent ids under which readers know articles.

use anyhow::Context;

use crate::catalog::adopt::Adoption;
use crate::catalog::live_feed;
use crate::cli::args::{Arguments, Ids, ImportIds};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted};
use crate::cli::stock;
use crate::cli::{lock, wire};
use crate::jobs::adopt_ids::adopt_ids;

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a feed that can't be read, a lock that is held, a store that can't be written.
pub async fn run(command: &Ids, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match command {
        Ids::Import(command) => Box::pin(import(command, arguments, output)).await,
    }
}

async fn import(command: &ImportIds, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let _lock = lock::take(&site, "ids import").await?;
    let shown = command.feed.display();
    let bytes = std::fs::read(&command.feed).with_context(|| format!("{shown} can't be read"))?;
    let entries = live_feed::read(&bytes).map_err(|error| {
        let hint =
            "save the site's feed as its server gives it: curl -o feed.xml https://example.org/feed.xml";
        Failure::usage(format!("{shown} is no feed: {error}"), hint)
    })?;
    let stock = stock::stock(&site, output).await?;
    let adoption = adopt_ids(&stock, &entries, &*site.store, command.dry_run).await?;
    site.store.close().await;
    output.result(&adoption, || text(&adoption, command.dry_run));
    let all_found = adoption.unmatched.is_empty() && adoption.refused.is_empty();
    Ok(if all_found { Exit::Fine } else { Exit::Problems })
}

fn text(adoption: &Adoption, dry_run: bool) -> String {
    let mut lines: Vec<String> =
        adoption.adopted.iter().map(|adopted| format!("{}: {}", adopted.path, adopted.id)).collect();
    lines.extend(adoption.unmatched.iter().map(|id| format!("no article has the address or title of {id}")));
    lines.extend(adoption.refused.iter().map(|(id, why)| format!("{id} was not taken: {why}")));
    let verb = if dry_run { "would take the id that readers know" } else { "took the id that readers know" };
    let articles = counted(adoption.adopted.len() as u64, "article", "articles");
    let missed = adoption.unmatched.len() + adoption.refused.len();
    let entries = counted(missed as u64, "entry", "entries");
    lines.push(format!("{articles} {verb}, {} had it, {entries} without an article", adoption.same));
    lines.join("\n") + "\n"
}
