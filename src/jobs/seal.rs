//! The seal of a build: what it was made from and what it wrote. While all of that is as it was, a build has nothing to
//! do, and finds that out without opening a single article.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::catalog::source::stamp::Stamp;
use crate::feed::websub::Topic;

/// What a build depends on beside files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// Hash of the program and its configuration.
    pub setup: String,
    /// Hash of the sources: every path with its stamp.
    pub sources: String,
    /// The mark of the publication ledger: another one after each write.
    pub revision: i64,
}

/// A finished build in which there was nothing to complain of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// As they were.
    pub circumstances: Circumstances,
    /// From when it holds: its own moment.
    pub from: DateTime<Utc>,
    /// When the next article is due or expires, where one does.
    pub until: Option<DateTime<Utc>>,
    /// Files that were read and are no articles: pictures, templates, lists. `None` for one that was not there.
    pub read: Vec<(PathBuf, Option<Stamp>)>,
    /// Files that were written or found as they should be.
    pub written: Vec<(PathBuf, Option<Stamp>)>,
    /// What hubs distribute: those that could not be told yet are told by a build without anything to do too.
    pub topics: Vec<Topic>,
    /// Articles that are published.
    pub articles: usize,
    /// Files that are not published.
    pub left_out: usize,
}

impl Seal {
    /// The seal of the last build, if it holds at `now`. One that can't be read is none.
    #[must_use]
    pub fn holding(file: &Path, circumstances: &Circumstances, now: DateTime<Utc>) -> Option<Self> {
        let seal: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        let in_time = seal.from <= now && seal.until.is_none_or(|until| now < until);
        let is_same = |(place, stamp): &(PathBuf, Option<Stamp>)| Stamp::at(place) == *stamp;
        let holds = in_time
            && seal.circumstances == *circumstances
            && seal.read.par_iter().all(is_same)
            && seal.written.par_iter().all(is_same);
        holds.then_some(seal)
    }

    /// Keeps it for the next build; one that can't be kept is no more than a slower build. `begun` is when this build
    /// began by the system's clock: what changed since then may have changed after it was read.
    pub fn keep(&self, file: &Path, begun: DateTime<Utc>) {
        let begun = since(begun);
        let is_settled = self.read.iter().all(|(_, stamp)| stamp.is_none_or(|stamp| !stamp.is_since(begun)));
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        if !is_settled || write(file, &bytes).is_err() {
            Self::break_at(file);
        }
    }

    /// Breaks the seal: the next build looks at everything.
    pub fn break_at(file: &Path) {
        // One that is not there is broken already.
        let _ = std::fs::remove_file(file);
    }
}

/// From which moment on, in nanoseconds since 1970, a change may be later than what a build that began then has read.
/// File systems stamp in ticks of up to a few milliseconds, some in seconds.
#[must_use]
pub fn since(begun: DateTime<Utc>) -> i64 {
    (begun - Duration::seconds(1)).timestamp_nanos_opt().unwrap_or(0)
}

fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut temporary, bytes)?;
    temporary.persist(file).map(|_| ()).map_err(|error| error.error)
}
