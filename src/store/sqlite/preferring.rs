//! Changing what is chosen, leaving and coming back, in `SQLite`: steps of a transaction.

use chrono::{DateTime, Utc};
use serde_json::json as object;
use sqlx::{Sqlite, Transaction};

use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::store::shared::values::{activity, json, read};
use crate::store::sqlite::adding::{choose, record};
use crate::store::subscribers::Departure;
use crate::store::{Doing, StoreError};
use crate::subscribers::activity::Kind;
use crate::subscribers::preferences::Preferences;
use crate::subscribers::subscription::Chosen;

const VERB: &str = "write down preferences";

/// Takes away choices, and the state with the last of them.
pub(super) async fn leave(
    transaction: &mut Transaction<'static, Sqlite>,
    subscriber: i64,
    digest: Option<&str>,
    source: &str,
    now: DateTime<Utc>,
) -> Result<Departure, StoreError> {
    let verb = "unsubscribe anybody";
    let here: Option<(String, String)> =
        sqlx::query_as("SELECT address, state FROM subscribers WHERE id = ?")
            .bind(subscriber)
            .fetch_optional(&mut **transaction)
            .await
            .doing(verb)?;
    let Some((address, state)) = here else { return Ok(Departure::Before) };
    let address: Address = read("an address", &address, |text| text.parse().ok())?;
    // What was chosen stays beside whoever left everything, as a record; whoever leaves a digest has it no more.
    let (gone, others): (i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE digest = ?2), count(*) FILTER (WHERE digest <> ?2)
         FROM subscriptions WHERE subscriber = ?1",
    )
    .bind(subscriber)
    .bind(digest)
    .fetch_one(&mut **transaction)
    .await
    .doing(verb)?;
    if state == "unsubscribed" || (digest.is_some() && gone == 0 && others > 0) {
        return Ok(Departure::Before);
    }
    let departure = match digest {
        Some(digest) if others > 0 => {
            sqlx::query("DELETE FROM subscriptions WHERE subscriber = ? AND digest = ?")
                .bind(subscriber)
                .bind(digest)
                .execute(&mut **transaction)
                .await
                .doing(verb)?;
            Departure::Digest
        }
        _ => {
            sqlx::query("UPDATE subscribers SET state = 'unsubscribed', changed = ? WHERE id = ?")
                .bind(now.timestamp())
                .bind(subscriber)
                .execute(&mut **transaction)
                .await
                .doing(verb)?;
            Departure::Everything
        }
    };
    let what = if departure == Departure::Digest { digest.unwrap_or_default() } else { "everything" };
    record(transaction, &[activity(&address, Kind::Left, source, what, now)]).await?;
    Ok(departure)
}

/// Writes down all that somebody wants.
pub(super) async fn prefer(
    transaction: &mut Transaction<'static, Sqlite>,
    subscriber: i64,
    wanted: &Preferences,
    source: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let here: Option<(String, String, String)> = sqlx::query_as(
        "SELECT s.address, s.key, s.state FROM subscribers s WHERE s.id = ? AND s.state <> 'pending'
         AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.key = s.key)",
    )
    .bind(subscriber)
    .fetch_optional(&mut **transaction)
    .await
    .doing(VERB)?;
    let Some((address, key, state)) = here else { return Ok(false) };
    if wanted.choices.is_empty() {
        leave(transaction, subscriber, None, source, now).await?;
        return Ok(true);
    }
    let address: Address = read("an address", &address, |text| text.parse().ok())?;
    sqlx::query(
        "UPDATE subscribers SET name = ?2, language = ?3, time_zone = ?4, minute = ?5, state = 'active',
                changed = CASE WHEN state = 'active' THEN changed ELSE ?6 END
         WHERE id = ?1",
    )
    .bind(subscriber)
    .bind(wanted.name.as_str())
    .bind(wanted.language.as_ref().map(Language::as_str))
    .bind(wanted.time_zone.map(chrono_tz::Tz::name))
    .bind(wanted.minute)
    .bind(now.timestamp())
    .execute(&mut **transaction)
    .await
    .doing(VERB)?;
    let is_back = state == "unsubscribed";
    keep(transaction, subscriber, if is_back { &[] } else { &wanted.choices }).await?;
    let choices: Vec<_> = wanted.choices.iter().map(|chosen| (key.clone(), chosen.clone())).collect();
    choose(transaction, &choices).await?;
    let kind = if is_back { Kind::CameBack } else { Kind::Chose };
    let detail = wanted.choices.iter().map(|(digest, choice)| format!("{digest}:{choice}"));
    let detail = detail.collect::<Vec<_>>().join(" ");
    record(transaction, &[activity(&address, kind, source, &detail, now)]).await?;
    Ok(true)
}

/// Makes somebody who left active, without what they chose before.
pub(super) async fn come_back(
    transaction: &mut Transaction<'static, Sqlite>,
    address: &Address,
    source: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let back: Option<i64> = sqlx::query_scalar(
        "UPDATE subscribers SET state = 'active', changed = ? WHERE key = ? AND state = 'unsubscribed' RETURNING id",
    )
    .bind(now.timestamp())
    .bind(address.key())
    .fetch_optional(&mut **transaction)
    .await
    .doing("let anybody come back")?;
    let Some(subscriber) = back else { return Ok(false) };
    keep(transaction, subscriber, &[]).await?;
    record(transaction, &[activity(address, Kind::CameBack, source, "", now)]).await?;
    Ok(true)
}

/// Takes away what is not among these choices.
async fn keep(
    transaction: &mut Transaction<'static, Sqlite>,
    subscriber: i64,
    choices: &[Chosen],
) -> Result<(), StoreError> {
    let kept: Vec<_> = choices
        .iter()
        .map(|(digest, choice)| object!({ "digest": digest, "category": choice.to_string() }))
        .collect();
    sqlx::query(
        "DELETE FROM subscriptions WHERE subscriber = ? AND (digest, category) NOT IN (
             SELECT value ->> 'digest', value ->> 'category' FROM json_each(?))",
    )
    .bind(subscriber)
    .bind(json(&kept)?)
    .execute(&mut **transaction)
    .await
    .doing(VERB)?;
    Ok(())
}
