//! The only place that asks what time it is. Everything else is told.

use chrono::{DateTime, Utc};

/// Where the time comes from: the system, or one fixed moment for rehearsals and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    fixed: Option<DateTime<Utc>>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { fixed: None }
    }

    /// A clock that stands still at `moment`.
    #[must_use]
    pub fn fixed(moment: DateTime<Utc>) -> Self {
        Self { fixed: Some(moment) }
    }

    /// The moment, in UTC, to the second: nothing that Tidings records is finer.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        #[allow(clippy::disallowed_methods)] // the one place
        let moment = self.fixed.unwrap_or_else(Utc::now);
        DateTime::from_timestamp(moment.timestamp(), 0).unwrap_or(moment)
    }
}
