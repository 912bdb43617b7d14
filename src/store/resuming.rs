//! Going on with an old copy: what may have been sent since it was made is not sent again. One transaction, of statements
//! that are the same for both kinds of store.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::store::history;
use crate::store::whole::{TABLES, Tables, Value};
use crate::store::{Store, StoreError};

/// What is known of the time that the copy does not know of.
#[derive(Clone, Debug)]
pub struct Lost<'a> {
    /// Why the copy took the original's place, in the operator's words.
    pub why: &'a str,
    /// Digests of which issues may have been opened, with the moment up to which their slots count as dealt with.
    pub digests: Vec<(String, DateTime<Utc>)>,
    /// The numbers of articles that are held out now: no issue had them.
    pub held: &'a [i64],
    /// Up to which number each numbered table may have given them.
    pub counters: BTreeMap<String, i64>,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Resumed {
    /// Deliveries that waited in the copy and may have been made since: they are cancelled.
    pub cancelled: u64,
    /// Subscriptions that count as served with everything that is published.
    pub moved: u64,
}

/// Deliveries that are not settled.
macro_rules! unsettled {
    ($alias:literal) => {
        concat!($alias, "state IN ('planned', 'leased', 'attempting', 'deferred')")
    };
}

/// What of a subscription an unsettled delivery was composed for; the cohort's signature says which.
macro_rules! maybe_served {
    () => {
        concat!(
            " FROM deliveries d JOIN issues i ON i.id = d.issue JOIN cohorts c ON c.id = d.cohort
              WHERE d.subscriber = subscriptions.subscriber AND i.digest = subscriptions.digest AND ",
            unsettled!("d."),
            " AND replace('|' || c.wishes, '|' || subscriptions.category || '=', '') <> '|' || c.wishes"
        )
    };
}

/// Makes the copy the store in use.
///
/// # Errors
/// The store can't be written: nothing is changed.
pub async fn resume(store: &dyn Store, lost: &Lost<'_>, now: DateTime<Utc>) -> Result<Resumed, StoreError> {
    let mut tables = store.to_change().await?;
    let mut resumed = Resumed { cancelled: cancel(&mut *tables, lost, now).await?, moved: 0 };
    let newest = tables
        .ask(
            "SELECT coalesce(max(number), 0) FROM (SELECT number FROM publications UNION ALL
                 SELECT news FROM absences WHERE news IS NOT NULL) AS numbers",
            &[],
        )
        .await?;
    let newest = newest.first().copied().unwrap_or(0);
    for (digest, until) in &lost.digests {
        resumed.moved += move_on(&mut *tables, digest, *until, newest, lost.held).await?;
    }
    let counters = tables.counters().await?;
    for table in TABLES.iter().filter(|table| table.is_numbered) {
        let given = lost.counters.get(table.name).copied().unwrap_or(0);
        if given > counters.get(table.name).copied().unwrap_or(0) {
            tables.go_on_behind(table, given).await?;
        }
    }
    history::unmark_backup(&mut *tables).await?;
    // The original is another store from now on, should it come back.
    history::name(&mut *tables).await?;
    history::write(&mut *tables, &format!("resumed {}", now.to_rfc3339()), lost.why).await?;
    tables.keep().await?;
    Ok(resumed)
}

/// What waits in the copy may have been delivered: it is settled, and its readers count as served.
async fn cancel(tables: &mut dyn Tables, lost: &Lost<'_>, now: DateTime<Utc>) -> Result<u64, StoreError> {
    tables
        .change(
            concat!(
                "UPDATE subscriptions SET served = (SELECT max(i.upto)",
                maybe_served!(),
                ") WHERE EXISTS (SELECT 1",
                maybe_served!(),
                " AND i.upto > coalesce(subscriptions.served, -1))"
            ),
            &[],
        )
        .await?;
    let reason = format!("may have arrived: an older copy took the store's place ({})", lost.why);
    let cancelled = tables
        .change(
            concat!(
                "UPDATE deliveries SET state = 'cancelled', lease = NULL, next_attempt = NULL, maybe_delivered = 1,
                        changed = $1, reason = CASE WHEN address = '' THEN 'erased' ELSE $2 END
                 WHERE ",
                unsettled!("")
            ),
            &[now.timestamp().into(), reason.as_str().into()],
        )
        .await?;
    tables.change("UPDATE issues SET state = 'closed' WHERE state IN ('open', 'held')", &[]).await?;
    Ok(cancelled)
}

/// Issues of a digest may have been opened up to this moment, with everything that is published now.
async fn move_on(
    tables: &mut dyn Tables,
    digest: &str,
    until: DateTime<Utc>,
    newest: i64,
    held: &[i64],
) -> Result<u64, StoreError> {
    let name = Value::from(digest);
    tables
        .change(
            "INSERT INTO digests (name, handled) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE
             SET handled = CASE WHEN excluded.handled > digests.handled THEN excluded.handled ELSE digests.handled END",
            &[name.clone(), until.timestamp().into()],
        )
        .await?;
    let owed = tables
        .ask("SELECT number FROM absences WHERE digest = $1 AND news IS NULL", std::slice::from_ref(&name))
        .await?;
    for number in owed.into_iter().filter(|number| !held.contains(number)) {
        let values = [name.clone(), number.into(), newest.into()];
        tables.change("UPDATE absences SET news = $3 WHERE digest = $1 AND number = $2", &values).await?;
    }
    tables
        .change(
            "UPDATE subscriptions SET served = $2 WHERE digest = $1 AND coalesce(served, -1) < $2",
            &[name, newest.into()],
        )
        .await
}
