//! `tidings issues`: what is frozen, and what is decided of it.

use std::fmt::Write as _;

use anyhow::Context;
use serde::Serialize;
use serde_json::json;
use similar::TextDiff;

use crate::cli::args::Arguments;
use crate::cli::args_mail::Issues;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns, counted, shown};
use crate::cli::stock;
use crate::cli::wire::{self, Site};
use crate::cli::{lock, status};
use crate::digest::issue::Edition;
use crate::digest::message;
use crate::digest::recipient::Recipient;
use crate::feed::write::{self, Document};
use crate::jobs::rehearse;
use crate::mail::name::DisplayName;
use crate::store::editorial::{Decided, IssueStory};
use crate::store::issues::Frozen;

/// Issues that are listed where nobody says how many.
const MOST: u32 = 20;

/// Runs the command.
///
/// # Errors
/// A faulty configuration, an issue that is not there, a store that can't be read or written.
pub async fn run(command: &Issues, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match command {
        Issues::List { most } => {
            let site = wire::look(arguments).await?;
            let issues = site.store.issue_statuses(most.unwrap_or(MOST)).await?;
            let none = || "no issue was opened yet; `tidings plan` shows when one is due\n".to_owned();
            output.result(&issues, || if issues.is_empty() { none() } else { status::table(&issues) });
            Ok(Exit::Fine)
        }
        Issues::Show { issue, out } => show(*issue, out.as_deref(), arguments, output).await,
        Issues::Diff { issue } => Box::pin(diff(*issue, arguments, output)).await,
        Issues::Hold { issue } => {
            let site = wire::open(arguments).await?;
            let decided = site.store.hold(*issue).await?;
            tell(*issue, &decided, "held", "wait until `tidings issues release` lets them go", output)
        }
        Issues::Release { issue } => {
            let site = wire::open(arguments).await?;
            let decided = site.store.release_issue(*issue).await?;
            tell(*issue, &decided, "released", "go out with the next `tidings run` or `send`", output)
        }
        Issues::Cancel { issue, why } => {
            let site = wire::open(arguments).await?;
            let decided = site.store.cancel(*issue, why, site.clock.now()).await?;
            tell(
                *issue,
                &decided,
                "cancelled",
                "are not sent; their articles come with the next issue",
                output,
            )
        }
    }
}

/// Says what became of a decision.
fn tell(issue: i64, decided: &Decided, done: &str, follows: &str, output: &Output) -> Result<Exit, Failure> {
    match decided {
        Decided::Done(deliveries) => {
            let value = json!({ "issue": issue, "state": done, "deliveries": deliveries });
            output.result(&value, || {
                format!(
                    "issue {issue} is {done}: {} {follows}\n",
                    counted(*deliveries, "delivery", "deliveries")
                )
            });
            Ok(Exit::Fine)
        }
        Decided::Already => {
            output.result(&json!({ "issue": issue, "state": done, "deliveries": 0 }), || {
                format!("issue {issue} was {done} already\n")
            });
            Ok(Exit::Fine)
        }
        Decided::Nothing => Err(nothing(issue)),
        Decided::TooLate(state) => Err(Failure::usage(
            format!("issue {issue} can't be {done}: it is {state}"),
            format!("`tidings issues show {issue}` tells what became of it"),
        )),
    }
}

fn nothing(issue: i64) -> Failure {
    Failure::usage(format!("there is no issue {issue}"), "`tidings issues list` shows those that there are")
}

async fn show(
    issue: i64,
    out: Option<&std::path::Path>,
    arguments: &Arguments,
    output: &Output,
) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let story = site.store.issue(issue).await?.ok_or_else(|| nothing(issue))?;
    let frozen = site.store.editions(issue).await?;
    let mut files = Vec::new();
    if let Some(folder) = out {
        let documents = documents(&site, &story, &frozen)?;
        write::write(folder, &documents).context("the editions can't be written")?;
        files = documents.iter().map(|document| shown(&folder.join(&document.path))).collect();
    }
    let mut value = serde_json::to_value(&story).map_err(anyhow::Error::from)?;
    value["files"] = json!(files);
    output.result(&value, || text(&story) + &lines(&files));
    Ok(Exit::Fine)
}

fn lines(files: &[String]) -> String {
    if files.is_empty() { String::new() } else { files.join("\n") + "\n" }
}

/// Each edition as HTML, text and .eml for a reader who is nobody.
fn documents(site: &Site, story: &IssueStory, frozen: &[Frozen]) -> Result<Vec<Document>, Failure> {
    let address = "reader@example.org".parse().map_err(anyhow::Error::msg)?;
    let issue = story.status.issue;
    let recipient =
        Recipient { subscriber: 0, issue, opened: story.opened, name: DisplayName::new("Reader"), address };
    let mut documents = Vec::new();
    for Frozen { letterhead, edition } in frozen {
        let name = format!("{}-{issue}-{}", letterhead.digest, &edition.key[..8.min(edition.key.len())]);
        let (text, html) = message::bodies(edition, letterhead, &recipient, &site.signer);
        let message = message::message(edition, letterhead, &recipient, &site.signer)?;
        let document = |ending: &str, bytes| Document { path: format!("{name}.{ending}"), bytes };
        documents.push(document("html", html.into_bytes()));
        documents.push(document("txt", text.into_bytes()));
        documents.push(document("eml", message));
    }
    Ok(documents)
}

fn text(story: &IssueStory) -> String {
    let moment = |at: &chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    let status = &story.status;
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let mut rows = vec![
        row("Issue", format!("{} of {}", status.issue, status.digest)),
        row("Slot", moment(&status.slot)),
        row("Opened", moment(&story.opened)),
        row(
            "State",
            match &status.reason {
                Some(reason) => format!("{}: {reason}", status.state),
                None => status.state.clone(),
            },
        ),
        row("Deliveries", status::deliveries(status)),
    ];
    for edition in &story.editions {
        rows.push(row(
            "Edition",
            format!(
                "{} ({}, {} bytes of HTML, {}): {}",
                &edition.key[..8.min(edition.key.len())],
                edition.language,
                edition.html_bytes,
                counted(edition.deliveries, "delivery", "deliveries"),
                edition.subject
            ),
        ));
        rows.push(row("", format!("SHA-256 {}", edition.hash)));
    }
    columns(&rows)
}

/// How the mails of an issue differ from what would be composed now of the same articles.
#[derive(Debug, Serialize)]
struct Difference {
    edition: String,
    language: String,
    /// The subject and the text, as a unified diff; empty where nothing differs.
    text: String,
    /// Whether the HTML differs.
    html: bool,
    /// Articles that are not published any more.
    gone: Vec<i64>,
}

async fn diff(issue: i64, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let _lock = lock::take(&site, "issues").await?;
    let story = site.store.issue(issue).await?.ok_or_else(|| nothing(issue))?;
    let digests = wire::chosen(&site.config, std::slice::from_ref(&story.status.digest))?;
    let stock = stock::stock(&site, output).await?;
    let (Some(press), Some(digest)) = (site.press(&stock), digests.first()) else {
        return Err(Failure::usage("there is no [mail] in the configuration", "add it"));
    };
    let mut differences = Vec::new();
    for frozen in site.store.editions(issue).await? {
        let again = rehearse::again(&press, digest, &story, &frozen)?;
        let old = &frozen.edition;
        let whole = |edition: &Edition| format!("Subject: {}\n\n{}", edition.subject, edition.text);
        let (before, after) = (whole(old), again.edition.as_ref().map(whole).unwrap_or_default());
        let text = TextDiff::from_lines(&before, &after);
        differences.push(Difference {
            edition: old.key.clone(),
            language: old.language.to_string(),
            text: text.unified_diff().context_radius(2).header("frozen", "now").to_string(),
            html: again.edition.is_none_or(|new| new.html != old.html),
            gone: again.gone,
        });
    }
    output.result(&differences, || told(issue, &differences));
    Ok(Exit::Fine)
}

fn told(issue: i64, differences: &[Difference]) -> String {
    let mut lines = String::new();
    for difference in differences {
        let key = &difference.edition[..8.min(difference.edition.len())];
        if !difference.gone.is_empty() {
            let gone = counted(difference.gone.len() as u64, "article", "articles");
            let _ = writeln!(
                lines,
                "edition {key} ({}): {gone} of it would not be published now",
                difference.language
            );
        }
        if difference.text.is_empty() && !difference.html {
            let _ = writeln!(lines, "edition {key} ({}): as it would be composed now", difference.language);
        } else if difference.text.is_empty() {
            let _ =
                writeln!(lines, "edition {key} ({}): the HTML would look otherwise now", difference.language);
        } else {
            let _ = write!(lines, "edition {key} ({}):\n{}", difference.language, difference.text);
        }
    }
    if differences.is_empty() {
        lines = format!("issue {issue} has no mails\n");
    }
    lines
}
