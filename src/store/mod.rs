//! The store: what Tidings remembers, in verbs of the domain. Each backend implements the same traits in files
//! of the same names. Knows the domain's types; no part of the domain knows it.

pub mod custody;
pub mod deliveries;
pub mod editorial;
pub mod history;
pub mod issues;
pub mod moving;
pub mod notices;
pub mod pings;
pub mod postgres;
pub mod publications;
pub mod requests;
pub mod resuming;
pub mod retention;
pub mod rows;
mod shared;
pub mod soundness;
pub mod sqlite;
pub mod subscribers;
pub mod whole;

/// Everything that a store can do.
pub trait Store:
    custody::Custody
    + publications::Publications
    + subscribers::Subscribers
    + requests::Requests
    + moving::Moving
    + retention::Retention
    + issues::Issues
    + deliveries::Deliveries
    + editorial::Editorial
    + notices::Notices
    + pings::Pings
    + whole::Whole
    + std::fmt::Debug
    + 'static
{
}

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be opened, read or written.
    #[error("the store can't {verb}: {cause}")]
    Database {
        /// What was to be done.
        verb: &'static str,
        /// Why it was not.
        cause: sqlx::Error,
    },
    /// The database is of a newer version of Tidings, or damaged.
    #[error("the store can't be brought up to date, for another version of Tidings made it: {cause}")]
    Migration {
        /// What does not fit.
        cause: sqlx::migrate::MigrateError,
    },
    /// The server of the store can't be reached, or refuses us.
    #[error("the store can't be opened: {message}")]
    Server {
        /// What happened.
        message: String,
        /// What to do about it.
        hint: String,
    },
    /// The tables are of an older version of Tidings.
    #[error("an older version of Tidings made the store's tables")]
    Older,
    /// The tables are of a newer version of Tidings.
    #[error("a newer version of Tidings made the store's tables")]
    Newer,
    /// A row holds what it can't hold.
    #[error("the store holds {what} that can't be read: {value:?}")]
    Corrupt {
        /// What kind of value.
        what: &'static str,
        /// The value.
        value: String,
    },
}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &str {
        match self {
            Self::Server { hint, .. } => hint,
            Self::Older => {
                "let nothing of the older version run any more, make a backup, then call `tidings store migrate`"
            }
            Self::Newer => "install that version here too; nothing was changed",
            _ => "look at the disk and at the permissions of the store's folder",
        }
    }
}

/// Names what was to be done.
pub(crate) trait Doing<T> {
    /// Turns a database error into one that says what was to be done.
    fn doing(self, verb: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, verb: &'static str) -> Result<T, StoreError> {
        self.map_err(|cause| StoreError::Database { verb, cause })
    }
}
