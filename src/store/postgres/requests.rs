//! Asking and confirming, in `PostgreSQL`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};

use crate::language::tag::Language;
use crate::store::postgres::adding::{choose, record};
use crate::store::postgres::{Holding, PostgresStore, json, preferring};
use crate::store::requests::{Decided, LetterEnd, Requests};
use crate::store::shared::requests::{
    LetterRow, Row, StandingRow, due_letter, pairs, proof, request, standing,
};
use crate::store::{Doing, StoreError};
use crate::subscribers::request::{Confirmation, DueLetter, NewRequest, QUIET, Request, Standing};
use crate::subscribers::subscription::Chosen;

#[async_trait]
impl Requests for PostgresStore {
    async fn receive(&self, request: &NewRequest, now: DateTime<Utc>) -> Result<i64, StoreError> {
        let mut transaction = self.begin(Holding::Nothing).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO requests (key, pseudonym, address, name, language, time_zone, choices, source, wording, ip,
                                   received, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'received') RETURNING id",
        )
        .bind(request.address.key())
        .bind(&request.pseudonym)
        .bind(request.address.as_str())
        .bind(request.name.as_str())
        .bind(request.language.as_ref().map(Language::as_str))
        .bind(request.time_zone.map(chrono_tz::Tz::name))
        .bind(json(&pairs(&request.choices))?)
        .bind(&request.source)
        .bind(&request.wording)
        .bind(&request.ip)
        .bind(now.timestamp())
        .fetch_one(&mut *transaction)
        .await
        .doing("write down a request")?;
        transaction.commit().await.doing("write down a request")?;
        Ok(id)
    }

    async fn received(&self, most: u32) -> Result<Vec<(Request, Standing)>, StoreError> {
        let rows: Vec<StandingRow> = sqlx::query_as(
            "SELECT r.*, s.state,
                    (SELECT cause FROM suppressions x WHERE x.key IN (r.key, r.pseudonym)
                     ORDER BY cause = 'erased' LIMIT 1) AS suppressed,
                    (SELECT max(coalesce(o.mailed, o.received)) FROM requests o
                     WHERE o.key = r.key AND o.state IN ('waiting', 'mailed', 'confirmed')) AS letter,
                    NOT EXISTS (SELECT 1 FROM json_array_elements(r.choices::json) AS v(value) WHERE NOT EXISTS (
                        SELECT 1 FROM subscriptions c WHERE c.subscriber = s.id
                        AND c.digest = v.value ->> 0 AND c.category IN (v.value ->> 1, '*'))) AS has_all
             FROM (SELECT id, key, pseudonym, address, name, language, time_zone, choices, source, wording, ip, received
                   FROM requests WHERE state = 'received' ORDER BY id LIMIT $1) AS r
             LEFT JOIN subscribers s ON s.key = r.key ORDER BY r.id",
        )
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        rows.into_iter().map(standing).collect()
    }

    async fn decide(&self, decided: &[Decided], now: DateTime<Utc>) -> Result<(), StoreError> {
        let verb = "decide on requests";
        let dropped: Vec<i64> =
            decided.iter().filter(|one| one.letter.is_none()).map(|one| one.request).collect();
        let mut transaction = self.begin(Holding::People).await?;
        sqlx::query("DELETE FROM requests WHERE id = ANY($1) AND state = 'received'")
            .bind(&dropped)
            .execute(&mut *transaction)
            .await
            .doing(verb)?;
        for (request, letter) in decided.iter().filter_map(|one| Some((one.request, one.letter?))) {
            sqlx::query(
                "UPDATE requests SET state = 'waiting', letter = $1, next_attempt = $2 WHERE id = $3 AND state = 'received'",
            )
            .bind(letter.as_str())
            .bind(now.timestamp())
            .bind(request)
            .execute(&mut *transaction)
            .await
            .doing(verb)?;
            sqlx::query(
                "INSERT INTO subscribers (key, address, name, language, time_zone, state, added, changed)
                 SELECT key, address, name, language, time_zone, 'pending', $1, $1 FROM requests WHERE id = $2
                 ON CONFLICT DO NOTHING",
            )
            .bind(now.timestamp())
            .bind(request)
            .execute(&mut *transaction)
            .await
            .doing(verb)?;
        }
        transaction.commit().await.doing(verb)
    }

    async fn due_letters(&self, now: DateTime<Utc>, most: u32) -> Result<Vec<DueLetter>, StoreError> {
        let rows: Vec<LetterRow> = sqlx::query_as(
            "SELECT r.id, r.pseudonym, r.address, r.name, r.language, r.time_zone, r.choices, r.source, r.wording, r.ip,
                    r.received, r.letter, r.attempts, s.id AS subscriber
             FROM requests r LEFT JOIN subscribers s ON s.key = r.key
             WHERE r.state = 'waiting' AND r.next_attempt <= $1 ORDER BY r.next_attempt, r.id LIMIT $2",
        )
        .bind(now.timestamp())
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        rows.into_iter().map(due_letter).collect()
    }

    async fn begin_letter(&self, request: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let verb = "begin a letter";
        let mut transaction = self.begin(Holding::Deliveries).await?;
        // It would come up again and again, and go out in the end: at the wrong time, if the address is free again.
        sqlx::query(
            "UPDATE requests SET state = 'given-up', next_attempt = NULL,
                    reason = 'its address must not be mailed, or had another letter that day'
             WHERE id = $1 AND state = 'waiting'
               AND (EXISTS (SELECT 1 FROM suppressions x WHERE x.key = requests.key)
                    OR EXISTS (SELECT 1 FROM requests o WHERE o.key = requests.key AND o.id <> requests.id
                               AND o.mailed > $2))",
        )
        .bind(request)
        .bind((now - QUIET).timestamp())
        .execute(&mut *transaction)
        .await
        .doing(verb)?;
        let done = sqlx::query(
            "UPDATE requests SET state = 'mailed', mailed = $1, attempts = attempts + 1 WHERE id = $2 AND state = 'waiting'",
        )
        .bind(now.timestamp())
        .bind(request)
        .execute(&mut *transaction)
        .await
        .doing(verb)?;
        transaction.commit().await.doing(verb)?;
        Ok(done.rows_affected() > 0)
    }

    async fn end_letter(&self, request: i64, end: &LetterEnd) -> Result<(), StoreError> {
        let (state, reason, next) = match end {
            LetterEnd::Mailed => return Ok(()),
            LetterEnd::Later { reason, next } => ("waiting", reason, Some(next.timestamp())),
            LetterEnd::GivenUp { reason } => ("given-up", reason, None),
        };
        let mut transaction = self.begin(Holding::Nothing).await?;
        sqlx::query(
            "UPDATE requests SET state = $1, reason = $2, next_attempt = $3, mailed = NULL WHERE id = $4 AND state = 'mailed'",
        )
        .bind(state)
        .bind(reason)
        .bind(next)
        .bind(request)
        .execute(&mut *transaction)
        .await
        .doing("end a letter")?;
        transaction.commit().await.doing("end a letter")
    }

    async fn request(&self, id: i64) -> Result<Option<Request>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, pseudonym, address, name, language, time_zone, choices, source, wording, ip, received
             FROM requests WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await
        .doing("be read")?;
        row.map(request).transpose()
    }

    async fn confirm(&self, id: i64, source: &str, now: DateTime<Utc>) -> Result<Confirmation, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let confirmation = confirm(&mut transaction, id, source, now).await?;
        transaction.commit().await.doing("confirm a request")?;
        Ok(confirmation)
    }
}

async fn confirm(
    transaction: &mut Transaction<'static, Postgres>,
    id: i64,
    source: &str,
    now: DateTime<Utc>,
) -> Result<Confirmation, StoreError> {
    let verb = "confirm a request";
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, pseudonym, address, name, language, time_zone, choices, source, wording, ip, received
         FROM requests WHERE id = $1 AND state <> 'confirmed'",
    )
    .bind(id)
    .fetch_optional(&mut **transaction)
    .await
    .doing(verb)?;
    let Some(row) = row else {
        let before: Option<Option<i64>> = sqlx::query_scalar(
            "SELECT s.id FROM requests r LEFT JOIN subscribers s ON s.key = r.key WHERE r.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut **transaction)
        .await
        .doing(verb)?;
        return Ok(before.map_or(Confirmation::Gone, |subscriber| Confirmation::Before { subscriber }));
    };
    let request = request(row)?;
    let (asked, key) = (&request.asked, request.asked.address.key());
    sqlx::query("DELETE FROM suppressions WHERE key = $1 AND cause = 'erased'")
        .bind(&asked.pseudonym)
        .execute(&mut **transaction)
        .await
        .doing(verb)?;
    let suppressed: Option<i64> =
        sqlx::query_scalar("SELECT 1::bigint FROM suppressions WHERE key IN ($1, $2)")
            .bind(&key)
            .bind(&asked.pseudonym)
            .fetch_optional(&mut **transaction)
            .await
            .doing(verb)?;
    if suppressed.is_some() {
        return Ok(Confirmation::Gone);
    }
    preferring::come_back(transaction, &asked.address, source, now).await?;
    // What they say of themselves now goes before what was known; what they do not say stays.
    let subscriber: i64 = sqlx::query_scalar(
        "INSERT INTO subscribers (key, address, name, language, time_zone, state, added, changed)
         VALUES ($1, $2, $3, $4, $5, 'active', $6, $6)
         ON CONFLICT (key) DO UPDATE SET
             state = 'active', changed = CASE WHEN subscribers.state = 'active' THEN subscribers.changed ELSE $6 END,
             name = CASE WHEN excluded.name = '' THEN subscribers.name ELSE excluded.name END,
             language = coalesce(excluded.language, subscribers.language),
             time_zone = coalesce(excluded.time_zone, subscribers.time_zone)
         RETURNING id",
    )
    .bind(&key)
    .bind(asked.address.as_str())
    .bind(asked.name.as_str())
    .bind(asked.language.as_ref().map(Language::as_str))
    .bind(asked.time_zone.map(chrono_tz::Tz::name))
    .bind(now.timestamp())
    .fetch_one(&mut **transaction)
    .await
    .doing(verb)?;
    let choices: Vec<(String, Chosen)> =
        asked.choices.iter().map(|chosen| (key.clone(), chosen.clone())).collect();
    choose(transaction, &choices).await?;
    sqlx::query("UPDATE requests SET state = 'confirmed' WHERE id = $1")
        .bind(id)
        .execute(&mut **transaction)
        .await
        .doing(verb)?;
    record(transaction, &proof(&request, source, now)).await?;
    Ok(Confirmation::Done { subscriber, request: Box::new(request) })
}
