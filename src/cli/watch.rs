//! `tidings build --watch`: builds, and builds again whenever something changed, until it is told to stop.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use crate::catalog::source::settings::Kind;
use crate::cli::args::{Arguments, Build};
use crate::cli::build::{self, Built};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted, shown};
use crate::cli::summary::Summary;
use crate::cli::watch_events::{self, Lookout};
use crate::cli::watch_places::{Change, Places, Snapshot};
use crate::cli::wire;
use crate::clock::Clock;
use crate::config::{self, Config};

/// How soon it is tried again while another run holds the lock.
const RETRY: Duration = Duration::from_secs(1);

/// How long one sleeps without a look at the clock: it may be set, and a machine may sleep, too.
const NAP: Duration = Duration::from_mins(1);

/// How long a build that is under way may go on when one is told to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Names in a line.
const MOST_NAMED: usize = 3;

/// Runs the command.
///
/// # Errors
/// There is no configuration, or the system tells of no signals. Whatever is wrong later is told, and waited for.
pub async fn run(command: &Build, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let mut stop = wire::stop()?;
    let file = config::find(arguments.config.as_deref())
        .map_err(|faults| Failure::Config(arguments.config.clone().unwrap_or_default(), faults))?;
    let file = std::path::absolute(file)?;
    let mut round = Round::new(&file, wire::clock(arguments));
    let (wake, mut wakes) = mpsc::channel(1);
    let mut lookout = None;
    loop {
        // The system counts what one program watches: the old one goes first, and what changes until the new one is there
        // shows in the snapshot.
        drop(lookout.take());
        if let Ok(config) = wire::configuration(arguments) {
            round.learn(&config, &file);
        }
        let (watching, snapshot) = match Lookout::over(&round.places, &wake) {
            Ok(watching) => watching,
            Err(error) => {
                output.error(&error.to_string(), Some(error.hint()));
                return Ok(Exit::Io);
            }
        };
        round.note(snapshot);
        if round.has_reason() {
            let building = build(command, arguments, &mut round, watching.count());
            let stopped = async {
                let _ = stop.wait_for(|told| *told).await;
                sleep(GRACE).await;
            };
            tokio::select! {
                () = building => {}
                () = stopped => return Ok(Exit::Fine),
            }
        }
        lookout = Some(watching);
        if wait(&mut wakes, &mut stop, &round).await.is_none() {
            return Ok(Exit::Fine);
        }
    }
}

/// Waits for a change to be over, or for the time of the next build; `None` when one is told to stop.
async fn wait(wakes: &mut mpsc::Receiver<()>, stop: &mut watch::Receiver<bool>, round: &Round) -> Option<()> {
    let waiting = async {
        loop {
            let nap = round.nap();
            match timeout(nap, wakes.recv()).await {
                Ok(_) => break,
                Err(_) if round.is_time() => return,
                Err(_) => {}
            }
        }
        watch_events::settle(wakes).await;
    };
    tokio::select! {
        () = waiting => Some(()),
        _ = stop.wait_for(|told| *told) => None,
    }
}

/// What is known between builds.
struct Round {
    clock: Clock,
    places: Places,
    /// How often sources that are not files are asked.
    every: Option<Duration>,
    /// As it was when the last build began.
    seen: Snapshot,
    /// What has changed since the last build that came to its end.
    changes: BTreeMap<PathBuf, Change>,
    /// Whether any of it has changed since it was looked at last.
    is_changed: bool,
    /// Whether nothing was built yet.
    is_first: bool,
    /// Whether the lock was held by somebody else.
    is_locked_out: bool,
    /// Problems of the last build, as they were told.
    told: BTreeSet<String>,
    /// When the next article is due or expires.
    due: Option<DateTime<Utc>>,
    /// When sources are to be asked again.
    ask: Option<DateTime<Utc>>,
}

/// What is said of a build.
#[derive(Serialize)]
struct Report<'a> {
    /// Why it was made.
    because: &'a str,
    #[serde(flatten)]
    summary: &'a Summary,
}

impl Round {
    fn new(file: &Path, clock: Clock) -> Self {
        Self {
            clock,
            places: Places::of_file(file),
            every: None,
            seen: Snapshot::default(),
            changes: BTreeMap::new(),
            is_changed: false,
            is_first: true,
            is_locked_out: false,
            told: BTreeSet::new(),
            due: None,
            ask: None,
        }
    }

    /// Where everything is. With a configuration that is broken it stays as it was.
    fn learn(&mut self, config: &Config, file: &Path) {
        self.places = Places::of(config, file);
        let far =
            config.catalog.imports.iter().filter(|source| source.url.is_some() || source.kind == Kind::Sql);
        // Whoever asks for `0s` means often, not without a pause.
        self.every = far.map(|source| source.every.max(RETRY)).min();
    }

    /// What is there now. At first, all of it is new.
    fn note(&mut self, snapshot: Snapshot) {
        let changes = snapshot.changes(&self.seen);
        self.is_changed = !changes.is_empty();
        self.changes.extend(changes);
        self.seen = snapshot;
    }

    /// Whether a build could come to something else than the last one.
    fn has_reason(&self) -> bool {
        self.is_changed || self.is_time()
    }

    fn is_time(&self) -> bool {
        let now = self.clock.now();
        self.is_locked_out || [self.due, self.ask].into_iter().flatten().any(|moment| moment <= now)
    }

    /// How long nothing has to be done, if nothing changes.
    fn nap(&self) -> Duration {
        if self.is_locked_out {
            return RETRY;
        }
        let now = self.clock.now();
        let next = [self.due, self.ask].into_iter().flatten().min();
        let left = next.and_then(|next| (next - now).to_std().ok());
        left.map_or(NAP, |left| left.min(NAP))
    }

    /// Tells the problems of a build. Those that the last one had are told again where somebody has changed something, who
    /// may think that they are mended; not where only time has passed.
    fn tell(&mut self, output: &Output) {
        let problems = output.take_problems();
        for problem in problems.iter().filter(|problem| self.is_changed || !self.told.contains(*problem)) {
            output.talk(problem);
        }
        self.told = problems.into_iter().collect();
    }

    /// Why there is a build.
    fn because(&self) -> String {
        let now = self.clock.now();
        if self.is_first {
            return "first build".to_owned();
        }
        // A folder whose files are named says nothing more.
        let is_leaf =
            |place: &Path| !self.changes.keys().any(|other| other != place && other.starts_with(place));
        let named: Vec<String> = self
            .changes
            .iter()
            .filter(|(place, _)| is_leaf(place))
            .map(|(place, change)| match change {
                Change::New => format!("{} (new)", shown(place)),
                Change::Changed => shown(place),
                Change::Gone => format!("{} (gone)", shown(place)),
            })
            .collect();
        if !named.is_empty() {
            list(&named)
        } else if self.due.is_some_and(|due| due <= now) {
            "an article is due".to_owned()
        } else {
            "sources were asked".to_owned()
        }
    }
}

/// Builds once, and says what was done, or what is in the way.
async fn build(command: &Build, arguments: &Arguments, round: &mut Round, folders: usize) {
    // Each build has its own problems, and is sealed if there are none.
    let output = Output::holding(arguments);
    let built = Box::pin(build::once(command, arguments, &output)).await;
    let was_locked_out = std::mem::take(&mut round.is_locked_out);
    round.tell(&output);
    let now = round.clock.now();
    round.ask = round.every.and_then(|every| Some(now + chrono::Duration::from_std(every).ok()?));
    match built {
        Ok(Built { summary: Some(summary), until, .. }) => {
            if round.is_first || has_done_something(&summary) {
                let because = round.because();
                output.result(&Report { because: &because, summary: &summary }, || line(&because, &summary));
            }
            if round.is_first {
                let folders = counted(folders as u64, "folder", "folders");
                output.remark(&format!("watching {folders}; Ctrl-C ends\n"));
            }
            round.is_first = false;
            round.changes.clear();
            round.due = until;
        }
        Ok(Built { until, .. }) => round.due = until,
        Err(Failure::Locked(holder)) => {
            if !was_locked_out {
                output.remark(&format!("{holder}: waiting for it\n"));
            }
            round.is_locked_out = true;
        }
        Err(failure) => {
            // What was due waits for a change, or is tried again, but not at once.
            round.due = round.due.map(|due| due.max(now + chrono::Duration::minutes(1)));
            let is_configuration = matches!(failure, Failure::Config(..));
            let _ = failure.explain(&output);
            if is_configuration {
                output.error("nothing is built until the configuration is mended", None);
            }
        }
    }
    let _ = output.finish(Exit::Fine);
}

fn has_done_something(summary: &Summary) -> bool {
    let published = summary.published.as_ref();
    published.is_some_and(|report| !report.written.is_empty() || !report.removed.is_empty())
        || summary.pinged.as_ref().is_some_and(|report| !report.told.is_empty())
}

/// A build in a line: why, and what it wrote.
fn line(because: &str, summary: &Summary) -> String {
    let files = |number: usize| counted(number as u64, "file", "files");
    let mut parts = Vec::new();
    if let Some(report) = &summary.published {
        let place = summary.output.as_deref().unwrap_or("the output folder");
        let written = format!("{} written to {place}", files(report.written.len()));
        parts.push(match report.written.as_slice() {
            [] => written,
            names => format!("{written} ({})", list(names)),
        });
        parts.push(format!("{} unchanged", report.unchanged));
        if !report.removed.is_empty() {
            parts.push(format!("{} removed", files(report.removed.len())));
        }
    }
    if let Some(told) = summary.pinged.as_ref().map(|report| report.told.len()).filter(|told| *told > 0) {
        parts.push(format!("hubs told of {}", counted(told as u64, "feed", "feeds")));
    }
    format!("{because}: {}\n", parts.join(", "))
}

/// `a, b, c and 5 more`.
fn list(names: &[String]) -> String {
    let shown = names[..names.len().min(MOST_NAMED)].join(", ");
    match names.len() - names.len().min(MOST_NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn long_lists_are_cut() {
        let names = ["a", "b", "c", "d", "e"].map(str::to_owned);
        assert_eq!(list(&names[..1]), "a");
        assert_eq!(list(&names[..3]), "a, b, c");
        assert_eq!(list(&names), "a, b, c and 2 more");
    }
}
