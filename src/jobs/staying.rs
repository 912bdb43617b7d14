//! Feeds that stay as they are: what the files of each were made of, so that a build renders only those that would be
//! others.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::catalog::source::stamp::Stamp;
use crate::feed::select::Choice;
use crate::jobs::take_stock::Stock;

/// Where a build remembers what it wrote, and what its feeds depend on beside articles.
#[derive(Clone, Debug)]
pub struct Memory {
    /// The file.
    pub place: PathBuf,
    /// Hash of the program, its configuration and its templates.
    pub setup: u128,
    /// Whether what is remembered counts, or everything is rendered anew.
    pub is_trusted: bool,
}

/// What the last build wrote.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Remembered {
    /// Hash of all that every feed depends on.
    key: String,
    /// Pictures and other files that were measured.
    measured: Vec<(PathBuf, Option<Stamp>)>,
    /// By what the paths of a feed begin with.
    feeds: BTreeMap<String, Remains>,
}

/// One feed.
#[derive(Debug, Serialize, Deserialize)]
struct Remains {
    fingerprint: u64,
    files: Vec<(String, Option<Stamp>)>,
}

impl Memory {
    /// What is to be remembered of this build; with what the last one wrote, where that still counts.
    #[must_use]
    pub fn recall(&self, stock: &Stock) -> Remembered {
        let key = self.key(stock);
        let read = || serde_json::from_slice::<Remembered>(&std::fs::read(&self.place).ok()?).ok();
        let is_same = |(place, stamp): &(PathBuf, Option<Stamp>)| Stamp::at(place) == *stamp;
        let counts = |last: &Remembered| last.key == key && last.measured.par_iter().all(is_same);
        let last = self.is_trusted.then(read).flatten().filter(counts);
        last.unwrap_or(Remembered { key, ..Remembered::default() })
    }

    /// Forgets what the last build wrote: one that dies while it writes leaves nothing that can be trusted.
    pub fn forget(&self) {
        // What is not there is forgotten.
        let _ = std::fs::remove_file(&self.place);
    }

    /// Remembers what this build wrote. Where that can't be, the next one renders everything.
    pub fn keep(&self, remembered: &Remembered) {
        let bytes = serde_json::to_vec(remembered).unwrap_or_default();
        if std::fs::write(&self.place, bytes).is_err() {
            self.forget();
        }
    }

    fn key(&self, stock: &Stock) -> String {
        let mut hash = Xxh3::new();
        hash.update(&self.setup.to_le_bytes());
        hash.update(format!("{:?}", stock.categories).as_bytes());
        for record in &stock.withdrawn {
            hash.update(format!("{} {:?}", record.id, record.withdrawn).as_bytes());
        }
        format!("{:032x}", hash.digest128())
    }
}

impl Remembered {
    /// Marks the feeds whose files are under `root` as they would be rendered, by the fingerprint of each.
    pub fn mark(&self, root: &Path, choices: &mut [Choice<'_>], fingerprints: &[u64]) {
        choices.par_iter_mut().zip(fingerprints).for_each(|(choice, fingerprint)| {
            let remains = self.feeds.get(&choice.planned.prefix);
            choice.stays = remains.is_some_and(|remains| {
                remains.fingerprint == *fingerprint
                    && remains.files.iter().all(|(path, stamp)| Stamp::at(&root.join(path)) == *stamp)
            });
        });
    }

    /// The pictures and other files that feeds of this build and of the last were measured by.
    #[must_use]
    pub fn measured(&self, now: &[PathBuf]) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = self.measured.iter().map(|(place, _)| place.clone()).collect();
        all.extend_from_slice(now);
        all.sort();
        all.dedup();
        all
    }

    /// As it is after this build. Feeds with something to tell of are told of again with the next one.
    #[must_use]
    pub fn renewed(
        self,
        root: &Path,
        feeds: Vec<(String, u64, Vec<String>)>,
        doubtful: &HashSet<&str>,
        measured: &[PathBuf],
    ) -> Self {
        let is_sound = |(_, _, files): &(String, u64, Vec<String>)| {
            !files.iter().any(|path| doubtful.contains(path.as_str()))
        };
        let remains = |(prefix, fingerprint, files): (String, u64, Vec<String>)| {
            let stamped = |path: String| {
                let stamp = Stamp::at(&root.join(&path));
                (path, stamp)
            };
            (prefix, Remains { fingerprint, files: files.into_iter().map(stamped).collect() })
        };
        Self {
            key: self.key,
            measured: measured.iter().map(|place| (place.clone(), Stamp::at(place))).collect(),
            feeds: feeds.into_par_iter().filter(is_sound).map(remains).collect(),
        }
    }
}

/// Hash of what a build was told, and of the files that it was told it in.
#[must_use]
pub fn setup(told: &str, files: &[PathBuf]) -> u128 {
    let stamps: Vec<_> = files.iter().map(|place| (place, Stamp::at(place))).collect();
    xxh3_128(format!("{told} {stamps:?}").as_bytes())
}
