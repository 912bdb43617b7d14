//! Records of the publication ledger as rows.

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::catalog::article::ContentHash;
use crate::catalog::publication::Publication;
use crate::store::StoreError;
use crate::store::shared::values::{moment, read};

/// Records that are read or written at a time.
pub(in crate::store) const MANY: u32 = 10_000;

/// A record, from a list of its columns.
#[derive(Deserialize)]
pub(in crate::store) struct Row {
    number: i64,
    id: String,
    declared_id: Option<String>,
    path: String,
    title: String,
    date: Option<String>,
    content_hash: String,
    first_published: i64,
    changed: Option<i64>,
    categories: String,
    withdrawn: Option<i64>,
}

/// A record as a list of its columns, in their order.
pub(in crate::store) fn written(record: &Publication) -> impl Serialize + '_ {
    (
        record.number,
        &record.id,
        &record.declared_id,
        &record.path,
        &record.title,
        record.date.map(|date| date.to_rfc3339()),
        record.content_hash.to_string(),
        record.first_published.timestamp(),
        record.changed.map(|at| at.timestamp()),
        &record.categories,
        record.withdrawn.map(|at| at.timestamp()),
    )
}

/// A record from its row.
pub(in crate::store) fn publication(row: Row) -> Result<Publication, StoreError> {
    let date = |text: &str| read("a date", text, |text| DateTime::parse_from_rfc3339(text).ok());
    Ok(Publication {
        number: row.number,
        id: row.id,
        declared_id: row.declared_id,
        path: row.path,
        title: row.title,
        date: row.date.as_deref().map(date).transpose()?,
        content_hash: read("a content hash", &row.content_hash, ContentHash::parse)?,
        first_published: moment(row.first_published)?,
        changed: row.changed.map(moment).transpose()?,
        categories: read("categories", &row.categories, |text| serde_json::from_str(text).ok())?,
        withdrawn: row.withdrawn.map(moment).transpose()?,
    })
}
