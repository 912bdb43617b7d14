//! The arguments of what is done with the store as a whole. Plain data, as `args`.

use std::path::PathBuf;

use clap::Subcommand;

/// `tidings store`
#[derive(Debug, Subcommand)]
pub enum Store {
    /// Bring the tables of a store that an older version of Tidings made up to date
    Migrate,
    /// Look whether the store is whole and holds together; change nothing
    Check,
    /// Copy a whole store into an empty one, and hold both against each other
    Copy {
        /// A file, or `postgres://user@host/name`
        from: String,
        /// Where there is no store yet: a file, or `postgres://user@host/name`
        to: String,
    },
    /// Copy the store into a file, whatever runs meanwhile
    Backup {
        /// A file that is not there yet
        file: PathBuf,
    },
    /// Go on with a backup or an old copy whose original is lost: what may have been sent counts as sent
    Resume {
        /// What happened; it is kept in the store
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}
