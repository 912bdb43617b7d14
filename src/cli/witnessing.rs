//! Holding the store against its witness before anything is sent, and writing the witness when something was.

use std::path::PathBuf;

use crate::cli::exit::Failure;
use crate::cli::wire::Site;
use crate::jobs::witness::{self, Witness};
use crate::store::history;

/// Refuses a store that would send again what was sent.
///
/// # Errors
/// It is a backup, or older than its witness; a store or a witness that can't be read.
pub async fn hold_against(site: &Site) -> Result<(), Failure> {
    let history = history::history(&*site.store).await?;
    let known = Witness::read(&place(site))?;
    match witness::doubt(&history, known.as_ref()) {
        None => Ok(()),
        Some(doubt) => Err(Failure::usage(
            format!("{doubt}: what was sent since would be sent again, so nothing was done"),
            "put the newest store back; if it is lost, call `tidings store resume --why \"…\"`, which counts as sent \
             what may have been",
        )),
    }
}

/// Remembers how far the store has come.
///
/// # Errors
/// A store that can't be read, a witness that can't be written.
pub async fn keep(site: &Site) -> Result<(), Failure> {
    let history = history::named(&*site.store).await?;
    Ok(Witness::keep(&place(site), &history)?)
}

/// Where the witness is.
pub fn place(site: &Site) -> PathBuf {
    site.config.state.with_extension("witness")
}
