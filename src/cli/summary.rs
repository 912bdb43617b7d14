//! The summary at the end of a run: what was published, opened and delivered.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cli::ingest as cli_ingest;
use crate::cli::output::{columns, counted};
use crate::jobs::bounces::GivenUp;
use crate::jobs::consent::Sent;
use crate::jobs::seal::Seal;
use crate::jobs::take_stock::Stock;
use crate::jobs::{deliver, import, ingest, open_issue, ping, publish};
use crate::store::deliveries::{Failed, Recovered, Waiting};

/// Everything that a run did.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// What was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<publish::Report>,
    /// The build since which nothing has changed, where there was nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unchanged_since: Option<DateTime<Utc>>,
    /// What `WebSub` hubs were told; nothing where no feed has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinged: Option<ping::Report>,
    /// What came back by mail; nothing without a mailbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingested: Option<ingest::Report>,
    /// Letters to people who want to subscribe; nothing where none was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letters: Option<Sent>,
    /// Addresses that are mailed no more, for servers refused them in this run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub given_up: Vec<GivenUp>,
    /// Files that were opened to read articles; all others are as an earlier build knew them.
    pub opened: usize,
    /// Files that are not published.
    pub left_out: usize,
    /// Problems that hold articles out.
    pub errors: usize,
    /// What became of the list of subscribers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed: Option<import::Report>,
    /// What was found of a run that died.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered: Option<Recovered>,
    /// What became of each digest.
    pub digests: Vec<open_issue::Report>,
    /// Digests whose mails must not go out as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spoiled: Vec<String>,
    /// What was delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered: Option<deliver::Report>,
    /// Deliveries that failed, the first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<Failed>,
    /// Why delivering stopped early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// What waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// What was written of the archive of issues.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub archived: Vec<String>,
    /// Where mails went, where that is a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbox: Option<String>,
    /// Where feeds went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
}

impl Summary {
    /// Of a stock that was taken.
    #[must_use]
    pub fn of(stock: &Stock) -> Self {
        Self {
            opened: stock.opened,
            left_out: stock.left_out.len(),
            errors: stock.errors(),
            ..Self::default()
        }
    }

    /// Whether an article or a feed was held back, or a feed breaks a MUST.
    #[must_use]
    pub fn is_flawed(&self) -> bool {
        self.errors > 0 || self.published.as_ref().is_some_and(publish::Report::has_errors)
    }

    /// Of a build that had nothing to do.
    #[must_use]
    pub fn of_seal(seal: &Seal, output: String) -> Self {
        let published = publish::Report {
            articles: seal.articles,
            unchanged: seal.written.len(),
            topics: seal.topics.clone(),
            ..publish::Report::default()
        };
        Self {
            unchanged_since: Some(seal.from),
            left_out: seal.left_out,
            published: Some(published),
            output: Some(output),
            ..Self::default()
        }
    }

    /// As a table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut rows = self.published_rows();
        if let Some(pinged) = &self.pinged {
            let waiting = some(pinged.waiting.len() as u64, "to be tried again");
            let given_up = some(pinged.given_up.len() as u64, "given up");
            rows.push(row("Hubs", format!("told of {}{waiting}{given_up}", feeds(pinged.told.len()))));
        }
        if let Some(ingested) = self.ingested.as_ref().filter(|ingested| ingested.read > 0) {
            rows.extend(cli_ingest::rows(ingested));
        }
        if let Some(letters) = &self.letters {
            let later = some(letters.later, "to be tried again");
            let given_up = some(letters.given_up, "given up");
            rows.push(row("Letters", format!("{} sent{later}{given_up}", letters.mailed)));
        }
        if let Some(listed) = &self.listed {
            let rejected = some(listed.rejected + listed.erased, "rejected");
            let left = some(listed.left, "had left before");
            let text =
                format!("{} added from the list, {} changed{rejected}{left}", listed.added, listed.changed);
            rows.push(row("Subscribers", text));
        }
        if let Some(recovered) = self.recovered.filter(|recovered| *recovered != Recovered::default()) {
            rows.push(row("Recovered", recovered_line(&recovered)));
        }
        rows.extend(self.digests.iter().flat_map(digest_rows));
        if let Some(delivered) = self.delivered.filter(|delivered| *delivered != deliver::Report::default()) {
            rows.push(row("Delivered", delivered_line(&delivered, self.outbox.as_deref())));
        }
        if !self.archived.is_empty() {
            rows.push(row(
                "Archive",
                format!("{} written", counted(self.archived.len() as u64, "file", "files")),
            ));
        }
        if let Some(waiting) = self.waiting.filter(|waiting| {
            waiting.ready + waiting.deferred + waiting.in_hand + waiting.uncertain + waiting.held > 0
        }) {
            rows.push(row("Waiting", waiting_line(&waiting)));
        }
        if rows.is_empty() {
            return "Nothing to do.\n".to_owned();
        }
        columns(&rows)
    }

    fn published_rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        if let Some(published) = &self.published {
            let fresh = if published.fresh > 0 {
                format!(", {} of them new", published.fresh)
            } else {
                String::new()
            };
            let articles = counted(published.articles as u64, "article", "articles");
            rows.push(row("Published", format!("{articles}{fresh}")));
            let place = self.output.as_deref().unwrap_or("the output folder");
            let written = files(published.written.len());
            rows.push(row(
                "Feeds",
                match published.unread.as_slice() {
                    [] => format!("{written} written to {place}, {} unchanged", published.unchanged),
                    unread => format!("left as they are, for a source can't be read: {}", unread.join(", ")),
                },
            ));
            let held: BTreeSet<&str> = published.held_back.iter().map(|doubt| doubt.path.as_str()).collect();
            if !held.is_empty() {
                rows.push(row(
                    "Held back",
                    format!("{} left as they are: what is there is better; see above", feeds(held.len())),
                ));
            }
            if !published.removed.is_empty() {
                rows.push(row(
                    "Removed",
                    format!("{} of feeds that are no more", files(published.removed.len())),
                ));
            }
        }
        if self.left_out > 0 {
            rows.push(row(
                "Left out",
                format!("{} (`tidings check --left-out` says why)", files(self.left_out)),
            ));
        }
        if self.errors > 0 {
            let problems = counted(self.errors as u64, "problem", "problems");
            rows.push(row("Held out", format!("articles with {problems}, until they are mended; see above")));
        }
        rows
    }
}

fn row(name: &str, text: String) -> Vec<String> {
    vec![name.to_owned(), text]
}

/// `, 3 failed`, or nothing for none.
fn some(number: u64, word: &str) -> String {
    if number > 0 { format!(", {number} {word}") } else { String::new() }
}

fn recovered_line(recovered: &Recovered) -> String {
    let uncertain = recovered.resent + recovered.held;
    let fate = if recovered.held > 0 { "held" } else { "sent again" };
    let all = counted(recovered.released + uncertain, "delivery", "deliveries");
    format!("{all} of a run that died; {uncertain} of them may have arrived: {fate}")
}

fn digest_rows(digest: &open_issue::Report) -> Vec<Vec<String>> {
    let name = &digest.digest;
    let passed = digest.passed.iter().map(|(slot, reason)| {
        row("Digest", format!("{name}: no issue for {}: {reason}", slot.format("%Y-%m-%d %H:%M UTC")))
    });
    let opened = digest.opened.map(|opened| {
        let mails = counted(opened.planned, "mail", "mails");
        let spared = some(opened.spared, "with nothing new for them");
        let superseded = some(opened.superseded, "of earlier issues superseded");
        let issue = opened.issue;
        let held = if digest.held {
            format!("; held until `tidings issues release {issue}`")
        } else {
            String::new()
        };
        row("Digest", format!("{name}: issue {issue} opened, {mails} to send{spared}{superseded}{held}"))
    });
    passed.chain(opened).collect()
}

/// What waits, in words.
#[must_use]
pub fn waiting_line(waiting: &Waiting) -> String {
    let mut parts = Vec::new();
    if waiting.ready > 0 {
        parts.push(format!("{} ready", waiting.ready));
    }
    if let Some(next) = waiting.next.filter(|_| waiting.deferred > 0) {
        parts.push(format!(
            "{} for another attempt, from {}",
            waiting.deferred,
            next.format("%Y-%m-%d %H:%M UTC")
        ));
    }
    if waiting.in_hand > 0 {
        parts.push(format!("{} in the hands of a run", waiting.in_hand));
    }
    if waiting.held > 0 {
        parts.push(format!("{} of issues that wait for `tidings issues release`", waiting.held));
    }
    if waiting.uncertain > 0 {
        parts.push(format!("{} uncertain, held", waiting.uncertain));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn delivered_line(report: &deliver::Report, outbox: Option<&str>) -> String {
    let mut parts = vec![match outbox.filter(|_| report.sent > 0) {
        Some(outbox) => format!("{} into {outbox}", counted(report.sent, "mail", "mails")),
        None => format!("{} sent", counted(report.sent, "mail", "mails")),
    }];
    for (number, word) in [
        (report.deferred, "deferred"),
        (report.failed, "failed"),
        (report.uncertain, "uncertain"),
        (report.withdrawn, "withdrawn"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    if report.left_early {
        parts.push("stopped early, the next run goes on".to_owned());
    }
    parts.join(", ")
}

fn feeds(number: usize) -> String {
    counted(number as u64, "feed", "feeds")
}

fn files(number: usize) -> String {
    counted(number as u64, "file", "files")
}
