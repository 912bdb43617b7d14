//! The run lock: one run at a time for each store. The system drops it with the process, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::cli::exit::Failure;

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock beside the store, and leaves a note of who holds it.
///
/// # Errors
/// Somebody else holds it; or its file can't be opened.
pub fn take(store: &Path, command: &str, now: DateTime<Utc>) -> Result<Lock, Failure> {
    let path = store.with_extension("lock");
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
    let note = format!("tidings {command} (process {}, since {})\n", std::process::id(), now.to_rfc3339());
    // Over the note of the run before, which is mostly as long: emptying a file first takes the system longer.
    file.write_all(note.as_bytes())?;
    file.set_len(note.len() as u64)?;
    Ok(Lock { _file: file })
}
