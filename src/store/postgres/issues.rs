//! Opening issues, in `PostgreSQL`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::digest::issue::NewIssue;
use crate::digest::wish::WishList;
use crate::mail::address::Address;
use crate::schedule::reader_clock::ReaderClock;
use crate::store::issues::{AtHand, AudienceGroup, Excluded, Frozen, Issues, Opened};
use crate::store::postgres::open_issue::{
    begin, handle, plan, record_absences, supersede, write_cohorts, write_editions,
};
use crate::store::postgres::wishes::wishes;
use crate::store::postgres::{Holding, PostgresStore, json};
use crate::store::shared::editions::{EditionRow, passed, thaw};
use crate::store::shared::values::{count, moment, read};
use crate::store::shared::wishes::{groups, parse_wishes};
use crate::store::{Doing, StoreError};

#[async_trait]
impl Issues for PostgresStore {
    async fn handled_until(&self, digest: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
        let mut transaction = self.begin(Holding::Issues).await?;
        sqlx::query("INSERT INTO digests (name, handled) VALUES ($1, $2) ON CONFLICT DO NOTHING")
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
        let handled: Option<i64> = sqlx::query_scalar("SELECT handled FROM digests WHERE name = $1")
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
        let mut transaction = self.begin(Holding::Issues).await?;
        for (slot, reason) in slots {
            sqlx::query(
                "INSERT INTO issues (digest, slot, opened, upto, letterhead, state, reason)
                 VALUES ($1, $2, $3, 0, '', $4, $5) ON CONFLICT DO NOTHING",
            )
            .bind(digest)
            .bind(slot.timestamp())
            .bind(now.timestamp())
            .bind(passed(reason))
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
        cohorts: Vec<(WishList, i64)>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(Holding::Issues).await?;
        let cohorts = cohorts.iter().map(|(wishes, base)| (wishes, *base));
        begin(&mut transaction, digest, cohorts).await?;
        transaction.commit().await.doing("begin subscriptions")
    }

    async fn absences(&self, digest: &str) -> Result<Vec<(i64, Option<i64>)>, StoreError> {
        sqlx::query_as("SELECT number, news FROM absences WHERE digest = $1 ORDER BY number")
            .bind(digest)
            .fetch_all(&self.pool)
            .await
            .doing("be read")
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

    async fn reader_clocks(&self, digest: &str) -> Result<Vec<ReaderClock>, StoreError> {
        let rows: Vec<(Option<String>, Option<i64>)> = sqlx::query_as(
            "SELECT DISTINCT s.time_zone, s.minute FROM subscribers s
             WHERE s.state = 'active'
               AND EXISTS (SELECT 1 FROM subscriptions c WHERE c.subscriber = s.id AND c.digest = $1) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST",
        )
        .bind(digest)
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        let clock = |(zone, minute): (Option<String>, Option<i64>)| {
            let zone = zone.map(|name| read("a time zone", &name, |name| name.parse().ok())).transpose()?;
            Ok(ReaderClock { zone, minute: minute.and_then(|minute| u16::try_from(minute).ok()) })
        };
        rows.into_iter().map(clock).collect()
    }

    async fn members(&self, digest: &str, most: u32) -> Result<Vec<(WishList, Vec<Address>)>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(wishes!(
            "SELECT signature, address FROM (
                 SELECT w.signature, s.address,
                        row_number() OVER (PARTITION BY w.signature ORDER BY s.key) AS place
                 FROM wishes w JOIN subscribers s ON s.id = w.subscriber) AS placed
             WHERE place <= $2 ORDER BY signature, place"
        ))
        .bind(digest)
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await
        .doing("be read")?;
        groups(&rows)
    }

    async fn excluded(&self, digest: &str) -> Result<Vec<Excluded>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT s.address, CASE
                 WHEN x.reason IS NOT NULL THEN 'suppressed: ' || x.reason
                 WHEN s.state = 'pending' THEN 'has not confirmed yet'
                 ELSE 'unsubscribed' END
             FROM subscribers s LEFT JOIN suppressions x ON x.key = s.key
             WHERE (s.state <> 'active' OR x.reason IS NOT NULL)
               AND EXISTS (SELECT 1 FROM subscriptions c WHERE c.subscriber = s.id AND c.digest = $1)
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
        let mut transaction = self.begin(Holding::Issues).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO issues (digest, slot, opened, upto, letterhead, state) VALUES ($1, $2, $3, $4, $5, $6)
             RETURNING id",
        )
        .bind(&issue.digest)
        .bind(issue.slot.timestamp())
        .bind(issue.opened.timestamp())
        .bind(issue.upto)
        .bind(json(&issue.letterhead)?)
        .bind(if issue.held_back { "held" } else { "open" })
        .fetch_one(&mut *transaction)
        .await
        .doing("open an issue")?;
        record_absences(&mut transaction, issue).await?;
        write_editions(&mut transaction, id, &issue.editions).await?;
        write_cohorts(&mut transaction, id, issue).await?;
        plan(&mut transaction, id, issue).await?;
        let superseded = supersede(&mut transaction, id, issue).await?;
        let cohorts = issue.cohorts.iter().map(|cohort| (&cohort.wishes, cohort.base));
        begin(&mut transaction, &issue.digest, cohorts).await?;
        handle(&mut transaction, &issue.digest, issue.slot).await?;
        let (planned, spared): (i64, i64) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE state = 'planned'), count(*) FILTER (WHERE state = 'cancelled')
             FROM deliveries WHERE issue = $1",
        )
        .bind(id)
        .fetch_one(&mut *transaction)
        .await
        .doing("open an issue")?;
        transaction.commit().await.doing("open an issue")?;
        Ok(Opened { issue: id, planned: count(planned), spared: count(spared), superseded })
    }

    async fn frozen(&self, issue: i64, edition: &str) -> Result<Frozen, StoreError> {
        let row: EditionRow = sqlx::query_as(
            "SELECT i.letterhead, e.key, e.language, e.nameless, e.subject, e.text, e.html, e.web, e.message, e.hash,
                    e.contents
             FROM issues i JOIN editions e ON e.issue = i.id WHERE i.id = $1 AND e.key = $2",
        )
        .bind(issue)
        .bind(edition)
        .fetch_one(&self.pool)
        .await
        .doing("find an edition")?;
        thaw(row)
    }

    async fn edition_at_hand(&self, digest: &str, address: &Address) -> Result<Option<AtHand>, StoreError> {
        let row: Option<(i64, i64, String)> = sqlx::query_as(
            "SELECT i.id, i.opened, c.edition
             FROM issues i JOIN cohorts c ON c.issue = i.id
             JOIN deliveries d ON d.cohort = c.id JOIN subscribers s ON s.id = d.subscriber
             WHERE i.digest = $1 AND i.state IN ('open', 'held') AND c.edition IS NOT NULL
             GROUP BY i.id, c.edition
             ORDER BY i.id DESC, bool_or(s.key = $2) DESC, count(*) DESC, c.edition LIMIT 1",
        )
        .bind(digest)
        .bind(address.key())
        .fetch_optional(&self.pool)
        .await
        .doing("find an edition")?;
        let Some((issue, opened, edition)) = row else { return Ok(None) };
        let frozen = self.frozen(issue, &edition).await?;
        Ok(Some(AtHand { issue, opened: moment(opened)?, frozen }))
    }
}
