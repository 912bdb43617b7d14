//! Opening issues, in `SQLite`.

use chrono::{DateTime, Utc};
use serde_json::json as object;
use sqlx::{Sqlite, Transaction};

use crate::digest::issue::{Edition, Fate, NewIssue};
use crate::digest::letterhead::Letterhead;
use crate::digest::select::Wish;
use crate::mail::address::Address;
use crate::store::issues::{AudienceGroup, Excluded, Frozen, Issues, Opened};
use crate::store::sqlite::{SqliteStore, count, json, moment, read};
use crate::store::{Doing, StoreError};
use crate::subscribers::subscription::{Choice, Progress};

/// Each active subscriber of a digest with their wishes as one text: equal texts are one cohort.
macro_rules! wishes {
    ($rest:literal) => {
        concat!(
            "WITH wishes AS (
                SELECT c.subscriber,
                       group_concat(c.category || '=' || coalesce(c.served, 'b' || c.base, 'f' || c.joined, ''), '|' ORDER BY c.category)
                           AS signature
                FROM subscriptions c JOIN subscribers s ON s.id = c.subscriber
                WHERE c.digest = ?1 AND s.state = 'active'
                  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.key = s.key)
                GROUP BY c.subscriber
            ) ",
            $rest
        )
    };
}

impl Issues for SqliteStore {
    async fn handled_until(&self, digest: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("INSERT INTO digests (name, handled) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(digest)
            .bind(now.timestamp())
            .execute(&mut *transaction)
            .await
            .doing("record a digest")?;
        transaction.commit().await.doing("record a digest")?;
        self.peek_handled_until(digest, now).await
    }

    async fn peek_handled_until(
        &self,
        digest: &str,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        let handled: Option<i64> = sqlx::query_scalar("SELECT handled FROM digests WHERE name = ?")
            .bind(digest)
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
        handled.map_or(Ok(now), moment)
    }

    async fn record_passed(
        &self,
        digest: &str,
        slots: &[(DateTime<Utc>, String)],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some((last, _)) = slots.last() else {
            return Ok(());
        };
        let mut transaction = self.begin().await?;
        for (slot, reason) in slots {
            let state = if reason.starts_with("missed") { "missed" } else { "empty" };
            sqlx::query(
                "INSERT INTO issues (digest, slot, opened, upto, letterhead, state, reason)
                 VALUES (?, ?, ?, 0, '', ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(digest)
            .bind(slot.timestamp())
            .bind(now.timestamp())
            .bind(state)
            .bind(reason)
            .execute(&mut *transaction)
            .await
            .doing("record a slot")?;
        }
        handle(&mut transaction, digest, *last).await?;
        transaction.commit().await.doing("record a slot")
    }

    async fn begin_subscriptions(
        &self,
        digest: &str,
        cohorts: Vec<(Vec<Wish>, i64)>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let cohorts = cohorts.iter().map(|(wishes, base)| (wishes.as_slice(), *base));
        begin(&mut transaction, digest, cohorts).await?;
        transaction.commit().await.doing("begin subscriptions")
    }

    async fn audience(&self, digest: &str) -> Result<Vec<AudienceGroup>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(wishes!(
            "SELECT signature, count(*) FROM wishes GROUP BY signature ORDER BY signature"
        ))
        .bind(digest)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let group = |(signature, subscribers): (String, i64)| {
            Ok(AudienceGroup { wishes: parse_wishes(&signature)?, subscribers: count(subscribers) })
        };
        rows.into_iter().map(group).collect()
    }

    async fn members(&self, digest: &str, wishes: &[Wish], most: u32) -> Result<Vec<Address>, StoreError> {
        let rows: Vec<String> = sqlx::query_scalar(wishes!(
            "SELECT s.address FROM wishes w JOIN subscribers s ON s.id = w.subscriber
             WHERE w.signature = ?2 ORDER BY s.key LIMIT ?3"
        ))
        .bind(digest)
        .bind(signature(wishes))
        .bind(most)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        rows.iter().map(|text| read("an address", text, |text| text.parse().ok())).collect()
    }

    async fn excluded(&self, digest: &str) -> Result<Vec<Excluded>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT s.address, CASE
                 WHEN x.reason IS NOT NULL THEN 'suppressed: ' || x.reason
                 WHEN s.state = 'pending' THEN 'has not confirmed yet'
                 ELSE 'unsubscribed' END
             FROM subscribers s LEFT JOIN suppressions x ON x.key = s.key
             WHERE (s.state <> 'active' OR x.reason IS NOT NULL)
               AND EXISTS (SELECT 1 FROM subscriptions c WHERE c.subscriber = s.id AND c.digest = ?)
             ORDER BY s.key",
        )
        .bind(digest)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let excluded = |(address, reason): (String, String)| {
            Ok(Excluded { address: read("an address", &address, |text| text.parse().ok())?, reason })
        };
        rows.into_iter().map(excluded).collect()
    }

    async fn open_issue(&self, issue: &NewIssue) -> Result<Opened, StoreError> {
        let mut transaction = self.begin().await?;
        let id = sqlx::query(
            "INSERT INTO issues (digest, slot, opened, upto, letterhead, state) VALUES (?, ?, ?, ?, ?, 'open')",
        )
        .bind(&issue.digest)
        .bind(issue.slot.timestamp())
        .bind(issue.opened.timestamp())
        .bind(issue.upto)
        .bind(json(&issue.letterhead)?)
        .execute(&mut *transaction)
        .await
        .doing("open an issue")?
        .last_insert_rowid();
        write_editions(&mut transaction, id, &issue.editions).await?;
        write_cohorts(&mut transaction, id, issue).await?;
        plan(&mut transaction, id, issue).await?;
        let superseded = supersede(&mut transaction, id, issue).await?;
        let cohorts = issue.cohorts.iter().map(|cohort| (cohort.wishes.as_slice(), cohort.base));
        begin(&mut transaction, &issue.digest, cohorts).await?;
        handle(&mut transaction, &issue.digest, issue.slot).await?;
        let (planned, spared): (i64, i64) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE state = 'planned'), count(*) FILTER (WHERE state = 'cancelled')
             FROM deliveries WHERE issue = ?",
        )
        .bind(id)
        .fetch_one(&mut *transaction)
        .await
        .doing("open an issue")?;
        transaction.commit().await.doing("open an issue")?;
        Ok(Opened { issue: id, planned: count(planned), spared: count(spared), superseded })
    }

    async fn frozen(&self, issue: i64, edition: &str) -> Result<Frozen, StoreError> {
        let (letterhead, subject, text, html, articles): (String, String, String, String, String) =
            sqlx::query_as(
                "SELECT i.letterhead, e.subject, e.text, e.html, e.articles
             FROM issues i JOIN editions e ON e.issue = i.id WHERE i.id = ? AND e.key = ?",
            )
            .bind(issue)
            .bind(edition)
            .fetch_one(&self.pool)
            .await
            .doing("find an edition")?;
        let letterhead: Letterhead =
            read("a letterhead", &letterhead, |text| serde_json::from_str(text).ok())?;
        let articles = read("a list of articles", &articles, |text| serde_json::from_str(text).ok())?;
        Ok(Frozen { letterhead, edition: Edition { key: edition.to_owned(), subject, text, html, articles } })
    }
}

/// Moves a digest on behind a slot; never back.
async fn handle(
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

async fn write_editions(
    transaction: &mut Transaction<'static, Sqlite>,
    issue: i64,
    editions: &[Edition],
) -> Result<(), StoreError> {
    for edition in editions {
        sqlx::query(
            "INSERT INTO editions (issue, key, subject, text, html, articles) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(issue)
        .bind(&edition.key)
        .bind(&edition.subject)
        .bind(&edition.text)
        .bind(&edition.html)
        .bind(json(&edition.articles)?)
        .execute(&mut **transaction)
        .await
        .doing("freeze an edition")?;
    }
    Ok(())
}

async fn write_cohorts(
    transaction: &mut Transaction<'static, Sqlite>,
    id: i64,
    issue: &NewIssue,
) -> Result<(), StoreError> {
    let rows: Vec<_> = issue
        .cohorts
        .iter()
        .map(|cohort| {
            let (edition, reason) = match &cohort.fate {
                Fate::Mailed(edition) => (Some(edition), None),
                Fate::Spared(reason) => (None, Some(reason)),
            };
            object!({ "wishes": signature(&cohort.wishes), "edition": edition, "reason": reason })
        })
        .collect();
    sqlx::query(
        "INSERT INTO cohorts (issue, wishes, edition, reason)
         SELECT ?, value ->> 'wishes', value ->> 'edition', value ->> 'reason' FROM json_each(?)",
    )
    .bind(id)
    .bind(json(&rows)?)
    .execute(&mut **transaction)
    .await
    .doing("open an issue")?;
    Ok(())
}

/// What an earlier issue has not delivered is in this one, for those who get it: their number has not moved. What
/// may have arrived stays as it is.
async fn supersede(
    transaction: &mut Transaction<'static, Sqlite>,
    id: i64,
    issue: &NewIssue,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'cancelled', reason = 'superseded by issue ' || ?1, changed = ?2
         WHERE state IN ('planned', 'deferred') AND maybe_delivered = 0
           AND issue IN (SELECT id FROM issues WHERE digest = ?3 AND state = 'open' AND id < ?1)
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
async fn plan(
    transaction: &mut Transaction<'static, Sqlite>,
    id: i64,
    issue: &NewIssue,
) -> Result<(), StoreError> {
    let opened = issue.opened.timestamp();
    sqlx::query(wishes!(
        "INSERT INTO deliveries (issue, subscriber, cohort, address, name, state, reason, changed)
         SELECT ?2, s.id, c.id, s.address, s.name,
                CASE WHEN c.edition IS NULL THEN 'cancelled' ELSE 'planned' END, c.reason, ?3
         FROM wishes w
         JOIN cohorts c ON c.issue = ?2 AND c.wishes = w.signature
         JOIN subscribers s ON s.id = w.subscriber
         ORDER BY s.id"
    ))
    .bind(&issue.digest)
    .bind(id)
    .bind(opened)
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
async fn begin(
    transaction: &mut Transaction<'static, Sqlite>,
    digest: &str,
    cohorts: impl Iterator<Item = (&[Wish], i64)>,
) -> Result<(), StoreError> {
    let fresh =
        cohorts.filter(|(wishes, _)| wishes.iter().any(|wish| matches!(wish.progress, Progress::Fresh(_))));
    let rows: Vec<_> =
        fresh.map(|(wishes, base)| object!({ "wishes": signature(wishes), "base": base })).collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(wishes!(
        "UPDATE subscriptions SET base = min(v.value ->> 'base', coalesce(joined, v.value ->> 'base'))
         FROM wishes w JOIN json_each(?2) AS v ON v.value ->> 'wishes' = w.signature
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

/// The text that the query groups by, for wishes in the order of their categories.
fn signature(wishes: &[Wish]) -> String {
    let wish = |wish: &Wish| match wish.progress {
        Progress::Fresh(None) => format!("{}=", wish.choice),
        Progress::Fresh(Some(number)) => format!("{}=f{number}", wish.choice),
        Progress::Begun(number) => format!("{}=b{number}", wish.choice),
        Progress::Served(number) => format!("{}={number}", wish.choice),
    };
    wishes.iter().map(wish).collect::<Vec<_>>().join("|")
}

/// The wishes of a signature, in its order: slugs hold neither `|` nor `=`.
fn parse_wishes(signature: &str) -> Result<Vec<Wish>, StoreError> {
    let wish = |part: &str| {
        let (category, number) = part.split_once('=')?;
        let progress = match number.chars().next() {
            None => Progress::Fresh(None),
            Some('f') => Progress::Fresh(Some(number[1..].parse().ok()?)),
            Some('b') => Progress::Begun(number[1..].parse().ok()?),
            Some(_) => Progress::Served(number.parse().ok()?),
        };
        Some(Wish { choice: Choice::parse(category)?, progress })
    };
    signature.split('|').map(|part| read("a wish", part, wish)).collect()
}
