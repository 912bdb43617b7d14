//! `tidings diff`: what each reader would see as new, changed and gone if the feeds were published now.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::cli::args::{Arguments, Diff};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns, counted, shown};
use crate::cli::stock;
use crate::cli::wire;
use crate::feed::diff::{Change, Fate};
use crate::jobs::diff::{self, Differing, Report};

/// What a changed id means.
const NEW_ID: &str = "every reader shows it as new once more: give the article its old id (`id` in its front matter), or see why it changed";

/// Runs the command. Nothing on disk changes.
///
/// # Errors
/// A faulty configuration or template, a store that can't be read, a feed that there is not.
pub async fn run(command: &Diff, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let stock = stock::stock(&site, output).await?;
    let (config, now) = (&site.config, site.clock.now());
    let compared =
        diff::diff(&stock, &config.catalog, &config.feeds, &site.templates, &*site.store, now).await?;
    let report = chosen(compared, &command.feeds)?;
    let folder = shown(&config.feeds.output);
    for feed in &report.feeds {
        for change in &feed.changes {
            if let Fate::NewId { was } = &change.fate {
                let message = format!(
                    "{}: the id of {:?} was {was} and would be {}",
                    feed.feed, change.title, change.id
                );
                output.warning(&message, NEW_ID);
            }
        }
    }
    for doubt in &report.held_back {
        let message =
            format!("{folder}/{} would be held back: {}: {}", doubt.path, doubt.rule, doubt.message);
        output.error(&message, Some(doubt.hint));
    }
    output.result(&report, || text(&report));
    let is_asked = command.exit_code && report.differs();
    Ok(if is_asked || report.is_doubtful() || stock.errors() > 0 { Exit::Problems } else { Exit::Fine })
}

/// What is said of the feeds with these names; of all without names.
fn chosen(mut report: Report, names: &[String]) -> Result<Report, Failure> {
    if names.is_empty() {
        return Ok(report);
    }
    let known: Vec<&str> = report
        .feeds
        .iter()
        .map(|feed| feed.feed.as_str())
        .chain(report.unchanged.iter().map(String::as_str))
        .collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let message = format!("there is no feed {name:?}");
        return Err(Failure::usage(message, format!("there are: {}", known.join(", "))));
    }
    let is_wanted = |name: &str| names.iter().any(|wanted| wanted == name);
    report.feeds.retain(|feed| is_wanted(&feed.feed));
    report.unchanged.retain(|name| is_wanted(name));
    report.abandoned.clear();
    let prefixes: Vec<String> = names
        .iter()
        .map(|name| if name == diff::SITE { String::new() } else { format!("{name}/") })
        .collect();
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    report.held_back.retain(|doubt| prefixes.contains(&folder(&doubt.path)));
    Ok(report)
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for feed in &report.feeds {
        let _ = writeln!(text, "{} ({})", feed.feed, feed.label);
        text.push_str(&columns(&rows(feed)));
        text.push('\n');
    }
    for path in &report.abandoned {
        let _ = writeln!(text, "{path}: no feed would be written to it any more");
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for change in report.feeds.iter().flat_map(|feed| &feed.changes) {
        *counts.entry(word(&change.fate)).or_default() += 1;
    }
    let changed = counted(report.feeds.len() as u64, "feed", "feeds");
    let mut parts = vec![format!("{changed} would change, {} would not", report.unchanged.len())];
    parts.extend(counts.into_iter().map(|(word, number)| format!("{number} {word}")));
    text.push_str(&parts.join("; "));
    text.push('\n');
    text
}

fn rows(feed: &Differing) -> Vec<Vec<String>> {
    let row = |word: &str, text: String, more: String| vec![format!("  {word}"), text, more];
    let mut rows = Vec::new();
    if !feed.new_files.is_empty() {
        let entries = counted(feed.entries as u64, "entry", "entries");
        rows.push(row("new feed", feed.new_files.join(", "), entries));
    }
    for path in &feed.unreadable {
        rows.push(row(
            "unreadable",
            path.clone(),
            "what is there is no feed, and would be replaced".to_owned(),
        ));
    }
    for moved in &feed.moved {
        rows.push(row("address", moved.is.clone(), format!("was {}", moved.was)));
    }
    if let Some(id) = &feed.new_id {
        rows.push(row("feed id", id.is.clone(), format!("was {}", id.was)));
    }
    rows.extend(
        feed.changes.iter().map(|change| row(word(&change.fate), change.title.clone(), more(change))),
    );
    if feed.head {
        rows.push(row("head", "what the feed says of itself".to_owned(), String::new()));
    }
    rows
}

fn word(fate: &Fate) -> &'static str {
    match fate {
        Fate::NewId { .. } => "new id",
        Fate::New => "new",
        Fate::MovedIn => "moved in",
        Fate::Changed { .. } => "changed",
        Fate::Gone => "gone",
        Fate::MovedOut => "moved out",
    }
}

fn more(change: &Change) -> String {
    match &change.fate {
        Fate::NewId { was } => format!("{} was {was}", change.id),
        Fate::Changed { what } => what.iter().map(|part| part.name()).collect::<Vec<_>>().join(", "),
        _ => change.link.clone().unwrap_or_default(),
    }
}
