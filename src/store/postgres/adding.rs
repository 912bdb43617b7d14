//! Adding people, in `PostgreSQL`: what is known of them, and what was decided, each in one statement for all.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::store::postgres::json;
use crate::store::shared::adding::{KnownRow, activity_rows, asked, choice_rows, people_rows, together};
use crate::store::{Doing, StoreError};
use crate::subscribers::activity::NewActivity;
use crate::subscribers::adding::{Adding, Known};
use crate::subscribers::subscriber::NewSubscriber;
use crate::subscribers::subscription::Chosen;

const VERB: &str = "add subscribers";

/// What is known of people, by the keys of their addresses.
pub(super) async fn known(
    connection: &mut PgConnection,
    people: &[NewSubscriber],
) -> Result<BTreeMap<String, Known>, StoreError> {
    let asked = json(&asked(people))?;
    let rows: Vec<KnownRow> = sqlx::query_as(
        "SELECT v.key, s.state, s.name, s.language, s.time_zone, s.minute,
                EXISTS (SELECT 1 FROM suppressions x WHERE x.key IN (v.key, v.pseudonym)) AS is_suppressed,
                EXISTS (SELECT 1 FROM suppressions x WHERE x.key = v.pseudonym) AS is_erased
         FROM json_to_recordset($1::json) AS v(key text, pseudonym text) LEFT JOIN subscribers s ON s.key = v.key",
    )
    .bind(&asked)
    .fetch_all(&mut *connection)
    .await
    .doing(VERB)?;
    let chosen: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT s.key, c.digest, c.category FROM subscribers s JOIN subscriptions c ON c.subscriber = s.id
         WHERE s.key IN (SELECT key FROM json_to_recordset($1::json) AS v(key text))",
    )
    .bind(&asked)
    .fetch_all(&mut *connection)
    .await
    .doing(VERB)?;
    together(rows, chosen)
}

/// Writes what was decided.
pub(super) async fn write(
    transaction: &mut Transaction<'static, Postgres>,
    adding: &Adding<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let statements = [
        (
            "INSERT INTO subscribers (key, address, name, language, time_zone, minute, state, added, changed)
             SELECT key, address, name, language, zone, minute, state, since, coalesce(changed, $2)
             FROM json_to_recordset($1::json)
                  AS v(key text, address text, name text, language text, zone text, minute bigint, state text, since bigint,
                       changed bigint)
             ORDER BY key COLLATE \"C\"",
            &adding.new,
        ),
        // What is not told stays as it was.
        (
            "UPDATE subscribers SET
                 name = CASE WHEN v.name = '' THEN subscribers.name ELSE v.name END,
                 language = coalesce(v.language, subscribers.language),
                 time_zone = coalesce(v.zone, subscribers.time_zone),
                 minute = coalesce(v.minute, subscribers.minute),
                 state = CASE WHEN subscribers.state = 'pending' THEN v.state ELSE subscribers.state END,
                 changed = CASE WHEN subscribers.state = 'pending' THEN $2 ELSE subscribers.changed END
             FROM json_to_recordset($1::json) AS v(key text, name text, language text, zone text, minute bigint, state text)
             WHERE subscribers.key = v.key",
            &adding.changed,
        ),
        (
            "UPDATE subscribers SET state = 'unsubscribed', changed = $2
             FROM json_to_recordset($1::json) AS v(key text) WHERE subscribers.key = v.key",
            &adding.left,
        ),
        (
            "INSERT INTO suppressions (key, address, cause, reason, since)
             SELECT key, address, cause, reason, $2
             FROM json_to_recordset($1::json) AS v(key text, address text, cause text, reason text) ON CONFLICT DO NOTHING",
            &adding.suppressed,
        ),
    ];
    for (statement, people) in statements {
        if !people.is_empty() {
            let query = sqlx::query(statement).bind(json(&people_rows(people, now))?).bind(now.timestamp());
            query.execute(&mut **transaction).await.doing(VERB)?;
        }
    }
    choose(transaction, &adding.choices).await?;
    record(transaction, &adding.activities).await?;
    Ok(())
}

/// Writes choices that are new, by the keys of addresses. They begin at the newest article, where the ledger has begun.
pub(super) async fn choose(
    transaction: &mut Transaction<'static, Postgres>,
    choices: &[(String, Chosen)],
) -> Result<u64, StoreError> {
    if choices.is_empty() {
        return Ok(0);
    }
    let done = sqlx::query(
        "INSERT INTO subscriptions (digest, subscriber, category, joined)
         SELECT v.digest, s.id, v.category,
                (SELECT coalesce((SELECT max(number) FROM publications), 0) FROM meta WHERE key = 'ledger_begun')
         FROM json_to_recordset($1::json) AS v(key text, digest text, category text)
         JOIN subscribers s ON s.key = v.key
         ON CONFLICT DO NOTHING",
    )
    .bind(json(&choice_rows(choices))?)
    .execute(&mut **transaction)
    .await
    .doing(VERB)?;
    Ok(done.rows_affected())
}

/// Records activities; returns the marks of those that were new.
pub(super) async fn record(
    transaction: &mut Transaction<'static, Postgres>,
    activities: &[NewActivity],
) -> Result<Vec<Option<String>>, StoreError> {
    if activities.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_scalar(
        "INSERT INTO activities (key, at, kind, source, detail, mark)
         SELECT key, at, kind, source, detail, mark
         FROM json_to_recordset($1::json) AS v(key text, at bigint, kind text, source text, detail text, mark text) ON CONFLICT DO NOTHING RETURNING mark",
    )
    .bind(json(&activity_rows(activities))?)
    .fetch_all(&mut **transaction)
    .await
    .doing("record what happened")
}
