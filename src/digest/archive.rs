//! Where past issues are on the web: a page for each edition, an index and a feed for each digest. Table `[archive]`.

use std::path::PathBuf;

use chrono::{DateTime, Timelike, Utc};
use serde::Deserialize;
use url::Url;

use crate::digest::settings::Settings as Digest;

/// Table `[archive]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// The folder that pages are written to.
    #[serde(default = "output")]
    pub output: PathBuf,
    /// Where that folder is served.
    pub url: Url,
}

fn output() -> PathBuf {
    PathBuf::from("public/digests")
}

impl Archive {
    /// The address of a file below the archive.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let path = path.strip_suffix("index.html").unwrap_or(path);
        format!("{}/{path}", self.url.as_str().trim_end_matches('/'))
    }

    /// The address of a digest's index of issues.
    #[must_use]
    pub fn index(&self, digest: &str) -> String {
        self.address(&format!("{digest}/"))
    }
}

/// The folder of an issue, below that of the archive: `weekly/2026-12-07-0700/`. Slots are a second apart at least.
#[must_use]
pub fn folder(digest: &Digest, zone: chrono_tz::Tz, slot: DateTime<Utc>) -> String {
    let local = slot.with_timezone(&zone);
    let format = if local.second() == 0 { "%Y-%m-%d-%H%M" } else { "%Y-%m-%d-%H%M%S" };
    format!("{}/{}/", digest.name, local.format(format))
}

/// The name of an edition's page in its issue's folder. Eight digits tell the editions of one issue apart.
#[must_use]
pub fn page(key: &str) -> String {
    format!("{}.html", key.get(..8).unwrap_or(key))
}
