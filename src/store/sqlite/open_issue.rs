//! The steps of opening an issue, all within one transaction, in their order.

use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use crate::digest::issue::{Edition, NewIssue};
use crate::digest::wish::WishList;
use crate::store::shared::editions::{beginnings, clocks, cohorts, first_base};
use crate::store::shared::values::json;
use crate::store::sqlite::wishes::wishes;
use crate::store::{Doing, StoreError};

/// Moves a digest on behind a slot; never back.
pub(super) async fn handle(
    transaction: &mut Transaction<'static, Sqlite>,
    digest: &str,
    slot: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO digests (name, handled) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET handled = max(handled, excluded.handled)",
    )
    .bind(digest)
    .bind(slot.timestamp())
    .execute(&mut **transaction)
    .await
    .doing("record a slot")?;
    Ok(())
}

/// Articles that are held out now and that no issue of the digest has covered yet are owed; those that are back
/// count under the number of their return from now on.
pub(super) async fn record_absences(
    transaction: &mut Transaction<'static, Sqlite>,
    issue: &NewIssue,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO absences (digest, number)
         SELECT ?1, value FROM json_each(?2)
         WHERE value > coalesce((SELECT max(upto) FROM issues WHERE digest = ?1 AND state IN ('open', 'held', 'closed')
                                 AND upto < ?3), ?4)
         ON CONFLICT DO NOTHING",
    )
    .bind(&issue.digest)
    .bind(json(&issue.held)?)
    .bind(issue.upto)
    .bind(first_base(issue))
    .execute(&mut **transaction)
    .await
    .doing("record absences")?;
    sqlx::query(
        "UPDATE absences SET news = ? WHERE digest = ? AND news IS NULL AND number IN (SELECT value FROM json_each(?))",
    )
    .bind(issue.upto)
    .bind(&issue.digest)
    .bind(json(&issue.returned)?)
    .execute(&mut **transaction)
    .await
    .doing("record absences")?;
    Ok(())
}

pub(super) async fn write_editions(
    transaction: &mut Transaction<'static, Sqlite>,
    issue: i64,
    editions: &[Edition],
) -> Result<(), StoreError> {
    for edition in editions {
        sqlx::query(
            "INSERT INTO editions (issue, key, language, nameless, subject, text, html, web, message, hash, contents)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(issue)
        .bind(&edition.key)
        .bind(edition.language.as_str())
        .bind(&edition.nameless)
        .bind(&edition.subject)
        .bind(&edition.text)
        .bind(&edition.html)
        .bind(&edition.web)
        .bind(&edition.message)
        .bind(edition.hash())
        .bind(json(&edition.contents)?)
        .execute(&mut **transaction)
        .await
        .doing("freeze an edition")?;
    }
    Ok(())
}

pub(super) async fn write_cohorts(
    transaction: &mut Transaction<'static, Sqlite>,
    id: i64,
    issue: &NewIssue,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO cohorts (issue, wishes, edition, reason)
         SELECT ?, value ->> 'wishes', value ->> 'edition', value ->> 'reason' FROM json_each(?)",
    )
    .bind(id)
    .bind(json(&cohorts(issue))?)
    .execute(&mut **transaction)
    .await
    .doing("open an issue")?;
    Ok(())
}

/// What an earlier issue has not delivered is in this one, for those who get it: their number has not moved. What
/// may have arrived stays as it is.
pub(super) async fn supersede(
    transaction: &mut Transaction<'static, Sqlite>,
    id: i64,
    issue: &NewIssue,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'cancelled', reason = 'superseded by issue ' || ?1, changed = ?2
         WHERE state IN ('planned', 'deferred') AND maybe_delivered = 0
           AND issue IN (SELECT id FROM issues WHERE digest = ?3 AND state IN ('open', 'held') AND id < ?1)
           AND subscriber IN (SELECT subscriber FROM deliveries WHERE issue = ?1 AND state = 'planned')",
    )
    .bind(id)
    .bind(issue.opened.timestamp())
    .bind(&issue.digest)
    .execute(&mut **transaction)
    .await
    .doing("open an issue")?;
    Ok(done.rows_affected())
}

/// One delivery for each subscriber of the cohorts, and one for each who would be if they were not suppressed.
pub(super) async fn plan(
    transaction: &mut Transaction<'static, Sqlite>,
    id: i64,
    issue: &NewIssue,
) -> Result<(), StoreError> {
    let opened = issue.opened.timestamp();
    sqlx::query(wishes!(
        "INSERT INTO deliveries (issue, subscriber, cohort, address, name, state, reason, changed, next_attempt)
         SELECT ?2, s.id, c.id, s.address, s.name,
                CASE WHEN c.edition IS NULL THEN 'cancelled' ELSE 'planned' END, c.reason, ?3,
                CASE WHEN c.edition IS NULL THEN NULL ELSE (
                    SELECT value ->> 'at' FROM json_each(?4)
                    WHERE value ->> 'zone' IS s.time_zone AND value ->> 'minute' IS s.minute) END
         FROM wishes w
         JOIN cohorts c ON c.issue = ?2 AND c.wishes = w.signature
         JOIN subscribers s ON s.id = w.subscriber
         ORDER BY s.id"
    ))
    .bind(&issue.digest)
    .bind(id)
    .bind(opened)
    .bind(json(&clocks(issue))?)
    .execute(&mut **transaction)
    .await
    .doing("open an issue")?;
    sqlx::query(
        "INSERT INTO deliveries (issue, subscriber, address, name, state, reason, changed)
         SELECT ?2, s.id, s.address, s.name, 'cancelled', 'suppressed: ' || x.reason, ?3
         FROM subscribers s JOIN suppressions x ON x.key = s.key
         WHERE s.state = 'active'
           AND EXISTS (SELECT 1 FROM subscriptions c WHERE c.subscriber = s.id AND c.digest = ?1)",
    )
    .bind(&issue.digest)
    .bind(id)
    .bind(opened)
    .execute(&mut **transaction)
    .await
    .doing("open an issue")?;
    // Whoever changed what they chose while the issue was composed is of no cohort of it.
    sqlx::query(wishes!(
        "INSERT INTO deliveries (issue, subscriber, address, name, state, reason, changed)
         SELECT ?2, s.id, s.address, s.name, 'cancelled',
                'chose anew while the issue was composed; the next one has it all', ?3
         FROM wishes w JOIN subscribers s ON s.id = w.subscriber
         WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.issue = ?2 AND d.subscriber = w.subscriber)"
    ))
    .bind(&issue.digest)
    .bind(id)
    .bind(opened)
    .execute(&mut **transaction)
    .await
    .doing("open an issue")?;
    Ok(())
}

/// Remembers where first issues began. Runs after deliveries were planned, for it changes the signatures.
pub(super) async fn begin(
    transaction: &mut Transaction<'static, Sqlite>,
    digest: &str,
    cohorts: impl Iterator<Item = (&WishList, i64)>,
) -> Result<(), StoreError> {
    let rows = beginnings(cohorts);
    if rows.is_empty() {
        return Ok(());
    }
    // The list as a table gets an index; asked as it is, it would be gone through for each subscription.
    sqlx::query(wishes!(
        ", bases AS MATERIALIZED (
             SELECT value ->> 'wishes' AS signature, value ->> 'base' AS base FROM json_each(?2)
         )
         UPDATE subscriptions SET base = min(b.base, coalesce(joined, b.base))
         FROM wishes w JOIN bases b ON b.signature = w.signature
         WHERE subscriptions.digest = ?1 AND subscriptions.subscriber = w.subscriber
           AND subscriptions.base IS NULL AND subscriptions.served IS NULL"
    ))
    .bind(digest)
    .bind(json(&rows)?)
    .execute(&mut **transaction)
    .await
    .doing("begin subscriptions")?;
    Ok(())
}
