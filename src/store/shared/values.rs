//! Values of the domain from columns, and lists for statements.

use chrono::{DateTime, Utc};

use crate::mail::address::Address;
use crate::store::StoreError;
use crate::subscribers::activity::{Activity, Kind, NewActivity};

/// A moment from its column.
pub(in crate::store) fn moment(seconds: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| StoreError::Corrupt { what: "a moment", value: seconds.to_string() })
}

/// A list as JSON, for statements that take many rows.
pub(in crate::store) fn json<T: serde::Serialize>(values: &T) -> Result<String, StoreError> {
    serde_json::to_string(values)
        .map_err(|error| StoreError::Corrupt { what: "a list", value: error.to_string() })
}

/// A value of the domain from the word in its column.
pub(in crate::store) fn read<T>(
    what: &'static str,
    word: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, StoreError> {
    parse(word).ok_or_else(|| StoreError::Corrupt { what, value: word.to_owned() })
}

/// How many rows a column counts.
pub(in crate::store) fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

/// Something that happened, to be recorded.
pub(in crate::store) fn activity(
    address: &Address,
    kind: Kind,
    source: &str,
    detail: &str,
    at: DateTime<Utc>,
) -> NewActivity {
    let activity = Activity { at, kind, source: source.to_owned(), detail: detail.to_owned() };
    NewActivity { address: address.clone(), activity, mark: None }
}
