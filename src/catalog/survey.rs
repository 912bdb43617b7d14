//! The survey: which files there are and what they are stamped with, before any of them is read.

use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::permalink;
use crate::catalog::settings::Settings;
use crate::catalog::source::folder::{self, File, Listing};
use crate::catalog::source::stamp::Stamp;

/// What there is to load, and nothing of it read yet but what its generator lays down for all.
#[derive(Debug)]
pub struct Survey {
    pub(super) settings: Settings,
    pub(super) listing: Listing,
}

impl Survey {
    /// Of the content folder as it stands.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let mut habits = Habits::of(&settings.sources);
        let content = &settings.sources.content;
        // Who has other sources may have no folder.
        let listing = if settings.imports.is_empty() || content.is_dir() {
            folder::list(content, &settings.sources.static_files, &habits)
        } else {
            Listing::default()
        };
        habits.read_folder_data(content, &listing);
        Self { settings: settled(settings, habits), listing }
    }

    /// What it was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A hash that is the same only for the same files with the same stamps under the same settings.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(format!("{:?}{:?}", self.settings, self.listing.problems).as_bytes());
        // What a file is follows from its path.
        for File { path, stamp: Stamp { length, modified, changed }, .. } in self.listing.files() {
            hasher.update(path.as_bytes());
            let numbers = [path.len() as u64, length, modified.cast_unsigned(), changed.cast_unsigned()];
            hasher.update(numbers.map(u64::to_le_bytes).as_flattened());
        }
        format!("{:032x}", hasher.digest128())
    }

    /// Whether a file was written or changed at this moment or later, in nanoseconds since 1970.
    #[must_use]
    pub fn changed_since(&self, moment: i64) -> bool {
        self.listing.files().any(|file| file.stamp.is_since(moment))
    }
}

/// The settings with what the folder's generator lays down; the pattern of addresses may be in its words.
fn settled(settings: &Settings, habits: Habits) -> Settings {
    let mut settings = Settings { habits, ..settings.clone() };
    let dialect = settings.habits.dialect;
    if dialect != Dialect::Tidings {
        let permalink = &mut settings.sources.permalink;
        *permalink = permalink.take().map(|text| permalink::pattern(&text, dialect));
    }
    settings
}
