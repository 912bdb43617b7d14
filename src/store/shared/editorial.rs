//! What is decided of issues, and their stories, as rows.

use crate::store::StoreError;
use crate::store::editorial::{Decided, EditionStory, Lead, SentIssue};
use crate::store::shared::values::{count, moment, read};

/// An edition in an issue's story.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct EditionStoryRow {
    key: String,
    language: String,
    subject: String,
    html_bytes: i64,
    hash: String,
    deliveries: i64,
}

impl From<EditionStoryRow> for EditionStory {
    fn from(row: EditionStoryRow) -> Self {
        Self {
            key: row.key,
            language: row.language,
            subject: row.subject,
            html_bytes: count(row.html_bytes),
            hash: row.hash,
            deliveries: count(row.deliveries),
        }
    }
}

/// Key and subject of an edition, and the titles of its articles as a JSON array.
pub(in crate::store) type LeadRow = (String, String, String);

/// An issue of the archive: its number, slot and opening, with the edition that stands for it.
pub(in crate::store) fn sent_issue(
    (issue, slot, opened): (i64, i64, i64),
    lead: Option<LeadRow>,
) -> Result<SentIssue, StoreError> {
    let lead = lead.map(|(key, subject, titles)| {
        let titles = read("titles", &titles, |text| serde_json::from_str(text).ok())?;
        Ok::<_, StoreError>(Lead { key, subject, titles })
    });
    Ok(SentIssue { issue, slot: moment(slot)?, opened: moment(opened)?, lead: lead.transpose()? })
}

/// What to answer where an issue is in none of the states that a decision starts from.
pub(in crate::store) fn instead(state: Option<String>, from: &[&str], to: &str) -> Option<Decided> {
    match state {
        None => Some(Decided::Nothing),
        Some(state) if state == to => Some(Decided::Already),
        Some(state) if !from.contains(&state.as_str()) => Some(Decided::TooLate(state)),
        Some(_) => None,
    }
}
