//! `tidings preview`: the next issue of each digest in a browser, anew whenever something changes; or as files. Changes
//! nothing.

use anyhow::Context;

use crate::cli::args::{Arguments, Preview};
use crate::cli::browser::open;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};
use crate::cli::preview_server;
use crate::cli::proofing::Round;
use crate::cli::wire::{self, Site};
use crate::feed::write::{self, Document};
use crate::jobs::rehearse::{everything, rehearse};
use crate::jobs::take_stock::Stock;
use crate::preview::files;
use crate::preview::proof::Proofs;

/// Runs the command.
///
/// # Errors
/// An unknown digest, a port or folder that can't be used. With `--out`, a faulty configuration or template and an unknown
/// subscriber, too: a server shows them.
pub async fn run(command: &Preview, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match &command.out {
        Some(folder) => Box::pin(write_files(command, folder, arguments, output)).await,
        None => Box::pin(preview_server::run(command, arguments, output)).await,
    }
}

async fn write_files(
    command: &Preview,
    folder: &std::path::Path,
    arguments: &Arguments,
    output: &Output,
) -> Result<Exit, Failure> {
    let round = Round::begin(arguments, output).await?;
    round.press()?;
    let reader = match &command.subscriber {
        Some(address) => Some(round.subscriber(address).await?),
        None => None,
    };
    let mut proofs = Proofs { site: round.site.config.catalog.site.title.clone(), ..Proofs::default() };
    let names: Vec<String> = command.digest.iter().cloned().collect();
    for digest in wire::chosen(&round.site.config, &names)? {
        let made = round.proofs(digest, reader.as_ref()).await?;
        for remark in made.remarks.iter().chain(made.proofs.iter().filter_map(|proof| proof.remark.as_ref()))
        {
            output.remark(&format!("{}: {remark}\n", digest.name));
        }
        proofs.digests.push(made);
    }
    let documents: Vec<Document> =
        files::files(&proofs)?.into_iter().map(|(path, bytes)| Document { path, bytes }).collect();
    write::write(folder, &documents).context("the preview can't be written")?;
    let written: Vec<String> = documents.iter().map(|document| shown(&folder.join(&document.path))).collect();
    output.result(&written, || written.join("\n") + "\n");
    let page = folder.join(files::INDEX);
    if command.open && !open(page.as_os_str()) {
        let message = format!("no browser could be opened (xdg-open); the page is {}", shown(&page));
        return Err(Failure::usage(message, "open it yourself"));
    }
    Ok(Exit::Fine)
}

/// Renders the newest articles of every digest and throws the mails away, to see whether it can be done.
///
/// # Errors
/// A template that can't be rendered.
pub fn all_render(site: &Site, stock: &Stock) -> Result<(), Failure> {
    let Some(press) = site.press(stock) else { return Ok(()) };
    for digest in &site.config.digests {
        rehearse(&press, digest, &everything())?;
    }
    Ok(())
}
