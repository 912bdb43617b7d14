//! Subscribing and leaving, in `SQLite`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use crate::delivery::state::State as DeliveryState;
use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::store::sqlite::{SqliteStore, json, moment, read};
use crate::store::subscribers::{Chapter, Filter, Subscribers};
use crate::store::{Doing, StoreError};
use crate::subscribers::subscriber::{Added, NewSubscriber, State, Subscriber};
use crate::subscribers::subscription::{Choice, Progress, Subscription};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    address: String,
    name: String,
    language: Option<String>,
    state: String,
    added: i64,
    changed: i64,
    suppressed: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    subscriber: i64,
    digest: String,
    category: String,
    joined: Option<i64>,
    base: Option<i64>,
    served: Option<i64>,
}

const ONE: &str =
    "SELECT s.id, s.address, s.name, s.language, s.state, s.added, s.changed, x.reason AS suppressed
     FROM subscribers s LEFT JOIN suppressions x ON x.key = s.key WHERE s.key = ?";

const PAGE: &str =
    "SELECT s.id, s.address, s.name, s.language, s.state, s.added, s.changed, x.reason AS suppressed
     FROM subscribers s LEFT JOIN suppressions x ON x.key = s.key
     WHERE s.key > ?1 AND (?2 IS NULL OR s.state = ?2) AND (?5 = 0 OR x.key IS NOT NULL)
       AND (?3 IS NULL OR EXISTS (SELECT 1 FROM subscriptions c WHERE c.subscriber = s.id AND c.digest = ?3))
     ORDER BY s.key LIMIT ?4";

#[async_trait]
impl Subscribers for SqliteStore {
    async fn add_subscribers(
        &self,
        people: &[NewSubscriber],
        now: DateTime<Utc>,
    ) -> Result<Vec<Added>, StoreError> {
        let mut transaction = self.begin().await?;
        let mut added = Vec::with_capacity(people.len());
        for person in people {
            added.push(add(&mut transaction, person, now).await?);
        }
        transaction.commit().await.doing("add subscribers")?;
        Ok(added)
    }

    async fn list_subscribers(
        &self,
        filter: &Filter,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<Subscriber>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(PAGE)
            .bind(after.unwrap_or(""))
            .bind(filter.state.map(State::as_str))
            .bind(filter.digest.as_deref())
            .bind(most)
            .bind(filter.suppressed)
            .fetch_all(&self.pool)
            .await
            .doing("be read")?;
        self.with_subscriptions(rows).await
    }

    async fn subscriber(&self, address: &Address) -> Result<Option<Subscriber>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as(ONE).bind(address.key()).fetch_all(&self.pool).await.doing("be read")?;
        Ok(self.with_subscriptions(rows).await?.pop())
    }

    async fn subscriber_address(&self, id: i64) -> Result<Option<Address>, StoreError> {
        let found: Option<String> = sqlx::query_scalar("SELECT address FROM subscribers WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
            .doing("be read")?;
        found.map(|text| read("an address", &text, |text| text.parse().ok())).transpose()
    }

    async fn story(&self, subscriber: i64) -> Result<Vec<Chapter>, StoreError> {
        let rows: Vec<(String, i64, i64, String, Option<String>, u32)> = sqlx::query_as(
            "SELECT i.digest, i.id, i.opened, d.state, d.reason, d.attempts
             FROM deliveries d JOIN issues i ON i.id = d.issue WHERE d.subscriber = ? ORDER BY i.id DESC",
        )
        .bind(subscriber)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        rows.into_iter()
            .map(|(digest, issue, opened, state, reason, attempts)| {
                let state = read("a delivery's state", &state, DeliveryState::from_word)?;
                Ok(Chapter { digest, issue, opened: moment(opened)?, state, reason, attempts })
            })
            .collect()
    }

    async fn unsubscribe(&self, addresses: &[Address], now: DateTime<Utc>) -> Result<u64, StoreError> {
        let keys: Vec<String> = addresses.iter().map(Address::key).collect();
        let mut transaction = self.begin().await?;
        let done = sqlx::query(
            "UPDATE subscribers SET state = 'unsubscribed', changed = ?
             WHERE state <> 'unsubscribed' AND key IN (SELECT value FROM json_each(?))",
        )
        .bind(now.timestamp())
        .bind(json(&keys)?)
        .execute(&mut *transaction)
        .await
        .doing("unsubscribe anybody")?;
        transaction.commit().await.doing("unsubscribe anybody")?;
        Ok(done.rows_affected())
    }

    async fn come_back(&self, address: &Address, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let verb = "let anybody come back";
        let mut transaction = self.begin().await?;
        let back: Option<i64> = sqlx::query_scalar(
            "UPDATE subscribers SET state = 'active', changed = ? WHERE key = ? AND state = 'unsubscribed'
             RETURNING id",
        )
        .bind(now.timestamp())
        .bind(address.key())
        .fetch_optional(&mut *transaction)
        .await
        .doing(verb)?;
        sqlx::query("DELETE FROM subscriptions WHERE subscriber = ?")
            .bind(back)
            .execute(&mut *transaction)
            .await
            .doing(verb)?;
        transaction.commit().await.doing(verb)?;
        Ok(back.is_some())
    }

    async fn recorded_list(&self) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'subscribers_list'")
            .fetch_optional(&self.pool)
            .await
            .doing("be read")
    }

    async fn record_list(&self, hash: &str) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ('subscribers_list', ?)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(hash)
        .execute(&mut *transaction)
        .await
        .doing("record a list")?;
        transaction.commit().await.doing("record a list")
    }

    async fn suppress(&self, address: &Address, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("INSERT INTO suppressions (key, address, reason, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(address.key())
            .bind(address.as_str())
            .bind(reason)
            .bind(now.timestamp())
            .execute(&mut *transaction)
            .await
            .doing("suppress an address")?;
        transaction.commit().await.doing("suppress an address")
    }

    async fn suppression(&self, address: &Address) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("SELECT reason FROM suppressions WHERE key = ?")
            .bind(address.key())
            .fetch_optional(&self.pool)
            .await
            .doing("be read")
    }

    async fn unsuppress(&self, address: &Address) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query("DELETE FROM suppressions WHERE key = ?")
            .bind(address.key())
            .execute(&mut *transaction)
            .await
            .doing("unsuppress an address")?;
        transaction.commit().await.doing("unsuppress an address")?;
        Ok(done.rows_affected() > 0)
    }
}

impl SqliteStore {
    async fn with_subscriptions(&self, rows: Vec<Row>) -> Result<Vec<Subscriber>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let chosen: Vec<ChoiceRow> = sqlx::query_as(
            "SELECT subscriber, digest, category, joined, base, served FROM subscriptions
             WHERE subscriber IN (SELECT value FROM json_each(?)) ORDER BY subscriber, digest, category",
        )
        .bind(json(&ids)?)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let mut subscribers = Vec::with_capacity(rows.len());
        for row in rows {
            let mut subscriptions = Vec::new();
            // People come by address, what they chose by their number: each is looked up.
            let first = chosen.partition_point(|own| own.subscriber < row.id);
            for own in chosen[first..].iter().take_while(|own| own.subscriber == row.id) {
                subscriptions.push(Subscription {
                    digest: own.digest.clone(),
                    choice: read("a category", &own.category, Choice::parse)?,
                    progress: Progress::new(own.joined, own.base, own.served),
                });
            }
            subscribers.push(Subscriber {
                id: row.id,
                address: read("an address", &row.address, |text| text.parse().ok())?,
                name: DisplayName::new(&row.name),
                language: row
                    .language
                    .map(|tag| read("a language", &tag, |tag| tag.parse().ok()))
                    .transpose()?,
                state: read("a subscriber's state", &row.state, State::from_word)?,
                added: moment(row.added)?,
                changed: moment(row.changed)?,
                suppressed: row.suppressed,
                subscriptions,
            });
        }
        Ok(subscribers)
    }
}

async fn add(
    transaction: &mut Transaction<'static, Sqlite>,
    person: &NewSubscriber,
    now: DateTime<Utc>,
) -> Result<Added, StoreError> {
    let verb = "add subscribers";
    let key = person.address.key();
    let suppressed: Option<i64> = sqlx::query_scalar("SELECT 1 FROM suppressions WHERE key = ?")
        .bind(&key)
        .fetch_optional(&mut **transaction)
        .await
        .doing(verb)?;
    if suppressed.is_some() {
        return Ok(Added::Suppressed);
    }
    let known: Option<Row> =
        sqlx::query_as(ONE).bind(&key).fetch_optional(&mut **transaction).await.doing(verb)?;
    if known.as_ref().is_some_and(|row| row.state == State::Unsubscribed.as_str()) {
        return Ok(Added::Left);
    }
    let mut result = if known.is_some() { Added::Same } else { Added::New };
    let id = match known {
        Some(row) => {
            if !person.name.is_empty() && person.name.as_str() != row.name {
                sqlx::query("UPDATE subscribers SET name = ? WHERE id = ?")
                    .bind(person.name.as_str())
                    .bind(row.id)
                    .execute(&mut **transaction)
                    .await
                    .doing(verb)?;
                result = Added::Changed;
            }
            let language = person.language.as_ref().map(Language::as_str);
            if language.is_some() && language != row.language.as_deref() {
                sqlx::query("UPDATE subscribers SET language = ? WHERE id = ?")
                    .bind(language)
                    .bind(row.id)
                    .execute(&mut **transaction)
                    .await
                    .doing(verb)?;
                result = Added::Changed;
            }
            row.id
        }
        None => sqlx::query(
            "INSERT INTO subscribers (key, address, name, language, state, added, changed)
             VALUES (?, ?, ?, ?, 'active', ?, ?)",
        )
        .bind(&key)
        .bind(person.address.as_str())
        .bind(person.name.as_str())
        .bind(person.language.as_ref().map(Language::as_str))
        .bind(now.timestamp())
        .bind(now.timestamp())
        .execute(&mut **transaction)
        .await
        .doing(verb)?
        .last_insert_rowid(),
    };
    let categories: Vec<String> = person.choices.iter().map(ToString::to_string).collect();
    let chosen = sqlx::query(
        "INSERT INTO subscriptions (digest, subscriber, category, joined)
         SELECT ?, ?, value, (SELECT coalesce((SELECT max(number) FROM publications), 0) FROM meta
                              WHERE key = 'ledger_begun')
         FROM json_each(?) WHERE true
         ON CONFLICT DO NOTHING",
    )
    .bind(&person.digest)
    .bind(id)
    .bind(json(&categories)?)
    .execute(&mut **transaction)
    .await
    .doing(verb)?;
    if chosen.rows_affected() > 0 && result == Added::Same {
        result = Added::Changed;
    }
    Ok(result)
}
