//! `tidings check`: look for problems in configuration, articles, templates, and the feeds and mails that would go out.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::catalog::media::Measurements;
use crate::cli::args::{Arguments, Check};
use crate::cli::check_feed::{self, Judged, Paper};
use crate::cli::check_mail::{self, Inspected};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns, counted, shown};
use crate::cli::stock;
use crate::cli::wire;
use crate::feed::write::Document;
use crate::feed::{documents, select, tombstones};
use crate::jobs::guard;

#[derive(Serialize)]
struct Findings {
    articles: usize,
    categories: usize,
    errors: usize,
    warnings: usize,
    problems: Vec<Finding>,
    feeds: Vec<Judged>,
    mails: Vec<Inspected>,
    left_out: Vec<LeftOutFile>,
}

#[derive(Serialize)]
struct Finding {
    path: String,
    line: usize,
    column: usize,
    severity: String,
    message: String,
    hint: String,
}

#[derive(Serialize)]
struct LeftOutFile {
    path: String,
    reason: String,
}

/// Runs the command. Feeds and digests are rendered too, feeds are judged, mails inspected, and all are thrown away.
///
/// # Errors
/// A faulty configuration or template, a store that can't be read.
pub async fn run(command: &Check, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let stock = stock::stock(&site, output).await?;
    let config = &site.config;
    let mut measurements = Measurements::default();
    let material = stock.material();
    let choices = select::choices(&material, &config.feeds);
    let mut feeds = select::feeds(&choices, &material, &config.catalog, &config.feeds, &mut measurements)?;
    tombstones::add(&mut feeds, &stock.withdrawn, &config.catalog.site, &config.feeds);
    let documents = documents::all(&feeds, &config.catalog, &config.feeds, &site.templates)?;
    let mails = check_mail::inspect(&site, &stock, &[], output)?;
    let feeds = judged(documents, &config.feeds.output, site.clock.now(), output);
    let errors_of_feeds: usize = feeds.iter().map(|feed| feed.errors).sum();
    let warnings_of_feeds: usize = feeds.iter().map(|feed| feed.warnings).sum();
    let errors_of_mails: usize = mails.iter().map(|mail| mail.errors).sum();
    let warnings_of_mails: usize = mails.iter().map(|mail| mail.warnings).sum();
    let errors = stock.errors() + errors_of_feeds + errors_of_mails;
    let findings = Findings {
        articles: stock.published.len(),
        categories: stock.categories.len(),
        errors,
        warnings: stock.problems.len() - stock.errors() + warnings_of_feeds + warnings_of_mails,
        feeds,
        mails,
        problems: stock
            .problems
            .iter()
            .map(|problem| Finding {
                path: problem.path.clone(),
                line: problem.at.line,
                column: problem.at.column,
                severity: problem.severity.to_string(),
                message: problem.message.clone(),
                hint: problem.hint.clone(),
            })
            .collect(),
        left_out: stock
            .left_out
            .iter()
            .map(|file| LeftOutFile { path: file.path.clone(), reason: file.reason.clone() })
            .collect(),
    };
    output.result(&findings, || text(&findings, command.left_out));
    Ok(if errors > 0 { Exit::Problems } else { Exit::Fine })
}

/// What would be published, judged; only feeds with which something is wrong. What is to be said of an article would be
/// said in each feed that it is in: a warning is told where it is met first.
fn judged(documents: Vec<Document>, folder: &Path, now: DateTime<Utc>, output: &Output) -> Vec<Judged> {
    let folder = shown(folder);
    let papers = documents
        .into_iter()
        .filter(|document| guard::is_feed(&document.path))
        .map(|document| Paper {
            name: format!("{folder}/{}", document.path),
            bytes: Some(document.bytes),
            beside: Vec::new(),
        })
        .collect();
    let mut rulings = check_feed::judge(papers, now);
    let mut seen = BTreeSet::new();
    for ruling in &mut rulings {
        ruling
            .findings
            .retain(|finding| finding.is_error() || seen.insert((finding.rule.id, finding.message.clone())));
    }
    rulings.retain(|ruling| !ruling.findings.is_empty());
    check_feed::tell(rulings, output)
}

fn text(findings: &Findings, list_left_out: bool) -> String {
    let mut text = String::new();
    if list_left_out {
        let rows: Vec<Vec<String>> =
            findings.left_out.iter().map(|file| vec![file.path.clone(), file.reason.clone()]).collect();
        text.push_str(&columns(&rows));
    }
    let summary = [
        counted(findings.articles as u64, "article", "articles"),
        counted(findings.categories as u64, "category", "categories"),
        format!("{} left out", counted(findings.left_out.len() as u64, "file", "files")),
        counted(findings.errors as u64, "error", "errors"),
        counted(findings.warnings as u64, "warning", "warnings"),
    ];
    text.push_str(&summary.join(", "));
    text.push('\n');
    text
}
