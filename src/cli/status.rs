//! `tidings status`: issues, deliveries, and what waits.

use serde::Serialize;

use crate::cli::args::Arguments;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns, counted};
use crate::cli::summary::waiting_line;
use crate::cli::wire;
use crate::delivery::state::State;
use crate::store::deliveries::{IssueStatus, Waiting};
use crate::store::pings::Ping;

/// Issues that are shown, the newest.
const MOST_ISSUES: u32 = 20;

#[derive(Serialize)]
struct Findings {
    publications: usize,
    waiting: Waiting,
    pings: Vec<Ping>,
    issues: Vec<IssueStatus>,
}

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a store that can't be read.
pub async fn run(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let findings = Findings {
        publications: site.store.publications().await?.len(),
        waiting: site.store.waiting(site.clock.now()).await?,
        pings: site.store.open_pings().await?,
        issues: site.store.issue_statuses(MOST_ISSUES).await?,
    };
    output.result(&findings, || text(&findings));
    Ok(if findings.waiting.uncertain > 0 { Exit::Problems } else { Exit::Fine })
}

fn text(findings: &Findings) -> String {
    let mut rows = vec![
        vec![
            "Ledger".to_owned(),
            format!("{} published so far", counted(findings.publications as u64, "article", "articles")),
        ],
        vec!["Waiting".to_owned(), waiting_line(&findings.waiting)],
    ];
    rows.extend(findings.pings.iter().map(|ping| {
        let when = ping.next.map_or_else(
            || "given up".to_owned(),
            |next| format!("again from {}", next.format("%Y-%m-%d %H:%M UTC")),
        );
        let problem = ping.problem.as_deref().unwrap_or("not tried yet");
        vec!["Hub".to_owned(), format!("{} does not know of {}: {problem}; {when}", ping.hub, ping.address)]
    }));
    if findings.issues.is_empty() {
        rows.push(vec!["Issues".to_owned(), "none yet".to_owned()]);
        return columns(&rows);
    }
    columns(&rows) + "\n" + &table(&findings.issues)
}

/// Issues with their states, one on a line.
pub(super) fn table(issues: &[IssueStatus]) -> String {
    let head = ["ISSUE", "DIGEST", "SLOT", "STATE", "DELIVERIES"];
    let mut table = vec![head.map(str::to_owned).to_vec()];
    table.extend(issues.iter().map(|issue| {
        vec![
            issue.issue.to_string(),
            issue.digest.clone(),
            issue.slot.format("%Y-%m-%d %H:%M UTC").to_string(),
            issue.state.clone(),
            deliveries(issue),
        ]
    }));
    columns(&table)
}

/// What became of an issue's deliveries.
pub(super) fn deliveries(issue: &IssueStatus) -> String {
    if let Some(reason) = issue.reason.as_ref().filter(|_| issue.deliveries.is_empty()) {
        return reason.clone();
    }
    let count =
        |state: &State| issue.deliveries.get(state).map(|number| format!("{number} {}", state.as_str()));
    State::ALL.iter().filter_map(count).collect::<Vec<_>>().join(", ")
}
