//! `tidings plan`: what is due, what would go to whom, and who gets nothing. Changes nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cli::args::{Arguments, Plan};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted};
use crate::cli::stock;
use crate::cli::summary::waiting_line;
use crate::cli::wire::{self, Site};
use crate::digest::settings::Settings as Digest;
use crate::jobs::open_issue;
use crate::jobs::take_stock::Stock;
use crate::schedule::timetable::Timetable;
use crate::store::deliveries::Waiting;
use crate::store::issues::Excluded;

/// Addresses that are named for a group; the others are counted.
const MOST_NAMED: u32 = 10;

#[derive(Serialize)]
struct Findings {
    now: DateTime<Utc>,
    new_articles: usize,
    waiting: Waiting,
    digests: Vec<DigestPlan>,
}

#[derive(Serialize)]
struct DigestPlan {
    digest: String,
    due: Option<DateTime<Utc>>,
    next: Option<DateTime<Utc>>,
    passed: Vec<(DateTime<Utc>, String)>,
    groups: Vec<GroupPlan>,
    excluded: Vec<Excluded>,
}

#[derive(Serialize)]
struct GroupPlan {
    categories: Vec<String>,
    subscribers: u64,
    named: Vec<String>,
    articles: Vec<String>,
    more: usize,
    spared: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a store that can't be read.
pub async fn run(command: &Plan, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let stock = stock::stock(&site, output).await?;
    let mut digests = Vec::new();
    for digest in wire::chosen(&site.config, &command.digests)? {
        digests.push(plan(&site, &stock, digest, command.now).await?);
    }
    let now = site.clock.now();
    let findings =
        Findings { now, new_articles: stock.fresh, waiting: site.store.waiting(now).await?, digests };
    output.result(&findings, || text(&findings));
    Ok(if stock.errors() > 0 { Exit::Problems } else { Exit::Fine })
}

async fn plan(site: &Site, stock: &Stock, digest: &Digest, at_once: bool) -> Result<DigestPlan, Failure> {
    let now = site.clock.now();
    let Some(press) = site.press(stock) else {
        return Err(Failure::usage("there is no [mail] in the configuration", "add it"));
    };
    let since = site.store.peek_handled_until(&digest.name, now).await?;
    let catalog = &site.config.catalog;
    let due = if at_once {
        open_issue::at_once(&catalog.site, digest, since, now)?
    } else {
        open_issue::due(&catalog.site, digest, since, now)?
    };
    let zone = digest.time_zone.unwrap_or(site.config.catalog.site.time_zone);
    let timetable = Timetable::parse(&digest.cron, zone).map_err(anyhow::Error::msg)?;
    let mut groups = Vec::new();
    if let Some(slot) = due.open {
        let planned = open_issue::plan(&press, digest, slot, &*site.store).await?;
        let mut named: BTreeMap<_, _> =
            site.store.members(&digest.name, MOST_NAMED).await?.into_iter().collect();
        for cohort in planned.plan.cohorts {
            let named = named.remove(&cohort.wishes).unwrap_or_default();
            let title = |index: &usize| stock.published[*index].outline.title().to_owned();
            groups.push(GroupPlan {
                categories: cohort.wishes.wishes.iter().map(|wish| wish.choice.to_string()).collect(),
                subscribers: cohort.subscribers,
                named: named.iter().map(ToString::to_string).collect(),
                articles: cohort
                    .selection
                    .groups
                    .iter()
                    .flat_map(|group| group.articles.iter().map(title))
                    .collect(),
                more: cohort.selection.total() - cohort.selection.shown(),
                spared: cohort.spared,
            });
        }
    }
    Ok(DigestPlan {
        digest: digest.name.clone(),
        due: due.open.map(|slot| slot.at),
        next: timetable.next_after(now),
        passed: due.passed,
        groups,
        excluded: site.store.excluded(&digest.name).await?,
    })
}

fn text(findings: &Findings) -> String {
    let mut lines = vec![
        format!("Articles  {} would be published for the first time", findings.new_articles),
        format!("Waiting   {}", waiting_line(&findings.waiting)),
    ];
    for digest in &findings.digests {
        let moment = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
        let next = digest.next.map_or_else(|| "never again".to_owned(), moment);
        lines.push(String::new());
        lines.push(match digest.due {
            Some(slot) => format!(
                "Digest {}: an issue for {} is due; the next after it {next}",
                digest.digest,
                moment(slot)
            ),
            None => format!("Digest {}: nothing is due; next {next}", digest.digest),
        });
        for (slot, reason) in &digest.passed {
            lines.push(format!("  no issue for {}: {reason}", moment(*slot)));
        }
        for group in &digest.groups {
            lines.extend(group_lines(group));
        }
        for excluded in &digest.excluded {
            lines.push(format!("  nothing for {}: {}", excluded.address, excluded.reason));
        }
    }
    lines.join("\n") + "\n"
}

fn group_lines(group: &GroupPlan) -> Vec<String> {
    let categories =
        if group.categories == ["*"] { "all categories".to_owned() } else { group.categories.join(", ") };
    let named = u64::try_from(group.named.len()).unwrap_or(0);
    let others = group.subscribers.saturating_sub(named);
    let others = if others > 0 { format!(" and {others} more") } else { String::new() };
    let who = format!("{}{others}", group.named.join(", "));
    let subscribers = counted(group.subscribers, "subscriber", "subscribers");
    if let Some(reason) = &group.spared {
        return vec![format!("  nothing for {subscribers} of {categories} ({who}): {reason}")];
    }
    let mut lines = vec![format!("  one mail each for {subscribers} of {categories} ({who}):")];
    lines.extend(group.articles.iter().map(|title| format!("    - {title}")));
    if group.more > 0 {
        lines.push(format!("    and {} more", group.more));
    }
    lines
}
