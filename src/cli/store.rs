//! `tidings store`: what is done with the store as a whole.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use serde::Serialize;

use crate::cli::args::Arguments;
use crate::cli::args_store::Store as Command;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted, shown};
use crate::cli::{lock, stock, wire, witnessing};
use crate::config::store::Place;
use crate::jobs::copy_store::{self, Sum};
use crate::jobs::witness::{self, Witness};
use crate::store::custody::Custody;
use crate::store::postgres::PostgresStore;
use crate::store::resuming::{Resumed, resume};
use crate::store::sqlite::SqliteStore;
use crate::store::whole::Whole;
use crate::store::{Store, history, soundness};

/// What was copied.
#[derive(Serialize)]
struct Copied {
    to: String,
    tables: Vec<Sum>,
}

impl Copied {
    fn rows(&self) -> String {
        counted(self.tables.iter().map(|sum| sum.rows).sum(), "row", "rows")
    }
}

/// What a check found.
#[derive(Serialize)]
struct Checked {
    findings: Vec<String>,
    tables: Vec<Sum>,
}

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a store that can't be opened, read or written, a lock that is held.
pub async fn run(command: &Command, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Migrate => Box::pin(migrate(arguments, output)).await,
        Command::Check => Box::pin(check(arguments, output)).await,
        Command::Copy { from, to } => Box::pin(copy(from, to, arguments, output)).await,
        Command::Backup { file } => Box::pin(back_up(file, arguments, output)).await,
        Command::Resume { why } => Box::pin(go_on(why, arguments, output)).await,
    }
}

async fn migrate(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let place = wire::configuration(arguments)?.store;
    let steps = match &place {
        // A file's tables are brought up to date whenever it is opened.
        Place::File(_) => {
            there(&place).await?.close().await;
            0
        }
        Place::Server(database) => {
            let address = wire::server(database)?;
            PostgresStore::migrate(address).await.with_context(|| place.to_string())?
        }
    };
    let text = match steps {
        0 => format!("the tables of {place} are up to date\n"),
        steps => {
            format!("the tables of {place} are up to date now: {}\n", counted(steps as u64, "step", "steps"))
        }
    };
    output.result(&serde_json::json!({ "steps": steps }), || text);
    Ok(Exit::Fine)
}

async fn check(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let store = there(&wire::configuration(arguments)?.store).await?;
    let findings = soundness::findings(&*store).await?;
    let mut whole = store.as_it_is().await?;
    let bar = output.progress(copy_store::rows(&mut *whole).await?, "Reading");
    let tables = copy_store::sums(&mut *whole, &|rows| bar.inc(rows)).await?;
    bar.finish_and_clear();
    drop(whole);
    store.close().await;
    let checked = Checked { findings, tables };
    output.result(&checked, || {
        let rows = counted(checked.tables.iter().map(|sum| sum.rows).sum(), "row", "rows");
        let mut lines = checked.findings.clone();
        lines.push(match checked.findings.len() as u64 {
            0 => format!("the store holds together: {rows} in {} tables", checked.tables.len()),
            found => format!(
                "{} in {rows}: keep this store as it is, and look for a backup without them",
                counted(found, "finding", "findings")
            ),
        });
        lines.join("\n") + "\n"
    });
    Ok(if checked.findings.is_empty() { Exit::Fine } else { Exit::Problems })
}

async fn copy(from: &str, to: &str, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let config = wire::configuration(arguments)?;
    let [from, to] = [from, to].map(|text| Place::new(text, Path::new("")));
    if let Some((message, hint)) = from.fault().or_else(|| to.fault()) {
        return Err(Failure::usage(message, hint));
    }
    // A run that goes on with the original after it was copied would be forgotten by the copy.
    let now = wire::clock(arguments).now();
    wire::make_folder(config.state_folder())?;
    let _lock = lock::beside(&config.state, "store copy", now)?;
    let source = there(&from).await?;
    lock::of_server(&*source, &from).await?;
    let target = wire::open_store(&to).await?;
    let mut original = source.as_it_is().await?;
    let mut empty = target.to_change().await?;
    let bar = output.progress(2 * copy_store::rows(&mut *original).await?, "Copying");
    let tables = copy_store::copy(&mut *original, &mut *empty, &|rows| bar.inc(rows)).await;
    let tables = tables.with_context(|| to.to_string())?;
    empty.keep().await?;
    bar.finish_and_clear();
    drop(original);
    source.close().await;
    target.close().await;
    let copied = Copied { to: to.to_string(), tables };
    output.result(&copied, || {
        format!(
            "{to} has all that {from} had: {}, each table with the same hash. Name it as `path` in [store] before the \
             next run\n",
            copied.rows()
        )
    });
    Ok(Exit::Fine)
}

async fn back_up(file: &Path, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let store = there(&wire::configuration(arguments)?.store).await?;
    let now = wire::clock(arguments).now();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unfinished = tempfile::NamedTempFile::new_in(folder);
    let unfinished = unfinished.with_context(|| format!("{} can't be written", shown(file)))?;
    if file.exists() {
        let hint = "a backup overwrites nothing: name a file that is not there yet, or move this one away";
        return Err(Failure::usage(format!("{} is there already", shown(file)), hint));
    }
    let backup = SqliteStore::open(unfinished.path()).await.with_context(|| shown(file))?;
    let mut original = store.as_it_is().await?;
    let mut empty = backup.to_change().await?;
    let bar = output.progress(2 * copy_store::rows(&mut *original).await?, "Backing up");
    let tables = copy_store::copy(&mut *original, &mut *empty, &|rows| bar.inc(rows)).await;
    let tables = tables.with_context(|| shown(file))?;
    history::mark_backup(&mut *empty, now).await?;
    empty.keep().await?;
    bar.finish_and_clear();
    drop(original);
    // What was written behind its back goes into the file itself.
    backup.close().await;
    store.close().await;
    unfinished.as_file().set_permissions(Permissions::from_mode(0o600))?;
    unfinished.as_file().sync_all()?;
    unfinished.persist_noclobber(file).with_context(|| format!("{} can't be written", shown(file)))?;
    let copied = Copied { to: shown(file), tables };
    output.result(&copied, || format!("{} has all that the store had: {}\n", copied.to, copied.rows()));
    Ok(Exit::Fine)
}

async fn go_on(why: &str, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let _lock = lock::take(&site, "store resume").await?;
    let history = history::history(&*site.store).await?;
    let known = Witness::read(&witnessing::place(&site))?;
    if witness::doubt(&history, known.as_ref()).is_none() {
        let hint = "nothing was changed; `tidings run` goes on with it";
        return Err(Failure::usage("the store is no backup, and not older than what was sent", hint));
    }
    // What is published now may have been in an issue that the copy does not know of.
    let stock = stock::stock(&site, output).await?;
    if let Some(exit) = stock::refuse(&stock, false, output) {
        return Ok(exit);
    }
    site.store.record_publications(&stock.to_record).await?;
    let now = site.clock.now();
    let digests: Vec<&str> = site.config.digests.iter().map(|digest| digest.name.as_str()).collect();
    let lost = witness::lost(&history, known.as_ref(), &digests, &stock.held, why, now);
    let resumed = resume(&*site.store, &lost, now).await?;
    witnessing::keep(&site).await?;
    site.store.close().await;
    let names: Vec<&str> = lost.digests.iter().map(|(name, _)| name.as_str()).collect();
    output.result(&resumed, || text(&resumed, &names));
    Ok(Exit::Fine)
}

fn text(resumed: &Resumed, digests: &[&str]) -> String {
    let mut lines = vec![format!(
        "this is the store in use now; {} that waited may have arrived and will not be sent",
        counted(resumed.cancelled, "mail", "mails")
    )];
    if !digests.is_empty() {
        lines.push(format!(
            "what is published now counts as sent in {}, for {}: the next issue has what is new from here on",
            digests.join(", "),
            counted(resumed.moved, "subscription", "subscriptions")
        ));
    }
    lines.push(
        "whoever subscribed, left or was erased since the copy was made is as they were before: do it again\n".to_owned(),
    );
    lines.join("\n")
}

/// The store at a place where there has to be one.
async fn there(place: &Place) -> Result<Arc<dyn Store>, Failure> {
    wire::look_at_store(place)
        .await?
        .ok_or_else(|| Failure::usage(format!("there is no store at {place}"), "`tidings run` makes one"))
}
