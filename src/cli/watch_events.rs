//! Events of the file system: they say that something may have changed, and no more. What has is for a snapshot to say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::cli::watch_places::{Places, Snapshot};

/// As long as nothing more happens, a change is whole: editors write, rename and remove within a few milliseconds.
const QUIET: Duration = Duration::from_millis(50);

/// Changes that go on and on are looked at all the same after this time.
const LONGEST: Duration = Duration::from_secs(1);

/// A row of changes that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Burst {
    first: Instant,
    last: Instant,
}

impl Burst {
    /// One that begins now.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self { first: now, last: now }
    }

    /// It goes on.
    pub fn go_on(&mut self, now: Instant) {
        self.last = now;
    }

    /// When it is over, if nothing more happens.
    #[must_use]
    pub fn end(&self) -> Instant {
        (self.last + QUIET).min(self.first + LONGEST)
    }
}

/// Waits until the row of changes that has begun is over.
pub async fn settle(wakes: &mut mpsc::Receiver<()>) {
    let mut burst = Burst::new(Instant::now());
    loop {
        tokio::select! {
            _ = wakes.recv() => burst.go_on(Instant::now()),
            () = sleep_until(burst.end()) => return,
        }
    }
}

/// Why the system does not watch.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// This user watches as much as it may.
    #[error("the system watches no more for this user than it does: here are {0} folders to watch")]
    Watches(usize),
    /// Too many programs of this user watch something.
    #[error("the system lets no more programs of this user watch folders: {0}")]
    Instances(notify::Error),
}

impl WatchError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Watches(_) => {
                "raise the limit, as with `sysctl fs.inotify.max_user_watches=524288`, or end other programs that watch"
            }
            Self::Instances(_) => {
                "raise the limit, as with `sysctl fs.inotify.max_user_instances=512`, or end other programs that watch"
            }
        }
    }
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Lookout {
    watcher: RecommendedWatcher,
    /// Folders that are watched.
    folders: BTreeSet<PathBuf>,
}

impl Lookout {
    /// Watches all places, and says how they are: whatever changes after that wakes whoever holds the other end of `wake`.
    ///
    /// # Errors
    /// A limit of the system.
    pub fn over(places: &Places, wake: &mpsc::Sender<()>) -> Result<(Self, Snapshot), WatchError> {
        let wake = wake.clone();
        let handler = move |event: notify::Result<Event>| {
            if event.map_or(true, |event| is_change(event.kind)) {
                // One that waits already wakes for this, too.
                let _ = wake.try_send(());
            }
        };
        let watcher = notify::recommended_watcher(handler).map_err(WatchError::Instances)?;
        let mut lookout = Self { watcher, folders: BTreeSet::new() };
        loop {
            // What is made between looking and watching shows when one looks again.
            let snapshot = places.look();
            let new: Vec<&PathBuf> = snapshot.folders.difference(&lookout.folders).collect();
            if new.is_empty() {
                return Ok((lookout, snapshot));
            }
            let all = snapshot.folders.len();
            for folder in new.into_iter().cloned().collect::<Vec<_>>() {
                lookout.watch(&folder).map_err(|_| WatchError::Watches(all))?;
                lookout.folders.insert(folder);
            }
        }
    }

    /// How many folders are watched.
    #[must_use]
    pub fn count(&self) -> usize {
        self.folders.len()
    }

    /// One that vanished in between, or that may not be read, is none to watch.
    fn watch(&mut self, folder: &Path) -> Result<(), notify::Error> {
        match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => Err(error),
            _ => Ok(()),
        }
    }
}

/// Whether more than a look was taken.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_over_when_it_is_quiet_or_takes_too_long() {
        let begin = Instant::now();
        let mut burst = Burst::new(begin);
        assert_eq!(burst.end(), begin + QUIET);
        burst.go_on(begin + Duration::from_millis(30));
        assert_eq!(burst.end(), begin + Duration::from_millis(80));
        burst.go_on(begin + Duration::from_millis(990));
        assert_eq!(burst.end(), begin + LONGEST);
    }

    #[test]
    fn whoever_only_reads_changes_nothing() {
        assert!(!is_change(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!is_change(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        assert!(is_change(EventKind::Access(AccessKind::Close(AccessMode::Write))));
        assert!(is_change(EventKind::Other));
    }
}
