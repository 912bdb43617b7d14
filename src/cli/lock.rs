//! The run lock: one run at a time for each store. The system drops it with the process, however that ends; a server of
//! databases drops its own with the connection.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::cli::exit::Failure;
use crate::cli::wire::Site;
use crate::config::store::Place;
use crate::store::Store;

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the locks of a site's store: the one beside it, and that of its server.
///
/// # Errors
/// Somebody else holds one; or its file can't be opened.
pub async fn take(site: &Site, command: &str) -> Result<Lock, Failure> {
    let lock = beside(&site.config.state, command, site.clock.now())?;
    of_server(&*site.store, &site.config.store).await?;
    Ok(lock)
}

/// Takes the lock of a store's server, if it has one, until the store is closed.
///
/// # Errors
/// Somebody else holds it.
pub async fn of_server(store: &dyn Store, place: &Place) -> Result<(), Failure> {
    if store.hold_run().await? {
        return Ok(());
    }
    Err(Failure::Locked(format!("a run on another machine holds the lock of {place}")))
}

/// Takes the lock beside a store, and leaves a note of who holds it.
///
/// # Errors
/// Somebody else holds it; or its file can't be opened.
pub fn beside(state: &Path, command: &str, now: DateTime<Utc>) -> Result<Lock, Failure> {
    let path = state.with_extension("lock");
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The note may be half-written; the lock counts, not the note.
            let _ = file.read_to_string(&mut holder);
            let holder = holder.trim();
            let holder = if holder.is_empty() { "another run" } else { holder };
            return Err(Failure::Locked(format!("{holder} holds the lock {}", path.display())));
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    let now = now.to_rfc3339();
    let note = format!("tidings {command} (process {}, since {now})\n", std::process::id());
    // Over the note of the run before, which is mostly as long: emptying a file first takes the system longer.
    file.write_all(note.as_bytes())?;
    file.set_len(note.len() as u64)?;
    Ok(Lock { _file: file })
}
