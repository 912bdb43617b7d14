//! Stamps: what the system says of a file without opening it. Equal stamps mean the same bytes.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// A file as it was when it was looked at. The modification time alone can be set back by anybody; the change time is
/// the system's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub length: u64,
    /// When the bytes were written, in nanoseconds since 1970.
    pub modified: i64,
    /// When bytes, name, owner or mode changed, in nanoseconds since 1970.
    pub changed: i64,
}

impl Stamp {
    /// From what the system says.
    #[must_use]
    pub fn of(data: &Metadata) -> Self {
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            length: data.len(),
            modified: nanoseconds(data.mtime(), data.mtime_nsec()),
            changed: nanoseconds(data.ctime(), data.ctime_nsec()),
        }
    }

    /// Of the file at a path; `None` where there is no file that one may look at.
    #[must_use]
    pub fn at(place: &Path) -> Option<Self> {
        std::fs::metadata(place).ok().map(|data| Self::of(&data))
    }

    /// Whether it was written at this moment or later, in nanoseconds since 1970: then it may be written again within
    /// the same tick of the file system, and the stamp stay what it is.
    #[must_use]
    pub fn is_since(&self, moment: i64) -> bool {
        self.modified >= moment
    }
}
