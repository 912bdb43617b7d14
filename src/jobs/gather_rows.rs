//! Gathering from a database: rows become lines of JSON in a file beside the store.

use std::path::Path;

use anyhow::{Result, bail};

use crate::catalog::source::settings::Settings;

/// Brings a source's rows into its copy.
///
/// # Errors
/// The database can't be read, or the copy not written.
pub async fn bring(_source: &Settings, _copy: &Path) -> Result<()> {
    bail!("not yet")
}
