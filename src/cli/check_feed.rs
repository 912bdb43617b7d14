//! `tidings check --feed`: judge anybody's feed, from a file, an address, or standard input.

use std::io::Read;

use anyhow::Context;
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::Serialize;
use url::Url;

use crate::cli::args::{Arguments, Check};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted};
use crate::cli::{problems, wire};
use crate::feed::judge::finding::Finding;
use crate::feed::judge::verdict::{self, LARGEST, Verdict};
use crate::feed::judge::{across, values};
use crate::fetch::get::{self, Limits};
use crate::fetch::response;

/// A feed with what is wrong with it.
#[derive(Debug, Serialize)]
pub struct Judged {
    /// The file, address, or path under the output folder.
    pub feed: String,
    /// What it is.
    pub format: Option<String>,
    /// How many entries it has.
    pub entries: usize,
    /// MUSTs that it breaks.
    pub errors: usize,
    /// What else somebody should look at.
    pub warnings: usize,
    /// In the order of the document.
    pub findings: Vec<Told>,
}

/// A finding as it is told.
#[derive(Debug, Serialize)]
pub struct Told {
    rule: &'static str,
    severity: String,
    line: usize,
    column: usize,
    place: String,
    message: String,
    hint: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct Findings {
    feeds: Vec<Judged>,
    errors: usize,
    warnings: usize,
}

/// Runs the command. Several feeds are held against each other, too.
///
/// # Errors
/// A file that can't be read, a word that is no address.
pub async fn run(command: &Check, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let now = wire::clock(arguments).now();
    let mut documents = Vec::new();
    for feed in &command.feeds {
        documents.push(open(feed, command.allow_private, now).await?);
    }
    let feeds = tell(judge(documents, now), output);
    let errors = feeds.iter().map(|feed| feed.errors).sum();
    let findings = Findings { errors, warnings: feeds.iter().map(|feed| feed.warnings).sum(), feeds };
    output.result(&findings, || text(&findings));
    Ok(if findings.errors > 0 { Exit::Problems } else { Exit::Fine })
}

/// A document to be judged.
#[derive(Debug)]
pub struct Paper {
    /// The file, address, or path.
    pub name: String,
    /// Its bytes; none where it could not be fetched.
    pub bytes: Option<Vec<u8>>,
    /// What was found beside the document.
    pub beside: Vec<Finding>,
}

/// A document with everything that was found.
#[derive(Debug)]
pub struct Ruling {
    paper: Paper,
    verdict: Verdict,
    /// Of the document and beside it.
    pub findings: Vec<Finding>,
}

/// Judges documents on all cores, and together.
#[must_use]
pub fn judge(papers: Vec<Paper>, now: DateTime<Utc>) -> Vec<Ruling> {
    let mut rulings: Vec<Ruling> = papers
        .into_par_iter()
        .map(|mut paper| {
            let verdict = paper.bytes.as_ref().map(|bytes| verdict::judge(bytes, now));
            let mut verdict = verdict.unwrap_or_else(Verdict::nothing);
            let mut findings = std::mem::take(&mut paper.beside);
            findings.append(&mut verdict.findings);
            Ruling { paper, verdict, findings }
        })
        .collect();
    let named: Vec<(&str, &Verdict)> =
        rulings.iter().map(|ruling| (ruling.paper.name.as_str(), &ruling.verdict)).collect();
    for (index, finding) in across::check(&named) {
        if let Some(ruling) = rulings.get_mut(index) {
            ruling.findings.push(finding);
        }
    }
    rulings
}

/// Shows what is wrong with documents.
#[must_use]
pub fn tell(rulings: Vec<Ruling>, output: &Output) -> Vec<Judged> {
    let tell_one = |ruling: Ruling| {
        let Ruling { paper, verdict, findings } = ruling;
        let source = String::from_utf8_lossy(paper.bytes.as_deref().unwrap_or_default());
        problems::show_findings(&paper.name, &source.replace("\r\n", "\n"), &findings, output);
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        Judged {
            feed: paper.name,
            format: verdict.format.map(|format| format.to_string()),
            entries: verdict.facts.entries.len(),
            errors,
            warnings: findings.len() - errors,
            findings: findings.into_iter().map(told).collect(),
        }
    };
    rulings.into_iter().map(tell_one).collect()
}

fn told(finding: Finding) -> Told {
    Told {
        rule: finding.rule.id,
        severity: finding.rule.severity.to_string(),
        line: finding.at.line,
        column: finding.at.column,
        place: finding.place,
        message: finding.message,
        hint: finding.rule.hint,
        source: finding.rule.source,
    }
}

async fn open(feed: &str, allow_private: bool, now: DateTime<Utc>) -> Result<Paper, Failure> {
    let paper = |bytes, beside| Paper { name: feed.to_owned(), bytes, beside };
    if feed.starts_with("http://") || feed.starts_with("https://") {
        let url = Url::parse(feed).map_err(|error| {
            Failure::usage(format!("{} is no address: {error}", values::short(feed)), "look at its spelling")
        })?;
        let limits = Limits { largest: LARGEST, allow_private, only_https: false, timeout: get::TIMEOUT };
        return Ok(match get::get(&url, limits).await {
            Ok(fetched) => {
                let beside = response::check(&fetched, &verdict::judge(&fetched.bytes, now));
                paper((fetched.status == 200).then_some(fetched.bytes), beside)
            }
            Err(error) => paper(None, response::of_failure(&error)),
        });
    }
    // One byte more than the judge takes, so that it can say so.
    let most = LARGEST as u64 + 1;
    let mut bytes = Vec::new();
    if feed == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).context("standard input can't be read")?;
    } else {
        let file = std::fs::File::open(feed).with_context(|| format!("{feed} can't be read"))?;
        file.take(most).read_to_end(&mut bytes).with_context(|| format!("{feed} can't be read"))?;
    }
    Ok(paper(Some(bytes), Vec::new()))
}

fn text(findings: &Findings) -> String {
    let entries: usize = findings.feeds.iter().map(|feed| feed.entries).sum();
    let summary = [
        counted(findings.feeds.len() as u64, "feed", "feeds"),
        counted(entries as u64, "entry", "entries"),
        counted(findings.errors as u64, "error", "errors"),
        counted(findings.warnings as u64, "warning", "warnings"),
    ];
    format!("{}\n", summary.join(", "))
}
