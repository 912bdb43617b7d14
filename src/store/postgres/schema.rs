//! The tables: whether they are there, and of which version of Tidings.

use sqlx::migrate::MigrateError;

use crate::store::postgres::PostgresStore;
use crate::store::{Doing, StoreError};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/store/postgres/migrations");

/// A step that was taken: its number and the checksum of its statements.
type Step = (i64, Vec<u8>);

/// How the tables stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// There are none.
    Empty,
    /// As this version of Tidings needs them.
    Current,
    /// So many steps behind.
    Older(usize),
    /// Ahead of this version.
    Newer,
    /// This step was another one.
    Other(i64),
}

impl Standing {
    /// How what was done stands to what is known.
    fn of(done: &[Step], known: &[Step]) -> Self {
        if let Some((step, _)) = done.iter().zip(known).find(|(done, known)| done != known) {
            return Self::Other(step.0);
        }
        match (done.len(), known.len()) {
            (0, _) => Self::Empty,
            (done, known) if done < known => Self::Older(known - done),
            (done, known) if done > known => Self::Newer,
            _ => Self::Current,
        }
    }

    /// What is wrong with it.
    pub(super) fn fault(self) -> StoreError {
        match self {
            Self::Newer => StoreError::Newer,
            Self::Other(step) => StoreError::Migration { cause: MigrateError::VersionMismatch(step) },
            Self::Empty | Self::Current | Self::Older(_) => StoreError::Older,
        }
    }
}

/// How many steps it takes to make all tables.
pub(super) fn steps() -> usize {
    MIGRATIONS.iter().count()
}

impl PostgresStore {
    /// How the tables stand.
    pub(super) async fn standing(&self) -> Result<Standing, StoreError> {
        let known: Vec<Step> = MIGRATIONS.iter().map(|step| (step.version, step.checksum.to_vec())).collect();
        let done: Result<Vec<Step>, _> =
            sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
                .fetch_all(&self.pool)
                .await;
        match done {
            Ok(done) => Ok(Standing::of(&done, &known)),
            // Undefined table.
            Err(error)
                if error
                    .as_database_error()
                    .is_some_and(|error| error.code().as_deref() == Some("42P01")) =>
            {
                Ok(Standing::Empty)
            }
            Err(error) => Err(error).doing("be read"),
        }
    }

    /// Makes the tables that are missing. Whoever does the same at once waits, and finds them.
    pub(super) async fn make_tables(&self) -> Result<(), StoreError> {
        MIGRATIONS.run(&self.pool).await.map_err(|cause| StoreError::Migration { cause })
    }
}

#[cfg(test)]
mod tests {
    use super::Standing;

    #[test]
    fn tables_are_told_by_the_steps_that_made_them() {
        let known = [(1, vec![1]), (2, vec![2])];
        let table = [
            (vec![], Standing::Empty),
            (vec![(1, vec![1])], Standing::Older(1)),
            (known.to_vec(), Standing::Current),
            (vec![(1, vec![1]), (2, vec![2]), (3, vec![3])], Standing::Newer),
            (vec![(1, vec![7])], Standing::Other(1)),
        ];
        for (done, expected) in table {
            assert_eq!(Standing::of(&done, &known), expected);
        }
    }
}
