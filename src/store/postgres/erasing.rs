//! Forgetting somebody, in `PostgreSQL`: steps of a transaction.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};

use crate::mail::address::Address;
use crate::store::{Doing, StoreError};

const VERB: &str = "erase anybody";

/// Forgets an address but for its pseudonym; says whether anything was known of it. A suppression for another reason stays,
/// under the pseudonym alone.
pub(super) async fn erase(
    transaction: &mut Transaction<'static, Postgres>,
    address: &Address,
    pseudonym: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let key = address.key();
    let subscriber: Option<i64> = sqlx::query_scalar("SELECT id FROM subscribers WHERE key = $1")
        .bind(&key)
        .fetch_optional(&mut **transaction)
        .await
        .doing(VERB)?;
    let mut gone = 0;
    if let Some(subscriber) = subscriber {
        for statement in [
            "DELETE FROM attempts WHERE delivery IN (SELECT id FROM deliveries WHERE subscriber = $1)",
            // What a worker has in its hands is settled by its number, and then has no words of its own.
            "UPDATE deliveries SET state = CASE WHEN state IN ('planned', 'leased', 'deferred') THEN 'cancelled' ELSE state END,
                    address = '', name = '', reason = 'erased', lease = NULL WHERE subscriber = $1",
            "DELETE FROM subscribers WHERE id = $1",
        ] {
            let done = sqlx::query(statement).bind(subscriber).execute(&mut **transaction).await.doing(VERB)?;
            gone += done.rows_affected();
        }
    }
    for statement in ["DELETE FROM activities WHERE key = $1", "DELETE FROM requests WHERE key = $1"] {
        let done = sqlx::query(statement).bind(&key).execute(&mut **transaction).await.doing(VERB)?;
        gone += done.rows_affected();
    }
    let suppressed: Option<(String, String, i64)> =
        sqlx::query_as("DELETE FROM suppressions WHERE key = $1 RETURNING cause, reason, since")
            .bind(&key)
            .fetch_optional(&mut **transaction)
            .await
            .doing(VERB)?;
    if gone == 0 && suppressed.is_none() {
        return Ok(false);
    }
    let erased = || ("erased".to_owned(), "was erased at their own wish".to_owned(), now.timestamp());
    let (cause, reason, since) = suppressed.map_or_else(erased, |(cause, _, since)| {
        // The words may hold the address.
        let reason = format!("was erased; before that, suppressed ({cause})");
        (cause, reason, since)
    });
    sqlx::query(
        "INSERT INTO suppressions (key, cause, reason, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(pseudonym)
    .bind(cause)
    .bind(reason)
    .bind(since)
    .execute(&mut **transaction)
    .await
    .doing(VERB)?;
    Ok(true)
}
