//! Adding people, in `SQLite`: what is known of them, and what was decided, each in one statement for all.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::store::shared::adding::{KnownRow, activity_rows, asked, choice_rows, people_rows, together};
use crate::store::shared::values::json;
use crate::store::{Doing, StoreError};
use crate::subscribers::activity::NewActivity;
use crate::subscribers::adding::{Adding, Known};
use crate::subscribers::subscriber::NewSubscriber;
use crate::subscribers::subscription::Chosen;

const VERB: &str = "add subscribers";

/// What is known of people, by the keys of their addresses.
pub(super) async fn known(
    connection: &mut SqliteConnection,
    people: &[NewSubscriber],
) -> Result<BTreeMap<String, Known>, StoreError> {
    let asked = json(&asked(people))?;
    let rows: Vec<KnownRow> = sqlx::query_as(
        "SELECT v.value ->> 'key' AS key, s.state, s.name, s.language, s.time_zone, s.minute,
                EXISTS (SELECT 1 FROM suppressions x WHERE x.key IN (v.value ->> 'key', v.value ->> 'pseudonym'))
                    AS is_suppressed,
                EXISTS (SELECT 1 FROM suppressions x WHERE x.key = v.value ->> 'pseudonym') AS is_erased
         FROM json_each(?) AS v LEFT JOIN subscribers s ON s.key = v.value ->> 'key'",
    )
    .bind(&asked)
    .fetch_all(&mut *connection)
    .await
    .doing(VERB)?;
    let chosen: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT s.key, c.digest, c.category FROM subscribers s JOIN subscriptions c ON c.subscriber = s.id
         WHERE s.key IN (SELECT value ->> 'key' FROM json_each(?))",
    )
    .bind(&asked)
    .fetch_all(&mut *connection)
    .await
    .doing(VERB)?;
    together(rows, chosen)
}

/// Writes what was decided.
pub(super) async fn write(
    transaction: &mut Transaction<'static, Sqlite>,
    adding: &Adding<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let statements = [
        (
            "INSERT INTO subscribers (key, address, name, language, time_zone, minute, state, added, changed)
             SELECT value ->> 'key', value ->> 'address', value ->> 'name', value ->> 'language', value ->> 'zone',
                    value ->> 'minute', value ->> 'state', value ->> 'since', coalesce(value ->> 'changed', ?2)
             FROM json_each(?1) WHERE true ORDER BY key",
            &adding.new,
        ),
        // What is not told stays as it was.
        (
            "UPDATE subscribers SET
                 name = CASE WHEN v.value ->> 'name' = '' THEN subscribers.name ELSE v.value ->> 'name' END,
                 language = coalesce(v.value ->> 'language', subscribers.language),
                 time_zone = coalesce(v.value ->> 'zone', subscribers.time_zone),
                 minute = coalesce(v.value ->> 'minute', subscribers.minute),
                 state = CASE WHEN subscribers.state = 'pending' THEN v.value ->> 'state' ELSE subscribers.state END,
                 changed = CASE WHEN subscribers.state = 'pending' THEN ?2 ELSE subscribers.changed END
             FROM json_each(?1) AS v WHERE subscribers.key = v.value ->> 'key'",
            &adding.changed,
        ),
        (
            "UPDATE subscribers SET state = 'unsubscribed', changed = ?2
             FROM json_each(?1) AS v WHERE subscribers.key = v.value ->> 'key'",
            &adding.left,
        ),
        (
            "INSERT INTO suppressions (key, address, cause, reason, since)
             SELECT value ->> 'key', value ->> 'address', value ->> 'cause', value ->> 'reason', ?2
             FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING",
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
    transaction: &mut Transaction<'static, Sqlite>,
    choices: &[(String, Chosen)],
) -> Result<u64, StoreError> {
    if choices.is_empty() {
        return Ok(0);
    }
    let done = sqlx::query(
        "INSERT INTO subscriptions (digest, subscriber, category, joined)
         SELECT v.value ->> 'digest', s.id, v.value ->> 'category',
                (SELECT coalesce((SELECT max(number) FROM publications), 0) FROM meta WHERE key = 'ledger_begun')
         FROM json_each(?) AS v JOIN subscribers s ON s.key = v.value ->> 'key' WHERE true
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
    transaction: &mut Transaction<'static, Sqlite>,
    activities: &[NewActivity],
) -> Result<Vec<Option<String>>, StoreError> {
    if activities.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_scalar(
        "INSERT INTO activities (key, at, kind, source, detail, mark)
         SELECT value ->> 'key', value ->> 'at', value ->> 'kind', value ->> 'source', value ->> 'detail',
                value ->> 'mark'
         FROM json_each(?) WHERE true ON CONFLICT DO NOTHING RETURNING mark",
    )
    .bind(json(&activity_rows(activities))?)
    .fetch_all(&mut **transaction)
    .await
    .doing("record what happened")
}
