//! Subscribing and leaving, in `PostgreSQL`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::mail::address::Address;
use crate::store::postgres::adding::{self, record};
use crate::store::postgres::{Holding, PostgresStore, erasing, preferring};
use crate::store::shared::subscribers::{
    ActivityRow, ChapterRow, ChoiceRow, Row, are_new, chapter, happened, left, subscribers, suppression,
};
use crate::store::shared::values::activity;
use crate::store::subscribers::{Chapter, Departure, Filter, Subscribers};
use crate::store::{Doing, StoreError};
use crate::subscribers::activity::{Activity, Kind, NewActivity};
use crate::subscribers::adding::decide;
use crate::subscribers::preferences::Preferences;
use crate::subscribers::subscriber::{Added, NewSubscriber, State, Subscriber};
use crate::subscribers::suppression::Suppression;

/// What a subscriber is read from; a condition follows.
macro_rules! people {
    ($condition:literal) => {
        concat!(
            "SELECT s.id, s.address, s.name, s.language, s.time_zone, s.minute, s.state, s.added, s.changed, x.cause, x.reason
             FROM subscribers s LEFT JOIN suppressions x ON x.key = s.key WHERE ",
            $condition
        )
    };
}

const PAGE: &str = people!(
    "s.key > $1 AND ($2 IS NULL OR s.state = $2) AND (NOT $5 OR x.key IS NOT NULL)
     AND ($3 IS NULL OR EXISTS (SELECT 1 FROM subscriptions c WHERE c.subscriber = s.id AND c.digest = $3))
     ORDER BY s.key LIMIT $4"
);

#[async_trait]
impl Subscribers for PostgresStore {
    async fn add_subscribers(
        &self,
        people: &[NewSubscriber],
        now: DateTime<Utc>,
    ) -> Result<Vec<Added>, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let known = adding::known(&mut transaction, people).await?;
        let decided = decide(people, known, now);
        adding::write(&mut transaction, &decided, now).await?;
        transaction.commit().await.doing("add subscribers")?;
        Ok(decided.results)
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
            .bind(i64::from(most))
            .bind(filter.suppressed)
            .fetch_all(&self.pool)
            .await
            .doing("be read")?;
        self.with_subscriptions(rows).await
    }

    async fn subscriber(&self, address: &Address) -> Result<Option<Subscriber>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(people!("s.key = $1"))
            .bind(address.key())
            .fetch_all(&self.pool)
            .await
            .doing("be read")?;
        Ok(self.with_subscriptions(rows).await?.pop())
    }

    async fn subscriber_numbered(&self, id: i64) -> Result<Option<Subscriber>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as(people!("s.id = $1")).bind(id).fetch_all(&self.pool).await.doing("be read")?;
        Ok(self.with_subscriptions(rows).await?.pop())
    }

    async fn story(&self, subscriber: i64) -> Result<Vec<Chapter>, StoreError> {
        let rows: Vec<ChapterRow> = sqlx::query_as(
            "SELECT i.digest, i.id, i.opened, d.state, d.reason, d.attempts
             FROM deliveries d JOIN issues i ON i.id = d.issue WHERE d.subscriber = $1 ORDER BY i.id DESC",
        )
        .bind(subscriber)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        rows.into_iter().map(chapter).collect()
    }

    async fn activities(&self, address: &Address) -> Result<Vec<Activity>, StoreError> {
        let rows: Vec<ActivityRow> =
            sqlx::query_as("SELECT at, kind, source, detail FROM activities WHERE key = $1 ORDER BY at, id")
                .bind(address.key())
                .fetch_all(&self.pool)
                .await
                .doing("be read")?;
        rows.into_iter().map(happened).collect()
    }

    async fn record_activities(&self, activities: &[NewActivity]) -> Result<Vec<bool>, StoreError> {
        let mut transaction = self.begin(Holding::Nothing).await?;
        let marks = record(&mut transaction, activities).await?;
        transaction.commit().await.doing("record what happened")?;
        Ok(are_new(activities, &marks))
    }

    async fn unsubscribe(
        &self,
        addresses: &[Address],
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let keys: Vec<String> = addresses.iter().map(Address::key).collect();
        let mut transaction = self.begin(Holding::People).await?;
        let gone: Vec<String> = sqlx::query_scalar(
            "UPDATE subscribers SET state = 'unsubscribed', changed = $1
             WHERE state <> 'unsubscribed' AND key = ANY($2) RETURNING key",
        )
        .bind(now.timestamp())
        .bind(&keys)
        .fetch_all(&mut *transaction)
        .await
        .doing("unsubscribe anybody")?;
        record(&mut transaction, &left(addresses, &gone, source, now)).await?;
        transaction.commit().await.doing("unsubscribe anybody")?;
        Ok(gone.len() as u64)
    }

    async fn leave(
        &self,
        subscriber: i64,
        digest: Option<&str>,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<Departure, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let departure = preferring::leave(&mut transaction, subscriber, digest, source, now).await?;
        transaction.commit().await.doing("unsubscribe anybody")?;
        Ok(departure)
    }

    async fn prefer(
        &self,
        subscriber: i64,
        wanted: &Preferences,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let done = preferring::prefer(&mut transaction, subscriber, wanted, source, now).await?;
        transaction.commit().await.doing("write down preferences")?;
        Ok(done)
    }

    async fn come_back(
        &self,
        address: &Address,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let is_back = preferring::come_back(&mut transaction, address, source, now).await?;
        transaction.commit().await.doing("let anybody come back")?;
        Ok(is_back)
    }

    async fn recorded_list(&self) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'subscribers_list'")
            .fetch_optional(&self.pool)
            .await
            .doing("be read")
    }

    async fn record_list(&self, hash: &str) -> Result<(), StoreError> {
        let mut transaction = self.begin(Holding::Nothing).await?;
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ('subscribers_list', $1)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(hash)
        .execute(&mut *transaction)
        .await
        .doing("record a list")?;
        transaction.commit().await.doing("record a list")
    }

    async fn suppress(
        &self,
        address: &Address,
        suppression: &Suppression,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let done = sqlx::query(
            "INSERT INTO suppressions (key, address, cause, reason, since) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(address.key())
        .bind(address.as_str())
        .bind(suppression.cause.as_str())
        .bind(&suppression.reason)
        .bind(now.timestamp())
        .execute(&mut *transaction)
        .await
        .doing("suppress an address")?;
        let is_new = done.rows_affected() > 0;
        if is_new {
            let suppressed = activity(address, Kind::Suppressed, source, &suppression.reason, now);
            record(&mut transaction, &[suppressed]).await?;
        }
        transaction.commit().await.doing("suppress an address")?;
        Ok(is_new)
    }

    async fn suppression(
        &self,
        address: &Address,
        pseudonym: &str,
    ) -> Result<Option<Suppression>, StoreError> {
        let row: Option<(String, String)> = sqlx::query_as(
            "SELECT cause, reason FROM suppressions WHERE key IN ($1, $2) ORDER BY cause = 'erased'",
        )
        .bind(address.key())
        .bind(pseudonym)
        .fetch_optional(&self.pool)
        .await
        .doing("be read")?;
        row.map(|(cause, reason)| suppression(&cause, reason)).transpose()
    }

    async fn unsuppress(
        &self,
        address: &Address,
        pseudonym: &str,
        why: &str,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let done = sqlx::query("DELETE FROM suppressions WHERE key IN ($1, $2)")
            .bind(address.key())
            .bind(pseudonym)
            .execute(&mut *transaction)
            .await
            .doing("unsuppress an address")?;
        let was = done.rows_affected() > 0;
        if was {
            let free = activity(address, Kind::Unsuppressed, source, why, now);
            record(&mut transaction, &[free]).await?;
        }
        transaction.commit().await.doing("unsuppress an address")?;
        Ok(was)
    }

    async fn erase(
        &self,
        address: &Address,
        pseudonym: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(Holding::People).await?;
        let was_known = erasing::erase(&mut transaction, address, pseudonym, now).await?;
        transaction.commit().await.doing("erase anybody")?;
        Ok(was_known)
    }
}

impl PostgresStore {
    async fn with_subscriptions(&self, rows: Vec<Row>) -> Result<Vec<Subscriber>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let chosen: Vec<ChoiceRow> = sqlx::query_as(
            "SELECT subscriber, digest, category, joined, base, served FROM subscriptions
             WHERE subscriber = ANY($1) ORDER BY subscriber, digest, category",
        )
        .bind(&ids)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        subscribers(rows, &chosen)
    }
}
